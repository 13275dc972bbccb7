"""What the console's pages of members ask of the store does not grow with what there is."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import asyncpg

from festoon.engine import own_rows
from festoon.engine.compensation_pages import listed
from festoon.engine.compensations import submit
from festoon.engine.member_acts import adjust
from festoon.engine.member_search import search
from festoon.engine.requests import submitting, waiting
from festoon.engine.statement import statement
from festoon.insight.member.events import events
from festoon.insight.member.why import Asked, why
from tests.live import HEAD, Platform, event, order

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
coupons: {ten: {value: 10, cost: 0, line: prizes}}
mechanics:
  spend: {kind: earn, on: order.paid, when: "event.amount > 1", per: 1, give: 1}
  claim: {kind: gift, on: page.viewed, give: [{coupon: ten}]}
"""
)
FILE = "{{compensation: c-{n}, campaign: spring, reason: x, members: [ann], give: [{{points: 1}}]}}"


def pages(platform: Platform, number: int) -> Iterator[tuple[str, Callable[[], Awaitable[Any]]]]:
    connection, program = platform.connection, platform.engine.program
    yield "search", lambda: search(connection, "m-", limit=5)
    yield "statement", lambda: statement(connection, number, limit=5)
    yield "things", lambda: own_rows.things(connection, number, limit=5)
    yield "events", lambda: events(connection, number, limit=5)
    yield "inbox", lambda: waiting(connection, limit=5)
    yield "grants", lambda: listed(connection, limit=5)
    yield "why", lambda: why(connection, program, Asked(number, "spring", "spend", platform.at, "en"))


async def counted(platform: Platform, number: int) -> dict[str, int]:
    found = {}
    for name, page in pages(platform, number):
        sent: list[str] = []

        def note(record: Any, sent: list[str] = sent) -> None:
            sent.append(record.query)

        with platform.connection.query_logger(note):
            await page()
        found[name] = len(sent)
    return found


async def fill(platform: Platform, begin: int, end: int) -> None:
    connection: asyncpg.Connection = platform.connection
    submitted = submitting(platform.engine, connection)
    for n in range(begin, end):
        await platform.outcomes(
            event("member.registered", f"m-{n}"),
            order("ann", 50, f"o-{n}"),
            event("page.viewed", "ann", f"v-{n}", page="x"),
        )
        await adjust(
            connection,
            submitted,
            platform.engine.program,
            "ann",
            "points",
            5,
            "x",
            "lin",
            platform.at,
            f"k-{n}",
        )
        await submit(connection, FILE.format(n=n), "lin", platform.at)


async def test_no_page_asks_more_of_much_than_of_little(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await fill(platform, 0, 1)
    number = await platform.connection.fetchval("SELECT member_id FROM identity WHERE subject = 'ann'")
    little = await counted(platform, number)
    await fill(platform, 1, 12)
    much = await counted(platform, number)
    assert {name: sent for name, sent in much.items() if sent > little[name]} == {}
    assert max(little.values()) <= 8
    await platform.close()
