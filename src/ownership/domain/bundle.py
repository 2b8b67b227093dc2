"""The bundle: all that is someone's own, to take along, and the plan to bring it into another workspace.

What is in it is said by the classification of each field, not here: a stored class that is a person's has its place in
:class:`Belongings`, and a test fails for one that has none. What others own stays theirs; of that she takes along the
words that she wrote and may still read.

Sharing is an act, and relations are of a workplace. So what arrives elsewhere is for nobody but her, and everyone
whom it mentions is a name, as told then.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from attrs import evolve, field, fields, frozen, has

from ownership.domain import moments, shapes, texts
from ownership.domain.arrivals import Arrival, ArrivalId, NamedPerson, arrival_id, stand_in_id
from ownership.domain.budgets import NOTHING, Budget, LearningRequest, LearningRequestId, LearningRequestStatus
from ownership.domain.check_ins import CheckIn, CheckInStatus
from ownership.domain.classification import (
    LINK,
    MEANINGS,
    OTHER_PERSON,
    OWN_FACTS,
    OWN_WORDS,
    Exported,
    FieldClass,
    class_of_field,
)
from ownership.domain.cycles import Participation
from ownership.domain.delegations import Delegation
from ownership.domain.feedback import Feedback, FeedbackRequest, RequestStatus
from ownership.domain.goals import Goal
from ownership.domain.hand_over import HandOverChoice
from ownership.domain.initiative import SharedInitiative
from ownership.domain.journal import Look
from ownership.domain.learning import LearningChoice, LearningOption
from ownership.domain.needs import Need, NeedStatus
from ownership.domain.next_steps import AT_MOST, NextStep, RuleName
from ownership.domain.overview import Overview
from ownership.domain.people import ONLY_ME, Person, PersonId
from ownership.domain.plans import ON_OFFER, DevelopmentPlan, PlanStatus
from ownership.domain.pulse import PulseAnswers
from ownership.domain.reflections import Reflection
from ownership.domain.reminders import Delivery, DeliveryStatus
from ownership.domain.rests import Rest
from ownership.domain.self_checks import SelfCheck
from ownership.domain.shapes import optional
from ownership.domain.suggestions import GoalSuggestion
from ownership.domain.team_moments import TeamMoment
from ownership.errors import InvalidInput

MOST_RECORDS = 100_000
"""Things in a bundle; more cannot be one person's."""


def _all(cls: type[Any]) -> Any:
    """Make a field for all that she owns of a class."""
    return field(default=(), validator=shapes.each(shapes.kind_of(cls)), metadata={"class": cls}, repr=False)


@frozen
class Belongings:
    """All that a person owns besides who she is, each class in a field that has the name of its collection."""

    goals: tuple[Goal, ...] = _all(Goal)
    goal_suggestions: tuple[GoalSuggestion, ...] = _all(GoalSuggestion)
    check_ins: tuple[CheckIn, ...] = _all(CheckIn)
    shared_initiatives: tuple[SharedInitiative, ...] = _all(SharedInitiative)
    participations: tuple[Participation, ...] = _all(Participation)
    reflections: tuple[Reflection, ...] = _all(Reflection)
    learning_options: tuple[LearningOption, ...] = _all(LearningOption)
    learning_choices: tuple[LearningChoice, ...] = _all(LearningChoice)
    learning_requests: tuple[LearningRequest, ...] = _all(LearningRequest)
    budgets: tuple[Budget, ...] = _all(Budget)
    feedback_requests: tuple[FeedbackRequest, ...] = _all(FeedbackRequest)
    feedback: tuple[Feedback, ...] = _all(Feedback)
    needs: tuple[Need, ...] = _all(Need)
    development_plans: tuple[DevelopmentPlan, ...] = _all(DevelopmentPlan)
    team_moments: tuple[TeamMoment, ...] = _all(TeamMoment)
    deliveries: tuple[Delivery, ...] = _all(Delivery)
    looks: tuple[Look, ...] = _all(Look)
    hand_overs: tuple[HandOverChoice, ...] = _all(HandOverChoice)
    delegations: tuple[Delegation, ...] = _all(Delegation)
    self_checks: tuple[SelfCheck, ...] = _all(SelfCheck)
    rests: tuple[Rest, ...] = _all(Rest)
    pulse_answers: tuple[PulseAnswers, ...] = _all(PulseAnswers)
    arrivals: tuple[Arrival, ...] = _all(Arrival)

    @classmethod
    def classes(cls) -> Mapping[str, type[Any]]:
        """Give the class that each field holds."""
        return {each.name: each.metadata["class"] for each in fields(cls)}

    def all(self) -> tuple[Any, ...]:
        """Give everything, class by class."""
        return tuple(item for name in self.classes() for item in getattr(self, name))

    def counts(self) -> Mapping[str, int]:
        """Count what there is of each class, where there is something."""
        return {name: len(getattr(self, name)) for name in self.classes() if getattr(self, name)}


