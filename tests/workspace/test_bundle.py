"""All that is hers, taken along: what is in it, and the same overview wherever she brings it in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.workspace.conftest import World, row

from ownership import IllegalMove, InvalidInput, NotAllowed, Promise, Unavailable
from ownership.codec import load
from ownership.domain.bundle import Belongings, Bundle, arriving, comes_along, differences, passage_of
from ownership.domain.people import PersonId
from ownership.domain.scales import NotEnoughData
from ownership.portable import bundle_text
from ownership.testing import belongings
from ownership.workspace import records
from ownership.workspace.records import ORGANISATION, to_record

if TYPE_CHECKING:
    from ownership.domain.overview import Overview

MakeWorld = Callable[..., World]
LOSABLE = ["goals", "feedback", "choices", "reflections", "needs", "looks", "ended", "trends"]
PROMISE = Promise("Find an hour", by="sam")


@pytest.fixture
def elsewhere(make_world: MakeWorld) -> World:
    """Give another workplace, of another tenant, in which only Ada and a manager of another name work."""
    return make_world(people=(row("kim"), row("ada", manager="kim", team="Green")), tenant="elsewhere")


def a_month(world: World) -> None:
    """Let Ada live a month in which a bit of everything happens."""
    ada, sam, liam = (world.acting(name) for name in ("ada", "sam", "liam"))
    world.open_check_in()
    goal = ada.goals.draft(title="Lead a workshop", why="I come alive", theme="speaking")
    ada.goals.start(goal.id)
    ada.goals.record(goal.id, progress=40, confidence=7, note="Dry run")
    ada.goals.invite_supporter(goal.id, "liam")
    ada.goals.share(goal.id, audience="manager")
    reached = ada.goals.draft(title="Read a book")
    ada.goals.start(reached.id)
    ada.goals.learn(reached.id, reflection="Slow is fine")
    ada.goals.draft(title="Something of my own")
    sam.goals.suggest("ada", title="Speak at the fair")
    ada.check_ins.prepare(progress="Well", topics=["Room"])
    sam.check_ins.prepare(ada.check_ins.current().id, progress="Proud")  # type: ignore[union-attr]
    ada.check_ins.hold(ada.check_ins.current().id, agreements=["Book a room", PROMISE])  # type: ignore[union-attr]
    ada.reflections.write(ada.reflections.next_prompt().id, "Mornings")
    ada.learning.choose(ada.learning.options(goal.id)[0].id, goal_id=goal.id, why="It fits")
    ada.feedback.ask("liam", about=goal.id, question="What should I keep?")
    liam.feedback.answer(liam.feedback.asked_of_me()[0].id, "Your questions.")
    liam.feedback.give("ada", "Thanks for your help.", about="helping")
    ada.feedback.give("liam", "You explain well.")
    ada.needs.raise_need("An hour a week", to="manager")
    ada.profile.rest(until=date(2026, 3, 1))
    sam.visibility.shared_with_me()
    world.work()


def pulses_later(world: World) -> None:
    """Let two pulses pass, of which Ada answers one whole and one half, and a third open."""
    organiser, ada = world.acting("hr", roles={"organiser"}), world.acting("ada")
    for answers in ({"pulse-autonomy-arrange": 4, "pulse-workload-hours": 2}, {"pulse-autonomy-arrange": 2}, {}):
        opened = organiser.pulses.open(questions=["pulse-autonomy-arrange", "pulse-workload-hours"])
        if answers:
            ada.pulse.answer(opened, answers)
            world.clock.move(days=30)
            world.work()


def taken_to(elsewhere: World, world: World) -> tuple[Overview, Overview, Bundle]:
    """Let Ada take all of hers from one world to another; gives both overviews and the bundle."""
    elsewhere.clock.now = world.clock.now
    before = world.acting("ada").overview()
    bundle = world.acting("ada").data.export()
    elsewhere.acting("ada").data.import_bundle(bundle_text(bundle))
    return before, elsewhere.acting("ada").overview(), bundle


def everything(world: World, name: str = "ada") -> Belongings:
    """Give all that somebody owns."""
    return world.acting(name).data.export().own


class TestSameOverview:
    def test_a_month_is_the_same_elsewhere(self, world: World, elsewhere: World) -> None:
        """Taken along from one workspace and brought into another, her overview is what it was."""
        a_month(world)
        before, after, bundle = taken_to(elsewhere, world)
        assert differences(before, after, bundle, organisation_id=ORGANISATION) == ()
        assert [goal.goal.title for goal in after.goals] == [goal.goal.title for goal in before.goals]
        assert {"Liam", "Sam"} <= set(after.names.values())
        assert after.feedback
        assert after.looks

    def test_a_check_in_that_was_begun_comes_along(self, world: World, elsewhere: World) -> None:
        """It is the open one there, without a partner; one with which nobody did anything stays behind."""
        world.open_check_in()
        _, after, _ = taken_to(elsewhere, world)
        assert after.check_in is None
        another = World(tenant="another", people=(row("ada"),))
        world.acting("ada").check_ins.bring_up(topics=["My year"])
        before, after, bundle = taken_to(another, world)
        assert differences(before, after, bundle, organisation_id=ORGANISATION) == ()
        assert after.check_in == another.acting("ada").check_ins.current()
        assert [item.text for item in another.acting("ada").check_ins.hold().agenda] == ["My year"]
        assert another.acting("ada").check_ins.current() is None
        another.ws.close()

    def test_her_trends_come_along(self, world: World, elsewhere: World) -> None:
        """Her trends are the same elsewhere, and each value is explained there by the answers that came along."""
        pulses_later(world)
        before, after, bundle = taken_to(elsewhere, world)
        assert differences(before, after, bundle, organisation_id=ORGANISATION) == ()
        assert [[point.value for point in trend.points] for trend in after.trends] == [
            [75, 25],
            [25, NotEnoughData(0, 1)],
        ]
        here = {answers.id for answers in elsewhere.acting("ada").pulse.mine()}
        for path in filter(lambda path: path.startswith("trends["), after.numbers()):
            assert after.explain(path).value == before.explain(path).value
            assert set(after.explain(path).item_ids) <= here
        assert after.explain("trends[0].change").inputs == {"last": 25, "before": 75}
        assert elsewhere.acting("ada").pulse.trend("autonomy") == after.trends[0]

    def test_what_she_does_not_keep_is_in_no_trend(self, world: World, elsewhere: World) -> None:
        """Answers that go when the pulse closes are in no trend while it is open, and do not come along."""
        opened = world.acting("hr", roles={"organiser"}).pulses.open(questions=["pulse-autonomy-arrange"])
        world.acting("ada").pulse.answer(opened, {"pulse-autonomy-arrange": 4}, keep=False)
        before, after, bundle = taken_to(elsewhere, world)
        assert before.trends == after.trends == ()
        assert differences(before, after, bundle, organisation_id=ORGANISATION) == ()

    def test_who_is_only_on_the_menu_is_not_mentioned(self, world: World, elsewhere: World) -> None:
        """A colleague whose offer she chose is named on the menu of there, and in nothing that is hers."""
        ada, liam = world.acting("ada"), world.acting("liam")
        offers = [liam.learning.offer(kind, title="Together") for kind in ("coaching", "shadowing")]
        ada.learning.choose(offers[0].id)
        before, after, bundle = taken_to(elsewhere, world)
        assert ("Liam" in before.names.values(), "Liam" in after.names.values()) == (True, False)
        assert differences(before, after, bundle, organisation_id=ORGANISATION) == ()

    def test_next_steps_about_hers_are_compared(self, world: World, elsewhere: World) -> None:
        """Steps about her own things are the same elsewhere; what a workplace asks takes places and is not compared."""
        a_month(world)
        world.acting("ada").profile.stop_resting()
        pulses_later(world)
        world.acting("ada").check_ins.bring_up(topics=["My year"])
        world.acting("liam").feedback.ask("ada", question="How was my talk?")
        before, after, bundle = taken_to(elsewhere, world)
        kinds = [[str(step.kind) for step in overview.next_steps] for overview in (before, after)]
        assert kinds == [
            ["prepare_check_in", "give_feedback", "answer_pulse"],
            ["prepare_check_in", "read_suggestion", "say_how_it_goes"],
        ]
        assert differences(before, after, bundle, organisation_id=ORGANISATION) == ()
        for there, here in (
            (before, evolve(after, next_steps=after.next_steps[1:])),
            (before, evolve(after, next_steps=after.next_steps[::-1])),
            (evolve(before, next_steps=before.next_steps[:1]), after),
        ):
            assert differences(there, here, bundle, organisation_id=ORGANISATION) == ("next_steps",)

    @pytest.mark.parametrize("part", LOSABLE)
    def test_what_is_lost_is_noticed(self, world: World, elsewhere: World, part: str) -> None:
        """An overview that lacks something is not the same."""
        a_month(world)
        pulses_later(world)
        before, after, bundle = taken_to(elsewhere, world)
        poorer = evolve(after, **{part: getattr(after, part)[1:]})
        assert part in differences(before, poorer, bundle, organisation_id=ORGANISATION)
        nameless = evolve(after, names={})
        assert differences(before, nameless, bundle, organisation_id=ORGANISATION) == ("names",)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
    @given(data=st.data())
    def test_a_drawn_life_is_the_same_elsewhere(self, make_world: MakeWorld, data: st.DataObject) -> None:
        """Whatever somebody owns, her overview elsewhere is the same, and all of it is what it was, as it arrives."""
        world, there = make_world(), make_world(people=(row("ada"),), tenant="elsewhere")
        put(world, data.draw(belongings(st.just(PersonId(world.id("ada"))))))
        before, after, bundle = taken_to(there, world)
        assert differences(before, after, bundle, organisation_id=ORGANISATION) == ()
        passage = passage_of(bundle, PersonId(there.id("ada")), organisation_id=ORGANISATION)
        expected = sorted(
            (arriving(thing, passage, after.today) for thing in bundle.own.all() if comes_along(thing)),
            key=lambda thing: thing.id,
        )
        [*found] = sorted(everything(there).all(), key=lambda thing: thing.id)
        [arrival] = [thing for thing in found if thing.id == passage.arrival_id]
        found.remove(arrival)
        assert found == expected
        there.work()
        world.ws.close()
        there.ws.close()


def put(world: World, things: Belongings) -> None:
    """Put things into the store, past every call."""
    with world.store.writing(world.ws._desk.tenant) as unit:
        unit.put([to_record(evolve(thing, version=1)) for thing in things.all()])


class TestWhatIsInIt:
    def test_what_is_others_is_not_in_it(self, world: World) -> None:
        """Of what others own there are her own words, in what she may see, and nothing of theirs."""
        a_month(world)
        liam = world.acting("liam").data.export()
        assert [(words.kind, words.text) for words in liam.written] == [
            ("feedback", "Your questions."),
            ("feedback", "Thanks for your help."),
        ]
        assert "Lead a workshop" not in bundle_text(liam)  # he supports it, and it is hers
        sam = world.acting("sam").data.export()
        assert {words.text for words in sam.written} >= {"Proud", "Speak at the fair", "Find an hour"}
        assert "An hour a week" not in bundle_text(sam)

    def test_a_second_export_is_as_the_first(self, world: World) -> None:
        """Who exports twice has twice the same: exporting adds nothing to it but the moment."""
        a_month(world)
        first = world.acting("ada").data.export()
        world.clock.move(minutes=5)
        second = world.acting("ada").data.export()
        assert first != second == evolve(first, made_at=world.clock.now)

    def test_only_what_is_hers_is_opened(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whatever long past colleagues have, an export opens her own things and what her words can be in."""
        opened: list[str] = []

        def noted(cls: type[Any], *told: Any) -> Any:
            opened.append(cls.__name__)
            return load(cls, *told)

        def cost() -> int:
            opened.clear()
            world.acting("ada").data.export()
            return len(opened)

        monkeypatch.setattr(records, "load", noted)

        world.acting("ada").goals.draft(title="Mine")
        before = cost()
        liam = world.acting("liam")
        for number in range(20):
            liam.goals.share(liam.goals.draft(title=f"Goal {number}"), "everyone")
            liam.reflections.write("start-what-i-need", "Time.")
        assert cost() == before
        for number in range(20):
            world.acting("ada").goals.draft(title=f"Goal {number}")
        assert cost() == before + 20

    def test_looking_for_her_words_is_journalled(self, world: World) -> None:
        """An export that finds her words in another's things is in the other's journal, as any look."""
        world.given(author="liam", receiver="ada")
        world.acting("liam").data.export()
        assert [who for who, _, _ in world.looks("ada")] == ["liam"]

    def test_what_another_has_not_shown_is_not_in_it(self, world: World) -> None:
        """What the partner still prepares, or keeps until both are ready, is not in her export."""
        check_in = world.open_check_in()
        world.acting("ada").check_ins.reveal_together(check_in.id)
        world.acting("sam").check_ins.prepare(check_in.id, progress="a secret")
        assert "a secret" not in bundle_text(world.acting("ada").data.export())

    def test_feedback_in_it_counts_as_read(self, world: World) -> None:
        """What she takes along its author cannot take back any more."""
        given_ = world.given()
        world.acting("ada").data.export()
        with pytest.raises(IllegalMove):
            world.acting("liam").feedback.take_back(given_.id)

    def test_the_journal_is_in_it_with_names(self, world: World) -> None:
        """Who looked is in it, and what they are called."""
        a_month(world)
        bundle = world.acting("ada").data.export()
        assert {bundle.name_of(look.viewer_id) for look in bundle.own.looks} >= {"Sam", "Liam"}


