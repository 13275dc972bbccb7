"""An installation in which nothing has been done yet: each page that has nothing to show leads to the next step."""

import re

import pytest

from tests.console.visitors import Visitors

NEXT = re.compile(r'<div class="empty">.*?<a class="button button-primary" href="([^"]+)"', re.DOTALL)
PLANS, CAMPAIGNS = "/console/editor/", "/console/campaigns/"


@pytest.fixture(scope="module")
def plan() -> str:
    return ""


@pytest.mark.parametrize(
    ("page", "planner", "another"),
    [
        ("home/", PLANS, CAMPAIGNS),
        ("campaigns/", PLANS, ""),
        ("campaigns/calendar/", PLANS, ""),
        ("board/", CAMPAIGNS, CAMPAIGNS),
        ("fast/", CAMPAIGNS, CAMPAIGNS),
        ("reports/", CAMPAIGNS, CAMPAIGNS),
        ("backtests/new/", PLANS, CAMPAIGNS),
        ("liability/", PLANS, CAMPAIGNS),
    ],
)
def test_a_page_with_nothing_to_show_leads_to_the_next_step(
    visitors: Visitors, page: str, planner: str, another: str
) -> None:
    for roles, next in (("planner+analyst", planner), ("analyst", another)):
        found = NEXT.search(visitors[roles].page(f"/console/{page}"))
        assert (found[1] if found else "") == next, roles
