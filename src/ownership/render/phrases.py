"""What an overview says: facts made into phrases, the same for a terminal and for a page.

Nothing is decided here but the wording. Silence stays silence: where there is no news or no figure, that is what is
said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from attrs import frozen

from ownership.domain.budgets import LearningRequest
from ownership.domain.check_ins import AgendaItem, Agreement, CheckIn, Preparation
from ownership.domain.delegations import Delegation
from ownership.domain.experiments import Experiment
from ownership.domain.explanations import Input
from ownership.domain.feedback import Feedback, FeedbackRequest
from ownership.domain.goals import Direction, Goal, GoalStatus, Measure, Milestone
from ownership.domain.journal import Look
from ownership.domain.learning import LearningChoice, LearningOption
from ownership.domain.needs import Need
from ownership.domain.next_steps import NextStep
from ownership.domain.overview import GoalStanding, Overview
from ownership.domain.people import Audience, PersonId
from ownership.domain.plans import DevelopmentPlan
from ownership.domain.pulse import Trend
from ownership.domain.suggestions import GoalSuggestion
from ownership.domain.visibility import Reason
from ownership.render.words import Words

NAMES_AT_MOST = 5
"""Names in one phrase; of more viewers the rest is counted, so that a goal shared with everyone stays readable."""


class Shared(Protocol):
    """Anything with an audience that its owner chose."""

    @property
    def audience(self) -> Audience:
        """Who may see it besides the owner."""

    @property
    def shared_on(self) -> date | None:
        """Since when the audience may see it."""


class Tone(StrEnum):
    """How a goal is doing, for the eye; there is no bad one."""

    DRAFT = "draft"
    UNKNOWN = "unknown"
    QUIET = "quiet"
    MOVING = "moving"


@frozen
class Progress:
    """How a goal is doing in words: what comes first, what follows it directly, and what explains it."""

    tone: Tone
    headline: str
    after: str
    detail: str


@frozen
class Trail:
    """The way a goal went: heights from 0.0 to 1.0, for a figure to hold also its range, and the same in words."""

    heights: tuple[float, ...]
    band: tuple[float, float] | None
    label: str


@frozen
class Matter:
    """Something between her and another: of which kind, what it is, and where it stands."""

    kind: str
    title: str
    stands: str


class Phrases:
    """The phrases of one overview, in the language of the person it belongs to."""

    def __init__(self, overview: Overview) -> None:
        self.overview = overview
        self.words = Words(overview.person.language)
        everything = (*(standing.goal for standing in overview.goals), *overview.ended)
        self._titles: dict[str, str] = {goal.id: goal.title for goal in everything}

    # --- people

    def name(self, person_id: str) -> str:
        """Name someone: by their display name, or as someone who left."""
        if person_id == self.overview.person.id:
            return self.overview.person.display_name
        return self.overview.name_of(PersonId(person_id)) or self.words("people.gone")

    def name_first(self, person_id: str) -> str:
        """Name someone at the beginning of a line."""
        name = self.name(person_id)
        return name if self.overview.name_of(PersonId(person_id)) else name[:1].upper() + name[1:]

    def looked(self, look: Look) -> str:
        """Name who looked; if someone acted as another, the real user first."""
        if not look.on_behalf_of:
            return self.name_first(look.viewer_id)
        real = self.overview.name_of(PersonId(look.on_behalf_of)) or look.on_behalf_of
        return self.words("looks.acting_as", other=real, name=self.name(look.viewer_id))

    def looked_at(self, look: Look) -> str:
        """Say when someone looked, by the clock where the owner is."""
        return self.words.moment(look.at.astimezone(self.overview.person.zone))

    # --- at a glance, and the next step

    def glance(self) -> list[str]:
        """Count what there is, without a word on whether it is much."""
        counts = {
            "glance.goals": self.overview.goals_in_motion,
            "glance.drafts": self.overview.drafts,
            "glance.talks": self.overview.talks_held,
            "glance.feedback": len(self.overview.feedback),
        }
        return [self.words.count(key, n) for key, n in counts.items() if n]

    def step_title(self, step: NextStep) -> str:
        """Say what she could do next."""
        return self.words.of(step.kind, "title", title=step.title, other=self._other_in(step))

    def step_hint(self, step: NextStep) -> str:
        """Say what makes it small."""
        return self.words.of(step.kind, "hint")

    def step_minutes(self, step: NextStep) -> str:
        """Say how long it takes, if it takes any time."""
        return self.words.count("amount.minutes", step.minutes) if step.minutes else ""

    def step_because(self, step: NextStep) -> str:
        """Say which rule suggests a step, by what it saw."""
        return self.words.of(step.because.rule, **self._facts(step.because.saw))

    def explained(self, path: str) -> str:
        """Say where a number of the overview comes from, by its path."""
        explanation = self.overview.explain(path)
        return self.words.of(explanation.ground, **self._facts(explanation.inputs))

    def standing_explained(self, standing: GoalStanding, number: str) -> str:
        """Say where a number of a goal's standing comes from."""
        return self.explained(f"goals[{self.overview.goals.index(standing)}].{number}")

    def _facts(self, facts: Mapping[str, Input]) -> dict[str, str]:
        """Write facts as people read them; of several things, how many."""
        return {name: self._fact(fact) for name, fact in facts.items()}

    def _fact(self, fact: Input) -> str:
        if isinstance(fact, date):
            return self.words.day(fact)
        if isinstance(fact, str):
            return fact
        return self.words.number(len(fact) if isinstance(fact, tuple) else fact)

    def _other_in(self, step: NextStep) -> str:
        others: dict[str, str] = {request.id: request.owner_id for request in self.overview.asked_of_me}
        others |= {feedback.id: feedback.author_id for feedback in self.overview.feedback}
        return self.name(others.get(step.about_id, ""))

    # --- goals

    def progress(self, standing: GoalStanding) -> Progress:
        """Say how far a goal is, in the direction that it goes; that there is no news comes before any figure."""
        if standing.goal.status is GoalStatus.DRAFT:
            return Progress(Tone.DRAFT, self.words("progress.draft"), "", self.words("progress.draft_detail"))
        if standing.is_quiet:
            return Progress(Tone.QUIET, self.words("progress.quiet"), "", self._since_last_word(standing))
        measure = standing.goal.measure
        if measure is None:
            return Progress(Tone.UNKNOWN, self.words("progress.no_figure"), "", self.words("progress.no_figure_detail"))
        if standing.progress is None:
            return Progress(Tone.UNKNOWN, self.words("progress.unknown"), "", self.words("progress.unknown_detail"))
        return self._moving(measure, _figures(standing.goal)[-1], standing.progress)

    def _moving(self, measure: Measure, figure: float, share: float) -> Progress:
        if measure.direction is Direction.HOLD:
            return Progress(Tone.MOVING, self.words.amount(figure, measure.unit), "", self._in_band(measure, share))
        detail = "" if self.is_estimate(measure) else self._from_to(measure, figure)
        return Progress(Tone.MOVING, self.words.percent(share), self.words("progress.of_the_way"), detail)

    def is_estimate(self, measure: Measure) -> bool:
        """Whether a measure is a plain estimate from 0 to 100 per cent, which needs no explanation."""
        return (measure.start, measure.target, measure.unit, measure.tolerance) == (0, 100, "%", None)

    def _from_to(self, measure: Measure, figure: float) -> str:
        start, target = (self.words.number(value) for value in (measure.start, measure.target))
        return self.words(
            f"progress.{measure.direction}",
            start=start,
            target=target,
            value=self.words.amount(figure, measure.unit),
        )

    def _in_band(self, measure: Measure, share: float) -> str:
        low, high = _band(measure)
        return self.words(
            "progress.in_band" if share == 1.0 else "progress.out_of_band",
            least=self.words.number(low),
            most=self.words.amount(high, measure.unit),
        )

    def _since_last_word(self, standing: GoalStanding) -> str:
        since = self.words("progress.quiet_since", day=self.words.day(self._local_day(standing.goal)))
        measure = standing.goal.measure
        if measure is None or standing.progress is None:
            return since
        last = self._last_noted(measure, _figures(standing.goal)[-1], standing.progress)
        return f"{since} {self.words('progress.quiet_last', last=last)}"

    def _last_noted(self, measure: Measure, figure: float, share: float) -> str:
        if measure.direction is Direction.HOLD:
            return self.words.amount(figure, measure.unit)
        return self.words("progress.share_of_way", share=self.words.percent(share))

    def _local_day(self, goal: Goal) -> date:
        return self.overview.person.day_of(goal.heard_of_at())

    def ends_of(self, measure: Measure | None) -> tuple[str, str] | None:
        """Give the two ends of the way that a goal goes, the start first; None for a figure to hold, and for none."""
        if measure is None or measure.direction is Direction.HOLD:
            return None
        unit = "%" if measure.unit == "%" else ""
        return self.words.amount(measure.start, unit), self.words.amount(measure.target, unit)

    def confidence(self, standing: GoalStanding) -> str:
        """Say how sure she feels about a goal, or nothing when she has not said."""
        if standing.confidence is None:
            return ""
        return self.words("goals.confidence_value", n=self.words.number(standing.confidence))

    def trail(self, standing: GoalStanding) -> Trail | None:
        """Give the way a goal went, once there are two figures to draw a line between."""
        measure = standing.goal.measure
        if measure is None or len(standing.trail) < 2:
            return None
        if measure.direction is Direction.HOLD:
            return self._trail_of_figures(measure, _figures(standing.goal))
        first, last = self.words.percent(standing.trail[0]), self.words.percent(standing.trail[-1])
        label = self.words("progress.trail", first=first, last=last, n=self.words.number(len(standing.trail)))
        return Trail(standing.trail, None, label)

    def _trail_of_figures(self, measure: Measure, figures: tuple[float, ...]) -> Trail:
        """Draw the figures themselves: of one to hold, in or out says too little."""
        band = _band(measure)
        heights = _scaled((*figures, *band))
        first, last = (self.words.amount(value, measure.unit) for value in (figures[0], figures[-1]))
        label = self.words("progress.trail_hold", first=first, last=last, n=self.words.number(len(figures)))
        return Trail(heights[:-2], (heights[-2], heights[-1]), label)

    def note(self, goal: Goal) -> tuple[str, str] | None:
        """Give the last note on a goal and when it was written."""
        for update in reversed(goal.updates):
            if update.note.strip():
                day = self.overview.person.day_of(update.at)
                return self.words("goals.note", day=self.words.day(day)), update.note.strip()
        return None

    def milestone(self, milestone: Milestone) -> str:
        """Say where a milestone stands."""
        if milestone.done_on is not None:
            return self.words("goals.milestone_done", day=self.words.day(milestone.done_on))
        if milestone.due_on is not None:
            return self.words("goals.milestone_planned", day=self.words.day(milestone.due_on))
        return self.words("goals.milestone_open")

    # --- who can see what

    def audience(self, item: Shared) -> str:
        """Say with whom something is shared, people by name where the name is known, and since when."""
        names = [self.overview.name_of(person_id) for person_id in item.audience.person_ids]
        return self._shared(item, self._some(names) if names and all(names) else self.words.of(item.audience.kind))

    def shared_with(self, goal: Goal) -> str:
        """Say with what kind of audience a goal is shared, and since when; who they are is told by :meth:`viewers`."""
        if goal.audience.is_private and goal.supporter_ids:
            return self.words("visible.supporters", names=self._some([self.name(id_) for id_ in goal.supporter_ids]))
        return self._shared(goal, self.words.of(goal.audience.kind))

    def _shared(self, item: Shared, with_whom: str) -> str:
        if item.audience.is_private or item.shared_on is None:
            return self.words("visible.only_you")
        shared = self.words("visible.shared", audience=with_whom)
        return f"{shared}, {self.words('visible.since', day=self.words.day(item.shared_on))}"

    def seen_also_by_author(self, feedback: Feedback) -> str:
        """Say who can see feedback; whoever wrote it always can, as long as he is here."""
        author = self.overview.name_of(feedback.author_id)
        if not author or not feedback.audience.is_private:
            return self.audience(feedback)
        return self.words("visible.you_and_author", other=author)

    def viewers(self, standing: GoalStanding) -> list[tuple[str, str]]:
        """Give who can see a goal, by name, and the reason why; nothing for what is hers alone."""
        by_reason: dict[Reason, list[str]] = {}
        for viewer in standing.viewers:
            by_reason.setdefault(viewer.reason, []).append(viewer.display_name)
        return [(self._some(names), self.words.of(reason)) for reason, names in by_reason.items()]

    def reaches_nobody(self, standing: GoalStanding) -> bool:
        """Whether a goal is shared with an audience in which there is nobody now."""
        return not standing.audience.is_private and not standing.viewers

    def _some(self, names: Sequence[str]) -> str:
        if len(names) <= NAMES_AT_MOST:
            return self.words.listing(names)
        rest = self.words.count("people.others", len(names) - NAMES_AT_MOST)
        return self.words.listing([*names[:NAMES_AT_MOST], rest])

    # --- the talk and what was promised

    def talk_with(self, check_in: CheckIn) -> str:
        """Say with whom a check-in is."""
        if check_in.partner_id is None:
            return self.words("talk.alone")
        return self.words("talk.with", other=self.name(check_in.partner_id))

    def proposed_by(self, item: AgendaItem) -> str:
        """Say who put something on the agenda."""
        if item.by_id == self.overview.person.id:
            return self.words("talk.by_you")
        return self.words("talk.by_other", other=self.name(item.by_id))

    def prepared(self, preparation: Preparation) -> list[tuple[str, str]]:
        """Give the parts of a preparation that have something in them, each under its heading."""
        needs = "talk.needs" if preparation.by_id == self.overview.person.id else "talk.their_needs"
        parts = (
            ("talk.progress", preparation.progress),
            ("talk.challenges", preparation.challenges),
            (needs, preparation.needs),
        )
        return [(self.words(key), text.strip()) for key, text in parts if text.strip()]

    def planned(self, agreement: Agreement) -> str:
        """Say for when something was promised, if for a day."""
        return self.words("promises.planned", day=self.words.day(agreement.due_on)) if agreement.due_on else ""

    # --- what she needs, and what waits for her word

    def resting(self) -> str:
        """Say that she rests, and until when; nothing when she does not."""
        rest = self.overview.rest
        if rest is None:
            return ""
        return (
            self.words("matters.resting_until", day=self.words.day(rest.until))
            if rest.until
            else self.words("matters.resting")
        )

    def matters(self) -> list[Matter]:
        """Give her needs, the suggestions to her, her requests and her plan, each with where it stands."""
        return [
            *(Matter("need", need.text.strip(), self._of_need(need)) for need in self.overview.needs),
            *(Matter("suggestion", s.title, self._suggested(s)) for s in self.overview.suggestions),
            *(Matter("request", r.title, self._of_request(r)) for r in self.overview.learning_requests),
            *(Matter("plan", self._in_plan(plan), self._of_plan(plan)) for plan in [self.overview.plan] if plan),
        ]

    def _of_need(self, need: Need) -> str:
        day = self.words.day(need.due_on or need.answer_by_on)
        return self.words.of(need.status, other=self.name(need.receiver_id), day=day, answer=need.answer.strip())

    def _suggested(self, suggestion: GoalSuggestion) -> str:
        return self.words("matters.suggested_by", other=self.name(suggestion.author_id))

    def _of_request(self, request: LearningRequest) -> str:
        facts = {"day": self.words.day(request.answer_by_on), "because": request.because.strip()}
        return self.words.of(request.status, other=self.name(request.asked_id), **facts)

    def _of_plan(self, plan: DevelopmentPlan) -> str:
        return self.words.of(plan.status, day=self.words.day(plan.made_on), other=self.name(plan.partner_id or ""))

    def _in_plan(self, plan: DevelopmentPlan) -> str:
        contents = plan.contents
        agreed = [agreement.text.strip() for agreement in contents.agreements]
        return " · ".join([*(goal.title for goal in contents.goals), *(c.title for c in contents.choices), *agreed])

    def tried(self, experiment: Experiment) -> str:
        """Say how an experiment stands, and what she saw."""
        return ": ".join(filter(None, [self.words.of(experiment.status), experiment.saw.strip()]))

    # --- decisions handed over

    def trend(self, trend: Trend) -> str:
        """Say how a construct went by her own answers: the last value, the one before, or that it is too little."""
        title = self.overview.construct_titles.get(trend.construct, trend.construct)
        told = [(point.answered_at, point.value) for point in trend.points if isinstance(point.value, float)]
        if not told:
            return self.words("trends.not_enough", title=title)
        at, last = told[-1]
        day = self.words.day(self.overview.person.day_of(at))
        said = [self.words("trends.last", title=title, last=f"{last:.0f}", day=day)]
        said += [self.words("trends.before", before=f"{before:.0f}") for _, before in told[-2:-1]]
        return " · ".join(said)

    def values(self, trend: Trend) -> tuple[float, ...]:
        """Give what there is of a trend, from 0 to 100, the oldest first."""
        return tuple(point.value for point in trend.points if isinstance(point.value, float))

    def stands(self, decision: Delegation) -> str:
        """Say where a decision that is handed over stands, and since when if it was looked back on."""
        status = self.words.of(decision.status)
        if decision.looked_back_on is None:
            return status
        return self.words("decisions.looked_back", status=status, day=self.words.day(decision.looked_back_on))

    def told(self, decision: Delegation) -> str:
        """Say whom a decision was told to, and when; nothing before it was."""
        if decision.announced_on is None:
            return ""
        names = [self.name(person_id) for person_id in decision.audience.person_ids]
        return self.words("decisions.told", day=self.words.day(decision.announced_on), names=self._some(names))

    def will_look_back(self, decision: Delegation) -> str:
        """Say when it is time to look back, as long as that is to come."""
        if decision.look_back_on is None or decision.looked_back_on is not None:
            return ""
        return self.words("decisions.look_back", day=self.words.day(decision.look_back_on))

    # --- learning, feedback, what ended

    def goal_of(self, choice: LearningChoice) -> str:
        """Say for which goal something was chosen, if for one."""
        title = self._titles.get(choice.goal_id or "", "")
        return self.words("learning.for_goal", title=title) if title else ""

    def chosen(self, choice: LearningChoice) -> str:
        """Say when something was chosen, and out of how many kinds, as far as that was kept."""
        day = self.overview.person.day_of(choice.chosen_at)
        parts = [self.words("learning.chosen_on", day=self.words.day(day))]
        if choice.had_kinds:
            parts.append(self.words.count("learning.out_of", choice.had_kinds))
        return ". ".join(parts) + "."

    def choice_status(self, choice: LearningChoice) -> str:
        """Say where a choice is in its life."""
        status = self.words.of(choice.status)
        if choice.ended_on is None:
            return status
        return self.words("learning.ended_on", status=status, day=self.words.day(choice.ended_on))

    def effort(self, option: LearningOption) -> str:
        """Say how many hours an option takes, if that is known."""
        return self.words.hours(option.hours) if option.hours else ""

    def offered_by(self, option: LearningOption) -> str:
        """Say which colleague offers an option, if one does whose name is known."""
        name = self.overview.name_of(option.owner_id)
        return self.words("learning.offered_by", other=name) if name else ""

    def link(self, option: LearningOption) -> str:
        """Give the link of an option, if it is one that is safe to follow: a plugin's options come unchecked."""
        return option.link if option.link.startswith(("https://", "http://")) else ""

    def about(self, item: Feedback | FeedbackRequest) -> str:
        """Say what feedback is about: the title of a goal or a theme in her own words; an id is no word."""
        if title := self._titles.get(item.about):
            return self.words("feedback.about", about=title)
        is_id = item.about.startswith(f"{item.owner_id}.")
        return self.words("feedback.about", about=item.about) if item.about.strip() and not is_id else ""

    def day_of(self, item: Feedback) -> str:
        """Say on which day feedback was given, where the receiver is."""
        return self.words.day(self.overview.person.day_of(item.given_at))

    def until(self, request: FeedbackRequest) -> str:
        """Say how long a question stays open."""
        return self.words("questions.until", day=self.words.day(request.expires_on))

    def ended(self, goal: Goal) -> str:
        """Say how a goal ended, and when, in words of honour."""
        day = self.words.day(goal.ended_on) if goal.ended_on else ""
        return self.words("learning.ended_on", status=self.words.of(goal.status), day=day)

    def made(self) -> str:
        """Say when and out of what the overview was put together."""
        local = self.overview.as_of.astimezone(self.overview.person.zone)
        return self.words("about.sources", moment=self.words.moment(local))


def _figures(goal: Goal) -> tuple[float, ...]:
    return tuple(update.progress for update in goal.updates if update.progress is not None)


def _band(measure: Measure) -> tuple[float, float]:
    stray = measure.tolerance or 0.0
    return measure.target - stray, measure.target + stray


def _scaled(values: Iterable[float]) -> tuple[float, ...]:
    """Put values on a scale from the lowest (0.0) to the highest (1.0); in the middle when they are all the same."""
    listed = tuple(values)
    low, span = min(listed), max(listed) - min(listed)
    return tuple((value - low) / span if span else 0.5 for value in listed)
