"""Work and risks, and the time line of a campaign, as they look."""

import pytest

from tests.browser.looking import LOOKS, Looking, looks_right, picture
from tests.console.test_work import PLAN, WORK


@pytest.fixture(scope="module")
def plan() -> str:
    return PLAN


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_work_risks_and_the_time_line_look_right(open_page: Looking, width: int, language: str) -> None:
    page = open_page("planner", WORK, width, language)
    page.locator("summary.button").first.click()
    looks_right(page)
    picture(page, f"work-{language}-{width}")
    for name, path in (
        ("risks", "spring/tab/risks/"),
        ("overview", "spring/"),
        ("calendar", "calendar/"),
        ("away", "put-away/"),
    ):
        page.goto(f"/console/campaigns/{path}")
        looks_right(page)
        picture(page, f"{name}-{language}-{width}")