class TestImport:
    def test_nobody_else_sees_or_hears_of_it(self, world: World, elsewhere: World) -> None:
        """Her manager of there sees nothing, plugins hear nothing, and nothing is sent, also by due work."""
        a_month(world)
        taken_to(elsewhere, world)
        before = elsewhere.sent()
        elsewhere.work()
        kim = elsewhere.acting("kim")
        assert kim.visibility.shared_with_me() == ()
        assert elsewhere.facts() == ()
        assert elsewhere.sent() == before == {}
        assert {person.external_id for person in elsewhere.ws.people.all()} == {"kim", "ada"}

    def test_the_same_bundle_again_changes_nothing(self, world: World, elsewhere: World) -> None:
        """A second import gives the first arrival, and what she changed or removed since stays so."""
        a_month(world)
        text = bundle_text(world.acting("ada").data.export())
        ada = elsewhere.acting("ada")
        arrival = ada.data.import_bundle(text)
        ada.reflections.remove(ada.reflections.mine()[0].id)
        ada.goals.record(ada.overview().goals[0].goal.id, progress=90)
        before = ada.data.export().own
        assert ada.data.import_bundle(text) == arrival
        assert ada.data.export().own == before

    def test_another_bundle_from_there_is_refused(self, world: World, elsewhere: World) -> None:
        """A later bundle of the same workplace would bring back what she removed, and is refused."""
        elsewhere.acting("ada").data.import_bundle(world.acting("ada").data.export())
        world.given()
        with pytest.raises(InvalidInput, match="is not the one that came from there"):
            elsewhere.acting("ada").data.import_bundle(world.acting("ada").data.export())

    def test_what_she_has_here_comes_first(self, world: World, elsewhere: World) -> None:
        """Of what there is one of, as a rest, hers of here stays."""
        world.acting("ada").profile.rest(until=date(2026, 3, 1))
        rest = elsewhere.acting("ada").profile.rest(until=date(2026, 2, 1))
        elsewhere.acting("ada").data.import_bundle(world.acting("ada").data.export())
        assert everything(elsewhere).rests == (evolve(rest, version=0),)

    def test_anybody_elses_is_refused(self, world: World, elsewhere: World) -> None:
        """Nobody brings in a bundle of another, and nobody hers into where it is from."""
        bundle = world.acting("ada").data.export()
        with pytest.raises(InvalidInput, match=r"bundle\.whose"):
            elsewhere.acting("kim").data.import_bundle(bundle)
        with pytest.raises(InvalidInput, match=r"bundle\.person"):
            world.acting("ada").data.import_bundle(bundle)
        assert not everything(elsewhere, "kim").counts()

    @pytest.mark.parametrize("change", ["tampered", "newer", "unknown"])
    def test_what_is_refused_changes_nothing(self, world: World, elsewhere: World, change: str) -> None:
        """A bundle that was changed, is newer, or has what does not exist here leaves everything as it was."""
        a_month(world)
        document = json.loads(bundle_text(world.acting("ada").data.export()))
        changes = {"tampered": ("tenant", "x"), "newer": ("version", 2), "unknown": ("ratings", [])}
        document[changes[change][0]] = changes[change][1]
        with pytest.raises(InvalidInput):
            elsewhere.acting("ada").data.import_bundle(json.dumps(document))
        assert not everything(elsewhere).counts()

    def test_it_happens_whole_or_not_at_all(self, world: World, make_world: MakeWorld) -> None:
        """Wherever the store fails during an import, there is nothing of it; the next try brings it all."""
        a_month(world)
        bundle = world.acting("ada").data.export()
        there = make_world("frail:", people=(row("ada"),), tenant="default")
        ada = there.acting("ada")
        before = there.store.state()
        for calls in count():
            there.store.fails_after = calls
            try:
                ada.data.import_bundle(bundle)
            except Unavailable:
                assert there.store.state() == before
                continue
            break
        assert calls > 3
        there.store.fails_after = None
        assert len(ada.overview().goals) == 2

    def test_a_third_workplace_knows_the_people_of_the_first(self, world: World, make_world: MakeWorld) -> None:
        """What came along comes along again, with its names."""
        a_month(world)
        second, third = (make_world(people=(row("ada"),), tenant=name) for name in ("second", "third"))
        taken_to(second, world)
        before, after, bundle = taken_to(third, second)
        assert differences(before, after, bundle, organisation_id=ORGANISATION) == ()
        assert {"Sam", "Liam"} <= set(after.names.values())

    def test_what_was_spent_there_is_not_spent_here(self, world: World, elsewhere: World) -> None:
        """Her budget of here is whole, whatever ways of learning cost her there."""
        hr = world.acting("hr", roles={"organiser"})
        hr.budgets.grant(year=2026, hours=40)
        ada = world.acting("ada")
        ada.learning.choose(ada.learning.options()[0].id, hours=8)
        assert ada.learning.budget().spent.hours == 8
        elsewhere.acting("ada").data.import_bundle(ada.data.export())
        assert elsewhere.acting("ada").learning.budget().spent.hours == 0


