"""What operators do to one member: adjusting with one or two signatures, blocking, erasing; once, and in the trail."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from festoon.base.errors import FestoonError
from festoon.engine.compensation_run import run
from festoon.engine.compensations import sign as sign_compensation
from festoon.engine.member_acts import Done, adjust, ask_to_erase, bar, compensate
from festoon.engine.requests import Request, decline, of_member, sign, submitting, waiting, withdraw
from festoon.store.pool import connect_hot
from tests.live import HEAD, NOW, Platform, event, order, refusals

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes, adjust_alone: 100}}
mechanics:
  spend: {kind: earn, on: order.paid, per: 1, give: 1}
  swap: {kind: exchange, price: {amount: 10}, give: {growth: 1}}
"""
)


async def open_(database: str, *members: str) -> Platform:
    platform = await Platform.open(database, PLAN)
    for who in members or ("ann",):
        await platform.outcomes(
            event("member.registered", who, name="Ann Li", phone="+86 138 0000 1234", region="Suzhou"),
            order(who, 50, f"o-{who}"),
        )
    return platform


async def adjusted(
    platform: Platform, amount: int, key: str, who: str = "ann", maker: str = "lin", asset: str = "points"
) -> Done:
    return await adjust(
        platform.connection, submitting(platform.engine, platform.connection), platform.engine.program, who, asset,
        amount, "a complaint", maker, platform.at, key,
    )  # fmt: skip


async def signed(platform: Platform, number: int, checker: str = "wu") -> Request:
    submit = submitting(platform.engine, platform.connection)
    return await sign(platform.connection, submit, number, checker, platform.at)


async def barred(platform: Platform, type_: str, key: str, who: str = "ann") -> Any:
    submit = submitting(platform.engine, platform.connection)
    return await bar(platform.connection, submit, type_, who, "a ring of accounts", "lin", platform.at, key)


async def trail(platform: Platform) -> list[tuple[str, str, str]]:
    rows = await platform.connection.fetch(
        "SELECT act, actor, object FROM audit_entry WHERE object LIKE 'member/%' ORDER BY number"
    )
    return [tuple(row) for row in rows]


async def refused(code: str, doing: Any) -> FestoonError:
    with pytest.raises(FestoonError) as no:
        await doing
    assert no.value.code == code
    assert "<" not in no.value.text("en") + no.value.text("zh-Hans")
    return no.value


# Adjusting ---------------------------------------------------------------------------------------------------------


async def test_a_small_adjustment_happens_at_once_and_a_repeat_is_the_same_one(database: str) -> None:
    platform = await open_(database)
    first, again = await adjusted(platform, 60, "k-1"), await adjusted(platform, 60, "k-1")
    assert first.outcome == again.outcome is not None
    assert await platform.balance("ann") == 110
    assert await trail(platform) == [("balance.adjust", "lin", "member/1")]
    await platform.audit()
    await platform.close()


async def test_what_one_person_may_do_alone_counts_over_the_day(database: str) -> None:
    platform = await open_(database)
    assert (await adjusted(platform, 60, "k-1")).outcome
    beyond = await adjusted(platform, -50, "k-2", maker="yu")
    assert beyond.request is not None
    assert (beyond.request.status, beyond.request.data) == ("waiting", {"amount": -50, "asset": "points"})
    assert await platform.balance("ann") == 110
    platform.at = NOW + timedelta(days=1)
    assert (await adjusted(platform, -50, "k-3")).outcome
    assert await platform.balance("ann") == 60
    await platform.close()


async def test_beyond_the_limit_a_second_person_signs_before_it_happens(database: str) -> None:
    platform = await open_(database)
    asked = (await adjusted(platform, 500, "k-1")).request
    again = (await adjusted(platform, 500, "k-1")).request
    assert asked is not None
    assert asked == again
    await refused("act.maker_is_checker", signed(platform, asked.number, "lin"))
    assert await platform.balance("ann") == 50
    assert [each.number for each in await waiting(platform.connection)] == [asked.number]
    done = await signed(platform, asked.number)
    assert (done.status, done.checker) == ("done", "wu")
    assert await platform.balance("ann") == 550
    await refused("act.not_waiting", signed(platform, asked.number, "yu"))
    assert await waiting(platform.connection) == []
    assert await trail(platform) == [
        ("balance.adjusted.ask", "lin", "member/1"),
        ("balance.adjusted.sign", "wu", "member/1"),
        ("balance.adjust", "lin", "member/1"),
    ]
    await refused("event.id_reused", adjusted(platform, 400, "k-1"))
    assert (await adjusted(platform, 3, "k-2", asset="growth")).request
    await refused("act.key_reused", adjusted(platform, 4, "k-2", asset="growth"))
    await platform.audit()
    await platform.close()


