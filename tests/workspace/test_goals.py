"""Goals: private as a draft, moved by their owner, heard of when shared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ownership import Conflict, IllegalMove, InvalidInput, Measure, NotAllowed, NotFound
from ownership.domain.goals import MOVES, GoalMove, GoalStatus

if TYPE_CHECKING:
    from tests.workspace.conftest import World

    from ownership.domain.goals import Goal
    from ownership.workspace.actor import Actor

VERBS: dict[GoalMove, Callable[[Actor, Any], Goal]] = {
    GoalMove.EDIT: lambda actor, goal: actor.goals.edit(goal, title="Another title"),
    GoalMove.START: lambda actor, goal: actor.goals.start(goal),
    GoalMove.RECORD: lambda actor, goal: actor.goals.record(goal, progress=10),
    GoalMove.TRY_OUT: lambda actor, goal: actor.goals.try_out(goal, "Ask one question more"),
    GoalMove.REACH: lambda actor, goal: actor.goals.reach(goal),
    GoalMove.LEARN: lambda actor, goal: actor.goals.learn(goal),
    GoalMove.LET_GO: lambda actor, goal: actor.goals.let_go(goal),
    GoalMove.RESUME: lambda actor, goal: actor.goals.resume(goal),
}
WAYS: dict[GoalStatus, tuple[GoalMove, ...]] = {
    GoalStatus.DRAFT: (),
    GoalStatus.ACTIVE: (GoalMove.START,),
    GoalStatus.REACHED: (GoalMove.START, GoalMove.REACH),
    GoalStatus.LEARNED: (GoalMove.START, GoalMove.LEARN),
    GoalStatus.LET_GO: (GoalMove.LET_GO,),
}


def test_draft_keeps_all(world: World) -> None:
    """A draft is kept with everything that was said of it, and belongs to who drafted it."""
    ada = world.acting("ada")
    goal = ada.goals.draft(
        title="Lead a client workshop",
        why="I want to grow",
        theme="facilitation",
        skills=["presenting"],
        strengths=["patience"],
        due_on=date(2026, 6, 1),
        measure=Measure(start=5, target=0, unit="errors"),
        milestones=["Watch one", "Lead half of one"],
    )
    assert ada.goals.get(goal.id) == goal
    assert (goal.owner_id, goal.status, goal.version) == (world.id("ada"), GoalStatus.DRAFT, 1)
    assert [milestone.title for milestone in goal.milestones] == ["Watch one", "Lead half of one"]
    assert goal.drafted_at == world.clock.now


def test_mine_is_mine(world: World) -> None:
    """A person's list has her own goals, the oldest first, and nobody else's."""
    ada = world.acting("ada")
    titles = ["One", "Two", "Three"]
    for title in titles:
        ada.goals.draft(title=title)
        world.clock.move(minutes=1)
    world.acting("liam").goals.draft(title="Liam's")
    assert [goal.title for goal in ada.goals.mine()] == titles


@pytest.mark.parametrize("status", GoalStatus)
@pytest.mark.parametrize("move", GoalMove)
def test_every_status_and_verb(world: World, status: GoalStatus, move: GoalMove) -> None:
    """A verb does what the table of moves says, and is refused, changing nothing, where the table has no such move."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="A goal")
    for way in WAYS[status]:
        goal = VERBS[way](ada, goal)
    if move in MOVES[status]:
        assert VERBS[move](ada, goal).status is MOVES[status][move]
    else:
        with pytest.raises(IllegalMove) as caught:
            VERBS[move](ada, goal)
        assert set(caught.value.allowed) == {str(m) for m in MOVES[status]}
        assert ada.goals.get(goal.id) == goal


@pytest.mark.parametrize("move", [GoalMove.EDIT, GoalMove.START, GoalMove.LET_GO])
def test_stale_value_conflicts(world: World, move: GoalMove) -> None:
    """A verb on a value that was changed meanwhile is refused; on the id it takes the latest."""
    ada = world.acting("ada")
    stale = ada.goals.draft(title="A goal")
    ada.goals.edit(stale.id, why="Because")
    with pytest.raises(Conflict):
        VERBS[move](ada, stale)
    moved = VERBS[move](ada, stale.id)
    assert (moved.version, moved.why) == (3, "Because")


