"""An extract of a development plan as Markdown, to carry elsewhere: what its owner picked, and words around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ownership.domain.plans import PlanExtract, PlannedAgreement, PlannedChoice, PlannedGoal
from ownership.render.words import Words

_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]<>&~|])")
_MEANS_SOMETHING_IN_FRONT = re.compile(r"^(?:([#+=-])|(\d+)([.)]))")


def extract_markdown(extract: PlanExtract, language: str = "en") -> str:
    """Write an extract as Markdown in a language; what people wrote stands there as text, never as markup."""
    words = Words(language)
    owner = as_text(extract.names.get(extract.owner_id, words("people.gone")))
    blocks = [f"# {words('extract.title', name=owner)}", " ".join(_about(extract, owner, words))]
    for heading, entries in _parts(extract, words):
        if listed := "\n".join(entries):
            blocks += [f"## {words(heading)}", listed]
    return "\n\n".join(blocks) + "\n"


def _about(extract: PlanExtract, owner: str, words: Words) -> Iterator[str]:
    yield words("extract.made", day=words.day(extract.made_on))
    if extract.settled_on is not None:
        yield words("extract.settled", day=words.day(extract.settled_on))
    yield words("extract.picked", name=owner)


def _parts(extract: PlanExtract, words: Words) -> Iterator[tuple[str, Iterable[str]]]:
    contents = extract.contents
    yield "extract.goals", (_goal(goal, words) for goal in contents.goals)
    yield "extract.choices", (_choice(choice, words) for choice in contents.choices)
    yield "extract.agreements", (_agreement(agreement, extract, words) for agreement in contents.agreements)


def _goal(goal: PlannedGoal, words: Words) -> str:
    facts = [] if goal.due_on is None else [words("promises.planned", day=words.day(goal.due_on))]
    if goal.progress is not None:
        facts.append(words("progress.share_of_way", share=words.percent(goal.progress)))
    return _entry(goal.title, facts, goal.why)


def _choice(choice: PlannedChoice, words: Words) -> str:
    return _entry(choice.title, [words.of(choice.kind)], choice.why)


def _agreement(agreement: PlannedAgreement, extract: PlanExtract, words: Words) -> str:
    name = as_text(extract.names.get(agreement.by_id, words("people.gone")))
    facts = [words("extract.promised", name=name)]
    if agreement.due_on is not None:
        facts.append(words("promises.planned", day=words.day(agreement.due_on)))
    return _entry(agreement.text, facts, "")


def _entry(text: str, facts: Iterable[str], why: str) -> str:
    """Write one thing as an item of a list, with what is known of it in brackets and the reason as a quotation."""
    told = ", ".join(facts)
    first, *more = as_text(text.strip()).split("\n")
    item = "\n".join([f"- {first}", *(f"  {line}".rstrip() for line in more)]) + (f" ({told})" if told else "")
    if not why.strip():
        return item
    quoted = (f"  > {line}".rstrip() for line in as_text(why.strip()).split("\n"))
    return "\n".join([item, "", *quoted])


def as_text(written: str) -> str:
    r"""Write what somebody wrote so that Markdown shows it as it is, line by line.

    Examples:
        >>> print(as_text("1. *Lead* a <b>workshop</b>"))
        1\. \*Lead\* a \<b\>workshop\</b\>
    """
    return "\n".join(_line_as_text(line.strip()) for line in written.splitlines())


def _line_as_text(line: str) -> str:
    marked = _MEANS_SOMETHING.sub(r"\\\1", line)
    return _MEANS_SOMETHING_IN_FRONT.sub(lambda found: f"{found[2] or ''}\\{found[3] or found[1]}", marked)
