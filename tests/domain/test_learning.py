"""Learning: a menu of several kinds, and a choice that is hers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.budgets import LearningRequestId, Means, Money
from ownership.domain.learning import (
    MENU_SIZE,
    MOVES,
    OPTION_MOVES,
    Because,
    ChoiceMove,
    ChoiceStatus,
    Helped,
    LearningChoice,
    LearningChoiceId,
    LearningFact,
    LearningKind,
    LearningOption,
    LearningOptionId,
    MenuEntry,
    OptionMove,
    OptionStatus,
    WasReal,
    choice_of,
    costs_in,
    kinds_on,
    kinds_that_helped,
    menu,
    menu_order,
    one_of_each_kind,
)
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, PersonId
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import audiences, choices, days, options

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
VERBS: Mapping[ChoiceMove, Callable[[LearningChoice], LearningChoice]] = {
    ChoiceMove.COMPLETE: lambda choice: choice.complete(TODAY, "It helped"),
    ChoiceMove.STOP: lambda choice: choice.stop(TODAY, "Not for me"),
    ChoiceMove.LOOK_BACK: lambda choice: choice.look_back(Helped.HELPED, "I dare now"),
}
OPTION_VERBS: Mapping[OptionMove, Callable[[LearningOption], LearningOption]] = {
    OptionMove.TAKE_PLACE: lambda option: option.take_place(),
    OptionMove.GIVE_PLACE_BACK: lambda option: option.give_place_back(),
    OptionMove.WITHDRAW: lambda option: option.withdraw(),
}
COST = Means(Money("99.95", "EUR"), 8)


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


def can_be_chosen(one: LearningOption) -> bool:
    """Whether an option can be on a menu."""
    return one.is_open and not one.is_mandatory and one.kind is not LearningKind.OWN


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
            assert after.ended_on == (None if move is ChoiceMove.LOOK_BACK else TODAY)
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
        eligible = [one for one in there if can_be_chosen(one)]
        assert len(shown) == min(MENU_SIZE, len(eligible))
        assert len({one.id for one in shown}) == len(shown)
        assert all(one in eligible for one in shown)

    @given(shelf(), st.sampled_from(["", "speaking"]), st.integers())
    def test_each_kind_comes_before_a_second_of_any(self, there: list[LearningOption], theme: str, seed: int) -> None:
        """As many kinds as possible are on the menu: a second of a kind only when every kind is there."""
        shown = [entry.option.kind for entry in menu(there, theme=theme, seed=seed)]
        kinds = {one.kind for one in there if can_be_chosen(one)}
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
        """It fits the theme, its kind helped before, a colleague offers it, or it is another kind."""
        helped = option("helped", LearningKind.MENTORING)
        fits = option("fits", LearningKind.READING, themes=("speaking",))
        offered = option("offered", LearningKind.COACHING, owner_id=PersonId("liam"))
        other = option("other", LearningKind.E_LEARNING)
        before = frozenset({LearningKind.MENTORING})
        assert menu([other, offered, helped, fits], theme="speaking", helped=before) == (
            MenuEntry(fits, Because.FITS_THEME),
            MenuEntry(helped, Because.HELPED_BEFORE),
            MenuEntry(offered, Because.COLLEAGUE_OFFERS),
            MenuEntry(other, Because.ANOTHER_KIND),
        )

    def test_an_empty_theme_fits_nothing(self) -> None:
        """Without a theme an option with an empty theme stands no higher than another."""
        there = [option("a", themes=("",)), option("b", LearningKind.COACHING)]
        assert {menu(there, seed=seed)[0].option.id for seed in range(20)} == {"a", "b"}
        assert {entry.because for entry in menu(there)} == {Because.ANOTHER_KIND}

    @given(shelf(), st.frozensets(st.sampled_from(LearningKind)), st.integers())
    def test_what_helped_comes_first_among_equals_and_pushes_no_kind_away(
        self, there: list[LearningOption], helped: frozenset[LearningKind], seed: int
    ) -> None:
        """Kinds that helped stand above the others; which kinds can be chosen from does not shrink by it."""
        entries = menu(there, seed=seed, helped=helped)
        kinds = len({entry.option.kind for entry in entries})
        stood = [entry.option.kind in helped for entry in entries[:kinds]]
        assert stood == sorted(stood, reverse=True)
        assert kinds == len({entry.option.kind for entry in menu(there, seed=seed)})
        for entry in entries:
            assert (entry.because is Because.HELPED_BEFORE) == (entry.option.kind in helped)

    @given(shelf(), st.sampled_from(["", "speaking"]), st.integers())
    def test_nothing_is_ever_prescribed(self, there: list[LearningOption], theme: str, seed: int) -> None:
        """Two ways that can be chosen are both on the menu, two kinds are two kinds, and her own way comes besides."""
        eligible = [one for one in there if can_be_chosen(one)]
        shown = menu(there, theme=theme, seed=seed)
        assert len(shown) >= min(2, len(eligible))
        assert len(kinds_on(shown)) >= min(2, len({one.kind for one in eligible}))
        own = LearningOption(LearningOptionId("own"), LearningKind.OWN, "Something of my own")
        chosen = choice_of(own, id=LearningChoiceId("ada.l1"), owner_id=PersonId("ada"), chosen_at=NOW, seen=shown)
        assert len({chosen.option_id} | {entry.option.id for entry in shown}) == len(shown) + 1

    @given(options())
    def test_what_is_mandatory_is_no_choice(self, there: LearningOption) -> None:
        """Mandatory training cannot be chosen and counts on no menu."""
        mandatory = evolve(there, is_mandatory=True)
        with pytest.raises(InvalidInput, match="mandatory"):
            choice_of(mandatory, id=LearningChoiceId("ada.l1"), owner_id=PersonId("ada"), chosen_at=NOW)
        assert kinds_on(menu([mandatory])) == {}

    def test_a_choice_is_made_of_the_option(self) -> None:
        """A choice has the option's kind and title, and what else was on the menu."""
        there = [option("a"), option("b", LearningKind.COACHING)]
        made = choice_of(
            there[0],
            id=LearningChoiceId("ada.l1"),
            owner_id=PersonId("ada"),
            chosen_at=NOW,
            seen=menu(there),
            why="It fits my week",
        )
        assert (made.option_id, made.kind, made.title, made.had_kinds) == ("a", LearningKind.READING, "Option a", 2)
        assert made.why == "It fits my week"

    @pytest.mark.parametrize(("kinds", "passes"), [(9, 1), (3, 2), (1, 2)])
    def test_ten_thousand_options_are_not_sorted(self, kinds: int, passes: int) -> None:
        """Each option's place is worked out once, or twice where kinds are few, and most are compared once for it."""
        counted: Counter[str] = Counter()

        class Place(tuple[Any, ...]):
            __slots__ = ()

            def __lt__(self, other: Any) -> bool:
                counted["comparisons"] += 1
                return super().__lt__(other)

        place = menu_order("speaking", 7, frozenset({LearningKind.COACHING}))

        def order(one: LearningOption) -> Any:
            counted["keys"] += 1
            return Place(place(one))

        of_kinds = [kind for kind in LearningKind if kind is not LearningKind.OWN][:kinds]
        there = [option(f"o{n}", of_kinds[n % kinds]) for n in range(10_000)]
        chosen = one_of_each_kind(there, order)
        assert len(chosen) == MENU_SIZE
        assert counted["keys"] <= passes * len(there) + kinds
        assert counted["comparisons"] <= passes * 1.1 * len(there)
        counted.clear()
        sorted(there, key=order)
        assert counted["comparisons"] > 8 * len(there)

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

    def test_the_table_is_whole(self) -> None:
        """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
        assert set(OPTION_MOVES) == set(OptionStatus)
        assert set(OPTION_VERBS) == set(OptionMove) == {move for row in OPTION_MOVES.values() for move in row}
        assert {status for row in OPTION_MOVES.values() for status in row.values()} == set(OptionStatus)

    @pytest.mark.parametrize("status", OptionStatus)
    @pytest.mark.parametrize("move", OptionMove)
    @pytest.mark.parametrize("places", [None, 2])
    def test_a_verb_does_what_the_table_says(self, status: OptionStatus, move: OptionMove, places: int | None) -> None:
        """A legal move leads to the status in the table, and an illegal one is refused."""
        at = option("o", status=status, places_left=places)
        if move in OPTION_MOVES[status]:
            assert OPTION_VERBS[move](at).status is OPTION_MOVES[status][move]
        else:
            with pytest.raises(IllegalMove):
                OPTION_VERBS[move](at)

    @given(st.lists(st.sampled_from(OptionMove), max_size=6))
    def test_no_sequence_of_verbs_leaves_the_table(self, moves: list[OptionMove]) -> None:
        """Whatever is tried in whatever order, the status is where the table leads, and places never go below none."""
        at, expected = option("o", places_left=1), OptionStatus.OPEN
        for move in moves:
            try:
                at = OPTION_VERBS[move](at)
            except IllegalMove:
                assert move not in OPTION_MOVES[expected]
            except InvalidInput:
                assert (move, at.places_left) == (OptionMove.TAKE_PLACE, 0)
            else:
                expected = OPTION_MOVES[expected][move]
            assert at.status is expected
            assert at.places_left is not None
            assert at.places_left >= 0
            assert at.is_open == (expected is OptionStatus.OPEN and at.places_left > 0)

    def test_places_are_taken_and_given_back(self) -> None:
        """A limited offer has one place less for each who takes one; one without a limit stays as it is."""
        full = option("o", places_left=1).take_place()
        assert (full.places_left, full.is_open, full.give_place_back().is_open) == (0, False, True)
        with pytest.raises(InvalidInput, match="places_left"):
            full.take_place()
        unlimited = option("o")
        assert unlimited.take_place() is unlimited
        assert unlimited.give_place_back() is unlimited

    @pytest.mark.parametrize("places", [-1, 10_001, 1.0, True, "2"])
    def test_places_are_a_whole_number(self, places: Any) -> None:
        """What is no number of places is refused under the field's name."""
        with pytest.raises(InvalidInput, match=r"learning_option\.places_left"):
            option("o", places_left=places)

    def test_it_speaks_the_language_it_has(self) -> None:
        """A title or description in her language takes the place of the other; without one it stays as it is."""
        there = option("o", titles={"nl": "Meelopen"}, descriptions={"de": "Einen Tag"})
        assert (there.in_language("nl").title, there.in_language("nl").description) == ("Meelopen", "")
        assert (there.in_language("de").title, there.in_language("de").description) == ("Option o", "Einen Tag")
        assert there.in_language("en") is there

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
            ("titles", {"nl": ""}),
            ("titles", {"": "Meelopen"}),
            ("descriptions", {"nl": "\x00"}),
        ],
    )
    def test_what_cannot_be_kept_is_refused_with_the_fields_name(self, name: str, value: Any) -> None:
        """Bad text, a link that could run something and a bad theme are refused under the field's name."""
        with pytest.raises(InvalidInput, match=rf"learning_option\.{name}"):
            evolve(option("o"), **{name: value})

    def test_a_catalogue_is_for_everyone(self) -> None:
        """An option without another audience is everyone's to see once it is there."""
        assert option("o").audience == Audience(AudienceKind.EVERYONE)
        assert {fact.value for fact in LearningFact} == {"LearningOffered", "LearningOfferWithdrawn"}


