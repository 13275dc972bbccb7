"""A platform for tests: a migrated database with a plan published, an engine on it, and what comes of events."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg

from festoon.base.events import Event
from festoon.engine.answer import Answer
from festoon.engine.audit import Audited, audit
from festoon.engine.engine import Engine
from festoon.engine.outcome import Outcome, decode
from festoon.engine.publish import approve, publish, submit
from festoon.engine.reload import load_program
from festoon.engine.run_batch import run_batch
from festoon.store.pool import connect, connect_hot

BEFORE = datetime(2027, 1, 1, tzinfo=UTC)
NOW = datetime(2027, 2, 10, 4, tzinfo=UTC)
"""Noon of 10 February in Shanghai, within every test campaign."""

HEAD = """
festoon: 1
campaign: spring
title: {en: Spring}
timezone: Asia/Shanghai
schedule: {start: 2027-02-01, end: 2027-02-28, settle: 2027-03-14}
budget: {currency: CNY, lines: {prizes: 1000}}
"""

SPEND = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  spend: {kind: earn, on: order.paid, asset: points, per: 100, give: 1}
"""
)
"""A plan of one mechanic: a point for every yuan."""


class Platform:
    """One engine over one database."""

    def __init__(self, dsn: str, engine: Engine, connection: asyncpg.Connection) -> None:
        self.dsn = dsn
        self.engine = engine
        self.connection = connection
        self.at = NOW

    @classmethod
    async def open(cls, dsn: str, plan: str = "", now: datetime = NOW) -> "Platform":
        """Connect; publish `plan` (two signatures) when one is given."""
        connection = await connect_hot(dsn)
        if plan:
            await put_up(dsn, plan)
        engine = Engine(await load_program(connection), load_program, lambda: platform.at)
        platform = cls(dsn, engine, connection)
        platform.at = now
        return platform

    async def send(self, *events: Event) -> list[Answer]:
        return await run_batch(self.engine, self.connection, events)

    async def outcomes(self, *events: Event) -> list[Outcome]:
        """The stored outcomes; an event that was turned away fails the test."""
        answers = await self.send(*events)
        assert all(answer.error is None for answer in answers), [answer.error for answer in answers]
        return [decode(answer.outcome) for answer in answers]

    async def wake(self, *subjects: str) -> None:
        """Let due timers fire, as the clock does."""
        numbers = [
            await self.connection.fetchval("SELECT id FROM member WHERE subject = $1", name)
            for name in subjects
        ]
        await run_batch(self.engine, self.connection, [], numbers)

    async def balance(self, subject: str, asset: str = "points", part: str = "@") -> int:
        found: int | None = await self.connection.fetchval(
            """SELECT balance FROM account a JOIN member m ON m.id = a.member_id
               WHERE m.subject = $1 AND a.asset = $2 AND a.part = $3""",
            subject, asset, part,
        )  # fmt: skip
        return found or 0

    async def shared(self, holder: str, asset: str) -> int:
        found: int = await self.connection.fetchval(
            "SELECT balance FROM shared_account WHERE holder = $1 AND asset = $2", holder, asset
        )
        return found

    async def audit(self) -> Audited:
        found = await audit(self.connection)
        assert found.holds, found.findings
        return found

    async def close(self) -> None:
        await self.connection.close()


async def put_up(dsn: str, plan: str) -> None:
    """Publish a plan the way a live database wants it: one makes, another checks."""
    connection = await connect(dsn)
    try:
        campaign, version = await submit(connection, plan, "maker", BEFORE)
        await approve(connection, campaign, version, "checker", BEFORE)
        await publish(connection, campaign, version, "checker", BEFORE)
    finally:
        await connection.close()


def event(
    type_: str, subject: str, id: str = "", at: datetime = NOW, source: str = "shop", **data: Any
) -> Event:
    """An event of a test; its id is made from what it is unless given."""
    return Event(source, id or f"{type_}/{subject}/{at.isoformat()}", type_, subject, at, data)


def order(subject: str, amount: int, id: str, at: datetime = NOW) -> Event:
    return event("order.paid", subject, id, at, order=id, amount=amount, currency="CNY", lines=[])


def play(subject: str, id: str, mechanic: str = "lucky-draw", at: datetime = NOW) -> Event:
    return event("draw.played", subject, id, at, campaign="spring", mechanic=mechanic)


def refusals(outcomes: Sequence[Outcome]) -> list[str]:
    """The codes of everything that was refused."""
    return [result.refused.code for outcome in outcomes for result in outcome.mechanics if result.refused]


def gifts(outcomes: Sequence[Outcome]) -> list[tuple[str, str, int]]:
    """Everything that was given, as (kind, what, amount)."""
    return [
        (given.kind, given.ref, given.amount)
        for outcome in outcomes
        for result in outcome.mechanics
        for given in result.given
    ]
