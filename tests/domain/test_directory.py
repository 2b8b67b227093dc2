"""People follow their HRIS: planned, guarded, and never more than it told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count, product
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.directory import COLUMNS, DirectoryRow, Guard, Snapshot, SyncPlan, plan_sync, read_row
from ownership.domain.goals import Goal, GoalId
from ownership.domain.people import Audience, Person, PersonId, ReportingLine, Shift, managers_in_a_loop
from ownership.domain.visibility import Relations, decide
from ownership.errors import InvalidInput

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
TODAY = NOW.date()
NO_GUARD = Guard(leavers=1, emptied=1, managers=1)


def ids(prefix: str = "p") -> Callable[[], PersonId]:
    """Count ids up: p1, p2, and so on."""
    numbers = count(1)
    return lambda: PersonId(f"{prefix}{next(numbers)}")


def row(external_id: str, display_name: str = "", **told: Any) -> DirectoryRow:
    """Tell of someone, by default with the id as the name."""
    return DirectoryRow(external_id, display_name or external_id, f"people.csv:{external_id}", **told)


def listed(*rows: DirectoryRow, complete: bool = False) -> Snapshot:
    """Make a snapshot of rows."""
    return Snapshot("afas", rows, is_complete=complete)


def plan(known: Iterable[Person], snapshot: Snapshot, *, guard: Guard = NO_GUARD, now: datetime = NOW) -> SyncPlan:
    """Plan with ids that differ from everyone's: each plan counts on after as many people as it knows."""
    known = tuple(known)
    return plan_sync(known, snapshot, now, new_id=ids(f"p{len(known)}."), guard=guard)


def applied(known: Iterable[Person], changes: SyncPlan) -> tuple[Person, ...]:
    """Give everyone after a plan was carried out."""
    return tuple(({person.id: person for person in known} | {person.id: person for person in changes.people}).values())


def synced(known: Iterable[Person], snapshot: Snapshot, *, now: datetime = NOW) -> tuple[Person, ...]:
    """Plan and carry out, without a guard."""
    known = tuple(known)
    return applied(known, plan(known, snapshot, now=now))


def staff(*external_ids: str, **told: Any) -> tuple[Person, ...]:
    """Give people who work here already."""
    return synced((), listed(*(row(id_, **told) for id_ in external_ids)))


def reported(changes: SyncPlan) -> list[str]:
    """Say what is wrong, as a report shows it."""
    return [str(problem) for problem in changes.problems]


def is_empty(changes: SyncPlan) -> bool:
    """Tell whether a plan changes nothing."""
    return not changes.people and not changes.holds


# Reading a row


def test_every_column_is_read() -> None:
    """Every column that a directory can tell ends in the field that bears its name."""
    told = dict.fromkeys(COLUMNS, " x ") | {
        "active": "ja",
        "on_leave": "no",
        "start_on": "2026-01-02",
        "end_on": "03-02-2026",
    }
    read, problems = read_row(told, "people.csv:2")
    assert problems == []
    assert read == DirectoryRow(
        place="people.csv:2",
        active=True,
        on_leave=False,
        start_on=date(2026, 1, 2),
        end_on=date(2026, 2, 3),
        **dict.fromkeys(("external_id", "display_name"), "x"),
        **dict.fromkeys(("email", "employee_number", "title", "department", "team"), "x"),
        **dict.fromkeys(("manager_id", "locale", "timezone", "shift"), "x"),
    )


def test_an_empty_cell_clears_a_field() -> None:
    """A cell with nothing in it is told as empty, which for a day or a yes or no means that there is none."""
    cells = {"external_id": "E1", "display_name": "Ada", "start_on": "", "active": " "}
    read, problems = read_row(cells, "people.csv:2")
    assert problems == []
    assert read is not None
    assert (read.start_on, read.active) == (None, None)


def test_none_is_not_told() -> None:
    """None, as a column that is absent, is not told; columns of other names are nobody's."""
    read, _ = read_row({"external_id": "E1", "display_name": "Ada", "email": None, "salary": "100"}, "")
    assert read == DirectoryRow("E1", "Ada")