class TestChoice:
    """What she chose, what it took, and how she looks back on it."""

    def test_stopping_gives_back_what_was_not_used(self) -> None:
        """A choice that is stopped costs what was used of it, and by default nothing."""
        assert choice(cost=COST).stop(TODAY).cost == Means()
        used = Means(Money(50, "EUR"), 2)
        assert choice(cost=COST).stop(TODAY, used=used).cost == used
        assert choice(cost=COST).complete(TODAY).cost == COST

    @pytest.mark.parametrize(
        "used", [Means(Money(100, "EUR")), Means(hours=9), Means(Money(1, "USD")), Means(None, -1)]
    )
    def test_no_more_is_used_than_it_was_to_cost(self, used: Means) -> None:
        """More money or time than it was to cost, another currency, and less than nothing are refused."""
        with pytest.raises(InvalidInput, match=r"learning_choice\.(used|cost)"):
            choice(cost=COST).stop(TODAY, used=used)

    def test_looking_back_keeps_earlier_words(self) -> None:
        """Whether it helped is told in one tap; words written before stay unless there are new ones."""
        done = choice().complete(TODAY, "I dare now")
        assert done.look_back(Helped.A_BIT).looking_back == "I dare now"
        again = done.look_back(Helped.HELPED, "Still do")
        assert (again.helped, again.looking_back) == (Helped.HELPED, "Still do")

    def test_only_what_helped_informs_the_next_menu(self) -> None:
        """A kind counts as helpful when she said that it helped, and not by being completed."""
        done = [choice(kind=kind).complete(TODAY) for kind in (LearningKind.READING, LearningKind.COACHING)]
        assert kinds_that_helped(done) == frozenset()
        for helped in Helped:
            found = kinds_that_helped([done[0].look_back(helped), done[1]])
            assert found == (frozenset({LearningKind.READING}) if helped is Helped.HELPED else frozenset())

    @given(choices(), st.sampled_from(WasReal))
    def test_whether_it_was_real_can_be_said_at_any_time(self, at: LearningChoice, answer: WasReal) -> None:
        """In whatever status the answer is kept, and nothing else changes."""
        assert at.was_a_real_choice(answer) == evolve(at, was_real=answer)

    @given(choices(), choices())
    def test_others_read_nothing_that_stays_hers(self, one: LearningChoice, other: LearningChoice) -> None:
        """Two choices that differ only in what stays hers are the same to others."""
        secret = ("was_real", "cost", "request_id", "instead_of_id", "goal_id", "version")
        differing = evolve(one, **{name: getattr(other, name) for name in secret})
        assert one.seen_by_others() == differing.seen_by_others()
        assert repr(one.seen_by_others()) == repr(differing.seen_by_others())

    def test_a_year_is_a_year_of_her_calendar(self) -> None:
        """What was chosen in the last hour of the year where she is counts in that year; what was granted never."""
        eve = choice(chosen_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC), cost=COST)
        granted = evolve(eve, request_id=LearningRequestId("ada.x1"))
        east = timezone(timedelta(hours=1))
        assert costs_in([eve, granted], 2026, UTC) == [COST]
        assert costs_in([eve, granted], 2026, east) == []
        assert costs_in([eve, granted], 2027, east) == [COST]

    def test_a_cost_is_not_below_zero(self) -> None:
        """Nothing costs less than nothing."""
        with pytest.raises(InvalidInput, match=r"learning_choice\.cost"):
            choice(cost=Means(hours=-1))


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
    frozen: list[Any] = [at, there, MenuEntry(there, Because.ANOTHER_KIND)]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.id = "other"
