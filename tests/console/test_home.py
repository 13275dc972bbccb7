"""The first page: what waits for whoever reads it, and what runs."""

from datetime import UTC, datetime

import pytest

from benchmarks.plans import example
from festoon.engine.publish import approve, submit
from festoon.store.pool import connect
from tests.console.visitors import Visitors
from tests.serving import Running, head, order_paid, waited


@pytest.fixture(scope="module")
def plan() -> str:
    return example("new-year", datetime.now(UTC).date())


async def put(dsn: str, campaign: str, maker: str, checker: str = "") -> None:
    connection = await connect(dsn)
    try:
        _, version = await submit(connection, head(campaign), maker, datetime.now(UTC))
        if checker:
            await approve(connection, campaign, version, checker, datetime.now(UTC))
    finally:
        await connection.close()


def test_a_version_waits_for_who_can_sign_it_and_never_for_its_maker(
    visitors: Visitors, running: Running
) -> None:
    waited(put(running.dsn, "to-sign", "user:planner-approver"))
    waited(put(running.dsn, "to-publish", "user:planner", "user:somebody"))
    links = {
        role: {
            name
            for name in ("to-sign", "to-publish")
            if f"/campaigns/{name}/?version=1" in visitors[role].page("/console/home/")
        }
        for role in ("approver", "reviewer", "operator", "planner", "planner+approver")
    }
    assert links == {
        "approver": {"to-sign", "to-publish"},
        "reviewer": {"to-sign"},
        "operator": {"to-publish"},
        "planner": set(),
        "planner+approver": {"to-publish"},
    }


def test_the_first_page_says_what_runs_and_what_is_overdue(visitors: Visitors, running: Running) -> None:
    running.client.many([order_paid("ann", 12_000)])
    text = visitors["analyst"].page("/console/")
    assert "New Year 2027" in text
    assert "Participants today" in text
    assert "overdue" in text


def test_a_judge_sees_no_signatures(visitors: Visitors) -> None:
    assert "to sign" not in visitors["judge"].page("/console/")