class TestLeaving:
    def test_what_a_leaver_fetched_gives_the_same_overview(self, world: World, elsewhere: World) -> None:
        """Who fetches hers after her last day and brings it in elsewhere has the overview of her last day."""
        a_month(world)
        pulses_later(world)
        before = world.acting("ada").overview()
        world.tell(row("ada", manager="sam", active=False))
        bundle = world.ws.acting_as_leaver("ada").data.export()
        elsewhere.clock.now = world.clock.now
        elsewhere.acting("ada").data.import_bundle(bundle_text(bundle))
        after = elsewhere.acting("ada").overview()
        assert len(after.trends) == 2
        assert differences(before, after, bundle, organisation_id=ORGANISATION) == ()

    def test_who_is_deactivated_hears_it_once(self, world: World) -> None:
        """The synchronisation that deactivates her offers it, and it goes out once, also after her last day."""
        others = [row(name) for name in ("mia", "sam", "liam", "noor", "zoe", "hr")]
        world.tell(*others, complete=True)
        world.work()
        world.clock.move(days=1)
        world.tell(*others, complete=True)
        world.work()
        (message,) = world.sent()["ada"]
        assert "4 Feb 2026" in message.body

    def test_whose_last_day_is_known_hears_it_before(self, world: World) -> None:
        """Two weeks before a last day that is known she hears it, not earlier, and not again when it comes."""
        world.tell(row("ada", manager="sam", end_on=date(2026, 2, 2)))
        world.clock.set(2026, 1, 18)
        world.work()
        assert "ada" not in world.sent()
        for day in (19, 20, 30):
            world.clock.set(2026, 1, day)
            world.work()
        world.clock.set(2026, 2, 3)
        world.tell(row("ada", manager="sam", end_on=date(2026, 2, 2), active=False))
        world.work()
        assert len(world.sent()["ada"]) == 1

    def test_who_stays_after_all_hears_nothing(self, world: World) -> None:
        """A message that waits lapses when her last day is taken back."""
        world.clock.set(2026, 1, 19, 2)
        world.tell(row("ada", manager="sam", end_on=date(2026, 2, 2)))
        world.work()
        world.tell(row("ada", manager="sam", active=True))
        world.clock.set(2026, 1, 19, 12)
        world.work()
        assert "ada" not in world.sent()

    def test_a_leaver_fetches_hers_and_does_nothing_else(self, world: World) -> None:
        """For thirty days she exports all that is hers; she has no other noun, and then not even that."""
        a_month(world)
        left(world)
        leaver = world.ws.acting_as_leaver("ada@example.org")
        bundle = leaver.data.export()
        assert bundle.own.goals
        assert bundle.written == ()
        assert leaver.data.who_looked()
        assert {name for name in dir(leaver) if name[0] != "_"} == {"data"}
        assert not hasattr(leaver.data, "import_bundle")
        with pytest.raises(NotAllowed):
            world.acting("ada")
        world.clock.move(days=31)
        with pytest.raises(NotAllowed, match="ended on"):
            world.ws.acting_as_leaver("ada@example.org")
        assert world.ws.acting_as_leaver("ada", on_behalf_of="kim").data.export().own.goals
        looks = world.ws.acting_as_leaver("ada", on_behalf_of="kim").data.who_looked()
        assert looks[0].on_behalf_of == "kim"

    def test_who_works_here_is_no_leaver(self, world: World) -> None:
        """Somebody who works here, or is still to come, did not leave."""
        world.tell(row("new", start_on=date(2027, 1, 1)))
        for name in ("ada", "new"):
            with pytest.raises(NotAllowed, match="did not leave"):
                world.ws.acting_as_leaver(name)

    def test_her_last_manager_sees_nothing_any_more(self, world: World) -> None:
        """What she shared nobody sees once she has left."""
        a_month(world)
        assert world.acting("sam").visibility.shared_with_me()
        left(world)
        assert world.acting("sam").visibility.shared_with_me() == ()


def left(world: World) -> None:
    """Let Ada leave; the next day comes."""
    world.tell(row("ada", manager="sam", active=False))
    world.clock.move(days=1)
