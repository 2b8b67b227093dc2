"""Content: all packs together, in the reader's language, later ones in place of earlier ones."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from ownership import InvalidInput, NotFound
from ownership.content import Content, check_references, day_in_words, in_language
from ownership.content.starter import starter_pack
from ownership.domain.directions import DirectionId, DirectionKind, DirectionText
from ownership.domain.leadership import GuideQuestion, LettingGo, Step
from ownership.domain.learning import LearningKind
from ownership.domain.pulse import NeedChoice
from ownership.domain.reflections import Prompt, PromptId, PromptRole, Theme
from ownership.domain.reminders import ReminderKind
from ownership.domain.scales import Construct, Polarity, ScaleQuestion
from ownership.domain.team_moments import TeamQuestion
from ownership.ports.content import CatalogueOption, MessageText, Pack


def prompt(id_: str, text: str = "Why?", role: PromptRole = PromptRole.EMPLOYEE) -> Prompt:
    """Make a prompt."""
    return Prompt(PromptId(id_), Theme.ENERGY, {"en": text}, role)


def option(id_: str, title: str) -> CatalogueOption:
    """Make an option."""
    return CatalogueOption(id_, LearningKind.READING, {"en": title, "nl": f"{title}, vertaald"}, {"en": "About it"})


def test_nothing() -> None:
    """Without packs there is nothing, and asking for something says so."""
    content = Content(())
    assert (content.options("en"), content.questions, content.letting_go) == ((), (), ())
    assert content.prompts(PromptRole.EMPLOYEE) == ()
    with pytest.raises(NotFound):
        content.prompt("x")


def test_later_pack_replaces() -> None:
    """What a later pack brings under a known id replaces the earlier; the rest is added."""
    question, other = GuideQuestion("q", Step.GOAL, {"en": "1"}), GuideQuestion("q", Step.WILL, {"en": "2"})
    first = Pack((prompt("a", "1"), prompt("b")), (option("a", "1"),), (question,), (LettingGo("l", {"en": "1"}),))
    second = Pack((prompt("a", "2"), prompt("c")), (option("a", "2"),), (other,), (LettingGo("l", {"en": "2"}),))
    content = Content([first, second])
    prompts = [(p.id, p.text("en")) for p in content.prompts(PromptRole.EMPLOYEE)]
    assert prompts == [("a", "2"), ("b", "Why?"), ("c", "Why?")]
    assert [o.title for o in content.options("en")] == ["2"]
    assert (content.questions, content.letting_go) == ((other,), (LettingGo("l", {"en": "2"}),))


def test_questions_for_a_team() -> None:
    """A later pack replaces a question for a team by its id and adds others; the starter pack has enough to choose."""
    first = Pack(team_questions=(TeamQuestion("a", {"en": "1?"}), TeamQuestion("b", {"en": "2?"})))
    second = Pack(team_questions=(TeamQuestion("a", {"en": "3?"}), TeamQuestion("c", {"en": "4?"})))
    assert [q.texts["en"] for q in Content([first, second]).team_questions] == ["3?", "2?", "4?"]
    assert len(Content([starter_pack()]).team_questions) >= 8


def test_roles() -> None:
    """Prompts are given to those whom they speak to."""
    content = Content([Pack((prompt("a"), prompt("b", role=PromptRole.MANAGER)))])
    assert [p.id for p in content.prompts(PromptRole.MANAGER)] == ["b"]
    assert content.prompts(PromptRole.PEER) == ()


def test_openings() -> None:
    """The questions to begin with come in the order of their places, and speak to the person herself."""
    second, first = evolve(prompt("a"), opening=2), evolve(prompt("b"), opening=1)
    elsewhere = evolve(prompt("c", role=PromptRole.MANAGER), opening=1)
    assert Content([Pack((second, elsewhere, prompt("d"), first))]).openings() == (first, second)


def direction(id_: str, title: str = "Go") -> DirectionText:
    """Make the words of a direction."""
    kind = DirectionKind.BUILD_ON
    return DirectionText(DirectionId(id_), kind, PromptId("p"), Theme.ENERGY, {"en": title}, {"en": "Because"})


def test_references() -> None:
    """A pack that names a prompt which is nowhere is refused, with every such name; an earlier pack's is known."""
    leading = evolve(prompt("a"), follow_ups=(PromptId("b"), PromptId("nope")))
    lost = evolve(direction("d"), prompt_id=PromptId("gone"))
    with pytest.raises(InvalidInput) as refused:
        check_references([Pack((leading,), directions=(lost,)), Pack((prompt("b"),))])
    assert [(problem.path, "'nope'" in problem.message) for problem in refused.value.problems] == [
        ("prompt a", True),
        ("direction d", False),
    ]
    check_references([Pack((leading,), directions=(lost,))], known={"b", "nope", "gone"})


