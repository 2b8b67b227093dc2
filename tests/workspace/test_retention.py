"""Nothing is kept longer than its class says, and nothing that is open is taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from tests.workspace.lives import HER, a_life
from tests.workspace.test_erasure import NOW, a_workspace, store_life

from ownership import Retention, Workspace
from ownership.domain.classification import Term
from ownership.domain.goals import GoalId
from ownership.domain.people import Person, PersonId
from ownership.domain.reminders import Delivery, DeliveryId, DeliveryStatus
from ownership.ports.storage import COLLECTIONS, owner_of
from ownership.workspace.records import SHELVES, from_record
from ownership.workspace.retention import WITH_TERM, let_go

if TYPE_CHECKING:
    from tests.workspace.conftest import World

    from ownership.domain.directory import DirectoryRow


def kept_too_long(workspace: Workspace, on: date) -> list[str]:
    """Give all that is past its term on a day and not open, looking through everything: kind and id."""
    store: Any = workspace._desk.store
    with store.reading("default") as unit:
        things = [(cls, from_record(r)) for cls, (name, _) in SHELVES.items() for r in unit.find(name)]
    left_on = {thing.id: thing.end_on for cls, thing in things if cls is Person}
    late = []
    for cls, thing in things:
        until = cls.keeping.kept_until(thing, left_on.get(owner_of(thing.id)), workspace._desk.retention)
        is_open = isinstance(thing, Delivery) and thing.status is DeliveryStatus.WAITING
        if until is not None and until < on and not is_open:
            late.append(thing.id)
    return late


class TestTenYears:
    @pytest.mark.parametrize("seed", range(5))
    def test_nothing_is_past_its_term_in_ten_years(self, seed: int) -> None:
        """Whatever was stored, with the clock moved ten years nothing is kept that is past its term."""
        life = a_life(Random(seed))
        person = evolve(life.person, end_on=date(2026, 2, 1), start_on=None)
        with a_workspace("memory:") as workspace:
            store_life(workspace, evolve(life, person=person))
            later = NOW + timedelta(days=3653)
            workspace._desk.clock = lambda: later
            assert kept_too_long(workspace, later.date())
            let_go(workspace._desk)
            assert kept_too_long(workspace, later.date()) == []
            assert not any(id_ for name in COLLECTIONS for id_ in ids_of(workspace, name) if owner_of(id_) == HER)

    def test_a_life_that_was_lived(self, world: World, tell_row: Callable[..., DirectoryRow]) -> None:
        """Ten years after months of work, with people who left, one run of due work leaves nothing past its term."""
        world.open_check_in("ada")
        world.given()
        world.acting("ada").feedback.received()
        world.acting("ada").team.plan_moment(theme="Learning", on=date(2026, 1, 20))
        world.tell(tell_row("ada", manager="sam", active=False))
        world.clock.move(days=3653)
        assert world.work().let_go
        assert kept_too_long(world.ws, world.clock.now.date()) == []
        assert world.work().let_go == 0


@contextmanager
def asked(workspace: Workspace) -> Iterator[list[str]]:
    """Keep what a SQLite store is asked."""
    store: Any = workspace._desk.store
    statements: list[str] = []
    for connection in store._connections._open:
        connection.set_trace_callback(statements.append)
    try:
        yield statements
    finally:
        for connection in store._connections._open:
            connection.set_trace_callback(None)


def ids_of(workspace: Workspace, collection: str) -> list[str]:
    """Give the ids of all records of a collection."""
    with workspace._desk.store.reading("default") as unit:
        return [record.id for record in unit.find(collection)]


class TestTerms:
    def test_a_leaver_is_kept_until_the_term_is_over(self, world: World, tell_row: Callable[..., DirectoryRow]) -> None:
        """What is a leaver's is there on the last day of the term, and gone on the day after, in others' eyes too."""
        world.given("ada", "liam")
        world.acting("ada").goals.draft(title="Mine")
        world.tell(tell_row("ada", manager="sam", active=False))
        world.clock.move(days=90)
        world.work()
        her = world.id("ada")
        assert ids_of(world.ws, "goals")
        world.clock.move(days=1)
        assert world.work().let_go
        assert (her in ids_of(world.ws, "people"), ids_of(world.ws, "goals")) == (False, [])
        assert world.acting("liam").feedback.received()[0].author_id.startswith("left")

    def test_what_is_open_is_never_taken_away(self, world: World) -> None:
        """A message that still waits stays, however old it is; one that was read long ago goes."""
        world.given()
        her = world.id("ada")
        with world.ws._desk.reading() as unit:
            (told,) = unit.all_of(her, Delivery)
        world.clock.move(days=400)
        assert let_go(world.ws._desk) == 0
        with world.ws._desk.writing() as unit:
            unit.save(told.lapse())
        assert let_go(world.ws._desk) == 1

    def test_every_term_has_its_key(self) -> None:
        """A class with a term has a key for the day from which it counts, and each term but one has a class."""
        assert all("since" in COLLECTIONS[collection] for collection, _ in WITH_TERM.values())
        assert {term for _, term in WITH_TERM.values()} == set(Term) - {Term.AFTER_LEAVING}

    def test_a_host_chooses_within_bounds(self, world: World) -> None:
        """With a shorter term a message goes sooner."""
        world.given()
        world.work()
        world.ws._desk.retention = Retention(messages=30)
        world.clock.move(days=32)
        assert world.work().let_go == 1

    def test_it_goes_on_batch_after_batch(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """However many there are, and with some that stay among them, all that is over goes, in units of one batch."""
        monkeypatch.setattr("ownership.workspace.retention.BATCH", 3)
        for _ in range(8):
            world.given()
        world.work()
        world.given()
        world.clock.move(days=400)
        assert let_go(world.ws._desk) == 8
        assert len(ids_of(world.ws, "deliveries")) == 1

    def test_a_batch_takes_the_same_few_statements(self, make_world: Callable[..., World], tmp_path: Path) -> None:
        """However many records a batch lets go of, SQLite is asked the same number of things."""
        world = make_world(f"sqlite:///{tmp_path}/life.db?synchronous=NORMAL")
        world.given()
        her = world.id("ada")
        with world.ws._desk.writing() as unit:
            (told,) = unit.all_of(her, Delivery)
            over = unit.save(told.lapse())
        world.clock.move(days=400)
        counts = []
        for number in (3, 150):
            with world.ws._desk.writing() as unit:
                unit.put(
                    *(evolve(over, id=DeliveryId(f"{over.owner_id}.d{each:021}"), version=1) for each in range(number))
                )
            with asked(world.ws) as statements:
                assert let_go(world.ws._desk) >= number
            counts.append(len(statements))
        assert counts[0] == counts[1] < 40

    def test_each_leaver_goes_in_one_unit_whatever_she_had(
        self, make_world: Callable[..., World], tell_row: Callable[..., DirectoryRow], tmp_path: Path
    ) -> None:
        """A leaver with a hundred things takes as many statements as one with three, and each leaver is one unit."""
        world = make_world(f"sqlite:///{tmp_path}/life.db?synchronous=NORMAL")
        goal, counts = world.acting("ada").goals.draft(title="Mine"), []
        for name, number in (("liam", 3), ("noor", 100)):
            her = world.id(name)
            goals = [
                evolve(goal, id=GoalId(f"{her}.g{each:021}"), owner_id=PersonId(her), version=1)
                for each in range(number)
            ]
            with world.ws._desk.writing() as unit:
                unit.put(*goals)
            world.tell(tell_row(name, manager="sam", active=False))
            world.work()
            world.clock.move(days=91)
            with asked(world.ws) as statements:
                assert let_go(world.ws._desk) == 1
            counts.append((len(statements), statements.count("COMMIT")))
        assert counts[0] == counts[1]

    def test_who_works_here_is_not_let_go(self, world: World, tell_row: Callable[..., DirectoryRow]) -> None:
        """Somebody who came back is at work, whatever her earlier end was."""
        world.tell(tell_row("ada", manager="sam", active=False))
        world.clock.move(days=30)
        world.tell(tell_row("ada", manager="sam", active=True))
        world.clock.move(days=400)
        world.work()
        assert world.id("ada") in ids_of(world.ws, "people")
