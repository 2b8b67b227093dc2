"""The organisation's own catalogue: ways of learning that an organiser adds to those of the packs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ownership.domain.learning import NOBODY, LearningKind, LearningOption, LearningOptionId
from ownership.errors import NotFound
from ownership.workspace.learning import kind_of
from ownership.workspace.records import NOUNS, ORGANISATION, id_of
from ownership.workspace.seat import ORGANISER, Seat, several


class Catalogue:
    """The ways of learning of this organisation.

    Every call takes the role of organiser and raises NotAllowed without it. Who chooses what is nobody's to see here.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def add(
        self,
        kind: LearningKind | str,
        *,
        title: str,
        description: str = "",
        titles: Mapping[str, str] | None = None,
        descriptions: Mapping[str, str] | None = None,
        themes: Iterable[str] = (),
        hours: float | None = None,
        link: str = "",
        is_mandatory: bool = False,
    ) -> LearningOption:
        """Add a way of learning, in other languages too if you have them (``titles={"nl": ...}``).

        What is mandatory is no choice: it is on no menu, and told apart.

        Raises:
            InvalidInput: the kind is unknown, or a field cannot be kept.
        """
        self._seat.require(ORGANISER)
        with self._seat.writing() as sight:
            return sight.unit.save(
                LearningOption(
                    id=LearningOptionId(self._seat.desk.new_id(ORGANISATION, LearningOption)),
                    kind=kind_of(kind),
                    title=title,
                    description=description,
                    titles=titles or {},
                    descriptions=descriptions or {},
                    themes=tuple(several(themes, "learning_option.themes")),
                    hours=hours,
                    link=link,
                    is_mandatory=is_mandatory,
                    shared_on=self._seat.today(sight),
                )
            )

    def all(self) -> tuple[LearningOption, ...]:
        """Give what was added here, the withdrawn included, the oldest first."""
        self._seat.require(ORGANISER)
        with self._seat.reading() as sight:
            return tuple(sight.unit.all_of(ORGANISATION, LearningOption))

    def retire(self, option: LearningOption | LearningOptionId | str) -> LearningOption:
        """Withdraw a way of learning: nobody chooses it any more, and who chose it keeps her choice.

        Raises:
            NotFound: there is no such option in this catalogue.
            IllegalMove: it was withdrawn before.
        """
        self._seat.require(ORGANISER)
        with self._seat.writing() as sight:
            latest = sight.unit.one(LearningOption, id_of(option))
            if latest.owner_id != NOBODY:
                raise NotFound(NOUNS[LearningOption], latest.id)
            return sight.unit.save(latest.withdraw())
