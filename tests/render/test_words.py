import re
import string
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.delegations import DelegationStatus
from ownership.domain.explanations import FORMULAS, Ground
from ownership.domain.goals import Direction, GoalStatus
from ownership.domain.leadership import Fit, PathMove
from ownership.domain.learning import Because, ChoiceStatus, LearningKind
from ownership.domain.next_steps import RuleName, StepKind
from ownership.domain.people import AudienceKind
from ownership.domain.reflections import Theme
from ownership.domain.self_checks import Change, Habit, HowOften
from ownership.domain.visibility import Reason
from ownership.render.words import LANGUAGES, Words, all_words

FORBIDDEN = {
    "en": "overdue fail late low poor weak must missing deadline performer burnout employee session tool",
    "nl": "mislukt achterstallig gefaald laag zwak moet verplicht deadline medewerker werknemer u uw sessie tool",
}
SPOKEN: tuple[type[StrEnum], ...] = (
    GoalStatus,
    DelegationStatus,
    ChoiceStatus,
    LearningKind,
    AudienceKind,
    Reason,
    Theme,
)
GUIDE_SPOKEN: tuple[type[StrEnum], ...] = (Habit, HowOften, Change, PathMove, Fit)


def placeholders(text: str) -> set[str]:
    """Find what a text leaves open."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(all_words()))
def test_every_word_is_there_in_every_language_with_the_same_facts(key: str) -> None:
    """Both languages have every key, with something in it, and leave the same facts open."""
    texts = all_words()[key]
    assert set(texts) == set(LANGUAGES)
    assert all(text.strip() == text != "" for text in texts.values())
    assert len({frozenset(placeholders(text)) for text in texts.values()}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_judge_nobody(language: str) -> None:
    """No word says that somebody is late, falls short or is anything but "you"."""
    banned = set(FORBIDDEN[language].split())
    for key, texts in all_words().items():
        assert not banned & set(re.findall(r"[\w-]+", texts[language].lower())), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("member", [member for kind in (*SPOKEN, *GUIDE_SPOKEN) for member in kind], ids=repr)
def test_every_member_of_an_enum_has_a_word(member: StrEnum, language: str) -> None:
    """Whatever status, kind, audience or reason the domain gives, there is a word for it."""
    assert Words(language).of(member)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", StepKind)
def test_every_step_has_a_title_and_a_hint(kind: StepKind, language: str) -> None:
    """Each next small step is said and explained."""
    words = Words(language)
    assert words.of(kind, "title", title="T", other="O")
    assert words.of(kind, "hint")


@pytest.mark.parametrize("kind", [Ground, RuleName], ids=lambda kind: kind.__name__)
def test_every_ground_and_every_rule_has_words(kind: type[StrEnum]) -> None:
    """Where a number comes from and why a step is there can be said, whatever the ground or the rule."""
    assert {key.removeprefix(f"{kind.__name__}.") for key in all_words() if key.startswith(kind.__name__)} == set(kind)


@pytest.mark.parametrize("ground", Ground)
def test_what_explains_a_number_is_in_its_words(ground: Ground) -> None:
    """The words for a ground leave open what its formula works with, so that nothing is explained by half."""
    used = set(re.findall(r"[a-z]+", FORMULAS[ground])) - {"min", "max", "abs", "len", "float", "one"}
    assert used <= placeholders(all_words()[f"Ground.{ground}"]["en"])


@pytest.mark.parametrize("direction", [Direction.RAISE, Direction.REDUCE])
def test_every_direction_with_a_way_to_go_has_words(direction: Direction) -> None:
    """A figure to raise and a figure to reduce are each said in their own way."""
    assert Words("en")(f"progress.{direction}", start="1", target="2", value="3")


def test_every_place_on_a_menu_has_its_reason() -> None:
    """Each reason that a menu gives for an option is explained in words, and no other."""
    assert set(Because) == {key.removeprefix("because.") for key in all_words() if key.startswith("because.")}


def test_an_unknown_language_is_spoken_in_english() -> None:
    """Someone whose language there are no words in gets English ones, and the page says that it is English."""
    assert Words("tlh").language == "en"
    assert Words("tlh")("steps.heading") == Words("en")("steps.heading")


def test_an_unknown_key_is_a_mistake() -> None:
    """A word that does not exist is an error at once, so that nobody ever reads a key."""
    with pytest.raises(KeyError):
        Words("en")("steps.headnig")


def test_a_fact_that_is_left_out_is_a_mistake() -> None:
    """A text is never shown with a hole in it."""
    with pytest.raises(KeyError):
        Words("en")("page.greeting")


def test_what_people_write_is_no_template() -> None:
    """Braces in a name or a title stay what they are."""
    assert Words("en")("page.greeting", name="{title} {0.__class__}") == "Good to see you, {title} {0.__class__}"


@pytest.mark.parametrize(
    ("language", "short", "long", "moment"),
    [
        ("en", "24 Nov 2026", "Tuesday 24 November 2026", "24 Nov 2026, 09:05"),
        ("nl", "24 nov 2026", "dinsdag 24 november 2026", "24 nov 2026, 09:05"),
    ],
)
def test_days_read_as_people_write_them(language: str, short: str, long: str, moment: str) -> None:
    """Days and moments are written in the reader's language."""
    words, day = Words(language), date(2026, 11, 24)
    assert (words.day(day), words.long_day(day)) == (short, long)
    assert words.moment(datetime(2026, 11, 24, 9, 5, tzinfo=UTC)) == moment


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_has_twelve_months_and_a_week_seven_days(language: str) -> None:
    """The names of months and days are complete and different."""
    words = Words(language)
    assert len(set(words("when.months").split())) == 12
    assert len(set(words("when.weekdays").split())) == 7


@pytest.mark.parametrize(
    ("value", "unit", "english", "dutch"),
    [
        (40, "%", "40%", "40%"),
        (1234.5, "euro", "1,234.5 euro", "1.234,5 euro"),
        (-3, "", "−3", "−3"),  # noqa: RUF001 - a real minus sign
        (-0.001, "", "0", "0"),
        (0.126, "km", "0.13 km", "0,13 km"),
    ],
)
def test_figures_carry_their_unit(value: float, unit: str, english: str, dutch: str) -> None:
    """A figure is written with its unit and the marks of the language, and no more decimals than it needs."""
    assert Words("en").amount(value, unit) == english
    assert Words("nl").amount(value, unit) == dutch


@given(st.floats(0, 1))
def test_nearly_there_is_not_there(share: float) -> None:
    """A hundred per cent is said exactly when it is all."""
    assert (Words("en").percent(share) == "100%") == (share == 1)


@pytest.mark.parametrize(("hours", "said"), [(0.5, "een half uur"), (1, "1 uur"), (1.5, "1,5 uur"), (8, "8 uur")])
def test_effort_is_said_in_hours(hours: float, said: str) -> None:
    """Half an hour, one hour and more are said as people say them."""
    assert Words("nl").hours(hours) == said


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["Ada"], "Ada"), (["Ada", "Sam"], "Ada and Sam"), (["A", "B", "C"], "A, B and C")]
)
def test_names_stand_in_a_row(names: list[str], said: str) -> None:
    """One, two or more names become one phrase."""
    assert Words("en").listing(names) == said
