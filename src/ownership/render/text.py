"""The overview as text: calm, in plain characters, for a terminal of any width."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from typing import TypeVar

from ownership.domain.check_ins import Agreement, CheckIn, Preparation
from ownership.domain.feedback import Feedback, FeedbackRequest
from ownership.domain.goals import Goal
from ownership.domain.learning import LearningChoice, MenuEntry
from ownership.domain.overview import GoalStanding, Overview
from ownership.domain.reflections import Reflection
from ownership.render.phrases import Phrases, Trail

NARROWEST = 24
"""Columns below which nothing readable fits; a smaller width is taken as this."""

AT_MOST = 5
"""Feedback, reflections and looks shown in a terminal; the page has them all."""

BLOCKS = "▁▂▃▄▅▆▇█"
TRAIL_LENGTH = 24

_T = TypeVar("_T")


def overview_text(overview: Overview, *, width: int = 80) -> str:
    """Write an overview as text for its owner, in her language, no line longer than ``width`` (at least 24)."""
    sheet = _Sheet(max(width, NARROWEST))
    writer = _Writer(Phrases(overview), sheet)
    writer.write()
    return sheet.text()


def sparkline(trail: Trail) -> str:
    """Draw the last part of a trail in block characters.

    Examples:
        >>> sparkline(Trail((0.0, 0.5, 1.0), None, ""))
        '▁▅█'
    """
    top = len(BLOCKS) - 1
    return "".join(BLOCKS[int(height * top + 0.5)] for height in trail.heights[-TRAIL_LENGTH:])


class _Sheet:
    """Lines of a fixed width."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._lines: list[str] = []

    def text(self) -> str:
        return "\n".join(self._lines).rstrip("\n") + "\n"

    def gap(self) -> None:
        """Leave a line free, unless one is free already or a heading goes before."""
        if self._lines and self._lines[-1].strip("─"):
            self._lines.append("")

    def heading(self, text: str) -> None:
        self.gap()
        self.put(text)
        self._lines.append("─" * min(self._width, max(len(line) for line in self._wrap(text, "", ""))))

    def put(self, text: str, *, indent: int = 0, bullet: str = "") -> None:
        """Add a paragraph, its lines kept; with a bullet the text hangs behind it."""
        first = " " * indent + bullet
        for line in text.splitlines():
            self._lines += self._wrap(line, first, " " * len(first)) if line.strip() else []
            first = " " * len(first)

    def _wrap(self, line: str, first: str, rest: str) -> list[str]:
        return textwrap.wrap(
            _visible(line), self._width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
        )


