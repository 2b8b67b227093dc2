"""What the organiser of the sample organisation sets up on the first day: check-ins, budgets, additions to the menu."""

from __future__ import annotations

from datetime import date

from ownership.domain.budgets import Money
from ownership.sample.voice import script
from ownership.workspace.actor import Actor

OWN_RHYTHM = ("Customer Support", "FREQ=WEEKLY;INTERVAL=3")
"""A department that talks more often than the others."""


def begin_programme(organiser: Actor, *, cadence: str, starts_on: date) -> None:
    """Start a cycle of check-ins, grant everyone a budget for this year and the next, and add to the catalogue."""
    cycle = organiser.cycles.start(name="Monthly check-in", cadence=cadence, starts_on=starts_on)
    department, rhythm = OWN_RHYTHM
    organiser.cycles.set_rhythm(cycle.id, cadence=rhythm, department=department, starts_on=starts_on)
    for year in (starts_on.year, starts_on.year + 1):
        organiser.budgets.grant(money=Money("500", "EUR"), hours=32, year=year)
        organiser.budgets.grant(money=Money("500", "EUR"), hours=48, year=year, department="Care")
    for row in script()["addition"]:
        organiser.catalogue.add(
            row["kind"],
            title=row["title"]["en"],
            titles=row["title"],
            themes=row["themes"],
            hours=row["hours"],
            is_mandatory=row.get("is_mandatory", False),
        )