@pytest.mark.parametrize("cells", [{}, {"external_id": "E1"}, {"external_id": " ", "display_name": "Ada"}])
def test_no_row(cells: Mapping[str, str]) -> None:
    """Without an external id and a name there is no row, and every reason is told."""
    read, problems = read_row(cells, "people.csv:2")
    assert read is None
    assert {problem.message for problem in problems} == {"is empty; the row is left out"}


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=20)))
def test_any_text_is_read_or_reported(cells: dict[str, str]) -> None:
    """Whatever the cells hold, a row comes of it or a problem, and the problem shows nothing of the cell."""
    read, problems = read_row(cells, "x:1")
    assert read is not None or problems
    assert all(problem.path.startswith("x:1:") for problem in problems)


# Joiners, changes, leavers


def test_joiners_changed_and_leavers() -> None:
    """Who is new joins, who is told otherwise changes, who is told to have left leaves, and the rest is left alone."""
    known = staff("E1", "E2", "E3")
    changes = plan(known, listed(row("E1"), row("E2", "Sam"), row("E3", active=False, end_on=TODAY), row("E4")))
    assert [person.external_id for person in changes.joiners] == ["E4"]
    assert [person.display_name for person in changes.changed] == ["Sam"]
    assert [(person.external_id, person.end_on) for person in changes.leavers] == [("E3", TODAY)]
    assert changes.unchanged == 1
    assert changes.source == "afas"


def test_joiner() -> None:
    """A joiner has everything that is told, an id of its own, and relations from today on."""
    boss, ada = plan(
        (),
        listed(
            row("E1", "Sam"),
            row(
                "E2",
                "Ada",
                email="ada@example.org",
                employee_number="7",
                title="Engineer",
                department="Technology",
                team="Platform",
                manager_id="E1",
                active=True,
                on_leave=True,
                locale="nl-NL",
                timezone="Europe/Amsterdam",
                shift="Night",
                start_on=date(2026, 3, 1),
                end_on=date(2027, 3, 1),
            ),
        ),
    ).joiners
    assert (ada.id, ada.source, ada.external_id, ada.display_name) == ("p0.2", "afas", "E2", "Ada")
    assert (ada.email, ada.employee_number, ada.title) == ("ada@example.org", "7", "Engineer")
    assert (ada.active, ada.on_leave, ada.start_on, ada.end_on) == (True, True, date(2026, 3, 1), date(2027, 3, 1))
    assert (ada.locale, ada.timezone, ada.shift) == ("nl-NL", "Europe/Amsterdam", Shift.NIGHT)
    (line,) = ada.reporting_lines
    assert (line.manager_id, line.since, line.until) == (boss.id, TODAY, None)
    (place,) = ada.memberships
    assert (place.department, place.team, place.since) == ("Technology", "Platform", TODAY)


def test_second_plan_is_empty() -> None:
    """Once a plan is applied, the same snapshot changes nothing."""
    snapshot = listed(
        row("E1", title="Lead"), row("E2", manager_id="E1", team="A"), row("E3", active=False), complete=True
    )
    known = synced(staff("E2", "E9"), snapshot)
    again = plan(known, snapshot)
    assert is_empty(again)
    assert again.unchanged == len(known) == 4


def test_new_id_is_asked_per_joiner() -> None:
    """Ids come from outside and only for those who are new: the plan draws none itself."""
    new_id = ids()
    changes = plan_sync((), listed(row("E1"), row("E2")), NOW, new_id=new_id)
    assert [person.id for person in changes.joiners] == ["p1", "p2"]
    plan_sync(changes.people, listed(row("E1"), row("E2", title="Cook")), NOW, new_id=new_id)
    assert new_id() == "p3"


def test_other_sources_are_left_alone() -> None:
    """People from another source are neither changed nor made to leave, even with the same external id."""
    ours = staff("E1")
    theirs = Person(id=PersonId("x1"), display_name="Ada", external_id="E1", source="csv")
    changes = plan((*ours, theirs), listed(complete=True))
    assert [person.id for person in changes.people] == [ours[0].id]


def test_duplicate_id() -> None:
    """Two rows with the same external id refuse the snapshot, naming both places."""
    twice = listed(
        row("E1"), row("E2"), evolve(row("E1"), place="people.csv:14"), evolve(row("E2"), place="people.csv:15")
    )
    with pytest.raises(InvalidInput) as caught:
        plan((), twice)
    assert [str(problem) for problem in caught.value.problems] == [
        "people.csv:14:external_id: 'E1' stands already at people.csv:E1; one must go",
        "people.csv:15:external_id: 'E2' stands already at people.csv:E2; one must go",
    ]


