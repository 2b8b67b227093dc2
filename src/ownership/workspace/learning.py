"""Learning: a menu of several kinds of ways, the choice with its reason, and what colleagues offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zlib import crc32

from ownership.domain import shapes
from ownership.domain.budgets import BudgetStanding, LearningRequestId, Means, Money
from ownership.domain.goals import Goal
from ownership.domain.learning import (
    FOR_EVERYONE,
    NOBODY,
    OWN_OPTION,
    Helped,
    LearningChoice,
    LearningChoiceId,
    LearningFact,
    LearningKind,
    LearningOption,
    LearningOptionId,
    MenuEntry,
    WasReal,
    choice_of,
    choosable,
    kinds_that_helped,
    menu,
)
from ownership.domain.reminders import ReminderKind
from ownership.errors import InvalidInput, NotAllowed, NotFound
from ownership.workspace.budgets import standing_of
from ownership.workspace.records import ORGANISATION, id_of
from ownership.workspace.seat import Seat, announce, several
from ownership.workspace.sight import Sight

OptionOrId = LearningOption | MenuEntry | LearningOptionId | str


class Learning:
    """Ways of learning that are open to the actor, and the actor's choices."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def options(self, goal_id: str = "", *, theme: str = "") -> tuple[MenuEntry, ...]:
        """Lay out several kinds of ways to learn, for a goal, for a theme, or in general; each says why it is there.

        Something of your own is always possible besides: ``choose("own", title=...)``. What is mandatory is not here.

        Raises:
            NotFound: the goal is not there, or not the actor's to see.
        """
        with self._seat.reading() as sight:
            if goal_id and not theme:
                theme = sight.own(Goal, goal_id).theme
            return menu_for(self._seat, sight, theme, goal_id, self._choices(sight))

    def mandatory(self) -> tuple[LearningOption, ...]:
        """Give what is mandatory, apart: it is on no menu, cannot be chosen, and never counts as a choice."""
        with self._seat.reading() as sight:
            added = sight.unit.all_of(ORGANISATION, LearningOption)
            return tuple(option for option in _catalogue(self._seat, sight, added) if option.is_mandatory)

    def budget(self, year: int | None = None) -> BudgetStanding:
        """Give what there is to spend in a year (default: this one), what was spent, and what is left.

        Hers only: it is worked out from her choices, and no one else can ask for it.
        """
        with self._seat.reading() as sight:
            return standing_of(sight, self._choices(sight), year)

    def choose(
        self,
        option: OptionOrId,
        *,
        goal_id: str | None = None,
        why: str = "",
        title: str = "",
        cost: Money | None = None,
        hours: Decimal | float = 0,
    ) -> LearningChoice:
        """Choose a way of learning, with the reason; ``choose("own", title=...)`` is something of your own.

        What else was on the menu at that moment is kept with the choice, as numbers by kind. What it costs in money
        and working hours comes from the actor's budget, and inside that nobody needs to be asked. Choosing what a
        colleague offers tells that colleague that you did, and nothing else of your choice.

        Raises:
            NotFound: there is no such option, or no such goal of the actor.
            InvalidInput: something of your own has no title, or the option is mandatory.
            NotAllowed: it costs more than is left of the budget; ask for it with ``learning_requests.ask``.
        """
        with self._seat.writing() as sight:
            chosen = option_for(self._seat, sight, option, title)
            choices = self._choices(sight)
            means = _covered(sight, choices, Means(cost, hours))
            return choose_in(self._seat, sight, chosen, choices, goal_id=goal_id, why=why, cost=means)

    def swap(
        self,
        choice: LearningChoice | str,
        option: OptionOrId,
        *,
        why: str = "",
        title: str = "",
        cost: Money | None = None,
        hours: Decimal | float = 0,
    ) -> LearningChoice:
        """Stop a choice and choose another way for the same goal, at once; the new one knows which it replaced.

        All that the first was to cost comes back; where part of it was used, stop it with ``used`` and choose again.

        Raises:
            NotFound: there is no such choice or option.
            IllegalMove: the choice has ended.
            NotAllowed: the other costs more than is left of the budget.
        """
        with self._seat.writing() as sight:
            stopped = self._stop(sight, self._seat.own(sight, LearningChoice, choice), "", Means())
            choices = [stopped if each.id == stopped.id else each for each in self._choices(sight)]
            other = option_for(self._seat, sight, option, title)
            means = _covered(sight, choices, Means(cost, hours))
            goal_id, before = stopped.goal_id, stopped.id
            return choose_in(
                self._seat, sight, other, choices, goal_id=goal_id, why=why, cost=means, instead_of_id=before
            )

    def _choices(self, sight: Sight) -> list[LearningChoice]:
        return sight.unit.all_of(self._seat.person_id, LearningChoice)

    def mine(self) -> tuple[LearningChoice, ...]:
        """Give the actor's own choices, the oldest first."""
        with self._seat.reading() as sight:
            return tuple(self._choices(sight))

    def complete(self, choice: LearningChoice | str, looking_back: str = "") -> LearningChoice:
        """End a choice as completed, with what it brought."""
        return self._move(choice, lambda it, today: it.complete(today, looking_back))

    def stop(
        self,
        choice: LearningChoice | str,
        looking_back: str = "",
        *,
        used: Money | None = None,
        used_hours: Decimal | float = 0,
    ) -> LearningChoice:
        """End a choice that did not fit; another can be chosen at once.

        What it was to cost comes back to the actor's budget, but for what was ``used`` of it.

        Raises:
            InvalidInput: more was used than it was to cost.
        """
        with self._seat.writing() as sight:
            own = self._seat.own(sight, LearningChoice, choice)
            return self._stop(sight, own, looking_back, Means(used, used_hours))

    def _stop(self, sight: Sight, own: LearningChoice, looking_back: str, used: Means) -> LearningChoice:
        stopped = sight.unit.save(own.stop(self._seat.today(sight), looking_back, used=used))
        option = sight.unit.many(LearningOption, [own.option_id]).get(own.option_id)
        if option is not None and option.places_left is not None:
            sight.unit.save(option.give_place_back())
        return stopped

    def look_back(self, choice: LearningChoice | str, helped: Helped | str, text: str = "") -> LearningChoice:
        """Look back on a choice that has ended: it ``helped``, ``a_bit``, or was ``not_for_me``.

        Kinds that helped come first among equals on the next menu, which says so.

        Raises:
            InvalidInput: there is no such answer.
            IllegalMove: the choice has not ended.
        """
        answer = shapes.member_of(Helped, helped, "learning_choice.helped")
        return self._move(choice, lambda it, _: it.look_back(answer, text))

    def was_real_choice(self, choice: LearningChoice | str, answer: WasReal | str) -> LearningChoice:
        """Say whether it was a real choice: ``yes``, ``partly`` or ``no``. Nobody else ever sees the answer.

        Raises:
            InvalidInput: there is no such answer.
        """
        said = shapes.member_of(WasReal, answer, "learning_choice.was_real")
        return self._move(choice, lambda it, _: it.was_a_real_choice(said))

    def share(self, choice: LearningChoice | str, audience: Any) -> LearningChoice:
        """Share a choice from today on, or take it back ("only_me").

        What it cost, what it came in place of, and whether it was a real choice stay the actor's own.
        """
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
        places: int | None = None,
        audience: Any = FOR_EVERYONE,
    ) -> LearningOption:
        """Offer colleagues a way to learn: coaching, shadowing, a task to swap, a place in a project.

        To everyone, or to an audience; with a number of places if they are limited. Who chooses it knows that you hear
        of it.

        Raises:
            InvalidInput: the kind is unknown, or a field cannot be kept.
        """
        with self._seat.writing() as sight:
            today = self._seat.today(sight)
            offered = LearningOption(
                id=self._seat.desk.new_id(self._seat.person_id, LearningOption),
                owner_id=self._seat.person_id,
                kind=kind_of(kind),
                title=title,
                description=description,
                themes=tuple(several(themes, "learning_option.themes")),
                hours=hours,
                link=link,
                places_left=places,
            ).with_audience(self._seat.audience(sight.unit, audience), today)
            offered = sight.unit.save(offered)
            announce(sight, offered, LearningFact.OFFERED)
            return offered

    def offered(self) -> tuple[LearningOption, ...]:
        """Give what the actor offers or offered, the oldest first."""
        with self._seat.reading() as sight:
            return tuple(sight.unit.all_of(self._seat.person_id, LearningOption))

    def withdraw_offer(self, option: LearningOption | str) -> LearningOption:
        """Take an offer back: it is on nobody's menu any more. Who chose it keeps her choice; talk to her.

        Raises:
            NotFound: there is no such offer.
            NotAllowed: somebody else offers it.
            IllegalMove: it was taken back before.
        """
        with self._seat.writing() as sight:
            withdrawn = sight.unit.save(self._seat.own(sight, LearningOption, option).withdraw())
            announce(sight, withdrawn, LearningFact.WITHDRAWN)
            return withdrawn


