"""Learning: a menu of several kinds, and a choice that is hers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.learning import (
    MENU_SIZE,
    MOVES,
    ChoiceMove,
    ChoiceStatus,
    LearningChoice,
    LearningChoiceId,
    LearningFact,
    LearningKind,
    LearningOption,
    LearningOptionId,
    MenuEntry,
    kinds_on,
    menu,
)
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import audiences, choices, days, options

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
VERBS: Mapping[ChoiceMove, Callable[[LearningChoice], LearningChoice]] = {
    ChoiceMove.COMPLETE: lambda choice: choice.complete(TODAY, "It helped"),
    ChoiceMove.STOP: lambda choice: choice.stop(TODAY, "Not for me"),
}


def option(id_: str, kind: LearningKind = LearningKind.READING, **fields: Any) -> LearningOption:
    """Make a way of learning."""
    return LearningOption(LearningOptionId(id_), kind, f"Option {id_}", **fields)


def choice(**fields: Any) -> LearningChoice:
    """Make a choice."""
    made: dict[str, Any] = {
        "id": LearningChoiceId("ada.l1"),
        "owner_id": PersonId("ada"),
        "option_id": LearningOptionId("o1"),
        "kind": LearningKind.READING,
        "title": "A good book",
        "chosen_at": NOW,
    }
    return LearningChoice(**made | fields)


def shelf() -> st.SearchStrategy[list[LearningOption]]:
    """Draw what there is to choose from."""
    return st.lists(options(), max_size=25, unique_by=lambda one: one.id)


class TestMoves:
    """The table of legal moves, every status by every verb."""

    def test_the_table_is_whole(self) -> None:
        """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
        assert set(MOVES) == set(ChoiceStatus)
        assert set(VERBS) == set(ChoiceMove) == {move for row in MOVES.values() for move in row}
        assert {status for row in MOVES.values() for status in row.values()} | {ChoiceStatus.CHOSEN} == set(
            ChoiceStatus
        )

    @pytest.mark.parametrize("status", ChoiceStatus)
    @pytest.mark.parametrize("move", ChoiceMove)
    def test_a_verb_does_what_the_table_says(self, status: ChoiceStatus, move: ChoiceMove) -> None:
        """A legal move leads to the status in the table, and an illegal one is refused with those that are legal."""
        at = choice(status=status)
        if move in MOVES[status]:
            after = VERBS[move](at)
            assert after.status is MOVES[status][move]
            assert after.ended_on == TODAY
            assert after.looking_back
        else:
            with pytest.raises(IllegalMove) as refused:
                VERBS[move](at)
            assert refused.value.allowed == tuple(sorted(MOVES[status]))

    @given(st.lists(st.sampled_from(ChoiceMove), max_size=6))
    def test_no_sequence_of_verbs_leaves_the_table(self, moves: list[ChoiceMove]) -> None:
        """Whatever is tried in whatever order, the status is where the table leads, and refusals change nothing."""
        at, expected = choice(), ChoiceStatus.CHOSEN
        for move in moves:
            try:
                at = VERBS[move](at)
            except IllegalMove:
                assert move not in MOVES[expected]
            else:
                expected = MOVES[expected][move]
            assert at.status is expected