def test_problems_of_reading_come_along() -> None:
    """What was wrong while reading stands in the plan before what is wrong in it."""
    read = read_row({"external_id": "E1", "display_name": "Ada", "active": "perhaps", "email": "ada"}, "people.csv:2")
    assert read[0] is not None
    assert reported(plan((), Snapshot("afas", (read[0],), problems=tuple(read[1])))) == [
        "people.csv:2:active: is neither yes nor no; it is left out",
        "people.csv:2:email: is not an e-mail address; it is left out",
    ]


# What cannot be used


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("email", "ada@", "ada@example.org"),
        ("email", "ada@example.org\nBcc: all@example.org", "ada@example.org"),
        ("timezone", "Mokum", "Europe/Amsterdam"),
        ("timezone", "../../etc/passwd", "Europe/Amsterdam"),
        ("locale", "Dutch, I think", "nl-NL"),
        ("locale", "nl\u202e", "nl-NL"),
        ("title", "Cook\0", "Cook"),
        ("employee_number", "7" * 201, "7"),
        ("start_on", date(1, 1, 1), date(2026, 1, 1)),
        ("end_on", date(9999, 12, 31), date(2027, 1, 1)),
    ],
)
def test_unusable_field(name: str, wrong: object, right: object) -> None:
    """A field that cannot be used is reported without its text and stays as known; the rest of the row is used."""
    known = staff("E1", **{name: right})
    assert getattr(known[0], name) == right
    changes = plan(known, listed(row("E1", "Ada", **{name: wrong})))
    (after,) = changes.changed
    assert (after.display_name, getattr(after, name)) == ("Ada", right)
    (problem,) = changes.problems
    assert problem.path == f"people.csv:E1:{name}"
    assert problem.message.endswith("it is left out")
    assert str(wrong) not in problem.message


@pytest.mark.parametrize("name", ["department", "team"])
def test_unusable_place(name: str) -> None:
    """A department or team that cannot be kept is reported, and she stays where she was."""
    known = staff("E1", department="A", team="B")
    changes = plan(known, listed(row("E1", **{name: "\u202e" * 9})))
    assert is_empty(changes)
    assert [problem.path for problem in changes.problems] == [f"people.csv:E1:{name}"]


@pytest.mark.parametrize("known", [(), staff("E1")], ids=["joiner", "known"])
def test_unusable_name(known: tuple[Person, ...]) -> None:
    """A row whose name cannot be kept is left out and reported; who is known stays as she was, and does not leave."""
    changes = plan(known, listed(row("E1", "Ada\nde Vries"), row("E2"), complete=True))
    assert [person.external_id for person in changes.people] == ["E2"]
    assert reported(changes) == [
        "people.csv:E1:display_name: has a line break or tab; one line is needed; the row is left out"
    ]


def test_unknown_shift() -> None:
    """A shift that is not known here becomes another shift, and never stops a row."""
    assert staff("E1", shift="split")[0].shift is Shift.OTHER


# Not told, and told to be empty


def test_absent_keeps() -> None:
    """What is not told stays as it is known."""
    known = staff(
        "E1",
        email="ada@example.org",
        employee_number="7",
        title="Cook",
        department="Care",
        team="A",
        manager_id="",
        on_leave=True,
        locale="nl",
        timezone="Asia/Kolkata",
        shift="night",
        start_on=TODAY,
    )
    assert is_empty(plan(known, listed(row("E1"))))


def test_empty_empties() -> None:
    """What is told to be empty becomes empty."""
    known = synced(
        staff("E0"),
        listed(
            row(
                "E1",
                email="a@example.org",
                employee_number="7",
                title="Cook",
                department="D",
                team="T",
                manager_id="E0",
            )
        ),
    )
    nothing = dict.fromkeys(("email", "employee_number", "title", "department", "team", "manager_id"), "")
    tomorrow = NOW + timedelta(days=1)
    (after,) = plan(known, listed(row("E1", **nothing)), now=tomorrow).changed
    assert (after.email, after.employee_number, after.title) == (None, "", "")
    assert after.reporting_line_on(tomorrow.date()) is None
    place = after.membership_on(tomorrow.date())
    assert place is not None
    assert (place.department, place.team) == ("", "")
    assert after.reporting_line_on(TODAY) is not None


