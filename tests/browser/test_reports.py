"""Reports in a browser, at a desk and on a phone."""

from datetime import UTC, datetime

import pytest

from benchmarks.plans import example
from tests.browser.looking import DESK, PHONE, Looking, looks_right, picture


@pytest.fixture(scope="module")
def plan() -> str:
    return example("new-year", datetime.now(UTC).date())


@pytest.mark.parametrize(("width", "language"), [(DESK, "en"), (PHONE, "zh-hant")])
def test_reports_and_their_calendar_are_legible(open_page: Looking, width: int, language: str) -> None:
    page = open_page("analyst", "/console/reports/", width, language)
    looks_right(page)
    picture(page, f"reports-{width}")