class TestMenu:
    """Several kinds to choose from, in an order that is explained."""

    @given(shelf(), st.sampled_from(["", "speaking"]), st.integers())
    def test_a_menu_holds_what_can_be_chosen_and_no_more_than_can_be_weighed(
        self, there: list[LearningOption], theme: str, seed: int
    ) -> None:
        """No option twice, nothing mandatory, nothing of one's own (that is always there), at most seven."""
        shown = [entry.option for entry in menu(there, theme=theme, seed=seed)]
        eligible = [one for one in there if not one.is_mandatory and one.kind is not LearningKind.OWN]
        assert len(shown) == min(MENU_SIZE, len(eligible))
        assert len({one.id for one in shown}) == len(shown)
        assert all(one in eligible for one in shown)

    @given(shelf(), st.sampled_from(["", "speaking"]), st.integers())
    def test_each_kind_comes_before_a_second_of_any(self, there: list[LearningOption], theme: str, seed: int) -> None:
        """As many kinds as possible are on the menu: a second of a kind only when every kind is there."""
        shown = [entry.option.kind for entry in menu(there, theme=theme, seed=seed)]
        kinds = {one.kind for one in there if not one.is_mandatory and one.kind is not LearningKind.OWN}
        first = shown[: len(kinds)]
        assert len(set(first)) == len(first) == min(MENU_SIZE, len(kinds))

    @given(shelf(), st.integers())
    def test_what_fits_the_theme_comes_first_and_says_so(self, there: list[LearningOption], seed: int) -> None:
        """Among the first of each kind, those that touch the theme stand above the others, each with its reason."""
        entries = menu(there, theme="speaking", seed=seed)
        kinds = len({entry.option.kind for entry in entries})
        fitting = ["speaking" in entry.option.themes for entry in entries[:kinds]]
        assert fitting == sorted(fitting, reverse=True)
        for entry in entries:
            assert (entry.because == "fits_theme") == ("speaking" in entry.option.themes)

    def test_every_place_has_its_reason(self) -> None:
        """It fits the theme, a colleague offers it, or it is another kind."""
        fits = option("fits", LearningKind.READING, themes=("speaking",))
        offered = option("offered", LearningKind.COACHING, owner_id=PersonId("liam"))
        other = option("other", LearningKind.E_LEARNING)
        assert menu([other, offered, fits], theme="speaking") == (
            MenuEntry(fits, "fits_theme"),
            MenuEntry(offered, "colleague_offers"),
            MenuEntry(other, "another_kind"),
        )

    def test_the_draw_is_fair_and_can_be_repeated(self) -> None:
        """The same seed gives the same menu whatever the order of the shelf, and no option is always on top."""
        there = [option(f"o{number}", kind) for number, kind in enumerate(LearningKind)]
        tops = Counter(menu(there, seed=seed)[0].option.id for seed in range(200))
        assert len(tops) == len(LearningKind) - 1
        assert menu(there, seed=5) == menu(reversed(there), seed=5)

    def test_kinds_are_counted(self) -> None:
        """What was on the menu is counted by kind, so that a choice can be told from no choice."""
        entries = menu([option("a"), option("b"), option("c", LearningKind.COACHING)])
        assert kinds_on(entries) == {LearningKind.READING: 2, LearningKind.COACHING: 1}
        assert choice(options_seen=kinds_on(entries)).had_kinds == 2
        assert choice().had_kinds == 0


class TestOption:
    """A way of learning that is open to people."""

    @pytest.mark.parametrize("hours", [-1, 10_001, math.nan, math.inf, "2", True])
    def test_hours_are_a_number_that_can_be(self, hours: Any) -> None:
        """Negative, endless and unreadable efforts are refused under the field's name."""
        with pytest.raises(InvalidInput, match=r"learning_option\.hours"):
            option("o", hours=hours)

    @pytest.mark.parametrize("hours", [None, 0, 2.5, 10_000])
    def test_an_effort_may_be_unknown(self, hours: float | None) -> None:
        """An effort from nothing to ten thousand hours may be told, or left out."""
        assert option("o", hours=hours).hours == hours

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("title", ""),
            ("title", "two\nlines"),
            ("description", "\x00"),
            ("description", "x" * 10_001),
            ("link", "javascript:alert(1)"),
            ("themes", ("fine", "\ud800")),
            ("themes", ("a\u202eb",)),
            ("themes", (7,)),
        ],
    )
    def test_what_cannot_be_kept_is_refused_with_the_fields_name(self, name: str, value: Any) -> None:
        """Bad text, a link that could run something and a bad theme are refused under the field's name."""
        with pytest.raises(InvalidInput, match=rf"learning_option\.{name}"):
            evolve(option("o"), **{name: value})

    def test_a_catalogue_is_for_everyone(self) -> None:
        """An option without another audience is everyone's to see once it is there."""
        assert option("o").audience == Audience(AudienceKind.EVERYONE)
        assert {fact.value for fact in LearningFact} == {"LearningOffered"}


@given(st.one_of(choices(), options()), audiences(), days())
def test_sharing_is_an_act_that_can_be_taken_back(
    at: LearningChoice | LearningOption, audience: Audience, on: date
) -> None:
    """Sharing notes the day, taking back forgets it, and the choice or offer stays."""
    assert at.with_audience(audience, on) == evolve(
        at, audience=audience, shared_on=None if audience.is_private else on
    )
    assert choice().audience == ONLY_ME


@pytest.mark.parametrize("name", ["title", "why", "looking_back"])
@pytest.mark.parametrize("text", ["\x00", "\ud800", "a\u202eb", "x" * 10_001, None])
def test_text_that_cannot_be_kept_is_refused(name: str, text: Any) -> None:
    """NUL, surrogates, bidi overrides and what is too long are refused under the field's name."""
    with pytest.raises(InvalidInput, match=rf"learning_choice\.{name}"):
        choice(**{name: text})


@given(choices(), options())
def test_nothing_changes_in_place(at: LearningChoice, there: LearningOption) -> None:
    """Every verb makes another value, and no field can be set."""
    before = evolve(at)
    for move in MOVES[at.status]:
        assert VERBS[move](at) is not at
    assert at == before
    frozen: list[Any] = [at, there, MenuEntry(there, "another_kind")]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.id = "other"
