"""A pulse from opening to the reply: what people answer stays theirs, and what is published is of enough people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from ownership import Conflict, IllegalMove, InvalidInput, NotAllowed, NotFound, Unavailable
from ownership.domain.cohorts import Group
from ownership.domain.next_steps import StepKind
from ownership.domain.publication import NotCounted, ReleasePlan
from ownership.domain.pulse import NeedChoice, Pulse, PulseAnswers, PulseResults, PulseStatus
from ownership.domain.scales import Construct, NotEnoughData, Polarity, ScaleQuestion
from ownership.ports.content import Pack
from ownership.workspace.actor import Actor
from ownership.workspace.pulses import Pulses

if TYPE_CHECKING:
    from tests.workspace.conftest import World

MORE = ("pip", "kim", "joy", "max", "tom")
"""Colleagues who join the blue team, so that it can be told of."""

TOLD = {
    "pulse-autonomy-arrange": 4,
    "pulse-autonomy-filled-in": 2,
    "pulse-workload-hours": 5,
    "pulse-workload-think": 1,
}


@pytest.fixture
def blue(make_world: Callable[..., World], tell_row: Callable[..., Any]) -> World:
    """Give a world in which the blue team has eight people; five others are elsewhere."""
    world = make_world("frail:")
    world.tell(*(tell_row(name, manager="sam") for name in MORE))
    world.tell(tell_row("kai", team="Red"))
    return world


def pulses(world: World) -> Pulses:
    """Give the organiser's side."""
    return world.acting("hr", roles={"organiser"}).pulses


def opened(world: World, **how: Any) -> Pulse:
    """Open a pulse about autonomy and workload."""
    return pulses(world).open(**({"questions": list(TOLD)} | how))


def answer(world: World, who: Iterable[str], **how: Any) -> None:
    """Let people answer the pulse that is open."""
    for name in who:
        mine = world.acting(name).pulse
        current = mine.current()
        assert current is not None
        mine.answer(current, TOLD, **how)


def close(world: World, days: int = 8) -> None:
    """Let the window pass, and do what is due."""
    world.clock.move(days=days)
    world.work()


BLUE = ("ada", "liam", "noor", *MORE)


