"""Laws about two units at once: in any order of their steps, and about many writers who race."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from random import Random
from threading import Barrier, Semaphore, Thread

from ownership.errors import Conflict, Unavailable
from ownership.ports.storage import Record, Store, Unit
from ownership.testing.laws import law
from ownership.testing.stores.place import StoreLaws
from ownership.testing.stores.vocabulary import at_once, entry, found, read, record, write

Step = Callable[[Unit], object]

PATIENCE = 0.02
"""Seconds after which a step that has not ended is taken to wait for the other unit."""

ENOUGH = 120
"""Seconds after which a unit that has not ended never will."""


REFUSALS = (Conflict, Unavailable)
"""How a store tells a unit that another one was first; after either, one reads again and tries again."""


class Hand:
    """A unit in a thread of its own, of which one step at a time is taken: its beginning, its work, its end."""

    def __init__(self, opening: AbstractContextManager[Unit], steps: Sequence[Step]) -> None:
        self.seen: list[object] = []
        self.refusal: Exception | None = None
        self.error: BaseException | None = None
        self._opening = opening
        self._steps = steps
        self._go, self._done = Semaphore(0), Semaphore(0)
        self._thread = Thread(target=self._play, daemon=True)
        self._thread.start()

    def _play(self) -> None:
        try:
            self._go.acquire()
            with self._opening as unit:
                for step in self._steps:
                    self._rest()
                    self.seen.append(step(unit))
                self._rest()
        except REFUSALS as error:
            self.refusal = error
        except BaseException as error:  # noqa: BLE001 - it is raised again in the thread that looks
            self.error = error
        self._done.release(len(self._steps) + 2)

    def _rest(self) -> None:
        self._done.release()
        self._go.acquire()

    def step(self) -> None:
        """Take a step, and wait for its end unless it waits for the other."""
        self._go.release()
        self._done.acquire(timeout=PATIENCE)

    def end(self) -> None:
        """Take all steps that are left."""
        self._go.release(len(self._steps) + 2)

    def join(self) -> None:
        """Wait for the end, and raise what was not expected."""
        self._thread.join(ENOUGH)
        assert not self._thread.is_alive(), "a unit waits for ever"
        if self.error and not isinstance(self.error, Rollback):
            raise self.error


class Rollback(Exception):
    """The end of a unit that is to leave nothing."""


def roll_back(_: Unit) -> None:
    """Have the unit undone."""
    raise Rollback


def play(order: str, a: Hand, b: Hand) -> None:
    """Take the steps of two units in an order, such as ``abba``, and then what is left of both."""
    for letter in order:
        (a if letter == "a" else b).step()
    a.end()
    b.end()
    a.join()
    b.join()


def orders(a: int, b: int, count: int) -> Iterator[str]:
    """Draw orders of so many steps of two units; the same ones every time."""
    random = Random(a * 31 + b)
    yield "ab" * min(a, b)
    for _ in range(count - 1):
        letters = ["a"] * (a + 1) + ["b"] * (b + 1)
        random.shuffle(letters)
        yield "".join(letters)


def body(unit: Unit, id_: str) -> str:
    """Give the body of a record as a unit sees it."""
    return unit.get("goals", [id_])[0].body


def adding(id_: str) -> list[Step]:
    """Read a number in one step, and put the next one over it in another."""
    seen: list[tuple[int, int]] = []

    def look(unit: Unit) -> None:
        (got,) = unit.get("goals", [id_])
        seen.append((got.version, int(got.body)))

    def put(unit: Unit) -> None:
        version, number = seen[-1]
        unit.put([record(id_, version + 1, str(number + 1))])

    return [look, put]


class Interleavings(StoreLaws):
    """Isolation: what two units may see of each other, and who wins."""

    @law(
        "STO-070",
        why="Two people add something to the same thing at once; both additions must be there, or one is told.",
        causes=("the version is read in one transaction and compared in another", "READ COMMITTED without a version"),
    )
    def test_sto_070_no_update_is_lost(self) -> None:
        """Of two units that read a record and put the next, in any order of their steps, none is lost in silence."""
        for order in orders(4, 4, self.effort.orders):
            with self.opened() as store:
                write(store, record("p.g1", body="0"))
                a, b = (Hand(store.writing("acme"), adding("p.g1")) for _ in range(2))
                play(order, a, b)
                won = [hand for hand in (a, b) if not hand.refusal]
                assert won, order
                assert read(store, "p.g1") == [("p.g1", 1 + len(won), str(len(won)))], order

    @law(
        "STO-071",
        why="What a unit takes back was never there; who acted on it acted on nothing.",
        causes=("READ UNCOMMITTED", "a reader that takes no snapshot of a store in memory"),
    )
    def test_sto_071_nothing_unfinished_is_seen(self) -> None:
        """Nobody sees what another unit has written so far, in any order: not what it undoes, nor what it replaces."""
        looks: list[Step] = [lambda unit: body(unit, "p.g1"), lambda unit: len(list(unit.find("goals")))]
        halves: list[Step] = [
            lambda unit: unit.put([record("p.g1", 2, "half"), record("q.g1")]),
            lambda unit: unit.put([record("p.g1", 3, "half")]),
            roll_back,
        ]
        for order in orders(5, 4, self.effort.orders):
            with self.opened() as store:
                write(store, record("p.g1", body="whole"))
                writer, reader = Hand(store.writing("acme"), halves), Hand(store.reading("acme"), looks)
                play(order, writer, reader)
                assert reader.seen == ["whole", 1], order
                assert read(store, "p.g1", "q.g1") == [("p.g1", 1, "whole")], order

    @law(
        "STO-072",
        why="An overview is made of several looks; together they must be the picture of one moment.",
        causes=("READ COMMITTED: each statement sees its own moment", "a connection in autocommit"),
    )
    def test_sto_072_a_reader_sees_one_state(self) -> None:
        """All looks of one reading unit show the same state, whatever another unit commits in between, in any order."""
        looks: list[Step] = [
            lambda unit: body(unit, "p.g1"),
            lambda unit: {"1": "old", "2": "new"}[str(len(list(unit.find("goals", "team", equals="blue"))))],
            lambda unit: body(unit, "q.g1"),
            lambda unit: body(unit, "p.g1"),
        ]
        work: list[Step] = [
            lambda unit: unit.put([record("p.g1", 2, "new"), record("r.g1", team="blue")]),
            lambda unit: unit.put([record("q.g1", 2, "new")]),
        ]
        for order in orders(6, 4, self.effort.orders):
            with self.opened() as store:
                write(store, record("p.g1", body="old"), record("q.g1", body="old"), record("s.g1", team="blue"))
                reader, writer = Hand(store.reading("acme"), looks), Hand(store.writing("acme"), work)
                play(order, reader, writer)
                assert reader.seen in (["old"] * 4, ["new"] * 4), order
                assert writer.refusal is None, order

    @law(
        "STO-073",
        why="Two people each take the last place of a different list because the other still has one.",
        causes=("snapshot isolation: each looks at a state in which the other has not written yet",),
        needs="units.serial",
    )
    def test_sto_073_no_write_skew(self) -> None:
        """Of two units that each find a place free and take it, one wins, however they looked and in any order."""
        looks: dict[str, Callable[[Unit], Iterable[Record]]] = {
            "by id": lambda unit: unit.get("goals", ["p.g1", "p.g2"]),
            "by key": lambda unit: unit.find("goals", "team", equals="blue"),
            "by owner": lambda unit: unit.owned("p", ["goals"]),
            "all": lambda unit: unit.find("goals"),
        }

        def taking(id_: str, look: Callable[[Unit], Iterable[Record]]) -> list[Step]:
            is_free: list[bool] = []
            return [
                lambda unit: is_free.append(not list(look(unit))),
                lambda unit: unit.put([record(id_, team="blue")] if is_free[-1] else []),
            ]

        for how, look in looks.items():
            for order in orders(4, 4, self.effort.orders // 2):
                with self.opened() as store:
                    hands = [Hand(store.writing("acme"), taking(id_, look)) for id_ in ("p.g1", "p.g2")]
                    play(order, *hands)
                    assert len(found(store, "team", equals="blue")) == 1, f"{how}, {order}"

    @law(
        "STO-074",
        why="The same, when nobody arranges the order.",
        causes=("the parts of a unit are committed one by one", "a reader that is not in a transaction"),
    )
    def test_sto_074_nobody_sees_half_a_unit(self) -> None:
        """What a unit wrote others see all at once, at its end, while one writes and two look as fast as they can."""
        total = self.effort.races
        with self.opened() as store:

            def move() -> int:
                for version in range(1, total + 1):
                    with store.writing("acme") as unit:
                        unit.put([record("p.g1", version)])
                        unit.put([record("q.g1", version)])
                        unit.emit([entry(f"e{version}")])
                return 0

            def look() -> int:
                torn = last = 0
                while last < total:
                    got = read(store, "p.g1", "q.g1")
                    torn += len({version for _, version, _ in got}) > 1 or len(got) == 1
                    last = got[0][1] if got else 0
                return torn

            assert at_once(3, lambda worker: look() if worker else move()) == [0, 0, 0]

    @law(
        "STO-075",
        why="Whoever decided on what is no longer so must be told, each and every time.",
        causes=("the version is compared before the transaction that writes", "a cache of versions"),
    )
    def test_sto_075_of_many_stale_writers_one_wins(self) -> None:
        """Of eight writers who read the same version exactly one wins, and the other seven are told of a conflict."""
        workers, rounds = 8, self.effort.races
        barrier = Barrier(workers, timeout=ENOUGH)
        with self.opened() as store:
            write(store, record("p.g1"))

            def race(worker: int) -> int:
                wins = 0
                for _ in range(rounds):
                    ((_, version, _),) = read(store, "p.g1")
                    barrier.wait()
                    wins += wrote(store, f"w{worker}.g{version}", version + 1)
                    barrier.wait()
                return wins

            wins = at_once(workers, race)
            ((_, version, _),) = read(store, "p.g1")
            assert sum(wins) == rounds == version - 1
            assert len(found(store)) == rounds + 1

    @law(
        "STO-076",
        why="After a conflict one reads again and tries again; in the end everything must have been counted once.",
        causes=("a conflict is told though the write went through", "a retry of its own in the store"),
    )
    def test_sto_076_with_another_try_all_are_counted(self) -> None:
        """Writers who try again after a conflict, reading within their unit or before it, count exactly."""
        workers, each = 4, self.effort.races // 2
        with self.opened() as store:
            write(store, record("p.g1", body="0"), record("q.g1", body="0"))

            def count(_: int) -> int:
                done = 0
                while done < each:
                    try:
                        with store.writing("acme") as unit:
                            for step in adding("q.g1"):
                                step(unit)
                        done += 1
                    except REFUSALS:
                        continue
                while done < 2 * each:
                    ((_id, version, so_far),) = read(store, "p.g1")
                    try:
                        write(store, record("p.g1", version + 1, str(int(so_far) + 1)))
                        done += 1
                    except REFUSALS:
                        continue
                return done

            assert sum(at_once(workers, count)) == 2 * workers * each
            total = workers * each
            expected = [(id_, total + 1, str(total)) for id_ in ("p.g1", "q.g1")]
            assert read(store, "p.g1", "q.g1") == expected


def wrote(store: Store, id_: str, version: int) -> bool:
    """Put the next version of the contested record and one of one's own, and tell whether that went through."""
    try:
        write(store, record("p.g1", version), record(id_))
    except REFUSALS:
        return False
    return True
