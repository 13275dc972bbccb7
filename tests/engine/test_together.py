"""Caps and groups over campaigns, on a database: what is kept, what is read, and what publishing refuses."""

from datetime import timedelta

import pytest

from festoon.base.errors import Conflict
from festoon.engine.hints import reads_of
from tests.live import HEAD, NOW, Platform, order, put_up, refusals

CAP = "shared_caps: {daily: {of: points, amount: 100, per: day}}\n"
GROUP = "exclusive: {group: offers}\n"
SPEND = "mechanics: {spend: {kind: gift, on: order.paid, give: [{points: 60}]}}\n"


def plan(name: str, *more: str) -> str:
    return HEAD.replace("campaign: spring", f"campaign: {name}") + "".join(more)


async def test_what_counts_is_kept_from_batch_to_batch_and_from_process_to_process(database: str) -> None:
    await put_up(database, plan("one", CAP, SPEND))
    first = await Platform.open(database, plan("two", CAP, SPEND))
    await first.outcomes(order("mei", 1, "o1"))
    await first.close()
    second = await Platform.open(database)
    assert await second.balance("mei") == 100
    assert refusals(await second.outcomes(order("mei", 1, "o2"))) == ["cap.shared"] * 2
    yesterday = order("mei", 1, "o3", NOW - timedelta(days=1))
    assert refusals(await second.outcomes(yesterday)) == []
    assert await second.balance("mei") == 200
    await second.audit()
    await second.close()


async def test_a_group_holds_over_batches(database: str) -> None:
    await put_up(database, plan("one", GROUP, SPEND))
    platform = await Platform.open(database, plan("two", GROUP, SPEND))
    for id in ("o1", "o2"):
        (outcome,) = await platform.outcomes(order("mei", 1, id))
        assert outcome.passed_over == {"exclusive": ["two/spend"]}
    await platform.close()


async def test_only_a_plan_that_asks_for_it_has_it_read(database: str) -> None:
    await put_up(database, plan("one", CAP, SPEND))
    await put_up(database, plan("two", GROUP, SPEND))
    gifts = CAP.replace("daily: {of: points", "gifts: {of: gift")
    platform = await Platform.open(database, plan("three", gifts, SPEND))
    program = platform.engine.program
    reads = {name: reads_of(program.by_key[f"{name}/spend"]).campaigns for name in ("one", "two", "three")}
    assert reads == {"one": ("one", "festoon"), "two": ("two", "festoon"), "three": ("three",)}
    await platform.close()


async def test_another_cap_under_the_same_name_is_not_published(database: str) -> None:
    await put_up(database, plan("one", CAP, SPEND))
    with pytest.raises(Conflict) as refused:
        await put_up(database, plan("two", CAP.replace("per: day", "per: week"), SPEND))
    assert refused.value.code == "plan.cannot_run_beside"
    assert "points / day" in refused.value.text()
    await put_up(database, plan("two", CAP.replace("amount: 100", "amount: 50"), SPEND))


async def test_a_plan_with_a_code_of_another_that_runs_at_the_same_time_is_not_published(
    database: str,
) -> None:
    hello = "mechanics: {hello: {kind: code, codes: [HELLO-27], give: [{points: 1}]}}\n"
    await put_up(database, plan("one", hello))
    with pytest.raises(Conflict) as refused:
        await put_up(database, plan("two", hello.replace("HELLO-27", "Hello27")))
    assert refused.value.code == "plan.cannot_run_beside"
    assert "one" in refused.value.text()