def test_what_cannot_be_empty_stays() -> None:
    """An empty language, time zone or shift tells nothing: nobody can be without."""
    known = staff("E1", locale="nl-NL", timezone="Asia/Kolkata", shift="night")
    changes = plan(known, listed(row("E1", locale="", timezone="", shift="")))
    assert is_empty(changes)
    assert changes.problems == ()


@pytest.mark.parametrize(("name", "other"), [("team", "department"), ("department", "team")])
def test_half_a_place(name: str, other: str) -> None:
    """When only the team is told the department stays, and the other way round."""
    known = staff("E1", department="Care", team="A")
    (after,) = plan(known, listed(row("E1", **{name: "New"}))).changed
    assert getattr(after.memberships[-1], name) == "New"
    assert getattr(after.memberships[-1], other) == getattr(known[0].memberships[-1], other)


def test_overrides_are_never_touched() -> None:
    """The time zone and language that a person chose stay, whatever the directory tells."""
    (known,) = staff("E1", locale="nl-NL", timezone="Europe/Amsterdam")
    wish = evolve(known, locale_override="en-GB", timezone_override="Asia/Kolkata", partner_id=PersonId("p9"))
    (after,) = plan([wish], listed(row("E1", locale="de-DE", timezone="UTC"))).changed
    assert (after.locale, after.timezone) == ("de-DE", "UTC")
    assert (after.locale_override, after.timezone_override, after.partner_id) == ("en-GB", "Asia/Kolkata", "p9")


# Leaving and coming back


def test_only_complete_snapshots_make_leavers() -> None:
    """Who is not named leaves when the snapshot says it is complete, and otherwise stays."""
    known = staff("E1", "E2", "E3")
    assert is_empty(plan(known, listed(row("E1"))))
    changes = plan(known, listed(row("E1"), complete=True))
    assert [(person.external_id, person.active, person.end_on) for person in changes.leavers] == [
        ("E2", False, TODAY),
        ("E3", False, TODAY),
    ]


def test_leaving_keeps_an_end_that_is_known() -> None:
    """Who leaves by not being named keeps the end date that was told before."""
    known = staff("E1", end_on=date(2026, 1, 10))
    assert plan(known, listed(complete=True)).leavers[0].end_on == date(2026, 1, 10)


@pytest.mark.parametrize("told", [{"active": True}, {}], ids=["told", "named in a complete snapshot"])
def test_rehire(told: dict[str, Any]) -> None:
    """Who comes back is the same person, with the same id, and no longer has an end."""
    (before,) = staff("E1")
    (left,) = synced([before], listed(complete=True))
    assert not left.works_on(TODAY + timedelta(days=1))
    changes = plan([left], listed(row("E1", **told), complete=True))
    assert changes.joiners == ()
    (back,) = changes.changed
    assert (back.id, back.active, back.end_on) == (before.id, True, None)
    assert back.works_on(TODAY + timedelta(days=30))


def test_rehire_with_another_manager() -> None:
    """Who comes back to another manager keeps the history: the old line ends that day, and the new one begins."""
    known = synced(staff("E8", "E9"), listed(row("E1", manager_id="E8", team="North")))
    left = synced(known, listed(row("E1", active=False)), now=NOW + timedelta(days=30))
    back_at = NOW + timedelta(days=400)
    back = synced(left, listed(row("E1", active=True, manager_id="E9", team="South")), now=back_at)
    ids_of = {person.external_id: person.id for person in back}
    (ada,) = (person for person in back if person.external_id == "E1")
    assert ada.reporting_lines == (
        ReportingLine(ids_of["E8"], TODAY, back_at.date()),
        ReportingLine(ids_of["E9"], back_at.date()),
    )
    assert [membership.team for membership in ada.memberships] == ["North", "South"]
    assert ada.id == next(person.id for person in known if person.external_id == "E1")


@pytest.mark.parametrize(
    "snapshot", [listed(row("E1", "Ada")), listed(row("E1", "Ada"), row("E2", active=True), complete=True)]
)
def test_naming_alone_is_no_rehire(snapshot: Snapshot) -> None:
    """Being named brings nobody back when the snapshot is not complete, or tells of others whether they are active."""
    (left,) = synced(staff("E1"), listed(complete=True))
    (after,) = plan([left], snapshot).changed
    assert after.active is False


