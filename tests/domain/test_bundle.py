"""What goes into a bundle, and how it arrives elsewhere: read from the types, and tried on generated lives."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from ownership import InvalidInput
from ownership.domain import bundle as bundle_module
from ownership.domain.arrivals import Arrival, NamedPerson, arrival_id, names_told, stand_in_id
from ownership.domain.budgets import NOTHING as FREE
from ownership.domain.budgets import Budget, BudgetId, LearningRequest, LearningRequestStatus
from ownership.domain.bundle import (
    OF_THE_WORKPLACE,
    WRITTEN_IN,
    Belongings,
    Bundle,
    Written,
    _things_in,
    _told,
    arriving,
    as_taken_along,
    check_whose,
    comes_along,
    named_in,
    passage_of,
    people_in,
    plan_import,
    words_of,
)
from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.classification import MEANINGS, Exported, FieldClass, Whose, class_of_field, classified_fields
from ownership.domain.feedback import Feedback, FeedbackId, FeedbackRequest, RequestStatus
from ownership.domain.goals import Goal, GoalId
from ownership.domain.learning import LearningChoice
from ownership.domain.needs import Need
from ownership.domain.overview import Overview, OwnThings, compose_overview, people_mentioned
from ownership.domain.people import ONLY_ME, Audience, Person, PersonId
from ownership.domain.plans import ON_OFFER, DevelopmentPlan, PlanStatus
from ownership.domain.pulse import PulseAnswers, PulseAnswersId, PulseId
from ownership.domain.reminders import Delivery, DeliveryStatus
from ownership.domain.team_moments import MomentStatus, TeamAgreement, TeamMoment, TeamMomentId
from ownership.testing import belongings, bundles, check_ins, feedback, needs, suggestions, team_moments
from ownership.testing.strategies import learning_requests, plans

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 1)
ADA = Person(PersonId("ada"), "Ada", email="ada@new.example")
OLD_ADA = Person(PersonId("oldada"), "Ada", email="ada@old.example")
GOAL = Goal(GoalId("oldada.g1"), OLD_ADA.id, "Lead a workshop", NOW, supporter_ids=(PersonId("liam"),))
SEEN = evolve(GOAL, audience=Audience.of("everyone"), shared_on=TODAY)
SAID = Feedback(FeedbackId("oldada.f1"), OLD_ADA.id, PersonId("liam"), "Well done.", NOW, about=GOAL.id)


def bundle(*things: Any, **told: Any) -> Bundle:
    """Make a bundle of the Ada who was elsewhere, of some things."""
    names = {cls: name for name, cls in Belongings.classes().items()}
    own = Belongings(**{names[cls]: tuple(t for t in things if type(t) is cls) for cls in {type(t) for t in things}})
    known: dict[str, Any] = {"tenant": "acme", "made_at": NOW, "person": OLD_ADA}
    return Bundle(own=own, **(known | told))


WAITS: Mapping[type[Any], Callable[[Any], bool]] = {
    FeedbackRequest: lambda it: it.status is RequestStatus.ASKED,
    Delivery: lambda it: it.status in {DeliveryStatus.WAITING, DeliveryStatus.DEAD},
    CheckIn: lambda it: it.status is CheckInStatus.OPEN and it.partner_id is not None,
    Need: lambda it: it.open_until is not None,
    DevelopmentPlan: lambda it: it.status in ON_OFFER,
    LearningChoice: lambda it: it.request_id is None and it.cost != FREE,
    LearningRequest: lambda it: it.status in {LearningRequestStatus.ASKED, LearningRequestStatus.GRANTED},
}
"""For each class, when something of it waits for the workplace it is from."""


def arrived(thing: Any, of: Bundle) -> Any:
    """Give a thing as it arrives with the Ada of here."""
    return arriving(thing, passage_of(of, ADA.id, organisation_id="organisation"), TODAY)


class TestWhatIsInIt:
    @given(bundles())
    def test_what_is_kept_out_of_exports_is_not_in_it(self, drawn: Bundle) -> None:
        """No field that the classification keeps out of exports differs from an empty one."""
        for thing in (drawn.person, *drawn.own.all()):
            for attribute in fields(type(thing)):
                said = class_of_field(attribute)
                if said and MEANINGS[said].exported is Exported.NO:
                    assert getattr(thing, attribute.name) == attribute.default

    @given(st.data())
    def test_what_another_prepared_is_in_it_once_shown(self, data: st.DataObject) -> None:
        """Her talk and her moment have what others prepared only as far as she reads it."""
        strategies: list[st.SearchStrategy[Any]] = [check_ins(), team_moments()]
        for strategy in strategies:
            thing = data.draw(strategy)
            assert as_taken_along(thing, thing.owner_id) == evolve(thing.seen_by(thing.owner_id), version=0)

    @pytest.mark.parametrize("cls", Belongings.classes().values(), ids=lambda cls: cls.__name__)
    def test_words_for_another_have_a_place(self, cls: type[Any]) -> None:
        """Wherever one person's words can be part of another's thing, it is told how to find them."""
        by_another = {Whose.AUTHOR, *()}
        parts = {
            found.path
            for found in classified_fields(cls)
            if found.field_class and MEANINGS[found.field_class].whose in by_another
        }
        if cls is not Arrival:  # its names are of people, told by nobody
            assert bool(parts) == (cls in WRITTEN_IN)

    @pytest.mark.parametrize(
        "strategy",
        [check_ins(), feedback(), needs(), suggestions(), team_moments(), learning_requests(), plans()],
        ids=["check-in", "feedback", "need", "suggestion", "moment", "request", "plan"],
    )
    @given(data=st.data())
    def test_her_words_are_there_and_nobody_elses(self, strategy: st.SearchStrategy[Any], data: st.DataObject) -> None:
        """Of what another owns each person gets words that stand in it, and the owner gets none twice."""
        thing = data.draw(strategy)
        everything = repr_of(thing)
        for person_id in people_in(thing):
            for words in words_of(person_id, [thing]):
                assert words.text in everything
                assert (words.about_id, words.for_id) == (thing.id, thing.owner_id)
        assert words_of(thing.owner_id, [thing]) == ()
        assert words_of(PersonId("nobody"), [thing]) == ()

    def test_of_feedback_there_are_the_words_of_its_author(self) -> None:
        """Who gave feedback takes the words along, and for whom they were."""
        assert words_of(PersonId("liam"), [SAID]) == (
            Written("feedback", SAID.id, OLD_ADA.id, "Well done.", NOW.date()),
        )

    def test_of_a_team_moment_there_is_what_she_promised(self) -> None:
        """Who promised something in the open takes it along; what another promised, or all together, she does not."""
        liam = PersonId("liam")
        promised = tuple(TeamAgreement(text, by) for text, by in (("I ask", liam), ("You ask", ADA.id), ("We", None)))
        held = TeamMoment(
            TeamMomentId("ada.m1"),
            ADA.id,
            "Asking",
            TODAY,
            (ADA.id, liam),
            agreements=promised,
            status=MomentStatus.HELD,
            held_on=TODAY,
        )
        assert words_of(liam, [held]) == (Written("agreement", held.id, ADA.id, "I ask", TODAY),)


def repr_of(thing: Any) -> set[str]:
    """Give all texts in a value, however deep."""
    if isinstance(thing, str):
        return {thing}
    if isinstance(thing, tuple):
        return {text for each in thing for text in repr_of(each)}
    parts = fields(type(thing)) if hasattr(type(thing), "__attrs_attrs__") else ()
    return {text for part in parts for text in repr_of(getattr(thing, part.name))}


class TestRefused:
    @pytest.mark.parametrize(
        ("things", "told", "path"),
        [
            ((evolve(GOAL, owner_id=PersonId("liam"), id=GoalId("liam.g1"), supporter_ids=()),), {}, "bundle.own"),
            ((evolve(GOAL, id=GoalId("liam.g1")),), {}, "bundle.own"),
            ((GOAL, GOAL), {}, "bundle.own"),
            ((), {"names": (NamedPerson(PersonId("p"), "P"), NamedPerson(PersonId("p"), "Q"))}, "bundle.names"),
        ],
    )
    def test_a_bundle_is_of_one_person(self, things: tuple[Any, ...], told: dict[str, Any], path: str) -> None:
        """What is another's, is there twice, or gives somebody two names is no bundle."""
        with pytest.raises(InvalidInput) as refused:
            bundle(*things, **told)
        assert refused.value.problems[0].path == path

    def test_too_many_things_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """More things than one person can have are refused."""
        monkeypatch.setattr("ownership.domain.bundle.MOST_RECORDS", 1)
        with pytest.raises(InvalidInput, match="at most 1 fit"):
            bundle(GOAL, SAID)

    def test_nobody_arrives_twice(self) -> None:
        """An arrival names each person once."""
        twice = (NamedPerson(PersonId("p"), "P"), NamedPerson(PersonId("p"), "P"))
        with pytest.raises(InvalidInput, match="twice"):
            Arrival(arrival_id(ADA.id, "acme", OLD_ADA.id), ADA.id, "acme", OLD_ADA.id, "sha256:0", NOW, NOW, 1, twice)

    @pytest.mark.parametrize("whose", ["ada@old.example", "ADA@old.example", "oldada"])
    def test_she_says_whose_it_is(self, whose: str) -> None:
        """With another address here, she says which one the bundle has, or who she was there."""
        check_whose(bundle(), ADA, whose)

    def test_her_address_says_it(self) -> None:
        """With the same address here nothing has to be said."""
        check_whose(bundle(), evolve(ADA, email="Ada@Old.example"), "")

    @pytest.mark.parametrize(
        ("there", "here", "whose"),
        [
            (OLD_ADA, ADA, ""),
            (OLD_ADA, ADA, "liam@old.example"),
            (OLD_ADA, evolve(ADA, email=None), ""),
            (evolve(OLD_ADA, email=None), evolve(ADA, email=None), ""),
            (OLD_ADA, evolve(ADA, email="ada@old.example"), "ada@new.example"),
        ],
    )
    def test_anybody_elses_is_refused(self, there: Person, here: Person, whose: str) -> None:
        """A bundle whose owner cannot be told, or is another, is refused, without a word of it."""
        with pytest.raises(InvalidInput, match=r"bundle\.whose") as refused:
            check_whose(bundle(person=there), here, whose)
        assert "old.example" not in str(refused.value)

    def test_a_bundle_without_anything_is_empty(self) -> None:
        """A bundle is empty when there is nothing in it but who she is."""
        assert bundle().is_empty
        assert not bundle(GOAL).is_empty
        assert not bundle(written=words_of(PersonId("liam"), [SAID])).is_empty

    def test_it_knows_the_names_in_it(self) -> None:
        """Whoever is mentioned has a name in it, herself too; who is not known any more has none."""
        told = bundle(names=(NamedPerson(PersonId("liam"), "Liam"),))
        assert [told.name_of(id_) for id_ in ("liam", "oldada", "zoe")] == ["Liam", "Ada", ""]