def _visible(text: str) -> str:
    """Show control characters as such: a terminal obeys some that a store may keep (U+009B begins a command)."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) == "Cc" and c != "\t" else c for c in text)


class _Writer:
    """Writes the sections of an overview, in the order in which they help."""

    def __init__(self, say: Phrases, sheet: _Sheet) -> None:
        self._say = say
        self._words = say.words
        self._overview = say.overview
        self._sheet = sheet

    def write(self) -> None:
        self._greeting()
        self._steps()
        self._goals()
        self._talk()
        self._promises()
        self._matters()
        self._learning()
        self._feedback()
        self._questions()
        self._ended()
        self._reflections()
        self._trends()
        self._decisions()
        self._looks()
        self._about()

    def _greeting(self) -> None:
        self._sheet.put(self._words("page.greeting", name=self._overview.person.display_name))
        self._sheet.put(self._words.long_day(self._overview.today))
        if glance := self._say.glance():
            self._sheet.put(" · ".join(glance))
        if resting := self._say.resting():
            self._sheet.put(resting)

    def _line(self, *parts: str, indent: int = 2) -> None:
        """Add the parts that there are as one quiet line."""
        if text := " · ".join(part for part in parts if part):
            self._sheet.put(text, indent=indent)

    def _under(self, label: str, text: str, *, indent: int = 2) -> None:
        if text.strip():
            self._sheet.put(f"{label}: {text.strip()}", indent=indent)

    def _first(self, things: Sequence[_T]) -> Sequence[_T]:
        return things[:AT_MOST]

    def _earlier(self, things: Sequence[object]) -> None:
        if len(things) > AT_MOST:
            self._sheet.gap()
            self._line("… " + self._words.count("page.earlier", len(things) - AT_MOST))

    def _steps(self) -> None:
        self._sheet.heading(self._words("steps.heading"))
        for step in self._overview.next_steps:
            minutes = self._say.step_minutes(step)
            self._sheet.put(self._say.step_title(step) + (f" ({minutes})" if minutes else ""), bullet="→ ")
            self._line(self._say.step_hint(step))
            self._line(self._say.step_because(step) if minutes else "")

    def _goals(self) -> None:
        self._sheet.heading(self._words("goals.heading"))
        if not self._overview.goals:
            self._sheet.put(self._words("goals.none"))
        for standing in self._overview.goals:
            self._goal(standing)

    def _goal(self, standing: GoalStanding) -> None:
        goal, say = standing.goal, self._say
        self._sheet.gap()
        self._sheet.put(goal.title, bullet="• ")
        self._under(self._words("goals.why"), goal.why)
        self._standing(standing)
        if note := say.note(goal):
            self._under(*note)
        for milestone in goal.milestones:
            self._sheet.put(
                f"{milestone.title} ({say.milestone(milestone)})", indent=2, bullet="✓ " if milestone.done_on else "○ "
            )
        for experiment in goal.experiments:
            self._under(experiment.what.strip(), say.tried(experiment))
        if goal.due_on:
            self._line(self._words("goals.aim", day=self._words.day(goal.due_on)))
        self._who_sees(standing)

    def _standing(self, standing: GoalStanding) -> None:
        progress, trail = self._say.progress(standing), self._say.trail(standing)
        headline = f"{progress.headline} {progress.after}".rstrip()
        self._line(headline + (f"  {sparkline(trail)}" if trail else ""))
        self._line(progress.detail)
        self._under(self._words("goals.confidence"), self._say.confidence(standing))

    def _who_sees(self, standing: GoalStanding) -> None:
        self._under(self._words("visible.label"), self._say.shared_with(standing.goal))
        for names, reason in self._say.viewers(standing):
            self._line(f"{names}, {reason}", indent=4)
        if self._say.reaches_nobody(standing):
            self._line(self._words("visible.nobody_now"), indent=4)

    def _talk(self) -> None:
        self._sheet.heading(self._words("talk.heading"))
        check_in = self._overview.check_in
        if check_in is None:
            self._sheet.put(self._words("talk.none"))
            return
        until = self._words("talk.open_until", day=self._words.day(check_in.closes_on))
        self._line(self._say.talk_with(check_in), until, indent=0)
        self._agenda(check_in)
        self._preparations(check_in)

    def _agenda(self, check_in: CheckIn) -> None:
        self._sheet.gap()
        self._sheet.put(self._words("talk.agenda"))
        if not check_in.agenda:
            self._line(self._words("talk.no_agenda"))
        for item in check_in.agenda:
            self._sheet.put(f"{item.text.strip()} ({self._say.proposed_by(item)})", indent=2, bullet="• ")

    def _preparations(self, check_in: CheckIn) -> None:
        mine = check_in.preparation_of(self._overview.person.id)
        self._preparation(self._words("talk.mine"), mine)
        if mine is None:
            self._line(self._words("talk.nothing_yet"))
        else:
            self._line(self._words("talk.ready" if mine.ready_at else "talk.not_ready"))
        theirs = check_in.preparation_of(check_in.partner_id) if check_in.partner_id else None
        if theirs is not None:
            self._preparation(self._words("talk.theirs", other=self._say.name(theirs.by_id)), theirs)

    def _preparation(self, heading: str, preparation: Preparation | None) -> None:
        self._sheet.gap()
        self._sheet.put(heading)
        for label, text in self._say.prepared(preparation) if preparation else ():
            self._under(label, text)

    def _promises(self) -> None:
        self._sheet.heading(self._words("promises.heading"))
        self._sheet.put(self._words("promises.mine"))
        for agreement in self._overview.my_promises:
            self._promise(agreement, "")
        if not self._overview.my_promises:
            self._line(self._words("promises.none_mine"))
        self._sheet.gap()
        self._sheet.put(self._words("promises.theirs"))
        for agreement in self._overview.promised_to_me:
            self._promise(agreement, f"{self._say.name_first(agreement.holder_id)}: ")
        if not self._overview.promised_to_me:
            self._line(self._words("promises.none_theirs"))
        if self._overview.ownerless:
            self._sheet.gap()
            self._sheet.put(self._words("promises.ownerless"))
        for agreement in self._overview.ownerless:
            self._promise(agreement, "")

    def _matters(self) -> None:
        matters = self._say.matters()
        if matters:
            self._sheet.heading(self._words("matters.heading"))
        for matter in matters:
            self._sheet.put(f"{self._words(f'matters.{matter.kind}')}: {matter.title}", bullet="• ")
            self._line(matter.stands)

    def _promise(self, agreement: Agreement, by: str) -> None:
        planned = self._say.planned(agreement)
        self._sheet.put(by + agreement.text.strip() + (f" ({planned})" if planned else ""), indent=2, bullet="• ")

    def _learning(self) -> None:
        self._sheet.heading(self._words("learning.heading"))
        self._sheet.put(self._words("learning.chosen"))
        if not self._overview.choices:
            self._line(self._words("learning.none"))
        for choice in self._overview.choices:
            self._choice(choice)
        self._sheet.gap()
        self._sheet.put(self._words("learning.could_choose"))
        for entry in self._overview.could_choose:
            self._entry(entry)
        self._sheet.put(self._words("learning.own_title"), indent=2, bullet="• ")
        self._line(self._words("learning.own_because"), indent=4)

    def _choice(self, choice: LearningChoice) -> None:
        say = self._say
        self._sheet.put(f"{choice.title} ({self._words.of(choice.kind)})", indent=2, bullet="• ")
        self._line(say.choice_status(choice), say.goal_of(choice), indent=4)
        self._line(choice.why.strip(), indent=4)
        self._line(say.chosen(choice), indent=4)
        self._under(self._words("learning.looking_back"), choice.looking_back, indent=4)
        self._under(self._words("visible.label"), say.audience(choice), indent=4)

    def _entry(self, entry: MenuEntry) -> None:
        option, say = entry.option, self._say
        self._sheet.put(f"{option.title} ({self._words.of(option.kind)})", indent=2, bullet="• ")
        self._line(self._words(f"because.{entry.because}"), say.offered_by(option), say.effort(option), indent=4)
        self._line(say.link(option), indent=4)

    def _feedback(self) -> None:
        self._sheet.heading(self._words("feedback.heading"))
        if not self._overview.feedback:
            self._sheet.put(self._words("feedback.none"))
        for feedback in self._first(self._overview.feedback):
            self._piece(feedback)
        self._earlier(self._overview.feedback)

    def _piece(self, feedback: Feedback) -> None:
        say = self._say
        self._sheet.gap()
        self._sheet.put(f"{say.name_first(feedback.author_id)}, {say.day_of(feedback)}", bullet="• ")
        self._under(self._words("feedback.asked"), feedback.question)
        self._line(feedback.text.strip())
        self._line(say.about(feedback), say.seen_also_by_author(feedback))

    def _questions(self) -> None:
        self._sheet.heading(self._words("questions.heading"))
        self._sheet.put(self._words("questions.of_me"))
        for asked in self._overview.asked_of_me:
            self._question(asked, self._words("questions.from", other=self._say.name_first(asked.owner_id)))
        if not self._overview.asked_of_me:
            self._line(self._words("questions.none_of_me"))
        self._sheet.gap()
        self._sheet.put(self._words("questions.by_me"))
        for asked in self._overview.waiting_for:
            self._question(asked, self._words("questions.to", other=self._say.name(asked.asked_id)))
        if not self._overview.waiting_for:
            self._line(self._words("questions.none_by_me"))

    def _question(self, request: FeedbackRequest, who: str) -> None:
        self._sheet.put(f"{who}: {request.question.strip()} ({self._say.until(request)})", indent=2, bullet="• ")

    def _ended(self) -> None:
        self._sheet.heading(self._words("ended.heading"))
        if not self._overview.ended:
            self._sheet.put(self._words("ended.none"))
        for goal in self._overview.ended:
            self._ended_goal(goal)

    def _ended_goal(self, goal: Goal) -> None:
        self._sheet.gap()
        self._sheet.put(goal.title, bullet="• ")
        self._line(self._say.ended(goal))
        self._under(self._words("ended.reflection"), goal.closing_reflection)

    def _reflections(self) -> None:
        self._sheet.heading(self._words("reflections.heading"))
        if not self._overview.reflections:
            self._sheet.put(self._words("reflections.none"))
        for reflection in self._first(self._overview.reflections):
            self._reflection(reflection)
        self._earlier(self._overview.reflections)

    def _reflection(self, reflection: Reflection) -> None:
        day = self._overview.person.day_of(reflection.written_at)
        self._sheet.gap()
        self._sheet.put(reflection.question.strip(), bullet="• ")
        self._line(reflection.text.strip())
        self._line(self._words.of(reflection.theme), self._words.day(day), self._say.audience(reflection))

    def _trends(self) -> None:
        if self._overview.trends:
            self._sheet.heading(self._words("trends.heading"))
            self._sheet.put(self._words("trends.intro"))
        for trend in self._overview.trends:
            self._sheet.put(self._say.trend(trend), bullet="• ")

    def _decisions(self) -> None:
        if self._overview.delegations:
            self._sheet.heading(self._words("decisions.heading"))
        for decision in self._overview.delegations:
            self._sheet.gap()
            self._sheet.put(decision.text.strip(), bullet="• ")
            self._line(self._say.stands(decision), self._say.told(decision))
            self._line(self._say.will_look_back(decision))
            self._under(self._words("decisions.looking_back"), decision.looking_back)

    def _looks(self) -> None:
        self._sheet.heading(self._words("looks.heading"))
        if not self._overview.looks:
            self._sheet.put(self._words("looks.none"))
        for look in self._first(self._overview.looks):
            items = self._words.count("amount.items", len(look.item_ids))
            self._sheet.put(" · ".join((self._say.looked(look), self._say.looked_at(look), items)), bullet="• ")
        self._earlier(self._overview.looks)

    def _about(self) -> None:
        self._sheet.heading(self._words("about.heading"))
        self._sheet.put(self._say.made())
        self._sheet.put(self._words("about.steps"))
        self._sheet.put(self._words("about.no_grades"))
