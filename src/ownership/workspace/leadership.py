"""Supportive leadership: the next talk with someone, prepared from shared things only."""

from __future__ import annotations

from ownership.domain.check_ins import CheckIn
from ownership.domain.goals import Goal
from ownership.domain.leadership import TalkPreparation, prepare_talk
from ownership.workspace.seat import Seat


class Leadership:
    """What helps the actor to support somebody else."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def prepare(self, check_in_id: str) -> TalkPreparation:
        """Prepare the actor for a talk in which she is the partner: topics, her promises, questions to choose from.

        Raises:
            NotFound: there is no such check-in, or it is not the actor's to see.
        """
        with self._seat.writing() as sight:
            check_in = sight.see(CheckIn, check_in_id)
            owned = sight.unit.owned(check_in.owner_id, CheckIn, Goal)
            earlier = sight.see_all(other for other in owned[CheckIn] if other.id != check_in.id)
            return prepare_talk(
                check_in,
                sight.people([check_in.owner_id])[check_in.owner_id],
                self._seat.person_id,
                earlier=earlier,
                shared_goals=sight.see_all(owned[Goal]),
                questions=self._seat.desk.content.questions,
                letting_go=self._seat.desk.content.letting_go,
            )