class TestArriving:
    @given(bundles(st.just(OLD_ADA.id)))
    def test_everything_arrives_as_hers_alone(self, drawn: Bundle) -> None:
        """All but what stays behind arrives, under her id of here, shared with nobody, naming nobody of there."""
        plan = plan_import(drawn, ADA, "sha256:0", NOW, organisation_id="organisation")
        assert len(plan.things) == plan.arrival.records == len([*filter(comes_along, drawn.own.all())])
        for thing in plan.things:
            assert thing.owner_id == ADA.id
            assert thing.id.startswith("ada.")
            assert getattr(thing, "audience", ONLY_ME) == ONLY_ME or not thing.shared_on
            assert getattr(thing, "shared_on", None) is None
        there = {id_ for thing in drawn.own.all() for id_ in people_in(thing)} & {p.id for p in drawn.names}
        here = {id_ for thing in plan.things for id_ in people_in(thing)}
        assert not here & (there | {OLD_ADA.id})

    @given(bundles(st.just(OLD_ADA.id)))
    def test_to_arrive_twice_is_to_arrive_once(self, drawn: Bundle) -> None:
        """The same bundle gives the same ids and values each time."""
        one, two = (plan_import(drawn, ADA, "sha256:0", NOW, organisation_id="organisation") for _ in range(2))
        assert one == two
        assert len({thing.id for thing in one.things}) == len(one.things)

    @given(bundles(st.just(OLD_ADA.id)))
    def test_nothing_waits_for_anybody_of_there(self, drawn: Bundle) -> None:
        """What waited for somebody there is over, and what is hers alone is as it was."""
        for thing in plan_import(drawn, ADA, "sha256:0", NOW, organisation_id="organisation").things:
            assert not WAITS.get(type(thing), lambda _: False)(thing)

    def test_sharing_does_not_come_along(self) -> None:
        """A goal for everyone, with supporters, arrives for nobody but her; its history is as it was."""
        here = arrived(SEEN, bundle(SEEN))
        assert here == evolve(GOAL, id=GoalId("ada.g1"), owner_id=ADA.id, supporter_ids=())

    def test_what_links_to_hers_still_does(self) -> None:
        """Feedback about a goal is about that goal as it is here, and its author stands for a name."""
        liam = stand_in_id(ADA.id, "acme", "liam")
        here = arrived(SAID, bundle(SAID, GOAL, names=(NamedPerson(PersonId("liam"), "Liam"),)))
        assert (here.about, here.author_id) == ("ada.g1", liam)
        assert arrived(evolve(SAID, about="listening"), bundle(SAID, GOAL)).about == "listening"
        plan = plan_import(
            bundle(SAID, names=(NamedPerson(PersonId("liam"), "Liam"),)), ADA, "sha256:0", NOW, organisation_id="o"
        )
        assert names_told([plan.arrival]) == {liam: "Liam"}

    def test_a_plan_on_offer_is_a_draft_again(self) -> None:
        """What was settled stays settled, seen by nobody; what was offered can be offered to somebody here."""
        statuses = {PlanStatus.OFFERED: PlanStatus.DRAFTED, PlanStatus.SETTLED: PlanStatus.SETTLED}

        @given(plans(st.just(OLD_ADA.id)))
        def check(plan: DevelopmentPlan) -> None:
            here = arrived(plan, bundle(plan))
            assert here.audience == ONLY_ME
            assert here.status is statuses.get(plan.status, here.status)

        check()

    def test_what_stays_behind_is_said(self) -> None:
        """A budget does not come along, nor answers that she did not keep."""
        budget = Budget(BudgetId("oldada.b1"), OLD_ADA.id, 2026, FREE)
        answers = PulseAnswers(PulseAnswersId("oldada.a1"), OLD_ADA.id, PulseId("organisation.u1"), NOW)
        brought = [budget, answers, evolve(answers, id=PulseAnswersId("oldada.a2"), keeps=False)]
        plan = plan_import(bundle(*brought), ADA, "sha256:0", NOW, organisation_id="organisation")
        assert [thing.id for thing in plan.things] == ["ada.a1"]
        assert plan.things[0].pulse_id != answers.pulse_id

    def test_every_part_of_an_overview_is_hers_or_of_the_workplace(self) -> None:
        """What a comparison of overviews leaves out has its reason, and everything else is compared."""
        compared = {
            "ownerless",
            *re.findall(r'^        "(\w+)": ', inspect.getsource(bundle_module._told), re.MULTILINE),
        }
        assert compared | OF_THE_WORKPLACE.keys() == {attribute.name for attribute in fields(Overview)}
        assert not compared & OF_THE_WORKPLACE.keys()

    @given(belongings(st.just(ADA.id)))
    def test_everyone_named_in_what_is_hers_has_a_name(self, things: Belongings) -> None:
        """An overview has the name of everyone whom what is hers names, so that it can be the same elsewhere."""
        lists: dict[str, Any] = {
            name: [it for it in things.all() if type(it) is cls] for name, cls in OwnThings.classes().items()
        }
        own = OwnThings(**lists)
        names = dict.fromkeys(people_mentioned(own), "Somebody")
        overview = compose_overview(ADA, own, NOW, menu=(), viewers_of=lambda _: (), names=names)
        for thing in _things_in(_told(overview, lambda thing: thing)):
            assert named_in(thing) <= {ADA.id, *names}, type(thing)

    def test_ids_of_several_are_told_apart_by_their_owner(self) -> None:
        """Two people who bring along the same colleague have different ids for her."""
        assert stand_in_id(ADA.id, "acme", "sam") != stand_in_id(PersonId("liam"), "acme", "sam")
        assert stand_in_id(ADA.id, "acme", "sam") != stand_in_id(ADA.id, "other", "sam")

    def test_field_classes_tell_all_ids(self) -> None:
        """Every field whose name says that it holds an id is classified as one, so that none is left behind."""
        ids = {
            FieldClass.RECORD_ID,
            FieldClass.LINK,
            FieldClass.OWNER_ID,
            FieldClass.OTHER_PERSON,
            FieldClass.OTHER_PEOPLE,
            FieldClass.ROSTER,
        }
        for cls in Belongings.classes().values():
            for found in classified_fields(cls):
                name = found.path.rpartition(".")[2]
                if (name in {"id", "ids"} or name.endswith(("_id", "_ids"))) and found.path != "earlier_id":
                    assert found.field_class in ids, f"{cls.__name__}.{found.path}"
