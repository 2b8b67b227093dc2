"""The CSV directory (``csv:people.csv``): a file as an HRIS exports it, with a header, in UTF-8.

Read line by line, and a row of more than a megabyte is refused before it is read to its end. What makes the file as a
whole doubtful refuses it, with every problem by file, line and field; what is wrong in one row is reported and the rest
goes on.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO, NoReturn

from attrs import field, frozen

from ownership.domain.directory import COLUMNS, NEEDED, DirectoryRow, Snapshot, read_row
from ownership.errors import InvalidInput, Misconfigured, Problem
from ownership.hooks import hookimpl
from ownership.ports.adapters import Adapter, Address, Kind, RegisterAdapter

ROW_LIMIT = 1_000_000
"""Bytes in a row, over all its lines."""

PROBLEM_LIMIT = 100
"""Problems that are named when a file is refused; the others are counted."""

_DELIMITERS = {",": ",", ";": ";", "\t": "\t", "tab": "\t"}
_SAVE_AS = "save it as CSV in UTF-8"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_REASONS = {
    "unexpected end": "has a quote that is never closed",
    "expected after": "has text after a closing quote; inside a field, write a quote twice",
    "field limit": "has a field that is too long to be about a person",
    "new-line": "has a carriage return alone; save the file with the usual line ends",
}
"""The words by which the csv module's errors are known, and what they mean to who made the file."""


@hookimpl
def ownership_register_adapters(register: RegisterAdapter) -> None:
    """Register the directory under ``csv:``."""
    register(
        Adapter(
            kind=Kind.DIRECTORY,
            schemes=("csv",),
            factory="ownership.adapters.directories.csv:open_csv",
            summary="reads people from a CSV file, as an HRIS exports it",
            egress=frozenset(),
        )
    )


def open_csv(address: Address) -> CsvDirectory:
    """Name a file to read: ``csv:people.csv``, ``csv:/abs/people.csv``.

    Options: ``complete=yes`` says that the file names everyone, so that who is not in it has left; ``source`` names
    where it comes from (``csv``), within which external ids are unique; ``delimiter`` is ``,``, ``;`` or ``tab``, for a
    header that leaves it in doubt.
    """
    address.only("complete", "source", "delimiter")
    if address.host or not address.path or "\0" in address.path:
        raise Misconfigured("csv", "needs a file, as in csv:people.csv or csv:/exports/people.csv")
    complete = address.option("complete", "no")
    if complete not in {"yes", "no"}:
        raise Misconfigured("csv:?complete", "is yes or no")
    source = address.option("source", "csv")
    if not source.isprintable() or not source.strip():
        raise Misconfigured("csv:?source", "is empty or unprintable; name where the file comes from, as in afas")
    delimiter = address.options.get("delimiter")
    if delimiter is not None and delimiter not in _DELIMITERS:
        raise Misconfigured("csv:?delimiter", "is a comma, a semicolon or the word tab")
    return CsvDirectory(
        Path(address.path),
        source=source,
        is_complete=complete == "yes",
        delimiter=_DELIMITERS[delimiter] if delimiter else None,
    )


@frozen
class CsvDirectory:
    """A CSV file of people; it is opened when it is read, each time anew."""

    path: Path
    source: str = field(default="csv", kw_only=True)
    is_complete: bool = field(default=False, kw_only=True)
    delimiter: str | None = field(default=None, kw_only=True)

    def read(self, on: date) -> Snapshot:  # noqa: ARG002 - a file is of the day that it was made
        """Read everyone in the file.

        Raises:
            InvalidInput: the file is not there, or is doubtful as a whole; every problem names file, line and field.
        """
        name = self.path.name or str(self.path)
        try:
            with self.path.open("rb") as file:
                return self._snapshot(_Table(file, _Doubts(name), self.delimiter))
        except FileNotFoundError:
            raise InvalidInput.at(name, f"is not there; looked in {self.path.absolute().parent}") from None
        except IsADirectoryError:
            raise InvalidInput.at(name, "is a directory; name a file in it") from None
        except OSError as error:
            raise InvalidInput.at(name, f"cannot be read ({error.strerror})") from error

    def _snapshot(self, table: _Table) -> Snapshot:
        rows: list[DirectoryRow] = []
        problems = table.ignored()
        left_out = 0
        for place, cells in table.people():
            row, wrong = _row_of(table.columns, cells, place)
            problems += wrong
            if row is None:
                left_out += 1
            else:
                rows.append(row)
        table.doubts.refuse_if_any()
        if left_out and self.is_complete:
            problems.append(Problem(table.doubts.file, _not_everyone(left_out)))
        return Snapshot(self.source, tuple(rows), self.is_complete and not left_out, tuple(problems))


def _row_of(columns: Sequence[str], cells: Sequence[str], place: str) -> tuple[DirectoryRow | None, list[Problem]]:
    if len(cells) < len(columns):
        few = f"has {len(cells)} cells where the header has {len(columns)}; the row is left out"
        return None, [Problem(place, few)]
    return read_row(dict(zip(columns, cells, strict=False)), place)


def _not_everyone(left_out: int) -> str:
    return f"does not count as complete, since rows were left out ({left_out}); nobody leaves for not being named"


