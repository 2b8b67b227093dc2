"""Laws have ids that stay, say what they are for, and are told when they do not hold."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest

from ownership.adapters.storage.memory import open_memory
from ownership.errors import NotFound
from ownership.ports.adapters import Address
from ownership.ports.storage import CAPABILITIES, Store
from ownership.testing import Deviation, StoreContract, find_law, page_of_laws
from ownership.testing.laws import Lawful, law
from ownership.testing.stores import faults

LEVEL_1 = {
    *(f"STO-00{n}" for n in range(1, 6)),
    *(f"STO-0{n}" for n in range(10, 33)),
    *(f"STO-0{n}" for n in range(40, 48)),
    *(f"STO-0{n}" for n in range(50, 61)),
    *(f"STO-0{n}" for n in range(70, 77)),
    *(f"STO-0{n}" for n in range(80, 93) if n != 89),
}
"""Once level 1 is released, this set never grows; a law that comes later is of level 2."""

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "store-laws.md"


class Broken(Lawful):
    """A contract with one law, which nothing keeps, and one that came later."""

    @law("TST-001", why="It shows.", causes=("it is made so",))
    def test_tst_001_never(self) -> None:
        """Nothing keeps this."""
        pytest.fail("seen")

    @law("TST-002", why="It came later.", causes=("it is made so",), level=2)
    def test_tst_002_later(self) -> None:
        """Nothing keeps this either."""
        raise AssertionError

    @law("TST-003", why="It is claimed by nobody.", causes=("it is made so",), needs="magic")
    def test_tst_003_magic(self) -> None:
        """Only for those who claim it."""
        raise AssertionError


def test_the_laws_of_level_one_are_these() -> None:
    """A level has the laws that it has: none comes, none goes."""
    assert {id_ for id_, told in StoreContract.laws().items() if told.level == 1} == LEVEL_1


@pytest.mark.parametrize("id_", sorted(StoreContract.laws()))
def test_each_law_says_what_it_is_for(id_: str) -> None:
    """A law has a sentence, a reason and causes, and its method is found by its id."""
    told = StoreContract.laws()[id_]
    assert re.fullmatch(r"[A-Z].*\.", told.sentence)
    assert re.fullmatch(r"[A-Z].*\.", told.why)
    assert told.causes
    assert StoreContract.trials()[id_].startswith(f"test_{id_.lower().replace('-', '_')}_")


def test_the_page_is_that_of_the_laws() -> None:
    """The page in the reference is what ``ownership explain`` prints."""
    assert PAGE.read_text(encoding="utf-8") == page_of_laws(StoreContract.laws().values())


def test_a_broken_law_is_told() -> None:
    """Who breaks a law reads which it is, why it matters, what usually breaks it and how to try it again."""
    with pytest.raises(pytest.fail.Exception) as caught:
        Broken().test_tst_001_never()
    (note,) = caught.value.__notes__
    for part in ("TST-001 (level 1): Nothing keeps this.", "Why: It shows.", "it is made so", "pytest -k tst_001"):
        assert part in note


def test_a_newer_law_is_a_preview() -> None:
    """A law above the level of a contract is told and does not fail, until the level is raised."""
    with pytest.raises(pytest.xfail.Exception, match="a preview of level 2"):
        Broken().test_tst_002_later()

    class Raised(Broken):
        level: ClassVar[int] = 2

    with pytest.raises(AssertionError):
        Raised().test_tst_002_later()


def test_what_is_not_claimed_is_not_tried() -> None:
    """A law that needs a capability is skipped where that is not claimed."""
    with pytest.raises(pytest.skip.Exception, match="not claimed: magic"):
        Broken().test_tst_003_magic()


class Unhelped(StoreContract):
    """A contract that gives a store without a URL, and no way to look deeper."""

    capabilities = frozenset(CAPABILITIES)

    @contextmanager
    def fresh(self) -> Iterator[Store]:
        """Give a store."""
        yield open_memory(Address.parse("memory:"))


@pytest.mark.parametrize("number", [2, 3, 5, *range(81, 89), 91])
def test_a_law_that_cannot_look_does_not_pass(number: int) -> None:
    """A law that needs a URL or a hook which is not given is skipped with the reason, and does not pass unseen."""
    contract = Unhelped()
    with pytest.raises(pytest.skip.Exception, match="not claimed"):
        getattr(contract, contract.trials()[f"STO-{number:03}"])()


@pytest.mark.parametrize(("until", "error"), [(date.max, pytest.xfail.Exception), (date.min, pytest.fail.Exception)])
def test_a_deviation_is_accepted_until_its_end(until: date, error: type[BaseException]) -> None:
    """A deviation is told and does not fail until its day; after it the law fails again."""

    class Deviating(Broken):
        deviations: ClassVar = {"TST-001": Deviation("we know", "issue 7", until)}

    with pytest.raises(error):
        Deviating().test_tst_001_never()


def test_a_deviation_says_why() -> None:
    """A deviation without a reason or an issue is none."""
    for reason, issue in (("", "issue 7"), ("we know", " ")):
        with pytest.raises(ValueError, match="is empty"):
            Deviation(reason, issue, date.max)


def test_a_law_that_is_not_there() -> None:
    """Asking for a law that nobody has is NotFound; case does not matter."""
    assert find_law("sto-020", [StoreContract]).id == "STO-020"
    with pytest.raises(NotFound):
        find_law("STO-999", [StoreContract])


def test_a_report_says_how_each_law_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vendor can publish a page with each law, tried or not, and how it ended, written where the environment asks."""

    class TestReported(Broken):
        deviations: ClassVar = {"TST-001": Deviation("we know", "issue 7", date.max)}

        @law("TST-000", why="It is there.", causes=("none",))
        def test_tst_000_always(self) -> None:
            """Each | keeps this."""

        @law("TST-004", why="It is there.", causes=("none",))
        def test_tst_004_not_run(self) -> None:
            """Nobody tries this."""

        @classmethod
        def particulars(cls) -> dict[str, str]:
            return {"Acme": "7.1"}

    for trial in ("test_tst_000_always", "test_tst_001_never", "test_tst_002_later", "test_tst_003_magic"):
        with suppress(pytest.skip.Exception, pytest.xfail.Exception):
            getattr(TestReported(), trial)()
    monkeypatch.setenv("OWNERSHIP_REPORT", str(tmp_path))
    TestReported.teardown_class()
    page = (tmp_path / "TestReported.md").read_text(encoding="utf-8")
    assert page == TestReported.report()
    for line in (
        "# TestReported",
        "- Acme: 7.1",
        "- Laws: 1 kept, 1 not claimed, 2 not kept yet, 1 not run",
        "| TST-000 | kept | Each \\| keeps this. |",
        "| TST-001 | not kept yet: TST-001: we know (issue 7, until 9999-12-31) | Nothing keeps this. |",
        "| TST-003 | not claimed: magic | Only for those who claim it. |",
        "| TST-004 | not run | Nobody tries this. |",
    ):
        assert line in page.splitlines()


def test_a_report_says_what_was_broken() -> None:
    """A law that is broken is on the page as broken, and a law that could not be tried says why."""
    with pytest.raises(pytest.fail.Exception):
        Broken().test_tst_001_never()
    assert "| TST-001 | broken | Nothing keeps this. |" in Broken.report()
    with pytest.raises(pytest.skip.Exception):
        Unhelped().test_sto_091_a_scrub_leaves_nothing_in_raw_files()
    assert "| STO-091 | not claimed: " in Unhelped.report()
    assert "- Claims: durable, outbox.claim, txn.join, units.serial" in Unhelped.report()
    assert f"- Tried with: {Unhelped.effort.histories} histories, " in Unhelped.report()


@pytest.mark.skipif(sys.platform == "win32", reason="needs process groups")
def test_a_process_that_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A law about processes comes to an end though a store waits for ever, with all that it started, and says so."""
    monkeypatch.setattr(faults, "PATIENCE", 0.2)
    late = pytest.raises(AssertionError, match="waits and does not come back")
    with faults.Process("kill", (), "sh", "-c", "sleep 600; true") as process, late:
        process.order(url="memory:")