def test_leaver_in_the_first_file() -> None:
    """Someone whom the first file already calls a leaver comes in as such, and is no leaver of today."""
    changes = plan((), listed(row("E1", active=False, end_on=date(2025, 12, 1))))
    assert changes.leavers == ()
    assert changes.joiners[0].active is False


# Managers


def test_managers_in_any_order() -> None:
    """A manager may stand anywhere in the file, join in it, be known from before or have left."""
    known = synced(staff("E8"), listed(row("E9", active=False)))
    changes = plan(known, listed(row("E2", manager_id="E1"), row("E1", manager_id="E8"), row("E3", manager_id="E9")))
    assert changes.problems == ()
    names = {person.id: person.external_id for person in applied(known, changes)}
    assert {person.external_id: names[person.manager_id[0]] for person in changes.joiners} == {  # type: ignore[index]
        "E2": "E1",
        "E1": "E8",
        "E3": "E9",
    }


def test_unknown_manager() -> None:
    """A manager whom nobody knows is reported; the row comes in without a manager."""
    changes = plan((), listed(row("E1", manager_id="E404")))
    assert reported(changes) == ["people.csv:E1:manager_id: 'E404' is nobody here; no manager is set"]
    assert changes.joiners[0].reporting_lines == ()


def test_an_address_of_two() -> None:
    """Two people at work with one e-mail address are reported and both kept; a leaver's old address is free again."""
    shared = [
        row("E1", email="ada@example.org"),
        row("E2", email="Ada@Example.org"),
        row("E3", email="eve@example.org"),
    ]
    changes = plan((), listed(*shared, row("E4", email="eve@example.org", active=False)))
    assert reported(changes) == [
        "people.csv:E2:email: stands already at people.csv:E1; neither can be found by it",
    ]
    assert [person.email for person in changes.joiners[:2]] == ["ada@example.org", "Ada@Example.org"]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_loop(size: int) -> None:
    """Who reports to themselves, in one step or more, is reported and gets no manager; who hangs below keeps theirs."""
    loop = [row(f"E{number}", manager_id=f"E{(number + 1) % size}") for number in range(size)]
    changes = plan((), listed(*loop, row("E9", manager_id="E0")))
    assert reported(changes) == [
        f"people.csv:E{number}:manager_id: leads back to this person in a loop; no manager is set"
        for number in range(size)
    ]
    assert [bool(person.reporting_lines) for person in changes.joiners] == [False] * size + [True]


def test_loop_through_what_is_known() -> None:
    """A loop that closes through a line known from before is found too, and the known line stays."""
    known = synced((), listed(row("E1"), row("E2", manager_id="E1")))
    changes = plan(known, listed(row("E1", manager_id="E2")))
    assert is_empty(changes)
    assert [problem.path for problem in changes.problems] == ["people.csv:E1:manager_id"]


def test_turned_around() -> None:
    """When manager and report change places there is no loop, though the old line points the other way."""
    known = synced((), listed(row("E1", manager_id=""), row("E2", manager_id="E1")))
    tomorrow = NOW + timedelta(days=1)
    changes = plan(known, listed(row("E1", manager_id="E2"), row("E2", manager_id="")), now=tomorrow)
    assert changes.problems == ()
    lines = {person.external_id: person.reporting_line_on(tomorrow.date()) for person in changes.changed}
    assert lines["E2"] is None
    assert lines["E1"] is not None


def test_another_manager_is_dated() -> None:
    """A new manager begins on the day of the snapshot where the person lives, and the old line ends on that day."""
    known = synced(staff("E1", "E2"), listed(row("E3", manager_id="E1", timezone="Pacific/Auckland")))
    late = datetime(2026, 2, 1, 12, tzinfo=UTC)
    (after,) = plan(known, listed(row("E3", manager_id="E2")), now=late).changed
    old, new = after.reporting_lines
    assert old.until == new.since == date(2026, 2, 2)


def returns(start: str, manager_of: Mapping[str, str]) -> bool:
    """Walk up for as many steps as there are people, and see whether the start comes back: the naive way."""
    at = start
    for _ in manager_of:
        if at not in manager_of:
            return False
        at = manager_of[at]
        if at == start:
            return True
    return False


def test_every_organisation_of_five() -> None:
    """In all 7,776 ways in which five people can report to one of five or nobody, exactly the loops are found."""
    people = "abcde"
    graphs = 0
    for managers in product((*people, None), repeat=5):
        manager_of = {person: manager for person, manager in zip(people, managers, strict=True) if manager}
        assert managers_in_a_loop(manager_of) == {person for person in people if returns(person, manager_of)}
        graphs += 1
    assert graphs == 7_776


