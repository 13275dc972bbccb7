"""Held rewards in a real database: who decides, once, with a line in the audit trail; and how they are shown."""

import asyncio
from typing import Any

import pytest
from typer.testing import CliRunner

from festoon.base.events import Event
from festoon.cli.app import made
from festoon.engine.held_list import held
from festoon.engine.outcome import Outcome, decode
from festoon.store.trail import broken_links
from tests.live import HEAD, Platform, event

PLAN = (
    HEAD
    + """
coupons: {ten-off: {value: 10, cost: 10, line: prizes, stock: 3}}
segments: {watched: {title: Watched}}
risk:
  rules: {watched: {when: member.segment("watched"), points: 40}}
  thresholds: {doubtful: 30}
mechanics:
  hello:
    kind: gift
    on: page.viewed
    give: [{points: 50}, {coupon: ten-off}]
    limits: {per_member: 1}
    at_risk: {doubtful: hold}
"""
)
LANES = 8


async def with_one_held(database: str) -> tuple[Platform, str]:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(event("segment.entered", "ann", segment="watched"))
    await platform.outcomes(event("page.viewed", "ann", page="tea"))
    (one,) = await held(platform.connection)
    return platform, one.id


def decision(act: str, hold: str, by: str) -> Event:
    return event(f"grant.{act}", "ann", f"{act}/{by}", hold=hold, reason="looked at", decided_by=by)


async def at_once(database: str, events: list[Event]) -> list[Outcome]:
    """Each from a process of its own, as it were."""
    platforms = [await Platform.open(database) for _ in events]
    answers = await asyncio.gather(
        *(platform.send(one) for platform, one in zip(platforms, events, strict=True))
    )
    for platform in platforms:
        await platform.close()
    return [decode(answer.outcome) for (answer,) in answers]


async def test_what_is_held_is_listed_with_the_reason(database: str) -> None:
    platform, id = await with_one_held(database)
    (one,) = await held(platform.connection, campaign="spring", member="ann", id=id, why="risk")
    assert (one.member, one.mechanic, one.score, one.rules) == ("ann", "spring/hello", 40, ("watched",))
    assert [(gift.ref, gift.amount) for gift in one.given] == [("points", 50), ("spring/ten-off", 1)]
    assert await held(platform.connection, campaign="spr") == []
    assert await held(platform.connection, member="bea") == []
    await platform.audit()
    await platform.close()


async def test_released_by_two_at_once_it_is_given_once(database: str) -> None:
    platform, hold = await with_one_held(database)
    outcomes = await at_once(database, [decision("released", hold, f"p{n}") for n in range(LANES)])
    refused = [outcome.refused.code for outcome in outcomes if outcome.refused is not None]
    assert refused == ["grant.not_held"] * (LANES - 1)
    assert await platform.balance("ann") == 50
    assert await platform.connection.fetchval("SELECT count(*) FROM item") == 1
    assert (
        await platform.connection.fetchval("SELECT count(*) FROM audit_entry WHERE act = 'grant.released'")
        == 1
    )
    await platform.audit()
    await platform.close()


async def test_released_and_voided_at_once_it_is_one_of_the_two(database: str) -> None:
    platform, hold = await with_one_held(database)
    acts = [("released", "voided")[n % 2] for n in range(LANES)]
    outcomes = await at_once(database, [decision(act, hold, f"p{n}") for n, act in enumerate(acts)])
    (won,) = [outcome for outcome in outcomes if outcome.refused is None]
    released = won.mechanics[0].note["decision"] == "released"
    assert await platform.balance("ann") == (50 if released else 0)
    assert await platform.shared("shelf", "spring/stock/coupon:ten-off") == (2 if released else 3)
    assert await platform.shared("spring/budget/prizes", "CNY") == (99_000 if released else 100_000)
    await platform.audit()
    await platform.close()


async def test_a_decision_sent_again_is_the_same_decision(database: str) -> None:
    platform, hold = await with_one_held(database)
    sent = decision("released", hold, "wu")
    assert [answer.kind for answer in await platform.send(sent, sent)] == ["new", "new"]
    assert [answer.kind for answer in await platform.send(sent)] == ["again"]
    assert await platform.balance("ann") == 50
    await platform.close()


async def test_the_audit_trail_says_who_decided_and_why(database: str) -> None:
    platform, hold = await with_one_held(database)
    await platform.outcomes(decision("voided", hold, "wu"))
    (line,) = await platform.connection.fetch("SELECT * FROM audit_entry ORDER BY number DESC LIMIT 1")
    assert (line["actor"], line["act"], line["object"]) == ("wu", "grant.voided", f"ann/{hold}")
    assert "looked at" in line["after"]
    async with platform.connection.transaction():
        assert [number async for number in broken_links(platform.connection)] == []
    await platform.close()


def festoon(database: str, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    return CliRunner().invoke(made("held"), ["held", *arguments])


def test_from_the_terminal(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = asyncio.run(_prepared(database))
    shown = festoon(database, monkeypatch, "list", "--json")
    assert hold in shown.output
    assert festoon(database, monkeypatch, "list", "--campaign", "autumn").output.strip() == "nothing is held"
    done = festoon(database, monkeypatch, "release", hold, "--reason", "a family of four", "--json")
    assert (done.exit_code, '"decision":"released"' in done.output) == (0, True)
    again = festoon(database, monkeypatch, "void", hold, "--reason", "too late", "--json")
    assert (again.exit_code, "grant.not_held" in again.output) == (1, True)


async def _prepared(database: str) -> str:
    platform, hold = await with_one_held(database)
    await platform.close()
    return hold
