"""The navigation: who signs in finds what is his to do, under the heading of that kind of work, and nothing else."""

import re

import pytest

from tests.console.visitors import Visitors

LINK = re.compile(r"<h2>([^<]+)</h2>|<a href=\"(/console/[^\"]+)\"")


@pytest.mark.parametrize(
    ("role", "headings", "there", "away"),
    [
        ("planner", ["Campaigns"], "/console/editor/", "/console/access/people/"),
        ("support", ["Campaigns", "Members", "Queues"], "/console/queues/parcels/", "/console/editor/"),
        ("administrator", ["Campaigns", "Administration"], "/console/access/keys/", "/console/queues/held/"),
    ],
)
def test_pages_stand_under_headings_and_none_stands_over_nothing(
    visitors: Visitors, role: str, headings: list[str], there: str, away: str
) -> None:
    text = (
        visitors.fresh(role, username=f"finds-{role}")
        .get("/console/campaigns/", headers={"accept-language": "en"})
        .text
    )
    navigation = text[text.index('id="navigation"') : text.index("</nav>")]
    found = LINK.findall(navigation)
    assert [heading for heading, _ in found if heading] == headings
    links = {link for _, link in found}
    assert there in links
    assert away not in links
