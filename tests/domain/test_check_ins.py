"""Check-ins: talks whose agenda is hers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.check_ins import (
    AGREEMENT_MOVES,
    MOVES,
    WITH_PARTNER,
    AgendaItem,
    AgendaItemId,
    Agreement,
    AgreementId,
    AgreementMove,
    AgreementStatus,
    CheckIn,
    CheckInFact,
    CheckInId,
    CheckInMove,
    CheckInStatus,
    Preparation,
    agreement_ids,
    check_in_id,
    check_in_of,
    open_check_in,
)
from ownership.domain.cycles import Cadence, Cycle, CycleId, Period
from ownership.domain.people import ONLY_ME, Audience, AudienceKind, Person, PersonId
from ownership.errors import IllegalMove, InvalidInput
from ownership.testing import audiences, check_ins, days

ADA, SAM, LIAM = PersonId("ada"), PersonId("sam"), PersonId("liam")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
PROMISE = Agreement(AgreementId("ada.k1/1"), "Call the school", ADA)


def cycle(rule: str = "FREQ=MONTHLY;BYDAY=1TU", starts_on: date = date(2026, 1, 1), **fields: Any) -> Cycle:
    """Make a cycle."""
    return Cycle(CycleId("organisation.y1"), "Monthly", Cadence(rule, starts_on), **fields)


def check_in(**fields: Any) -> CheckIn:
    """Make an open check-in of Ada with Sam."""
    made: dict[str, Any] = {
        "id": CheckInId("ada.k1-0001"),
        "owner_id": ADA,
        "cycle_id": CycleId("organisation.y1"),
        "period": Period(1, TODAY, TODAY + 30 * DAY),
        "closes_on": TODAY + 13 * DAY,
        "partner_id": SAM,
    }
    return CheckIn(**made | fields)


ASKED = AgendaItem("Call the school", ADA, AgendaItemId("ada.k1-0001#77"), PROMISE.id)

VERBS: Mapping[CheckInMove, Callable[[CheckIn], CheckIn]] = {
    CheckInMove.PREPARE: lambda at: at.prepare(Preparation(at.owner_id, progress="It went well"), ["Room to try"]),
    CheckInMove.ARRANGE: lambda at: at.arrange(item.id for item in reversed(at.agenda) if item.id),
    CheckInMove.POSTPONE: lambda at: at.postpone(at.period.starts_on, at.period.starts_on - DAY),
    CheckInMove.HAND_OVER: lambda at: at.hand_over(LIAM, TODAY),
    CheckInMove.HOLD: lambda at: at.hold(TODAY, [evolve(PROMISE, by_id=at.owner_id)]),
    CheckInMove.SKIP: lambda at: at.skip(),
    CheckInMove.LET_PASS: lambda at: at.let_pass(),
}


ALIKE: Mapping[str, tuple[CheckInMove, Callable[[CheckIn], CheckIn]]] = {
    "bring_up": (CheckInMove.PREPARE, lambda at: at.bring_up(["My workload"], at.owner_id)),
    "adopt": (CheckInMove.PREPARE, lambda at: evolve(at, agenda=(ASKED,)).adopt(ASKED.id, at.owner_id)),
    "take_off": (CheckInMove.ARRANGE, lambda at: evolve(at, agenda=(ASKED,)).take_off(ASKED.id)),
    "reveal_together": (CheckInMove.ARRANGE, lambda at: at.reveal_together()),
    "without_partner": (CheckInMove.HAND_OVER, lambda at: at.without_partner()),
}


class TestMoves:
    """The table of legal moves, every status by every verb."""

    def test_the_table_is_whole(self) -> None:
        """Every status has a row, every move a verb and a place in some row, and every status can be come to."""
        assert set(MOVES) == set(CheckInStatus)
        assert set(VERBS) == set(CheckInMove) == {move for row in MOVES.values() for move in row}
        assert {status for row in MOVES.values() for status in row.values()} == set(CheckInStatus)

    @pytest.mark.parametrize("status", CheckInStatus)
    @pytest.mark.parametrize("move", CheckInMove)
    def test_a_verb_does_what_the_table_says(self, status: CheckInStatus, move: CheckInMove) -> None:
        """A legal move leads to the status in the table, and an illegal one is refused with those that are legal."""
        at = check_in(status=status)
        assert at.may(move) == (move in MOVES[status])
        if move in MOVES[status]:
            assert VERBS[move](at).status is MOVES[status][move]
        else:
            with pytest.raises(IllegalMove) as refused:
                VERBS[move](at)
            assert refused.value.allowed == tuple(sorted(MOVES[status]))

    @pytest.mark.parametrize("status", CheckInStatus)
    @pytest.mark.parametrize("verb", ALIKE)
    def test_verbs_that_count_as_a_move_do_what_the_table_says(self, status: CheckInStatus, verb: str) -> None:
        """What counts as a move is possible exactly when the move is, and leads to where it leads."""
        move, do = ALIKE[verb]
        if move in MOVES[status]:
            assert do(check_in(status=status)).status is MOVES[status][move]
        else:
            with pytest.raises(IllegalMove):
                do(check_in(status=status))

    @given(st.lists(st.sampled_from(CheckInMove), max_size=12))
    def test_no_sequence_of_verbs_leaves_the_table(self, moves: list[CheckInMove]) -> None:
        """Whatever is tried in whatever order, the status is where the table leads, and refusals change nothing."""
        at, expected = check_in(), CheckInStatus.OPEN
        for move in moves:
            try:
                at = VERBS[move](at)
            except IllegalMove:
                assert move not in MOVES[expected]
            else:
                expected = MOVES[expected][move]
            assert at.status is expected
            assert (at.open_until is None) == (expected is not CheckInStatus.OPEN)


class TestTalk:
    """One talk: prepared by both, its agenda hers."""

    def test_both_put_things_on_the_agenda_once(self) -> None:
        """Each topic of each of the two stands on the agenda once, in the order in which they came."""
        at = check_in().prepare(Preparation(ADA), ["Workload", "A course"]).prepare(Preparation(SAM), ["Workload"])
        at = at.prepare(Preparation(ADA), ["Workload", "Feedback"])
        assert [(item.text, item.by_id, item.id) for item in at.agenda] == [
            ("Workload", ADA, "ada.k1-0001#1"),
            ("A course", ADA, "ada.k1-0001#2"),
            ("Workload", SAM, "ada.k1-0001#3"),
            ("Feedback", ADA, "ada.k1-0001#4"),
        ]

    @given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=8), st.lists(st.integers(0, 5), max_size=6))
    def test_arranging_loses_nothing(self, topics: list[str], places: list[int]) -> None:
        """Arranged in whatever order, the same items stand on the agenda, those that were named first."""
        at = check_in().bring_up(topics, ADA).bring_up(topics, SAM)
        order = [at.agenda[place].id for place in places if place < len(at.agenda)]
        arranged = at.arrange(order)
        assert sorted(arranged.agenda, key=str) == sorted(at.agenda, key=str)
        assert [item.id for item in arranged.agenda][: len(set(order))] == list(dict.fromkeys(order))

    def test_what_was_taken_off_leaves_its_number_unused(self) -> None:
        """An id of an item never comes to mean another one, and one that is not there is refused."""
        at = check_in().bring_up(["a", "b"], SAM).take_off("ada.k1-0001#2").bring_up(["c"], ADA)
        assert [item.id for item in at.agenda] == ["ada.k1-0001#1", "ada.k1-0001#3"]
        verbs: list[Callable[[], object]] = [
            lambda: at.take_off("ada.k1-0001#2"),
            lambda: at.arrange([""]),
            lambda: at.adopt("x", SAM),
        ]
        for refused in verbs:
            with pytest.raises(InvalidInput, match=r"agenda_item\.id"):
                refused()

    def test_only_a_promise_that_waits_is_adopted(self) -> None:
        """What is adopted is promised again with a day of one's own, and leaves the agenda; a mere topic is not."""
        at = check_in().bring_up(["A topic"], ADA).bring_up(["Call the school"], ADA, agreement_id=PROMISE.id)
        adopted = at.adopt("ada.k1-0001#2", SAM, TODAY)
        assert adopted.agreements == (Agreement(AgreementId("ada.k1-0001/1"), "Call the school", SAM, TODAY),)
        assert [item.text for item in adopted.agenda] == ["A topic"]
        for who, which in ((SAM, "ada.k1-0001#1"), (LIAM, "ada.k1-0001#2")):
            with pytest.raises(InvalidInput):
                at.adopt(which, who)

    @pytest.mark.parametrize("status", CheckInStatus)
    def test_it_is_open_until_its_last_day_whether_it_was_let_pass_or_not(self, status: CheckInStatus) -> None:
        """It is open as long as its status says so and its last day is not over."""
        at = check_in(status=status)
        days = (TODAY, at.closes_on, at.closes_on + DAY)
        assert [at.is_open_on(day) for day in days] == [status is CheckInStatus.OPEN] * 2 + [False]

    @pytest.mark.parametrize(
        ("to", "closes_on"),
        [
            (TODAY, None),
            ("2026-03-09", None),
            (TODAY - DAY, None),
            (TODAY + DAY, TODAY + 13 * DAY),
            (TODAY + 20 * DAY, TODAY + 20 * DAY),
            (TODAY + 29 * DAY, TODAY + 29 * DAY),
            (TODAY + 30 * DAY, None),
        ],
    )
    def test_it_is_postponed_within_its_period(self, to: Any, closes_on: date | None) -> None:
        """The talk moves to a later day before the next period, and stays open until then; else it is refused."""
        if closes_on is None:
            with pytest.raises(InvalidInput, match=r"check_in\.talk_on"):
                check_in().postpone(to, TODAY)
        else:
            postponed = check_in().postpone(to, TODAY)
            assert (postponed.talk_on, postponed.closes_on) == (to, closes_on)

    @pytest.mark.parametrize("together", [False, True])
    @pytest.mark.parametrize("hers", [False, True])
    @pytest.mark.parametrize("his", [False, True])
    @pytest.mark.parametrize("viewer", [ADA, SAM, LIAM])
    def test_what_is_revealed_together(self, together: bool, hers: bool, his: bool, viewer: PersonId) -> None:
        """Each reads the other's when it is ready; revealed together, when both are. One's own is always read."""
        at = check_in(reveals_together=together)
        for who, is_ready in ((ADA, hers), (SAM, his)):
            at = at.prepare(Preparation(who, "x", ready_at=NOW if is_ready else None))
        may = {ADA: hers, SAM: his and viewer == ADA}
        seen = {who for who, ready in may.items() if who == viewer or (ready and (not together or (hers and his)))}
        assert {p.by_id for p in at.seen_by(viewer).preparations} == seen

    def test_alone_there_is_nobody_to_wait_for(self) -> None:
        """Without a partner what is ready is read by whomever it is shown to, also when revealed together."""
        at = check_in(partner_id=None).reveal_together().prepare(Preparation(ADA, "x", ready_at=NOW))
        assert len(at.seen_by(LIAM).preparations) == 1

    def test_it_is_not_handed_over_to_its_owner(self) -> None:
        """Nobody is one's own partner; and a partner who left leaves none, while nothing else changes."""
        with pytest.raises(InvalidInput, match=r"check_in\.partner_id"):
            check_in().hand_over(ADA, TODAY)
        shared = check_in(audience=ONLY_ME, shared_on=TODAY)
        assert shared.without_partner() == evolve(shared, partner_id=None)

    def test_a_new_preparation_takes_the_place_of_ones_own(self) -> None:
        """Preparing again replaces what the same person prepared, and leaves the other's."""
        first, again, his = Preparation(ADA, "a"), Preparation(ADA, "b"), Preparation(SAM, "c")
        at = check_in().prepare(first).prepare(his).prepare(again)
        assert at.preparation_of(ADA) == again
        assert at.preparation_of(SAM) == his
        assert at.preparation_of(LIAM) is None

    @pytest.mark.parametrize("partner_id", [SAM, None])
    def test_only_the_two_prepare_and_promise(self, partner_id: PersonId | None) -> None:
        """Someone else prepares nothing and promises nothing, also when there is no partner."""
        at = check_in(partner_id=partner_id)
        with pytest.raises(InvalidInput, match=r"preparation\.by_id"):
            at.prepare(Preparation(LIAM))
        with pytest.raises(InvalidInput, match=r"agreement\.by_id"):
            at.hold(TODAY, [evolve(PROMISE, by_id=LIAM)])

    def test_what_is_agreed_is_kept(self) -> None:
        """Holding the talk notes the day and what each of the two promised."""
        his = evolve(PROMISE, id=AgreementId("ada.k1/2"), by_id=SAM)
        held = check_in().hold(TODAY, iter([PROMISE, his]))
        assert (held.held_on, held.agreements) == (TODAY, (PROMISE, his))

    @pytest.mark.parametrize("status", CheckInStatus)
    def test_a_promise_can_be_kept_in_every_status(self, status: CheckInStatus) -> None:
        """A promise may be kept long after the talk, and leaves the other promises as they are."""
        other = evolve(PROMISE, id=AgreementId("ada.k1/2"))
        kept = check_in(status=status, agreements=(PROMISE, other)).keep_promise(PROMISE.id, TODAY)
        assert kept.agreements == (evolve(PROMISE, done_on=TODAY), other)
        assert kept.status is status

    def test_a_promise_that_is_not_there_cannot_be_kept(self) -> None:
        """An id of no agreement of this check-in is refused."""
        with pytest.raises(InvalidInput, match="agreement_id"):
            check_in().keep_promise(PROMISE.id, TODAY)

    @given(check_ins(), st.sampled_from(["owner", "partner", "other"]))
    def test_each_reads_what_is_theirs_to_read(self, at: CheckIn, who: str) -> None:
        """The owner reads all that is ready; anyone else what is hers and their own, never a third person's words."""
        viewer = {"owner": at.owner_id, "partner": at.partner_id or LIAM, "other": PersonId("nobody-here")}[who]
        authors = {at.owner_id, viewer} | ({at.partner_id} if who == "owner" else set())
        seen = at.seen_by(viewer)
        assert list(seen.agenda) == [item for item in at.agenda if item.by_id in authors]
        assert list(seen.agreements) == [promise for promise in at.agreements if promise.by_id in authors]
        assert list(seen.preparations) == [
            preparation
            for preparation in at.preparations
            if preparation.by_id == viewer or (preparation.by_id in authors and preparation.ready_at and at.is_revealed)
        ]
        assert evolve(seen, agenda=(), agreements=(), preparations=()) == evolve(
            at, agenda=(), agreements=(), preparations=()
        )

    def test_it_can_be_handed_over_to_another_partner(self) -> None:
        """The new partner sees from that day on what is hers, and not what the one before put in."""
        hers, his = Preparation(ADA, "a", ready_at=NOW), Preparation(SAM, "b", ready_at=NOW)
        at = check_in(shared_on=TODAY - DAY).prepare(hers, ["Mine"]).prepare(his, ["His"])
        handed = at.hand_over(LIAM, TODAY)
        assert handed == evolve(at, partner_id=LIAM, shared_on=TODAY, audience=WITH_PARTNER)
        assert handed.seen_by(LIAM).preparations == (hers,)
        assert [item.text for item in handed.seen_by(LIAM).agenda] == ["Mine"]
        assert handed.seen_by(ADA).preparations == (hers, his)
        with pytest.raises(InvalidInput, match=r"preparation\.by_id"):
            handed.prepare(Preparation(SAM))
        assert at.hand_over(None, TODAY).partner_id is None

    @given(check_ins(), audiences(), days())
    def test_it_can_be_shared_from_a_day_on(self, at: CheckIn, audience: Audience, on: date) -> None:
        """Sharing notes audience and day."""
        shared = at.with_audience(audience, on)
        assert (shared.audience, shared.shared_on) == (audience, on)

    @pytest.mark.parametrize("name", ["progress", "challenges", "needs"])
    def test_a_preparation_holds_text_that_can_be_kept(self, name: str) -> None:
        """Text that cannot be kept is refused under the field's name."""
        with pytest.raises(InvalidInput, match=rf"preparation\.{name}"):
            Preparation(ADA, **{name: "\u202e"})  # type: ignore[arg-type]

    @pytest.mark.parametrize("make", [lambda text: AgendaItem(text, ADA), lambda text: evolve(PROMISE, text=text)])
    @pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800"])
    def test_a_topic_and_a_promise_say_something(self, make: Callable[[str], object], text: Any) -> None:
        """An empty topic or promise, or one that cannot be kept, is refused."""
        with pytest.raises(InvalidInput, match=r"\.text"):
            make(text)


