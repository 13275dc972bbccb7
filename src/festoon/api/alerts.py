"""Alerts over the API: what is wrong right now, and who has seen it."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request

from festoon.api.filters import body_of
from festoon.api.operation import Operation
from festoon.api.routes import actor_of, working
from festoon.engine.engine import Engine
from festoon.insight.alerts.alert import Alert
from festoon.insight.alerts.alerts import LONGEST, NOTHING_SAID, UNKNOWN, acknowledge, alerts
from festoon.store.pool import lent

TAG = "Alerts"


class AlertsAnswer(Struct, frozen=True):
    """What is wrong right now: what nobody has seen first, then the worst. `alarming` says that an open one is an
    alarm."""

    alerts: list[Alert]
    open: int
    alarming: bool


class Acknowledging(Struct, frozen=True, forbid_unknown_fields=True):
    """Which alert was seen, and what is done about it."""

    key: Annotated[str, Meta(min_length=1, max_length=400)]
    note: Annotated[str, Meta(min_length=1, max_length=LONGEST)]


class Alerts:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine, now: Callable[[], datetime]) -> None:
        self._pool = pool
        self._engine = engine
        self._now = now

    async def list(self, _: Request) -> AlertsAnswer:
        async with lent(self._pool) as connection:
            return answer(await alerts(connection, self._engine.program, self._now()))

    async def acknowledge(self, request: Request) -> AlertsAnswer:
        asked = await body_of(request, Acknowledging)
        async with working(request, self._pool) as connection:
            await acknowledge(connection, asked.key, asked.note, actor_of(request), self._now())
            return answer(await alerts(connection, self._engine.program, self._now()))

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation("GET", "/v1/alerts", "What is wrong right now, since when, and what to do about it.",
                      "campaigns:read", self.list, AlertsAnswer, name="alerts", tag=TAG),
            Operation("POST", "/v1/alerts/acknowledge", "Say that an alert was seen, and what is done about it.",
                      "alerts:acknowledge", self.acknowledge, AlertsAnswer, Acknowledging,
                      problems=(UNKNOWN, NOTHING_SAID), name="acknowledge_alert", tag=TAG, once=True,
                      tells="It is open again when it gets worse; one that is over is forgotten."),
        )  # fmt: skip


def answer(found: list[Alert]) -> AlertsAnswer:
    """The alerts with what most people ask about them."""
    opened = [each for each in found if each.open]
    return AlertsAnswer(found, len(opened), any(each.severity == "alarm" for each in opened))
