"""Reflection: one question at a time, and an answer that is nobody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given, settings
from hypothesis import strategies as st

from ownership.content.starter import starter_pack
from ownership.domain.people import ONLY_ME, Audience, PersonId
from ownership.domain.reflections import (
    Context,
    Prompt,
    PromptId,
    PromptRole,
    Reflection,
    ReflectionId,
    Theme,
    choose_prompt,
)
from ownership.errors import InvalidInput
from ownership.testing import audiences, days, prompts, reflections

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOWHERE: frozenset[Context] = frozenset()


def prompt(id_: str, theme: Theme = Theme.AMBITION, *contexts: Context) -> Prompt:
    """Make a question."""
    return Prompt(PromptId(id_), theme, {"en": f"{id_}?", "nl": ""}, contexts=frozenset(contexts))


def answer(to: Prompt) -> Reflection:
    """Make an answer to a question."""
    return Reflection(ReflectionId("ada.r1"), PersonId("ada"), to.id, "A question?", "An answer.", NOW, theme=to.theme)


def test_a_question_is_asked_in_ones_language_or_in_english() -> None:
    """A translation is used where there is one, and an empty one is none."""
    asked = Prompt(
        PromptId("p"), Theme.ENERGY, {"en": "What gives you energy?", "nl": "Wat geeft je energie?", "de": ""}
    )
    assert asked.text("nl") == "Wat geeft je energie?"
    assert asked.text("de") == asked.text("fr") == "What gives you energy?"


def test_without_prompts_there_is_nothing_to_ask() -> None:
    """An empty pack asks nothing."""
    assert choose_prompt([], [], NOWHERE, seed=1) is None


def test_a_follow_up_on_the_last_answer_goes_before_all() -> None:
    """What deepens the last answer is asked next, once; after that, and after another answer, the usual order holds."""
    deeper, other = prompt("deeper"), prompt("other", Theme.SUPPORT)
    first = evolve(prompt("first"), follow_ups=(deeper.id,))
    pack = [first, deeper, other]
    later = evolve(answer(other), written_at=NOW + timedelta(minutes=1))
    for seed in range(20):
        assert choose_prompt(pack, [answer(first)], NOWHERE, seed=seed) == deeper
        assert choose_prompt(pack, [answer(first), answer(deeper)], NOWHERE, seed=seed) == other
        assert choose_prompt(
            [first, deeper, prompt("more", Theme.ENERGY)], [later, answer(first)], NOWHERE, seed=seed
        ) == (prompt("more", Theme.ENERGY))


def test_what_was_least_often_answered_comes_first() -> None:
    """A question that was not answered yet goes before all that were, whatever the situation."""
    fits, other = prompt("fits", Theme.AMBITION, Context.NO_GOAL), prompt("other")
    assert choose_prompt([fits, other], [answer(fits)], frozenset({Context.NO_GOAL}), seed=1) == other


def test_then_what_fits_the_situation() -> None:
    """Among questions answered as often, one for this situation goes before a general one, and not the other way."""
    fits, general = prompt("fits", Theme.AMBITION, Context.NO_GOAL), prompt("general")
    elsewhere = prompt("elsewhere", Theme.AMBITION, Context.FIRST_WEEK)
    for seed in range(20):
        assert choose_prompt([general, elsewhere, fits], [], frozenset({Context.NO_GOAL}), seed=seed) == fits
        assert choose_prompt([elsewhere, fits, general], [], NOWHERE, seed=seed) == general


def test_then_the_theme_that_was_least_touched() -> None:
    """Among questions that fit alike, the theme that came by least often goes first."""
    asked, same, fresh = prompt("asked"), prompt("same"), prompt("fresh", Theme.SUPPORT)
    for seed in range(20):
        assert choose_prompt([same, fresh, asked], [answer(asked)], NOWHERE, seed=seed) == fresh


def test_a_draw_settles_the_rest() -> None:
    """The same seed asks the same question, and other seeds ask others, so that no question is always first."""
    pack = [prompt(f"p{number}") for number in range(5)]
    drawn = [choose_prompt(pack, [], NOWHERE, seed=seed) for seed in range(60)]
    assert drawn == [choose_prompt(reversed(pack), [], NOWHERE, seed=seed) for seed in range(60)]
    assert {chosen.id for chosen in drawn if chosen} == {asked.id for asked in pack}


def test_who_wrote_nothing_yet_begins_with_the_opening_questions_in_their_order() -> None:
    """The opening questions come before everything, one after the other; once something else was answered, no more."""
    third, first, second = (evolve(prompt(f"o{place}"), opening=place) for place in (3, 1, 2))
    fits = prompt("fits", Theme.ENERGY, Context.NO_GOAL)
    deeper = prompt("deeper")
    first = evolve(first, follow_ups=(deeper.id,))
    pack, situation = [fits, third, deeper, second, first], frozenset({Context.NO_GOAL})
    for seed in range(20):
        asked: list[Prompt | None] = []
        answered: list[Reflection] = []
        for _ in range(3):
            asked.append(choose_prompt(pack, answered, situation, seed=seed))
            answered += [answer(given_to) for given_to in asked[-1:] if given_to]
        assert asked == [first, second, third]
        assert choose_prompt(pack, answered, situation, seed=seed) in (fits, deeper)
        assert choose_prompt([third, fits], [answer(prompt("elsewhere"))], situation, seed=seed) == fits


class Counted(int):
    """A place that counts how often it is compared."""

    compared = 0

    def __lt__(self, other: int) -> bool:
        Counted.compared += 1
        return int(self) < int(other)


def test_choosing_takes_one_look_at_each_question() -> None:
    """Each of a thousand questions is compared once with the best so far: the work grows with their number only."""
    pack = [evolve(prompt(f"p{number}"), opening=Counted(number * 7919 % 1009 + 1)) for number in range(1_000)]
    Counted.compared = 0
    chosen = choose_prompt(pack, [], NOWHERE, seed=1)
    assert chosen == pack[0]
    assert Counted.compared == len(pack) - 1


@given(st.integers(), st.sampled_from(PromptRole))
@settings(max_examples=20)
def test_the_starter_pack_does_not_tire(seed: int, role: PromptRole) -> None:
    """Over eighteen answers no question of the starter pack comes twice, and each of the nine themes comes by."""
    pack = [asked for asked in starter_pack().prompts if asked.role is role]
    answered: list[Reflection] = []
    for _ in range(18):
        chosen = choose_prompt(pack, answered, NOWHERE, seed=seed + len(answered))
        assert chosen is not None
        answered.append(evolve(answer(chosen), written_at=NOW + timedelta(days=len(answered))))
    assert len({reflection.prompt_id for reflection in answered}) == 18
    assert {reflection.theme for reflection in answered} == set(Theme)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("minutes", 0),
        ("minutes", 11),
        ("minutes", 2.5),
        ("minutes", True),
        ("minutes", "2"),
        ("texts", {}),
        ("texts", {"nl": "Waarom?"}),
        ("texts", {"en": ""}),
        ("texts", {"en": " \n"}),
        ("texts", {"en": None}),
        ("texts", {1: "Why?"}),
        ("texts", "Why?"),
        ("texts", {"en": "Why\x00?"}),
        ("texts", {"en": "Why?", "nl": "a\u202eb"}),
        ("texts", {"en": "x" * 10_001}),
        ("need", None),
        ("need", "\x00"),
        ("opening", 0),
        ("opening", -1),
        ("opening", True),
        ("opening", 1.0),
        ("follow_ups", (PromptId("p"),)),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_question_makes_sense(name: str, wrong: Any) -> None:
    """A question that cannot be asked or answered in ten minutes is refused, under the field's name."""
    with pytest.raises(InvalidInput, match=rf"prompt\.{name}"):
        evolve(prompt("p"), **{name: wrong})


