"""What one person wants done to a member and another has to sign: asked for, signed, declined, taken back.

What is signed becomes an event whose id is made of the request's number, so a signature that was cut short is carried
out by signing again, and nothing is done twice. The request knows the member by his number: when he is erased, nothing
in it leads to him.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import Conflict, Forbidden, Invalid, NotFound, define, text_of
from festoon.base.events import Event
from festoon.base.sources import ACTS
from festoon.engine.answer import Answer
from festoon.engine.barring import member_object
from festoon.engine.engine import Engine
from festoon.engine.members import number_that_stays
from festoon.engine.outcome import decode
from festoon.engine.run_batch import run_batch
from festoon.store.trail import record

SOURCE = ACTS
ADJUST, ERASE = "balance.adjusted", "member.erased"
OPEN = ("waiting", "signed")

UNKNOWN = define("act.unknown", 404, "there is no request {number}", "不存在申请{number}")
REASON_MISSING = define("act.reason_missing", 400, "say why", "请说明原因")
SELF_SIGNED = define(
    "act.maker_is_checker",
    403,
    "{actor} asked for this and cannot sign it",
    "{actor}是申请人，不能审核自己的申请",
    todo="ask somebody else with the scope events:operate to sign it",
    todo_zh="请由其他具有操作权限的人审核",
)
NOT_WAITING = define(
    "act.not_waiting", 409, "request {number} is {status} already", "申请{number}当前状态为{status}"
)
NOT_YOURS = define(
    "act.not_yours",
    403,
    "request {number} is {actor}'s; only who asked takes it back",
    "申请{number}由{actor}提出，只能由其撤回",
)
KEY_REUSED = define(
    "act.key_reused",
    409,
    "the key '{key}' was used for another request",
    "标识“{key}”已用于另一申请",
    todo="give every act a key of its own",
    todo_zh="请为每次操作使用不同的标识",
)

Submit = Callable[[Event], Awaitable[Answer]]
"""Has one event decided, and returns what became of it."""


class Request(Struct, frozen=True):
    """One request. `kind` is the type of the event it becomes; `member` is his external id, or "" when he has none any
    more; `status` is waiting, signed (and being carried out), done, refused, declined or withdrawn; `answer` says why
    it was refused or declined."""

    number: int
    kind: str
    member_number: int
    member: str
    data: dict[str, Any]
    reason: str
    maker: str
    asked: datetime
    status: str
    checker: str | None
    decided: datetime | None
    answer: str | None


_SELECT = """SELECT r.number, r.kind, r.member_id, CASE WHEN m.erased THEN '' ELSE m.subject END AS subject, r.data,
                    r.reason, r.maker, r.asked, r.status, r.checker, r.decided, r.answer
             FROM act_request r JOIN member m ON m.id = r.member_id"""


def submitting(engine: Engine, connection: asyncpg.Connection) -> Submit:
    """Events decided one at a time on a connection of one's own."""

    async def submit(event: Event) -> Answer:
        (answer,) = await run_batch(engine, connection, [event])
        return answer

    return submit