class TestOpening:
    def test_everyone_hears_of_it_and_is_asked(self, blue: World) -> None:
        """A pulse asks everyone who works here, in their own language, until the last of its days where they are."""
        pulse = opened(blue)
        blue.clock.move(hours=24)
        blue.work()
        assert {name for name, got in blue.sent().items() if any("2026" in m.body for m in got)} >= {
            "ada",
            "noor",
            "hr",
        }
        current = blue.acting("noor").pulse.current()
        assert current is not None
        assert (current.id, current.until, current.minutes) == (pulse.id, date(2026, 1, 11), 2)
        assert [question.id for question in current.questions] == list(TOLD)
        assert current.questions[0].text.startswith("De afgelopen weken")
        assert (current.questions[0].about, current.questions[0].answer) == ("Zelf kunnen kiezen", None)
        assert blue.acting("noor").pulse.open_questions() == current.questions

    def test_who_rests_is_not_nudged(self, blue: World) -> None:
        """Who rests hears nothing of a pulse and has no step of it, and can answer all the same."""
        blue.acting("ada").profile.rest()
        opened(blue)
        blue.work()
        assert "ada" not in blue.sent()
        assert blue.acting("ada").next_step().kind is StepKind.NOTHING
        answer(blue, ["ada"])

    def test_by_default_it_is_a_handful(self, blue: World) -> None:
        """Without picking, six questions about three constructs are asked, two minutes; the next asks about others."""
        first = pulses(blue).open()
        close(blue)
        blue.clock.move(days=28)
        second = pulses(blue).open()
        assert (len(first.questions), first.minutes, len(first.constructs)) == (6, 2, 3)
        assert not set(first.constructs) & set(second.constructs)

    def test_only_an_organiser_runs_pulses(self, blue: World) -> None:
        """Without the role, every call of the organiser is refused."""
        pulse = opened(blue)
        mine = blue.acting("ada").pulses
        calls: list[Callable[[], object]] = [
            mine.open,
            mine.preview,
            mine.questions,
            mine.results,
            lambda: mine.respond(pulse, we_will="x"),
            lambda: mine.call_off(pulse),
        ]
        for call in calls:
            with pytest.raises(NotAllowed, match="organiser"):
                call()

    @pytest.mark.parametrize(
        ("how", "error", "said"),
        [
            ({"questions": ["nope"]}, NotFound, "nope"),
            ({"questions": "pulse-autonomy-arrange"}, InvalidInput, "one text"),
            ({"questions": []}, InvalidInput, "pulse.questions"),
            ({"days": 1}, InvalidInput, "pulse.days"),
            ({"days": 61}, InvalidInput, "pulse.days"),
            ({"days": True}, InvalidInput, "pulse.days"),
            ({"threshold": 4}, InvalidInput, "is under"),
        ],
    )
    def test_nonsense_is_refused_and_nothing_is_left_of_it(
        self, blue: World, how: dict[str, Any], error: type[Exception], said: str
    ) -> None:
        """No such question, none, too short, too long, or a threshold under the floor: nothing is written."""
        before = blue.store.state()
        with pytest.raises(error, match=said):
            opened(blue, **how)
        with pytest.raises(error, match=said):
            pulses(blue).preview(**({"questions": list(TOLD)} | how))
        assert blue.store.state() == before

    def test_not_two_at_once_and_not_too_much(self, blue: World) -> None:
        """Another does not open beside one that is open, nor when it would ask more than five minutes in four weeks."""
        opened(blue)
        with pytest.raises(InvalidInput, match="let that one close first"):
            opened(blue)
        close(blue)
        opened(blue)
        close(blue)
        with pytest.raises(InvalidInput, match="would ask 6 minutes"):
            opened(blue)

    def test_the_threshold_never_goes_down(self, blue: World) -> None:
        """Once a pulse had a threshold of seven, the next one has at least that."""
        opened(blue, threshold=7)
        close(blue)
        with pytest.raises(InvalidInput, match="was 7"):
            opened(blue, threshold=6)
        opened(blue)
        preview = blue.acting("ada").pulse.preview()
        assert preview.threshold == 7


class TestPreview:
    def test_the_organiser_sees_what_could_be_published(self, blue: World) -> None:
        """Before opening it is told of which groups there could be a result; nothing is written, nobody hears of it."""
        before = blue.store.state()
        preview = pulses(blue).preview(questions=TOLD)
        assert {to_tell.group.team: to_tell.people for to_tell in preview.groups} == {"Blue": 8, "": 5}
        assert (preview.minutes, preview.waiting, preview.threshold) == (2, 0, 5)
        assert preview.question_ids == tuple(TOLD)
        assert blue.store.state() == before

    def test_each_sees_it_for_herself(self, blue: World, tell_row: Callable[..., Any]) -> None:
        """Beforehand everyone sees of which groups she is in something could be told; joiners see that they wait."""
        opened(blue)
        blue.tell(tell_row("new"))
        ada, zoe, new = (blue.acting(name).pulse.preview() for name in ("ada", "zoe", "new"))
        assert [group.team for group in ada.could_show.groups] == ["Blue", "", ""]
        assert Group("Works", "Red") not in zoe.could_show.groups
        assert new.could_show.not_counted is NotCounted.WAITS_FOR_JOINERS
        assert (ada.minutes, ada.threshold, len(ada.bands)) == (2, 5, 4)

    def test_without_a_pulse_there_is_nothing_to_see(self, blue: World) -> None:
        """While none is open, there is none to preview, no question and no step; after its window a pulse is gone."""
        mine = blue.acting("ada").pulse
        assert (mine.current(), mine.open_questions()) == (None, ())
        with pytest.raises(NotFound, match="no pulse now"):
            mine.preview()
        pulse = opened(blue)
        assert mine.preview(pulse) == mine.preview() == mine.preview(pulse.id)
        blue.clock.move(days=8)
        assert mine.current() is None
        with pytest.raises(NotFound):
            mine.preview()


