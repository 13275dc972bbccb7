"""The first page, as people see it."""

from datetime import UTC, datetime

import pytest

from benchmarks.plans import example
from festoon.engine.publish import submit
from festoon.store.pool import connect
from tests.browser.looking import LOOKS, Looking, looks_right, picture
from tests.serving import Running, cloud_event, head, order_paid, waited


@pytest.fixture(scope="module")
def plan() -> str:
    return example("new-year", datetime.now(UTC).date())


@pytest.fixture(scope="module", autouse=True)
def _day(running: Running) -> None:
    for name in ("ann", "ben", "cleo"):
        running.client.many([cloud_event("member.registered", name), order_paid(name, 12_000)])

    async def go() -> None:
        connection = await connect(running.dsn)
        await submit(connection, head("spring-tea"), "user:planner", datetime.now(UTC))
        await connection.close()

    waited(go())


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_the_first_page_looks_right(open_page: Looking, width: int, language: str) -> None:
    page = open_page("approver+operator", "/console/", width, language)
    looks_right(page)
    picture(page, f"home-{width}-{language}")
