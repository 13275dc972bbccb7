"""Endpoints: where messages go, which ones, and the secret they are signed with. Made and changed by people.

Each keeps its own place in what there is to tell, so one that was off for a while goes on where it stopped.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

import asyncpg
from msgspec import Struct

from festoon.base.errors import Conflict, Invalid, NotFound, define
from festoon.outbox.ranges import generations
from festoon.outbox.webhooks.kinds import KINDS
from festoon.store.trail import record

ENDPOINT_UNKNOWN = define(
    "webhook.endpoint_unknown",
    404,
    "there is no webhook endpoint '{endpoint}'",
    "不存在 Webhook 端点“{endpoint}”",
    todo="list them: festoon webhooks list",
    todo_zh="查看全部端点：festoon webhooks list",
)
URL_INVALID = define(
    "webhook.url_invalid",
    400,
    "'{url}' cannot be an endpoint: {reason}",
    "“{url}”不能作为端点地址：{reason}",
    todo="write https://, a host name and a path",
    todo_zh="请填写 https:// 开头的完整地址",
)
KIND_UNKNOWN = define(
    "webhook.kind_unknown",
    400,
    "there is no kind of message '{kind}'; there are {known}",
    "不存在消息类型“{kind}”；可用：{known}",
)
CAMPAIGN_NAME = define(
    "webhook.campaign_invalid",
    400,
    "'{campaign}' cannot be a campaign",
    "“{campaign}”不是有效的活动编号",
)
TOO_MANY = define(
    "webhook.too_many_endpoints",
    409,
    "there are {most} endpoints already",
    "端点数量已达上限{most}个",
    todo="remove one that is not used",
    todo_zh="请先删除不再使用的端点",
)
MOST = 50
LONGEST_URL = 2000
SECRET_BYTES = 32
OVERLAP = timedelta(days=1)
"""How long the secret before signs beside a new one, unless somebody says otherwise."""
_LOCK = 0x686F6F6B73

Bytes = Callable[[int], bytes]
"""So many random bytes."""


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """What an endpoint is to be told. No `kinds` or no `campaigns` named is all of them."""

    url: str
    kinds: list[str] = []
    campaigns: list[str] = []


class Endpoint(Struct, frozen=True):
    """An endpoint. `state` is `on`, `off`, or `disabled` when Festoon gave up on it; `why` is `failing` or `gone`
    then. `failing` is since when nothing has got through, and `old_until` until when the secret before signs too."""

    id: str
    url: str
    kinds: list[str]
    campaigns: list[str]
    state: str
    why: str
    maker: str
    made: datetime
    failing: datetime | None
    old_until: datetime | None


_COLUMNS = "id, url, kinds, campaigns, state, why, maker, made, failing, old_until"


def new_secret(random: Bytes) -> str:
    """A secret in the form of Standard Webhooks."""
    return "whsec_" + b64encode(random(SECRET_BYTES)).decode()


async def endpoints(connection: asyncpg.Connection) -> list[Endpoint]:
    """All of them, oldest first; there are never more than MOST."""
    rows = await connection.fetch(f"SELECT {_COLUMNS} FROM webhook_endpoint ORDER BY made, id")
    return [Endpoint(**row) for row in rows]


async def endpoint(connection: asyncpg.Connection, id: str) -> Endpoint:
    """One of them. Raises NotFound."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM webhook_endpoint WHERE id = $1", id)
    if row is None:
        raise NotFound(ENDPOINT_UNKNOWN, endpoint=id)
    return Endpoint(**row)


async def make(
    connection: asyncpg.Connection, wanted: Wanted, actor: str, now: datetime, random: Bytes
) -> tuple[Endpoint, str]:
    """Make an endpoint that is told of whatever comes from now on. Returns it with its secret, which is not shown
    again. Raises Invalid, and Conflict when there are too many."""
    _check(wanted)
    id, secret = f"ep_{random(9).hex()}", new_secret(random)
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        if await connection.fetchval("SELECT count(*) FROM webhook_endpoint") >= MOST:
            raise Conflict(TOO_MANY, most=MOST)
        generation, position, trail = await _here(connection)
        await connection.execute(
            """INSERT INTO webhook_endpoint
                      (id, url, kinds, campaigns, secret, maker, made, generation, position, trail, phases)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $7)""",
            id, wanted.url, _sorted(wanted.kinds), _sorted(wanted.campaigns), secret, actor, now, generation,
            position, trail,
        )  # fmt: skip
        made = await endpoint(connection, id)
        await record(connection, at=now, actor=actor, act="webhook.make", object=id, after=_said(made))
    return made, secret


async def change(
    connection: asyncpg.Connection, id: str, wanted: Wanted, actor: str, now: datetime
) -> Endpoint:
    """Let an endpoint be told other things, or elsewhere; what waits for it goes to the new place. Raises NotFound,
    Invalid."""
    _check(wanted)
    async with connection.transaction():
        before = await _locked(connection, id)
        await connection.execute(
            "UPDATE webhook_endpoint SET url = $2, kinds = $3, campaigns = $4 WHERE id = $1",
            id, wanted.url, _sorted(wanted.kinds), _sorted(wanted.campaigns),
        )  # fmt: skip
        after = await endpoint(connection, id)
        await record(
            connection,
            at=now,
            actor=actor,
            act="webhook.change",
            object=id,
            before=_said(before),
            after=_said(after),
        )
    return after


