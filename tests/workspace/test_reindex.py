"""What an earlier release stored is found by the keys of a later one, once it was reindexed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.workspace.conftest import PEOPLE

from ownership import Unavailable
from ownership.cli import main
from ownership.domain.goals import Goal
from ownership.ports.channels import Outcome
from ownership.ports.storage import COLLECTIONS
from ownership.workspace import records
from ownership.workspace.reindex import keys_due

if TYPE_CHECKING:
    from tests.workspace.conftest import World

LATER = frozenset({"supporter_ids", "viewer_ids", "author_id", "mentions", "since", "external_id"})
"""Keys that the earlier release of these tests does not have."""


@pytest.fixture(params=["memory:", "sqlite"])
def old(
    request: pytest.FixtureRequest, make_world: Callable[..., World], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> World:
    """Give a world as an earlier release stored it, which is opened by this one."""
    url = request.param if request.param == "memory:" else f"sqlite:///{tmp_path}/old.db?synchronous=NORMAL"
    with monkeypatch.context() as earlier:
        return lived_by_an_earlier_release(make_world(url, people=()), earlier)


def lived_by_an_earlier_release(world: World, patch: pytest.MonkeyPatch) -> World:
    """Store some things as a release does that declares fewer keys."""
    fewer = {name: tuple(key for key in keys if key not in LATER) for name, keys in COLLECTIONS.items()}
    patch.setattr(records, "COLLECTIONS", fewer)
    world.tell(*PEOPLE)
    (ada,) = [world.ws.acting_as(p.id) for p in world.ws.people.all() if p.external_id == "ada"]
    (liam,) = [p.id for p in world.ws.people.all() if p.external_id == "liam"]
    ada.goals.share(ada.goals.draft(title="Shared"), audience=[liam])
    ada.goals.draft(title="Her own")
    assert world.ws.check() == ()
    return world


def shared_with_liam(world: World) -> list[str]:
    """Give the titles of the goals that are found by Liam's id as a key."""
    liam = world.id("liam@example.org")
    with world.ws._desk.reading() as unit:
        return [goal.title for goal in unit.find(Goal, "viewer_ids", equals=liam)]


def test_dead_letters_of_an_earlier_release_are_retried(
    make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages that were dead before an upgrade are found when they are retried, also before the next due work."""
    world = make_world(people=())
    with monkeypatch.context() as earlier:
        earlier.setattr(records, "COLLECTIONS", {**COLLECTIONS, "deliveries": ("mentions", "since")})
        world.tell(*PEOPLE)
        world.post.script[world.id("ada@example.org")] = [Outcome.REJECTED]
        world.given()
        assert world.work().deliveries.dead == 1
    assert world.ws.retry_dead_letters() == 1


def test_what_a_partner_has_in_hand_is_found_before_anything_is_reindexed(
    make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A manager sees the open talks of an earlier release, and the promises in them, from the first moment on."""
    world = make_world(people=())
    with monkeypatch.context() as earlier:
        fewer = tuple(key for key in COLLECTIONS["check_ins"] if key != "in_hand_of")
        earlier.setattr(records, "COLLECTIONS", {**COLLECTIONS, "check_ins": fewer})
        world.tell(*PEOPLE)
        world.open_check_in()
        world.acting("ada").check_ins.hold(agreements=["I call the school"])
        world.clock.set(2026, 2, 3)
        begun = world.acting("ada").check_ins.bring_up(topics=["My month"])
    sam = world.acting("sam@example.org")
    for _ in range(2):
        assert [check_in.id for check_in in sam.check_ins.with_me()] == [begun.id]
        assert [opened.agreement.text for opened in sam.check_ins.agreements()] == ["I call the school"]
        assert [check_in.id for check_in in sam.team.overview().open_talks] == [begun.id]
        world.ws.reindex()


def test_what_is_due_is_told_and_done(old: World) -> None:
    """A check names the keys, reindexing makes everything found by them, and then nothing is due; others' stay."""
    (line,) = old.ws.check()
    assert "goals.viewer_ids" in line
    assert "goals.supporter_ids" in line
    assert "goal_suggestions.author_id" in line
    assert shared_with_liam(old) == []
    assert old.ws.reindex() > 0
    assert shared_with_liam(old) == ["Shared"]
    assert (old.ws.check(), old.ws.reindex()) == ((), 0)
    assert old.id("liam")


def test_only_what_has_such_a_key_is_written(old: World) -> None:
    """Who holds a thing that no new key finds still holds its latest version."""
    own = next(goal for goal in old.acting("ada@example.org").goals.mine() if goal.title == "Her own")
    old.ws.reindex()
    assert old.acting("ada").goals.start(own).version == own.version + 1


def test_due_work_and_erasing_do_it_first(old: World) -> None:
    """Neither due work nor an erasure passes over what older records do not tell by their keys."""
    old.work()
    assert (keys_due(old.ws._desk), shared_with_liam(old)) == ((), ["Shared"])


def test_an_erasure_finds_her_in_older_records(old: World) -> None:
    """Somebody who stands in others' older records is gone from them after her erasure."""
    her = old.id("liam@example.org")
    old.ws.people.erase(old.ws.people.plan_erasure("liam@example.org").confirmed())
    with old.ws._desk.reading() as unit:
        assert not any(her in record.body for record in unit._unit.find("goals"))


def test_it_goes_batch_after_batch(old: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the batches, everything is found in the end."""
    monkeypatch.setattr("ownership.workspace.reindex.BATCH", 2)
    old.ws.reindex()
    assert (old.ws.check(), shared_with_liam(old)) == ((), ["Shared"])


def test_stopped_in_between_it_begins_again(make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever call of the store fails, nothing is lost: it stays due, and is done by the next."""
    for failing in range(1_000):
        with monkeypatch.context() as earlier:
            world = lived_by_an_earlier_release(make_world("frail:", people=()), earlier)
        world.store.fails_after = failing
        try:
            world.ws.reindex()
        except Unavailable:
            assert keys_due(world.ws._desk)
        if world.store.fails_after is not None:
            break
        world.ws.reindex()
        assert shared_with_liam(world) == ["Shared"]
    assert failing > 5


def test_a_new_place_owes_nothing(world: World) -> None:
    """Where this release was the first to store somebody nothing is ever due."""
    world.acting("ada").goals.draft(title="Mine")
    assert (world.ws.check(), world.ws.reindex()) == ((), 0)


def test_the_command_does_it(
    make_world: Callable[..., World],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """``ownership migrate`` says how much it wrote anew, and the second time nothing of it."""
    url = f"sqlite:///{tmp_path}/old.db"
    with monkeypatch.context() as earlier:
        lived_by_an_earlier_release(make_world(url, people=()), earlier).ws.close()
    said = []
    for _ in range(2):
        assert main(["migrate", url]) == 0
        said.append(capsys.readouterr().out)
    assert "written anew" in said[0]
    assert said[1] == "the tables are those of this release\n"
