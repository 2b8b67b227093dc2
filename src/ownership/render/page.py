"""The overview as one self-contained page: no script, no network, light and dark, on a phone and on paper.

A page holds someone's most personal text, so it defends itself: the template engine escapes everything, and the page's
own content security policy allows its one style sheet (by hash) and nothing else.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import frozen

from ownership.domain.overview import Overview
from ownership.errors import Misconfigured
from ownership.render.phrases import Phrases, Trail

if TYPE_CHECKING:
    from jinja2 import Environment

SHOWN_AT_FIRST = 4
"""Feedback, reflections and looks that are open when the page opens; the rest unfolds."""

TRAIL_WIDTH, TRAIL_HEIGHT, TRAIL_MARGIN = 160, 48, 6

_T = TypeVar("_T")


def overview_page(overview: Overview) -> str:
    """Write an overview as an HTML page for its owner, in her language.

    Raises:
        Misconfigured: Jinja2 is not installed.
    """
    say = Phrases(overview)
    return _environment().get_template("overview.html.j2").render(overview=overview, say=say, w=say.words)


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - an extra; only pages need it
        from markupsafe import Markup  # noqa: PLC0415 - comes with Jinja2
    except ImportError:
        raise Misconfigured("pages", 'needs Jinja2; pip install "ownership[pages]"') from None
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=PackageLoader("ownership.render", "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = files(__package__).joinpath("templates", "overview.css").read_text(encoding="utf-8")
    own: dict[str, Any] = {"style": Markup(style), "policy": policy(style), "line": line, "split": split}  # noqa: S704 - our own file
    environment.globals.update(own)
    return environment


def policy(style: str) -> str:
    """Give the content security policy of a page with one style sheet, named by its hash."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def split(things: Sequence[_T]) -> tuple[Sequence[_T], Sequence[_T]]:
    """Part what is open at first from what unfolds; a single one is not worth hiding."""
    if len(things) <= SHOWN_AT_FIRST + 1:
        return things, ()
    return things[:SHOWN_AT_FIRST], things[SHOWN_AT_FIRST:]


@frozen
class Line:
    """A trail as coordinates in a drawing: the line, the surface under it, its end, and the range to stay in."""

    points: str
    surface: str
    end: tuple[float, float]
    band: tuple[float, float] | None
    label: str


def line(trail: Trail) -> Line:
    """Draw a trail from left to right, a height of 1.0 on top.

    Examples:
        >>> line(Trail((0.0, 1.0), None, "up")).points
        '6.0,42.0 154.0,6.0'
    """
    step = (TRAIL_WIDTH - 2 * TRAIL_MARGIN) / (len(trail.heights) - 1)
    dots = [(round(TRAIL_MARGIN + i * step, 1), _y(height)) for i, height in enumerate(trail.heights)]
    points = " ".join(f"{x},{y}" for x, y in dots)
    floor = float(TRAIL_HEIGHT)
    surface = f"{dots[0][0]},{floor} {points} {dots[-1][0]},{floor}"
    band = (_y(trail.band[1]), round(_y(trail.band[0]) - _y(trail.band[1]), 1)) if trail.band else None
    return Line(points, surface, dots[-1], band, trail.label)


def _y(height: float) -> float:
    return round(TRAIL_HEIGHT - TRAIL_MARGIN - height * (TRAIL_HEIGHT - 2 * TRAIL_MARGIN), 1)
