"""Rhythms: set for all, for a group, for a person, chosen by herself; no change makes a double or loses anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ownership import IllegalMove, InvalidInput, NotAllowed, NotFound
from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.cycles import Cadence, CycleId, Participation, participation_of
from ownership.domain.people import PersonId

if TYPE_CHECKING:
    from tests.workspace.conftest import World

    from ownership.workspace.cycles import Cycles

MONDAYS, FIRST_OF_MONTH = "FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=1"
RULES = (MONDAYS, FIRST_OF_MONTH, "FREQ=DAILY", "FREQ=DAILY;INTERVAL=10", "FREQ=MONTHLY;BYDAY=1TU")


def organiser_of(world: World) -> Cycles:
    """Act as the organiser."""
    return world.acting("hr", roles={"organiser"}).cycles


def starts(world: World, name: str, *, days: int) -> list[str]:
    """Run every day for some days, on which somebody does something with her check-ins; give when these began."""
    check_ins = world.acting(name).check_ins
    for _ in range(days):
        world.clock.move(days=1)
        world.work()
        if (check_in := check_ins.current()) is not None and check_in.is_untouched:
            check_ins.bring_up(topics=["My days"])
    return [f"{it.period.starts_on:%m-%d}" for it in world.acting(name).check_ins.mine()]


def test_the_narrower_wins(world: World) -> None:
    """A department, a team and a person can have a rhythm of their own, and she can choose one for herself."""
    cycle = world.start_cycle(cadence="FREQ=MONTHLY;BYMONTHDAY=20", open_days=3)
    organiser = organiser_of(world)
    organiser.set_rhythm(cycle.id, department="Works", cadence="FREQ=MONTHLY;BYMONTHDAY=6")
    organiser.set_rhythm(cycle.id, team="Blue", cadence="FREQ=MONTHLY;BYMONTHDAY=7")
    organiser.set_rhythm(cycle.id, person="liam@example.org", cadence="FREQ=MONTHLY;BYMONTHDAY=8")
    world.acting("ada").check_ins.choose_rhythm(cycle.id, "FREQ=MONTHLY;BYMONTHDAY=9")
    world.acting("noor").check_ins.choose_rhythm(cycle.id, "FREQ=MONTHLY;BYMONTHDAY=9")
    world.acting("noor").check_ins.follow_rhythm(cycle.id)
    for name in ("zoe", "noor", "liam", "ada"):
        world.clock.set(2026, 1, 5)
        starts(world, name, days=10)
    begun = {name: [it.period.starts_on.day for it in world.acting(name).check_ins.mine()] for name in ("zoe", "noor")}
    begun |= {name: [it.period.starts_on.day for it in world.acting(name).check_ins.mine()] for name in ("liam", "ada")}
    assert begun == {"zoe": [6], "noor": [7], "liam": [8], "ada": [9]}
    organiser.drop_rhythm(cycle.id, department="Works")
    organiser.drop_rhythm(cycle.id, team="Blue")
    assert [str(rhythm.scope) for rhythm in organiser.drop_rhythm(cycle.id, person="liam").rhythms] == []


def test_a_new_rhythm_starts_when_the_period_is_over(world: World) -> None:
    """Whoever did something in a period finishes it; then the next begins on the first day that the new rule names."""
    cycle = world.start_cycle(people=["ada"])
    assert starts(world, "ada", days=5) == ["01-06"]
    organiser_of(world).set_rhythm(cycle.id, cadence=MONDAYS)
    assert starts(world, "ada", days=50) == ["01-06", "02-09", "02-16", "02-23"]
    organiser_of(world).set_rhythm(cycle.id, cadence=FIRST_OF_MONTH)
    mine = starts(world, "ada", days=40)
    assert mine == ["01-06", "02-09", "02-16", "02-23", "04-01"]
    numbers = [it.period.ordinal for it in world.acting("ada").check_ins.mine()]
    assert numbers == sorted(set(numbers))


def test_a_period_in_which_nobody_did_anything_makes_room(world: World) -> None:
    """As long as nobody did anything in a period, a new rhythm holds at once, and both hear of the talk of now."""
    cycle = world.start_cycle(people=["ada"], open_days=31)
    world.clock.set(2026, 1, 6, 12)
    world.work()
    organiser_of(world).set_rhythm(cycle.id, cadence=MONDAYS, starts_on=date(2026, 1, 5))
    assert [it.period.starts_on for it in world.acting("ada").check_ins.mine()] == [date(2026, 1, 5)]
    world.work()
    assert len(world.sent()["ada"]) == 2
    assert world.work().is_empty


def test_another_team_in_mid_period_makes_no_double(world: World, tell_row: Callable[..., Any]) -> None:
    """Who moves to a team with another rhythm has one check-in at a time, and keeps what she prepared."""
    cycle = world.start_cycle(open_days=31)
    organiser_of(world).set_rhythm(cycle.id, team="Red", cadence=MONDAYS)
    world.clock.set(2026, 1, 6)
    world.work()
    world.acting("ada").check_ins.prepare(progress="Half way")
    world.tell(tell_row("ada", manager="sam", team="Red"))
    assert starts(world, "ada", days=30) == ["01-06"]
    kept = world.acting("ada").check_ins.mine()[0].preparation_of(world.acting("ada").person.id)
    assert kept is not None
    assert kept.progress == "Half way"
    assert starts(world, "ada", days=5) == ["01-06", "02-09"]


def test_days_to_prepare(world: World) -> None:
    """With days to prepare, the check-in opens on the day of the rule and says from when the talk is."""
    assert world.open_check_in(prepare_days=3).talk_on == date(2026, 1, 9)
    assert world.acting("ada").check_ins.mine()[0].closes_on == date(2026, 1, 19)


def test_only_who_takes_part_chooses(world: World) -> None:
    """She chooses a rhythm in a cycle that she is in, by a rule that is one."""
    cycle = world.start_cycle(people=["liam"])
    ada, liam = world.acting("ada"), world.acting("liam")
    choosing: tuple[Callable[[], object], ...] = (
        lambda: ada.check_ins.choose_rhythm(cycle.id, MONDAYS),
        lambda: ada.check_ins.follow_rhythm(cycle.id),
        lambda: liam.check_ins.choose_rhythm("organisation.y0", MONDAYS),
    )
    for verb in choosing:
        with pytest.raises(NotFound):
            verb()
    with pytest.raises(InvalidInput):
        liam.check_ins.choose_rhythm(cycle.id, "every week")
    assert liam.check_ins.choose_rhythm(cycle.id, MONDAYS).cadence == Cadence(MONDAYS, date(2026, 1, 5))


def test_a_rhythm_is_for_one_group(world: World) -> None:
    """Two groups at once, none to drop, somebody who is not there, a cycle that ended and no organiser are refused."""
    cycle = world.start_cycle()
    organiser = organiser_of(world)
    refused: tuple[Callable[[], object], ...] = (
        lambda: organiser.set_rhythm(cycle.id, cadence=MONDAYS, team="Blue", department="Works"),
        lambda: organiser.drop_rhythm(cycle.id),
        lambda: organiser.drop_rhythm(cycle.id, team="Blue"),
        lambda: organiser.set_rhythm(cycle.id, cadence="", team="Blue"),
    )
    for wrong in refused:
        with pytest.raises(InvalidInput):
            wrong()
    with pytest.raises(NotFound):
        organiser.set_rhythm(cycle.id, cadence=MONDAYS, person="nobody")
    with pytest.raises(NotAllowed, match="organiser"):
        world.acting("hr").cycles.set_rhythm(cycle.id, cadence=MONDAYS)
    with pytest.raises(NotAllowed, match="organiser"):
        world.acting("hr").cycles.drop_rhythm(cycle.id, team="Blue")
    organiser.stop(cycle.id)
    with pytest.raises(IllegalMove):
        organiser.set_rhythm(cycle.id, cadence=MONDAYS)


DOINGS = ("nothing", "all", "team", "person", "choose", "follow", "move", "leave", "return", "partner", "prepare")


def do(world: World, doing: str, rule: str, cycle_id: str, tell_row: Callable[..., Any]) -> None:
    """Do one of the things that could upset a rhythm."""
    ada, organiser = world.acting("ada"), organiser_of(world)
    doings: dict[str, Callable[[], object]] = {
        "nothing": lambda: None,
        "all": lambda: organiser.set_rhythm(cycle_id, cadence=rule),
        "team": lambda: organiser.set_rhythm(cycle_id, cadence=rule, team="Red"),
        "person": lambda: organiser.set_rhythm(cycle_id, cadence=rule, person="ada"),
        "choose": lambda: ada.check_ins.choose_rhythm(cycle_id, rule),
        "follow": lambda: ada.check_ins.follow_rhythm(cycle_id),
        "move": lambda: world.tell(tell_row("ada", manager="zoe", team="Red" if len(rule) % 2 else "Blue")),
        "leave": lambda: world.tell(tell_row("ada", manager="sam", on_leave=True)),
        "return": lambda: world.tell(tell_row("ada", manager="sam", on_leave=False)),
        "partner": lambda: ada.profile.choose_partner("liam" if len(rule) % 2 else None),
        "prepare": lambda: ada.check_ins.current() and ada.check_ins.prepare(topics=[rule]),
    }
    doings[doing]()


STEPS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(DOINGS), st.sampled_from(RULES), st.booleans()), max_size=14
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_no_change_makes_a_double_or_loses_anything(
    make_world: Callable[..., World], tell_row: Callable[..., Any], steps: list[tuple[int, str, str, bool]]
) -> None:
    """Whatever changes on whatever days, run on any of them: one open check-in at a time, no days twice, nothing lost.

    With the guard of :meth:`Participation.may_begin` taken out this test fails.
    """
    world = make_world()
    cycle = world.start_cycle(open_days=40)
    before: dict[str, CheckIn] = {}
    for wait, doing, rule, is_run in steps:
        world.clock.move(days=wait)
        do(world, doing, rule, cycle.id, tell_row)
        if is_run:
            world.work()
        now = {str(it.id): it for it in world.acting("ada").check_ins.mine()}
        assert_sound(list(now.values()), is_run=is_run)
        for id_, earlier in ((id_, it) for id_, it in before.items() if not it.is_untouched):
            assert set(earlier.agenda) <= set(now[id_].agenda)
            assert len(earlier.preparations) <= len(now[id_].preparations)
        before = now
    world.ws.close()


def assert_sound(mine: list[CheckIn], *, is_run: bool) -> None:
    """See that days are used once, that numbers rise, and that after a run at most one is open."""
    in_order = sorted(mine, key=lambda it: it.period.starts_on)
    for one, other in pairwise(in_order):
        assert one.period.ends_on <= other.period.starts_on
        assert one.period.ordinal < other.period.ordinal
    if is_run:
        assert sum(it.status is CheckInStatus.OPEN for it in mine) <= 1


def test_how_someone_takes_part_is_written_once(world: World) -> None:
    """One record says how a person takes part in a cycle, from when she first does something in it."""
    world.start_cycle(people=["ada"])
    with world.ws._desk.reading() as unit:
        assert unit.all_of(world.id("ada"), Participation) == []
    starts(world, "ada", days=100)
    with world.ws._desk.reading() as unit:
        (participation,) = unit.all_of(world.id("ada"), Participation)
    assert participation.last == world.acting("ada").check_ins.mine()[-1].period


SAMPLE = ("Europe/Amsterdam", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Casablanca")


def days_of_change(zone: ZoneInfo, years: range) -> Iterator[date]:
    """Give the days on which the offset of a zone changes."""
    at, before = datetime(years.start, 1, 1, tzinfo=UTC), None
    while at.year < years.stop:
        offset = at.astimezone(zone).utcoffset()
        if before is not None and offset != before:
            yield at.date()
        before, at = offset, at + timedelta(days=1)


def test_around_every_change_of_an_offset_each_day_opens_once(request: pytest.FixtureRequest) -> None:
    """Hour by hour around each change of a clock, every period begins once, on the local day that the rule names."""
    everything = request.getfixturevalue("effort").is_exhaustive
    years = range(2007, 2038) if everything else range(2010, 2013)
    for name in sorted(available_timezones() if everything else SAMPLE):
        zone = ZoneInfo(name)
        for day in days_of_change(zone, years):
            rule = Cadence("FREQ=DAILY", day - timedelta(days=9))
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            lived = [(midnight + timedelta(hours=hour)).astimezone(zone).date() for hour in range(-60, 60)]
            periods = {today: rule.period_on(today) for today in lived}
            begun: list[date] = []
            participation = participation_of(PersonId("ada"), CycleId("organisation.y1"))
            for today in lived:  # at Casey the clocks went back over midnight in 2010: a day came twice
                period = periods[today]
                if period is not None and participation.may_begin(period):
                    participation = participation.begin(period)
                    begun.append(period.starts_on)
            assert begun == sorted(set(lived)), (name, day)