class TestAnswering:
    def test_it_is_a_step_until_she_answers(self, blue: World) -> None:
        """An open pulse is a next step of two minutes; when she answered it is none any more."""
        opened(blue)
        ada = blue.acting("ada")
        assert StepKind.ANSWER_PULSE in {step.kind for step in ada.next_steps()}
        answer(blue, ["ada"])
        assert StepKind.ANSWER_PULSE not in {step.kind for step in ada.next_steps()}

    def test_answers_can_be_changed_and_taken_back(self, blue: World) -> None:
        """Until closing, answering again replaces what was there, and taking back leaves nothing of it."""
        pulse, mine = opened(blue), blue.acting("ada").pulse
        mine.answer(pulse, {"pulse-autonomy-arrange": 1}, needs=["need-time", "need-time"])
        changed = mine.answer(pulse.id, {"pulse-workload-hours": 5}, needs=[])
        assert mine.mine() == (changed,)
        assert (changed.answers, changed.needs, changed.version) == ({"pulse-workload-hours": 5}, (), 2)
        current = mine.current()
        assert current is not None
        assert [question.answer for question in current.questions] == [None, None, 5, None]
        assert not any(need.is_chosen for need in current.needs)
        mine.take_back(pulse)
        assert mine.mine() == ()
        with pytest.raises(NotFound, match="pulse answers"):
            mine.take_back(pulse)
        mine.answer(pulse, TOLD, needs=["need-time"])
        current = mine.current()
        assert current is not None
        assert [need.id for need in current.needs if need.is_chosen] == ["need-time"]

    @pytest.mark.parametrize(
        ("answers", "how", "path"),
        [
            ({"pulse-autonomy-arrange": 6}, {}, "pulse.answers.pulse-autonomy-arrange"),
            ({"pulse-autonomy-arrange": 0}, {}, "pulse.answers.pulse-autonomy-arrange"),
            ({"pulse-autonomy-arrange": 3.5}, {}, "pulse.answers.pulse-autonomy-arrange"),
            ({"pulse-safety-heard-out": 3}, {}, "pulse.answers.pulse-safety-heard-out"),
            ({}, {}, "pulse.answers"),
            ([4, 2], {}, "pulse.answers"),
            (TOLD, {"needs": ["need-rest"]}, "pulse.needs"),
            (TOLD, {"needs": "need-time"}, "pulse.needs"),
            (TOLD, {"keep": "yes"}, "pulse_answers.keeps"),
        ],
        ids=str,
    )
    def test_odd_answers_are_refused(self, blue: World, answers: Any, how: dict[str, Any], path: str) -> None:
        """Out of range, not asked, nothing, or no choice: refused under its path, and nothing is half-done."""
        pulse, mine = opened(blue), blue.acting("ada").pulse
        before = blue.store.state()
        with pytest.raises(InvalidInput) as refused:
            mine.answer(pulse, answers, **how)
        assert [problem.path for problem in refused.value.problems] == [path]
        assert blue.store.state() == before

    def test_after_the_window_nothing_is_taken(self, blue: World) -> None:
        """When the window is over, also before due work ran, no answer is taken and none is taken back."""
        pulse, mine = opened(blue), blue.acting("ada").pulse
        answer(blue, ["ada"])
        blue.clock.set(2026, 1, 11, 22, 59)
        mine.answer(pulse, TOLD)
        blue.clock.set(2026, 1, 11, 23, 0)
        before = blue.store.state()
        for late in (lambda: mine.answer(pulse, TOLD), lambda: mine.take_back(pulse)):
            with pytest.raises(InvalidInput, match="has passed"):
                late()
        assert blue.store.state() == before
        blue.work()
        for late in (lambda: mine.answer(pulse, TOLD), lambda: mine.take_back(pulse)):
            with pytest.raises(IllegalMove):
                late()

    def test_nobody_else_can_ask_for_answers(self, blue: World) -> None:
        """No call of anyone gives another's answers, and that there are some is told to nobody while it is open."""
        opened(blue)
        before = {name: _all_told(blue.acting(name, roles={"organiser"})) for name in ("sam", "liam", "hr")}
        answer(blue, ["ada"], needs=["need-time"])
        assert {name: _all_told(blue.acting(name, roles={"organiser"})) for name in before} == before
        assert blue.acting("liam").pulse.mine() == ()
        assert blue.facts() == ()

    def test_who_acts_as_her_is_written_down(self, blue: World) -> None:
        """When somebody acts as her and reads or answers, she can see it."""
        pulse = opened(blue)
        blue.acting("ada", on_behalf_of="support@example.org").pulse.answer(pulse, TOLD)
        blue.acting("ada", on_behalf_of="support@example.org").pulse.mine()
        assert [look[2] for look in blue.looks("ada")] == ["support@example.org"] * 2


