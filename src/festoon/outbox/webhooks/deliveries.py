"""Deliveries, for who looks at them: listed, filtered, sent again by hand, forgotten when they are long over."""

from datetime import datetime

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import NotFound, define
from festoon.base.events import derived_id
from festoon.outbox.webhooks.attempt import Attempt, attempts_of
from festoon.outbox.webhooks.endpoints import endpoint
from festoon.outbox.webhooks.kinds import TEST, Tested
from festoon.outbox.webhooks.message import message
from festoon.store.trail import record

DELIVERY_UNKNOWN = define(
    "webhook.delivery_unknown", 404, "there is no delivery {delivery}", "不存在投递记录{delivery}"
)
STATES = ("waiting", "delivered", "failed")
MOST = 200


class Delivery(Struct, frozen=True):
    """A message on its way to an endpoint. `state` is `waiting` (sent or sent again at `due`), `delivered` or
    `failed`; `attempts` are the latest of its `tries`."""

    number: int
    endpoint: str
    message: str
    kind: str
    campaign: str
    made: datetime
    state: str
    due: datetime
    tries: int
    done: datetime | None
    attempts: tuple[Attempt, ...]


class DeliveryDetail(Delivery, frozen=True):
    """A delivery with what is sent."""

    body: msgspec.Raw


class Sought(Struct, frozen=True):
    """Which deliveries: of one endpoint, in one state, of one kind, of one message."""

    endpoint: str | None = None
    state: str | None = None
    kind: str | None = None
    message: str | None = None


_COLUMNS = (
    "d.number, d.endpoint, d.message, d.kind, m.campaign, m.made, d.state, d.due, d.tries, d.done, d.attempts"
)


async def deliveries(
    connection: asyncpg.Connection, sought: Sought, *, before: int | None = None, limit: int = 50
) -> list[Delivery]:
    """A page of deliveries, newest first; `before` is the number of the last one of the page before."""
    rows = await connection.fetch(
        f"""SELECT {_COLUMNS} FROM webhook_delivery d JOIN webhook_message m ON m.id = d.message
            WHERE ($1::text IS NULL OR d.endpoint = $1) AND ($2::text IS NULL OR d.state = $2)
              AND ($3::text IS NULL OR d.kind = $3) AND ($4::text IS NULL OR d.message = $4)
              AND ($5::bigint IS NULL OR d.number < $5)
            ORDER BY d.number DESC LIMIT $6""",
        sought.endpoint, sought.state, sought.kind, sought.message, before, min(limit, MOST),
    )  # fmt: skip
    return [Delivery(**{**row, "attempts": attempts_of(row["attempts"])}) for row in rows]


async def delivery(connection: asyncpg.Connection, number: int) -> DeliveryDetail:
    """One of them. Raises NotFound."""
    row = await connection.fetchrow(
        f"""SELECT {_COLUMNS}, m.body FROM webhook_delivery d JOIN webhook_message m ON m.id = d.message
            WHERE d.number = $1""",
        number,
    )
    if row is None:
        raise NotFound(DELIVERY_UNKNOWN, delivery=number)
    return DeliveryDetail(
        **{**row, "attempts": attempts_of(row["attempts"]), "body": msgspec.Raw(row["body"])}
    )


async def replay(connection: asyncpg.Connection, number: int, actor: str, now: datetime) -> DeliveryDetail:
    """Send one again, whatever became of it, under the same message id. Raises NotFound."""
    async with connection.transaction():
        found = await connection.fetchval(
            """UPDATE webhook_delivery SET state = 'waiting', due = $2, tries = 0, done = NULL
               WHERE number = $1 RETURNING endpoint""",
            number, now,
        )  # fmt: skip
        if found is None:
            raise NotFound(DELIVERY_UNKNOWN, delivery=number)
        await record(connection, at=now, actor=actor, act="webhook.replay", object=found, after=number)
        return await delivery(connection, number)


async def replay_failed(
    connection: asyncpg.Connection, id: str, since: datetime, actor: str, now: datetime
) -> int:
    """Send everything again that an endpoint did not receive of what was told since an instant; returns how much it is.
    Raises NotFound."""
    async with connection.transaction():
        await endpoint(connection, id)
        rows = await connection.fetch(
            """UPDATE webhook_delivery d SET state = 'waiting', due = $3, tries = 0, done = NULL
               FROM webhook_message m
               WHERE d.endpoint = $1 AND d.state = 'failed' AND m.id = d.message AND m.made >= $2
               RETURNING d.number""",
            id, since, now,
        )  # fmt: skip
        after = {"since": since, "deliveries": len(rows)}
        await record(connection, at=now, actor=actor, act="webhook.replay", object=id, after=after)
    return len(rows)


async def send_test(connection: asyncpg.Connection, id: str, actor: str, now: datetime) -> int:
    """Tell an endpoint that somebody tries it out, and return the delivery's number. Raises NotFound."""
    async with connection.transaction():
        await endpoint(connection, id)
        made = message(TEST, "", now, Tested(id), derived_id(id, now.isoformat(), actor))
        await connection.execute(
            """INSERT INTO webhook_message (id, kind, campaign, body, made) VALUES ($1, $2, '', $3, $4)
               ON CONFLICT DO NOTHING""",
            made.id, made.kind, made.body, now,
        )  # fmt: skip
        number: int = await connection.fetchval(
            """INSERT INTO webhook_delivery (endpoint, message, kind, due) VALUES ($1, $2, $3, $4)
               ON CONFLICT (endpoint, message) DO UPDATE SET due = excluded.due RETURNING number""",
            id, made.id, made.kind, now,
        )  # fmt: skip
        await record(connection, at=now, actor=actor, act="webhook.test", object=id, after=number)
    return number


async def forget(connection: asyncpg.Connection, before: datetime) -> int:
    """Forget messages that were told before an instant and for which nobody waits; returns how many."""
    done: str = await connection.execute(
        """DELETE FROM webhook_message m WHERE m.made < $1 AND NOT EXISTS (
               SELECT FROM webhook_delivery d WHERE d.message = m.id AND d.state = 'waiting')""",
        before,
    )
    return int(done.rpartition(" ")[2])
