"""Compensations from the file to the last member: previewed, submitted, signed by another, run, and looked at.

Who is concerned is settled when it is submitted, so that what is signed is what happens. Each member's part is an event
with an id made of the compensation's: a run that was killed goes on where it stopped, and gives nobody anything twice.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.amounts import added
from festoon.base.errors import Conflict, Forbidden, Invalid, NotFound, define
from festoon.base.events import Event
from festoon.base.rewards import AssetGift
from festoon.engine.affected import Concerned, affected, listed
from festoon.engine.amends import GRANTED, TAKEN
from festoon.engine.engine import Engine
from festoon.engine.foreseen import foreseen
from festoon.engine.program import Program
from festoon.engine.published import written_for
from festoon.engine.reload import load_program
from festoon.ledger.accounts import holder_and_asset
from festoon.plan.compensation import (
    TOO_DEAR,
    Compensation,
    compile_compensation,
    cost_of,
    read_compensation,
    written_gifts,
)
from festoon.plan.money import money
from festoon.plan.parse import load_plan
from festoon.store.pieces import copy_in, pieces
from festoon.store.trail import record

SOURCE = "festoon/compensations"
SHOWN = 10

NO_CAMPAIGN = define(
    "compensation.campaign_unknown", 404, "no campaign '{campaign}' runs", "没有正在运行的活动“{campaign}”"
)
UNKNOWN = define("compensation.unknown", 404, "there is no compensation '{id}'", "不存在补偿“{id}”")
THERE = define(
    "compensation.there_already",
    409,
    "the compensation '{id}' was submitted already",
    "补偿“{id}”已提交",
    todo="give it another name: what was submitted is not changed",
    todo_zh="请另取名称：已提交的内容不可更改",
)
SELF_SIGNED = define(
    "compensation.maker_is_checker",
    403,
    "{actor} made '{id}' and cannot sign it",
    "{actor}是“{id}”的编制人，不能审核",
    todo="ask somebody else with the scope plan:check to sign it",
    todo_zh="请由其他具有审核权限的人审核",
)
NOT_WAITING = define(
    "compensation.not_waiting", 409, "'{id}' is {status} already", "“{id}”当前状态为{status}"
)


class LineCost(Struct, frozen=True):
    """What it takes from one budget line, and what is left of it, in the smallest unit of its currency."""

    line: str
    currency: str
    cost: int
    left: int


class Preview(Struct, frozen=True):
    """What would happen. `total` is what would be given or taken back in all, by thing. Where something is taken back,
    `owed` is what members would owe from then on, and `lost` what cannot be had back; what is back already is in none.
    """

    id: str
    campaign: str
    kind: str
    members: int
    events: int
    unknown: list[str]
    lines: list[LineCost]
    total: dict[str, int]
    sample: list[str]
    held: int = 0
    """How many rewards that are held would be voided."""
    owed: dict[str, int] = {}
    lost: dict[str, int] = {}

    @property
    def takes_back(self) -> bool:
        """Whether it takes back; otherwise it gives."""
        return self.kind == "take_back"


class Status(Struct, frozen=True):
    """Where a compensation stands."""

    id: str
    campaign: str
    status: str
    maker: str
    checker: str | None
    members: int
    done: int
    refused: int
    digest: str


Ids = Sequence[str]


async def preview(
    connection: asyncpg.Connection, source: str, ids: Ids = ()
) -> tuple[Preview, Compensation, list[Concerned]]:
    """Who is concerned and what it costs. Nothing is written. `ids` are those of the file of members, if it names one.

    Raises PlanInvalid and Invalid for what cannot be right, NotFound for a campaign that does not run.
    """
    program = await load_program(connection)
    wanted = await _compiled(connection, program, source)
    unknown: list[str] = []
    # Inside of a transaction it is that one's to say how it looks.
    isolation: Literal["repeatable_read"] | None = (
        None if connection.is_in_transaction() else "repeatable_read"
    )
    async with connection.transaction(isolation=isolation):
        if wanted.file.affected is not None:
            concerned = await affected(connection, program, wanted)
        else:
            named = wanted.file.members
            concerned, unknown = await listed(connection, ids if isinstance(named, str) else named or ())
        lines = await _lines(connection, wanted, concerned)
        back = await _comes_back(connection, program, wanted, concerned)
    shown = Preview(
        wanted.file.compensation, wanted.file.campaign, "give" if wanted.gifts else "take_back", len(concerned),
        sum(each.times for each in concerned), unknown, lines, _given(wanted, concerned) | back["taken"],
        [each.subject for each in concerned[:SHOWN]], sum(len(each.held) for each in concerned), back["owed"],
        back["lost"],
    )  # fmt: skip
    spent = sum(line.cost for line in lines)
    if wanted.most is not None and spent > wanted.most:
        currency = lines[0].currency
        raise Invalid(TOO_DEAR, "at_most", cost=money(spent, currency), most=money(wanted.most, currency))
    return shown, wanted, concerned


async def _compiled(connection: asyncpg.Connection, program: Program, source: str) -> Compensation:
    file = read_compensation(source)
    row = await connection.fetchrow(
        """SELECT v.source, v.kinds FROM campaign c
           JOIN plan_version v ON v.campaign = c.id AND v.version = c.version WHERE c.id = $1""",
        file.campaign,
    )
    campaign = program.campaigns.get(file.campaign)
    if row is None or campaign is None:
        raise NotFound(NO_CAMPAIGN, campaign=file.campaign)
    plan = load_plan(row["source"], written_for=written_for(row["kinds"]))
    return compile_compensation(file, plan, campaign.zone)


async def _lines(
    connection: asyncpg.Connection, wanted: Compensation, concerned: Sequence[Concerned]
) -> list[LineCost]:
    costs: dict[str, int] = {}
    for times, members in Counter(each.times for each in concerned).items():
        for line, cost in cost_of(wanted.gifts, times).items():
            costs[line] = costs.get(line, 0) + cost * members
    return [await line_cost(connection, line, cost) for line, cost in sorted(costs.items())]


async def line_cost(connection: asyncpg.Connection, line: str, cost: int) -> LineCost:
    """A cost beside what is left of its line."""
    holder, currency = holder_and_asset(line)
    left = await connection.fetchval(
        "SELECT balance FROM shared_account WHERE holder = $1 AND asset = $2", holder, currency
    )
    return LineCost(holder, currency, cost, left or 0)


def _given(wanted: Compensation, concerned: Sequence[Concerned]) -> dict[str, int]:
    """What would be given in all, by thing."""
    found: Counter[str] = Counter()
    times = sum(each.times for each in concerned)
    for gift in wanted.gifts if times else ():
        name, amount = (gift.asset, gift.low) if isinstance(gift, AssetGift) else (gift.ref, gift.count)
        found[name] += amount * times
    return dict(found)


async def _comes_back(
    connection: asyncpg.Connection, program: Program, wanted: Compensation, concerned: Sequence[Concerned]
) -> dict[str, dict[str, int]]:
    """What would be taken, owed and lost in all, by thing, if it were taken back now."""
    found: dict[str, dict[str, int]] = {"taken": {}, "owed": {}, "lost": {}}
    if wanted.file.take_back is not None:
        now, same = await connection.fetchval("SELECT statement_timestamp()"), _same(wanted)
        engine = Engine(program, load_program, lambda: now)
        events = (
            (each.number, event_for(same, each.number, each.subject, _own(wanted, each), now))
            for each in concerned
        )
        async for outcome in foreseen(connection, engine, events):
            for made in outcome.mechanics:
                told = {**made.note, "taken": made.taken}
                found = {name: added(sums, told.get(name, {})) for name, sums in found.items()}
    return found


def event_for(same: Mapping[str, Any], number: int, subject: str, own: str, now: datetime) -> Event:
    """A member's part as the event that brings it. `same` is what all parts say, `own` is JSON of what his says."""
    type_ = TAKEN if "spent" in same else GRANTED
    data = {**same, **msgspec.json.decode(own)}
    return Event(SOURCE, f"{same['compensation']}/{number}", type_, subject, now, data)


