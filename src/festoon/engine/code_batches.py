"""Codes in bulk: made in batches, listed, exported, withdrawn.

How many there may be was signed with the plan. A batch is one transaction: all of its codes are there, or none. Each is
unlike every code made before: within the batch by how it is made, beyond that by the store, which holds every code
there ever was under one key.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import asyncpg
from msgspec import Struct

from festoon.base.code_pattern import SIGN, Pattern, normal
from festoon.base.errors import Conflict, Invalid, NotFound, define
from festoon.engine.changing import changing_program
from festoon.engine.published import written_for
from festoon.engine.reload import compile_version
from festoon.mechanics.code import Code
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.parse import load_plan
from festoon.store.trail import record

AT_ONCE = 100_000
"""So many codes go into the store in one piece."""
HEADING = "code,state,member,used\n"
PIECE = 10_000
"""So many lines of a batch are read at once when it is written out."""
MOST = 10_000_000
"""So many codes are made in one batch at the most: they are held in memory while they are made."""

NO_CODES = define(
    "codes.no_such_owner",
    404,
    "'{owner}' in '{campaign}' has no codes that are made beforehand; there are {known}",
    "活动“{campaign}”的“{owner}”没有预先生成的兑换码；现有：{known}",
    todo="give the coupon a `batch`, or the mechanic a `single`",
    todo_zh="请为优惠券设置 `batch`，或为玩法设置 `single`",
)
TOO_MANY = define(
    "codes.too_many",
    409,
    "the plan has {allowed} codes of '{owner}', {made} are made, and {wanted} more would be too many",
    "方案规定“{owner}”共{allowed}个兑换码，已生成{made}个，再生成{wanted}个将超出",
    todo="publish a plan with more of them first",
    todo_zh="请先发布增加数量的方案",
)
NAME_TAKEN = define(
    "codes.name_taken",
    409,
    "'{campaign}' has a batch called '{name}' already",
    "活动“{campaign}”已有批次“{name}”",
)
NO_BATCH = define(
    "codes.no_such_batch",
    404,
    "'{campaign}' has no batch called '{name}'",
    "活动“{campaign}”没有批次“{name}”",
)
NO_CODE = define(
    "codes.no_such_code",
    404,
    "the batch '{name}' has no code {code} that could be withdrawn",
    "批次“{name}”中没有可作废的兑换码 {code}",
)
WRONG_COUNT = define(
    "codes.wrong_count", 400, "{count} is not a number from 1 to {most}", "{count} 不在 1 到 {most} 之间"
)

LAPSED = define(
    "codes.lapsed_already",
    400,
    "codes that can be used until {until} could not be used any more",
    "截止时间 {until} 已过，生成的兑换码将无法使用",
    todo="say a later day",
    todo_zh="请填写更晚的日期",
)

OnProgress = Callable[[int], None]
Random = Callable[[int], bytes]


class Source(Struct, frozen=True):
    """What codes can be made for: its name as a plan's file has it, how they are stored, how they look, how many."""

    owner: str
    stored: str
    pattern: Pattern
    count: int


class Order(Struct, frozen=True):
    """What is to be made. `owner` is a coupon or a mechanic of the campaign; `until` the instant they lapse at."""

    campaign: str
    owner: str
    name: str
    count: int
    until: datetime | None = None


class Batch(Struct, frozen=True):
    """A batch of codes. `owner` is the mechanic that they are codes of, or `coupon:name`; `voided` is when it was
    withdrawn."""

    campaign: str
    owner: str
    name: str
    pattern: str
    count: int
    made: datetime
    maker: str
    until: datetime | None
    voided: datetime | None


class BatchState(Batch, frozen=True):
    """A batch and what has become of its codes."""

    free: int
    given: int
    used: int
    withdrawn: int


async def make(
    connection: asyncpg.Connection,
    order: Order,
    actor: str,
    now: datetime,
    random: Random,
    on_progress: OnProgress,
) -> int:
    """Make a batch of codes and return its number; from then on every process knows them.

    `random(n)` gives n bytes that nobody can guess. Raises NotFound, Invalid, or Conflict when the plan does not have
    so many or the name is taken.
    """
    if not 1 <= order.count <= MOST:
        raise Invalid(WRONG_COUNT, "count", count=order.count, most=MOST)
    if order.until is not None and order.until <= now:
        raise Invalid(LAPSED, "until", until=order.until)
    async with connection.transaction():
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtext('festoon.codes/' || $1))", order.campaign
        )
        source = await _source(connection, order)
        batch: int | None = await connection.fetchval(
            """INSERT INTO code_batch (campaign, owner, name, pattern, count, until, made, maker)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id""",
            order.campaign, source.stored, order.name, source.pattern.text, order.count, order.until, now, actor,
        )  # fmt: skip
        if batch is None:
            raise Conflict(NAME_TAKEN, campaign=order.campaign, name=order.name)
        codes = await asyncio.to_thread(source.pattern.make, order.count, random)
        for start in range(0, len(codes), AT_ONCE):
            await _store(connection, codes[start : start + AT_ONCE], batch, source.pattern, random)
            on_progress(min(start + AT_ONCE, len(codes)))
        # Last, since it takes a while to make a million, and nobody else wants a row of them before.
        async with changing_program(connection):
            await record(
                connection, at=now, actor=actor, act="codes.make", object=f"{order.campaign}/{order.name}",
                after=str(order.count),
            )  # fmt: skip
    return batch