class _Doubts:
    """What makes a file doubtful as a whole: the first problems, and how many more."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._problems: list[Problem] = []
        self._count = 0

    def place(self, line: int) -> str:
        return f"{self.file}:{line}"

    def add(self, path: str, message: str) -> None:
        self._count += 1
        if self._count <= PROBLEM_LIMIT:
            self._problems.append(Problem(path, message))

    def refuse(self, path: str, message: str) -> NoReturn:
        """Refuse the file where reading on makes no sense, with what was found before."""
        self.add(path, message)
        raise self._error()

    def refuse_if_any(self) -> None:
        if self._count:
            raise self._error()

    def _error(self) -> InvalidInput:
        more = self._count - len(self._problems)
        return InvalidInput([*self._problems, *([Problem(self.file, f"and {more} more")] if more else [])])


class _Lines:
    """The lines of a file as texts, one at a time and never more of a row than its limit."""

    def __init__(self, file: BinaryIO, doubts: _Doubts) -> None:
        self._file = file
        self._doubts = doubts
        self._held = 0
        self.count = 0
        self.row = 1

    def __iter__(self) -> Iterator[str]:
        while raw := self._file.readline(ROW_LIMIT + 1):
            self.count += 1
            self._held += len(raw)
            if self._held > ROW_LIMIT:
                self._doubts.refuse(
                    self._doubts.place(self.row), "is longer than 1 MB, or has a quote that is never closed"
                )
            yield self._text(raw)

    def next_row(self) -> None:
        """Begin a row at the next line."""
        self.row, self._held = self.count + 1, 0

    def _text(self, raw: bytes) -> str:
        place = self._doubts.place(self.count)
        if self.count == 1:
            if raw.startswith(_UTF_16):
                self._doubts.refuse(place, f"is UTF-16; {_SAVE_AS}")
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if b"\0" in raw:
            self._doubts.add(place, f"has a NUL byte: this is no CSV file, or one in another encoding; {_SAVE_AS}")
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self._doubts.add(place, f"is not UTF-8; {_SAVE_AS}")
            return raw.decode(errors="replace")


class _Table:
    """A header and what stands under it; reading the header refuses a file that no person can be read from."""

    def __init__(self, file: BinaryIO, doubts: _Doubts, delimiter: str | None) -> None:
        self.doubts = doubts
        self._lines = _Lines(file, doubts)
        self._rows = self._read(delimiter)
        self._place, header = next(self._rows, ("", []))
        self.columns = [name.strip().casefold() for name in header]
        self._check_header()

    def people(self) -> Iterator[tuple[str, list[str]]]:
        """Give the rows under the header, each with its place."""
        for place, cells in self._rows:
            if len(cells) > len(self.columns):
                self.doubts.add(
                    place,
                    f"has {len(cells)} cells where the header has {len(self.columns)};"
                    " put a cell that holds a delimiter between quotes",
                )
            yield place, cells

    def ignored(self) -> list[Problem]:
        """Name the columns that mean nothing here."""
        unknown = [name for name in dict.fromkeys(self.columns) if name and name not in COLUMNS]
        return [Problem(self._place, f"has columns that are ignored: {_listed(unknown)}")] if unknown else []

    def _read(self, delimiter: str | None) -> Iterator[tuple[str, list[str]]]:
        """Give the rows that have anything in them, from the first on."""
        lines = iter(self._lines)
        first = next((line for line in lines if line.strip()), "")
        reader = csv.reader(_again(first, lines), delimiter=delimiter or _delimiter_of(first), strict=True)
        self._lines.row = self._lines.count
        try:
            for cells in reader:
                if any(map(str.strip, cells)):
                    yield self.doubts.place(self._lines.row), cells
                self._lines.next_row()
        except csv.Error as error:
            self.doubts.refuse(self.doubts.place(self._lines.row), _reason(error))

    def _check_header(self) -> None:
        known = [name for name in self.columns if name in COLUMNS]
        if not self.columns:
            self.doubts.refuse(self.doubts.file, f"is empty; it needs a header with at least {' and '.join(NEEDED)}")
        if not known:
            # Perhaps a person stands here instead of a header, so nothing of it is shown.
            self.doubts.refuse(
                self._place, f"is not a header: no column bears a name known here ({', '.join(COLUMNS)})"
            )
        for name in NEEDED:
            if name not in known:
                self.doubts.add(f"{self._place}:{name}", f"is missing; the columns are {_listed(self.columns)}")
        for name, times in Counter(known).items():
            if times > 1:
                self.doubts.add(f"{self._place}:{name}", f"stands {times} times in the header; one must go")
        self.doubts.refuse_if_any()


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter_of(header: str) -> str:
    """Find the delimiter that makes the most known columns of a header."""
    return max(",;\t", key=lambda mark: sum(name.strip(' "\r\n').casefold() in COLUMNS for name in header.split(mark)))


def _listed(names: Iterable[str]) -> str:
    """List names of columns, within reason: a file may have thousands."""
    names = list(names)
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return ", ".join(f"{name!r:.40}" for name in names[:20]) + more


def _reason(error: csv.Error) -> str:
    return next(
        (reason for words, reason in _REASONS.items() if words in str(error)), "is not CSV as RFC 4180 describes it"
    )
