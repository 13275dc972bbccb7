"""Parcels on a real database: from the gift to its arrival, by events; a file of numbers judged row by row."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from festoon.base.errors import Refused
from festoon.base.events import Event
from festoon.engine.answer import Answer
from festoon.engine.outcome import decode
from festoon.engine.parcels import Sought, addressed, after_from, pack, parcel, parcels
from festoon.engine.run_batch import run_batch
from festoon.engine.shipping import Line, ship
from festoon.intake.operating import operate
from tests.live import HEAD, NOW, Platform, event

PLAN = (
    HEAD
    + """
gifts: {mug: {cost: 30, line: prizes, stock: 9, valid: {days: 7}}}
mechanics: {mug: {kind: gift, on: content.liked, give: {gift: mug}}}
"""
).replace(", valid: {days: 7}", "")
HOME: dict[str, Any] = {"name": "Li Hua", "phone": "13800000000", "address": "1 Tea Lane, Hangzhou"}


async def gave(platform: Platform, *members: str) -> list[str]:
    """The gifts of these members, in order."""
    outcomes = await platform.outcomes(*(event("content.liked", name, content="c") for name in members))
    return [each.mechanics[0].given[0].item for each in outcomes]


async def states(platform: Platform) -> list[tuple[str, str, str]]:
    found = await parcels(platform.connection, Sought())
    return sorted((each.member, each.state, each.number) for each in found)


async def test_a_gift_is_sent_comes_back_is_sent_again_and_arrives(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    (item,) = await gave(platform, "ann")
    steps: list[tuple[str, dict[str, Any], str, str]] = [
        ("gift.shipped", {"carrier": "SF", "parcel": "SF-1"}, "shipped", "SF-1"),
        ("gift.shipped", {"carrier": "SF", "parcel": "SF-2"}, "shipped", "SF-2"),
        ("gift.returned", {"reason": "nobody at home"}, "returned", "SF-2"),
        ("gift.shipped", {"carrier": "YTO", "parcel": "Y-3"}, "shipped", "Y-3"),
        ("gift.delivered", {}, "received", "Y-3"),
    ]
    assert await states(platform) == [("ann", "ordered", "")]
    for number, (type_, data, state, shown) in enumerate(steps):
        await platform.outcomes(event(type_, "ann", f"s-{number}", item=item, **data))
        assert await states(platform) == [("ann", state, shown)]
    assert await platform.shared("spring/cost/prizes", "CNY") == 3_000
    (late,) = await platform.send(event("gift.shipped", "ann", "s-9", item=item, carrier="SF", parcel="SF-9"))
    refused = decode(late.outcome).refused
    assert refused is not None
    assert refused.code == "delivery.not_awaited"
    await platform.audit()
    await platform.close()


async def test_a_gift_that_is_cancelled_gives_its_money_back_and_leaves_a_line(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    (item,) = await gave(platform, "ann")
    why: dict[str, object] = {"item": item, "reason": "not wanted", "decided_by": "lin"}
    await operate(database, "c-1", "gift.cancelled", "ann", why)
    assert await states(platform) == [("ann", "cancelled", "")]
    assert await platform.shared("spring/committed/prizes", "CNY") == 0
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000
    with pytest.raises(Refused):
        await operate(database, "c-2", "gift.cancelled", "ann", why)
    trail = await platform.connection.fetch("SELECT actor FROM audit_entry WHERE act = 'gift.cancelled'")
    assert [row["actor"] for row in trail] == ["lin"]
    await platform.audit()
    await platform.close()


async def test_where_a_parcel_goes_is_shown_to_who_ships_it_only(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    first, _ = await gave(platform, "ann", "ben")
    await platform.outcomes(event("gift.address_given", "ann", item=first, **HOME))
    found = [each async for each in addressed(platform.connection, Sought(state="ordered"))]
    assert {(each.member, each.ready, each.name, each.address) for each in found} == {
        ("ann", True, "Li Hua", "1 Tea Lane, Hangzhou"),
        ("ben", False, "", ""),
    }
    assert not hasattr((await parcels(platform.connection, Sought()))[0], "address")
    one = await parcel(platform.connection, first)
    assert one is not None
    assert one.ready
    assert await parcel(platform.connection, "x") is None
    await platform.close()


async def test_a_file_of_numbers_is_judged_row_by_row_and_may_be_taken_twice(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    first, second, third = await gave(platform, "ann", "ben", "cho")
    await platform.outcomes(event("gift.delivered", "cho", item=third))
    lines = [
        Line(2, first, "SF", "SF-1"),
        Line(3, "x", "SF", "SF-2"),
        Line(4, second, "SF", "SF-1"),
        Line(5, second, "SF", ""),
        Line(6, first, "SF", "SF-9"),
        Line(7, third, "SF", "SF-3"),
    ]
    send = partial(by_engine, platform)
    judged = await ship(platform.connection, lines, send, "lin", NOW)
    assert [(each.result, each.code) for each in judged] == [
        ("shipped", ""),
        ("refused", "parcel.unknown"),
        ("refused", "parcel.number_taken"),
        ("refused", "parcel.cell_wrong"),
        ("refused", "parcel.twice"),
        ("refused", "delivery.not_awaited"),
    ]
    assert all(each.text(language) for each in judged[1:] for language in ("en", "zh-Hans"))
    again = await ship(platform.connection, lines[:1], send, "lin", NOW)
    assert [each.result for each in again] == ["same"]
    assert await states(platform) == [
        ("ann", "shipped", "SF-1"),
        ("ben", "ordered", ""),
        ("cho", "received", ""),
    ]
    await platform.audit()
    await platform.close()


async def by_engine(platform: Platform, events: Sequence[Event]) -> list[Answer]:
    return await run_batch(platform.engine, platform.connection, events)


async def test_parcels_are_packed_paged_and_filtered(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    items = await gave(platform, *(f"m{number}" for number in range(5)))
    assert await pack(platform.connection, [items[0], "x"], "lin", NOW) == 1
    assert await pack(platform.connection, [items[0]], "lin", NOW) == 0
    seen, after = [], None
    while page := await parcels(
        platform.connection, Sought(campaign="spring", state="ordered"), after=after, limit=3
    ):
        seen += [each.item for each in page]
        last = page[-1]
        after = after_from(f"{last.given.isoformat()}/{last.item}")
    assert sorted(seen) == sorted(items[1:])
    assert [each.member for each in await parcels(platform.connection, Sought(member="m3"))] == ["m3"]
    assert after_from("yesterday/x") is None
    await platform.close()