async def _source(connection: asyncpg.Connection, order: Order) -> Source:
    """What the codes are for. Raises NotFound; Conflict when the plan does not have so many: of a batch that was
    withdrawn, those count that were not free any more."""
    sources = (await sources_of(connection, [order.campaign])).get(order.campaign, {})
    if order.owner not in sources:
        known = ", ".join(sources) or "-"
        raise NotFound(NO_CODES, owner=order.owner, campaign=order.campaign, known=known)
    source = sources[order.owner]
    made: int = await connection.fetchval(
        """SELECT coalesce(sum(count - CASE WHEN voided IS NULL THEN 0 ELSE (
               SELECT count(*) FROM coupon_code c WHERE c.batch = b.id AND c.member_id IS NULL AND c.used IS NULL
           ) END), 0)::bigint FROM code_batch b WHERE campaign = $1 AND owner = $2""",
        order.campaign,
        source.stored,
    )
    if made + order.count > source.count:
        raise Conflict(TOO_MANY, owner=order.owner, allowed=source.count, made=made, wanted=order.count)
    return source


async def sources_of(
    connection: asyncpg.Connection, campaigns: Iterable[str]
) -> dict[str, dict[str, Source]]:
    """What published campaigns have codes of, by campaign and the name in the plan."""
    rows = await connection.fetch(
        """SELECT c.id, v.source, v.kinds, v.version FROM campaign c
           JOIN plan_version v ON v.campaign = c.id AND v.version = c.version WHERE c.id = ANY ($1)""",
        list(campaigns),
    )
    return {row["id"]: _sources(row) for row in rows}


def _sources(row: asyncpg.Record) -> dict[str, Source]:
    found = {}
    for name, coupon in load_plan(row["source"], written_for=written_for(row["kinds"])).coupons.items():
        if coupon.batch is not None:
            found[name] = Source(name, f"coupon:{name}", Pattern(coupon.batch), coupon.stock or 0)
    compiled: CompiledCampaign = compile_version(row["source"], row["kinds"], row["version"])
    for each in compiled.mechanics:
        if isinstance(each.mechanic, Code) and each.mechanic.params.single is not None:
            single = each.mechanic.params.single
            found[each.id] = Source(each.id, each.id, Pattern(single.pattern), single.count)
    return found


async def _store(
    connection: asyncpg.Connection, codes: Sequence[bytes], batch: int, pattern: Pattern, random: Random
) -> None:
    """Store codes; those that there were before are made anew, until all are new."""
    codes = await _without_coupons(connection, codes, pattern, random)
    while True:
        try:
            async with connection.transaction():
                await connection.copy_to_table(
                    "coupon_code", source=_rows(codes, batch), columns=("code", "batch"), format="text"
                )
            return
        except asyncpg.UniqueViolationError:
            known = await connection.fetch(
                "SELECT code FROM coupon_code WHERE code = ANY ($1)", [code.decode() for code in codes]
            )
            codes = _instead(codes, {row["code"].encode() for row in known}, pattern, random)


async def _without_coupons(
    connection: asyncpg.Connection, codes: Sequence[bytes], pattern: Pattern, random: Random
) -> Sequence[bytes]:
    """The same without what coupons are called that members own, whose codes were made one by one: a prefix and then
    signs, so never like a pattern with a hyphen between its signs."""
    if "-" in pattern.text[pattern.text.index(SIGN) :]:
        return codes
    shown = {pattern.shown(code.decode()): code for code in codes}
    known = await connection.fetch(
        """SELECT wanted.code FROM unnest($1::text[]) AS wanted (code)
           WHERE EXISTS (SELECT FROM item i WHERE i.code = wanted.code)""",
        list(shown),
    )
    return _instead(codes, {shown[row["code"]] for row in known}, pattern, random) if known else codes


def _instead(codes: Sequence[bytes], known: set[bytes], pattern: Pattern, random: Random) -> Sequence[bytes]:
    """Others instead of those that are known, unlike all of these."""
    kept = {code for code in codes if code not in known}
    while len(kept) < len(codes):
        kept |= {code for code in pattern.make(len(codes) - len(kept), random) if code not in known}
    return sorted(kept)


