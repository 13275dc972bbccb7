"""The machine's Chromium over a served database, with somebody signed in for each role."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.looking import Looking
from tests.console.conftest import plan, running, visitors
from tests.console.visitors import Visitors
from tests.serving import Running

__all__ = ["plan", "running", "visitors"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def chromium() -> str | None:
    """Where the machine has a Chromium, or what `FESTOON_CHROMIUM` names."""
    named = os.environ.get("FESTOON_CHROMIUM")
    known = (named, *map(shutil.which, NAMES), *map(shutil.which, PLACES))
    return next((path for path in known if path), None)


# What is expected may take its time on a busy machine.
expect.set_options(timeout=20_000)
# Playwright runs a loop in the thread of the tests; Django then thinks that it is called from it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="module")
def browser(template: str) -> Iterator[Browser]:  # noqa: ARG001 (its migrations run before there is a loop)
    """One browser for a file. It ends with it: while Playwright's loop runs in this thread, no other test's can."""
    path = chromium()
    if path is None:
        # No package brings a browser along. In CI a skip fails the run (tests/conftest.py); elsewhere it is said aloud.
        pytest.skip("there is no Chromium on this machine: install one, or name it in FESTOON_CHROMIUM")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def open_page(browser: Browser, running: Running, visitors: Visitors) -> Iterator[Looking]:
    """Opens pages; at the end no script may have failed and nothing may have been kept back by the policy."""
    looking = Looking(browser, running, visitors)
    yield looking
    looking.close()
    assert looking.complaints == []
