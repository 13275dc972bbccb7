"""Running a compensation that was signed: everybody's part, once, however often the run is killed and begun again."""

from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg
import msgspec

from festoon.base.errors import Conflict, define
from festoon.engine.compensations import LineCost, Preview, Status, event_for, line_cost, row_of, status
from festoon.engine.engine import Engine
from festoon.engine.outcome import decode
from festoon.engine.run_batch import run_batch
from festoon.plan.money import money
from festoon.store.trail import record

BATCH = 200

NOT_SIGNED = define(
    "compensation.not_signed",
    409,
    "'{id}' is {status}; it needs a second signature first",
    "“{id}”当前状态为{status}，须先经第二人审核",
    todo="somebody else looks at it and signs: festoon compensate sign",
    todo_zh="请由他人核对并签署：festoon compensate sign",
)
SHORT = define(
    "compensation.budget_short",
    409,
    "the budget line {line} has {left} left, and {needed} are needed",
    "预算“{line}”剩余{left}，需要{needed}",
    todo="add to the line with a new version of the plan, then run it again",
    todo_zh="请通过新版方案追加预算后再执行",
)

Heard = Callable[[int], None]


async def run(
    engine: Engine, connection: asyncpg.Connection, id: str, actor: str, heard: Heard = lambda _: None
) -> Status:
    """Give everybody his part who has not had it. Safe to be killed and run again; `heard` is told of each batch.

    Raises Conflict without a second signature, or when a budget line cannot pay for what is left to do.
    """
    row = await begin(connection, id, actor, engine.now())
    same = {**msgspec.json.decode(row["event"]), "made_by": row["maker"], "checked_by": row["checker"]}
    while left := await connection.fetch(
        """SELECT member_id, subject, data FROM compensation_member
           WHERE compensation = $1 AND state IS NULL ORDER BY member_id LIMIT $2""",
        id, BATCH,
    ):  # fmt: skip
        now = engine.now()
        events = [event_for(same, each["member_id"], each["subject"], each["data"], now) for each in left]
        answers = await run_batch(engine, connection, events)
        outcomes = [answer.outcome for answer in answers]
        await _note(connection, id, list(zip([each["member_id"] for each in left], outcomes, strict=True)))
        for answer in answers:
            if answer.error is not None:
                raise answer.error
        heard(len(left))
    await _ended(connection, id, actor, engine.now())
    return await status(connection, id)


async def begin(connection: asyncpg.Connection, id: str, actor: str, now: datetime) -> asyncpg.Record:
    """Say that it runs: whoever runs compensations (`engine/compensation_runner.py`, a command) goes on from there.

    Raises Conflict without a second signature, or when a budget line cannot pay for what is left to do.
    """
    async with connection.transaction():
        row = await row_of(connection, id)
        rehearsal = await connection.fetchval("SELECT mode = 'rehearsal' FROM installation")
        if row["status"] == "in_review" and not rehearsal:
            raise Conflict(NOT_SIGNED, id=id, status=row["status"])
        for line in await _still_to_pay(connection, row):
            if line.cost > line.left:
                name = line.line.rpartition("/")[2]
                left, needed = (money(amount, line.currency) for amount in (line.left, line.cost))
                raise Conflict(SHORT, line=name, left=left, needed=needed)
        if row["status"] in ("in_review", "approved"):
            await connection.execute("UPDATE compensation SET status = 'running' WHERE id = $1", id)
            await record(connection, at=now, actor=actor, act="compensation.run", object=id)
    return row


async def _still_to_pay(connection: asyncpg.Connection, row: asyncpg.Record) -> list[LineCost]:
    """What the lines still have to pay: the cost of those who have not had their part."""
    whole = msgspec.json.decode(row["preview"], type=Preview)
    left = await connection.fetchval(
        """SELECT coalesce(sum(coalesce((data::jsonb ->> 'times')::bigint, 1)), 0)
           FROM compensation_member WHERE compensation = $1 AND state IS NULL""",
        row["id"],
    )
    return [
        await line_cost(
            connection, f"{line.line}|{line.currency}", -(-line.cost * left // max(whole.events, 1))
        )
        for line in whole.lines
    ]


async def _note(connection: asyncpg.Connection, id: str, parts: Sequence[tuple[int, str]]) -> None:
    """Write down what became of each. A run that dies before this sends them again and gets the same outcomes."""
    told = [
        (number, "done" if decode(outcome).refused is None else "refused", outcome)
        for number, outcome in parts
        if outcome
    ]
    await connection.execute(
        """UPDATE compensation_member m SET state = new.state, outcome = new.outcome
           FROM unnest($2::bigint[], $3::text[], $4::text[]) AS new (member_id, state, outcome)
           WHERE m.compensation = $1 AND m.member_id = new.member_id""",
        id, *([each[place] for each in told] for place in range(3)),
    )  # fmt: skip


async def _ended(connection: asyncpg.Connection, id: str, actor: str, now: datetime) -> None:
    async with connection.transaction():
        row = await row_of(connection, id)
        if row["status"] == "done":
            return
        await connection.execute("UPDATE compensation SET status = 'done', done = $2 WHERE id = $1", id, now)
        told = await status(connection, id)
        after = {"done": told.done, "refused": told.refused}
        await record(connection, at=now, actor=actor, act="compensation.done", object=id, after=after)