def test_stale_share_conflicts(world: World) -> None:
    """Sharing a value that was changed meanwhile is refused: she would share what she did not read."""
    ada = world.acting("ada")
    stale = ada.goals.draft(title="A goal")
    ada.goals.edit(stale, title="A changed goal")
    with pytest.raises(Conflict):
        ada.goals.share(stale, "manager")
    assert ada.goals.get(stale.id).audience.is_private


def test_milestones(world: World) -> None:
    """A milestone is ticked off on the day it is where she is, and one that is not there is refused."""
    ada = world.acting("ada")
    world.clock.set(2026, 1, 5, 23, 30)  # Amsterdam is a day further
    goal = ada.goals.draft(title="A goal", milestones=["First", "Second"])
    goal = ada.goals.finish_milestone(goal, "m2")
    assert [milestone.done_on for milestone in goal.milestones] == [None, date(2026, 1, 6)]
    with pytest.raises(InvalidInput, match="m9"):
        ada.goals.finish_milestone(goal, "m9")
    goal = ada.goals.add_milestone(goal, "Third", date(2026, 3, 1))
    goal = ada.goals.edit(goal, milestones=["Third", "Second"])
    assert [(m.title, m.due_on, m.done_on) for m in goal.milestones] == [
        ("Third", date(2026, 3, 1), None),
        ("Second", None, date(2026, 1, 6)),
    ]
    assert [m.title for m in ada.goals.edit(goal, milestones=["Only"]).milestones] == ["Only"]


def test_without_a_figure(world: World) -> None:
    """A goal without a figure takes a confidence and a note, refuses a figure, and is none the worse in an overview."""
    ada = world.acting("ada")
    goal = ada.goals.start(ada.goals.draft(title="A goal", measure=None))
    goal = ada.goals.record(goal, confidence=8, note="I dare more")
    assert (goal.progress, goal.confidence) == (None, 8)
    with pytest.raises(InvalidInput, match="figure"):
        ada.goals.record(goal, progress=40)
    assert ada.goals.get(goal.id) == goal
    assert ada.overview().goals[0].progress is None


def test_experiments(world: World) -> None:
    """A trial begins, ends as kept or dropped with what was seen, and only its goal's owner says how."""
    ada = world.acting("ada")
    goal = ada.goals.start(ada.goals.draft(title="A goal"))
    goal = ada.goals.try_out(goal, "Ask one question more", until=date(2026, 1, 19))
    goal = ada.goals.try_out(goal, "Stand while I speak")
    world.clock.move(days=14)
    goal = ada.goals.keep_experiment(goal, "x1", "People tell me more")
    goal = ada.goals.drop_experiment(goal, "x2")
    assert [(trial.status, trial.saw) for trial in goal.experiments] == [
        ("kept", "People tell me more"),
        ("dropped", ""),
    ]
    assert goal.experiments[0].concluded_at == world.clock.now
    with pytest.raises(IllegalMove):
        ada.goals.drop_experiment(goal, "x1")
    with pytest.raises(InvalidInput, match="experiment_id"):
        ada.goals.keep_experiment(goal, "x3")
    ada.goals.share(goal, "manager")
    with pytest.raises(NotAllowed):
        world.acting("sam").goals.try_out(goal.id, "His idea")


