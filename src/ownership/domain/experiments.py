"""Experiments: small trials inside a goal.

What I try, until when, and what I saw. A trial ends as kept (I go on with it) or dropped (I know now that it is not for
me); both are worth having tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from attrs import evolve, field, frozen

from ownership.domain import moments, shapes, texts
from ownership.domain.classification import OWN_FACTS, OWN_WORDS, RECORD_ID
from ownership.domain.moves import status_after
from ownership.domain.shapes import optional
from ownership.errors import InvalidInput

ExperimentId = NewType("ExperimentId", str)


class ExperimentStatus(StrEnum):
    """Where an experiment is in its life."""

    TRYING = "trying"
    KEPT = "kept"
    DROPPED = "dropped"


class ExperimentMove(StrEnum):
    """How an experiment can end."""

    KEEP = "keep"
    DROP = "drop"


MOVES: Mapping[ExperimentStatus, Mapping[ExperimentMove, ExperimentStatus]] = {
    ExperimentStatus.TRYING: {
        ExperimentMove.KEEP: ExperimentStatus.KEPT,
        ExperimentMove.DROP: ExperimentStatus.DROPPED,
    },
    ExperimentStatus.KEPT: {},
    ExperimentStatus.DROPPED: {},
}


@frozen
class Experiment:
    """A small trial: what I try, until when if that is set, and once it is over what I saw."""

    id: ExperimentId = field(validator=shapes.identifier, metadata=RECORD_ID)
    what: str = field(validator=texts.written, repr=False, metadata=OWN_WORDS)
    begun_at: datetime = field(validator=moments.instant, metadata=OWN_FACTS)
    until: date | None = field(default=None, validator=optional(moments.day), metadata=OWN_FACTS)
    status: ExperimentStatus = field(
        default=ExperimentStatus.TRYING, validator=shapes.kind_of(ExperimentStatus), metadata=OWN_FACTS
    )
    saw: str = field(default="", validator=texts.paragraph, repr=False, metadata=OWN_WORDS)
    concluded_at: datetime | None = field(default=None, validator=optional(moments.instant), metadata=OWN_FACTS)

    def __attrs_post_init__(self) -> None:
        is_over = self.status is not ExperimentStatus.TRYING
        if is_over is not (self.concluded_at is not None):
            raise InvalidInput.at(
                "experiment.concluded_at", "is the moment of its end: there is one exactly when it is over"
            )
        if self.saw and not is_over:
            raise InvalidInput.at("experiment.saw", "is written when the experiment is kept or dropped")

    def keep(self, at: datetime, saw: str = "") -> Experiment:
        """Return the experiment as kept: I go on with it."""
        return self._concluded(ExperimentMove.KEEP, at, saw)

    def drop(self, at: datetime, saw: str = "") -> Experiment:
        """Return the experiment as dropped: I know now that it is not for me."""
        return self._concluded(ExperimentMove.DROP, at, saw)

    def _concluded(self, move: ExperimentMove, at: datetime, saw: str) -> Experiment:
        status = status_after(MOVES, self.status, move, "experiment", self.id)
        return evolve(self, status=status, saw=saw, concluded_at=at)

    def heard_of_at(self) -> datetime:
        """Give the last moment at which there was any news of the experiment."""
        return self.concluded_at or self.begun_at
