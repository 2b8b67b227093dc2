"""A law: one promise of a port that a contract tests, with an id that never changes, why it matters, what breaks it.

A law is a method of a contract class. Its docstring is the sentence; :func:`law` adds the rest. When it does not hold,
pytest prints the law beside what went wrong, and how to try just this law again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from attrs import field, frozen

from ownership.errors import NotFound
from ownership.testing.report import UNCLAIMED, noted, page_of_report

Contract = TypeVar("Contract", bound="Lawful")
Method = Callable[[Contract], None]


@frozen
class Law:
    """One promise: ``sentence`` says it, ``why`` what it is for, ``causes`` what usually breaks it.

    ``needs`` is the capability that makes it binding; ``level`` the level that it belongs to.
    """

    id: str
    sentence: str
    why: str
    causes: tuple[str, ...]
    level: int = 1
    needs: str = ""

    def __str__(self) -> str:
        causes = "".join(f"\n    - {cause}" for cause in self.causes)
        needs = f" Needs the capability {self.needs}." if self.needs else ""
        return f"{self.id} (level {self.level}): {self.sentence}{needs}\n  Why: {self.why}\n  Usual causes:{causes}"

    @property
    def replay(self) -> str:
        """The command that tries this law alone."""
        return f"pytest -k {self.id.lower().replace('-', '_')}"


@frozen
class Deviation:
    """A law that an adapter does not keep yet: why, where its mending is followed, and until when that is accepted."""

    reason: str = field()
    issue: str = field()
    until: date

    @reason.validator
    @issue.validator
    def _said(self, attribute: Any, value: str) -> None:
        if not value.strip():
            msg = f"deviation.{attribute.name} is empty; a deviation needs a reason, an issue and an end"
            raise ValueError(msg)


def law(
    id_: str, *, why: str, causes: tuple[str, ...], level: int = 1, needs: str = ""
) -> Callable[[Method[Contract]], Method[Contract]]:
    """Make a law of a method; its docstring's first paragraph is the sentence."""

    def mark(method: Method[Contract]) -> Method[Contract]:
        sentence = " ".join((method.__doc__ or "").partition("\n\n")[0].split())
        told = Law(id_, sentence, why, causes, level, needs)

        @wraps(method)
        def hold(self: Contract) -> None:
            with noted(_OUTCOMES.setdefault(type(self), {}), told.id):
                self.hold(told, lambda: method(self))

        hold.law = told  # type: ignore[attr-defined]
        return hold

    return mark


class Lawful:
    """What every contract has: laws, a level, and deviations.

    A contract holds an adapter to the laws up to its ``level``; a newer law is a preview, which is told and does not
    fail. The laws of a level never change, so an upgrade of the kit turns nobody's tests red.
    """

    level: ClassVar[int] = 1
    deviations: ClassVar[Mapping[str, Deviation]] = {}

    @classmethod
    def laws(cls) -> Mapping[str, Law]:
        """Give the laws of this contract by id, in order."""
        found = (getattr(getattr(cls, name), "law", None) for name in dir(cls))
        return {told.id: told for told in sorted(filter(None, found), key=lambda told: told.id)}

    @classmethod
    def trials(cls) -> Mapping[str, str]:
        """Give the name of the method that tries each law."""
        named = {name: getattr(getattr(cls, name), "law", None) for name in dir(cls)}
        return {told.id: name for name, told in named.items() if told}

    @classmethod
    def particulars(cls) -> Mapping[str, str]:
        """Give what a report says besides, each under a name; add the version of your technology."""
        return {}

    @classmethod
    def report(cls) -> str:
        """Give what the laws that were tried so far came to, as a page in Markdown."""
        sentences = {id_: told.sentence for id_, told in cls.laws().items()}
        return page_of_report(cls.__name__, sentences, _OUTCOMES.get(cls, {}), cls.particulars())

    @classmethod
    def teardown_class(cls) -> None:
        """Write the report at the end of a run, when ``OWNERSHIP_REPORT`` names a folder for it."""
        if folder := os.environ.get("OWNERSHIP_REPORT"):
            Path(folder, f"{cls.__name__}.md").write_text(cls.report(), encoding="utf-8")

    def claimed(self) -> frozenset[str]:
        """Give the capabilities that the adapter claims."""
        return frozenset()

    def hold(self, told: Law, attempt: Callable[[], None]) -> None:
        """Try a law; when it does not hold, say which it is, why it matters and how to try it again."""
        if not __debug__:
            pytest.fail("python -O leaves assertions out, so no law can be tried; run without -O")
        if told.needs and told.needs not in self.claimed():
            pytest.skip(f"{NOT_CLAIMED}: {told.needs}")
        try:
            attempt()
        except (Exception, pytest.fail.Exception) as error:
            error.add_note(f"\n{told}\n  Try again: {told.replay}\n  Read again: ownership explain {told.id}")
            if told.level > self.level:
                pytest.xfail(f"a preview of level {told.level}, which does not hold here: {told}")
            self._excuse(told)
            raise

    def _excuse(self, told: Law) -> None:
        accepted = self.deviations.get(told.id)
        if accepted and date.today() <= accepted.until:  # noqa: DTZ011, TID251 - a test run has no other clock
            pytest.xfail(f"{told.id}: {accepted.reason} ({accepted.issue}, until {accepted.until})")


_OUTCOMES: dict[type[Lawful], dict[str, str]] = {}

pytest.register_assert_rewrite("ownership.testing.stores")  # so that a law that is broken shows what was compared

NOT_CLAIMED = UNCLAIMED
"""How a law that needs a capability says that the adapter does not claim it."""


def page_of_laws(laws: Iterable[Law]) -> str:
    """Write laws as a page in Markdown."""
    sections = [
        f"## {each.id}\n\n{each.sentence}"
        + (f"\n\nOnly with the capability `{each.needs}`." if each.needs else "")
        + f"\n\n*Why.* {each.why}\n\n*Usual causes.*\n\n"
        + "".join(f"- {cause}\n" for cause in each.causes)
        for each in laws
    ]
    return PAGE + "\n" + "\n".join(sections)


PAGE = """# Laws of the storage port

What `ownership.testing.StoreContract` tries on a store; [Write an adapter](../how-to/write-an-adapter.md#a-storage)
says how. An id never changes. All laws here are of level 1, whose laws stay as they are once it is released: a law that
comes later is of a later level, and is only told until you raise `level`. This page is printed by `ownership explain`;
a test holds it against the laws.
"""


def find_law(id_: str, contracts: Iterable[type[Lawful]]) -> Law:
    """Give a law by its id.

    Raises:
        NotFound: no contract has it.
    """
    for contract in contracts:
        if told := contract.laws().get(id_.upper()):
            return told
    raise NotFound("law", id_, see="the page of the laws in the reference")
