"""What is due: opened, let pass and expired once, on each person's own day, however late and however often."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ownership import InvalidInput, NotAllowed, NotFound, Unavailable
from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.cycles import Participation
from ownership.domain.people import STARTS_AT, PersonId
from ownership.domain.reminders import Delivery, DeliveryStatus, ReminderKind, told_of_check_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workspace.conftest import World


OPENING = {ReminderKind.CHECK_IN_OPEN, ReminderKind.CHECK_IN_PARTNER, ReminderKind.CHECK_IN_WITHOUT_PARTNER}


def everything(world: World, cls: type[Any]) -> list[Any]:
    """Give all values of a class."""
    with world.ws._desk.reading() as unit:
        return list(unit.find(cls))


def test_second_run_does_nothing(world: World) -> None:
    """A second run, right after the first, finds nothing to do and sends nothing."""
    world.start_cycle()
    world.acting("ada").feedback.ask("liam", question="What?")
    world.clock.set(2026, 1, 6, 21)
    first = world.work()
    assert (first.opened, first.deliveries.sent > 0) == (7, True)
    tried = len(world.post.tried + world.pigeon.tried)
    assert world.work().is_empty
    assert len(world.post.tried + world.pigeon.tried) == tried


def test_nothing_before_the_first_day(world: World) -> None:
    """Before the first day of a cycle nothing opens, and nobody hears anything."""
    world.start_cycle(starts_on=date(2026, 3, 1))
    world.clock.set(2026, 3, 2)
    assert world.work().is_empty
    assert world.acting("ada").check_ins.current() is None
    world.clock.set(2026, 3, 3, 21)
    assert world.acting("ada").check_ins.current() is not None
    assert world.work().opened == 7


FIRST_TUESDAYS = ["01-06", "02-03", "03-03", "04-07", "05-05", "06-02"]


def test_every_period_once(world: World) -> None:
    """Run every day for half a year, a monthly cycle opens six check-ins per person, numbered one after the other."""
    world.start_cycle(people=["ada"])
    ada = world.acting("ada")
    for _ in range(181):
        world.clock.move(days=1)
        world.work()
        if (check_in := ada.check_ins.current()) is not None and check_in.is_untouched:
            ada.check_ins.bring_up(topics=["My month"])
    mine = ada.check_ins.mine()
    assert [it.period.ordinal for it in mine] == [1, 2, 3, 4, 5, 6]
    assert [it.period.starts_on.isoformat()[5:] for it in mine] == FIRST_TUESDAYS
    assert [it.status for it in mine] == [CheckInStatus.PASSED] * 6
    assert len(world.sent()["ada"]) == 6


def test_what_nobody_touches_is_stored_nowhere(world: World) -> None:
    """Run every day for half a year, both hear of six check-ins, and what nobody did anything with leaves no trace."""
    world.start_cycle(people=["ada"])
    seen = set()
    for _ in range(181):
        world.clock.move(days=1)
        world.work()
        seen |= {f"{it.period.starts_on:%m-%d}" for it in world.acting("ada").check_ins.mine()}
    assert sorted(seen) == FIRST_TUESDAYS
    assert len(world.sent()["ada"]) == len(world.sent()["sam"]) == 6
    assert everything(world, CheckIn) == everything(world, Participation) == []


def test_downtime_of_months(world: World) -> None:
    """After months of downtime only the latest period opens, and everyone gets one message at most."""
    world.open_check_in(people=None)
    names = ("mia", "sam", "ada", "liam", "noor", "zoe", "hr")
    for name in names:
        world.acting(name).check_ins.bring_up(topics=["My month"])
    world.clock.set(2026, 7, 10, 21)
    before = {name: len(messages) for name, messages in world.sent().items()}
    report = world.work()
    assert (report.opened, report.passed) == (7, 7)
    for name in names:
        one, two = world.acting(name).check_ins.mine()
        assert (one.status, two.status) == (CheckInStatus.PASSED, CheckInStatus.OPEN)
        assert two.period.starts_on == date(2026, 7, 7)
        assert len(world.sent()[name]) - before.get(name, 0) == 1


def test_downtime_past_the_last_day(world: World) -> None:
    """When the latest period is over as well, nothing opens and nobody is told what was missed."""
    world.start_cycle()
    world.clock.set(2026, 7, 25)
    assert world.work().is_empty


def test_own_local_day(world: World, tell_row: Callable[..., Any]) -> None:
    """A period opens for each person when the day begins where that person is."""
    world.tell(
        tell_row("kai", manager="sam", timezone="Pacific/Auckland"),
        tell_row("lou", manager="sam", timezone="America/Los_Angeles"),
    )
    world.start_cycle(people=["kai", "ada", "lou"])
    opened = []
    for moment in ((5, 10, 59), (5, 11, 0), (5, 22, 59), (5, 23, 0), (6, 7, 59), (6, 8, 0)):
        world.clock.set(2026, 1, *moment)
        world.work()
        opened.append("".join(sorted(name[0] for name in ("kai", "ada", "lou") if world.acting(name).check_ins.mine())))
    assert opened == ["", "k", "k", "ak", "ak", "akl"]


def test_own_time_zone_counts(world: World) -> None:
    """The time zone that a person chose counts, not that of the directory."""
    world.acting("ada").profile.use_timezone("Pacific/Auckland")
    world.start_cycle(people=["ada", "liam"])
    world.clock.set(2026, 1, 5, 20)
    assert world.work().opened == 1
    assert world.acting("ada").check_ins.current() is not None
    assert world.acting("liam").check_ins.current() is None


def test_who_does_not_take_part(world: World, tell_row: Callable[..., Any]) -> None:
    """Who is on leave, has left, or has not started yet gets no check-in and no message about one."""
    world.start_cycle()
    world.tell(
        tell_row("ada", manager="sam", on_leave=True),
        tell_row("liam", manager="sam", active=False),
        tell_row("noor", manager="sam", start_on=date(2026, 1, 7)),
        tell_row("zoe", manager="mia", team="Red", end_on=date(2026, 1, 5)),
    )
    world.clock.set(2026, 1, 6, 12)
    assert world.work().opened == 3
    assert world.sent_besides_offers() == {"mia", "sam", "hr"}
    world.clock.set(2026, 1, 7, 21)
    world.tell(tell_row("ada", manager="sam", on_leave=False))
    assert world.work().opened == 2  # back from leave, and started


def test_partner_on_leave_hears_nothing(world: World, tell_row: Callable[..., Any]) -> None:
    """A partner who is on leave is left alone until he is back; she hears of her check-in all the same."""
    world.tell(tell_row("sam", manager="mia", team="Board", on_leave=True))
    world.open_check_in()
    assert set(world.sent()) == {"ada"}
    world.tell(tell_row("sam", manager="mia", team="Board", on_leave=False))
    world.clock.move(days=7)
    world.work()
    assert {name: len(messages) for name, messages in world.sent().items()} == {"ada": 1, "sam": 1}


def test_leaves_between_opening_and_shift(world: World, tell_row: Callable[..., Any]) -> None:
    """Of the check-in of who leaves between the opening and the first working hour nobody hears."""
    world.start_cycle(people=["ada"])
    world.clock.set(2026, 1, 6, 0, 0)
    world.work()
    world.tell(tell_row("ada", manager="sam", active=False))
    world.clock.set(2026, 1, 6, 12)
    assert world.work().opened == 0
    assert world.sent_besides_offers() == set()


def test_a_host_that_works_at_night_only_is_late_but_tells(world: World) -> None:
    """Where due work runs once a night, people hear of a check-in in one of the nights after it opened, and once."""
    world.start_cycle(people=["ada"])
    told = []
    for day in range(6, 12):
        world.clock.set(2026, 1, day, 1, 0)
        told.append(world.work().deliveries.sent)
    assert told == [0, 0, 2, 0, 0, 0]


def test_who_comes_in_the_midst_hears_in_the_morning(world: World, tell_row: Callable[..., Any]) -> None:
    """Who is back from leave, or changes partner, while a check-in is open, hears of it when the day begins."""
    world.tell(tell_row("ada", manager="sam", on_leave=True))
    world.start_cycle(people=["ada"])
    world.clock.set(2026, 1, 8, 1, 0)
    world.tell(tell_row("ada", manager="sam", on_leave=False))
    assert world.work().deliveries.sent == 0
    world.clock.set(2026, 1, 8, 12)
    assert world.work().deliveries.sent == 2
    world.clock.set(2026, 1, 9, 1, 0)
    world.acting("ada").profile.choose_partner("liam")
    assert world.work().deliveries.sent == 0
    world.clock.set(2026, 1, 9, 12)
    world.work()
    assert set(world.sent()) == {"ada", "sam", "liam"}
    assert [len(sent) for sent in world.sent().values()] == [1, 1, 1]


@pytest.mark.parametrize("manager", ["sam", ""])
def test_whose_partner_leaves_hears_that_she_has_none(world: World, tell_row: Callable[..., Any], manager: str) -> None:
    """Whose partner leaves while a check-in is open hears it, also while the directory still names him as manager."""
    world.open_check_in()
    world.tell(tell_row("ada", manager=manager), tell_row("sam", manager="mia", active=False))
    world.clock.move(days=1)
    world.work()
    assert [it.kind for it in everything(world, Delivery) if it.owner_id == world.id("ada")] == [
        ReminderKind.CHECK_IN_OPEN,
        ReminderKind.CHECK_IN_WITHOUT_PARTNER,
    ]


@pytest.mark.parametrize(("manager", "told_before"), [("sam", {"ada", "sam"}), ("", {"ada"})])
def test_a_message_that_waits_is_of_her_partner_of_now(
    world: World, tell_row: Callable[..., Any], manager: str, told_before: set[str]
) -> None:
    """Of a talk that is with somebody else by the morning, who was to hear of it in the night hears nothing."""
    world.tell(tell_row("ada", manager=manager))
    world.start_cycle(people=["ada"])
    world.clock.set(2026, 1, 7, 1, 0)
    world.work()
    assert {it.owner_id for it in everything(world, Delivery)} == {world.id(name) for name in told_before}
    world.tell(tell_row("ada", manager="zoe"))
    world.clock.set(2026, 1, 7, 12)
    world.work()
    sent = {(it.owner_id, it.kind) for it in everything(world, Delivery) if it.status is DeliveryStatus.SENT}
    assert sent == {
        (world.id("ada"), ReminderKind.CHECK_IN_OPEN),
        (world.id("zoe"), ReminderKind.CHECK_IN_PARTNER),
    }


def test_a_talk_that_was_begun_is_told_of_whatever_became_of_the_rhythm(world: World) -> None:
    """Of a talk that was begun before people hear of it both still hear, also when she has another rhythm by then."""
    cycle = world.start_cycle(people=["ada", "zoe"])
    world.clock.set(2026, 1, 6, 5, 0)
    ada = world.acting("ada")
    begun = world.acting("sam").check_ins.bring_up(ada.check_ins.current(), topics=["Your month"])
    ada.check_ins.choose_rhythm(cycle.id, "FREQ=WEEKLY;BYDAY=SU")
    world.clock.set(2026, 1, 6, 12)
    world.work()
    told = {(it.owner_id, it.kind) for it in everything(world, Delivery) if it.about_id == begun.id}
    assert told == {
        (world.id("ada"), ReminderKind.CHECK_IN_OPEN),
        (world.id("sam"), ReminderKind.CHECK_IN_PARTNER),
    }


def test_a_partner_hears_of_no_talk_that_he_may_not_see(world: World, tell_row: Callable[..., Any]) -> None:
    """Who took a talk back before her partner heard of it, or began it with an earlier one, is told of it herself."""
    world.start_cycle(people=["ada", "liam", "zoe"])
    world.clock.set(2026, 1, 6, 5, 0)
    ada, liam = world.acting("ada"), world.acting("liam")
    ada.visibility.share(ada.check_ins.current(), "only_me")
    liam.check_ins.bring_up(topics=["My month"])
    world.tell(tell_row("liam", manager="zoe"))
    world.clock.set(2026, 1, 6, 12)
    world.work()
    heard = Counter({name: len(messages) for name, messages in world.sent().items()})
    assert heard == {"ada": 1, "liam": 1, "zoe": 1, "mia": 1}
    ada.visibility.share(ada.check_ins.current(), "partner")
    liam.check_ins.hand_over()
    world.work()
    more = Counter({name: len(messages) for name, messages in world.sent().items()}) - heard
    assert more == {"sam": 1, "zoe": 1}


def test_a_message_that_waits_is_not_sent_to_who_may_not_see_it_any_more(world: World) -> None:
    """Who takes a talk back in the night takes it back before her partner hears of it in the morning."""
    world.start_cycle(people=["ada"])
    world.clock.set(2026, 1, 7, 1, 0)
    world.work()
    ada = world.acting("ada")
    ada.visibility.share(ada.check_ins.current(), "only_me")
    world.clock.set(2026, 1, 7, 12)
    world.work()
    assert set(world.sent()) == {"ada"}


AROUND_THE_WORLD = (
    ("ann", "", "Pacific/Kiritimati", "day"),
    ("bea", "ann", "Etc/GMT+12", "evening"),
    ("cas", "ann", "Europe/Amsterdam", "night"),
    ("dag", "bea", "Pacific/Auckland", "evening"),
    ("eva", "cas", "America/New_York", "day"),
    ("fay", "dag", "Asia/Kolkata", "night"),
)
"""People, with the manager, the time zone and the shift of each: no two have the same day."""


@pytest.mark.parametrize("open_days", [1, 3])
def test_around_the_world_each_hears_of_each_check_in_once_and_when_awake(
    make_world: Callable[..., World], tell_row: Callable[..., Any], open_days: int
) -> None:
    """Run every half hour, owner and partner hear of each check-in once, while it is open, in their own working day."""
    world = make_world(
        people=[
            tell_row("hr"),
            *(tell_row(who, manager=to, timezone=at, shift=when) for who, to, at, when in AROUND_THE_WORLD),
        ]
    )
    for every in (3, 4):
        world.start_cycle(
            people=["cas", "dag", "eva", "fay"], cadence=f"FREQ=DAILY;INTERVAL={every}", open_days=open_days
        )
    people = {person.id: person for person in world.ws.people.all()}
    open_ones: dict[str, CheckIn] = {}
    for _ in range(2 * 24 * 9):
        world.clock.move(minutes=30)
        before = len(world.post.sent)
        world.work()
        open_ones |= {it.id: it for name in ("cas", "dag", "eva", "fay") for it in world.acting(name).check_ins.mine()}
        for message in world.post.sent[before:]:
            reader = people[PersonId(message.receiver.person_id)]
            assert world.clock.now.astimezone(reader.zone).time() >= STARTS_AT[reader.shift]
    told = Counter(key for message in world.post.sent for key in message.key.split("+"))
    over = [it for it in open_ones.values() if it.closes_on < world.clock.now.date() - timedelta(days=1)]
    expected = {id_ for it in over for id_ in told_of_check_in(it.id, it.owner_id, it.partner_id).values()}
    assert len(expected) >= 2 * 4 * (9 // 3)
    assert expected <= told.keys()
    assert set(told.values()) == {1}


def test_passes_after_the_last_day(world: World) -> None:
    """An open check-in passes when its last day is over where its owner is, and not before."""
    assert world.open_check_in(open_days=3).closes_on == date(2026, 1, 8)
    world.acting("ada").check_ins.bring_up(topics=["My month"])
    world.clock.set(2026, 1, 8, 22, 59)
    assert world.work().passed == 0
    world.clock.set(2026, 1, 8, 23, 0)  # midnight in Amsterdam
    assert world.work().passed == 1
    assert world.acting("ada").check_ins.current() is None
    world.clock.move(days=1)
    assert world.work().is_empty


def test_held_does_not_pass(world: World) -> None:
    """A check-in that was held or skipped stays so after its last day."""
    world.open_check_in(people=["ada", "liam"])
    world.acting("ada").check_ins.hold()
    world.acting("liam").check_ins.skip()
    world.clock.move(days=20)
    assert world.work().passed == 0


def test_stopped_cycle(world: World) -> None:
    """In a stopped cycle nothing opens any more; a check-in stays open when somebody did something with it."""
    cycle = world.start_cycle(people=["ada", "liam"])
    world.clock.set(2026, 1, 6)
    world.work()
    world.acting("ada").check_ins.bring_up(topics=["My month"])
    cycles = world.acting("hr", roles={"organiser"}).cycles
    cycles.stop(cycle.id)
    world.clock.set(2026, 1, 7)
    assert world.work().is_empty
    assert world.acting("ada").check_ins.current() is not None
    assert world.acting("liam").check_ins.current() is None
    world.clock.set(2026, 2, 3)
    assert world.work().opened == 0
    with pytest.raises(NotFound):
        cycles.stop("organisation.y0")


def test_cycles_take_the_role(world: World) -> None:
    """Only who acts in the role of organiser starts, lists and stops cycles, whoever it is."""
    for name in ("ada", "sam", "hr"):
        cycles = world.acting(name).cycles
        for verb in (lambda: cycles.start(name="x", cadence="FREQ=DAILY"), cycles.all, lambda: cycles.stop("x")):  # noqa: B023
            with pytest.raises(NotAllowed, match="organiser"):
                verb()
    assert world.acting("hr", roles={"organiser"}).cycles.all() == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"cadence": "every month"},
        {"cadence": "FREQ=HOURLY"},
        {"name": ""},
        {"open_days": 0},
        {"people": ["nobody"]},
        {"people": "ada"},
    ],
    ids=repr,
)
def test_bad_cycle(world: World, wrong: dict[str, Any]) -> None:
    """A cycle that cannot be kept is refused, and nothing is written."""
    with pytest.raises((InvalidInput, NotFound)):
        world.start_cycle(**wrong)
    assert world.acting("hr", roles={"organiser"}).cycles.all() == ()


def test_facts_are_kept_for_thirty_days(world: World) -> None:
    """Facts stay for thirty days for who listens late, and are dropped then."""
    ada = world.acting("ada")
    ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    pending = world.store.outbox("default").pending
    world.clock.move(days=29)
    world.work()
    assert pending("fact") == 1
    world.clock.move(days=1)
    world.work()
    assert pending("fact") == 0


def test_progress_is_told(world: World) -> None:
    """Who asks for it hears how far the work is, up to its end."""
    told: list[tuple[str, int, int]] = []
    world.start_cycle()
    world.clock.set(2026, 1, 6, 21)
    world.ws.run_due_work(progress=lambda *step: told.append(step))
    assert told[-1] == ("check-ins", 7, 7)


def test_two_workers_at_once(make_world: Callable[..., World], tmp_path: Path) -> None:
    """Two workers that run at the same time open every period once and send every message once."""
    url = f"sqlite:///{tmp_path}/development.db"
    one = make_world(url)
    two = make_world(url, people=())
    one.start_cycle()
    for at in ((2026, 1, 6, 21, 0), (2026, 2, 3, 21, 0), (2026, 3, 3, 21, 0)):
        reports: list[Any] = []
        errors: list[BaseException] = []
        barrier = threading.Barrier(2)

        def work(
            world: World,
            at: tuple[int, ...] = at,
            barrier: threading.Barrier = barrier,
            reports: list[Any] = reports,
            errors: list[BaseException] = errors,
        ) -> None:
            world.clock.set(*at)
            barrier.wait()
            try:
                reports.append(world.work())
            except BaseException as error:  # noqa: BLE001 - the main thread looks at it
                errors.append(error)

        threads = [threading.Thread(target=work, args=(world,)) for world in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert sum(report.opened for report in reports) == 7
    for world in (one, two):
        world.clock.set(2026, 3, 3, 21, 30)
        world.work()
    assert everything(one, CheckIn) == []
    told = Counter(
        id_ for world in (one, two) for message in world.post.sent + world.pigeon.sent for id_ in message.key.split("+")
    )
    assert set(told.values()) == {1}
    assert set(told) == {
        delivery.id for delivery in everything(one, Delivery) if delivery.status is DeliveryStatus.SENT
    }
    assert one.ws.check() == ()


def test_a_failing_call_anywhere(make_world: Callable[..., World], tell_row: Callable[..., Any]) -> None:
    """Whichever call of a run fails, no message lacks its place, and the next run ends as if nothing had been."""
    few = [tell_row("hr"), tell_row("sam"), tell_row("ada", manager="sam")]
    expected: dict[str, set[str]] | None = None
    for fails_after in [None, *range(200)]:
        world = make_world("frail:", people=few)
        world.start_cycle()
        world.acting("ada").feedback.ask("sam", question="What?")
        world.clock.set(2026, 1, 6, 9)
        world.store.fails_after = fails_after
        failed = False
        try:
            world.work()
        except Unavailable:
            failed = True
            assert_whole(world)
        world.store.fails_after = None
        world.clock.move(minutes=11)
        world.work()
        assert_whole(world)
        keys = Counter(message.key for message in world.post.sent)
        assert max(keys.values()) <= 1 + failed
        told = {name: {id_ for m in messages for id_ in m.key.split("+")} for name, messages in world.sent().items()}
        expected = expected or told
        assert told == expected
        assert world.work().is_empty
        if not failed and fails_after is not None:
            break
    assert fails_after is not None
    assert 20 < fails_after < 199


def assert_whole(world: World) -> None:
    """See that whoever hears of a check-in hears it with its partner, and every waiting message has its place."""
    records, outbox = world.store.state()
    about = Counter(delivery.about_id for delivery in everything(world, Delivery) if delivery.kind in OPENING)
    assert set(about.values()) <= {1, 2}
    assert all(about[it.about_id] == 2 for it in everything(world, Delivery) if it.kind is ReminderKind.CHECK_IN_OPEN)
    waiting = {d.id for d in everything(world, Delivery) if d.status is DeliveryStatus.WAITING}
    assert waiting <= {id_ for id_, (topic, _) in outbox.items() if topic == "delivery"}
    assert records