async def submit(
    connection: asyncpg.Connection, source: str, maker: str, now: datetime, ids: Ids = ()
) -> Preview:
    """Put it up for the second signature, with the members it concerns. Raises what `preview` raises, and Conflict for
    a name that was used."""
    shown, wanted, concerned = await preview(connection, source, ids)
    digest = await asyncio.to_thread(_digest, source, wanted, concerned)
    async with connection.transaction():
        made = await connection.fetchval(
            """INSERT INTO compensation (id, campaign, status, source, preview, event, digest, maker, submitted)
               VALUES ($1, $2, 'in_review', $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING 1""",
            shown.id, shown.campaign, source, msgspec.json.encode(shown).decode(),
            msgspec.json.encode(_same(wanted)).decode(), digest, maker, now,
        )  # fmt: skip
        if made is None:
            raise Conflict(THERE, id=shown.id)
        rows = ((shown.id, each.number, each.subject, _own(wanted, each)) for each in concerned)
        await copy_in(
            connection, "compensation_member", ("compensation", "member_id", "subject", "data"), rows
        )
        await record(
            connection, at=now, actor=maker, act="compensation.submit", object=shown.id,
            after={"members": shown.members, "lines": shown.lines, "digest": digest},
        )  # fmt: skip
    return shown


def _digest(source: str, wanted: Compensation, concerned: Sequence[Concerned]) -> str:
    """The hash of all that is signed: the file, and what each member's event says."""
    digest = sha256(source.encode())
    for piece in pieces(concerned):
        said = [(each.number, each.subject, _own(wanted, each)) for each in piece]
        digest.update(msgspec.json.encode(said))
    return digest.hexdigest()


