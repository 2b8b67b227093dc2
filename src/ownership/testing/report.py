"""What a run of a contract found, as a page that a vendor can publish: each law, and whether it was kept."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version

import pytest

UNCLAIMED = "not claimed"
KEPT = "kept"
BROKEN = "broken"
NOT_RUN = "not run"


@contextmanager
def noted(outcomes: dict[str, str], id_: str) -> Iterator[None]:
    """Note how the trial of a law ends, and let it end so."""
    try:
        yield
    except pytest.skip.Exception as told:
        outcomes[id_] = str(told.msg) if str(told.msg).startswith(UNCLAIMED) else f"not tried: {told.msg}"
        raise
    except pytest.xfail.Exception as told:
        outcomes[id_] = f"not kept yet: {str(told.msg).splitlines()[0]}"
        raise
    except (Exception, pytest.fail.Exception):
        outcomes[id_] = BROKEN
        raise
    outcomes[id_] = KEPT


def versions() -> Mapping[str, str]:
    """Give what a run was made with, and the day."""
    return {
        "Day": date.today().isoformat(),  # noqa: DTZ011, TID251 - a test run has no other clock
        "ownership": version("ownership"),
        "Python": platform.python_version(),
        "System": f"{platform.system()} {platform.machine()}",
        "Hypothesis": version("hypothesis"),
    }


def page_of_report(
    name: str, laws: Mapping[str, str], outcomes: Mapping[str, str], particulars: Mapping[str, str]
) -> str:
    """Write what a run found as a page in Markdown; a law that was not tried is on it as well.

    ``laws`` are their sentences by id, ``outcomes`` how each ended that was tried.
    """
    ended = {id_: outcomes.get(id_, NOT_RUN) for id_ in laws}
    counted = Counter(outcome.partition(":")[0] for outcome in ended.values())
    return "\n".join(
        [
            f"# {name}",
            "",
            *(f"- {what}: {told}" for what, told in {**versions(), **particulars}.items()),
            f"- Laws: {', '.join(f'{count} {outcome}' for outcome, count in sorted(counted.items()))}",
            "",
            "| law | outcome | what it says |",
            "|---|---|---|",
            *(f"| {id_} | {_cell(outcome)} | {_cell(laws[id_])} |" for id_, outcome in ended.items()),
            "",
        ]
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