@frozen
class Written:
    """Words that she wrote in something that is another's (``for_id``): feedback, an answer, a point of a talk."""

    kind: str = field(validator=texts.line, repr=False, metadata=OWN_FACTS)
    about_id: str = field(validator=shapes.identifier, metadata=LINK)
    for_id: PersonId = field(validator=shapes.identifier, metadata=OTHER_PERSON)
    text: str = field(validator=texts.written, repr=False, metadata=OWN_WORDS)
    on: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)


@frozen
class Bundle:
    """All that is one person's, as it was at a moment: who she is, what she owns, the names in it, what she wrote.

    ``tenant`` is the organisation it is from.
    """

    tenant: str = field(validator=texts.line, repr=False)
    made_at: datetime = field(validator=moments.instant)
    person: Person = field(validator=shapes.kind_of(Person))
    own: Belongings = field(validator=shapes.kind_of(Belongings))
    names: tuple[NamedPerson, ...] = field(default=(), validator=shapes.each(shapes.kind_of(NamedPerson)), repr=False)
    written: tuple[Written, ...] = field(default=(), validator=shapes.each(shapes.kind_of(Written)), repr=False)

    def __attrs_post_init__(self) -> None:
        things = self.own.all()
        if len(things) > MOST_RECORDS:
            raise InvalidInput.at("bundle.own", f"has {len(things)} things; at most {MOST_RECORDS} fit")
        hers = f"{self.person.id}."
        if any(thing.owner_id != self.person.id or not thing.id.startswith(hers) for thing in things):
            raise InvalidInput.at("bundle.own", f"has something that is not of person {self.person.id!r}")
        if any(times > 1 for times in Counter(thing.id for thing in things).values()):
            raise InvalidInput.at("bundle.own", "has the same thing twice")
        if any(times > 1 for times in Counter(person.id for person in self.names).values()):
            raise InvalidInput.at("bundle.names", "has somebody twice")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it but who she is."""
        return not self.own.counts() and not self.written

    def name_of(self, person_id: str) -> str:
        """Give the name of someone mentioned; empty for someone who is not known any more."""
        told = {self.person.id: self.person.display_name} | {person.id: person.name for person in self.names}
        return told.get(PersonId(person_id), "")


# What is said of each field, and a value with its fields changed

Change = Callable[[FieldClass | None, Any], Any]


@cache
def _classes_of(cls: Any) -> tuple[tuple[str, FieldClass | None, Any], ...]:
    return tuple((each.name, class_of_field(each), each.default) for each in fields(cls))


def _changed(value: Any, change: Change) -> Any:
    """Give a value with every classified field in it changed, however deep it lies."""
    if has(type(value)):
        parts = ((name, said, getattr(value, name)) for name, said, _ in _classes_of(value.__class__))
        changes = {name: change(said, part) if said else _changed(part, change) for name, said, part in parts}
        return evolve(value, **changes)
    if isinstance(value, tuple):
        return tuple(_changed(each, change) for each in value)
    if isinstance(value, Mapping):
        return {key: _changed(each, change) for key, each in value.items()}
    return value


def _ids(spoken: Any, change: Callable[[str], str]) -> Any:
    """Change an id, or each of several, or none."""
    if isinstance(spoken, tuple):
        return tuple(map(change, spoken))
    return change(spoken) if spoken else spoken


def _each_id(spoken: Any) -> Iterator[str]:
    """Give an id, or each of several, or none."""
    if isinstance(spoken, tuple):
        yield from spoken
    elif spoken:
        yield spoken


_PEOPLE = frozenset({FieldClass.OTHER_PERSON, FieldClass.OTHER_PEOPLE, FieldClass.OWNER_ID, FieldClass.ROSTER})
_ITEMS = frozenset({FieldClass.RECORD_ID, FieldClass.LINK})


def people_in(value: Any) -> frozenset[PersonId]:
    """Collect whom a value may mention: everyone named in it, and the owners of what it links to."""
    return _owners_in(value, _PEOPLE | _ITEMS)


def named_in(value: Any) -> frozenset[PersonId]:
    """Collect who is named in a value by id."""
    return _owners_in(value, _PEOPLE)


def _owners_in(value: Any, classes: frozenset[FieldClass]) -> frozenset[PersonId]:
    found: set[str] = set()

    def collect(said: FieldClass | None, part: Any) -> Any:
        if said in classes:
            found.update(id_.partition(".")[0] for id_ in _each_id(part))
        return part

    _changed(value, collect)
    return frozenset(map(PersonId, found))


def as_taken_along(value: Any, person_id: PersonId) -> Any:
    """Give one of her things as she may read it, without what the classification keeps out of exports."""
    readable = value.seen_by(person_id) if hasattr(value, "seen_by") else value
    kept_out = {
        name: default
        for name, said, default in _classes_of(value.__class__)
        if said and MEANINGS[said].exported is Exported.NO
    }
    return evolve(readable, **kept_out)


# Words that she wrote in what others own

Words = Iterator[tuple[str, str, date | None]]


def _in_feedback(item: Feedback, by_id: PersonId) -> Words:
    if item.author_id == by_id:
        yield "feedback", item.text, item.given_at.date()


def _in_check_in(item: CheckIn, by_id: PersonId) -> Words:
    for topic in item.agenda:
        if topic.by_id == by_id:
            yield "topic", topic.text, item.period.starts_on
    prepared = item.preparation_of(by_id)
    for text in (prepared.progress, prepared.challenges, prepared.needs) if prepared else ():
        yield "preparation", text, item.period.starts_on
    for agreement in item.agreements:
        if agreement.by_id == by_id:
            yield "agreement", agreement.text, item.held_on


def _in_need(item: Need, by_id: PersonId) -> Words:
    if item.receiver_id == by_id:
        yield "answer", item.answer, item.answered_on


def _in_suggestion(item: GoalSuggestion, by_id: PersonId) -> Words:
    if item.author_id == by_id:
        for text in (item.title, item.why, item.theme):
            yield "suggestion", text, item.suggested_at.date()


def _in_request(item: LearningRequest, by_id: PersonId) -> Words:
    if item.asked_id == by_id:
        yield "answer", item.because, item.answered_on


def _in_team_moment(item: TeamMoment, by_id: PersonId) -> Words:
    brought = item.contribution_of(by_id)
    if brought is not None:
        yield "contribution", brought.text, item.meets_on
    for agreement in item.agreements:
        if agreement.by_id == by_id:
            yield "agreement", agreement.text, item.held_on


def _in_plan(item: DevelopmentPlan, by_id: PersonId) -> Words:
    for agreement in item.contents.agreements:
        if agreement.by_id == by_id:
            yield "agreement", agreement.text, item.made_on


class Place(NamedTuple):
    """Where her words can stand in what another owns: the key by which it is found, and how they are read."""

    key: str
    words_in: Callable[[Any, PersonId], Words]


WRITTEN_IN: Mapping[type[Any], Place] = {
    Feedback: Place("author_id", _in_feedback),
    CheckIn: Place("partner_id", _in_check_in),
    Need: Place("receiver_id", _in_need),
    GoalSuggestion: Place("author_id", _in_suggestion),
    LearningRequest: Place("asked_id", _in_request),
    TeamMoment: Place("participant_ids", _in_team_moment),
    DevelopmentPlan: Place("partner_id", _in_plan),
}
"""Every class in which one person's words can be part of another's thing."""


def words_of(person_id: PersonId, items: Iterable[Any]) -> tuple[Written, ...]:
    """Collect what a person wrote in things of others that she may see."""
    return tuple(
        Written(kind, item.id, item.owner_id, text, on)
        for item in items
        if item.owner_id != person_id
        for kind, text, on in WRITTEN_IN[type(item)].words_in(item, person_id)
        if text.strip()
    )


def bundle_of(
    person: Person,
    tenant: str,
    owned: Mapping[type[Any], Sequence[Any]],
    seen: Iterable[Any],
    now: datetime,
    *,
    names_of: Callable[[Iterable[str]], Mapping[str, str]],
) -> Bundle:
    """Put together all that is a person's: what she owns, and what she wrote in things of others that she saw."""
    classes = Belongings.classes()
    own = Belongings(
        **{name: tuple(as_taken_along(thing, person.id) for thing in owned[cls]) for name, cls in classes.items()}
    )
    written = words_of(person.id, seen)
    who = as_taken_along(person, person.id)
    mentioned = people_in(own) | people_in(who) | {words.for_id for words in written}
    for thing in own.all():
        mentioned |= people_in(thing)
    told = sorted(names_of(mentioned - {person.id}).items())
    return Bundle(tenant, now, who, own, tuple(NamedPerson(PersonId(id_), name) for id_, name in told), written)