def test_rights_in_every_organisation_of_five() -> None:
    """In all 7,776 ways who is in a loop shows nothing to a manager, and everyone else shows it to theirs alone."""
    people, seen = "abcde", 0
    for managers in product((*people, ""), repeat=5):
        told = dict(zip(people, managers, strict=True))
        everyone = {
            each.external_id: each for each in synced((), listed(*(row(e, manager_id=m) for e, m in told.items())))
        }
        named = {name: manager for name, manager in told.items() if manager}
        for name, owner in everyone.items():
            goal = Goal(GoalId(f"{owner.id}.g"), owner.id, "x", NOW, audience=Audience.of("manager"), shared_on=TODAY)
            see = {n for n, viewer in everyone.items() if n != name and decide(viewer, goal, Relations(owner, TODAY))}
            assert see == (set() if returns(name, named) else {manager for manager in [told[name]] if manager})
            seen += len(see)
    assert seen > 7_776


def test_long_line_of_managers() -> None:
    """A line of 100,000 managers is walked in time that grows with it alone."""
    line = {str(number): str(number + 1) for number in range(100_000)}
    assert managers_in_a_loop(line) == frozenset()
    assert len(managers_in_a_loop(line | {"100000": "50000"})) == 50_001


# The guard


def ten() -> tuple[Person, ...]:
    """Give a boss with nine people, who have a title, an address and a team."""
    rows = [row(f"E{n}", title="Cook", email=f"e{n}@example.org", manager_id="E0", team="A") for n in range(1, 10)]
    return synced((), listed(row("E0"), *rows))


HOLDS: Mapping[str, tuple[str, Callable[[int], Snapshot]]] = {
    "told": ("leave", lambda many: listed(*(row(f"E{n}", active=False) for n in range(1, many + 1)))),
    "not named": ("leave", lambda many: listed(*(row(f"E{n}") for n in range(10 - many)), complete=True)),
    "title": ("lose a field", lambda many: listed(*(row(f"E{n}", title="") for n in range(1, many + 1)))),
    "email": ("lose a field", lambda many: listed(*(row(f"E{n}", email="") for n in range(1, many + 1)))),
    "team": ("lose a field", lambda many: listed(*(row(f"E{n}", team="") for n in range(1, many + 1)))),
    "manager": ("change manager", lambda many: listed(*(row(f"E{n}", manager_id="") for n in range(1, many + 1)))),
}


@pytest.mark.parametrize(("what", "tell"), HOLDS.values(), ids=HOLDS)
def test_guard(what: str, tell: Callable[[int], Snapshot]) -> None:
    """Two in ten pass by default and three in ten are held, for leavers, emptied fields and managers alike."""
    assert plan(ten(), tell(2), guard=Guard()).holds == ()
    assert plan(ten(), tell(3), guard=Guard()).holds == (f"3 of 10 people would {what}, more than the guard's 20%",)


def test_guards_hold_apart() -> None:
    """Each guard counts for itself, and every one that is exceeded is named."""
    changes = plan(
        ten(),
        listed(
            *(row(f"E{n}", active=False) for n in (1, 2, 3)),
            *(row(f"E{n}", title="", manager_id="") for n in (4, 5, 6)),
        ),
        guard=Guard(leavers=0.2, emptied=0.2, managers=0.2),
    )
    assert [hold.split(" people would ")[1].split(",")[0] for hold in changes.holds] == [
        "leave",
        "lose a field",
        "change manager",
    ]


def test_confirmed() -> None:
    """A plan that a person confirmed is the same plan, held by nothing."""
    changes = plan(ten(), listed(complete=True), guard=Guard())
    assert changes.holds
    assert changes.confirmed().holds == ()
    assert changes.confirmed().people == changes.people


def test_guard_counts_who_works_here() -> None:
    """A hundred people who left long ago do not make the guard wider for the ten who work here."""
    left = [
        Person(id=PersonId(f"x{n}"), display_name="x", external_id=f"X{n}", source="afas", active=False)
        for n in range(100)
    ]
    changes = plan((*ten(), *left), listed(*(row(f"E{n}", active=False) for n in (1, 2, 3))), guard=Guard())
    assert changes.holds == ("3 of 10 people would leave, more than the guard's 20%",)
    changes = plan((*ten(), *left), listed(*(row(f"X{n}", manager_id="E0") for n in range(100))), guard=Guard())
    assert (len(changes.changed), changes.holds) == (100, ())


