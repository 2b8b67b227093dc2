"""What people do with what is theirs when they come from one workplace and when they leave for another."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from attrs import evolve

from ownership.compose import open_workspace
from ownership.domain.bundle import Bundle
from ownership.domain.people import Person
from ownership.domain.reminders import fetched_until
from ownership.sample.acts import goals
from ownership.sample.people import write_csv
from ownership.sample.turn import Turn
from ownership.workspace.workspace import Workspace

NEW_FOR = timedelta(days=90)
"""How long after her first day somebody may think of what she has from before."""

EARLIER = "an earlier workplace"


def bring_along(turn: Turn) -> bool:
    """Bring in what one has from an earlier workplace, in the first weeks and before beginning anything here."""
    begun_on = turn.person.start_on
    is_new = begun_on is not None and turn.today - begun_on < NEW_FOR
    if not is_new or turn.actor.goals.mine() or Random(f"{turn.person.external_id}:earlier").random() > 0.5:
        return False
    brought = _from_earlier(turn)
    turn.actor.data.import_bundle(brought, whose=brought.person.id)
    return True


def _from_earlier(turn: Turn) -> Bundle:
    """Live a day in another workspace with the words of today, and take along what came of it."""
    then = datetime.combine(turn.in_days(-NEW_FOR.days), time(9), tzinfo=UTC)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "people.csv"
        write_csv([{"external_id": "E1", "display_name": turn.person.display_name}], file)
        with open_workspace(tenant=EARLIER, clock=lambda: then, random=Random(turn.person.external_id)) as workspace:
            workspace.people.sync(f"csv:{file}")
            actor = workspace.acting_as("E1")
            there = evolve(turn, actor=actor, person=actor.person, today=then.date())
            for act in (goals.begin, goals.dream, goals.start, goals.say_how_it_goes, goals.reflect):
                act(there)
            return actor.data.export()


def take_along(workspace: Workspace, leaver: Person, today: date, random: Random) -> bool:
    """Fetch what is hers, on some day of the weeks after her last one."""
    until = fetched_until(leaver)
    if random.random() > 0.3 or until is None or today > until:
        return False
    workspace.acting_as_leaver(leaver.id).data.export()
    return True


def ask_to_be_erased(workspace: Workspace, leaver: Person, _: date, random: Random) -> bool:
    """Ask, some time after leaving, that nothing of her is kept; two of five do, and it is done."""
    is_wish = Random(f"{leaver.external_id}:erased").random() < 0.4
    if not is_wish or random.random() > 0.05:
        return False
    workspace.people.erase(workspace.people.plan_erasure(leaver.id))
    return True
