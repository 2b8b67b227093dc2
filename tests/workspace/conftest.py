"""A handful of people in a workspace whose clock can be set, with channels that keep what they carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Self

import pytest

from ownership import Adapter, Kind, Unavailable, Workspace, hookimpl, open_workspace
from ownership.adapters.storage import memory
from ownership.adapters.storage.memory import MemoryStore
from ownership.domain.check_ins import CheckIn
from ownership.domain.cycles import Cycle
from ownership.domain.directory import DirectoryRow, Snapshot, SyncPlan
from ownership.domain.feedback import Feedback
from ownership.ports.adapters import RegisterAdapter
from ownership.ports.channels import Message, Outcome, Receipt, Receiver
from ownership.ports.content import Pack, RegisterContent
from ownership.workspace.actor import Actor
from ownership.workspace.jobs import WorkReport

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""The moment at which every world begins; the day after is the first Tuesday of the month."""

FIRST_TUESDAYS = "FREQ=MONTHLY;BYDAY=1TU"


def row(name: str, *, manager: str | None = "", team: str = "Blue", **told: Any) -> DirectoryRow:
    """Tell of a person whose external id is the name in small letters."""
    fields = {"display_name": name.capitalize(), "email": f"{name}@example.org", "department": "Works"}
    fields |= {"timezone": "Europe/Amsterdam", "locale": "en-GB"}
    return DirectoryRow(name, manager_id=manager, team=team, **(fields | told))


