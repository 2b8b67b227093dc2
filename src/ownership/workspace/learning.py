"""Learning: a menu of several kinds of ways, the choice with its reason, and what colleagues offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from zlib import crc32

from ownership.domain.goals import Goal
from ownership.domain.learning import (
    OWN_OPTION,
    LearningChoice,
    LearningChoiceId,
    LearningFact,
    LearningKind,
    LearningOption,
    LearningOptionId,
    MenuEntry,
    kinds_on,
    menu,
)
from ownership.domain.moments import local_day
from ownership.errors import InvalidInput, NotFound
from ownership.workspace.seat import Seat, announce, several
from ownership.workspace.sight import Sight


class Learning:
    """Ways of learning that are open to the actor, and the actor's choices."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def options(self, goal_id: str = "", *, theme: str = "") -> tuple[MenuEntry, ...]:
        """Lay out several kinds of ways to learn, for a goal, for a theme, or in general; each says why it is there.

        Something of your own is always possible besides: ``choose("own", title=...)``.

        Raises:
            NotFound: the goal is not there, or not the actor's to see.
        """
        with self._seat.reading() as sight:
            if goal_id and not theme:
                theme = sight.own(Goal, goal_id).theme
            return menu_for(self._seat, sight, theme, goal_id, self._choices(sight))

    def choose(
        self, option_id: LearningOptionId | str, *, goal_id: str | None = None, why: str = "", title: str = ""
    ) -> LearningChoice:
        """Choose a way of learning, with the reason; ``choose("own", title=...)`` is something of your own.

        What else was on the menu at that moment is kept with the choice, as numbers by kind.

        Raises:
            NotFound: there is no such option, or no such goal of the actor.
            InvalidInput: something of your own has no title.
        """
        with self._seat.writing() as sight:
            goal = sight.own(Goal, goal_id) if goal_id else None
            option = self._option(sight, option_id, title)
            theme = goal.theme if goal else ""
            seen = menu_for(self._seat, sight, theme, goal_id or "", self._choices(sight))
            return sight.unit.save(
                LearningChoice(
                    id=LearningChoiceId(self._seat.desk.new_id(self._seat.person_id, LearningChoice)),
                    owner_id=self._seat.person_id,
                    option_id=option.id,
                    kind=option.kind,
                    title=option.title,
                    goal_id=goal.id if goal else None,
                    why=why,
                    options_seen=kinds_on(seen),
                    chosen_at=sight.now,
                )
            )

    def _choices(self, sight: Sight) -> list[LearningChoice]:
        return sight.unit.all_of(self._seat.person_id, LearningChoice)

    def _option(self, sight: Sight, option_id: str, title: str) -> LearningOption:
        if option_id == OWN_OPTION:
            if not title:
                raise InvalidInput.at("learning_choice.title", "is needed for something of your own")
            return LearningOption(OWN_OPTION, LearningKind.OWN, title)
        for option in open_options(self._seat, sight):
            if option.id == option_id:
                return option
        raise NotFound("learning option", option_id)

    def mine(self) -> tuple[LearningChoice, ...]:
        """Give the actor's own choices, the oldest first."""
        with self._seat.reading() as sight:
            return tuple(self._choices(sight))

    def complete(self, choice: LearningChoice | str, looking_back: str = "") -> LearningChoice:
        """End a choice as completed, with what it brought."""
        return self._move(choice, lambda it, today: it.complete(today, looking_back))

    def stop(self, choice: LearningChoice | str, looking_back: str = "") -> LearningChoice:
        """End a choice that did not fit; another can be chosen at once."""
        return self._move(choice, lambda it, today: it.stop(today, looking_back))

    def share(self, choice: LearningChoice | str, audience: Any) -> LearningChoice:
        """Share a choice from today on, or take it back ("only_me")."""
        with self._seat.writing() as sight:
            shared: LearningChoice = self._seat.share(sight, self._seat.own(sight, LearningChoice, choice), audience)
            return shared

    def _move(
        self, choice: LearningChoice | str, move: Callable[[LearningChoice, date], LearningChoice]
    ) -> LearningChoice:
        with self._seat.writing() as sight:
            own = self._seat.own(sight, LearningChoice, choice)
            return sight.unit.save(move(own, self._seat.today(sight)))

    def offer(
        self,
        kind: LearningKind | str,
        *,
        title: str,
        description: str = "",
        themes: Iterable[str] = (),
        hours: float | None = None,
        link: str = "",
    ) -> LearningOption:
        """Offer colleagues a way to learn: coaching, shadowing, a task to swap, a place in a project.

        Raises:
            InvalidInput: the kind is unknown, or a field cannot be kept.
        """
        if kind not in set(LearningKind) - {LearningKind.OWN}:
            known = ", ".join(k for k in LearningKind if k is not LearningKind.OWN)
            raise InvalidInput.at("learning_option.kind", f"is not one of {known}")
        with self._seat.writing() as sight:
            offered = sight.unit.save(
                LearningOption(
                    id=self._seat.desk.new_id(self._seat.person_id, LearningOption),
                    owner_id=self._seat.person_id,
                    kind=LearningKind(kind),
                    title=title,
                    description=description,
                    themes=tuple(several(themes, "learning_option.themes")),
                    hours=hours,
                    link=link,
                    shared_on=self._seat.today(sight),
                )
            )
            announce(sight, offered, LearningFact.OFFERED)
            return offered


def open_options(seat: Seat, sight: Sight) -> tuple[LearningOption, ...]:
    """Give every option that is open to the actor.

    The catalogue's in the actor's language, and what colleagues offer.
    """
    offered = [
        option
        for option in sight.unit.find(LearningOption)
        if option.owner_id != seat.person_id and sight.decide(option) and _is_here(sight, option.owner_id)
    ]
    return (*seat.desk.content.options(sight.viewer.language), *offered)


def _is_here(sight: Sight, person_id: str) -> bool:
    """Whether who offers something works here now: nobody learns from someone who left."""
    person = sight.people([person_id])[person_id]
    return person.works_on(local_day(sight.now, person.zone.key))


def menu_for(
    seat: Seat, sight: Sight, theme: str, about: str, choices: Iterable[LearningChoice]
) -> tuple[MenuEntry, ...]:
    """Lay out the actor's menu for a theme, without what she chose before; the same all day."""
    seed = crc32(f"{seat.person_id}:{about}:{seat.today(sight)}".encode())
    chosen = {choice.option_id for choice in choices}
    return menu((o for o in open_options(seat, sight) if o.id not in chosen), theme=theme, seed=seed)
