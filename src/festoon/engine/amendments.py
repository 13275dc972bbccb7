"""The fast lane (快速追加): more stock or more budget for a campaign that runs, asked for by one and signed by another.

What is asked for is the next version of the plan: the text of the one that runs, with larger numbers. The second
signature approves and publishes it, so that what is added moves as transfers in the publishing transaction. If another
version has taken over meanwhile, the request is void: what it was added to is no more.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import Conflict, Invalid, NotFound, define
from festoon.engine.publish import OVERTAKEN, REASON_MISSING, approve, publish, submit
from festoon.plan.more import Amendable, amendable, with_more
from festoon.store.trail import record

NOT_RUNNING = define(
    "more.not_running", 404, "no campaign '{campaign}' runs", "没有正在运行的活动“{campaign}”"
)
UNKNOWN = define(
    "more.unknown",
    404,
    "version {version} of '{campaign}' asks for no more",
    "活动“{campaign}”第{version}版不是追加申请",
)


class Amendment(Struct, frozen=True):
    """A request for more: which version it is, which one it adds to, what is added by path, why and by whom. `status`
    is that of the version."""

    campaign: str
    version: int
    base: int
    adds: dict[str, str]
    reason: str
    maker: str
    asked: datetime
    status: str
    checker: str | None


async def can_have_more(connection: asyncpg.Connection, campaign: str) -> list[Amendable]:
    """What more can be added to, of the version that runs. Raises NotFound."""
    _, source = await _running(connection, campaign)
    return amendable(source)


async def ask_for_more(
    connection: asyncpg.Connection,
    campaign: str,
    adds: Mapping[str, Decimal],
    reason: str,
    maker: str,
    now: datetime,
) -> Amendment:
    """Put more stock or budget up for the second signature. Raises Invalid for what is not more, or without a reason,
    NotFound for a campaign that does not run."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(REASON_MISSING, "reason")
    async with connection.transaction():
        base, source = await _running(connection, campaign)
        _, version = await submit(connection, with_more(source, adds), maker, now, reason)
        said = {path: f"{add:f}" for path, add in adds.items()}
        await connection.execute(
            "INSERT INTO amendment (campaign, version, base, changes) VALUES ($1, $2, $3, $4)",
            campaign, version, base, msgspec.json.encode(said).decode(),
        )  # fmt: skip
        await record(
            connection, at=now, actor=maker, act="plan.ask_more", object=f"{campaign}@{version}",
            before={"version": base}, after={"adds": said, "reason": reason},
        )  # fmt: skip
    return await amendment(connection, campaign, version)


async def sign_more(
    connection: asyncpg.Connection, campaign: str, version: int, checker: str, now: datetime
) -> Amendment:
    """The second signature: from the next event on there is more. Cut short, it is carried out by signing again.

    Raises Forbidden for who asked, Conflict when another version runs by now (`plan.overtaken`: the request is then
    taken back) or when it was decided.
    """
    asked = await amendment(connection, campaign, version)
    if asked.status != "approved" or asked.checker != checker:
        await approve(connection, campaign, version, checker, now)
    try:
        await publish(connection, campaign, version, checker, now, replacing=asked.base)
    except Conflict as no:
        if no.code == OVERTAKEN:
            await _void(connection, asked, checker, now)
        raise
    return await amendment(connection, campaign, version)


async def _void(connection: asyncpg.Connection, asked: Amendment, actor: str, now: datetime) -> None:
    async with connection.transaction():
        await connection.execute(
            "UPDATE plan_version SET status = 'withdrawn' WHERE campaign = $1 AND version = $2 AND status = 'approved'",
            asked.campaign,
            asked.version,
        )
        await record(
            connection, at=now, actor=actor, act="plan.withdraw", object=f"{asked.campaign}@{asked.version}",
            after=OVERTAKEN,
        )  # fmt: skip


_SELECT = """SELECT a.campaign, a.version, a.base, a.changes, v.note, v.maker, v.submitted, v.status, v.checker
    FROM amendment a JOIN plan_version v USING (campaign, version)"""


async def amendment(connection: asyncpg.Connection, campaign: str, version: int) -> Amendment:
    """One request. Raises NotFound."""
    row = await connection.fetchrow(f"{_SELECT} WHERE campaign = $1 AND version = $2", campaign, version)
    if row is None:
        raise NotFound(UNKNOWN, campaign=campaign, version=version)
    return _amendment(row)


async def waiting_for_more(connection: asyncpg.Connection, campaign: str | None = None) -> list[Amendment]:
    """Requests that wait for a signature, or were signed and not carried out; oldest first."""
    rows = await connection.fetch(
        f"""{_SELECT} WHERE v.status IN ('in_review', 'approved') AND ($1::text IS NULL OR campaign = $1)
            ORDER BY v.submitted, campaign""",
        campaign,
    )
    return [_amendment(row) for row in rows]


def _amendment(row: asyncpg.Record) -> Amendment:
    campaign, version, base, changes, *rest = row
    return Amendment(campaign, version, base, msgspec.json.decode(changes, type=dict[str, str]), *rest)


async def _running(connection: asyncpg.Connection, campaign: str) -> tuple[int, str]:
    row = await connection.fetchrow(
        """SELECT v.version, v.source FROM campaign c
           JOIN plan_version v ON v.campaign = c.id AND v.version = c.version
           WHERE c.id = $1 AND c.stopped IS NULL""",
        campaign,
    )
    if row is None:
        raise NotFound(NOT_RUNNING, campaign=campaign)
    return row["version"], row["source"]
