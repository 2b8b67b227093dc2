"""The sample directory (``sample:``): a believable organisation to try things with, without a file."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from ownership.domain.directory import Snapshot, read_row
from ownership.errors import Misconfigured
from ownership.hooks import hookimpl
from ownership.ports.adapters import Adapter, Address, Kind, RegisterAdapter
from ownership.sample.people import later_export, organisation

FIRST_EXPORT = date(2024, 1, 1)
LATER_EXPORT = date(2024, 5, 1)
MOST_PEOPLE = 5_000
GREATEST_SEED = 2**32 - 1


@hookimpl
def ownership_register_adapters(register: RegisterAdapter) -> None:
    """Register the directory under ``sample:``."""
    register(
        Adapter(
            kind=Kind.DIRECTORY,
            schemes=("sample",),
            factory="ownership.sample.directory:open_sample",
            summary="makes up an organisation, the same one every time",
            egress=frozenset(),
        )
    )


def open_sample(address: Address) -> SampleDirectory:
    """Choose an organisation: ``sample:``, ``sample:?people=250&seed=7&later=yes``.

    Options: ``people`` is how many work there (250); another ``seed`` (7) gives other people; ``later=yes`` gives the
    same people some months later, with leavers and joiners.
    """
    address.only("people", "seed", "later")
    if address.host or address.path:
        raise Misconfigured("sample", "has no path, only options, as in sample:?people=40")
    later = address.option("later", "no")
    if later not in {"yes", "no"}:
        raise Misconfigured("sample:?later", "is yes or no")
    return SampleDirectory(
        people=_number(address, "people", 250, lowest=1, highest=MOST_PEOPLE),
        seed=_number(address, "seed", 7, lowest=0, highest=GREATEST_SEED),
        is_later=later == "yes",
    )


def _number(address: Address, name: str, default: int, *, lowest: int, highest: int) -> int:
    text = address.option(name, str(default))
    # A text of a million digits is refused by its length, before it is made a number.
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and lowest <= int(text) <= highest):
        raise Misconfigured(f"sample:?{name}", f"is a whole number from {lowest} to {highest}")
    return int(text)


@frozen(kw_only=True)
class SampleDirectory:
    """A made-up organisation; it names everyone, leavers included."""

    people: int = 250
    seed: int = 7
    is_later: bool = False

    def read(self, on: date) -> Snapshot:  # noqa: ARG002 - the same organisation whenever it is read
        """Give everyone, as the exports of two fixed days have them, so that reading again changes nobody."""
        told = organisation(self.people, seed=self.seed, on=FIRST_EXPORT)
        if self.is_later:
            told = later_export(told, seed=self.seed, on=LATER_EXPORT)
        read = [read_row(cells, f"sample:{number}") for number, cells in enumerate(told, start=1)]
        return Snapshot(
            source="sample",
            rows=tuple(row for row, _ in read if row is not None),
            is_complete=True,
            problems=tuple(problem for _, wrong in read for problem in wrong),
        )