class TestSupporters:
    """Colleagues whom she asked to support her."""

    def test_a_supporter_sees_it_until_removed(self, world: World) -> None:
        """From the invitation on the supporter sees the goal, by having a part in it; once removed no more."""
        ada, liam = world.acting("ada"), world.acting("liam")
        goal = ada.goals.draft(title="A goal")
        assert liam.goals.supported() == ()
        goal = ada.goals.invite_supporter(goal, "liam@example.org")
        assert liam.goals.supported() == (goal,) == (liam.goals.get(goal.id),)
        assert [str(viewer) for viewer in ada.visibility.who_sees(goal.id)] == ["Liam (party)"]
        assert world.looks("ada") == [("liam", (goal.id,), "")] * 2
        ada.goals.remove_supporter(goal.id, "liam")
        assert liam.goals.supported() == ()
        with pytest.raises(NotFound):
            liam.goals.get(goal.id)

    def test_taking_it_back_takes_it_back_from_all(self, world: World) -> None:
        """Only me is only me: a preview says so, and so it is."""
        ada, liam = world.acting("ada"), world.acting("liam")
        goal = ada.goals.invite_supporter(ada.goals.share(ada.goals.draft(title="A goal"), "manager"), "liam")
        assert [str(v) for v in ada.visibility.preview(goal.id, audience="manager")] == [
            "Liam (party)",
            "Sam (manager)",
        ]
        assert ada.visibility.preview(goal.id, audience="only_me") == ()
        ada.goals.share(goal, "only_me")
        assert liam.goals.supported() == ()

    def test_a_supporter_from_elsewhere_is_told_beside_the_team(self, world: World) -> None:
        """Who sees a goal by supporting it stands among those who see it, whatever its audience is."""
        ada = world.acting("ada")
        goal = ada.goals.invite_supporter(ada.goals.share(ada.goals.draft(title="A goal"), "team"), "zoe")
        expected = ["Liam (team)", "Noor (team)", "Zoe (party)"]
        assert [str(viewer) for viewer in ada.visibility.who_sees(goal.id)] == expected
        assert [str(viewer) for viewer in ada.visibility.preview(goal.id, audience="team")] == expected

    def test_a_supporter_hears_of_it_once(self, world: World) -> None:
        """The invitation is told once, also when it is repeated; one that was taken back in time is not told at all."""
        ada = world.acting("ada")
        goal = ada.goals.draft(title="A goal")
        for name in ("liam", "liam", "noor"):
            goal = ada.goals.invite_supporter(goal, name)
        ada.goals.remove_supporter(goal, "noor")
        world.work()
        assert [message.subject for message in world.sent()["liam"]] == ["Someone would like your support"]
        assert set(world.sent()) == {"liam"}

    def test_a_supporter_may_step_back(self, world: World) -> None:
        """Who supports no more needs no reason, sees it no more, and changed nothing else; others cannot step back."""
        ada, liam, zoe = (world.acting(name) for name in ("ada", "liam", "zoe"))
        goal = ada.goals.invite_supporter(ada.goals.draft(title="A goal"), "liam")
        with pytest.raises(NotFound):
            zoe.goals.stop_supporting(goal.id)
        liam.goals.stop_supporting(goal.id)
        assert liam.goals.supported() == ()
        left = ada.goals.get(goal.id)
        assert (left.supporter_ids, left.title, left.status) == ((), goal.title, goal.status)

    def test_a_supporter_moves_nothing(self, world: World) -> None:
        """Seeing a goal is not moving it, and asks nobody else in."""
        ada, liam = world.acting("ada"), world.acting("liam")
        goal = ada.goals.invite_supporter(ada.goals.draft(title="A goal"), "liam")
        for verb in VERBS.values():
            with pytest.raises(NotAllowed):
                verb(liam, goal.id)
        with pytest.raises(NotAllowed):
            liam.goals.invite_supporter(goal.id, "zoe")

    def test_who_left_sees_nothing(self, world: World, tell_row: Callable[..., Any]) -> None:
        """A supporter who left sees the goal no more, and cannot be invited."""
        ada = world.acting("ada")
        goal = ada.goals.invite_supporter(ada.goals.draft(title="A goal"), "liam")
        world.tell(tell_row("liam", manager="sam", active=False))
        assert ada.visibility.who_sees(goal.id) == ()
        for who in ("liam", "ada"):
            with pytest.raises(InvalidInput, match="supporter"):
                ada.goals.invite_supporter(goal, who)
        assert ada.goals.remove_supporter(goal, "liam").supporter_ids == ()


class TestSharedWithMe:
    """What others share is found, not only by its id."""

    def test_it_is_found_by_every_relation(self, world: World) -> None:
        """By name, as manager, as partner and in the team; what is private, or only supported, is not in the list."""
        ada = world.acting("ada")
        goals = {
            name: ada.goals.draft(title=name) for name in ("private", "named", "manager", "partner", "team", "help")
        }
        ada.profile.choose_partner("noor")
        ada.goals.share(goals["named"], ["zoe"])
        for name in ("manager", "partner", "team"):
            ada.goals.share(goals[name], name)
        ada.goals.invite_supporter(goals["help"], "hr")
        found = {
            who: [g.title for g in world.acting(who).goals.shared_with_me()]
            for who in ("zoe", "sam", "noor", "liam", "hr", "mia", "ada")
        }
        assert {who: sorted(titles) for who, titles in found.items()} == {
            "zoe": ["named"],
            "sam": ["manager"],
            "noor": ["partner", "team"],
            "liam": ["team"],
            "hr": [],
            "mia": [],
            "ada": [],
        }
        assert {who for who, _, _ in world.looks("ada")} == {"zoe", "sam", "noor", "liam"}

    def test_what_is_taken_back_is_not_found(self, world: World) -> None:
        """A goal that names somebody else now, or nobody, is not found any more."""
        ada, zoe = world.acting("ada"), world.acting("zoe")
        goal = ada.goals.share(ada.goals.draft(title="A goal"), ["zoe"])
        assert zoe.goals.shared_with_me() == (goal,)
        ada.goals.share(goal, ["mia"])
        assert zoe.goals.shared_with_me() == ()


