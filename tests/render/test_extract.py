"""An extract as Markdown: what she picked, in words around it, and nothing that somebody wrote becomes markup."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.check_ins import AgreementId
from ownership.domain.goals import GoalId
from ownership.domain.learning import LearningChoiceId, LearningKind
from ownership.domain.people import PersonId
from ownership.domain.plans import (
    DevelopmentPlanId,
    PlanContents,
    PlanExtract,
    PlannedAgreement,
    PlannedChoice,
    PlannedGoal,
    PlanPart,
    extract_of,
)
from ownership.render.extract import as_text, extract_markdown
from ownership.testing import HOSTILE, paragraphs, plans

ADA, SAM = PersonId("ada"), PersonId("sam")
EXTRACT = PlanExtract(
    DevelopmentPlanId("ada.p1"),
    ADA,
    date(2026, 3, 1),
    date(2026, 3, 8),
    PlanContents(
        (
            PlannedGoal(GoalId("ada.g1"), "Lead a workshop", "I come alive.\nReally.", date(2026, 9, 1), 0.4),
            PlannedGoal(GoalId("ada.g2"), "Write a column"),
        ),
        (PlannedChoice(LearningChoiceId("ada.l1"), LearningKind.SHADOWING, "Watch Liam at work"),),
        (
            PlannedAgreement(AgreementId("ada.k1/1"), SAM, "I free up\nFriday afternoons", date(2026, 4, 1)),
            PlannedAgreement(AgreementId("ada.k1/2"), PersonId("gone"), "I call Zoe"),
        ),
    ),
    {ADA: "Ada Jansen", SAM: "Sam"},
)


def test_english() -> None:
    """All that was picked, under its heading, with who promised what."""
    assert extract_markdown(EXTRACT) == (
        "# From the development plan of Ada Jansen\n\n"
        "The plan was made on 1 Mar 2026. Both people whom it concerns acknowledged it, the second on 8 Mar 2026. "
        "Ada Jansen chose what is in this extract. Nothing in it is a rating, and what is left out says nothing.\n\n"
        "## Goals\n\n"
        "- Lead a workshop (planned for 1 Sep 2026, 40% of the way)\n\n  > I come alive.\n  > Really.\n"
        "- Write a column\n\n"
        "## Ways of learning\n\n"
        "- Watch Liam at work (Shadowing)\n\n"
        "## Agreements\n\n"
        "- I free up\n  Friday afternoons (promised by Sam, planned for 1 Apr 2026)\n"
        "- I call Zoe (promised by someone who left)\n"
    )


def test_dutch_and_only_what_was_picked() -> None:
    """In Dutch, with one part: no heading without something under it, and nobody acknowledged what is not settled."""
    extract = evolve(EXTRACT, settled_on=None, contents=PlanContents(choices=EXTRACT.contents.choices))
    assert extract_markdown(extract, "nl") == (
        "# Uit het ontwikkelplan van Ada Jansen\n\n"
        "Het plan is gemaakt op 1 mrt 2026. "
        "Ada Jansen koos wat er in dit uittreksel staat. "
        "Niets erin is een waardering, en wat er niet in staat zegt niets."
        "\n\n## Manieren van leren\n\n"
        "- Watch Liam at work (Meelopen)\n"
    )


def test_another_language_is_english() -> None:
    """Someone whose language there are no words in gets English ones."""
    assert extract_markdown(EXTRACT, "tlh") == extract_markdown(EXTRACT)


@given(st.one_of(paragraphs(), st.sampled_from(HOSTILE)))
def test_what_people_wrote_is_text(written: Any) -> None:
    """Without the marks it is what was written, line by line; every sign that means something has its mark."""
    shown = as_text(written)
    assert re.sub(r"\\(.)", r"\1", shown) == "\n".join(line.strip() for line in written.splitlines())
    for line in shown.split("\n"):
        bare = re.sub(r"\\.", "", line)
        assert not set("`*_[]<>&~|\\") & set(bare)
        assert not re.match(r"[#+=-]|\d+[.)]", line)


@pytest.mark.parametrize("text", ["# Title", "1. One", "2) Two", "- item", "+ item", "---", "===", "<b>", "[x](y:z)"])
def test_markup_at_the_front_of_a_line(text: str) -> None:
    """A heading, a list, a rule, a tag and a link stay the signs that they are."""
    assert "\\" in as_text(f"first\n  {text}").split("\n")[1]


@given(plans())
def test_an_extract_of_everything_has_every_text(plan: Any) -> None:
    """Whatever is in a plan can be written, and every title in it is there."""
    names = {id_: "Name" for id_ in (plan.owner_id, plan.partner_id) if id_}
    shown = extract_markdown(extract_of(plan, PlanPart, names), "nl")
    for thing in (*plan.contents.goals, *plan.contents.choices):
        assert as_text(thing.title.strip()) in shown
