"""One's own data: who looked at it."""

from __future__ import annotations

from ownership.domain.journal import Look
from ownership.workspace.seat import Seat


class DataRights:
    """The rights of the actor on her own data."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def who_looked(self) -> tuple[Look, ...]:
        """Give every look that others took at the actor's items, the newest first, with the real user if any."""
        with self._seat.reading() as sight:
            return tuple(reversed(sight.unit.all_of(self._seat.person_id, Look)))
