"""Statements and balances of one member: what he has, and every change of it with its reason."""

from datetime import datetime

import asyncpg
import msgspec
from msgspec import Struct

from festoon.engine.waiting import WAITS


class Balance(Struct, frozen=True):
    """What a member has of one asset, in its smallest unit. `pending` is his and cannot be spent yet; `coming` says of
    how much of it when it can, the rest waits for a decision. `owed` is what was taken back and had been spent: what
    he gets next goes there first."""

    asset: str
    available: int
    held: int = 0
    pending: int = 0
    owed: int = 0
    lots: tuple[tuple[datetime, int], ...] = ()
    coming: tuple[tuple[datetime, int], ...] = ()


class Line(Struct, frozen=True):
    """One line of a statement. `amount` is negative when it went away; `why` is the mechanic or standing rule."""

    id: str
    at: datetime
    asset: str
    part: str
    amount: int
    why: str
    event: str
    type: str
    counterpart: str
    expires: datetime | None = None


async def balances(connection: asyncpg.Connection, member: int, now: datetime | None = None) -> list[Balance]:
    """All balances of a member, by asset; lots where the asset's grants may lapse.

    A lot that has lapsed by `now` is no longer counted, also in the moment before its timer has taken it away.
    """
    parts: dict[str, dict[str, int]] = {}
    for row in await connection.fetch(
        "SELECT asset, part, balance FROM account WHERE member_id = $1 ORDER BY asset", member
    ):
        parts.setdefault(row["asset"], {})[row["part"]] = row["balance"]
    lots: dict[str, list[tuple[datetime, int]]] = {}
    for row in await connection.fetch(
        "SELECT asset, expires, amount FROM lot WHERE member_id = $1 ORDER BY asset, expires", member
    ):
        if now is not None and row["expires"] <= now:
            parts[row["asset"]]["@"] -= row["amount"]
            continue
        lots.setdefault(row["asset"], []).append((row["expires"], row["amount"]))
    waiting = any(part.get("@pending") for part in parts.values())
    coming = await _coming(connection, member) if waiting else {}
    return [
        Balance(
            asset,
            part.get("@", 0),
            part.get("@held", 0),
            part.get("@pending", 0),
            -part.get("@owed", 0),
            tuple(lots.get(asset, ())),
            tuple(coming.get(asset, ())),
        )
        for asset, part in parts.items()
    ]


async def _coming(connection: asyncpg.Connection, member: int) -> dict[str, list[tuple[datetime, int]]]:
    """When how much of what is pending can be spent, by asset, soonest first."""
    found: dict[str, list[tuple[datetime, int]]] = {}
    for row in await connection.fetch(
        """SELECT leg ->> 0 AS asset, g.lapses, sum((leg ->> 4)::bigint)::bigint AS amount
           FROM held_grant g CROSS JOIN LATERAL jsonb_array_elements(g.aside::jsonb -> 'legs') AS leg
           WHERE g.member_id = $1 AND g.why = $2 GROUP BY 1, 2 ORDER BY 2""",
        member, WAITS,
    ):  # fmt: skip
        found.setdefault(row["asset"], []).append((row["lapses"], row["amount"]))
    return found


async def statement(
    connection: asyncpg.Connection,
    member: int,
    *,
    asset: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Line]:
    """The lines of a member's latest `limit` events that changed what he has, newest first. `before` is the event
    number that the last page ended with.

    A line's id is `seq-place`; it is what a reversal names. The lines of accounts that have become part of the member's
    are among them.
    """
    absorbed = await connection.fetchval("SELECT absorbed FROM member WHERE id = $1", member) or []
    rows = await connection.fetch(
        """SELECT e.seq, e.now, e.source, e.id, e.type, t.place, t.row
           FROM (SELECT seq, now, source, id, type, transfers FROM event
                 WHERE member_id = ANY($1::bigint[]) AND transfers IS NOT NULL
                   AND seq < coalesce($2, 9223372036854775807)
                   AND EXISTS (
                       SELECT FROM jsonb_array_elements(transfers::jsonb) AS own (row)
                       WHERE (row ->> 1 LIKE '@%' OR row ->> 2 LIKE '@%') AND ($3::text IS NULL OR row ->> 0 = $3))
                 ORDER BY seq DESC LIMIT $4) e
           CROSS JOIN LATERAL jsonb_array_elements(e.transfers::jsonb) WITH ORDINALITY AS t (row, place)
           WHERE (t.row ->> 1 LIKE '@%' OR t.row ->> 2 LIKE '@%') AND ($3::text IS NULL OR t.row ->> 0 = $3)
           ORDER BY e.seq DESC, t.place""",
        [member, *absorbed], before, asset, limit,
    )  # fmt: skip
    return [line for row in rows for line in _lines(row, [str(number) for number in absorbed])]


def _lines(row: asyncpg.Record, absorbed: list[str]) -> list[Line]:
    """A transfer between two of the member's own parts is two lines; one between shared accounts is none."""
    asset, debit, credit, amount, lot, why = _decode(row["row"])
    sides = ((debit, -amount, credit), (credit, amount, debit))
    return [
        Line(
            f"{row['seq']}-{row['place'] - 1}", row["now"], asset, side[side.index("@") :], change, why,
            f"{row['source']}#{row['id']}", row["type"], other, lot,
        )
        for side, change, other in sides
        if side[0] == "@" or side.partition("@")[0] in absorbed
    ]  # fmt: skip


_row = msgspec.json.Decoder(tuple[str, str, str, int, datetime | None, str])


def _decode(row: str) -> tuple[str, str, str, int, datetime | None, str]:
    return _row.decode(row)
