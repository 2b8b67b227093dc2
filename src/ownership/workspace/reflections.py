"""Reflections: the next question to think about, and a journal that is private until shared. Goals spring from it."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from ownership.domain import shapes
from ownership.domain.feedback import Feedback
from ownership.domain.goals import Goal, GoalStatus
from ownership.domain.people import Person
from ownership.domain.reflections import Context, Prompt, PromptId, PromptRole, Reflection, Theme, choose_prompt
from ownership.errors import NotFound
from ownership.workspace.records import id_of
from ownership.workspace.seat import Seat
from ownership.workspace.sight import Sight


class Reflections:
    """The reflections of the actor."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def next_prompt(self, role: PromptRole | str = PromptRole.EMPLOYEE) -> Prompt:
        """Give the question to think about next. It stays the same for a day, so that it can be thought over.

        Who wrote nothing yet gets the opening questions, one after the other.

        Prompts for the role "peer" or "manager" speak to the actor as someone who supports another.

        Raises:
            NotFound: no pack brings any prompt for the role.
            InvalidInput: there is no such role.
        """
        speaks_to = shapes.member_of(PromptRole, role, "role")
        with self._seat.reading() as sight:
            things = sight.unit.owned(self._seat.person_id, Goal, Reflection, Feedback)
            contexts = _contexts(sight, things[Goal], things[Feedback], self._seat.today(sight))
            seed = crc32(f"{self._seat.person_id}:{self._seat.today(sight)}".encode())
            prompts = self._seat.desk.content.prompts(speaks_to)
            prompt = choose_prompt(prompts, things[Reflection], contexts, seed=seed)
        if prompt is None:
            raise NotFound(f"prompt for the role {speaks_to}")
        return prompt

    def write(self, prompt: Prompt | PromptId | str, text: str) -> Reflection:
        """Answer a prompt; private until shared.

        Raises:
            NotFound: there is no such prompt.
            InvalidInput: the text is empty or cannot be kept.
        """
        asked = self._seat.desk.content.prompt(id_of(prompt))
        with self._seat.writing() as sight:
            return sight.unit.save(
                Reflection(
                    id=self._seat.desk.new_id(self._seat.person_id, Reflection),
                    owner_id=self._seat.person_id,
                    prompt_id=asked.id,
                    question=asked.text(sight.viewer.language),
                    theme=asked.theme,
                    text=text,
                    written_at=sight.now,
                )
            )

    def mine(self) -> tuple[Reflection, ...]:
        """Give the actor's own reflections, the oldest first."""
        with self._seat.reading() as sight:
            return tuple(sight.unit.all_of(self._seat.person_id, Reflection))

    def get(self, reflection: Reflection | str) -> Reflection:
        """Give one reflection as it is now, own or shared with the actor.

        Raises:
            NotFound: it is not there, or not the actor's to see.
        """
        with self._seat.writing() as sight:
            return sight.see(Reflection, reflection)

    def share(self, reflection: Reflection | str, audience: Any) -> Reflection:
        """Share a reflection from today on, or take it back ("only_me").

        Raises:
            NotFound: it is not there, or not the actor's to see.
            NotAllowed: another owns it.
        """
        with self._seat.writing() as sight:
            shared: Reflection = self._seat.share(sight, self._seat.own(sight, Reflection, reflection), audience)
            return shared

    def to_goal(self, reflection: Reflection | str, *, title: str) -> Goal:
        """Draft a goal from a reflection: what was written becomes its why, word for word. Nobody else sees the draft.

        Raises:
            NotFound: it is not there, or not the actor's to see.
            NotAllowed: another owns it.
            InvalidInput: the title cannot be kept.
        """
        with self._seat.writing() as sight:
            own = self._seat.own(sight, Reflection, reflection)
            return draft_from(self._seat, sight, own, title=title, theme=own.theme)

    def remove(self, reflection: Reflection | str) -> None:
        """Remove a reflection: nothing of it is kept. What was written cannot be edited, but it can go.

        Raises:
            NotFound: it is not there, or not the actor's to see.
            NotAllowed: another owns it.
        """
        with self._seat.writing() as sight:
            sight.unit.remove(self._seat.own(sight, Reflection, reflection))


def draft_from(seat: Seat, sight: Sight, reflection: Reflection, *, title: str, theme: Theme) -> Goal:
    """Draft a goal that springs from what the actor wrote."""
    return sight.unit.save(
        Goal(
            id=seat.desk.new_id(seat.person_id, Goal),
            owner_id=seat.person_id,
            title=title,
            why=reflection.text,
            theme=str(theme),
            drafted_at=sight.now,
        )
    )


def _contexts(sight: Sight, goals: list[Goal], feedback: list[Feedback], today: Any) -> frozenset[Context]:
    """Tell what is particular about the actor's situation."""
    person: Person = sight.viewer
    alive = [goal for goal in goals if goal.status in {GoalStatus.DRAFT, GoalStatus.ACTIVE}]
    facts = {
        Context.FIRST_WEEK: person.start_on is not None and 0 <= (today - person.start_on).days < 7,
        Context.NO_GOAL: not alive,
        Context.GOAL_QUIET: any(goal.is_quiet(sight.now) for goal in alive),
        Context.FEEDBACK_RECEIVED: any((sight.now - given.given_at).days < 7 for given in feedback),
    }
    return frozenset(context for context, holds in facts.items() if holds)
