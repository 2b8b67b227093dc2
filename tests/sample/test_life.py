"""The life of the sample organisation pulls every lever: each act happens, and each noun has something to show."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest
from attrs import frozen

from ownership.compose import open_workspace
from ownership.domain.bundle import differences
from ownership.domain.people import Person
from ownership.errors import NotFound
from ownership.portable import bundle_text
from ownership.ports.storage import COLLECTIONS
from ownership.sample import acts
from ownership.sample.life import Life, LifeClock
from ownership.sample.people import Row, later_export, organisation, write_csv
from ownership.sample.programme import begin_programme
from ownership.sample.turn import Turn
from ownership.sample.voice import Voice, script
from ownership.workspace.actor import Actor
from ownership.workspace.records import KEYS_IN_FORCE
from ownership.workspace.records import ORGANISATION as OWNER
from ownership.workspace.workspace import Workspace

STARTS_ON = date(2026, 7, 20)
DAYS = 120
PEOPLE = 120


@frozen
class Lived:
    """A life that was lived: its workspace, the file beneath, what was done, and the rows of the last people file."""

    workspace: Workspace
    file: Path
    life: Life
    rows: list[Row]

    def acting_as(self, name: str) -> Actor:
        """Let somebody act by the name before the at sign."""
        return self.workspace.acting_as(f"{name}@example.org")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Live four months with 120 people, half-way with a second file, as the demo does."""
    folder = tmp_path_factory.mktemp("life")
    clock = LifeClock(datetime.combine(STARTS_ON, time(5), tzinfo=UTC))
    rows, second_on = organisation(PEOPLE, on=STARTS_ON), STARTS_ON + timedelta(days=DAYS // 2)
    write_csv(rows, folder / "people.csv")
    later = later_export(rows, on=second_on)
    write_csv(later, folder / "later.csv")
    with open_workspace(
        f"sqlite:///{folder}/life.db?synchronous=NORMAL", clock=clock, random=Random("life")
    ) as workspace:
        workspace.people.sync(f"csv:{folder}/people.csv")
        organiser = workspace.acting_as("hr@example.org", roles={"organiser"})
        begin_programme(organiser, cadence="FREQ=MONTHLY;BYDAY=2TU", starts_on=STARTS_ON)
        life = Life(workspace, clock)
        for day in (STARTS_ON + timedelta(days=number) for number in range(DAYS)):
            if day == second_on:
                workspace.people.apply(workspace.people.plan(f"csv:{folder}/later.csv").confirmed())
            life.live_day(day)
        yield Lived(workspace, folder / "life.db", life, later)


def test_every_act_happens(lived: Lived) -> None:
    """Within four months each act of the tables was done at least once, and nothing else was."""
    assert set(lived.life.report.done) == acts.ACTS


def test_every_noun_has_something_to_show(lived: Lived) -> None:
    """When these months are over there is a record in every collection that a store has."""
    with closing(sqlite3.connect(lived.file)) as database:
        filled = {row[0] for row in database.execute("SELECT DISTINCT collection FROM records")}
    assert filled == {*COLLECTIONS, KEYS_IN_FORCE}


@pytest.mark.parametrize("name", ["ada", "liam", "sam"])
def test_whoever_is_shown_did_nearly_everything(lived: Lived, name: str) -> None:
    """Those whose pages people look at have one of nearly everything."""
    actor = lived.acting_as(name)
    assert all(opening.answer for opening in actor.start.questions())
    mine = (
        actor.goals.mine(),
        actor.reflections.mine(),
        actor.check_ins.mine(),
        actor.needs.mine(),
        actor.plan.history(),
        actor.learning.mine(),
        actor.learning.offered(),
        actor.learning_requests.mine(),
        actor.feedback.received(),
        actor.feedback.given(),
        actor.goals.suggested(),
        actor.team.moments(),
        actor.data.who_looked(),
    )
    assert [bool(things) for things in mine] == [True] * len(mine)
    assert any(goal.experiments for goal in actor.goals.mine())
    assert any(goal.supporter_ids for goal in actor.goals.mine())
    assert actor.learning.budget().there.money is not None


def test_the_lead_lets_go(lived: Lived) -> None:
    """Sam handed decisions over to his team, who read them, and looked at himself."""
    sam, ada = lived.acting_as("sam"), lived.acting_as("ada")
    assert sam.leadership.path().decisions
    assert sam.leadership.self_checks()
    assert {decision.owner_id for decision in ada.team.decisions()} == {sam.person.id}


def test_everyone_reads_how_all_do(lived: Lived) -> None:
    """Figures were published once, of half a year, with cells of teams; and nobody's number is in them."""
    (figures,) = lived.acting_as("ada").figures.all()
    assert len(figures.publication.cells) >= 3
    assert figures.usefulness.departments_told >= 3
    assert {finding.measure for finding in figures.publication.cells[0].findings} >= {"rhythm", "initiative"}


def test_people_are_asked_and_get_an_answer(lived: Lived) -> None:
    """Several pulses were published of groups that are large enough, and each has its reply."""
    outcomes = lived.acting_as("ada").pulse.results()
    assert len(outcomes) >= 3
    assert all(outcome.results is not None and len(outcome.results.figures.cells) >= 3 for outcome in outcomes)
    assert sum(outcome.reply is not None for outcome in outcomes) >= len(outcomes) - 1
    assert any(lived.acting_as("ada").pulse.trend(construct).points for construct in outcomes[0].pulse.constructs)


def test_somebody_brought_something_along(lived: Lived) -> None:
    """Of those who joined, somebody has goals from before, of an earlier workplace."""
    bundles = [lived.workspace.acting_as(person.id).data.export() for person in _joined_since(lived, STARTS_ON)]
    (arrived, *_) = [bundle for bundle in bundles if bundle.own.arrivals]
    before = [goal for goal in arrived.own.goals if goal.drafted_at.date() < STARTS_ON + timedelta(days=DAYS // 2)]
    assert before
    assert arrived.own.arrivals[0].records >= len(before)


def _joined_since(lived: Lived, day: date) -> list[Person]:
    """Give those who began to work here after a day and still do."""
    people = lived.workspace.people.all()
    return [person for person in people if person.active and person.start_on and person.start_on > day]


def test_somebody_was_erased(lived: Lived) -> None:
    """Of those who left, some asked that nothing of them is kept: the ledger counts them, and they are not here."""
    erased = lived.workspace.people.erasures().entries
    left = [person for person in lived.workspace.people.all() if not person.active]
    assert erased
    assert left
    assert not any(lived.workspace.people.erasures().of_person(person.id) for person in left)
    assert lived.workspace.check() == ()


def test_some_rest_and_nobody_minds(lived: Lived) -> None:
    """Some of those who work here rest now, and most do not."""
    people = [person for person in lived.workspace.people.all() if person.active]
    resting = [person for person in people if lived.workspace.acting_as(person.id).profile.is_resting()]
    assert 0.05 < len(resting) / len(people) < 0.4


def test_every_act_can_be_drawn() -> None:
    """Each act of a table weighs something, and the drawn order has each exactly once."""
    for table in (acts.BEGINNINGS, acts.FOR_OTHERS, acts.USUAL, acts.SELDOM, acts.LEADING, acts.RESTING):
        drawn = Voice("en", Random(1)).in_drawn_order(table)
        assert len(drawn) == len(table)
        assert set(drawn) == set(table)
        assert min(table.values()) > 0


def test_the_heavier_come_first_more_often() -> None:
    """Of two things the one that weighs nine times as much is first in nine draws of ten."""
    voice = Voice("en", Random(1))
    first = [voice.in_drawn_order({"often": 9, "seldom": 1})[0] for _ in range(1_000)]
    assert 870 < first.count("often") < 930


def test_the_script_is_whole_in_both_languages() -> None:
    """Whatever is said in English can be said in Dutch, in as many ways."""
    for told in script()["says"].values():
        assert len(told["en"]) == len(told["nl"]) == len(set(told["en"])) == len(set(told["nl"]))
    says = script()["says"]
    assert len(says["grown"]["en"]) == len(says["reflection"]["en"])
    rows = [row for kind in ("goal", "suggestion", "offer", "wish", "addition") for row in script()[kind]]
    for part in (part for row in rows for part in row.values() if isinstance(part, dict)):
        assert part["en"]
        assert part["nl"]
        assert len(part["en"]) == len(part["nl"]) or isinstance(part["en"], str)


def test_what_a_rule_refuses_is_left_for_another_day(lived: Lived) -> None:
    """Where one act is refused, since somebody left say, the next is done instead; any other error is one."""
    ada = lived.acting_as("ada")
    turn = Turn(ada, ada.person, Voice("en", Random(1)), STARTS_ON)

    def ask_nobody(turn: Turn) -> bool:
        turn.actor.feedback.ask(turn.person.id, question="Is it me?")
        return True

    def ask_a_stranger(turn: Turn) -> bool:
        turn.actor.feedback.ask("stranger@example.org", question="Who are you?")
        return True

    assert turn.first_of([ask_nobody, acts.goals.reflect]) == ["goals.reflect"]
    with pytest.raises(NotFound):
        turn.first_of([ask_a_stranger, acts.goals.reflect])


def test_a_suggestion_is_put_in_ones_own_words() -> None:
    """A title that somebody gave in one language is found again in the other; what is not in the script is not."""
    voice = Voice("nl", Random(1))
    row = voice.row_titled("suggestion", "Lead our next retrospective")
    assert row is not None
    assert voice.text(row, "title") == "Onze volgende terugblik leiden"
    assert voice.row_titled("suggestion", "Something else") is None
    assert voice.makes_of("Something else") is None


def _elsewhere(lived: Lived, actor: Actor, folder: Path) -> Workspace:
    """Give another workspace, at the same moment, in which of these people only one works."""
    now = actor.overview().as_of
    write_csv([row for row in lived.rows if row["external_id"] == actor.person.external_id], folder / "her.csv")
    elsewhere = open_workspace(tenant="elsewhere", clock=lambda: now, random=Random(1))
    elsewhere.people.sync(f"csv:{folder}/her.csv")
    return elsewhere


def test_everybody_takes_the_same_overview_along(lived: Lived, tmp_path: Path) -> None:
    """Whoever takes all of hers to another workspace has the same overview there, trends and own steps included."""
    here = [person for person in lived.workspace.people.all() if person.active]
    named = {lived.acting_as(name).person.id for name in ("ada", "liam", "sam", "hr")}
    told = 0
    for person in (*(one for one in here if one.id in named), *here[::8]):
        actor = lived.workspace.acting_as(person.id)
        before, bundle = actor.overview(), actor.data.export()
        with _elsewhere(lived, actor, tmp_path) as there:
            her = there.acting_as(person.external_id)
            her.data.import_bundle(bundle_text(bundle), whose=person.id)
            after = her.overview()
        assert differences(before, after, bundle, organisation_id=OWNER) == (), person.external_id
        for path in (path for path in after.numbers() if path.startswith("trends")):
            assert after.explain(path).value == before.explain(path).value
            told += 1
    assert told > 50