# Into another workspace


@frozen
class Passage:
    """From the ids of one workplace to those of another: hers become hers, everybody else's stand for a name."""

    owner_id: PersonId = field(validator=shapes.identifier)
    tenant: str = field(validator=texts.line, repr=False)
    earlier_id: PersonId = field(validator=shapes.identifier)
    known_ids: frozenset[str] = field(validator=shapes.each(shapes.identifier, frozenset))
    item_ids: frozenset[str] = field(validator=shapes.each(shapes.identifier, frozenset))

    @property
    def arrival_id(self) -> ArrivalId:
        """The id under which the workspace remembers that she brought this along."""
        return arrival_id(self.owner_id, self.tenant, self.earlier_id)

    def person(self, id_: str) -> PersonId:
        """Give who somebody is here: herself, or nobody but a name."""
        return self.owner_id if id_ == self.earlier_id else stand_in_id(self.owner_id, self.tenant, id_)

    def item(self, id_: str) -> str:
        """Give the id of a thing here. What belongs to nobody whom she knew, as a question of a pack, keeps its own."""
        owner, dot, local = id_.partition(".")
        if owner not in self.known_ids:
            return id_
        return self.person(owner) + dot + "".join(self._part(part) for part in re.split(r"([./@#-])", local))

    def _part(self, part: str) -> str:
        return self.person(part) if part in self.known_ids else part

    def change(self, said: FieldClass | None, part: Any) -> Any:
        """Change the ids in one field."""
        if said in _PEOPLE:
            return _ids(part, self.person)
        if said in _ITEMS:
            return _ids(part, self.item)
        return self.item(part) if isinstance(part, str) and part in self.item_ids else part


