"""How hard the tests look: ``OWNERSHIP_PROFILE`` is fast (the default), ci or nightly."""

from __future__ import annotations

import os
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from ownership.testing.laws import NOT_CLAIMED


class Effort(NamedTuple):
    """How hard a run looks.

    How many examples Hypothesis tries, how many random probes and how many pairs of worlds a figure rests on, whether a
    sample is everything.
    """

    examples: int
    probes: int
    pairs: int
    is_exhaustive: bool


EFFORTS = {
    "fast": Effort(examples=30, probes=50_000, pairs=50, is_exhaustive=False),
    "ci": Effort(examples=200, probes=1_000_000, pairs=5_000, is_exhaustive=False),
    "nightly": Effort(examples=2_000, probes=1_000_000, pairs=200_000, is_exhaustive=True),
}
PROFILE = os.environ.get("OWNERSHIP_PROFILE", "fast")

for name, effort_ in EFFORTS.items():
    settings.register_profile(
        name,
        max_examples=effort_.examples,
        derandomize=name != "nightly",
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],  # mutmut runs a test twice
    )
settings.load_profile(PROFILE)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Where everything is installed (``OWNERSHIP_REQUIRE_ALL=1``, as in CI), a skipped test is a failed one.

    A law of a contract that needs what the adapter does not claim is not skipped for want of something installed.
    """
    if report.skipped and NOT_CLAIMED not in str(report.longrepr) and os.environ.get("OWNERSHIP_REQUIRE_ALL"):
        report.outcome = "failed"


@pytest.fixture(scope="session")
def effort() -> Effort:
    """Give the effort of this run."""
    return EFFORTS[PROFILE]