def _same(wanted: Compensation) -> dict[str, Any]:
    """What all members' events say."""
    file = wanted.file
    said: dict[str, Any] = {
        "compensation": file.compensation,
        "campaign": file.campaign,
        "reason": file.reason,
    }
    if file.take_back is not None:
        return {**said, "spent": file.take_back.spent}
    return {**said, "gifts": written_gifts(wanted.gifts)}


def _own(wanted: Compensation, each: Concerned) -> str:
    own: dict[str, Any] = {"times": each.times}
    if wanted.file.take_back is not None:
        own = {"granted": each.granted} | ({"held": each.held} if each.held else {})
    return msgspec.json.encode(own).decode()


async def sign(connection: asyncpg.Connection, id: str, checker: str, now: datetime) -> None:
    """The second signature. Raises Forbidden when the checker made it himself."""
    async with connection.transaction():
        row = await row_of(connection, id)
        if row["maker"] == checker:
            raise Forbidden(SELF_SIGNED, actor=checker, id=id)
        if row["status"] != "in_review":
            raise Conflict(NOT_WAITING, id=id, status=row["status"])
        await connection.execute(
            "UPDATE compensation SET status = 'approved', checker = $2, approved = $3 WHERE id = $1",
            id,
            checker,
            now,
        )
        await record(
            connection,
            at=now,
            actor=checker,
            act="compensation.sign",
            object=id,
            after={"digest": row["digest"]},
        )


async def row_of(connection: asyncpg.Connection, id: str) -> asyncpg.Record:
    """A compensation's row, locked. Raises NotFound."""
    row = await connection.fetchrow("SELECT * FROM compensation WHERE id = $1 FOR UPDATE", id)
    if row is None:
        raise NotFound(UNKNOWN, id=id)
    return row


async def status(connection: asyncpg.Connection, id: str) -> Status:
    """Where it stands. Raises NotFound."""
    for each in await every(connection, id):
        return each
    raise NotFound(UNKNOWN, id=id)


async def every(connection: asyncpg.Connection, id: str | None = None) -> list[Status]:
    """All compensations, the latest first; or the one of that name."""
    rows = await connection.fetch(
        """SELECT c.id, c.campaign, c.status, c.maker, c.checker, c.digest, count(m.*) AS members,
                  count(*) FILTER (WHERE m.state = 'done') AS done,
                  count(*) FILTER (WHERE m.state = 'refused') AS refused
           FROM compensation c LEFT JOIN compensation_member m ON m.compensation = c.id
           WHERE $1::text IS NULL OR c.id = $1 GROUP BY c.id ORDER BY c.submitted DESC, c.id""",
        id,
    )
    return [
        Status(
            row["id"], row["campaign"], row["status"], row["maker"], row["checker"], row["members"], row["done"],
            row["refused"], row["digest"],
        )
        for row in rows
    ]  # fmt: skip
