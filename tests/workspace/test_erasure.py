"""After an erasure nothing of a person is left anywhere, and everybody else's things are as they were."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import settings
from tests.workspace.lives import CANARY, HER, Life, a_life, ids_in, parts_prepared, texts_of, told_apart

from ownership import InvalidInput, NotFound, PlanHeld, Unavailable, Unsupported, Workspace, open_workspace
from ownership.codec import dump
from ownership.domain.classification import Holder
from ownership.domain.directory import DirectoryRow
from ownership.domain.erasure import is_someone_who_left
from ownership.ports.storage import COLLECTIONS, Entry, Record, owner_of
from ownership.workspace.erasure import KEYS_OF_PEOPLE, Erased
from ownership.workspace.records import SHELVES, to_record

if TYPE_CHECKING:
    from tests.workspace.conftest import World

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIVES = 1000 if settings.default and settings.default.max_examples >= 2000 else 50


def a_workspace(url: str, **how: Any) -> Workspace:
    """Open a workspace whose clock stands still."""
    return open_workspace(url, clock=lambda: NOW, random=Random(7), **how)


def store_life(workspace: Workspace, life: Life) -> None:
    """Put a life into the store of a workspace, with an outbox that speaks of it."""
    values = (life.person, *life.hers, *life.others)
    with workspace._desk.writing() as unit:
        unit.remember_keys()
        unit.put(*values)
        unit.emit([Entry(value.id, "delivery", value.id, NOW + timedelta(days=9)) for value in values])
        unit.emit([Entry(f"{value.id}:Shared:{NOW}", "fact", value.id, NOW) for value in values])


def stored(workspace: Workspace) -> dict[tuple[str, str], Record]:
    """Give every record that is there, by collection and id."""
    with workspace._desk.reading() as unit:
        return {(name, record.id): record for name in COLLECTIONS for record in unit._unit.find(name)}


def in_memory(workspace: Workspace) -> str:
    """Give all that a memory store holds, as one text: records, keys, and the outbox."""
    store: Any = workspace._desk.store
    tenant = store._tenants["default"]
    records = [(r.collection, r.id, r.body, r.keys) for of in tenant.records.values() for r in of.values()]
    entries = [(lease.entry.id, lease.entry.about) for lease in tenant.outbox.values()]
    return repr((records, list(tenant.keyed), entries))


def hits(folder: Path) -> dict[str, int]:
    """Count the canaries and her id in each raw file of a folder."""
    words = (CANARY.encode(), CANARY.casefold().encode(), HER.encode())
    counts = {file.name: sum(file.read_bytes().count(word) for word in words) for file in folder.iterdir()}
    return {name: number for name, number in counts.items() if number}


def erase(workspace: Workspace) -> Erased:
    """Erase her."""
    return workspace.people.erase(workspace.people.plan_erasure(HER).confirmed())


class TestNothingIsLeft:
    def test_a_canary_in_every_text_of_a_person(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        """After an erasure no canary, and not even her id, is in any record, key, entry, log or raw file."""
        marked: set[str] = set()
        caplog.set_level(logging.DEBUG)
        for number in range(LIVES):
            life = a_life(Random(number))
            erase_in_a_file(life, tmp_path / str(number))
            erase_in_memory(life)
            marked |= life.canaries.put_into
        assert not any(word in caplog.text for word in (CANARY, HER))
        assert sorted(every_text() - marked) == []


def erase_in_a_file(life: Life, folder: Path) -> None:
    """Erase her from a SQLite file, and hold that no raw file has anything of her, open or closed."""
    folder.mkdir()
    with a_workspace(f"sqlite:///{folder}/life.db?synchronous=NORMAL") as workspace:
        store_life(workspace, life)
        before = stored(workspace)
        erased = erase(workspace)
        assert (erased.is_scrubbed, erased.left_to_do) == (True, ())
        assert hits(folder) == {}
        check_the_others(before, stored(workspace))
    assert hits(folder) == {}


def erase_in_memory(life: Life) -> None:
    """Erase her from a memory store, and hold that nothing of her is in any of its parts."""
    with a_workspace("memory:") as workspace:
        store_life(workspace, life)
        assert CANARY in in_memory(workspace)
        erase(workspace)
        left = in_memory(workspace)
        assert not any(word in left for word in (CANARY, CANARY.casefold(), HER))


def check_the_others(before: Mapping[tuple[str, str], Record], after: Mapping[tuple[str, str], Record]) -> None:
    """Hold that what is not hers is as it was, but that she is not in it; what never named her, byte for byte."""
    passed_on = {id_.partition(".")[2] for name, id_ in before if name == "team_moments" and owner_of(id_) == HER}
    for (name, id_), record in before.items():
        if owner_of(id_) == HER:
            continue
        if (name, id_) not in after:
            assert (name, f'"about_id":"{HER}' in record.body) == ("deliveries", True)
            continue
        now = after[name, id_]
        if now.body == record.body:
            assert now.version == record.version
        else:
            assert HER in record.body or CANARY in record.body
            assert (told_apart(record.body, now.body), now.version) == ([], record.version + 1)
    new = {(name, id_) for name, id_ in after.keys() - before.keys() if id_.partition(".")[2] not in passed_on}
    assert {name for name, _ in new} <= {"erasures", "deliveries"}


def every_text() -> set[str]:
    """Give the path of every text of every stored class that a person can own, with the class in front."""
    return {
        f"{cls.__name__}.{path}"
        for cls in SHELVES
        if cls.keeping.holder is not Holder.ORGANISATION
        for path in texts_of(cls)
    } - NO_FREE_TEXT


NO_FREE_TEXT = {
    *("Budget.means.money.currency", "LearningChoice.cost.money.currency", "LearningRequest.cost.money.currency"),
    *("Person.locale", "Person.locale_override", "Person.timezone", "Person.timezone_override"),
    *("Participation.cadence.rule", "PulseAnswers.answers"),
    *("TeamMoment.theme", "TeamMoment.questions", "TeamMoment.department", "TeamMoment.team"),
    "TeamMoment.agreements.text",
}
"""Texts in which no canary fits, for only certain words do, and those of a team moment that its team keeps."""


def test_whoever_is_named_is_found_by_a_key() -> None:
    """A record that names somebody else has a declared key with her id: no erasure searches through everything."""
    unfound: dict[str, str] = {}
    for number in range(LIVES):
        for value in a_life(Random(number)).others:
            named = {path for path, id_ in ids_in(value) if owner_of(id_) == HER}
            keys = {text for key, text in to_record(value).keys if key in KEYS_OF_PEOPLE.get(collection_of(value), ())}
            if named and HER not in keys and owner_of(value.id) != "organisation":
                unfound[type(value).__name__] = ", ".join(sorted(named))
    assert unfound == {}


def collection_of(value: object) -> str:
    """Give the collection in which a value lies."""
    return SHELVES[type(value)][0]


def test_what_is_prepared_says_whether_it_was_shown() -> None:
    """Every part with words that nobody reads before they are shown knows whose it is and whether it was."""
    parts = {part for cls in SHELVES for part in parts_prepared(cls)}
    assert {part.__name__ for part in parts} >= {"Preparation", "Contribution"}
    assert all(hasattr(part, "is_shown") and hasattr(part, "by_id") for part in parts)


class TestOnePerson:
    """What becomes of the things of Ada, whom the others know."""

    def test_what_she_wrote_for_others_stays_theirs(self, world: World) -> None:
        """Feedback that she gave stays, its author is someone who left, and its reader can go on with it."""
        given = world.given("ada", "liam", "You listen well.")
        world.ws.people.erase(world.ws.people.plan_erasure("ada").confirmed())
        (kept,) = world.acting("liam").feedback.received()
        assert (kept.id, kept.text) == (given.id, "You listen well.")
        assert is_someone_who_left(kept.author_id)
        assert world.acting("liam").feedback.share(kept.id, "everyone").text == "You listen well."

    def test_who_still_works_here_is_erased_only_when_confirmed(self, world: World) -> None:
        """A plan for somebody at work is held, the words say the way out, and nothing is changed."""
        plan = world.ws.people.plan_erasure("ada")
        assert plan.holds
        with pytest.raises(PlanHeld, match="still works here"):
            world.ws.people.erase(plan)
        assert world.ws.people.find("ada").id == plan.person_id

    def test_a_leaver_needs_no_confirmation(self, world: World, tell_row: Callable[..., DirectoryRow]) -> None:
        """Somebody whose last day is over is erased as planned, once; a second time there is nobody."""
        world.tell(tell_row("ada", manager="sam", active=False))
        world.clock.move(days=2)
        plan = world.ws.people.plan_erasure("ada")
        assert plan.holds == ()
        assert world.ws.people.erase(plan).is_scrubbed
        with pytest.raises(NotFound):
            world.ws.people.erase(plan)

    def test_what_is_no_plan_is_refused(self, world: World) -> None:
        """Erasing takes the report of a plan; a name in its place erases nobody, and the words say the way out."""
        nobodys: Any = "ada"
        with pytest.raises(InvalidInput, match=r"people\.plan_erasure"):
            world.ws.people.erase(nobodys)
        assert world.ws.people.find("ada").active

    def test_who_was_erased_meanwhile_writes_nothing_more(self, world: World) -> None:
        """An actor that a request still holds is nobody once she was erased: nothing of hers comes back."""
        ada = world.acting("ada")
        world.ws.people.erase(world.ws.people.plan_erasure("ada").confirmed())
        before = stored(world.ws)
        for call in (lambda: ada.goals.draft(title="Again"), lambda: ada.person, ada.overview, ada.data.export):
            with pytest.raises(NotFound):
                call()
        assert stored(world.ws) == before

    def test_what_came_after_the_plan_goes_too(self, world: World) -> None:
        """A plan is made anew when it is carried out: nothing that came in between is left."""
        plan = world.ws.people.plan_erasure("ada").confirmed()
        goal = world.acting("ada").goals.draft(title="Later")
        assert world.ws.people.erase(plan).report.removed["goals"] == 1
        assert (("goals", goal.id) in stored(world.ws)) is False

    def test_all_of_it_or_nothing(self, make_world: Callable[..., World]) -> None:
        """Whichever call of the store fails, either nothing was changed or she is erased; then due work scrubs."""
        for failing in count():
            world = make_world("frail:")
            world.acting("ada").feedback.give("liam", "Thanks.")
            plan, before = world.ws.people.plan_erasure("ada").confirmed(), world.store.state()
            world.store.fails_after = failing
            try:
                world.ws.people.erase(plan)
            except Unavailable:
                assert world.store.state() == before
            if world.store.fails_after is not None:
                break
        assert failing > 20

    def test_nobody_trips_over_who_is_gone(self, world: World) -> None:
        """After her erasure every colleague can open everything, and due work runs: nothing waits for her."""
        world.open_check_in("liam")
        ada = world.acting("ada")
        world.acting("liam").feedback.ask("ada", question="What should I keep doing?")
        world.acting("liam").needs.raise_need("Time to read", to="ada", by=date(2026, 1, 9))
        ada.feedback.give("sam", "Thanks.")
        world.ws.people.erase(world.ws.people.plan_erasure("ada").confirmed())
        for _ in range(30):
            world.clock.move(days=2)
            world.work()
        for name in ("liam", "sam", "noor"):
            assert world.acting(name).overview().person.id
            assert list(world.acting(name).inbox.messages()) is not None

    def test_a_moment_that_she_called_for_is_her_teams(self, world: World) -> None:
        """A team keeps the moment that she called for: a colleague goes on with it, and who was invited hears of it."""
        ada, liam = world.acting("ada"), world.acting("liam")
        moment = ada.team.plan_moment(theme="Learning", on=date(2026, 1, 20))
        liam.team.bring(moment.id, "My own")
        ada.team.bring(moment.id, "Unshown words")
        world.ws.people.erase(world.ws.people.plan_erasure("ada").confirmed())
        (kept,) = world.acting("liam").team.moments()
        assert kept.theme == "Learning"
        assert kept.owner_id != moment.owner_id
        assert [c.text for c in kept.contributions] == ["My own"]
        world.work()
        assert any("team_moment_planned" in id_ for _, id_ in stored(world.ws))


class TestLedger:
    def test_a_sync_does_not_bring_her_back(self, world: World, tell_row: Callable[..., DirectoryRow]) -> None:
        """The directory may name her as long as it likes: the plan says that she stays out, by the place alone."""
        world.ws.people.erase(world.ws.people.plan_erasure("ada").confirmed())
        plan = world.tell(tell_row("ada", manager="sam"), tell_row("liam", manager="sam"))
        assert (len(plan.kept_out), plan.joiners) == (1, ())
        with pytest.raises(NotFound):
            world.ws.people.find("ada")

    def test_who_is_rehired_comes_back_without_a_past(self, world: World) -> None:
        """Named as rehired she is a new person; the next synchronisation needs no word, and nobody else is named so."""
        old = world.id("ada")
        world.ws.people.erase(world.ws.people.plan_erasure("ada").confirmed())
        with pytest.raises(InvalidInput, match="kept out by nothing"):
            world.ws.people.plan("rows:", rehired=["liam"])
        assert len(world.ws.people.sync("rows:", rehired=["ada"]).joiners) == 1
        assert world.id("ada") != old
        assert world.ws.people.sync("rows:").kept_out == ()
        assert world.ws.people.replay_erasures() == ()

    def test_nothing_readable_is_in_it(self, world: World) -> None:
        """An entry holds salted digests and a day: not her id, her number or her name."""
        her = world.ws.people.find("ada")
        world.ws.people.erase(world.ws.people.plan_erasure("ada").confirmed())
        (entry,) = world.ws.people.erasures().entries
        told = dump(entry)
        assert not any(word in told for word in (her.id, her.external_id, her.display_name, her.source) if word)

    def test_a_restore_is_followed_by_a_replay(self, tmp_path: Path) -> None:
        """A file from before her erasure brings her back; the ledger that was kept outside takes her out again."""
        life = a_life(Random(3))
        url = f"sqlite:///{tmp_path}/life.db?synchronous=NORMAL"
        with a_workspace(url) as workspace:
            store_life(workspace, life)
        backup = (tmp_path / "life.db").read_bytes()
        with a_workspace(url) as workspace:
            erase(workspace)
            kept = workspace.people.erasures()
        (tmp_path / "life.db").write_bytes(backup)
        with a_workspace(url) as workspace:
            assert hits(tmp_path)
            assert [erased.report.person_id for erased in workspace.people.replay_erasures(kept)] == [HER]
            assert workspace.people.replay_erasures(kept) == ()
            assert workspace.people.erasures().entries[0].person == kept.entries[0].person
        assert hits(tmp_path) == {}

    def test_it_is_told_that_a_replay_is_due(self, world: World) -> None:
        """A check of a workspace tells that somebody is here whom the ledger names, and who runs it what to do."""
        her = world.ws.people.find("ada")
        world.ws.people.erase(world.ws.people.plan_erasure("ada").confirmed())
        assert world.ws.check() == ()
        with world.ws._desk.writing() as unit:
            unit.put(evolve(her, version=1))
        (line,) = world.ws.check()
        assert ("replay_erasures" in line, her.id in line) == (True, False)


class TestScrub:
    def test_a_reader_in_the_way_puts_it_off(self, make_world: Callable[..., World], tmp_path: Path) -> None:
        """While somebody reads an older state the erasure stands, says so, and due work scrubs when it can."""
        world = make_world(f"sqlite:///{tmp_path}/life.db?synchronous=NORMAL&busy=0")
        world.acting("ada").goals.draft(title=CANARY)
        with closing(sqlite3.connect(tmp_path / "life.db", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM records").fetchone()
            assert world.ws.people.erase(world.ws.people.plan_erasure("ada").confirmed()).is_scrubbed is False
            world.work()
            assert hits(tmp_path)
        world.clock.move(hours=1)
        world.work()
        assert hits(tmp_path) == {}

    def test_a_host_that_could_bring_her_back_is_refused(self, tmp_path: Path) -> None:
        """Inside the transaction of a host nobody is erased, and the words say why."""
        with a_workspace(f"sqlite:///{tmp_path}/life.db?synchronous=NORMAL") as workspace:
            store_life(workspace, a_life(Random(6)))
            with closing(sqlite3.connect(tmp_path / "life.db", isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                joined = workspace.joined(connection)
                with pytest.raises(Unsupported, match="inside a transaction"):
                    joined.people.erase(joined.people.plan_erasure(HER).confirmed())
                connection.execute("ROLLBACK")