def kind_of(spoken: LearningKind | str) -> LearningKind:
    """Read the kind of something that is offered: any but something of one's own.

    Raises:
        InvalidInput: there is no such kind.
    """
    if spoken not in set(LearningKind) - {LearningKind.OWN}:
        known = ", ".join(k for k in LearningKind if k is not LearningKind.OWN)
        raise InvalidInput.at("learning_option.kind", f"is not one of {known}")
    return LearningKind(spoken)


def _covered(sight: Sight, choices: list[LearningChoice], cost: Means) -> Means:
    """Refuse what does not fit in what is left of the viewer's budget."""
    if not cost.is_nothing and not standing_of(sight, choices).covers(cost):
        raise NotAllowed("this does not fit in what is left of your budget; ask for it with learning_requests.ask")
    return cost


def choose_in(
    seat: Seat,
    sight: Sight,
    option: LearningOption,
    choices: Sequence[LearningChoice],
    *,
    goal_id: str | None,
    why: str,
    cost: Means,
    request_id: LearningRequestId | None = None,
    instead_of_id: LearningChoiceId | None = None,
) -> LearningChoice:
    """Choose an option that is paid for; who offers it hears that the actor did."""
    goal = sight.own(Goal, goal_id) if goal_id else None
    choice = sight.unit.save(
        choice_of(
            option,
            id=LearningChoiceId(seat.desk.new_id(seat.person_id, LearningChoice)),
            owner_id=seat.person_id,
            chosen_at=sight.now,
            seen=menu_for(seat, sight, goal.theme if goal else "", goal_id or "", choices),
            goal_id=goal.id if goal else None,
            why=why,
            cost=cost,
            request_id=request_id,
            instead_of_id=instead_of_id,
        )
    )
    if option.owner_id != NOBODY:
        if option.places_left is not None:
            sight.unit.save(option.take_place())
        offerer = sight.people([option.owner_id])[option.owner_id]
        seat.tell(sight, ReminderKind.OFFER_CHOSEN, choice.id, offerer)
    return choice


