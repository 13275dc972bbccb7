"""A page in a real browser, and whether it looks right: nothing overflows, axe finds nothing serious."""

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from tests.console.visitors import Visitors
from tests.serving import Running

DESK, PHONE = 1280, 390
LANGUAGES = ("en", "zh-hans", "zh-hant")
SERIOUS = ("serious", "critical")
PICTURES = "FESTOON_PICTURES"
"""The variable that names the folder for pictures; without it none are kept."""
LOOKS = (
    [(width, language) for width in (DESK, PHONE) for language in LANGUAGES]
    if os.environ.get(PICTURES)
    else [(DESK, "en")]
)
"""In which widths and languages pages are looked at: all of them, where pictures are kept. Phones have a test for every
screen."""

OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > wide + 1 && getComputedStyle(each).position !== "fixed")
    .map((each) => each.outerHTML.slice(0, 120)).slice(0, 5);
}"""

TORN = """() => [...document.querySelectorAll("table.cards td")]
  .filter((each) => getComputedStyle(each).display === "flex")
  .filter((each) => [...each.childNodes].filter((one) => one.nodeType === 1 || one.textContent.trim()).length > 1)
  .map((each) => each.outerHTML.slice(0, 160)).slice(0, 5)"""


class Looking:
    """Opens pages as somebody, in a width and a language, and remembers what their scripts complained of."""

    def __init__(self, browser: Browser, running: Running, visitors: Visitors) -> None:
        self._browser = browser
        self._home = f"http://127.0.0.1:{running.port}"
        self._visitors = visitors
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __call__(
        self, roles: str = "", path: str = "/console/", width: int = DESK, language: str = "en"
    ) -> Page:
        """A page of somebody with these roles (several joined with `+`), or of a stranger."""
        height = 800 if width > PHONE else 844
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, base_url=self._home, locale="en-GB",
            reduced_motion="reduce", color_scheme="light",
        )  # fmt: skip
        self._contexts.append(context)
        held = {"festoon_language": language}
        if roles:
            held["festoon_session"] = self._visitors[roles].session_key
        context.add_cookies(
            [{"name": name, "value": value, "url": self._home} for name, value in held.items()]
        )
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(path)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


class DoubleClick:
    """The two halves of a double click, with time between them for what the first does; the hand stays where it is."""

    def __init__(self, page: Page, on: Locator) -> None:
        box = on.bounding_box()
        assert box is not None
        self.page = page
        self.at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def half(self, which: int) -> None:
        self.page.mouse.move(*self.at)
        self.page.mouse.down(click_count=which)
        self.page.mouse.up(click_count=which)


def overflowing(page: Page) -> list[str]:
    """What stands out over the right edge of the page."""
    found: list[str] = page.evaluate(OVERFLOWING)
    return found


def torn(page: Page) -> list[str]:
    """Cells on a phone that hold several things: these would be pushed apart, to the two edges of the card."""
    found: list[str] = page.evaluate(TORN)
    return found


def serious(page: Page) -> list[str]:
    """What axe finds serious or critical, each with the first place where it does."""
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"{each['id']} {each['nodes'][0]['html'][:160]} {each['nodes'][0].get('failureSummary', '')[:300]}"
        for each in found["violations"]
        if each["impact"] in SERIOUS
    ]


def looks_right(page: Page) -> None:
    """Fails the test when something overflows, is pushed apart, or axe finds something serious."""
    assert overflowing(page) == []
    assert torn(page) == []
    assert serious(page) == []


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page, where the run was asked for pictures."""
    if folder := os.environ.get(PICTURES):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def glimpse(page: Page, name: str) -> None:
    """Keep a picture of what one sees without scrolling, for the documentation."""
    if folder := os.environ.get(PICTURES):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")