class TestSuggestions:
    """What colleagues suggest, and she decides upon."""

    def test_a_suggestion_becomes_a_private_draft_in_her_words(self, world: World) -> None:
        """She accepts it as it is or reworded; it is her draft, nobody else sees it, and nobody hears of it."""
        ada, sam = world.acting("ada"), world.acting("sam")
        sam.goals.suggest("ada", title="Lead a workshop", why="You would shine", theme="facilitation")
        sam.goals.suggest("ada", title="Coach Liam")
        world.work()
        before = (world.facts(), len(world.post.sent))
        first, second = ada.goals.suggestions()
        taken = ada.goals.accept(first)
        reworded = ada.goals.accept(second.id, title="Learn to coach", why="I like to see people grow")
        assert (taken.title, taken.why, taken.theme, taken.status) == (
            "Lead a workshop",
            "You would shine",
            "facilitation",
            GoalStatus.DRAFT,
        )
        assert (reworded.title, reworded.why) == ("Learn to coach", "I like to see people grow")
        assert {goal.owner_id for goal in ada.goals.mine()} == {world.id("ada")}
        assert ada.goals.suggestions() == ()
        assert sam.goals.shared_with_me() == ()
        world.work()
        assert (world.facts(), len(world.post.sent)) == before

    def test_the_receiver_hears_of_it_in_her_inbox(self, world: World) -> None:
        """Also without an e-mail address: a message with his name, and none of his words."""
        world.acting("sam").goals.suggest("noor", title="Secret title", why="Secret why")
        world.clock.set(2026, 1, 5, 22)
        world.work()
        message = world.acting("noor").inbox.messages()[0]
        assert "Sam" in message.body
        assert "ecret" not in message.subject + message.body

    def test_its_author_learns_nothing_of_what_became_of_it(self, world: World) -> None:
        """Accepted or declined, in whatever words: what its author can see is to the letter the same."""
        sam = world.acting("sam")
        seen = []
        for answer in ("accept", "decline"):
            written = sam.goals.suggest("ada", title="An idea")
            assert written.is_waiting
            getattr(world.acting("ada").goals, answer)(written.id)
            now = next(each for each in sam.goals.suggested() if each.id == written.id)
            with pytest.raises(IllegalMove) as refused:
                sam.goals.withdraw(written.id)
            told = (repr(now), str(refused.value), refused.value.status, refused.value.allowed)
            seen.append(str(told).replace(written.id, "…").replace(repr(now.suggested_at), "…"))
            assert not now.is_waiting
            with pytest.raises(NotAllowed):
                sam.goals.accept(written.id)
        assert seen[0] == seen[1]

    def test_its_author_may_take_it_back_while_it_waits(self, world: World) -> None:
        """A suggestion that is withdrawn waits no more and is not told; nobody else can withdraw it."""
        ada, sam = world.acting("ada"), world.acting("sam")
        written = sam.goals.suggest("ada", title="An idea")
        with pytest.raises(NotFound):
            world.acting("liam").goals.withdraw(written.id)
        with pytest.raises(NotAllowed):
            ada.goals.withdraw(written.id)
        assert not sam.goals.withdraw(written.id).is_waiting
        world.work()
        assert world.sent() == {}
        assert ada.goals.suggestions() == ()
        for late in (ada.goals.accept, ada.goals.decline):
            with pytest.raises(IllegalMove):
                late(written.id)

    def test_it_is_seen_by_the_two_alone(self, world: World) -> None:
        """Nobody but the receiver and the author sees a suggestion, her manager included, and it cannot be shared."""
        written = world.acting("liam").goals.suggest("ada", title="An idea")
        for name in ("sam", "noor", "hr"):
            actor = world.acting(name)
            assert (actor.goals.suggestions(), actor.goals.suggested()) == ((), ())
            for verb in (actor.goals.accept, actor.goals.decline, actor.goals.withdraw):
                with pytest.raises(NotFound):
                    verb(written.id)
        ada = world.acting("ada")
        assert [str(viewer) for viewer in ada.visibility.who_sees(written.id)] == ["Liam (party)"]
        with pytest.raises(NotAllowed):
            ada.visibility.share(written.id, "everyone")

    @pytest.mark.parametrize(
        ("who", "told"),
        [("ada", {"title": ""}), ("ada", {"title": "x", "why": "\x00"}), ("liam", {"title": "x"})],
    )
    def test_nonsense_suggests_nothing(self, world: World, who: str, told: dict[str, str]) -> None:
        """An empty title, a text that cannot be kept and a suggestion to oneself are refused; nothing is written."""
        with pytest.raises(InvalidInput):
            world.acting("liam").goals.suggest(who, **told)
        assert world.acting("ada").goals.suggestions() == ()
        assert world.store.outbox("default").pending("delivery") == 0

    def test_a_bad_rewording_changes_nothing(self, world: World) -> None:
        """When the new title cannot be kept, the suggestion still waits and there is no draft."""
        written = world.acting("liam").goals.suggest("ada", title="An idea")
        ada = world.acting("ada")
        with pytest.raises(InvalidInput):
            ada.goals.accept(written.id, title="")
        assert [suggestion.id for suggestion in ada.goals.suggestions()] == [written.id]
        assert ada.goals.mine() == ()