async def _rows(codes: Sequence[bytes], batch: int) -> AsyncIterator[bytes]:
    """The rows as COPY reads them."""
    end = b"\t%d\n" % batch
    yield end.join(codes) + end


async def void(
    connection: asyncpg.Connection, campaign: str, name: str, code: str, actor: str, now: datetime
) -> int:
    """Withdraw a batch, or one code of it; how many codes can no longer be used by that: none of a batch that has been
    withdrawn before. What members own already stays theirs.

    Raises NotFound.
    """
    async with changing_program(connection):
        row = await connection.fetchrow(
            "SELECT id, voided FROM code_batch WHERE campaign = $1 AND name = $2 FOR UPDATE", campaign, name
        )
        if row is None:
            raise NotFound(NO_BATCH, campaign=campaign, name=name)
        if row["voided"] is not None and not code:
            return 0
        if code:
            done = await connection.execute(
                """UPDATE coupon_code SET used = $3
                   WHERE code = $1 AND batch = $2 AND member_id IS NULL AND used IS NULL AND $4""",
                normal(code), row["id"], now, row["voided"] is None,
            )  # fmt: skip
            if done == "UPDATE 0":
                raise NotFound(NO_CODE, name=name, code=code)
            free = 1
        else:
            await connection.execute("UPDATE code_batch SET voided = $2 WHERE id = $1", row["id"], now)
            free = await connection.fetchval(
                "SELECT count(*) FROM coupon_code WHERE batch = $1 AND member_id IS NULL AND used IS NULL",
                row["id"],
            )
        await record(
            connection,
            at=now,
            actor=actor,
            act="codes.void",
            object=f"{campaign}/{name}",
            after=code or str(free),
        )
    return free


async def batches(
    connection: asyncpg.Connection, campaign: str = "", name: str | None = None
) -> list[BatchState]:
    """The batches of a campaign, or of all, or the one of a name, with what has become of their codes."""
    rows = await connection.fetch(
        """SELECT b.campaign, b.owner, b.name, b.pattern, b.count, b.made, b.maker, b.until, b.voided,
                  count(*) FILTER (WHERE c.member_id IS NULL AND c.used IS NULL AND b.voided IS NULL) AS free,
                  count(*) FILTER (WHERE c.member_id IS NOT NULL AND c.used IS NULL) AS given,
                  count(*) FILTER (WHERE c.member_id IS NOT NULL AND c.used IS NOT NULL) AS used,
                  count(*) FILTER (WHERE c.member_id IS NULL AND coalesce(c.used, b.voided) IS NOT NULL) AS withdrawn
           FROM code_batch b LEFT JOIN coupon_code c ON c.batch = b.id
           WHERE ($1 = '' OR b.campaign = $1) AND ($2::text IS NULL OR b.name = $2) GROUP BY b.id ORDER BY b.id""",
        campaign, name,
    )  # fmt: skip
    return [BatchState(*row) for row in rows]


async def export(
    connection: asyncpg.Connection, campaign: str, name: str, write: Callable[[str], Any]
) -> int:
    """Write a batch as CSV: the code as it is shown, what has become of it, the member's number and when it was used.

    Returns how many there are. Raises NotFound.
    """
    count = 0
    write(HEADING)
    async with connection.transaction(readonly=True):
        last: str | None = ""
        while last is not None:
            lines, last = await piece(connection, campaign, name, last)
            write("".join(lines))
            count += len(lines)
    return count


async def piece(
    connection: asyncpg.Connection, campaign: str, name: str, last: str
) -> tuple[list[str], str | None]:
    """The next lines of a batch's CSV behind a code, and the code that they end with; None when that was all. Raises
    NotFound."""
    row = await connection.fetchrow(
        "SELECT id, pattern, voided FROM code_batch WHERE campaign = $1 AND name = $2", campaign, name
    )
    if row is None:
        raise NotFound(NO_BATCH, campaign=campaign, name=name)
    pattern = Pattern(row["pattern"])
    rows = await connection.fetch(
        """SELECT code, member_id, CASE WHEN member_id IS NULL THEN coalesce(used, $4) ELSE used END AS used
           FROM coupon_code WHERE batch = $1 AND code > $2 ORDER BY code LIMIT $3""",
        row["id"], last, PIECE, row["voided"],
    )  # fmt: skip
    lines = [
        f"{pattern.shown(code)},{_state(member, used)},{member or ''},{used.isoformat() if used else ''}\n"
        for code, member, used in rows
    ]
    return lines, rows[-1]["code"] if len(rows) == PIECE else None


def _state(member: int | None, used: datetime | None) -> str:
    if used is None:
        return "free" if member is None else "given"
    return "withdrawn" if member is None else "used"