def passage_of(bundle: Bundle, owner_id: PersonId, *, organisation_id: str) -> Passage:
    """Give the way from the ids of a bundle to those of its owner elsewhere; the organisation's are nobody's there."""
    known = {person.id for person in bundle.names} | {bundle.person.id, organisation_id}
    item_ids = frozenset(thing.id for thing in bundle.own.all())
    return Passage(owner_id, bundle.tenant, bundle.person.id, frozenset(known), item_ids)


STAYS_BEHIND: Mapping[type[Any], Callable[[Any], bool]] = {
    Budget: lambda _: True,  # it was granted by the earlier workplace, and is spent there
    PulseAnswers: lambda answers: not answers.keeps,  # she wished that they go when the pulse closes
}
"""What of some classes a bundle holds and another workspace does not take in."""


def comes_along(thing: Any) -> bool:
    """Whether another workspace takes a thing in."""
    return not (type(thing) in STAYS_BEHIND and STAYS_BEHIND[type(thing)](thing))


def _check_in_arrives(item: CheckIn, _: Passage, __: date) -> CheckIn:
    return item.without_partner() if item.status is CheckInStatus.OPEN else item


def _request_arrives(item: FeedbackRequest, _: Passage, __: date) -> FeedbackRequest:
    return item.expire() if item.status is RequestStatus.ASKED else item


def _learning_request_arrives(item: LearningRequest, _: Passage, __: date) -> LearningRequest:
    is_open = item.status in {LearningRequestStatus.ASKED, LearningRequestStatus.GRANTED}
    return item.withdraw() if is_open else item


def _need_arrives(item: Need, _: Passage, on: date) -> Need:
    return item.ask_again(on) if item.status is NeedStatus.RAISED and item.asked_again_on is None else item


def _choice_arrives(item: LearningChoice, passage: Passage, _: date) -> LearningChoice:
    if item.cost == NOTHING or item.request_id is not None:
        return item
    return evolve(item, request_id=LearningRequestId(passage.arrival_id))


def _delivery_arrives(item: Delivery, _: Passage, __: date) -> Delivery:
    is_under_way = item.status in {DeliveryStatus.WAITING, DeliveryStatus.DEAD}
    return evolve(item, status=DeliveryStatus.LAPSED) if is_under_way else item


