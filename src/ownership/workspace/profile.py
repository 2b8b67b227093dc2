"""One's own settings, which no synchronisation touches."""

from __future__ import annotations

import re

from attrs import evolve

from ownership.domain.people import Person
from ownership.errors import InvalidInput
from ownership.workspace.desk import find_person
from ownership.workspace.seat import Seat


class Profile:
    """Language, time zone and conversation partner of the actor."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def use_language(self, locale: str | None) -> Person:
        """Speak to me in a language (a BCP 47 tag such as ``nl`` or ``en-GB``); None follows the directory again.

        Raises:
            InvalidInput: it is no language tag.
        """
        if locale is not None and not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", locale):
            raise InvalidInput.at("locale", "is no language tag such as nl or en-GB")
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
            InvalidInput: it is yourself.
        """
        with self._seat.writing() as sight:
            partner_id = find_person(sight.unit, who).id if who is not None else None
            return sight.unit.save(sight.viewer.with_partner(partner_id, since=self._seat.today(sight)))