def _all_told(actor: Actor) -> list[Any]:
    mine, theirs = actor.pulse, actor.pulses
    return [mine.current(), mine.results(), mine.preview(), mine.mine(), theirs.results(), actor.team.overview()]


class TestClosing:
    def test_what_is_permitted_is_published_and_the_rest_is_not_kept(self, blue: World) -> None:
        """At closing the blue team has a result; what was not to be kept is gone, all else is still hers."""
        pulse = opened(blue)
        answer(blue, BLUE[:6], needs=["need-time"])
        answer(blue, BLUE[6:], keep=False)
        answer(blue, ["hr"])
        close(blue)
        (outcome,) = blue.acting("zoe").pulse.results()
        assert outcome.pulse.status is PulseStatus.CLOSED
        assert outcome.results is not None
        (cell,) = outcome.results.figures.cells
        assert (cell.answered, [found.measure for found in cell.findings]) == (9, ["autonomy", "workload"])
        assert all(found.band is not None and found.band.low == 65 for found in cell.findings)
        assert [bool(blue.acting(name).pulse.mine()) for name in BLUE] == [True] * 6 + [False] * 2
        (needs,) = outcome.results.need_figures.cells
        assert {f.measure: f.answered for f in needs.findings}["need-time"] == 6
        assert pulses(blue).results() == pulses(blue).results(pulse) == blue.acting("ada").pulse.results()

    def test_under_the_threshold_nothing_is_told(self, blue: World) -> None:
        """When four people answer there is no figure at all, and not how many they were."""
        opened(blue)
        answer(blue, BLUE[:4])
        close(blue)
        (outcome,) = blue.acting("ada").pulse.results()
        assert outcome.results is not None
        assert outcome.results.figures.cells == outcome.results.need_figures.cells == ()

    def test_who_has_left_does_not_count(self, blue: World, tell_row: Callable[..., Any]) -> None:
        """An answer of somebody who left before closing is in no figure."""
        opened(blue)
        answer(blue, BLUE[:5])
        blue.tell(tell_row("liam", manager="sam", active=False))
        close(blue)
        (outcome,) = blue.acting("ada").pulse.results()
        assert outcome.results is not None
        assert outcome.results.figures.cells == ()

    def test_there_is_no_so_far(self, blue: World) -> None:
        """While it is open a pulse has no result, for nobody, and due work does nothing to it."""
        pulse = opened(blue)
        answer(blue, BLUE)
        blue.work()
        assert blue.acting("ada").pulse.results() == pulses(blue).results() == ()
        with pytest.raises(NotFound, match="result of pulse"):
            pulses(blue).results(pulse)

    def test_it_happens_once(self, blue: World) -> None:
        """Due work that runs twice, late or not, closes a pulse once and publishes once."""
        opened(blue)
        answer(blue, BLUE)
        blue.clock.move(days=40)
        assert [blue.work().pulses, blue.work().pulses] == [1, 0]
        with blue.ws._desk.reading() as unit:
            assert len(unit.all_of("organisation", PulseResults)) == 1

    def test_what_counts_is_where_people_stood_when_it_closed(self, blue: World, tell_row: Callable[..., Any]) -> None:
        """However late due work runs, the figures are those of the moment at which the window ended."""
        opened(blue)
        answer(blue, BLUE)
        blue.clock.move(days=8)
        blue.tell(*(tell_row(name, manager="sam", team="Red") for name in ("ada", "liam", "noor")))
        blue.clock.move(days=60)
        blue.work()
        (outcome,) = blue.acting("ada").pulse.results()
        assert outcome.results is not None
        assert [(cell.group.team, cell.answered) for cell in outcome.results.figures.cells] == [("Blue", 8)]

    @pytest.mark.parametrize("fails_after", range(0, 60, 3))
    def test_all_of_it_or_nothing(
        self, make_world: Callable[..., World], tell_row: Callable[..., Any], fails_after: int
    ) -> None:
        """Whichever call of the store fails, a pulse is closed with results and without what was not kept, or open."""
        world = make_world("frail:")
        world.tell(*(tell_row(name, manager="sam") for name in MORE))
        opened(world)
        answer(world, BLUE, keep=False)
        world.clock.move(days=8)
        world.store.fails_after = fails_after
        with suppress(Unavailable):
            world.work()
        world.store.fails_after = None
        with world.ws._desk.reading() as unit:
            (pulse,) = unit.all_of("organisation", Pulse)
            kept, results = list(unit.find(PulseAnswers)), unit.all_of("organisation", PulseResults)
        is_open = pulse.status is PulseStatus.OPEN
        assert (len(kept), len(results)) == ((8, 0) if is_open else (0, 1))
        world.work()
        with world.ws._desk.reading() as unit:
            assert (list(unit.find(PulseAnswers)), len(unit.all_of("organisation", PulseResults))) == ([], 1)

    @pytest.mark.parametrize("cls", [Pulse, ReleasePlan])
    def test_what_was_altered_is_not_published(self, blue: World, cls: type[Any]) -> None:
        """A pulse or plan that is not what it was at opening takes no answers, and is called off, not published."""
        pulse = opened(blue)
        answer(blue, BLUE[:-1], keep=False)
        with blue.ws._desk.writing() as unit:
            if cls is Pulse:
                first = evolve(pulse.questions[0], polarity=Polarity.NEGATIVE)
                unit.save(evolve(pulse, questions=(first, *pulse.questions[1:])))
            else:
                plan = unit.one(ReleasePlan, pulse.plan_id)
                unit.save(evolve(plan, cohorts=plan.cohorts[:1]))
        with pytest.raises(InvalidInput, match=r"pulse\.fingerprint"):
            blue.acting("tom").pulse.answer(pulse.id, TOLD)
        close(blue)
        (outcome,) = blue.acting("ada").pulse.results()
        assert (outcome.pulse.status, outcome.results) == (PulseStatus.CALLED_OFF, None)
        assert blue.acting("ada").pulse.mine() == ()

    def test_it_can_be_called_off(self, blue: World) -> None:
        """A pulse that is called off asks nobody any more, publishes nothing, and leaves nothing that was not kept."""
        pulse = opened(blue)
        answer(blue, BLUE[:4])
        answer(blue, BLUE[4:], keep=False)
        pulses(blue).call_off(pulse)
        assert blue.acting("ada").pulse.current() is None
        close(blue)
        (outcome,) = blue.acting("ada").pulse.results()
        assert (outcome.results, outcome.reply_by_on) == (None, None)
        assert [bool(blue.acting(name).pulse.mine()) for name in BLUE] == [True] * 4 + [False] * 4
        with pytest.raises(IllegalMove):
            pulses(blue).respond(pulse, we_will="Something")


