"""The directory port: tells who works here, as a snapshot."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from ownership.domain.directory import Snapshot


class Directory(Protocol):
    """A source of people."""

    def read(self, on: date) -> Snapshot:
        """Read everyone that the source tells about, as of a day.

        Raises:
            InvalidInput: the source cannot be read as a whole; every problem names file, line and field.
            Unavailable: the source does not answer.
        """
