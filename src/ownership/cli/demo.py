"""Build a sample organisation, live through some months of it, and write the overview pages.

The real library on a real SQLite file in this folder, driven by a seeded simulation. A second run goes on for another
month; ``--anew`` starts over.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from shutil import which

from attrs import evolve, frozen
from cattrs import BaseValidationError

from ownership.cli.options import DEMO_DATABASE, progress_bar
from ownership.cli.overview import write_text
from ownership.cli.work import in_words
from ownership.codec import converter, plain
from ownership.compose import open_workspace, system_clock
from ownership.domain.cohorts import FLOOR, ORGANISATION_GROUP, Level
from ownership.domain.publication import Publication
from ownership.errors import Misconfigured
from ownership.render.page import overview_page
from ownership.render.text import overview_text
from ownership.sample.life import Life, LifeClock, LifeReport
from ownership.sample.people import later_export, organisation, write_csv
from ownership.sample.programme import begin_programme
from ownership.workspace.pulse import PulseOutcome
from ownership.workspace.workspace import Workspace

FOLDER = Path("ownership-demo")
STATE = FOLDER / "state.json"
FIRST_FILE = FOLDER / "people.csv"
LATER_FILE = FOLDER / "people-later.csv"
ORGANISER = "hr@example.org"
SHOWN = {"ada@example.org": FOLDER / "ada.html", "liam@example.org": FOLDER / "liam.html"}
DAYS_A_MONTH = 30
DAYS_OPEN_AT_THE_END = 5
"""Days for which the last check-in is open when a demo ends, so that the pages show one that is being prepared."""


@frozen
class State:
    """Where a demo is: what it was made with, and the last day that was lived."""

    people: int
    seed: int
    starts_on: date
    second_file_on: date
    lived_until: date
    cadence: str

    def save(self) -> None:
        """Write the state down, whole or not at all."""
        new = STATE.with_suffix(".new")
        write_text(new, json.dumps(plain(self)))
        new.replace(STATE)

    @classmethod
    def load(cls) -> State:
        """Read the state.

        Raises:
            Misconfigured: it is not what a demo wrote.
        """
        try:
            told = json.loads(STATE.read_text(encoding="utf-8"))
            return converter().structure(told, cls)
        except (OSError, ValueError, BaseValidationError) as error:
            raise Misconfigured(str(STATE), "is not what the demo wrote; start over with --anew") from error


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--anew", action="store_true", help="start over, and remove what an earlier demo left here")
    parser.add_argument(
        "--months", type=int, choices=range(1, 25), metavar="1-24", help="months to live (default: 4, then 1 more)"
    )
    parser.add_argument(
        "--people", type=int, default=250, metavar="N", help="people in the organisation (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=7, help="another seed is another organisation (default: %(default)s)"
    )
    parser.add_argument(
        "--until", type=date.fromisoformat, metavar="DAY", help="the last day of a new demo (default: yesterday)"
    )


def run(args: argparse.Namespace) -> int:
    """Live, and show what came of it."""
    if args.anew:
        _remove_earlier()
    goes_on = DEMO_DATABASE.exists()
    state = State.load() if goes_on else _begin(args)
    clock = LifeClock(datetime.combine(state.lived_until, time(5), tzinfo=UTC))
    until = state.lived_until + timedelta(days=DAYS_A_MONTH * (args.months or (1 if goes_on else 4)))
    with open_workspace(
        f"sqlite:///{DEMO_DATABASE}", clock=clock, random=Random(f"{state.seed}:{state.lived_until}")
    ) as workspace:
        if not goes_on:
            _set_up(workspace, clock, state)
        life = Life(workspace, clock, seed=state.seed)
        _live(life, workspace, state, until)
        _show(workspace, life.report, state.lived_until, until)
    return 0


def _remove_earlier() -> None:
    files = [Path(f"{DEMO_DATABASE}{suffix}") for suffix in ("", "-wal", "-shm")]
    for path in (*files, STATE, FIRST_FILE, LATER_FILE, *SHOWN.values()):
        path.unlink(missing_ok=True)


def _begin(args: argparse.Namespace) -> State:
    """Decide on the days of a new demo: the months that end yesterday, so that what it leaves is current."""
    if not 20 <= args.people <= 5_000:
        raise Misconfigured("--people", "is not from 20 to 5000")
    until = args.until or system_clock().date() - timedelta(days=1)
    days = DAYS_A_MONTH * (args.months or 4)
    starts_on = until - timedelta(days=days - 1)
    return State(
        people=args.people,
        seed=args.seed,
        starts_on=starts_on,
        second_file_on=starts_on + timedelta(days=days // 2),
        lived_until=starts_on - timedelta(days=1),
        cadence=_monthly(until - timedelta(days=DAYS_OPEN_AT_THE_END)),
    )


def _monthly(day: date) -> str:
    """Give the rule of a monthly rhythm that a day is in: its weekday, the first to fourth of the month."""
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()]
    return f"FREQ=MONTHLY;BYDAY={min(4, (day.day + 6) // 7)}{weekday}"


def _set_up(workspace: Workspace, clock: LifeClock, state: State) -> None:
    """Read the first file, as an HRIS exports it, and begin the programme."""
    clock.move_to(datetime.combine(state.starts_on, time(5), tzinfo=UTC))
    FOLDER.mkdir(exist_ok=True)
    write_csv(organisation(state.people, seed=state.seed, on=state.starts_on), FIRST_FILE)
    plan = workspace.people.sync(f"csv:{FIRST_FILE}")
    print(f"{FIRST_FILE}: {len(plan.joiners)} people joined")
    organiser = workspace.acting_as(ORGANISER, roles={"organiser"})
    begin_programme(organiser, cadence=state.cadence, starts_on=state.starts_on)
    state.save()


def _live(life: Life, workspace: Workspace, state: State, until: date) -> None:
    total = (until - state.lived_until).days
    with progress_bar("living") as bar:
        for number in range(1, total + 1):
            day = state.lived_until + timedelta(days=number)
            if day == state.second_file_on:
                _read_second_file(workspace, state, day)
            life.live_day(day)
            evolve(state, lived_until=day).save()
            bar(number, total)


def _read_second_file(workspace: Workspace, state: State, day: date) -> None:
    rows = organisation(state.people, seed=state.seed, on=state.starts_on)
    write_csv(later_export(rows, seed=state.seed, on=day), LATER_FILE)
    plan = workspace.people.plan(f"csv:{LATER_FILE}")
    for reason in plan.holds:
        print(f"{LATER_FILE}: held for a person to confirm: {reason}; confirmed, this being a demo")
    workspace.people.apply(plan.confirmed())
    print(f"{LATER_FILE}: {len(plan.joiners)} joined, {len(plan.leavers)} left, {len(plan.changed)} changed")


def _show(workspace: Workspace, report: LifeReport, lived_from: date, until: date) -> None:
    print(f"{lived_from + timedelta(days=1)} to {until}: {report.acts} things done by people; {in_words(report.work)}")
    overviews = {path: workspace.acting_as(who).overview() for who, path in SHOWN.items()}
    print()
    print(overview_text(next(iter(overviews.values()))))
    for path, overview in overviews.items():
        write_text(path, overview_page(overview))
    pages = " and ".join(str(path.resolve()) for path in overviews)
    _show_what_people_heard(workspace)
    print(f"\nPages, to open in a browser: {pages}")
    print(f"Everything is in {DEMO_DATABASE.resolve()}. Try next:")
    command = "ownership" if which("ownership") else sys.argv[0]
    print(f"  {command} overview sam@example.org")
    print(f"  {command} work")
    print(f"  {command} audit    (what could be worked out from pulses)")
    print(f"  {command} register    (what is stored of people, and why)")
    print(f"  {command} demo    (one month further)")


def _show_what_people_heard(workspace: Workspace) -> None:
    """Print what everyone read of the last pulse that was replied to, and whether the register has gaps."""
    outcomes = workspace.acting_as(ORGANISER).pulse.results()
    for outcome in [outcome for outcome in outcomes if outcome.results and outcome.reply][:1]:
        print(f"\nWhat everyone read of the pulse of {outcome.pulse.opened_at:%d %B %Y}:")
        print(*(f"  {line}" for line in _told(outcome)), sep="\n")
    register = workspace.register()
    gaps = ", ".join(register.gaps) or "none"
    print(f"\nIn the register of processing: {len(register.records)} kinds of records; not said what they are: {gaps}")


def _told(outcome: PulseOutcome) -> Iterator[str]:
    """Tell what was published of everyone, worked out from cells, and what is done with it."""
    figures, reply = outcome.results.figures if outcome.results else Publication(), outcome.reply
    teams = sum(cell.group.level is Level.TEAM for cell in figures.cells)
    yield f"{len(figures.cells)} groups of at least {FLOOR} who answered, {teams} of them teams; smaller ones went up"
    for whole in figures.rolled_up:
        for finding in whole.findings if whole.group == ORGANISATION_GROUP else ():
            about = finding.measure.replace("_", " ")
            yield f"{about}: of {finding.answered}, between {finding.lowest:.0f} and {finding.highest:.0f} of 100"
    if reply and reply.we_will:
        yield f"We will: {reply.we_will}"
    if reply and reply.not_now:
        yield f"Not now: {reply.not_now} Because: {reply.because}"
