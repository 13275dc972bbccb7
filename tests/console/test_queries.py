"""No page of the console asks more of the store for more rows: members, events, campaigns, grants, webhooks,
deliveries, held rewards, proofs, parcels, codes, keys, people, drafts, requests, back-tests, entries of the trail."""

import asyncio

import pytest

from festoon.access.roles import ROLES
from festoon.base.clock import wall
from festoon.engine.drafts import new_draft
from festoon.store.pool import connect
from tests.console.crawl import crawl, kind
from tests.console.statements import statements
from tests.console.test_queues import PLAN
from tests.console.visitors import Visitor, Visitors
from tests.live import put_up
from tests.serving import Running, cloud_event, head, order_paid

FEW, MANY = 3, 6
"""The first page shows figures of four campaigns at the most, which is what runs with a few already."""
SECTIONS = PLAN.removeprefix(head())
OTHER = "mechanics: {hello: {kind: gift, on: page.viewed, give: [{points: 1}]}}\n"


@pytest.fixture(scope="module")
def plan() -> str:
    return PLAN


def lived(running: Running, visitors: Visitors, since: int, until: int) -> None:
    """Make so many of everything."""
    client, maker = running.client, running.with_key(running.key_of("user:lin"))
    for n in range(since, until):
        name = f"m{n}"
        for type_, data in (
            ("segment.entered", {"segment": "watched"}),
            ("content.liked", {"content": "c"}),
            ("proof.submitted", {"proof": f"pr-{n}", "photo": "p.png"}),
            ("page.viewed", {"page": "tea"}),
        ):
            assert client.one(cloud_event(type_, name, data=data)).status_code == 200
        client.one(order_paid(name, 100))
        hook = f"ep{n}"
        for path, body in (
            (f"/v1/members/{name}/adjust", {"asset": "points", "amount": 1, "reason": "a slip"}),
            ("/v1/keys", {"actor": f"till-{n}", "scopes": ["events:write"]}),
            ("/v1/webhooks", {"url": f"https://hooks.example/{hook}"}),
            ("/v1/campaigns/spring/codes", {"owner": "ten-off", "name": f"batch-{n}", "count": 2}),
            ("/v1/plans", {"source": head(f"planned-{n}") + OTHER}),
            ("/v1/compensations", {"source": compensation(n)}),
            ("/v1/backtests", {"campaign": "spring", "version": 1, "history": {"from": "facts"}}),
        ):
            answer = maker.post(path, json=body)
            assert answer.status_code < 300, (path, answer.text)
        endpoint = client.get("/v1/webhooks").json()["endpoints"][-1]["id"]
        assert client.post(f"/v1/webhooks/{endpoint}/test").status_code == 200
        visitors.person(f"person-{n}", "support")
        asyncio.run(written(running.dsn, n))
        asyncio.run(put_up(running.dsn, head(f"runs-{n}") + OTHER))
    maker.close()


def compensation(n: int) -> str:
    return (
        f"compensation: sorry-{n}\ncampaign: spring\nreason: a fault\nmembers: [m0]\ngive: [{{points: 7}}]\n"
    )


async def written(dsn: str, n: int) -> None:
    connection = await connect(dsn)
    await new_draft(connection, "user:asks", head(f"draft-{n}") + OTHER, f"Draft {n}", wall(), f"draft-{n}")
    await connection.close()


def asked(visitor: Visitor) -> dict[str, int]:
    """By page, the most statements that one of its kind asked."""
    found: dict[str, int] = {}
    with statements() as said:
        for page in crawl(visitor, kind=kind, of_a_kind=2):
            if page.status == 200 and page.kind == "text/html":
                path = kind(page.path.partition("?")[0])
                found[path] = max(found.get(path, 0), len(said))
            said.clear()
    return found


def test_no_page_asks_more_of_the_store_for_more_rows(running: Running, visitors: Visitors) -> None:
    visitor = visitors.fresh("+".join(ROLES), username="asks")
    lived(running, visitors, 0, FEW)
    few = asked(visitor)
    lived(running, visitors, FEW, MANY)
    many = asked(visitor)
    assert len(few) > 40
    assert {page: (few[page], many[page]) for page in few if many.get(page, 0) > few[page]} == {}
    assert max(many.values()) <= 100