PROMISES: Mapping[AgreementStatus, Agreement] = {
    AgreementStatus.OPEN: PROMISE,
    AgreementStatus.KEPT: evolve(PROMISE, done_on=TODAY),
    AgreementStatus.RELEASED: evolve(PROMISE, released_on=TODAY),
}
AGREEMENT_VERBS: Mapping[AgreementMove, Callable[[CheckIn], CheckIn]] = {
    AgreementMove.KEEP: lambda at: at.keep_promise(PROMISE.id, TODAY),
    AgreementMove.RELEASE: lambda at: at.release(PROMISE.id, TODAY),
    AgreementMove.TAKE_OVER: lambda at: at.take_over(PROMISE.id),
}


class TestAgreement:
    """What was promised: open until it is kept or let go of."""

    def test_the_table_is_whole(self) -> None:
        """Every status has a row, a promise in it, and every move a verb."""
        assert set(AGREEMENT_MOVES) == set(AgreementStatus) == set(PROMISES)
        assert set(AGREEMENT_VERBS) == set(AgreementMove) == {m for row in AGREEMENT_MOVES.values() for m in row}

    @pytest.mark.parametrize("of", CheckInStatus)
    @pytest.mark.parametrize("status", AgreementStatus)
    @pytest.mark.parametrize("move", AgreementMove)
    def test_a_verb_does_what_the_table_says(
        self, of: CheckInStatus, status: AgreementStatus, move: AgreementMove
    ) -> None:
        """Whatever became of the talk, a promise moves as its own table says, and the others stay as they are."""
        other = evolve(PROMISE, id=AgreementId("ada.k1/2"))
        at = check_in(status=of, agreements=(PROMISES[status], other))
        assert at.agreements[0].status is status
        if move in AGREEMENT_MOVES[status]:
            after = AGREEMENT_VERBS[move](at)
            assert after.agreements[0].status is AGREEMENT_MOVES[status][move]
            assert (after.agreements[1], after.status) == (other, of)
        else:
            with pytest.raises(IllegalMove):
                AGREEMENT_VERBS[move](at)

    @pytest.mark.parametrize(
        ("by_id", "partner_id", "to_id"), [(ADA, SAM, SAM), (SAM, SAM, ADA), (ADA, None, ADA), (LIAM, SAM, ADA)]
    )
    def test_to_whom_it_was_promised(self, by_id: PersonId, partner_id: PersonId | None, to_id: PersonId) -> None:
        """The other of the two has the promise, and she herself when she was alone."""
        assert check_in(partner_id=partner_id).promised_to(evolve(PROMISE, by_id=by_id)) == to_id

    def test_who_took_it_over_does_it(self) -> None:
        """The holder is who promised it, or who took it over."""
        at = check_in(agreements=(evolve(PROMISE, by_id=SAM),))
        assert at.agreements[0].holder_id == SAM
        assert at.take_over(PROMISE.id).agreements[0].holder_id == ADA


