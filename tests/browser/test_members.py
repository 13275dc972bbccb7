"""Members, why and grants as people see them, at a desk and on a phone, in three languages."""

from typing import Any

import pytest

from tests.browser.looking import LOOKS, Looking, looks_right, picture
from tests.serving import Running, cloud_event, order_paid

ROLES = "support+approver+operator"


@pytest.fixture(scope="module")
def member(running: Running) -> int:
    """Somebody with a history; a request and a grant that wait."""
    client = running.client
    data: dict[str, Any] = {
        "name": "李雷",
        "phone": "+8613812345678",
        "email": "li@example.com",
        "region": "Suzhou",
        "consents": {"sms": True, "email": False},
        "consents_wording": {"sms": "2027-01"},
    }
    client.post("/v1/members", json={"id": "li-lei", "event_id": "1", "data": data})
    client.many([order_paid("li-lei", 12_345), cloud_event("page.viewed", "li-lei", data={"page": "x"})])
    client.one(cloud_event("page.viewed", "li-lei", data={"page": "y"}))
    withdrawn = {
        "channel": "sms",
        "agreed": False,
        "reason": "asked for by phone",
        "where": "call",
        "key": "c",
    }
    client.post("/v1/members/li-lei/consents", json=withdrawn)
    body = {"asset": "points", "amount": 9_000, "reason": "charged twice on 3 April", "key": "browser"}
    client.post("/v1/members/li-lei/adjust", json=body)
    give = {"campaign": "spring", "give": [{"points": 50}], "reason": "a broken page", "key": "browser"}
    client.post("/v1/members/li-lei/compensate", json=give)
    mistake = (
        "compensation: paid-twice\ncampaign: spring\nreason: orders of the morning were paid twice\n"
        "affected: {from: 2020-01-01, until: 2100-01-01, types: [order.paid]}\n"
        "take_back: {mechanic: spend, spent: debt}\n"
    )
    kept = {"hold": "basket", "asset": "points", "amount": 345}
    client.one(cloud_event("hold.placed", "li-lei", data=kept))
    client.post("/v1/compensations", json={"source": mistake})
    more = {"adds": {"coupons.five-off.stock": "5"}, "reason": "twice as many came"}
    client.post("/v1/campaigns/spring/more", json=more)
    found: int = running.fetch("SELECT member_id FROM identity WHERE subject = 'li-lei'")[0][0]
    return found


PAGES = {
    "search": "/console/members/?q=li",
    "overview": "/console/members/{}/",
    "statement": "/console/members/{}/statement/",
    "items": "/console/members/{}/items/",
    "progress": "/console/members/{}/progress/",
    "events": "/console/members/{}/events/",
    "consents": "/console/members/{}/consents/",
    "consent": "/console/members/{}/do/consent/",
    "adjust": "/console/members/{}/do/adjust/",
    "inbox": "/console/members/requests/",
    "why": "/console/why/?number={}&mechanic=spring/claim",
    "grants": "/console/grants/",
    "grant": "/console/grants/one-browser/",
    "taking-back": "/console/grants/paid-twice/",
    "grant-new": "/console/grants/new/",
    "fast": "/console/fast/",
    "fast-lane": "/console/fast/spring/",
}


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_the_pages_of_members_look_right(open_page: Looking, member: int, width: int, language: str) -> None:
    page = open_page(ROLES, "/console/members/", width, language)
    for name, path in PAGES.items():
        page.goto(path.format(member))
        looks_right(page)
        picture(page, f"members-{name}-{width}-{language}")
