"""What was published, as an attacker sees it."""

from __future__ import annotations

from attrs import frozen


@frozen
class PublishedFigure:
    """One figure about one group in one window.

    The worst case is assumed: whoever attacks knows who is in the group and who of them answered.

    Attributes:
        window: The round of questions.
        measure: What was asked.
        roster: The people whose answers may be in it.
        answered: The people whose answers are in it.
        low: The lowest mean, of 0 to 100, that the figure allows.
        high: The highest mean that it allows; equal to ``low`` when the mean itself was published.
        steps: How many steps an answer can go up from the lowest: 4 on five points, 1 for yes or no.
    """

    window: int
    measure: str
    roster: frozenset[str]
    answered: frozenset[str]
    low: float
    high: float
    steps: int = 4