def test_record_trail(world: World) -> None:
    """Every word on how it goes is kept, with the moment; the last figure and confidence count."""
    ada = world.acting("ada")
    goal = ada.goals.start(ada.goals.draft(title="A goal"))
    ada.goals.record(goal.id, progress=40, confidence=7)
    world.clock.move(days=1)
    goal = ada.goals.record(goal.id, note="Only a word")
    assert (goal.progress, goal.confidence, len(goal.updates)) == (0.4, 7, 2)
    assert goal.heard_of_at() == world.clock.now


def test_private_goal_makes_no_fact(world: World) -> None:
    """Whatever happens to a private goal, no plugin hears of it, not even that it exists."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="A goal")
    for verb in (ada.goals.start, ada.goals.reach, ada.goals.resume, ada.goals.let_go):
        goal = verb(goal)
    ada.goals.share(goal, "only_me")
    assert world.store.outbox("default").pending("fact") == 0


def test_shared_goal_makes_facts(world: World) -> None:
    """Plugins hear that a shared goal was shared, started and ended, as ids; once taken back, nothing more."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    goal = ada.goals.start(goal)
    world.clock.move(minutes=1)
    goal = ada.goals.learn(goal)
    names = {fact.removeprefix(f"{goal.id}:").partition(":")[0] for fact in world.facts()}
    assert names == {"GoalShared", "GoalStarted", "GoalEnded"}
    goal = ada.goals.share(goal, "only_me")
    world.clock.move(minutes=1)
    ada.goals.resume(goal)
    assert len(world.facts()) == 3


def test_share_and_take_back(world: World) -> None:
    """What is shared can be seen by its audience from then on, and no more once it is taken back."""
    ada, sam = world.acting("ada"), world.acting("sam")
    goal = ada.goals.draft(title="A goal")
    ada.goals.share(goal, "manager")
    assert sam.goals.get(goal.id).title == "A goal"
    ada.goals.share(goal.id, "only_me")
    with pytest.raises(NotFound):
        sam.goals.get(goal.id)


def test_share_with_named_people(world: World) -> None:
    """People can be named by external id or e-mail; who is not named does not see it, and nobody is no audience."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="A goal")
    shared = ada.goals.share(goal, ["liam", "zoe@example.org"])
    assert shared.audience.person_ids == (world.id("liam"), world.id("zoe"))
    assert world.acting("zoe").goals.get(goal.id) == shared
    with pytest.raises(NotFound):
        world.acting("noor").goals.get(goal.id)
    for nobody in ([], ["nobody"], "nobody"):
        with pytest.raises((InvalidInput, NotFound)):
            ada.goals.share(goal.id, nobody)
    assert ada.goals.get(goal.id) == shared


@pytest.mark.parametrize("word", ["boss", "Liam de Wit", "liam@example.org"])
def test_a_word_that_is_no_audience(world: World, word: str) -> None:
    """It is refused with the words that there are, each of which can be given as such; it is not repeated."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="A goal")
    with pytest.raises(InvalidInput) as caught:
        ada.goals.share(goal, word)
    assert word not in str(caught.value)
    named = str(caught.value).removeprefix("audience: is none of ").split(";")[0].split(", ")
    assert {ada.visibility.share(goal.id, audience=each).audience.kind for each in named} == set(named)