PEOPLE = (
    row("mia", team="Board"),
    row("sam", manager="mia", team="Board"),
    row("ada", manager="sam"),
    row("liam", manager="sam"),
    row("noor", manager="sam", email="", shift="night", locale="nl-NL"),
    row("zoe", manager="mia", team="Red"),
    row("hr", team="People"),
)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Give the moment."""
        return self.now

    def move(self, **by: float) -> None:
        """Move on by an amount of time."""
        self.now += timedelta(**by)

    def set(self, *when: int) -> None:
        """Move to a moment in UTC: year, month, day, hour, minute."""
        year, month, day, hour, minute = (*when, 9, 0)[:5] if len(when) == 3 else (*when, 0)[:5]
        self.now = datetime(year, month, day, hour, minute, tzinfo=UTC)


class Post:
    """A channel that keeps what it was given and answers as its script says, by the id of the receiver."""

    def __init__(self, *, needs_email: bool) -> None:
        self.needs_email = needs_email
        self.tried: list[Message] = []
        self.sent: list[Message] = []
        self.script: dict[str, list[Outcome | Exception]] = {}
        self.is_lost = False
        self.is_closed = False

    def can_reach(self, receiver: Receiver) -> bool:
        """Reach everyone, or those with an address."""
        if self.is_lost:
            raise RuntimeError(receiver.email)
        return receiver.email is not None or not self.needs_email

    def send(self, messages: Sequence[Message]) -> Sequence[Receipt]:
        """Answer for each message what the script says, and deliver where it is silent."""
        self.tried += messages
        return [self._answer(message) for message in messages]

    def _answer(self, message: Message) -> Receipt:
        script = self.script.get(message.receiver.person_id)
        outcome = script.pop(0) if script else Outcome.DELIVERED
        if isinstance(outcome, Exception):
            raise outcome
        if outcome is Outcome.DELIVERED:
            self.sent.append(message)
        return Receipt(message.key, outcome, "" if outcome is Outcome.DELIVERED else "as scripted")

    def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True


class Frail:
    """A unit or an outbox of which every call may be the one that fails."""

    def __init__(self, real: object, tick: Callable[[], None]) -> None:
        self._real = real
        self._tick = tick

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self._real, name)

        def ticking(*args: Any, **how: Any) -> Any:
            self._tick()
            return call(*args, **how)

        return ticking


class FrailStore(MemoryStore):
    """The memory store, of which the call after the next ``fails_after`` calls fails, commits included; once."""

    fails_after: int | None = None

    def _tick(self) -> None:
        if self.fails_after is not None:
            self.fails_after -= 1
            if self.fails_after < 0:
                self.fails_after = None
                raise Unavailable("a planted fault")

    @contextmanager
    def reading(self, tenant: str) -> Iterator[Any]:
        """Open a unit of which every call may fail."""
        self._tick()
        with super().reading(tenant) as unit:
            yield Frail(unit, self._tick)

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Any]:
        """Open a unit of which every call may fail, its commit included."""
        self._tick()
        with super().writing(tenant) as unit:
            yield Frail(unit, self._tick)
            self._tick()

    def outbox(self, tenant: str) -> Any:
        """Give an outbox of which every call may fail."""
        return Frail(super().outbox(tenant), self._tick)

    def state(self) -> tuple[object, object]:
        """Give all that is stored, to compare."""
        tenant = self._tenant("default")
        records = {(record.collection, id_): record for of in tenant.records.values() for id_, record in of.items()}
        return records, {id_: (lease.entry.topic, lease.entry.due_at) for id_, lease in tenant.outbox.items()}


_OFFER = "-bundle_offered-"


class World:
    """A workspace with seven people, the clock that it follows, and all that it sends. It is its own plugin."""

    def __init__(
        self,
        url: str = "memory:",
        *,
        packs: Iterable[Pack] = (),
        people: Iterable[DirectoryRow] = PEOPLE,
        tenant: str = "default",
    ) -> None:
        self.clock = Clock(MONDAY)
        self.post = Post(needs_email=True)
        self.pigeon = Post(needs_email=False)
        self.packs = packs
        self.snapshot = Snapshot("rows", ())
        # With the memory store passed as well, nothing that is installed has to be looked for.
        self.ws: Workspace = open_workspace(
            url,
            tenant=tenant,
            channels=("post:", "pigeon:"),
            clock=self.clock,
            random=Random(7),
            plugins=[self, memory],
        )
        if people := tuple(people):
            self.tell(*people)

    @hookimpl
    def ownership_register_adapters(self, register: RegisterAdapter) -> None:
        """Register a frail store, both channels and a directory of rows."""
        register(Adapter(Kind.STORAGE, ("frail",), lambda _: FrailStore()))
        register(Adapter(Kind.CHANNEL, ("post",), lambda _: self.post))
        register(Adapter(Kind.CHANNEL, ("pigeon",), lambda _: self.pigeon))
        register(Adapter(Kind.DIRECTORY, ("rows",), lambda _: self))

    @hookimpl
    def ownership_register_content(self, register: RegisterContent) -> None:
        """Register the packs that a test brings."""
        for pack in self.packs:
            register(pack)

    def read(self, on: date) -> Snapshot:  # noqa: ARG002 - the rows are of every day
        """Be a directory."""
        return self.snapshot

    def tell(self, *rows: DirectoryRow, complete: bool = False) -> SyncPlan:
        """Let the directory tell rows, and follow it whatever a guard says."""
        self.snapshot = Snapshot("rows", rows, complete)
        return self.ws.people.apply(self.ws.people.plan("rows:").confirmed())

    def id(self, name: str) -> str:
        """Give the id of a person by name."""
        return self.ws.people.find(name).id

    def acting(self, name: str, **how: Any) -> Actor:
        """Act as a person by name."""
        return self.ws.acting_as(name, **how)

    @property
    def store(self) -> Any:
        """The store, to plant faults in and to look at."""
        return self.ws._desk.store

    def facts(self) -> tuple[str, ...]:
        """Give the facts that plugins would hear."""
        outbox = self.store.outbox("default")
        later = self.clock.now + timedelta(days=1)
        entries = outbox.claim("fact", now=later, lease_until=later, limit=1000)
        outbox.postpone([entry.id for entry in entries], until=self.clock.now)
        return tuple(entry.id for entry in entries)

    def looks(self, name: str) -> list[tuple[str, tuple[str, ...], str]]:
        """Give who looked at things of a person, by name, the oldest first."""
        names = {person.id: person.external_id for person in self.ws.people.all()}
        looks = reversed(self.acting(name).data.who_looked())
        return [(names[look.viewer_id], look.item_ids, look.on_behalf_of) for look in looks]

    def start_cycle(self, **how: Any) -> Cycle:
        """Start a monthly cycle of check-ins."""
        cycles = self.acting("hr", roles={"organiser"}).cycles
        return cycles.start(**({"name": "Monthly", "cadence": FIRST_TUESDAYS} | how))

    def work(self) -> WorkReport:
        """Do what is due."""
        return self.ws.run_due_work()

    def sent(self) -> dict[str, list[Message]]:
        """Give all messages that arrived, by the name of their reader."""
        names: dict[str, str] = {person.id: person.external_id for person in self.ws.people.all()}
        arrived: dict[str, list[Message]] = {}
        for message in self.post.sent + self.pigeon.sent:
            arrived.setdefault(names[message.receiver.person_id], []).append(message)
        return arrived

    def sent_besides_offers(self) -> set[str]:
        """Give who heard anything but that she can take along what is hers: who leaves hears that, and no more."""
        return {name for name, sent in self.sent().items() if not all(_OFFER in message.key for message in sent)}

    def open_check_in(self, name: str = "ada", **how: Any) -> CheckIn:
        """Let the first check-in of a person open, and send what there is to send."""
        self.start_cycle(**({"people": [name]} | how))
        self.clock.set(2026, 1, 6)
        self.work()
        check_in = self.acting(name).check_ins.current()
        assert check_in is not None
        return check_in

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ws.close()

    def given(self, author: str = "liam", receiver: str = "ada", text: str = "You listen well.") -> Feedback:
        """Let someone give someone feedback."""
        return self.acting(author).feedback.give(receiver, text)


@pytest.fixture
def make_world() -> Iterator[Callable[..., World]]:
    """Give a maker of worlds, which are closed afterwards."""
    made: list[World] = []

    def make(url: str = "memory:", **how: Any) -> World:
        made.append(World(url, **how))
        return made[-1]

    yield make
    for world in made:
        world.ws.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """Give a world with seven people."""
    return make_world()


@pytest.fixture
def tell_row() -> Callable[..., DirectoryRow]:
    """Give the way to write a row of a directory."""
    return row