def _plan_arrives(item: DevelopmentPlan, _: Passage, __: date) -> DevelopmentPlan:
    if item.status not in ON_OFFER:
        return evolve(item, shared_on=None)
    return evolve(
        item, status=PlanStatus.DRAFTED, partner_id=None, shared_on=None, talk_asked_on=None, acknowledgements=()
    )


_ARRIVES: Mapping[type[Any], Callable[[Any, Passage, date], Any]] = {
    CheckIn: _check_in_arrives,
    FeedbackRequest: _request_arrives,
    LearningRequest: _learning_request_arrives,
    Need: _need_arrives,
    LearningChoice: _choice_arrives,
    Delivery: _delivery_arrives,
    DevelopmentPlan: _plan_arrives,
}
"""What waited for somebody at the earlier workplace does not wait any more: nobody there can answer.

A question has expired, a request is withdrawn, a message lapses, an offered plan is a draft again, and what was paid
there is not paid from a budget here. Everything else is as it was.
"""


def arriving(thing: Any, passage: Passage, on: date) -> Any:
    """Give one of her things as it is elsewhere: under the ids of there, for nobody but her, waiting for nobody."""
    moved = _changed(thing, passage.change)
    settled = _ARRIVES[type(thing)](moved, passage, on) if type(thing) in _ARRIVES else moved
    names = {name for name, _, _ in _classes_of(thing.__class__)}
    kept = {"audience": ONLY_ME, "shared_on": None, "supporter_ids": (), "version": 0}
    return evolve(settled, **{name: value for name, value in kept.items() if name in names})


class ImportPlan(NamedTuple):
    """What a bundle brings into a workspace: the arrival that remembers it, and everything that comes along."""

    arrival: Arrival
    things: tuple[Any, ...]


def plan_import(bundle: Bundle, owner: Person, digest: str, now: datetime, *, organisation_id: str) -> ImportPlan:
    """Plan what a bundle brings to a person of another workspace."""
    passage, on = passage_of(bundle, owner.id, organisation_id=organisation_id), owner.day_of(now)
    coming = [thing for thing in bundle.own.all() if comes_along(thing)]
    arrival = Arrival(
        id=passage.arrival_id,
        owner_id=owner.id,
        tenant=bundle.tenant,
        earlier_id=bundle.person.id,
        digest=digest,
        made_at=bundle.made_at,
        arrived_at=now,
        records=len(coming),
        people=tuple(NamedPerson(passage.person(person.id), person.name) for person in bundle.names),
    )
    return ImportPlan(arrival, tuple(arriving(thing, passage, on) for thing in coming))


def check_whose(bundle: Bundle, owner: Person, whose: str) -> None:
    """Refuse a bundle of somebody else: it has her e-mail address, or she says whose it is, as the bundle has it.

    Raises:
        InvalidInput: it is somebody else's, or it cannot be told.
    """
    there = bundle.person
    if whose:
        if whose.casefold() not in {there.id.casefold(), (there.email or there.id).casefold()}:
            raise InvalidInput.at("bundle.whose", "is not the person of this bundle; only its owner brings it in")
    elif there.email is None or there.email.casefold() != (owner.email or "").casefold():
        raise InvalidInput.at(
            "bundle.whose",
            "is needed: the bundle has another e-mail address than you have here; give the address in it, if it is you",
        )


# The same overview

OF_THE_WORKPLACE: Mapping[str, str] = {
    "person": "who she is according to the HR system of a workplace",
    "as_of": "the moment at which one looks",
    "could_choose": "what a workplace offers",
    "next_steps": "compared as far as they are about what is hers, see STEPS_OF_THE_WORKPLACE",
    "asked_of_me": "others own what they ask",
    "waiting_for": "nobody there can answer any more",
    "names": "compared for everyone who is mentioned",
    "construct_titles": "what a workplace calls what it asks about",
}
"""The fields of an overview that are not hers to take along, with the reason."""

STEPS_OF_THE_WORKPLACE: Mapping[RuleName, str] = {
    RuleName.ASKED_BY_COLLEAGUE: "others own what they ask",
    RuleName.PULSE_WAITS: "the organisation owns its pulses",
    RuleName.PULSE_OPEN: "the organisation owns its pulses",
    RuleName.MANAGER_NEW: "who her manager is, a workplace says",
    RuleName.PLAN_ON_OFFER: "a plan on offer is a draft again: nobody there can stand by it any more",
    RuleName.NONE_APPLIES: "depends on what a workplace asks",
}
"""The rules whose steps are not about what is hers, with the reason; the steps of all others are compared."""

