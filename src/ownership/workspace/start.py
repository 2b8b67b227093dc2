"""Starting: from nothing, in a few minutes, to three directions and the private draft of a goal."""

from __future__ import annotations

from ownership.domain.directions import Direction, DirectionId, Opening, direction_of, plan_directions, plan_openings
from ownership.domain.goals import Goal
from ownership.domain.reflections import PromptId, Reflection
from ownership.errors import NotFound
from ownership.workspace.records import id_of
from ownership.workspace.reflections import Reflections, draft_from
from ownership.workspace.seat import Seat
from ownership.workspace.sight import Sight


class Start:
    """The way in for the actor: where do I stand, where do I want to go, what do I need?

    The answers are reflections like any other: private until shared, and open to be answered anew or removed.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def questions(self) -> tuple[Opening, ...]:
        """Give the questions to begin with, in their order, each with the actor's latest answer so far."""
        with self._seat.reading() as sight:
            return self._openings(sight)

    def answer(self, question: Opening | PromptId | str, text: str) -> Reflection:
        """Answer a question to begin with; private until shared. Answering again adds an answer, and the latest counts.

        Raises:
            NotFound: it is not one of the questions to begin with.
            InvalidInput: the text is empty or cannot be kept.
        """
        prompt_id = id_of(question)
        if prompt_id not in {prompt.id for prompt in self._seat.desk.content.openings()}:
            raise NotFound("question to begin with", prompt_id, see="start.questions()")
        return Reflections(self._seat).write(prompt_id, text)

    def directions(self) -> tuple[Direction, ...]:
        """Give three directions of different kinds, each with what the actor wrote beside it.

        One answer is enough. Something of one's own is always another: ``goals.draft``.

        Raises:
            InvalidInput: no question to begin with was answered yet.
        """
        with self._seat.reading() as sight:
            return self._directions(sight)

    def draft(self, direction: Direction | DirectionId | str, *, title: str = "") -> Goal:
        """Draft a goal from a direction: why is what the actor wrote, word for word. Nobody else sees the draft.

        Without a ``title`` it has that of the direction; a draft can be edited.

        Raises:
            NotFound: it is none of the actor's directions now.
            InvalidInput: no question to begin with was answered yet, or the title cannot be kept.
        """
        with self._seat.writing() as sight:
            picked = direction_of(id_of(direction), self._directions(sight))
            if picked is None:
                raise NotFound("direction", id_of(direction), see="start.directions()")
            answer = sight.own(Reflection, picked.reflection_id)
            return draft_from(self._seat, sight, answer, title=title or picked.title, theme=picked.theme)

    def _openings(self, sight: Sight) -> tuple[Opening, ...]:
        written = sight.unit.all_of(self._seat.person_id, Reflection)
        return plan_openings(self._seat.desk.content.openings(), written, sight.viewer.language)

    def _directions(self, sight: Sight) -> tuple[Direction, ...]:
        return plan_directions(self._seat.desk.content.directions, self._openings(sight), sight.viewer.language)