class TestOpening:
    """A period opens once for each person."""

    def test_it_opens_with_the_partner_of_the_day(self) -> None:
        """The partner is who she has on the day it opens, and both see it from then on."""
        programme, period = cycle(), Period(3, date(2026, 3, 3), date(2026, 4, 7))
        opened = open_check_in(programme, Person(ADA, "Ada"), period, date(2026, 3, 4), Person(SAM, "Sam"))
        assert opened == CheckIn(
            id=CheckInId("ada.ky1-20260303"),
            owner_id=ADA,
            cycle_id=programme.id,
            period=period,
            closes_on=date(2026, 3, 16),
            partner_id=SAM,
            shared_on=date(2026, 3, 4),
        )
        assert opened.audience == WITH_PARTNER == Audience(AudienceKind.PARTNER)
        assert opened.open_until == "2026-03-16"

    def test_it_opens_without_a_partner_too(self) -> None:
        """Whoever has nobody to talk with has a check-in all the same."""
        period = Period(1, TODAY, TODAY + 30 * DAY)
        assert open_check_in(cycle(), Person(ADA, "Ada"), period, TODAY, None).partner_id is None

    @given(st.lists(st.tuples(st.sampled_from([ADA, SAM]), st.sampled_from(["o.y1", "o.y2"]), days())))
    def test_ids_are_one_per_person_cycle_and_period(self, keys: list[tuple[PersonId, str, date]]) -> None:
        """Two check-ins have the same id exactly when person, cycle and first day are the same."""
        ids = {check_in_id(who, CycleId(which), Period(1, first, first + DAY)) for who, which, first in keys}
        assert len(ids) == len(set(keys))

    def test_agreements_bear_the_id_of_their_check_in(self) -> None:
        """Ids of agreements count on, and tell in which check-in they were made."""
        assert list(islice(agreement_ids(check_in()), 2)) == ["ada.k1-0001/1", "ada.k1-0001/2"]
        assert next(agreement_ids(check_in(agreements=(PROMISE,)))) == "ada.k1-0001/2"
        assert check_in_of("ada.k1-0001/2") == "ada.k1-0001"

    def test_facts_are_past_participles(self) -> None:
        """Facts say what happened to a check-in."""
        assert {fact.value for fact in CheckInFact} == {"CheckInHeld"}


@given(check_ins())
def test_nothing_changes_in_place(at: CheckIn) -> None:
    """Every verb makes another value, and no field can be set."""
    before = evolve(at)
    for move in MOVES[at.status]:
        assert VERBS[move](at) is not at
    at.seen_by(LIAM)
    at.with_audience(ONLY_ME, TODAY)
    assert at == before
    frozen: list[Any] = [at, at.period, *at.agenda, *at.preparations, *at.agreements, cycle(), cycle().cadence]
    for value in frozen:
        with pytest.raises(exceptions.FrozenInstanceError):
            value.id = "other"


def test_a_check_in_is_in_the_hand_of_its_partner_while_there_is_something_to_do() -> None:
    """While it is open, and while something that was promised in it is; then no more, and never without a partner."""
    held = check_in().hold(TODAY, [PROMISE])
    assert check_in().in_hand_of == held.in_hand_of == SAM
    assert held.keep_promise(PROMISE.id, TODAY).in_hand_of is None
    assert held.release(PROMISE.id, TODAY).in_hand_of is None
    assert check_in().hold(TODAY).in_hand_of is check_in().skip().in_hand_of is check_in().let_pass().in_hand_of is None
    assert check_in().without_partner().in_hand_of is None