def test_new_manager_sees_from_new_sharing(world: World, tell_row: Callable[..., Any]) -> None:
    """A new manager sees nothing from before his time, the old one nothing any more; sharing again hands over."""
    ada = world.acting("ada")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    world.clock.move(days=10)
    world.tell(tell_row("ada", manager="zoe"))
    for name in ("sam", "zoe"):
        with pytest.raises(NotFound):
            world.acting(name).goals.get(goal.id)
    ada.goals.share(goal.id, "manager")
    assert world.acting("zoe").goals.get(goal.id).title == "A goal"


def test_only_owner_moves(world: World) -> None:
    """Nobody but the owner moves a goal, her manager included, also when he sees it."""
    ada, sam = world.acting("ada"), world.acting("sam")
    goal = ada.goals.share(ada.goals.draft(title="A goal"), "manager")
    for verb in VERBS.values():
        with pytest.raises(NotAllowed):
            verb(sam, goal.id)
    assert ada.goals.get(goal.id) == goal


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "two\nlines"},
        {"title": 7},
        {"title": "x" * 201},
        {"title": "x", "why": "\x00"},
        {"title": "x", "why": "y" * 10_001},
        {"title": "x", "theme": "\ud800"},
        {"title": "x", "due_on": "2026-06-01"},
        {"title": "x", "due_on": date(3000, 1, 1)},
        {"title": "x", "milestones": ["fine", ""]},
        {"title": "x", "milestones": "one text"},
        {"title": "x", "milestones": [["nested"]]},
        {"title": "x", "skills": "one text"},
        {"title": "x", "skills": ["\x00"]},
        {"title": "x", "strengths": ["y"] * 13},
        {"title": "x", "measure": 100},
    ],
    ids=repr,
)
def test_bad_input_writes_nothing(world: World, wrong: dict[str, Any]) -> None:
    """What cannot be kept is refused with the name of the field, and nothing is written."""
    ada = world.acting("ada")
    with pytest.raises(InvalidInput) as caught:
        ada.goals.draft(**wrong)
    assert caught.value.problems[0].path.partition(".")[0] in {"goal", "milestone"}
    assert ada.goals.mine() == ()


@pytest.mark.parametrize(
    "wrong",
    [{}, {"progress": float("nan")}, {"progress": float("inf")}, {"confidence": 11}, {"confidence": 0.5}],
    ids=repr,
)
def test_bad_record_writes_nothing(world: World, wrong: dict[str, Any]) -> None:
    """A record that says nothing, or a figure that is none, is refused and nothing is written."""
    ada = world.acting("ada")
    goal = ada.goals.start(ada.goals.draft(title="A goal"))
    with pytest.raises(InvalidInput):
        ada.goals.record(goal, **wrong)
    assert ada.goals.get(goal.id) == goal


def test_unknown_field_of_edit(world: World) -> None:
    """Status, owner and audience cannot be edited: there are verbs for them, or nothing."""
    ada = world.acting("ada")
    goal = ada.goals.draft(title="A goal")
    for name in ("status", "owner_id", "audience", "version", "updates"):
        with pytest.raises(InvalidInput, match=f"goal.{name}"):
            ada.goals.edit(goal.id, **{name: "x"})


def test_kept_by_sqlite(make_world: Callable[..., World], tmp_path: Any) -> None:
    """A goal that was written to a SQLite file is there, the same, when the file is opened again."""
    url = f"sqlite:///{tmp_path}/development.db"
    first = make_world(url)
    goal = first.acting("ada").goals.draft(
        title="Å goal with 多 and 🎯", why="a\nb", measure=Measure(target=36.5, tolerance=2)
    )
    first.ws.close()
    again = make_world(url, people=())
    assert again.acting("ada").goals.mine() == (goal,)
