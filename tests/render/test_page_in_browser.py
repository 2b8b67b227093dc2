"""The page as a browser shows it: on a phone and on a wide screen, in light and in dark."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from attrs import evolve

from ownership.domain.overview import Overview
from ownership.render.page import overview_page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

from playwright.sync_api import Browser, Page, Route, ViewportSize  # noqa: E402 - only once it is known to be there

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ADDRESS = "http://overview.example/"
QUIET_PLEASE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH = "window.refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.violatedDirective));"

Scheme = Literal["light", "dark"]
WIDTHS = pytest.mark.parametrize("width", [320, 1400])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on the path")


class Visit:
    """One page in a browser, with all that it asked for and complained about."""

    def __init__(self, browser: Browser, html: str, width: int, scheme: Scheme, *, bypass_csp: bool = False) -> None:
        self.requests: list[str] = []
        self.sent: list[str] = []
        self.complaints: list[str] = []
        window: ViewportSize = {"width": width, "height": 900}
        context = browser.new_context(
            viewport=window, color_scheme=scheme, bypass_csp=bypass_csp, reduced_motion="reduce"
        )
        self.page: Page = context.new_page()
        self.page.add_init_script(WATCH)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.route("**/*", lambda route: self._answer(route, html))
        self.page.goto(ADDRESS)
        self.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    def _answer(self, route: Route, html: str) -> None:
        self.sent.append(route.request.url)
        if route.request.url == ADDRESS:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    @property
    def violations(self) -> list[str]:
        """What the policy refused."""
        return list(self.page.evaluate("window.refused"))

    @property
    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start one browser for all of these tests."""
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_PLEASE)
        yield started
        started.close()


@WIDTHS
@SCHEMES
def test_it_fits_and_keeps_to_itself(browser: Browser, overview: Overview, width: int, scheme: Scheme) -> None:
    """No sideways scrolling, no complaint in the console, nothing refused by the policy, nothing from the network."""
    visit = Visit(browser, overview_page(overview), width, scheme)
    assert visit.overflow == 0
    assert visit.complaints == []
    assert visit.violations == []
    assert [url for url in visit.requests if not url.startswith("data:")] == [ADDRESS]


@WIDTHS
@SCHEMES
def test_axe_finds_nothing(browser: Browser, overview: Overview, width: int, scheme: Scheme) -> None:
    """A page full of life is accessible, colours included, with everything unfolded."""
    assert broken_rules(Visit(browser, overview_page(overview), width, scheme, bypass_csp=True)) == []


def test_axe_finds_nothing_on_an_empty_page(browser: Browser, empty_in: Callable[[str], Overview]) -> None:
    """A first day is accessible too, in Dutch."""
    assert broken_rules(Visit(browser, overview_page(empty_in("nl")), 320, "light", bypass_csp=True)) == []


def test_axe_would_find_a_fault(browser: Browser, overview: Overview) -> None:
    """A drawing without words and pale text on pale ground, planted, are found."""
    planted = '<svg role="img" width="9" height="9"></svg><p style="color: #ccc; background: #fff">pale</p></main>'
    html = overview_page(overview).replace("</main>", planted)
    assert broken_rules(Visit(browser, html, 1400, "light", bypass_csp=True)) == ["color-contrast", "svg-img-alt"]


def test_the_policy_holds_in_a_real_browser(browser: Browser, overview: Overview) -> None:
    """A style, a script and a picture from elsewhere, planted, are each refused, and the script does not run."""
    script, picture = "<script>window.ran = 1</script>", '<img src="http://evil.example/x.png" alt="">'
    planted = f'<p style="color: blue">x</p>{script}{picture}</main>'
    visit = Visit(browser, overview_page(overview).replace("</main>", planted), 1400, "light")
    assert {"style-src-attr", "script-src-elem", "img-src"} <= set(visit.violations)
    assert visit.page.evaluate("window.ran") is None
    assert visit.sent == [ADDRESS]


def test_long_words_do_not_widen_a_phone(browser: Browser, overview: Overview) -> None:
    """Titles and texts without a single space are broken where they must be."""
    goals = tuple(evolve(s, goal=evolve(s.goal, title="x" * 200, why="y" * 900)) for s in overview.goals)
    looks = tuple(evolve(look, on_behalf_of="z" * 100) for look in overview.looks)
    html = overview_page(evolve(overview, goals=goals, looks=looks, names=dict.fromkeys(overview.names, "N" * 200)))
    assert Visit(browser, html, 320, "light").overflow == 0


def test_the_keyboard_finds_its_way(browser: Browser, overview: Overview) -> None:
    """The first stop is the link past everything, it can be seen when it is reached, and it leads to the overview."""
    page = Visit(browser, overview_page(overview), 1400, "light").page
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#main"
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_on_paper_everything_is_there_and_dark_is_light(browser: Browser, overview: Overview) -> None:
    """Printed from a dark screen the paper stays white, the contents stay behind, and what was folded shows."""
    page = Visit(browser, overview_page(overview), 1400, "dark").page
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("nav").is_visible()
    assert page.get_by_text("Thank you for thinking along, time 8.").is_visible()


def broken_rules(visit: Visit) -> list[str]:
    """Give the rules of axe that a page breaks."""
    response = axe.Axe().run(visit.page).response
    return sorted(violation["id"] for violation in response["violations"])