async def test_two_who_sign_at_once_do_it_once(database: str) -> None:
    platform = await open_(database)
    asked = (await adjusted(platform, 500, "k-1")).request
    assert asked is not None
    others = [Platform(database, platform.engine, await connect_hot(database)) for _ in range(4)]
    found = await asyncio.gather(
        *(signed(each, asked.number, f"checker-{place}") for place, each in enumerate(others)),
        return_exceptions=True,
    )
    assert any(isinstance(each, Request) and each.status == "done" for each in found)
    assert await platform.balance("ann") == 550
    for each in others:
        await each.close()
    await platform.audit()
    await platform.close()


async def test_a_signature_that_was_cut_short_is_carried_out_by_signing_again(database: str) -> None:
    platform = await open_(database)
    asked = (await adjusted(platform, 500, "k-1")).request
    assert asked is not None

    async def dies_before(_: object) -> Any:
        raise ConnectionError

    async def dies_after(sent: Any) -> Any:
        await submitting(platform.engine, platform.connection)(sent)
        raise ConnectionError

    for submit in (dies_before, dies_after):
        with pytest.raises(ConnectionError):
            await sign(platform.connection, submit, asked.number, "wu", platform.at)
    assert [each.status for each in await waiting(platform.connection)] == ["signed"]
    assert (await signed(platform, asked.number, "yu")).checker == "wu"
    assert await platform.balance("ann") == 550
    await platform.close()


async def test_what_is_declined_or_taken_back_never_happens(database: str) -> None:
    platform = await open_(database)
    one, two = [(await adjusted(platform, 500, key)).request for key in ("k-1", "k-2")]
    assert one is not None
    assert two is not None
    connection = platform.connection
    await refused("act.reason_missing", decline(connection, one.number, "wu", platform.at, " "))
    await refused("act.maker_is_checker", decline(connection, one.number, "lin", platform.at, "no"))
    assert (await decline(connection, one.number, "wu", platform.at, "no proof")).answer == "no proof"
    await refused("act.not_yours", withdraw(connection, two.number, "wu", platform.at))
    assert (await withdraw(connection, two.number, "lin", platform.at)).status == "withdrawn"
    for each in (one, two):
        await refused("act.not_waiting", signed(platform, each.number))
    assert await platform.balance("ann") == 50
    assert [each.status for each in await of_member(connection, 1)] == ["withdrawn", "declined"]
    await platform.close()


async def test_what_cannot_be_adjusted_is_said(database: str) -> None:
    platform = await open_(database)
    await refused("balance.short", adjusted(platform, -90, "k-1"))
    await refused("adjust.nothing", adjusted(platform, 0, "k-2"))
    await refused("asset.unknown", adjusted(platform, 5, "k-3", asset="gold"))
    await refused("member.unknown", adjusted(platform, 5, "k-4", who="nobody"))
    short = (await adjusted(platform, -900, "k-5")).request
    assert short is not None
    done = await signed(platform, short.number)
    assert (done.status, done.answer) == ("refused", "this takes 900 points and there is 50")
    growth = await adjusted(platform, 1, "k-6", asset="growth")
    assert growth.request is not None, "no plan says what one person may do alone"
    await platform.close()


# Blocking ----------------------------------------------------------------------------------------------------------


async def test_who_is_blocked_is_refused_what_he_asks_for_and_what_happened_is_taken(database: str) -> None:
    platform = await open_(database)
    await platform.outcomes(event("hold.placed", "ann", hold="h", asset="points", amount=10))
    first = await barred(platform, "member.blocked", "b-1")
    assert first == await barred(platform, "member.blocked", "b-1")
    await refused("member.blocked_already", barred(platform, "member.blocked", "b-2"))
    swap, paid, posted, profile = await platform.outcomes(
        event("exchange.made", "ann", "x-1", campaign="spring", mechanic="swap"),
        order("ann", 30, "o-2"),
        event("hold.posted", "ann", hold="h"),
        event("member.profile_changed", "ann", attributes={"blocked": False}),
    )
    assert (swap.status, swap.refused.code if swap.refused else "") == ("refused", "member.blocked")
    assert [each.status for each in (paid, posted, profile)] == ["accepted"] * 3
    assert await platform.balance("ann") == 70
    await barred(platform, "member.unblocked", "b-3")
    await refused("member.not_blocked", barred(platform, "member.unblocked", "b-4"))
    (swap,) = await platform.outcomes(
        event("exchange.made", "ann", "x-2", campaign="spring", mechanic="swap")
    )
    assert (swap.status, refusals([swap])) == ("accepted", [])
    assert [each[0] for each in await trail(platform)] == ["member.block", "member.unblock"]
    await platform.audit()
    await platform.close()


# Erasing -----------------------------------------------------------------------------------------------------------


SAYS_WHO = ("ann-7", "Ann Li", "138 0000 1234", "43210000831", "Suzhou")
"""Her id and her fields, the phone as it was given and as it is looked for, from its end."""


