"""What must be true of the store after any number of deaths."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import asyncpg
import msgspec

from festoon.engine.audit import audit
from festoon.store.pool import connect
from tests.crash.load import COUPONS, LINE, PHONES, PLACES, Load


async def check_books(dsn: str, load: Load) -> None:
    """No answered event is lost, none acted twice, and everything that is counted adds up."""
    connection = await connect(dsn)
    try:
        found = await audit(connection)
        assert found.holds, found.findings
        stored = await check_answers(connection, load)
        await check_stock(connection, stored)
        await check_timers(connection)
    finally:
        await connection.close()


async def check_answers(connection: asyncpg.Connection, load: Load) -> list[dict[str, Any]]:
    """Every event is stored once, with the outcome that its sender got each time he asked."""
    rows = await connection.fetch("SELECT id, outcome FROM event WHERE source = 'shop'")
    stored = {row["id"]: msgspec.json.decode(row["outcome"]) for row in rows}
    assert len(stored) == len(rows)
    assert stored.keys() == load.sent.keys() == load.answers.keys()
    for id, answers in load.answers.items():
        assert all(without_texts(outcome) == stored[id] for outcome, _ in answers), id
        assert sum(not again for _, again in answers) <= 1, id
    return list(stored.values())


def without_texts(part: Any) -> Any:
    """An outcome as it is stored: refusals get their texts when they are shown."""
    if isinstance(part, dict):
        return {
            name: {key: value for key, value in inner.items() if key != "text"}
            if name == "refused"
            else without_texts(inner)
            for name, inner in part.items()
        }
    return [without_texts(inner) for inner in part] if isinstance(part, list) else part


async def check_stock(connection: asyncpg.Connection, outcomes: Iterable[dict[str, Any]]) -> None:
    """What was put in is what is left and what was given, by the accounts, the items and the answers alike."""
    rows = await connection.fetch("SELECT holder, asset, balance FROM shared_account")
    shared = {(row["holder"], row["asset"]): row["balance"] for row in rows}
    items = Counter(
        {
            row["ref"]: row["count"]
            for row in await connection.fetch("SELECT ref, count(*) FROM item GROUP BY 1")
        }
    )
    given: Counter[str] = Counter()
    for outcome in outcomes:
        for mechanic in outcome.get("mechanics", ()):
            if mechanic["mechanic"].startswith("spring/"):
                for gift in mechanic.get("given", ()):
                    given[gift["ref"]] += gift.get("amount", 1)
    for stock, opening in stocks(shared).items():
        left, gone = shared["shelf", stock], shared["given", stock]
        assert left >= 0
        assert left + gone == opening
    for ref, count in items.items():
        assert given[ref] == count, ref
    assert items["spring/five-off"] == shared["given", "spring/stock/coupon:five-off"]
    assert given["points"] == -shared["issuer", "points"]
    money = [shared[f"spring/{kind}/prizes", "CNY"] for kind in ("budget", "committed", "cost")]
    assert sum(money) == LINE * 100
    assert min(money) >= 0
    serials = await connection.fetch("SELECT serial FROM item WHERE serial IS NOT NULL ORDER BY 1")
    assert [row["serial"] for row in serials] == list(range(1, len(serials) + 1))


def stocks(shared: dict[tuple[str, str], int]) -> dict[str, int]:
    known = {"coupon:five-off": COUPONS, "phone": PHONES, "rabbit": 60, "places": PLACES}
    found = {}
    for holder, asset in shared:
        if holder == "shelf":
            found[asset] = next(opening for name, opening in known.items() if name in asset)
    assert len(found) == len(known), found
    return found


async def check_timers(connection: asyncpg.Connection) -> None:
    """Every hold has lapsed, once, and what it held is back."""
    placed = await connection.fetchval(
        "SELECT count(*) FROM event WHERE type = 'hold.placed' AND outcome::jsonb ->> 'status' = 'accepted'"
    )
    lapsed = await connection.fetchval(
        "SELECT count(DISTINCT data::jsonb ->> 'name') FROM event WHERE type = 'timer.due' AND data LIKE '%hold%'"
    )
    all_lapsed = await connection.fetchval(
        "SELECT count(*) FROM event WHERE type = 'timer.due' AND data LIKE '%hold%'"
    )
    assert placed > 0
    assert placed == lapsed == all_lapsed
    assert await connection.fetchval("SELECT count(*) FROM hold") == 0
    assert (
        await connection.fetchval("SELECT coalesce(sum(balance), 0) FROM account WHERE part = '@held'") == 0
    )
