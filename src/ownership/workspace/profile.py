"""One's own settings, which no synchronisation touches, and one's rest, which nobody else sees."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from ownership.domain.people import Person
from ownership.domain.rests import Rest, is_resting, rest_from, rest_id
from ownership.errors import NotFound
from ownership.workspace.seat import Seat
from ownership.workspace.sight import Sight


class Profile:
    """Language, time zone and conversation partner of the actor, and whether she rests."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def use_language(self, locale: str | None) -> Person:
        """Speak to me in a language (a BCP 47 tag such as ``nl`` or ``en-GB``); None follows the directory again.

        Raises:
            InvalidInput: it is no language tag.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(evolve(sight.viewer, locale_override=locale))

    def use_timezone(self, timezone: str | None) -> Person:
        """Reckon days and hours in an IANA time zone; None follows the directory again.

        Raises:
            InvalidInput: it is no IANA time zone.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(evolve(sight.viewer, timezone_override=timezone))

    def choose_partner(self, who: str | None) -> Person:
        """Hold check-ins with a colleague of my choice; None means my manager again.

        Raises:
            NotFound: nobody is meant.
            InvalidInput: it is yourself, or somebody who does not work here now.
        """
        with self._seat.writing() as sight:
            partner_id = None if who is None else self._seat.colleague(sight, who, "partner").id
            return sight.unit.save(sight.viewer.with_partner(partner_id, since=self._seat.today(sight)))

    def go_without_partner(self) -> Person:
        """Hold check-ins with nobody, my manager neither: they are for myself; :meth:`choose_partner` ends it.

        A check-in that was begun keeps its partner until it is handed over, and what was shared with "partner" nobody
        sees.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(sight.viewer.without_partner())

    def rest(self, until: date | None = None) -> Rest:
        """Develop nothing for now: until a day on which I am back (not included), or until I say so (None).

        Nobody else sees it or can work it out, and no reminder of ours comes; what others need from me still does.
        Resting again sets another day.

        Raises:
            InvalidInput: the day is not after today.
        """
        with self._seat.writing() as sight:
            return sight.unit.save(
                rest_from(rest_of(self._seat, sight), self._seat.person_id, self._seat.today(sight), until)
            )

    def stop_resting(self) -> Rest:
        """Take my development up again, from today on.

        Raises:
            NotFound: I do not rest.
        """
        with self._seat.writing() as sight:
            rest, today = rest_of(self._seat, sight), self._seat.today(sight)
            if rest is None or not rest.is_on(today):
                raise NotFound("rest")
            return sight.unit.save(rest.end(today))

    def is_resting(self) -> bool:
        """Whether I rest now."""
        with self._seat.reading() as sight:
            return is_resting(rest_of(self._seat, sight), self._seat.today(sight))


def rest_of(seat: Seat, sight: Sight) -> Rest | None:
    """Give the actor's own rest, present or past, if there is one."""
    id_ = rest_id(seat.person_id)
    return sight.unit.many(Rest, [id_]).get(id_)