async def told(platform: Platform, text: str) -> bool:
    """Whether any row about her holds a text. Bea, who is number 2, has the same fields."""
    counts = [
        await platform.connection.fetchval(
            f"SELECT count(*) FROM {table} t WHERE strpos(t::text, $1) > 0 AND NOT t::text LIKE '(2,%'", text
        )
        for table in ("member", "identity", "member_personal", "act_request", "audit_entry")
    ]
    return any(counts)


async def test_erasing_takes_two_leaves_the_books_and_nothing_that_says_who_he_was(database: str) -> None:
    platform = await open_(database, "ann-7", "bea")
    await refused(
        "member.erase_not_confirmed", ask_to_erase(platform.connection, "ann-7", "ann", "asked", "lin", NOW)
    )
    asked, again = [
        await ask_to_erase(platform.connection, "ann-7", "ann-7", "asked for", "lin", NOW) for _ in range(2)
    ]
    assert asked.number == again.number
    await refused("act.maker_is_checker", signed(platform, asked.number, "lin"))
    assert all([await told(platform, text) for text in SAYS_WHO])
    done = await signed(platform, asked.number)
    assert (done.status, done.member) == ("done", "")
    assert not any([await told(platform, text) for text in SAYS_WHO])
    fetch = platform.connection.fetchval
    assert await fetch("SELECT balance FROM account WHERE member_id = 1 AND asset = 'points'") == 50
    await platform.audit()
    await platform.close()


async def test_who_comes_again_after_an_erasure_is_somebody_new_in_every_process(database: str) -> None:
    platform = await open_(database)
    other = await Platform.open(database)
    await other.outcomes(order("ann", 5, "o-other"))  # its process remembers her number
    asked = await ask_to_erase(platform.connection, "ann", "ann", "asked for", "lin", NOW)
    await signed(platform, asked.number)
    (paid,) = await other.outcomes(order("ann", 7, "o-new"))
    assert paid.status == "accepted"
    rows = await platform.connection.fetch(
        "SELECT member_id, balance FROM account WHERE asset = 'points' ORDER BY member_id"
    )
    assert [tuple(row) for row in rows] == [(1, 55), (2, 7)]
    await other.close()
    await platform.audit()
    await platform.close()


async def test_points_of_who_was_erased_still_lapse(database: str) -> None:
    platform = await Platform.open(
        database, PLAN.replace("line: prizes,", "line: prizes, expires: {days: 3},")
    )
    await platform.outcomes(order("ann", 50, "o-1"))
    asked = await ask_to_erase(platform.connection, "ann", "ann", "asked for", "lin", NOW)
    await signed(platform, asked.number)
    platform.at = NOW + timedelta(days=9)
    subject = await platform.connection.fetchval("SELECT subject FROM member WHERE id = 1")
    await platform.wake(subject)
    assert (
        await platform.connection.fetchval("SELECT balance FROM account WHERE member_id = 1 AND part = '@'")
        == 0
    )
    await platform.audit()
    await platform.close()


async def test_erasure_reaches_the_accounts_that_became_part_of_him(database: str) -> None:
    platform = await open_(database, "ann", "ann-old")
    await platform.outcomes(event("member.merged", "ann", member="ann-old", reason="one phone"))
    asked = await ask_to_erase(platform.connection, "ann", "ann", "asked for", "lin", NOW)
    await signed(platform, asked.number)
    subjects = [row["subject"] for row in await platform.connection.fetch("SELECT subject FROM member")]
    assert not [subject for subject in subjects if "ann" in subject]
    assert await platform.connection.fetchval("SELECT count(*) FROM identity") == 0
    await platform.audit()
    await platform.close()


async def test_an_erasure_that_was_cut_short_makes_nobody_new(database: str) -> None:
    platform = await open_(database)
    asked = await ask_to_erase(platform.connection, "ann", "ann", "asked for", "lin", NOW)

    async def dies_after(sent: Any) -> Any:
        await submitting(platform.engine, platform.connection)(sent)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await sign(platform.connection, dies_after, asked.number, "wu", platform.at)
    assert (await signed(platform, asked.number)).status == "done"
    assert await platform.connection.fetchval("SELECT count(*) FROM member") == 1
    await platform.close()


# Compensating one --------------------------------------------------------------------------------------------------


async def test_one_member_is_compensated_like_many(database: str) -> None:
    platform = await open_(database)
    found = await compensate(
        platform.connection, "spring", "ann", [{"points": 30}], "a broken page", "lin", NOW, "a1b2"
    )
    assert (found.members, found.lines[0].cost) == (1, 30)
    await sign_compensation(platform.connection, found.id, "wu", NOW)
    await run(platform.engine, platform.connection, found.id, "wu")
    assert await platform.balance("ann") == 80
    await platform.close()