def option_for(seat: Seat, sight: Sight, option: OptionOrId, title: str) -> LearningOption:
    """Give an option that is open to the actor; ``own`` is something of the actor's own, with a title.

    Raises:
        NotFound: there is no such option.
        InvalidInput: something of your own has no title, or the option is mandatory.
    """
    wanted = id_of(option)
    if wanted == OWN_OPTION:
        if not title:
            raise InvalidInput.at("learning_choice.title", "is needed for something of your own")
        return LearningOption(OWN_OPTION, LearningKind.OWN, title)
    for each in open_options(seat, sight):
        if each.id == wanted:
            return choosable(each)
    raise NotFound("learning option", wanted, see="learning.options()")


def open_options(seat: Seat, sight: Sight) -> tuple[LearningOption, ...]:
    """Give every option that is open to the actor.

    The catalogue's in the actor's language, and what colleagues offer.
    """
    stored = [option for option in sight.unit.find(LearningOption) if option.is_open]
    others = [option for option in stored if option.owner_id not in {seat.person_id, NOBODY}]
    sight.people({option.owner_id for option in others})
    offered = [option for option in others if sight.decide(option) and _is_here(sight, option.owner_id)]
    return (*_catalogue(seat, sight, stored), *offered)


def _catalogue(seat: Seat, sight: Sight, stored: Iterable[LearningOption]) -> list[LearningOption]:
    """Give what packs bring, and of what is stored what the organisation added, in the actor's language."""
    language = sight.viewer.language
    added = [option for option in stored if option.owner_id == NOBODY and option.is_open]
    return [*seat.desk.content.options(language), *(option.in_language(language) for option in added)]


def _is_here(sight: Sight, person_id: str) -> bool:
    """Whether who offers something works here now: nobody learns from someone who left."""
    person = sight.people([person_id])[person_id]
    return person.works_on(person.day_of(sight.now))


def menu_for(
    seat: Seat, sight: Sight, theme: str, about: str, choices: Iterable[LearningChoice]
) -> tuple[MenuEntry, ...]:
    """Lay out the actor's menu for a theme, without what she chose before; the same all day."""
    seed = crc32(f"{seat.person_id}:{about}:{seat.today(sight)}".encode())
    before = list(choices)
    chosen = {choice.option_id for choice in before}
    options = (option for option in open_options(seat, sight) if option.id not in chosen)
    return menu(options, theme=theme, seed=seed, helped=kinds_that_helped(before))
