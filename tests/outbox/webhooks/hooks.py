"""Webhooks under test: an endpoint at a receiver of ours, and a worker whose clock the test moves."""

import os
from datetime import datetime, timedelta

import asyncpg

from festoon.outbox.webhooks.addresses import Allowed
from festoon.outbox.webhooks.endpoints import Endpoint, Wanted, make
from festoon.outbox.webhooks.service import Webhooks, Worked
from tests.live import HEAD, NOW
from tests.outbox.writing import all_ended

LOOPBACK = Allowed(("127.0.0.0/8",))
PLAN = (
    HEAD
    + """
coupons: {ten-off: {value: 10, cost: 10, line: prizes, valid: {days: 7}}}
gifts: {mug: {cost: 30, line: prizes, stock: 3}}
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  signup: {kind: gift, on: member.registered, give: [{points: 100}, {coupon: ten-off}], limits: {per_member: 1}}
  mug: {kind: gift, on: content.liked, give: {gift: mug}}
"""
)


class Worker:
    """A worker that calls loopback too; its clock stands until it is moved, its dice always fall in the middle."""

    def __init__(self, dsn: str, allowed: Allowed = LOOPBACK) -> None:
        self.at = NOW
        self._dsn = dsn
        self._webhooks = Webhooks(dsn, lambda: self.at, allowed, dice=lambda: 0.5)

    async def work(self, later: timedelta = timedelta()) -> Worked:
        self.at += later
        await all_ended(self._dsn)
        return await self._webhooks.run_once()


async def listen(
    connection: asyncpg.Connection, url: str, *kinds: str, campaigns: tuple[str, ...] = (), at: datetime = NOW
) -> tuple[Endpoint, str]:
    """An endpoint and its secret."""
    wanted = Wanted(url, list(kinds), list(campaigns))
    return await make(connection, wanted, "lin", at, os.urandom)
