"""Directions: three ways to go from a few answers, by rules that can be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.content.starter import starter_pack
from ownership.domain.directions import (
    Direction,
    DirectionId,
    DirectionKind,
    DirectionText,
    Opening,
    direction_of,
    plan_directions,
    plan_openings,
)
from ownership.domain.people import PersonId
from ownership.domain.reflections import Prompt, PromptId, Reflection, ReflectionId, Theme
from ownership.errors import InvalidInput
from ownership.testing import direction_texts, directions, prompts, reflections, writings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STAND, WANT, NEED = (
    Prompt(PromptId(id_), Theme.AMBITION, {"en": f"{id_}?", "nl": f"{id_}, zeg?"}, opening=place)
    for place, id_ in enumerate(("stand", "want", "need"), start=1)
)
ASKED = (STAND, WANT, NEED)


def answer(to: Prompt, text: str = "My words.", minutes: int = 0) -> Reflection:
    """Make an answer to a question."""
    id_ = ReflectionId(f"ada.r{to.id}{minutes}")
    return Reflection(id_, PersonId("ada"), to.id, f"{to.id}?", text, NOW + timedelta(minutes=minutes))


def text(id_: str, kind: DirectionKind, to: Prompt, *cues: str) -> DirectionText:
    """Make the words of a direction."""
    titles, reasons = {"en": f"{id_}!", "nl": f"{id_}, ja!"}, {"en": f"{id_}, as", "nl": ""}
    return DirectionText(DirectionId(id_), kind, to.id, Theme.ENERGY, titles, reasons, {"en": cues} if cues else {})


OFFERED = (
    text("build", DirectionKind.BUILD_ON, STAND),
    text("lead", DirectionKind.STEP_TOWARDS, WANT, "lead"),
    text("step", DirectionKind.STEP_TOWARDS, WANT),
    text("room", DirectionKind.MAKE_ROOM, NEED),
    text("time", DirectionKind.MAKE_ROOM, NEED, "time", "hour"),
)


def planned(*answers: Reflection, language: str = "en") -> tuple[Direction, ...]:
    """Plan from answers."""
    return plan_directions(OFFERED, plan_openings(ASKED, answers, language), language)


def test_three_of_different_kinds() -> None:
    """Three answers give three directions, one of each kind, each with the answer to its own question beside it."""
    given_ = [answer(STAND, "Calm."), answer(WANT, "The sea."), answer(NEED, "Shoes.")]
    build, step, room = planned(*given_)
    assert [build.kind, step.kind, room.kind] == list(DirectionKind)
    assert [build.id, step.id, room.id] == ["build", "step", "room"]
    assert [one.words for one in (build, step, room)] == ["Calm.", "The sea.", "Shoes."]
    assert [one.reflection_id for one in (build, step, room)] == [one.id for one in given_]
    assert (build.title, build.because, build.theme) == ("build!", "build, as", Theme.ENERGY)


@pytest.mark.parametrize("said", ["Leading a team.", "to LEAD", "more leadership", "x\nlead"])
def test_a_cue_in_the_answer_goes_first(said: str) -> None:
    """A direction whose cue begins a word of the answer goes before the one for all answers, in whatever case."""
    assert planned(answer(WANT, said))[1].id == "lead"
    assert planned(answer(WANT, "mislead, plead"))[1].id == "step"


def test_a_cue_counts_in_the_answer_to_its_own_question_only() -> None:
    """What she wrote about where she stands says nothing about what she needs."""
    assert [one.id for one in planned(answer(STAND, "I have time to lead."))] == ["build", "step", "room"]


@pytest.mark.parametrize("answered", [(STAND,), (WANT,), (NEED,), (STAND, NEED), (WANT, NEED), (STAND, WANT)])
def test_some_answers_are_enough(answered: tuple[Prompt, ...]) -> None:
    """With some questions unanswered there are three all the same, each with words that she did write beside it."""
    made = planned(*(answer(to, f"On {to.id}.") for to in answered))
    assert [one.kind for one in made] == list(DirectionKind)
    own = dict(zip(DirectionKind, ASKED, strict=True))
    assert [one.words for one in made] == [
        f"On {(own[kind] if own[kind] in answered else answered[0]).id}." for kind in DirectionKind
    ]


def test_without_an_answer_there_is_no_direction() -> None:
    """Nobody is sent anywhere who has said nothing; the way out is in the error."""
    with pytest.raises(InvalidInput, match=r"directions: .*answer one"):
        planned()
    with pytest.raises(InvalidInput, match="directions"):
        planned(answer(Prompt(PromptId("other"), Theme.ENERGY, {"en": "What?"})))


def test_an_answered_question_goes_before_one_that_is_not() -> None:
    """Of two texts of a kind for all answers, the one whose question has an answer is taken; else the first offered."""
    first, second = (text(id_, DirectionKind.BUILD_ON, to) for id_, to in (("first", STAND), ("second", WANT)))
    cued = text("cued", DirectionKind.BUILD_ON, NEED, "never")
    openings = plan_openings(ASKED, [answer(WANT)], "en")
    assert [one.id for one in plan_directions([cued, first, second], openings, "en")] == ["second"]
    openings = plan_openings(ASKED, [answer(NEED)], "en")
    assert [one.id for one in plan_directions([cued, first, second], openings, "en")] == ["first"]
    assert [one.id for one in plan_directions([cued], openings, "en")] == ["cued"]


def test_in_ones_language_or_in_english() -> None:
    """Title, reason and question are in the language of who asks, and in English where they are not translated."""
    dutch = planned(answer(STAND), language="nl")[0]
    assert (dutch.title, dutch.because) == ("build, ja!", "build, as")
    assert plan_openings(ASKED, [], "nl")[0].question == "stand, zeg?"
    assert plan_openings(ASKED, [], "fr")[0].question == "stand?"


def test_the_latest_answer_counts() -> None:
    """Who answers again is taken at her last word, in whatever order the answers come."""
    early, late = answer(WANT, "This.", 1), answer(WANT, "That.", 2)
    assert plan_openings(ASKED, [late, early, answer(NEED)], "en") == (
        Opening(STAND, "stand?"),
        Opening(WANT, "want?", late),
        Opening(NEED, "need?", answer(NEED)),
    )


@given(
    st.lists(direction_texts(), max_size=8),
    st.lists(prompts(), max_size=4, unique_by=lambda prompt: prompt.id),
    st.lists(writings(), max_size=4),
    st.sampled_from(["en", "nl", "fr"]),
)
def test_never_two_of_a_kind_and_never_words_of_another(
    offered: list[DirectionText], asked: list[Prompt], said: list[str], language: str
) -> None:
    """Whatever packs offer and whatever she wrote: one of each kind offered, from there, with her own words whole."""
    written = [answer(to, text_) for to, text_ in zip(asked, said, strict=False)]
    openings = plan_openings(asked, written, language)
    if not written:
        with pytest.raises(InvalidInput):
            plan_directions(offered, openings, language)
        return
    made = plan_directions(iter(offered), iter(openings), language)
    assert [one.kind for one in made] == [kind for kind in DirectionKind if kind in {each.kind for each in offered}]
    assert {one.id for one in made} <= {each.id for each in offered}
    assert {one.words for one in made} <= {reflection.text for reflection in written}
    assert all(direction_of(one.id, made) for one in made)
    assert direction_of("nowhere", made) is None


@given(st.lists(st.none() | writings(), min_size=3, max_size=3).filter(any), st.sampled_from(["en", "nl"]))
def test_the_starter_pack_always_gives_three(said: list[str | None], language: str) -> None:
    """From any answer to any of the three questions, the starter pack has three directions of different kinds."""
    pack = starter_pack()
    asked = sorted((prompt for prompt in pack.prompts if prompt.opening), key=lambda prompt: str(prompt.opening))
    written = [answer(to, text_) for to, text_ in zip(asked, said, strict=True) if text_]
    made = plan_directions(pack.directions, plan_openings(asked, written, language), language)
    assert [one.kind for one in made] == list(DirectionKind)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("", "I would like to lead a small project", "An hour a week"), ("step-towards-leading", "make-room-time")),
        (("", "Beter leren presenteren", "Iemand die meekijkt"), ("step-towards-learning", "make-room-someone")),
        (("", "Vaker buiten werken", "Ruimte om te proberen"), ("step-towards-more-often", "make-room-trying")),
        (("", "The sea", "Shoes"), ("step-towards-what-i-want", "make-room-clear-the-way")),
    ],
)
def test_the_starter_pack_listens(said: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """What she wants and needs, in either language, leads to directions that take it up."""
    pack = starter_pack()
    asked = sorted((prompt for prompt in pack.prompts if prompt.opening), key=lambda prompt: str(prompt.opening))
    written = [answer(to, text_) for to, text_ in zip(asked, said, strict=True) if text_]
    made = plan_directions(pack.directions, plan_openings(asked, written, "en"), "en")
    assert tuple(one.id for one in made) == ("build-on-what-fits", *expected)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("titles", {"en": "Two\nlines"}),
        ("titles", {"en": "x" * 201}),
        ("titles", {"en": "Fine", "nl": "Two\nlines"}),
        ("titles", {"nl": "Alleen"}),
        ("reasons", {}),
        ("cues", {"en": ["time"]}),
        ("cues", {"en": ("",)}),
        ("cues", {"": ("time",)}),
        ("kind", "build_on"),
    ],
)
def test_words_that_cannot_be_used_are_refused(name: str, wrong: Any) -> None:
    """A title that is no title of a goal, no English, or cues that are none: refused under the field's name."""
    with pytest.raises(InvalidInput, match=rf"direction_text\.{name}"):
        evolve(OFFERED[0], **{name: wrong})


@given(directions(), direction_texts(), reflections())
def test_nothing_changes_in_place(direction: Direction, offered: DirectionText, reflection: Reflection) -> None:
    """No field of a direction, its words or an opening can be set."""
    frozen: list[Any] = [direction, offered, Opening(STAND, "Where?", reflection)]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.kind = "other"


@given(directions())
def test_her_words_are_not_in_a_repr(direction: Direction) -> None:
    """What she wrote is in no log: the repr of a direction has none of it."""
    assert "c4n4ry" not in repr(evolve(direction, words="c4n4ry", because="c4n4ry", title="c4n4ry"))