class TestReply:
    def test_who_opened_it_hears_that_one_is_due(self, blue: World) -> None:
        """When a pulse closed, who opened it has a message and a next step, until there is a reply."""
        opened(blue)
        close(blue)
        blue.clock.move(hours=24)
        blue.work()
        hr = blue.acting("hr", roles={"organiser"})
        assert hr.inbox.messages()[0].subject == "People answered your pulse"
        assert [step.kind for step in hr.next_steps()][1] is StepKind.RESPOND_TO_PULSE
        assert StepKind.RESPOND_TO_PULSE not in {step.kind for step in blue.acting("sam").next_steps()}
        (outcome,) = hr.pulses.results()
        assert outcome.reply_by_on == date(2026, 1, 27)
        hr.pulses.respond(outcome.pulse, we_will="Free mornings")
        assert StepKind.RESPOND_TO_PULSE not in {step.kind for step in hr.next_steps()}

    def test_everyone_hears_what_is_done(self, blue: World) -> None:
        """The reply is there for everyone, with "not now" and its reason; who rests hears nothing of it."""
        pulse = opened(blue)
        close(blue)
        blue.acting("liam").profile.rest()
        pulses(blue).respond(pulse.id, we_will="Free mornings", not_now="More pay", because="It is spent")
        blue.clock.move(hours=24)
        blue.work()
        (outcome,) = blue.acting("ada").pulse.results()
        assert outcome.reply is not None
        assert (outcome.reply.we_will, outcome.reply.because) == ("Free mornings", "It is spent")
        assert outcome.reply_by_on is None
        subjects = {name: [m.subject for m in blue.acting(name).inbox.messages()] for name in ("ada", "liam", "hr")}
        assert ["What is done" in " ".join(subjects[name]) for name in subjects] == [True, False, False]

    def test_a_reply_says_something_and_comes_once(self, blue: World) -> None:
        """An empty reply, a "not now" without a reason, one while it is open, and a second one are refused."""
        pulse = opened(blue)
        with pytest.raises(IllegalMove):
            pulses(blue).respond(pulse, we_will="Soon")
        close(blue)
        for said in ({}, {"not_now": "More pay"}):
            with pytest.raises(InvalidInput, match="pulse_reply"):
                pulses(blue).respond(pulse.id, **said)
        pulses(blue).respond(pulse.id, we_will="Soon")
        with pytest.raises(IllegalMove):
            pulses(blue).respond(pulse.id, we_will="Later")

    def test_when_who_opened_it_left_nobody_is_told(self, blue: World, tell_row: Callable[..., Any]) -> None:
        """A pulse whose opener is gone closes all the same, and any organiser sees that a reply is due."""
        opened(blue)
        blue.tell(tell_row("hr", team="People", active=False))
        close(blue)
        (outcome,) = blue.acting("mia", roles={"organiser"}).pulses.results()
        assert outcome.reply_by_on is not None


