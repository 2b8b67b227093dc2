"""The people of the yardstick: 1,000 by default, made from seed 7, in departments of very different size."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

SEED = 7
PEOPLE = 1_000

TITLE = "Ship the thing"
DESCRIPTION = "d" * 80
DUE_ON = "2026-12-31"
CREATED_ON = "2026-01-01"
MILESTONES = ("MS 0", "MS 1", "MS 2")
MILESTONE_DUE_ON = "2026-06-30"
GOALS_EACH = 2
"""What everyone has before the first round, so that nothing is written to empty tables."""

TALKS_EACH = 12
"""The check-ins in everyone's past, where one is asked for: a year of months."""

PROGRESS = 55
NOTE = "note " * 8
CHALLENGE = "challenge " * 6
NEED = "need " * 6
AGREEMENT = "action " * 6
AGREED_DUE_ON = "2026-02-15"
FEEDBACK = "feedback " * 8
FEEDBACK_EACH = 6
CHOICES_EACH = 3


class Employee(NamedTuple):
    """One person, as a file from an HRIS tells it."""

    external_id: str
    first_name: str
    last_name: str
    email: str
    phone: str
    title: str
    department: str
    manager_id: str


def departments(people: int) -> list[str]:
    """Name the departments that so many people are in."""
    return [f"Department {number:03d}" for number in range(max(5, people // 50))]


def employees(people: int = PEOPLE) -> list[Employee]:
    """Make the people, always the same."""
    random = Random(SEED)
    names = departments(people)
    return [
        Employee(
            external_id=f"E{number:07d}",
            first_name=f"First{number}",
            last_name=f"Last{number}",
            email=f"user{number}@example.org",
            phone=f"{9_000_000_000 + number}",
            title="Engineer" if number % 3 else "Analyst",
            department=names[int(len(names) * random.random() ** 1.6)],
            manager_id=f"E{number // 10:07d}" if number >= 10 else "",
        )
        for number in range(people)
    ]


def write_csv(people: Sequence[Employee], path: Path) -> None:
    """Write the people as a file that ``csv:`` reads."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["external_id", "display_name", "email", "title", "department", "manager_id"])
        writer.writerows(
            [p.external_id, f"{p.first_name} {p.last_name}", p.email, p.title, p.department, p.manager_id]
            for p in people
        )
