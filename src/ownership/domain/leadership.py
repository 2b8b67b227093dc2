"""Supportive leadership: the next talk prepared with questions, not answers, from shared things only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from zlib import crc32

from attrs import field, frozen
from attrs.validators import optional

from ownership.domain import shapes
from ownership.domain.check_ins import AgendaItem, Agreement, CheckIn, Preparation
from ownership.domain.goals import Goal
from ownership.domain.people import Person, PersonId
from ownership.domain.texts import translated


class Step(StrEnum):
    """The steps of a coaching talk in the GROW order (Whitmore, Coaching for Performance, 1992)."""

    GOAL = "goal"
    REALITY = "reality"
    OPTIONS = "options"
    WILL = "will"


@frozen
class GuideQuestion:
    """An open question that asks before it tells."""

    id: str = field(validator=shapes.identifier)
    step: Step = field(validator=shapes.kind_of(Step))
    texts: Mapping[str, str] = field(validator=translated)


@frozen
class LettingGo:
    """One thing to let go of in a talk."""

    id: str = field(validator=shapes.identifier)
    texts: Mapping[str, str] = field(validator=translated)


@frozen
class TalkPreparation:
    """What a manager or peer needs before the next talk.

    What she wants to talk about, what he promised, what to ask.
    """

    check_in: CheckIn = field(validator=shapes.kind_of(CheckIn))
    person: Person = field(validator=shapes.kind_of(Person))
    topics: tuple[AgendaItem, ...] = field(validator=shapes.each(shapes.kind_of(AgendaItem)))
    her_preparation: Preparation | None = field(validator=optional(shapes.kind_of(Preparation)))
    your_promises: tuple[Agreement, ...] = field(validator=shapes.each(shapes.kind_of(Agreement)))
    shared_goals: tuple[Goal, ...] = field(validator=shapes.each(shapes.kind_of(Goal)))
    questions: tuple[GuideQuestion, ...] = field(validator=shapes.each(shapes.kind_of(GuideQuestion)))
    let_go: LettingGo | None = field(validator=optional(shapes.kind_of(LettingGo)))


def prepare_talk(
    check_in: CheckIn,
    person: Person,
    reader_id: PersonId,
    *,
    earlier: Iterable[CheckIn],
    shared_goals: Iterable[Goal],
    questions: Iterable[GuideQuestion],
    letting_go: Iterable[LettingGo],
) -> TalkPreparation:
    """Prepare one of the two for a check-in.

    Three open questions in GROW order and one thing to let go of, drawn by the check-in's id.
    """
    seen = check_in.seen_by(reader_id)

    def draw(id_: str) -> int:
        return crc32(f"{check_in.id}:{id_}".encode())

    per_step = {question.step: question for question in sorted(questions, key=lambda q: draw(q.id))}
    return TalkPreparation(
        check_in=seen,
        person=person,
        topics=seen.agenda,
        her_preparation=seen.preparation_of(person.id),
        your_promises=open_promises((*earlier, check_in), reader_id),
        shared_goals=tuple(shared_goals),
        questions=tuple(per_step[step] for step in Step if step in per_step)[:3],
        let_go=min(letting_go, key=lambda item: draw(item.id), default=None),
    )


def open_promises(check_ins: Iterable[CheckIn], person_id: PersonId) -> tuple[Agreement, ...]:
    """Collect what someone promised in talks and has not done yet, the first due on top, those without a day last."""
    promised = [
        agreement
        for check_in in check_ins
        for agreement in check_in.agreements
        if agreement.by_id == person_id and agreement.done_on is None
    ]
    return tuple(sorted(promised, key=lambda a: (a.due_on is None, str(a.due_on), a.id)))
