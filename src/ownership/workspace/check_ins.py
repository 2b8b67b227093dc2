"""Check-ins: prepared by both, held, skipped or let pass; the agenda is hers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from attrs import field, frozen

from ownership.domain.agreements import OpenAgreement, is_beside, open_agreements, ownerless
from ownership.domain.check_ins import (
    AgendaItem,
    AgendaItemId,
    Agreement,
    AgreementId,
    CheckIn,
    CheckInFact,
    CheckInId,
    Preparation,
    agreement_ids,
    check_in_of,
)
from ownership.domain.cycles import Cadence, Cycle, CycleId, Participation, participation_id, participation_of
from ownership.domain.figures import sides_of_goals
from ownership.domain.goals import Goal, GoalUpdate
from ownership.domain.initiative import (
    InitiativeBalance,
    SharedInitiative,
    initiative_balance,
    shared_initiative_of,
)
from ownership.domain.people import PersonId
from ownership.domain.reminders import ReminderKind
from ownership.domain.suggestions import GoalSuggestion
from ownership.errors import Conflict, InvalidInput, NotAllowed, NotFound
from ownership.workspace.cycles import CycleOrId
from ownership.workspace.desk import find_person
from ownership.workspace.goals import GoalOrId
from ownership.workspace.records import id_of
from ownership.workspace.seat import Seat, announce, several
from ownership.workspace.sight import Sight

CheckInOrId = CheckIn | CheckInId | str
AgreementOrId = Agreement | OpenAgreement | AgreementId | str
ItemOrId = AgendaItem | AgendaItemId | str


@frozen
class Promise:
    """Something agreed upon in a talk.

    Without ``by`` the actor promises it; ``by`` names the other by id, external id or e-mail.
    """

    text: str = field(repr=False)
    by: str = ""
    due_on: date | None = None


@frozen
class Progress:
    """How a goal is going, as one says in a talk.

    A figure in the unit of its measure, a confidence from 1 to 10, a note; not all are needed.
    """

    goal: GoalOrId
    figure: float | None = None
    confidence: int | None = None
    note: str = field(default="", repr=False)


class CheckIns:
    """The talks of the actor, as the one whose development it is or as the partner.

    A verb takes the check-in (then it must be the latest version, with the same partner) or its id; without one it
    means the actor's own open check-in. Each raises NotFound for one that is not there or not the actor's to see, and
    IllegalMove when its status does not allow the verb.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def current(self) -> CheckIn | None:
        """Give the actor's own open check-in; None when there is none now."""
        with self._seat.reading() as sight:
            found = self._open_one(sight)
            return found.seen_by(self._seat.person_id) if found else None

    def mine(self) -> tuple[CheckIn, ...]:
        """Give the actor's own check-ins, the oldest first: those that are open, and all in which something was done.

        A period that went by without anybody doing anything leaves no check-in behind.
        """
        with self._seat.reading() as sight:
            return tuple(check_in.seen_by(self._seat.person_id) for check_in in sight.own_check_ins())

    def with_me(self) -> tuple[CheckIn, ...]:
        """Give the open check-ins of others in which the actor is the partner."""
        with self._seat.writing() as sight:
            me = self._seat.person_id
            open_ones = sight.open_ones(sight.calendar.in_hand_of(me))
            return tuple(check_in.seen_by(me) for check_in in sight.see_all(open_ones))

    def get(self, check_in: CheckInOrId) -> CheckIn:
        """Give one check-in as it is now, without what the other is still preparing."""
        with self._seat.writing() as sight:
            return sight.see(CheckIn, check_in).seen_by(self._seat.person_id)

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
            return it.hold(self._seat.today(sight), self._agreed(sight, it, agreements))

        return self._move(check_in, move, CheckInFact.HELD)

    def record(
        self,
        check_in: CheckInOrId | None = None,
        *,
        progress: str = "",
        challenges: str = "",
        needs: str = "",
        agreements: Iterable[Promise | str] = (),
        goals: Iterable[Progress] = (),
    ) -> CheckIn:
        """Write down a whole talk at once: what the actor brought, how her goals are going, and what the two agreed.

        All of it is kept, or nothing. Where she says nothing of what she brought, what she prepared stays as it was.
        ``goals`` says how some of her own goals are going.

        Raises:
            NotAllowed: a goal belongs to another.
            InvalidInput: a goal is there twice, or something cannot be kept.
        """
        with self._seat.writing() as sight:
            latest, now = self._latest(sight, check_in), sight.now
            if progress or challenges or needs:
                latest = latest.prepare(Preparation(self._seat.person_id, progress, challenges, needs, now))
            held = latest.hold(self._seat.today(sight), self._agreed(sight, latest, agreements))
            written: list[Any] = [held, *self._going(sight, goals)]
            saved: CheckIn = sight.save_all(written)[0]
            announce(sight, saved, CheckInFact.HELD)
            return saved.seen_by(self._seat.person_id)

    def _going(self, sight: Sight, goals: Iterable[Progress]) -> list[Goal]:
        """Give the actor's goals with what she says of each."""
        said = list(several(goals, "goals"))
        if not all(isinstance(each, Progress) for each in said):
            raise InvalidInput.at("goals", "has something else than Progress; write Progress(goal, 40)")
        if len({id_of(each.goal) for each in said}) < len(said):
            raise InvalidInput.at("goals", "has the same goal twice; say all of it in one Progress")
        latest = self._seat.own_each(sight, Goal, [each.goal for each in said]) if said else []
        return [
            goal.record(GoalUpdate(sight.now, each.figure, each.confidence, each.note))
            for goal, each in zip(latest, said, strict=True)
        ]

    def _agreed(self, sight: Sight, check_in: CheckIn, agreements: Iterable[Promise | str]) -> list[Agreement]:
        spoken = several(agreements, "agreements")
        promises = [promise if isinstance(promise, Promise) else Promise(promise) for promise in spoken]
        return [self._agreement(sight, *each) for each in zip(agreement_ids(check_in), promises, strict=False)]

    def _agreement(self, sight: Sight, agreement_id: AgreementId, promise: Promise) -> Agreement:
        by_id: PersonId = find_person(sight.unit, promise.by).id if promise.by else self._seat.person_id
        return Agreement(agreement_id, promise.text, by_id, promise.due_on)

    def bring_up(self, check_in: CheckInOrId | None = None, *, topics: Iterable[str]) -> CheckIn:
        """Put topics on the agenda; both can, and both see them at once."""
        spoken = several(topics, "topics")
        return self._move(check_in, lambda it, _: it.bring_up(spoken, self._seat.person_id))

    def arrange(self, check_in: CheckInOrId | None = None, *, order: Iterable[ItemOrId]) -> CheckIn:
        """Put items of the agenda on top, in this order; the others follow as they were.

        Raises:
            NotAllowed: it is another's check-in; the agenda is its owner's.
            InvalidInput: an id is not on the agenda.
        """
        spoken = [id_of(item) for item in several(order, "order")]
        return self._move_own(check_in, lambda it, _: it.arrange(spoken))

    def take_off(self, item: ItemOrId) -> CheckIn:
        """Take an item off the agenda, whoever brought it up.

        Raises:
            NotAllowed: it is another's check-in; the agenda is its owner's.
            InvalidInput: it is not on the agenda.
        """
        item_id = id_of(item)
        return self._move_own(check_in_of(item_id), lambda it, _: it.take_off(item_id))

    def reveal_together(self, check_in: CheckInOrId | None = None) -> CheckIn:
        """Let neither read what the other prepared before both are ready.

        Raises:
            NotAllowed: it is another's check-in.
        """
        return self._move_own(check_in, lambda it, _: it.reveal_together())

    def postpone(self, check_in: CheckInOrId | None = None, *, to: date) -> CheckIn:
        """Move the talk to a later day of the same period; no reason is asked.

        Raises:
            NotAllowed: it is another's check-in.
            InvalidInput: the day is not after today, or not within the period.
        """
        return self._move_own(check_in, lambda it, sight: it.postpone(to, self._seat.today(sight)))

    def hand_over(self, check_in: CheckInOrId | None = None) -> CheckIn:
        """Hand an open check-in to whoever is the actor's conversation partner now, after a change of manager say.

        The new partner reads what is the actor's; what the earlier one wrote stays between those two.

        Raises:
            NotAllowed: it is another's check-in.
        """

        def move(it: CheckIn, sight: Sight) -> CheckIn:
            today = self._seat.today(sight)
            line = sight.viewer.partner_on(today)
            partner = sight.people([line.manager_id]).get(line.manager_id) if line else None
            if partner is None or not partner.works_on(today):
                return it.hand_over(None, today)
            self._seat.tell(sight, ReminderKind.CHECK_IN_PARTNER, it.id, partner, until=it.closes_on)
            return it.hand_over(partner.id, today)

        return self._move_own(check_in, move)

    def skip(self, check_in: CheckInOrId | None = None) -> CheckIn:
        """Skip this one; only the person whose development it is can, and no reason is asked.

        Raises:
            NotAllowed: it is another's check-in.
        """
        return self._move_own(check_in, lambda it, _: it.skip())

    def choose_rhythm(self, cycle: CycleOrId, cadence: str) -> Participation:
        """Hold the check-ins of a cycle in a rhythm of one's own, counted from today, when the last period is over.

        Raises:
            NotFound: there is no such cycle, or the actor takes no part in it.
            InvalidInput: the cadence is no recurrence rule from DAILY to YEARLY.
        """
        with self._seat.writing() as sight:
            rule = Cadence(cadence, self._seat.today(sight))
            return sight.unit.save(self._participation(sight, CycleId(id_of(cycle))).choose(rule))

    def follow_rhythm(self, cycle: CycleOrId) -> Participation:
        """Follow the rhythm of the group again, when the last period is over.

        Raises:
            NotFound: there is no such cycle, or the actor takes no part in it.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(self._participation(sight, CycleId(id_of(cycle))).follow())

    def _participation(self, sight: Sight, cycle_id: CycleId) -> Participation:
        cycle = sight.unit.one(Cycle, cycle_id)
        if not cycle.is_for(self._seat.person_id):
            raise NotFound("cycle", cycle_id)
        me = self._seat.person_id
        known = sight.unit.many(Participation, [participation_id(me, cycle_id)])
        return next(iter(known.values()), participation_of(me, cycle_id))

    def agreements(self) -> tuple[OpenAgreement, ...]:
        """Give all that is still open between the actor and others, each with the talk it came from.

        What the actor promised, and what was promised to her; the first due on top.
        """
        with self._seat.writing() as sight:
            me = self._seat.person_id
            in_hand = sight.calendar.written_in_hand_of(me)
            seen = sight.see_all(it for it in in_hand if it.owner_id != me and it.has_promises)
            own = sight.unit.all_of(me, CheckIn)
            return open_agreements([*own, *(check_in.seen_by(me) for check_in in seen)], me)

    def keep_promise(self, agreement: AgreementOrId) -> CheckIn:
        """Tick off what was promised in a talk; whoever promised it can, or took it over.

        Raises:
            NotFound: there is no such check-in, or it is not the actor's to see.
            InvalidInput: the check-in has no such agreement.
            NotAllowed: the other promised it.
            IllegalMove: it was kept or let go of before.
        """
        agreement_id = AgreementId(id_of(agreement))

        def move(it: CheckIn, sight: Sight) -> CheckIn:
            if it.agreement(agreement_id).holder_id != self._seat.person_id:
                raise NotAllowed(f"agreement {agreement_id!r} was promised by the other")
            return it.keep_promise(agreement_id, self._seat.today(sight))

        return self._move(check_in_of(agreement_id), move)

    def release(self, agreement: AgreementOrId) -> CheckIn:
        """Let go of what was promised; whoever it was promised to can. No reason is asked.

        What the actor herself promised to somebody who is no longer beside her, she can let go of as well.

        Raises:
            NotFound: there is no such check-in, or it is not the actor's to see.
            InvalidInput: the check-in has no such agreement.
            NotAllowed: it was promised to the other.
            IllegalMove: it was kept or let go of before.
        """
        agreement_id = AgreementId(id_of(agreement))

        def move(it: CheckIn, sight: Sight) -> CheckIn:
            to_id = it.promised_to(it.agreement(agreement_id))
            is_alone = it.owner_id == self._seat.person_id and not self._is_beside(sight, to_id)
            if to_id != self._seat.person_id and not is_alone:
                raise NotAllowed(f"agreement {agreement_id!r} was promised to the other, who can let go of it")
            return it.release(agreement_id, self._seat.today(sight))

        return self._move(check_in_of(agreement_id), move)

    def _is_beside(self, sight: Sight, other_id: PersonId) -> bool:
        return is_beside(sight.viewer, sight.people([other_id]).get(other_id), self._seat.today(sight))

    def ownerless(self) -> tuple[OpenAgreement, ...]:
        """Give what was promised to the actor by somebody who is no longer beside her, after a change of manager say.

        She can let go of it (:meth:`release`), take it over herself (:meth:`take_over`), or ask her partner in the talk
        that is open now to do so (:meth:`ask_to_adopt`).
        """
        with self._seat.reading() as sight:
            return self._ownerless(sight)

    def _ownerless(self, sight: Sight) -> tuple[OpenAgreement, ...]:
        own = sight.unit.all_of(self._seat.person_id, CheckIn)
        holders = sight.people({a.holder_id for check_in in own for a in check_in.agreements if a.is_open})
        still_open = open_agreements(own, self._seat.person_id)
        beside = {person.id: person for person in holders.values()}
        return ownerless(still_open, sight.viewer, beside, self._seat.today(sight))

    def _ownerless_one(self, sight: Sight, agreement_id: str) -> OpenAgreement:
        found = next((o for o in self._ownerless(sight) if o.agreement.id == agreement_id), None)
        if found is None:
            raise NotFound("agreement without somebody to do it", agreement_id, see="check_ins.ownerless()")
        return found

    def take_over(self, agreement: AgreementOrId) -> CheckIn:
        """Do oneself what somebody promised who is no longer beside the actor.

        Raises:
            NotFound: nothing of the actor's that has nobody to do it has this id.
        """
        agreement_id = id_of(agreement)

        def move(it: CheckIn, sight: Sight) -> CheckIn:
            return it.take_over(self._ownerless_one(sight, agreement_id).agreement.id)

        return self._move_own(check_in_of(agreement_id), move)

    def ask_to_adopt(self, agreement: AgreementOrId) -> CheckIn:
        """Put a promise that has nobody to do it on the agenda of the open talk, so that the partner can adopt it.

        The partner reads its words, and nothing else of the talk in which it was made.

        Raises:
            NotFound: nothing that has nobody to do it has this id, or no talk with a partner is open.
        """
        with self._seat.writing() as sight:
            promised = self._ownerless_one(sight, id_of(agreement)).agreement
            check_in = self._open_one(sight)
            if check_in is None or check_in.partner_id is None:
                raise NotFound("open check-in with a partner")
            asked = check_in.bring_up([promised.text], self._seat.person_id, agreement_id=promised.id)
            return sight.save(asked).seen_by(self._seat.person_id)

    def adopt(self, item: ItemOrId, *, due_on: date | None = None) -> CheckIn:
        """Promise what the other asks on the agenda to be taken over from somebody who is gone; by a day, if one likes.

        Raises:
            NotFound: there is no such check-in, or it is not the actor's to see.
            InvalidInput: the item is not on the agenda, or is no promise that waits for somebody.
            NotAllowed: it is the actor's own question; :meth:`take_over` is for that.
            IllegalMove: the talk is over, or the promise was kept or let go of meanwhile.
        """
        with self._seat.writing() as sight:
            item_id = id_of(item)
            check_in = self._latest(sight, check_in_of(item_id))
            if check_in.owner_id == self._seat.person_id:
                raise NotAllowed(f"{item_id!r} is your own question to your partner; you can take it over yourself")
            earlier_id = check_in.topic(item_id).agreement_id or AgreementId("")
            adopted = sight.unit.save(check_in.adopt(item_id, self._seat.person_id, due_on))
            earlier = sight.unit.one(CheckIn, check_in_of(earlier_id))
            closed = sight.unit.save(earlier.release(earlier_id, self._seat.today(sight)))
            latest = closed if closed.id == adopted.id else adopted
            return latest.seen_by(self._seat.person_id)

    def initiative(self) -> InitiativeBalance:
        """Give how often the actor, and how often her partner, took the initiative in her talks. It is hers only."""
        with self._seat.reading() as sight:
            return self._initiative(sight)

    def _initiative(self, sight: Sight) -> InitiativeBalance:
        owned = sight.unit.owned(self._seat.person_id, CheckIn, Goal, GoalSuggestion)
        goals = sides_of_goals(owned[Goal], owned[GoalSuggestion])
        return initiative_balance(owned[CheckIn], self._seat.person_id, goals)

    def show_initiative(self) -> SharedInitiative:
        """Show her partner of today the balance as it is now; he reads it when he prepares a talk, and nobody else can.

        Raises:
            InvalidInput: too few talks were held to say something.
        """
        with self._seat.writing() as sight:
            balance, today = self._initiative(sight), self._seat.today(sight)
            return sight.unit.save(self._shared_initiative(sight).show(balance, today))

    def take_back_initiative(self) -> SharedInitiative:
        """Take the balance back: from now on only the actor reads it."""
        with self._seat.writing() as sight:
            return sight.unit.save(self._shared_initiative(sight).take_back())

    def _shared_initiative(self, sight: Sight) -> SharedInitiative:
        me = self._seat.person_id
        return next(iter(sight.unit.all_of(me, SharedInitiative)), shared_initiative_of(me))

    def _only_owner(self, check_in: CheckIn) -> None:
        if check_in.owner_id != self._seat.person_id:
            raise NotAllowed(f"check-in {check_in.id!r} belongs to somebody else, and only its owner does this")

    def _open_one(self, sight: Sight) -> CheckIn | None:
        return next(reversed(sight.own_open_check_ins()), None)

    def _latest(self, sight: Sight, spoken: CheckInOrId | None) -> CheckIn:
        if spoken is None:
            found = self._open_one(sight)
            if found is None:
                raise NotFound("open check-in")
            return found
        latest = self._seat.latest(sight, CheckIn, spoken)
        if isinstance(spoken, CheckIn) and spoken.partner_id != latest.partner_id:  # nobody did anything with it yet
            raise Conflict("check-in", latest.id)
        if self._seat.person_id not in {latest.owner_id, latest.partner_id}:
            raise NotAllowed(f"check-in {latest.id!r} is between two other people")
        return latest

    def _move_own(self, spoken: CheckInOrId | None, move: Callable[[CheckIn, Sight], CheckIn]) -> CheckIn:
        def move_own(it: CheckIn, sight: Sight) -> CheckIn:
            self._only_owner(it)
            return move(it, sight)

        return self._move(spoken, move_own)

    def _move(self, spoken: CheckInOrId | None, move: Callable[[CheckIn, Sight], CheckIn], fact: str = "") -> CheckIn:
        with self._seat.writing() as sight:
            moved = sight.save(move(self._latest(sight, spoken), sight))
            if fact:
                announce(sight, moved, fact)
            return moved.seen_by(self._seat.person_id)