def said(reason: str) -> str:
    """A reason as it is kept. Raises Invalid when there is none."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(REASON_MISSING, "reason")
    return reason[:1000]


async def ask(
    connection: asyncpg.Connection, kind: str, member: int, data: Mapping[str, Any], reason: str, maker: str,
    now: datetime, key: str | None = None,
) -> Request:  # fmt: skip
    """Put an act up for the second signature. `key` names it for the sender: asked for again with the same key, it is
    the same request. Raises Invalid without a reason, Conflict for a key of something else."""
    body, reason = msgspec.json.encode(data, order="sorted").decode(), said(reason)
    async with connection.transaction():
        number = await connection.fetchval(
            """INSERT INTO act_request (kind, member_id, data, reason, key, maker, asked)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING number""",
            kind, member, body, reason, key, maker, now,
        )  # fmt: skip
        if number is None:
            number = await _known(connection, kind, member, body, maker, key)
        else:
            await record(
                connection, at=now, actor=maker, act=f"{kind}.ask", object=member_object(member),
                after={"request": number, "reason": reason, **data},
            )  # fmt: skip
    return await request(connection, number)


async def _known(
    connection: asyncpg.Connection, kind: str, member: int, body: str, maker: str, key: str | None
) -> int:
    """The request that was there before: of that key, or the one open erasure of the member. Raises Conflict."""
    row = await connection.fetchrow(
        """SELECT number, kind, member_id, data, maker FROM act_request
           WHERE key = $1 OR (kind = $2 AND member_id = $3 AND status IN ('waiting', 'signed'))
           ORDER BY key = $1 DESC NULLS LAST LIMIT 1""",
        key, kind, member,
    )  # fmt: skip
    assert row is not None, "something stood in the way"
    erasure = kind == ERASE and (row["kind"], row["member_id"]) == (kind, member)
    if not erasure and (row["kind"], row["member_id"], row["data"], row["maker"]) != (
        kind,
        member,
        body,
        maker,
    ):
        raise Conflict(KEY_REUSED, key=key)
    return int(row["number"])


async def request(connection: asyncpg.Connection, number: int) -> Request:
    """One request. Raises NotFound."""
    row = await connection.fetchrow(f"{_SELECT} WHERE r.number = $1", number)
    if row is None:
        raise NotFound(UNKNOWN, number=number)
    return _request(row)


def _request(row: asyncpg.Record) -> Request:
    number, kind, member, subject, data, *rest = row
    return Request(number, kind, member, subject, msgspec.json.decode(data), *rest)


async def waiting(
    connection: asyncpg.Connection, *, before: int | None = None, limit: int = 50
) -> list[Request]:
    """Requests that wait for a signature, or were signed and not carried out to the end; newest first."""
    rows = await connection.fetch(
        f"""{_SELECT} WHERE r.status IN ('waiting', 'signed') AND r.number < $1
            ORDER BY r.number DESC LIMIT $2""",
        2**62 if before is None else before,
        limit,
    )
    return [_request(row) for row in rows]


async def of_member(connection: asyncpg.Connection, member: int, limit: int = 20) -> list[Request]:
    """What was asked for about one member, newest first."""
    rows = await connection.fetch(
        f"{_SELECT} WHERE r.member_id = $1 ORDER BY r.number DESC LIMIT $2", member, limit
    )
    return [_request(row) for row in rows]


async def sign(
    connection: asyncpg.Connection, submit: Submit, number: int, checker: str, now: datetime
) -> Request:
    """The second signature, and then the act. One that was signed and cut short is carried out.

    Raises Forbidden when the checker asked for it himself, Conflict when it was decided, and what the event was turned
    away with: then it can be signed again.
    """
    async with connection.transaction():
        row = await _locked(connection, number)
        if row["status"] not in OPEN:
            raise Conflict(NOT_WAITING, number=number, status=row["status"])
        if row["maker"] == checker:
            raise Forbidden(SELF_SIGNED, actor=checker)
        if row["status"] == "waiting":
            await connection.execute(
                "UPDATE act_request SET status = 'signed', checker = $2, decided = $3 WHERE number = $1",
                number, checker, now,
            )  # fmt: skip
            await record(
                connection, at=now, actor=checker, act=f"{row['kind']}.sign",
                object=member_object(row["member_id"]), after={"request": number},
            )  # fmt: skip
    found = await request(connection, number)
    await _carry_out(connection, submit, found, now)
    return await request(connection, number)


async def _carry_out(connection: asyncpg.Connection, submit: Submit, asked: Request, now: datetime) -> None:
    """Send the event; what it came to is noted. Sent again it gets the outcome it got."""
    number = await number_that_stays(connection, asked.member_number)
    member = await connection.fetchrow("SELECT subject, erased FROM member WHERE id = $1", number)
    assert member is not None, "members are never deleted"
    status, answer = "done", None
    if not (asked.kind == ERASE and member["erased"]):
        data = {**asked.data, "reason": asked.reason, "made_by": asked.maker, "checked_by": asked.checker}
        at = asked.decided or now
        event = Event(SOURCE, f"request/{asked.number}", asked.kind, member["subject"], at, data)
        found = await submit(event)
        if found.error is not None:
            raise found.error
        outcome = decode(found.outcome)
        if outcome.refused is not None:
            status, answer = "refused", text_of(outcome.refused.code, outcome.refused.data)
    await connection.execute(
        "UPDATE act_request SET status = $2, answer = $3 WHERE number = $1 AND status = 'signed'",
        asked.number, status, answer,
    )  # fmt: skip


async def decline(
    connection: asyncpg.Connection, number: int, checker: str, now: datetime, reason: str
) -> Request:
    """The second person says no, with a reason. Raises Forbidden for who asked, Conflict when it was decided."""
    answer = said(reason)
    async with connection.transaction():
        row = await _locked(connection, number)
        if row["maker"] == checker:
            raise Forbidden(SELF_SIGNED, actor=checker)
        await _decided(connection, row, "declined", checker, now, answer)
    return await request(connection, number)


async def withdraw(connection: asyncpg.Connection, number: int, maker: str, now: datetime) -> Request:
    """Who asked takes it back. Raises Forbidden for anybody else, Conflict when it was decided."""
    async with connection.transaction():
        row = await _locked(connection, number)
        if row["maker"] != maker:
            raise Forbidden(NOT_YOURS, number=number, actor=row["maker"])
        await _decided(connection, row, "withdrawn", maker, now, None)
    return await request(connection, number)


async def _decided(
    connection: asyncpg.Connection,
    row: asyncpg.Record,
    status: str,
    actor: str,
    now: datetime,
    answer: str | None,
) -> None:
    if row["status"] != "waiting":
        raise Conflict(NOT_WAITING, number=row["number"], status=row["status"])
    await connection.execute(
        "UPDATE act_request SET status = $2, checker = $3, decided = $4, answer = $5 WHERE number = $1",
        row["number"], status, actor, now, answer,
    )  # fmt: skip
    await record(
        connection, at=now, actor=actor, act=f"{row['kind']}.{status}", object=member_object(row["member_id"]),
        after={"request": row["number"], "reason": answer},
    )  # fmt: skip


async def _locked(connection: asyncpg.Connection, number: int) -> asyncpg.Record:
    row = await connection.fetchrow("SELECT * FROM act_request WHERE number = $1 FOR UPDATE", number)
    if row is None:
        raise NotFound(UNKNOWN, number=number)
    return row
