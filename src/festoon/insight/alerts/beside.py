"""What is wrong beside the flow: webhook endpoints that hear nothing, jobs and compensations that did not end well."""

from datetime import datetime, timedelta

import asyncpg

from festoon.insight.alerts.alert import Finding, Severity
from festoon.outbox.webhooks.endpoints import Endpoint, endpoints

FAILING_FOR = timedelta(hours=1)
"""An endpoint that hears nothing for longer is an alarm."""
FAILED_SINCE = timedelta(days=3)
"""A job that failed longer ago is nobody's alert any more."""
STUCK_HOURS = 2
MOST = 20


async def of_webhooks(connection: asyncpg.Connection, now: datetime) -> list[Finding]:
    """Endpoints that fail, were given up or are off; there are never many."""
    return [found for each in await endpoints(connection) if (found := _endpoint(each, now)) is not None]


def _endpoint(each: Endpoint, now: datetime) -> Finding | None:
    severity: Severity
    if each.state == "disabled":
        code, severity = "webhook_disabled", "alarm"
    elif each.state == "off":
        code, severity = "webhook_off", "notice"
    elif each.failing is not None:
        code = "webhook_failing"
        severity = "alarm" if now - each.failing >= FAILING_FOR else "warning"
    else:
        return None
    return Finding(
        key=f"webhook/{each.id}", code=code, severity=severity, page=f"webhooks/{each.id}/", began=each.failing,
        data={"url": each.url},
    )  # fmt: skip


async def of_jobs(connection: asyncpg.Connection, now: datetime) -> list[Finding]:
    """Back-tests and reports that failed lately and were not started again."""
    rows = await connection.fetch(
        """SELECT number, kind, campaign, title, finished FROM job
           WHERE state = 'failed' AND finished > $1 ORDER BY finished DESC LIMIT $2""",
        now - FAILED_SINCE, MOST,
    )  # fmt: skip
    return [
        Finding(
            key=f"job/{number}", code=f"{kind}_failed", severity="notice", campaign=campaign,
            page=_page_of(kind, number, campaign), began=finished,
            data={"number": number, "title": title or campaign},
        )
        for number, kind, campaign, title, finished in rows
    ]  # fmt: skip


def _page_of(kind: str, number: int, campaign: str) -> str:
    if kind == "benefits":
        return f"campaigns/{campaign}/tab/benefits/"
    return f"backtests/{number}/" if kind == "backtest" else "reports/"


async def of_compensations(connection: asyncpg.Connection, now: datetime) -> list[Finding]:
    """Compensations and grants that were begun and have not come to their end."""
    rows = await connection.fetch(
        """SELECT id, campaign, approved FROM compensation
           WHERE status = 'running' AND approved < $1 ORDER BY approved LIMIT $2""",
        now - timedelta(hours=STUCK_HOURS), MOST,
    )  # fmt: skip
    return [
        Finding(
            key=f"compensation/{id}", code="compensation_stuck", severity="warning",
            degree=((now - approved) // timedelta(hours=1)).bit_length(), campaign=campaign,
            page=f"grants/{id}/", began=approved, data={"id": id, "hours": STUCK_HOURS},
        )
        for id, campaign, approved in rows
    ]  # fmt: skip
