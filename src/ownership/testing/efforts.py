"""How hard a contract looks: ``OWNERSHIP_PROFILE`` is quick (the default), ci or soak."""

from __future__ import annotations

import os
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, settings


class Effort(NamedTuple):
    """How many histories and of how many steps, races of eight, hostile texts, kills, orders of two units are tried."""

    histories: int
    steps: int
    races: int
    texts: int
    kills: int
    orders: int

    def settings(self) -> settings:
        """Give the settings for Hypothesis."""
        return settings(
            max_examples=self.histories,
            stateful_step_count=self.steps,
            deadline=None,
            derandomize=self.histories < SOAK.histories,
            print_blob=True,
            report_multiple_bugs=False,
            phases=[Phase.generate, Phase.shrink],  # to explain as well takes minutes
            database=None,
            suppress_health_check=list(HealthCheck),
        )


QUICK = Effort(histories=20, steps=20, races=100, texts=500, kills=100, orders=4)
CI = Effort(histories=200, steps=30, races=250, texts=5_000, kills=500, orders=20)
SOAK = Effort(histories=2_000, steps=40, races=10_000, texts=50_000, kills=10_000, orders=20)

PROFILES = {"quick": QUICK, "fast": QUICK, "ci": CI, "soak": SOAK, "nightly": SOAK}


def effort_asked_for() -> Effort:
    """Give the effort that the environment asks for; one that nobody knows is quick."""
    return PROFILES.get(os.environ.get("OWNERSHIP_PROFILE", "quick"), QUICK)