def test_first_synchronisation_is_not_held() -> None:
    """Where nobody is known there is nothing to guard."""
    assert plan((), listed(row("E1"), row("E2", manager_id="E1"), complete=True), guard=Guard(0, 0, 0)).holds == ()


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["leavers", "emptied", "managers"])
def test_no_guard_without_a_share(name: str, share: float) -> None:
    """A guard is a share from nothing to everyone; nothing else switches it off."""
    with pytest.raises(InvalidInput, match=f"guard.{name}"):
        Guard(**{name: share})


# Corrupted snapshots

EXTERNAL_IDS = tuple(f"E{number}" for number in range(9))
SHARES = (0.0, 0.1, 0.2, 0.5, 1.0)
PERHAPS: Mapping[str, Sequence[Any]] = {
    "display_name": ["Ada", "Sam", "", "a\nb", "\0"],
    "email": [None, "", "ada@example.org", "ada", "a b@example.org"],
    "title": [None, "", "Cook", "\u202e"],
    "department": [None, "", "Care"],
    "team": [None, "", "A", "B", "\ud800"],
    "manager_id": [None, "", "E404", *EXTERNAL_IDS],
    "active": [None, True, True, False],
    "locale": [None, "", "nl-NL", "?"],
    "timezone": [None, "", "Pacific/Auckland", "America/New_York", "Mars/Base"],
    "shift": [None, "", "night", "split"],
    "start_on": [None, TODAY, date(1, 1, 1)],
    "end_on": [None, TODAY, date(9999, 12, 31)],
}


def promises_are_kept(first: Snapshot, second: Snapshot, guard: Guard) -> None:
    """Check what must hold whatever two snapshots tell, one after the other."""
    known = tuple(evolve(person, timezone_override="Asia/Kolkata") for person in synced((), first))
    changes = plan(known, second, guard=guard)
    after = {person.id: person for person in applied(known, changes)}

    working = [person for person in known if person.active]
    gone = {person.external_id for person in working if not after[person.id].active}
    assert changes.holds or len(gone) <= guard.leavers * len(working)
    assert second.is_complete or gone <= {told.external_id for told in second.rows if told.active is False}
    assert all(after[person.id].timezone_override == "Asia/Kolkata" for person in known)
    assert all(after[person.id].external_id == person.external_id for person in known)
    assert not looping(after.values())
    assert is_empty(plan(after.values(), second, guard=guard))


def looping(people: Iterable[Person]) -> set[str]:
    """Find who returns to themselves along the lines of today, the naive way."""
    lines = {person.id: person.reporting_line_on(NOW.astimezone(person.zone).date()) for person in people}
    manager_of = {str(id_): str(line.manager_id) for id_, line in lines.items() if line}
    return {id_ for id_ in manager_of if returns(id_, manager_of)}


@given(data=st.data(), guard=st.builds(Guard, *[st.sampled_from(SHARES)] * 3))
def test_any_two_snapshots(data: st.DataObject, guard: Guard) -> None:
    """Whatever is told, nobody beyond the guard leaves unheld, wishes stay, and a second plan is empty."""
    fields = {name: st.sampled_from(values) for name, values in PERHAPS.items()}
    rows = st.builds(DirectoryRow, st.sampled_from(EXTERNAL_IDS), place=st.just("x:1"), **fields)
    lists = st.lists(rows, max_size=9, unique_by=lambda told: told.external_id)
    first, second = (listed(*data.draw(lists), complete=data.draw(st.booleans())) for _ in range(2))
    promises_are_kept(first, second, guard)


def test_corrupted_snapshots() -> None:
    """The same holds for 2,000 snapshots that are corrupted by chance."""
    dice = Random(2026)

    def snapshot() -> Snapshot:
        told = dice.sample(EXTERNAL_IDS, dice.randint(0, 9))
        rows = (row(id_, **{name: dice.choice(values) for name, values in PERHAPS.items()}) for id_ in told)
        return listed(*rows, complete=dice.random() < 0.5)

    for _ in range(2_000):
        promises_are_kept(snapshot(), snapshot(), Guard(*(dice.choice(SHARES) for _ in range(3))))