@given(
    st.lists(prompts(), min_size=1, max_size=6, unique_by=lambda asked: asked.id),
    st.lists(st.integers(0, 99), max_size=12),
    st.frozensets(st.sampled_from(Context)),
    st.integers(),
)
def test_every_question_comes_by_before_one_comes_again(
    pack: list[Prompt], rounds: list[int], contexts: frozenset[Context], seed: int
) -> None:
    """However long one goes on answering, no question was answered two times more often than another."""
    others = [(pack[number - 1].id,) if number else () for number in range(len(pack))]
    pack = [evolve(asked, follow_ups=follow_ups) for asked, follow_ups in zip(pack, others, strict=True)]
    answered: list[Reflection] = []
    for _ in rounds:
        chosen = choose_prompt(pack, answered, contexts, seed=seed)
        assert chosen is not None
        answered.append(answer(chosen))
    times = [sum(reflection.prompt_id == asked.id for reflection in answered) for asked in pack]
    assert max(times) - min(times) <= 1


def test_an_answer_is_private_by_itself() -> None:
    """Nobody but its owner sees a reflection that was not shared."""
    assert answer(prompt("p")).audience == ONLY_ME
    assert answer(prompt("p")).shared_on is None


@given(reflections(), audiences(), days())
def test_sharing_is_an_act_that_can_be_taken_back(reflection: Reflection, audience: Audience, on: date) -> None:
    """Sharing notes the day, taking back forgets it, and the text stays."""
    shared = reflection.with_audience(audience, on)
    assert shared == evolve(reflection, audience=audience, shared_on=None if audience.is_private else on)


@pytest.mark.parametrize("name", ["question", "text"])
@pytest.mark.parametrize("text", ["", "  ", "\x00", "\ud800", "a\u202eb", "x" * 10_001, None])
def test_an_answer_says_something_that_can_be_kept(name: str, text: Any) -> None:
    """An empty answer, and one that cannot be kept, is refused under the field's name."""
    with pytest.raises(InvalidInput, match=rf"reflection\.{name}"):
        evolve(answer(prompt("p")), **{name: text})


@given(reflections())
def test_the_day_of_sharing_is_a_day(reflection: Reflection) -> None:
    """What is no day is refused as the day of sharing."""
    with pytest.raises(InvalidInput, match=r"reflection\.shared_on"):
        evolve(reflection, shared_on=NOW)


@given(reflections(), prompts())
def test_nothing_changes_in_place(reflection: Reflection, asked: Prompt) -> None:
    """No field of a reflection or prompt can be set."""
    frozen: list[Any] = [reflection, asked]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.id = "other"