class TestTrend:
    def test_it_comes_from_her_own_record(self, blue: World) -> None:
        """Two pulses that asked about it are two points; what she did not keep is none; others have no part in it."""
        mine = blue.acting("ada").pulse
        for answers in (TOLD, TOLD | {"pulse-autonomy-arrange": 2}):
            mine.answer(opened(blue), answers)
            close(blue, days=30)
        trend = mine.trend("autonomy")
        assert ([point.value for point in trend.points], trend.change) == ([75, 50], -25)
        assert [point.value for point in mine.trend("workload").points] == [100, 100]
        mine.answer(opened(blue), TOLD, keep=False)
        close(blue, days=30)
        assert len(mine.trend("autonomy").points) == 2
        assert blue.acting("liam").pulse.trend("autonomy").points == ()

    def test_it_outlives_the_pulse(self, blue: World) -> None:
        """When pulses are past their term they go; her answers, her trend and its explanation are as they were."""
        mine = blue.acting("ada").pulse
        mine.answer(opened(blue), TOLD)
        close(blue)
        before = mine.mine(), blue.acting("ada").overview().trends
        blue.clock.move(days=blue.ws._desk.retention.pulses + 30)
        blue.work()
        with blue.ws._desk.reading() as unit:
            assert not unit.all_of("organisation", Pulse)
        overview = blue.acting("ada").overview()
        assert (mine.mine(), overview.trends) == before
        assert mine.trend("autonomy").points[0].value == 75
        assert overview.explain("trends[0].points[0].value").item_ids == (before[0][0].id,)

    def test_where_there_is_too_little_it_says_so(self, blue: World) -> None:
        """Without pulses there is not enough data; a construct that nobody knows is refused with those there are."""
        mine = blue.acting("ada").pulse
        assert mine.trend("recovery").change == NotEnoughData(0, 2)
        with pytest.raises(InvalidInput, match="autonomy"):
            mine.trend("happiness")

    def test_it_is_in_her_overview(self, blue: World) -> None:
        """Her overview has a trend of each construct that she was asked about, by its name in her language."""
        noor = blue.acting("noor")
        noor.pulse.answer(opened(blue), {"pulse-autonomy-arrange": 4})
        overview = noor.overview()
        assert [(trend.construct, trend.points[0].value) for trend in overview.trends] == [
            ("autonomy", 75),
            ("workload", NotEnoughData(0, 1)),
        ]
        assert overview.construct_titles["workload"] == "Werkdruk"
        assert overview.explain("trends[0].points[0].value").inputs == {"mean": 75, "on": date(2026, 1, 5)}
        assert blue.acting("liam").overview().trends == ()


