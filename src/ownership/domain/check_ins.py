"""Check-ins: talks whose agenda belongs to the person whose development it is.

A :class:`CheckIn` is the talk in one :class:`~ownership.domain.cycles.Period`. Both sides prepare; each sees the
other's preparation once it is ready. It is open because the calendar says so; it is written down (its version is no
longer 0) when one of the two first does something with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count
from typing import ClassVar, NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import (
    LINK,
    OTHER_PERSON,
    OWN_FACTS,
    OWNER_ID,
    PREPARED_WORDS,
    RECORD_ID,
    VERSION,
    WORDS_FOR_ANOTHER,
    Keeping,
    Purpose,
    Reader,
)
from ownership.domain.cycles import Cycle, CycleId, Period
from ownership.domain.moves import status_after
from ownership.domain.people import Audience, AudienceKind, Person, PersonId
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

CheckInId = NewType("CheckInId", str)
AgendaItemId = NewType("AgendaItemId", str)
AgreementId = NewType("AgreementId", str)


class CheckInStatus(StrEnum):
    """Where a check-in is in its life."""

    OPEN = "open"
    HELD = "held"
    SKIPPED = "skipped"
    PASSED = "passed"


class CheckInMove(StrEnum):
    """What the two people, or the calendar, can do with a check-in.

    Bringing topics up and adopting a promise count as ``prepare``, which both can; taking a topic off and revealing
    together count as ``arrange``, which only the owner can.
    """

    PREPARE = "prepare"
    ARRANGE = "arrange"
    POSTPONE = "postpone"
    HAND_OVER = "hand_over"
    HOLD = "hold"
    SKIP = "skip"
    LET_PASS = "let_pass"  # noqa: S105 - a move, no password


MOVES: Mapping[CheckInStatus, Mapping[CheckInMove, CheckInStatus]] = {
    CheckInStatus.OPEN: {
        CheckInMove.PREPARE: CheckInStatus.OPEN,
        CheckInMove.ARRANGE: CheckInStatus.OPEN,
        CheckInMove.POSTPONE: CheckInStatus.OPEN,
        CheckInMove.HAND_OVER: CheckInStatus.OPEN,
        CheckInMove.HOLD: CheckInStatus.HELD,
        CheckInMove.SKIP: CheckInStatus.SKIPPED,
        CheckInMove.LET_PASS: CheckInStatus.PASSED,
    },
    CheckInStatus.HELD: {},
    CheckInStatus.SKIPPED: {},
    CheckInStatus.PASSED: {},
}


class AgreementStatus(StrEnum):
    """Whether what was promised is still to be done."""

    OPEN = "open"
    KEPT = "kept"
    RELEASED = "released"


class AgreementMove(StrEnum):
    """What can be done with a promise."""

    KEEP = "keep"
    RELEASE = "release"
    TAKE_OVER = "take_over"


AGREEMENT_MOVES: Mapping[AgreementStatus, Mapping[AgreementMove, AgreementStatus]] = {
    AgreementStatus.OPEN: {
        AgreementMove.KEEP: AgreementStatus.KEPT,
        AgreementMove.RELEASE: AgreementStatus.RELEASED,
        AgreementMove.TAKE_OVER: AgreementStatus.OPEN,
    },
    AgreementStatus.KEPT: {},
    AgreementStatus.RELEASED: {},
}


class CheckInFact(StrEnum):
    """What others may hear of a check-in."""

    HELD = "CheckInHeld"


@frozen
class AgendaItem:
    """Something one of the two wants to talk about; with ``agreement_id``, an earlier promise to be taken over."""

    text: str = field(validator=texts.written, repr=False, metadata=WORDS_FOR_ANOTHER)
    by_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    id: AgendaItemId = field(default=AgendaItemId(""), validator=shapes.identifier_or_empty, metadata=RECORD_ID)
    agreement_id: AgreementId | None = field(default=None, validator=optional(shapes.identifier), metadata=LINK)


@frozen
class Preparation:
    """What one of the two thought of beforehand: what moved, what is hard, what is needed."""

    by_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    progress: str = field(default="", validator=texts.paragraph, repr=False, metadata=PREPARED_WORDS)
    challenges: str = field(default="", validator=texts.paragraph, repr=False, metadata=PREPARED_WORDS)
    needs: str = field(default="", validator=texts.paragraph, repr=False, metadata=PREPARED_WORDS)
    ready_at: datetime | None = field(default=None, validator=optional(moments.instant), metadata=OWN_FACTS)

    @property
    def is_shown(self) -> bool:
        """Whether it was given to the other; until then nobody else reads it."""
        return self.ready_at is not None


@frozen
class Agreement:
    """What one of the two promised, and by when: open until it is kept, or until it is let go of.

    ``taken_over_by_id`` is who does it in place of who promised it.
    """

    id: AgreementId = field(validator=shapes.identifier, metadata=RECORD_ID)
    text: str = field(validator=texts.written, repr=False, metadata=WORDS_FOR_ANOTHER)
    by_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    due_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    done_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    released_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    taken_over_by_id: PersonId | None = field(
        default=None, validator=optional(shapes.identifier), metadata=OTHER_PERSON
    )

    @property
    def status(self) -> AgreementStatus:
        """Whether it is still to be done."""
        if self.done_on is not None:
            return AgreementStatus.KEPT
        return AgreementStatus.OPEN if self.released_on is None else AgreementStatus.RELEASED

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status is AgreementStatus.OPEN

    @property
    def holder_id(self) -> PersonId:
        """Who does it: who promised it, or who took it over."""
        return self.taken_over_by_id or self.by_id

    def _check(self, move: AgreementMove) -> None:
        status_after(AGREEMENT_MOVES, self.status, move, "agreement", self.id)

    def keep(self, on: date) -> Agreement:
        """Return the promise as kept."""
        self._check(AgreementMove.KEEP)
        return evolve(self, done_on=on)

    def release(self, on: date) -> Agreement:
        """Return the promise as let go of: it need not be done any more, and that is fine."""
        self._check(AgreementMove.RELEASE)
        return evolve(self, released_on=on)

    def take_over(self, by_id: PersonId) -> Agreement:
        """Return the promise in the hands of somebody else."""
        self._check(AgreementMove.TAKE_OVER)
        return evolve(self, taken_over_by_id=by_id)


WITH_PARTNER = Audience(AudienceKind.PARTNER)


@frozen
class CheckIn:
    """One talk: its agenda hers, open until a day (included), prepared by both, with what they agreed.

    ``talk_on`` is the day that is meant for it (None: any day that it is open). With ``reveals_together`` neither reads
    what the other prepared before both are ready. ``topics_raised`` counts all that ever stood on the agenda.
    """

    keeping: ClassVar[Keeping] = Keeping(Purpose.TALK, (Reader.PARTNER,))

    id: CheckInId = field(validator=shapes.identifier, metadata=RECORD_ID)
    owner_id: PersonId = field(validator=shapes.identifier, metadata=OWNER_ID)
    cycle_id: CycleId = field(validator=shapes.identifier, metadata=LINK)
    period: Period = field(validator=shapes.kind_of(Period))
    closes_on: date = field(validator=moments.day, metadata=OWN_FACTS)
    partner_id: PersonId | None = field(default=None, validator=optional(shapes.identifier), metadata=OTHER_PERSON)
    agenda: tuple[AgendaItem, ...] = field(default=(), validator=shapes.each(shapes.kind_of(AgendaItem)))
    preparations: tuple[Preparation, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Preparation)))
    agreements: tuple[Agreement, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Agreement)))
    status: CheckInStatus = field(
        default=CheckInStatus.OPEN, validator=shapes.kind_of(CheckInStatus), metadata=OWN_FACTS
    )
    held_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    audience: Audience = field(default=WITH_PARTNER, validator=shapes.kind_of(Audience))
    shared_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    talk_on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    reveals_together: bool = field(default=False, validator=shapes.flag, metadata=OWN_FACTS)
    topics_raised: int = field(default=0, validator=shapes.whole(0, 100_000), metadata=OWN_FACTS)
    version: int = field(default=0, validator=shapes.version, metadata=VERSION)

    @property
    def is_untouched(self) -> bool:
        """Whether nobody did anything with it yet: it is what the calendar says, and stored nowhere."""
        return self.version == 0

    @property
    def mentions(self) -> tuple[str, ...]:
        """Who has words in it besides the two, as earlier partners have: the stored key by which these are found."""
        wrote = {item.by_id for item in self.agenda} | {prepared.by_id for prepared in self.preparations}
        promised = {agreement.by_id for agreement in self.agreements}
        took_over = {agreement.taken_over_by_id or self.owner_id for agreement in self.agreements}
        return tuple(sorted((wrote | promised | took_over) - {self.owner_id, self.partner_id}))

    @property
    def has_promises(self) -> bool:
        """Whether something that was promised in it is still to be done."""
        return any(agreement.is_open for agreement in self.agreements)

    @property
    def in_hand_of(self) -> PersonId | None:
        """Her partner while there is something to do for him: the stored key by which he finds it, and not the past."""
        return self.partner_id if self.status is CheckInStatus.OPEN or self.has_promises else None

    @property
    def open_until(self) -> str | None:
        """The last day of an open check-in: the stored key by which those that are over are found."""
        return str(self.closes_on) if self.status is CheckInStatus.OPEN else None

    def is_open_on(self, day: date) -> bool:
        """Whether it can still be held on a day where its owner is, also when nobody let it pass since its last."""
        return self.status is CheckInStatus.OPEN and day <= self.closes_on

    def may(self, move: CheckInMove) -> bool:
        """Whether the status allows a move."""
        return move in MOVES[self.status]

    def _after(self, move: CheckInMove) -> CheckInStatus:
        return status_after(MOVES, self.status, move, "check-in", self.id)

    def _of_the_two(self, person_id: PersonId, path: str) -> PersonId:
        if person_id not in {self.owner_id, self.partner_id}:
            raise InvalidInput.at(path, f"{person_id!r} is not one of the two people of check-in {self.id!r}")
        return person_id

    def preparation_of(self, person_id: PersonId) -> Preparation | None:
        """Give what one of the two prepared, if anything."""
        return next((p for p in self.preparations if p.by_id == person_id), None)

    def prepare(self, preparation: Preparation, topics: Iterable[str] = ()) -> CheckIn:
        """Return the check-in prepared by one of the two, in place of what they had; topics join the agenda."""
        status = self._after(CheckInMove.PREPARE)
        by_id = self._of_the_two(preparation.by_id, "preparation.by_id")
        others = tuple(p for p in self.preparations if p.by_id != by_id)
        prepared = evolve(self, status=status, preparations=(*others, preparation))
        return prepared.bring_up(topics, by_id)

    def bring_up(self, topics: Iterable[str], by_id: PersonId, *, agreement_id: AgreementId | None = None) -> CheckIn:
        """Return the check-in with topics of one of the two on its agenda, each once."""
        status = self._after(CheckInMove.PREPARE)
        by_id = self._of_the_two(by_id, "agenda_item.by_id")
        known = {(item.text, item.by_id, item.agreement_id) for item in self.agenda}
        texts_ = [topic for topic in dict.fromkeys(topics) if (topic, by_id, agreement_id) not in known]
        new = [
            AgendaItem(text, by_id, AgendaItemId(f"{self.id}#{number}"), agreement_id)
            for number, text in enumerate(texts_, start=self.topics_raised + 1)
        ]
        if not new:
            return self
        raised = self.topics_raised + len(new)
        return evolve(self, status=status, agenda=(*self.agenda, *new), topics_raised=raised)

    def topic(self, item_id: str) -> AgendaItem:
        """Give the item of the agenda that an id means."""
        found = next((item for item in self.agenda if item.id and item.id == item_id), None)
        if found is None:
            raise InvalidInput.at("agenda_item.id", f"{item_id!r} is not on the agenda of check-in {self.id!r}")
        return found

    def arrange(self, order: Iterable[str]) -> CheckIn:
        """Return the check-in with some items on top of its agenda, in this order; the others follow as they were."""
        status = self._after(CheckInMove.ARRANGE)
        first = [self.topic(item_id) for item_id in dict.fromkeys(order)]
        return evolve(self, status=status, agenda=(*first, *(item for item in self.agenda if item not in first)))

    def take_off(self, item_id: str) -> CheckIn:
        """Return the check-in without one item of its agenda."""
        status, gone = self._after(CheckInMove.ARRANGE), self.topic(item_id)
        return evolve(self, status=status, agenda=tuple(item for item in self.agenda if item != gone))

    def reveal_together(self) -> CheckIn:
        """Return the check-in in which neither reads what the other prepared before both are ready."""
        return evolve(self, status=self._after(CheckInMove.ARRANGE), reveals_together=True)

    def postpone(self, to: date, on: date) -> CheckIn:
        """Return the check-in with its talk on a later day of its period; it stays open until then."""
        moved = evolve(self, status=self._after(CheckInMove.POSTPONE), talk_on=to)
        last = self.period.ends_on - timedelta(days=1)
        if not on < to <= last:
            raise InvalidInput.at("check_in.talk_on", f"can be after {on} and until {last}, the end of its period")
        return evolve(moved, closes_on=max(self.closes_on, to))

    def adopt(self, item_id: str, by_id: PersonId, due_on: date | None = None) -> CheckIn:
        """Return the check-in in which an earlier promise on the agenda is promised again by one of the two."""
        status, item = self._after(CheckInMove.PREPARE), self.topic(item_id)
        if item.agreement_id is None:
            raise InvalidInput.at("agenda_item.id", f"{item_id!r} is no promise that waits for somebody")
        promised = Agreement(next(agreement_ids(self)), item.text, self._of_the_two(by_id, "agreement.by_id"), due_on)
        agenda = tuple(other for other in self.agenda if other != item)
        return evolve(self, status=status, agenda=agenda, agreements=(*self.agreements, promised))

    def hold(self, on: date, agreements: Iterable[Agreement] = ()) -> CheckIn:
        """Return the check-in as held, with what the two agreed."""
        promised = tuple(agreements)
        for agreement in promised:
            self._of_the_two(agreement.by_id, "agreement.by_id")
        return evolve(self, status=self._after(CheckInMove.HOLD), held_on=on, agreements=self.agreements + promised)

    def skip(self) -> CheckIn:
        """Return the check-in as skipped: this time not, and that is fine."""
        return evolve(self, status=self._after(CheckInMove.SKIP))

    def let_pass(self) -> CheckIn:
        """Return the check-in as passed: its days went by without a talk."""
        return evolve(self, status=self._after(CheckInMove.LET_PASS))

    def keep_promise(self, agreement_id: AgreementId, on: date) -> CheckIn:
        """Return the check-in with one agreement done; possible in every status."""
        return self._with(self.agreement(agreement_id).keep(on))

    def release(self, agreement_id: AgreementId, on: date) -> CheckIn:
        """Return the check-in with one agreement let go of; possible in every status."""
        return self._with(self.agreement(agreement_id).release(on))

    def take_over(self, agreement_id: AgreementId) -> CheckIn:
        """Return the check-in with one agreement in her own hands; possible in every status."""
        return self._with(self.agreement(agreement_id).take_over(self.owner_id))

    def agreement(self, agreement_id: str) -> Agreement:
        """Give the agreement that an id means."""
        found = next((agreement for agreement in self.agreements if agreement.id == agreement_id), None)
        if found is None:
            raise InvalidInput.at("agreement_id", f"{agreement_id!r} is no agreement of check-in {self.id!r}")
        return found

    def _with(self, changed: Agreement) -> CheckIn:
        agreements = tuple(changed if other.id == changed.id else other for other in self.agreements)
        return evolve(self, agreements=agreements)

    def promised_to(self, agreement: Agreement) -> PersonId:
        """Tell to whom something was promised: the other of the two, or herself when she was alone."""
        return self.partner_id or self.owner_id if agreement.by_id == self.owner_id else self.owner_id

    @property
    def is_revealed(self) -> bool:
        """Whether what is ready may be read: always, or when both are ready, if that was wished."""
        ready = {p.by_id for p in self.preparations if p.ready_at is not None}
        return not self.reveals_together or self.partner_id is None or {self.owner_id, self.partner_id} <= ready

    def seen_by(self, viewer_id: PersonId) -> CheckIn:
        """Return what a viewer may read: the owner everything that is ready, anyone else what is hers and their own.

        So the owner can show her check-in to a third person, and her partner's words stay with her.
        """
        readable = {self.owner_id, viewer_id}

        def may_read(by_id: PersonId) -> bool:
            return viewer_id == self.owner_id or by_id in readable

        return evolve(
            self,
            agenda=tuple(item for item in self.agenda if may_read(item.by_id)),
            preparations=tuple(
                p
                for p in self.preparations
                if p.by_id == viewer_id or (p.ready_at is not None and self.is_revealed and may_read(p.by_id))
            ),
            agreements=tuple(agreement for agreement in self.agreements if may_read(agreement.by_id)),
        )

    def hand_over(self, partner_id: PersonId | None, on: date) -> CheckIn:
        """Return the check-in with another partner, who may see from this day on what is hers; or with none."""
        status = self._after(CheckInMove.HAND_OVER)
        if partner_id == self.owner_id:
            raise InvalidInput.at("check_in.partner_id", "is yourself; hand it over to somebody else, or to nobody")
        return evolve(self, status=status, partner_id=partner_id, audience=WITH_PARTNER, shared_on=on)

    def without_partner(self) -> CheckIn:
        """Return the check-in of which the partner left; nobody else sees it for that."""
        return evolve(self, status=self._after(CheckInMove.HAND_OVER), partner_id=None)

    def with_audience(self, audience: Audience, on: date) -> CheckIn:
        """Return the check-in shared with an audience from a day on."""
        return evolve(self, audience=audience, shared_on=on)


def check_in_id(person_id: PersonId, cycle_id: CycleId, period: Period) -> CheckInId:
    """Give the one id that a check-in of this person in this period can have, so that a period opens only once.

    It is made of the first day: whatever became of the rhythm, that says which period is meant.
    """
    return CheckInId(f"{person_id}.k{cycle_id.rpartition('.')[2]}-{period.starts_on:%Y%m%d}")


def agreement_ids(check_in: CheckIn) -> Iterator[AgreementId]:
    """Give the ids of the next agreements of a check-in; each begins with the check-in's own id."""
    return (AgreementId(f"{check_in.id}/{number}") for number in count(len(check_in.agreements) + 1))


def check_in_of(part_id: str) -> CheckInId:
    """Tell by its id in which check-in something was agreed, or stands on the agenda."""
    return CheckInId(part_id.partition("/")[0].partition("#")[0])


def open_check_in(cycle: Cycle, person: Person, period: Period, on: date, partner: Person | None) -> CheckIn:
    """Open the check-in of a person in a period, on a day, with the partner who is at work then, if any."""
    return CheckIn(
        id=check_in_id(person.id, cycle.id, period),
        owner_id=person.id,
        cycle_id=cycle.id,
        period=period,
        closes_on=cycle.closing_day(period),
        partner_id=partner.id if partner else None,
        shared_on=on,
        talk_on=cycle.talk_day(period),
    )