async def switch_off(connection: asyncpg.Connection, id: str, actor: str, now: datetime) -> Endpoint:
    """Tell an endpoint nothing until it is on again. Raises NotFound."""
    return await _switched(connection, id, "off", actor, now)


async def switch_on(
    connection: asyncpg.Connection,
    id: str,
    actor: str,
    now: datetime,
    start: Literal["where_it_stopped", "now"] = "where_it_stopped",
) -> Endpoint:
    """Tell an endpoint everything from where it stopped, as far back as the journal goes; or only what comes from now
    on, and what still waited is sent no more. Raises NotFound."""
    async with connection.transaction():
        before = await _locked(connection, id)
        if start == "now" and before.state != "on":
            await _skip(connection, id, now)
        return await _switched(connection, id, "on", actor, now)


async def rotate(
    connection: asyncpg.Connection,
    id: str,
    actor: str,
    now: datetime,
    random: Bytes,
    overlap: timedelta = OVERLAP,
) -> str:
    """Give an endpoint a new secret and return it; both sign until `overlap` has passed. Raises NotFound."""
    secret = new_secret(random)
    async with connection.transaction():
        await _locked(connection, id)
        await connection.execute(
            """UPDATE webhook_endpoint SET old_secret = secret, old_until = $3, secret = $2 WHERE id = $1""",
            id, secret, now + overlap,
        )  # fmt: skip
        await record(
            connection,
            at=now,
            actor=actor,
            act="webhook.rotate",
            object=id,
            after={"old_until": now + overlap},
        )
    return secret


async def remove(connection: asyncpg.Connection, id: str, actor: str, now: datetime) -> None:
    """Take an endpoint away, with all that was sent to it. Raises NotFound."""
    async with connection.transaction():
        before = await _locked(connection, id)
        await connection.execute("DELETE FROM webhook_endpoint WHERE id = $1", id)
        await record(connection, at=now, actor=actor, act="webhook.remove", object=id, before=_said(before))


async def _switched(
    connection: asyncpg.Connection, id: str, state: str, actor: str, now: datetime
) -> Endpoint:
    async with connection.transaction():
        before = await _locked(connection, id)
        if before.state != state:
            await connection.execute(
                "UPDATE webhook_endpoint SET state = $2, why = '', failing = NULL WHERE id = $1", id, state
            )
            await record(
                connection,
                at=now,
                actor=actor,
                act=f"webhook.{state}",
                object=id,
                before=before.state,
                after=state,
            )
        return await endpoint(connection, id)


async def _skip(connection: asyncpg.Connection, id: str, now: datetime) -> None:
    generation, position, trail = await _here(connection)
    await connection.execute(
        """UPDATE webhook_endpoint SET generation = $2, position = $3, trail = $4, phases = $5 WHERE id = $1""",
        id, generation, position, trail, now,
    )  # fmt: skip
    await connection.execute(
        "UPDATE webhook_delivery SET state = 'failed', done = $2 WHERE endpoint = $1 AND state = 'waiting'",
        id, now,
    )  # fmt: skip


async def _here(connection: asyncpg.Connection) -> tuple[int, int, int]:
    """Where what comes from now on begins: in the journal, by generation and transaction, and in the trail."""
    known = await generations(connection)
    [(position, trail)] = await connection.fetch(
        """SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
                  coalesce((SELECT max(number) FROM audit_entry), 0)"""
    )
    return known[-1].number, position, trail


async def _locked(connection: asyncpg.Connection, id: str) -> Endpoint:
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM webhook_endpoint WHERE id = $1 FOR UPDATE", id)
    if row is None:
        raise NotFound(ENDPOINT_UNKNOWN, endpoint=id)
    return Endpoint(**row)


def _check(wanted: Wanted) -> None:
    if (reason := _wrong(wanted.url)) is not None:
        raise Invalid(URL_INVALID, "url", url=wanted.url[:200], reason=reason)
    for kind in wanted.kinds:
        if kind not in KINDS:
            raise Invalid(KIND_UNKNOWN, "kinds", kind=kind, known=", ".join(KINDS))
    for campaign in wanted.campaigns:
        if not campaign or len(campaign) > 200 or "\0" in campaign:
            raise Invalid(CAMPAIGN_NAME, "campaigns", campaign=campaign[:200])


def _wrong(url: str) -> str | None:
    """Why a URL cannot be an endpoint; whether its address may be called is seen when it is."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        return "https://host/path"
    if parts.username is not None or parts.fragment or len(url) > LONGEST_URL:
        return "user:password@, #fragment, > 2000"
    return None if url.isascii() and url.isprintable() and " " not in url else "ASCII"


def _sorted(names: Sequence[str]) -> list[str]:
    return sorted(set(names))


def _said(endpoint: Endpoint) -> dict[str, object]:
    return {"url": endpoint.url, "kinds": endpoint.kinds, "campaigns": endpoint.campaigns}