class TestPacks:
    def test_a_licensed_pack_can_be_asked(self, make_world: Callable[..., World]) -> None:
        """A pack brings questions of seven points, a construct and needs; it is asked and told like ours."""
        words = {"en": "At my work I am full of beans."}
        pack = Pack(
            constructs=(Construct("vigour", {"en": "Vigour"}),),
            pulse_questions=(ScaleQuestion("acme-vigour", "vigour", Polarity.POSITIVE, words, 0, 6),),
            need_choices=(NeedChoice("acme-bike", {"en": "A bicycle"}),),
        )
        world = make_world(packs=[pack])
        pulse = pulses(world).open(questions=["acme-vigour"])
        mine = world.acting("ada").pulse
        assert [(asked.about, asked.lowest, asked.highest) for asked in mine.open_questions()] == [("Vigour", 0, 6)]
        mine.answer(pulse, {"acme-vigour": 6}, needs=["acme-bike"])
        assert mine.trend("vigour").points[0].value == 100

    def test_a_construct_without_a_title_is_told_by_its_id(self, make_world: Callable[..., World]) -> None:
        """A pack that names no construct has its id in place of a title."""
        words = {"en": "At my work I am full of beans."}
        pack = Pack(pulse_questions=(ScaleQuestion("acme-vigour", "vigour", Polarity.POSITIVE, words),))
        world = make_world(packs=[pack])
        pulses(world).open(questions=["acme-vigour"])
        (asked,) = world.acting("ada").pulse.open_questions()
        assert asked.about == "vigour"


def test_two_who_open_at_once_make_one(blue: World) -> None:
    """Of two pulses that open at the same moment one is refused, and one is there."""
    desk = blue.ws._desk
    real = desk.store.writing
    raced: list[bool] = []

    def racing(tenant: str) -> Any:
        if not raced:
            raced.append(True)
            opened(blue)
        return real(tenant)

    blue.store.writing = racing
    with pytest.raises((Conflict, InvalidInput)):
        opened(blue)
    with desk.reading() as unit:
        assert len(unit.all_of("organisation", Pulse)) == 1