_OPEN_REQUESTS = frozenset({LearningRequestStatus.ASKED, LearningRequestStatus.GRANTED})


def _told(overview: Overview, as_there: Callable[[Any], Any]) -> dict[str, Any]:
    """Give what an overview tells of what is hers: everything but :data:`OF_THE_WORKPLACE`."""
    promised = sorted((*overview.promised_to_me, *overview.ownerless), key=lambda it: it.id.rpartition(".")[2])
    plan, check_in, rest = overview.plan, _written(overview.check_in), overview.rest
    return {
        "goals": [(as_there(s.goal), s.progress, s.confidence, s.trail, s.is_quiet) for s in overview.goals],
        "ended": [as_there(goal) for goal in overview.ended],
        "check_in": as_there(check_in) if check_in else None,
        "talk_ids": [as_there(id_) for id_ in overview.talk_ids],
        "my_promises": [as_there(agreement) for agreement in overview.my_promises],
        "promised_to_me": [as_there(agreement) for agreement in promised],  # by somebody beside her now, or not
        "feedback": [as_there(each) for each in overview.feedback],
        "choices": [as_there(each) for each in overview.choices],
        "reflections": [as_there(each) for each in overview.reflections],
        "looks": [as_there(each) for each in overview.looks],
        "delegations": [as_there(each) for each in overview.delegations],
        "suggestions": [as_there(each) for each in overview.suggestions],
        "needs": [as_there(each) for each in overview.needs],
        "learning_requests": [as_there(r) for r in overview.learning_requests if r.status not in _OPEN_REQUESTS],
        "plan": as_there(plan) if plan else None,
        "rest": as_there(rest) if rest else None,
        "trends": [
            (trend.construct, as_there(point.answers_id), point.answered_at, point.value)
            for trend in overview.trends
            for point in trend.points
        ],
    }


def _written(check_in: CheckIn | None) -> CheckIn | None:
    """Give an open check-in that is hers to take along; one with which nobody did anything is its workplace's."""
    return None if check_in is None or check_in.is_untouched else check_in


def _own_steps(overview: Overview, as_there: Callable[[Any], Any]) -> list[NextStep]:
    of_the_calendar = overview.check_in.id if overview.check_in and not _written(overview.check_in) else None
    steps = (step for step in overview.next_steps if step.because.rule not in STEPS_OF_THE_WORKPLACE)
    return [evolve(step, about_id=as_there(step.about_id)) for step in steps if step.about_id != of_the_calendar]


def _are_same_steps(there: Sequence[NextStep], here: Sequence[NextStep], *, is_cut: bool) -> bool:
    """Whether own steps are the same, as far as both are told: what a workplace asks takes places of the few."""
    both = min(len(there), len(here))
    return there[:both] == here[:both] and (is_cut or len(there) == len(here))


def differences(before: Overview, after: Overview, bundle: Bundle, *, organisation_id: str) -> tuple[str, ...]:
    """Name the parts in which the overview after an import is not the one of before; none when it is the same.

    The same means: every thing of hers, with its history, words, figures and order, as it arrives elsewhere (see
    :func:`arriving`), and everyone who is mentioned by the same name.
    """
    owner_id, on = after.person.id, after.today
    passage = passage_of(bundle, owner_id, organisation_id=organisation_id)

    def expected(thing: Any) -> Any:
        if isinstance(thing, str):
            return passage.item(thing)
        return arriving(as_taken_along(thing, before.person.id) if hasattr(thing, "owner_id") else thing, passage, on)

    def found(thing: Any) -> Any:
        return evolve(thing, version=0) if hasattr(thing, "version") else thing

    there, here = _told(before, expected), _told(after, found)
    differ = [part for part in there if there[part] != here[part]]
    mentioned = {id_ for thing in _things_in(here) for id_ in named_in(thing)} - {owner_id}
    names = {passage.person(id_): name for id_, name in before.names.items()}
    if any(names.get(id_, "") != after.names.get(id_, "") for id_ in mentioned):
        differ.append("names")
    own_there, own_here = _own_steps(before, expected), _own_steps(after, found)
    shorter = before if len(own_there) < len(own_here) else after
    if not _are_same_steps(own_there, own_here, is_cut=len(shorter.next_steps) == AT_MOST):
        differ.append("next_steps")
    return tuple(differ)


def _things_in(told: Mapping[str, Any]) -> Iterator[Any]:
    for part in told.values():
        for each in part if isinstance(part, list) else [part]:
            yield each[0] if isinstance(each, tuple) else each