def test_later_direction_replaces() -> None:
    """A direction of a later pack takes the place of the one of that id, and others are added."""
    content = Content([Pack(directions=(direction("a"), direction("b"))), Pack(directions=(direction("a", "Stay"),))])
    assert [text.titles["en"] for text in content.directions] == ["Stay", "Go"]


def test_later_pulse_questions_replace() -> None:
    """A later pack replaces constructs, questions of a pulse and needs by their ids, and adds others."""

    def asking(text: str, *ids: str) -> Pack:
        words = {"en": text}
        return Pack(
            constructs=tuple(Construct(id_, words) for id_ in ids),
            pulse_questions=tuple(ScaleQuestion(id_, "autonomy", Polarity.POSITIVE, words) for id_ in ids),
            need_choices=tuple(NeedChoice(id_, words) for id_ in ids),
        )

    content = Content([asking("1", "a", "b"), asking("2", "a", "c")])
    assert [construct.titles["en"] for construct in content.constructs] == ["2", "1", "2"]
    assert [question.texts["en"] for question in content.pulse_questions] == ["2", "1", "2"]
    assert [need.texts["en"] for need in content.need_choices] == ["2", "1", "2"]


def test_language() -> None:
    """A text is given in the language that is asked for, and in English where it is not translated."""
    assert in_language({"en": "yes", "nl": "ja"}, "nl") == "ja"
    assert in_language({"en": "yes", "nl": ""}, "nl") == "yes"
    assert in_language({"en": "yes"}, "fr") == "yes"
    content = Content([Pack(options=(option("a", "Book"),))])
    (dutch,) = content.options("nl")
    assert (dutch.title, dutch.description) == ("Book, vertaald", "About it")


def test_day_in_words() -> None:
    """A day is written as people read it, in English where we do not know the language."""
    day = date(2026, 3, 1)
    assert [day_in_words(day, language) for language in ("en", "nl", "fr")] == [
        "1 Mar 2026",
        "1 mrt 2026",
        "1 Mar 2026",
    ]


def test_message() -> None:
    """A message is filled with facts as they are, whatever characters they have; its subject holds none."""
    content = Content([Pack(messages={"m": MessageText({"en": "Subject {name}"}, {"en": "Hi {name}"})})])
    assert content.message("m", "nl", name="{x} %s") == ("Subject {name}", "Hi {x} %s")
    with pytest.raises(LookupError):
        content.message("unknown", "en")


def test_digest_line() -> None:
    """A digest has a line for each occasion, filled with facts as they are."""
    content = Content([Pack(digest_lines={"m": {"en": "With {other}"}})])
    assert content.digest_line("m", "en", other="{}", until="never") == "With {}"


@pytest.mark.parametrize("language", ["en", "nl", "de"])
@pytest.mark.parametrize("kind", ReminderKind)
def test_starter_speaks_of_every_occasion(kind: ReminderKind, language: str) -> None:
    """The starter pack has a message and a digest line for every occasion on which people hear from us."""
    content = Content([starter_pack()])
    subject, body = content.message(kind, language, name="Ada", other="Sam", until="1 Mar 2026")
    assert subject
    assert "Ada" in body
    assert "{" not in subject + body + content.digest_line(kind, language, other="Sam", until="1 Mar 2026")
    assert "Ada" in content.message("digest", language, name="Ada", lines="- one")[1]


def test_starter_has_enough() -> None:
    """The starter pack has prompts, all kinds of learning, questions for each step, and things to let go of."""
    content = Content([starter_pack()])
    assert len({p.theme for p in content.prompts(PromptRole.EMPLOYEE)}) >= 6
    assert {o.kind for o in content.options("en")} == set(LearningKind) - {LearningKind.OWN}
    assert {question.step for question in content.questions} == set(Step)
    assert content.letting_go
