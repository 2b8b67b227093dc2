"""Check-ins: prepared by both, held, skipped or let pass; the agenda is hers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from attrs import field, frozen

from ownership.domain.check_ins import (
    Agreement,
    AgreementId,
    CheckIn,
    CheckInFact,
    CheckInId,
    CheckInMove,
    CheckInStatus,
    Preparation,
    agreement_ids,
    check_in_of,
)
from ownership.domain.cycles import Cadence, Cycle, CycleId, Participation, participation_id, participation_of
from ownership.domain.people import PersonId
from ownership.domain.reminders import ReminderKind, delivery_to
from ownership.errors import NotAllowed, NotFound
from ownership.workspace.desk import find_person
from ownership.workspace.seat import Seat, announce, check_version, several
from ownership.workspace.sight import Sight

CheckInOrId = CheckIn | CheckInId | str


@frozen
class Promise:
    """Something agreed upon in a talk.

    Without ``by`` the actor promises it; ``by`` names the other by id, external id or e-mail.
    """

    text: str = field(repr=False)
    by: str = ""
    due_on: date | None = None


class CheckIns:
    """The talks of the actor, as the one whose development it is or as the partner.

    A verb takes the check-in (then it must be the latest version) or its id; without one it means the actor's own open
    check-in. Each raises NotFound for one that is not there or not the actor's to see, and IllegalMove when its status
    does not allow the verb.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def current(self) -> CheckIn | None:
        """Give the actor's own open check-in; None when there is none now."""
        with self._seat.reading() as sight:
            found = self._open_one(sight)
            return found.seen_by(self._seat.person_id) if found else None

    def mine(self) -> tuple[CheckIn, ...]:
        """Give all the actor's own check-ins, the oldest first."""
        with self._seat.reading() as sight:
            own = sight.unit.all_of(self._seat.person_id, CheckIn)
            return tuple(check_in.seen_by(self._seat.person_id) for check_in in own)

    def with_me(self) -> tuple[CheckIn, ...]:
        """Give the open check-ins of others in which the actor is the partner."""
        with self._seat.writing() as sight:
            found = sight.unit.find(CheckIn, "partner_id", equals=self._seat.person_id)
            seen = sight.see_all(check_in for check_in in found if check_in.status is CheckInStatus.OPEN)
            return tuple(check_in.seen_by(self._seat.person_id) for check_in in seen)

    def get(self, check_in_id: CheckInId | str) -> CheckIn:
        """Give one check-in, without what the other is still preparing."""
        with self._seat.writing() as sight:
            return sight.see(CheckIn, check_in_id).seen_by(self._seat.person_id)

    def prepare(
        self,
        check_in: CheckInOrId | None = None,
        *,
        progress: str = "",
        challenges: str = "",
        needs: str = "",
        topics: Iterable[str] = (),
        ready: bool = True,
    ) -> CheckIn:
        """Prepare a check-in: what moved, what is hard, what is needed, and what to talk about.

        The other reads it once it is ``ready``; topics are on the agenda at once. Preparing again replaces what was
        prepared before.
        """

        def move(it: CheckIn, sight: Sight) -> CheckIn:
            ready_at = sight.now if ready else None
            return it.prepare(
                Preparation(self._seat.person_id, progress, challenges, needs, ready_at), several(topics, "topics")
            )

        return self._move(check_in, move)

    def hold(self, check_in: CheckInOrId | None = None, *, agreements: Iterable[Promise | str] = ()) -> CheckIn:
        """Note that the talk was held, with what the two agreed."""

        def move(it: CheckIn, sight: Sight) -> CheckIn:
            spoken = several(agreements, "agreements")
            promises = [promise if isinstance(promise, Promise) else Promise(promise) for promise in spoken]
            ids = agreement_ids(it)
            return it.hold(
                self._seat.today(sight), [self._agreement(sight, next(ids), promise) for promise in promises]
            )

        return self._move(check_in, move, CheckInFact.HELD)

    def _agreement(self, sight: Sight, agreement_id: AgreementId, promise: Promise) -> Agreement:
        by_id: PersonId = find_person(sight.unit, promise.by).id if promise.by else self._seat.person_id
        return Agreement(agreement_id, promise.text, by_id, promise.due_on)

    def hand_over(self, check_in: CheckInOrId | None = None) -> CheckIn:
        """Hand an open check-in to whoever is the actor's conversation partner now, after a change of manager say.

        The new partner reads what is the actor's; what the earlier one wrote stays between those two.

        Raises:
            NotAllowed: it is another's check-in.
        """

        def move(it: CheckIn, sight: Sight) -> CheckIn:
            self._only_owner(it)
            today = self._seat.today(sight)
            line = sight.viewer.partner_on(today)
            partner = sight.people([line.manager_id]).get(line.manager_id) if line else None
            if partner is not None:
                kind = ReminderKind.CHECK_IN_PARTNER
                asked = delivery_to(partner, kind, it.id, now=sight.now, other_id=it.owner_id, until=it.closes_on)
                sight.unit.deliver([asked])
            return it.hand_over(partner.id if partner else None, today)

        return self._move(check_in, move)

    def skip(self, check_in: CheckInOrId | None = None) -> CheckIn:
        """Skip this one; only the person whose development it is can, and no reason is asked.

        Raises:
            NotAllowed: it is another's check-in.
        """

        def move(it: CheckIn, _: Sight) -> CheckIn:
            self._only_owner(it)
            return it.skip()

        return self._move(check_in, move)

    def choose_rhythm(self, cycle_id: CycleId | str, cadence: str) -> Participation:
        """Hold the check-ins of a cycle in a rhythm of one's own, counted from today, when the last period is over.

        Raises:
            NotFound: there is no such cycle, or the actor takes no part in it.
            InvalidInput: the cadence is no recurrence rule from DAILY to YEARLY.
        """
        with self._seat.writing() as sight:
            rule = Cadence(cadence, self._seat.today(sight))
            return sight.unit.save(self._participation(sight, CycleId(cycle_id)).choose(rule))

    def follow_rhythm(self, cycle_id: CycleId | str) -> Participation:
        """Follow the rhythm of the group again, when the last period is over.

        Raises:
            NotFound: there is no such cycle, or the actor takes no part in it.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(self._participation(sight, CycleId(cycle_id)).follow())

    def _participation(self, sight: Sight, cycle_id: CycleId) -> Participation:
        cycle = sight.unit.one(Cycle, cycle_id)
        if not cycle.is_for(self._seat.person_id):
            raise NotFound("cycle", cycle_id)
        me = self._seat.person_id
        known = sight.unit.many(Participation, [participation_id(me, cycle_id)])
        return next(iter(known.values()), participation_of(me, cycle_id))

    def keep_promise(self, agreement_id: AgreementId | str) -> CheckIn:
        """Tick off what was promised in a talk; whoever promised it can.

        Raises:
            NotFound: there is no such check-in, or it is not the actor's to see.
            InvalidInput: the check-in has no such agreement.
            NotAllowed: the other promised it.
        """

        def move(it: CheckIn, sight: Sight) -> CheckIn:
            kept = it.keep_promise(AgreementId(agreement_id), self._seat.today(sight))
            if any(a.id == agreement_id and a.by_id != self._seat.person_id for a in it.agreements):
                raise NotAllowed(f"agreement {agreement_id!r} was promised by the other")
            return kept

        return self._move(check_in_of(agreement_id), move)

    def _only_owner(self, check_in: CheckIn) -> None:
        if check_in.owner_id != self._seat.person_id:
            raise NotAllowed(f"check-in {check_in.id!r} belongs to somebody else, and only its owner does this")

    def _open_one(self, sight: Sight) -> CheckIn | None:
        own = sight.unit.all_of(self._seat.person_id, CheckIn)
        return next((check_in for check_in in reversed(own) if check_in.may(CheckInMove.PREPARE)), None)

    def _latest(self, sight: Sight, spoken: CheckInOrId | None) -> CheckIn:
        if spoken is None:
            found = self._open_one(sight)
            if found is None:
                raise NotFound("check-in", "open now")
            return found
        latest = sight.see(CheckIn, spoken if isinstance(spoken, str) else spoken.id)
        if not isinstance(spoken, str):
            check_version(spoken, latest, "check-in")
        if self._seat.person_id not in {latest.owner_id, latest.partner_id}:
            raise NotAllowed(f"check-in {latest.id!r} is between two other people")
        return latest

    def _move(self, spoken: CheckInOrId | None, move: Callable[[CheckIn, Sight], CheckIn], fact: str = "") -> CheckIn:
        with self._seat.writing() as sight:
            moved = sight.unit.save(move(self._latest(sight, spoken), sight))
            if fact:
                announce(sight, moved, fact)
            return moved.seen_by(self._seat.person_id)
