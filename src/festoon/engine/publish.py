"""Publishing: a plan is submitted, approved by another, and then takes over in one transaction.

The publishing transaction holds the program's lock exclusively, so no batch is under way: stock and budget are put in
or taken out as transfers, seeds are committed to, and the program's number grows. Every process then reloads.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

import asyncpg

from festoon.base.errors import Conflict, Forbidden, Invalid, NotFound, define
from festoon.engine.appointments import appoint
from festoon.engine.changing import changing_program
from festoon.engine.funding import fund
from festoon.engine.grand_draws import check_frozen_prizes
from festoon.engine.published import stored_kinds, written_for
from festoon.engine.reload import running
from festoon.engine.remarks import VERSION_UNKNOWN, remark
from festoon.mechanics.fairness import SEED_BYTES, Per, commit, epochs
from festoon.plan.compile import compile_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.overlaps import overlaps
from festoon.plan.parse import load_plan, read_plan
from festoon.plan.schema import Plan
from festoon.plan.versions import Change, come_back, compare
from festoon.store.trail import record

SELF_APPROVED = define(
    "plan.maker_is_checker",
    403,
    "{actor} made this version and cannot approve it",
    "{actor}是该版本的编制人，不能审核自己的方案",
    todo="ask somebody else with the scope plan:check to approve it",
    todo_zh="请由其他具有审核权限的人批准",
)
REVIEWER_APPROVES = define(
    "plan.reviewer_is_checker",
    403,
    "{actor} reviewed this version; somebody else approves it",
    "{actor}是该版本的审核人，须由其他人批准",
    todo="ask a third person to approve it",
    todo_zh="请由第三人批准",
)
NOT_APPROVED = define(
    "plan.not_approved",
    409,
    "version {version} of '{campaign}' is {status}, not approved",
    "活动“{campaign}”第{version}版的状态为{status}，尚未批准",
    todo="approve it first: festoon plan approve {campaign} --version {version}",
    todo_zh="请先批准：festoon plan approve {campaign} --version {version}",
)
CANNOT_FOLLOW = define(
    "plan.cannot_follow",
    409,
    "this version cannot take over from the one that runs: {change}",
    "该版本无法接替正在运行的版本：{change}",
    todo="give the mechanic a new id, or make it another campaign",
    todo_zh="请为该玩法使用新的编号，或另建活动",
)
CANNOT_RUN_BESIDE = define(
    "plan.cannot_run_beside",
    409,
    "this plan cannot run beside another: {problem}",
    "该方案不能与其他活动同时运行：{problem}",
    todo="give the cap a name of its own or make it the same in both plans; use another code",
    todo_zh="请为该上限另取名称，或在两个方案中保持一致；兑换码请更换",
)
NOT_WAITING = define(
    "plan.not_waiting",
    409,
    "version {version} of '{campaign}' is {status}; only what has not been published can be taken back",
    "活动“{campaign}”第{version}版的状态为{status}，只有尚未发布的版本可以撤回",
    todo="submit the next version instead, or stop the campaign",
    todo_zh="请提交下一版，或停止活动",
)
NOT_YOURS = define(
    "plan.not_yours",
    403,
    "version {version} of '{campaign}' was made by {actor}; only its maker takes it back",
    "活动“{campaign}”第{version}版由{actor}编制，只能由编制人撤回",
    todo="who checks it can send it back with a reason: festoon plan send-back",
    todo_zh="审核人可说明原因后退回：festoon plan send-back",
)
REASON_MISSING = define(
    "plan.reason_missing",
    400,
    "say why it is sent back",
    "请说明退回的原因",
    todo="the maker has to know what to change",
    todo_zh="编制人需要知道如何修改",
)
OVERTAKEN = define(
    "plan.overtaken",
    409,
    "this was made for version {version} of '{campaign}'; version {now} runs by now",
    "此申请基于活动“{campaign}”第{version}版，目前运行的是第{now}版",
    todo="ask for it anew",
    todo_zh="请重新提交申请",
)


async def submit(
    connection: asyncpg.Connection, source: str, maker: str, now: datetime, note: str = ""
) -> tuple[str, int]:
    """Put a plan up for review as its campaign's next version. Raises PlanInvalid when it is not right."""
    compiled = await asyncio.to_thread(_compiled, source)
    campaign = compiled.campaign
    async with connection.transaction():
        await connection.execute(
            "INSERT INTO campaign (id, created) VALUES ($1, $2) ON CONFLICT DO NOTHING", campaign, now
        )
        await connection.execute("SELECT id FROM campaign WHERE id = $1 FOR UPDATE", campaign)
        version = await connection.fetchval(
            """INSERT INTO plan_version (campaign, version, status, source, kinds, digest, maker, submitted, note)
               SELECT $1, coalesce(max(version), 0) + 1, 'in_review', $2, $3, $4, $5, $6, $7
               FROM plan_version WHERE campaign = $1 RETURNING version""",
            campaign, source, stored_kinds(compiled), sha256(source.encode()).hexdigest(), maker, now, note,
        )  # fmt: skip
        await remark(connection, campaign, version, maker, "submit", note, now)
        await record(
            connection, at=now, actor=maker, act="plan.submit", object=f"{campaign}@{version}", after=note
        )
    return campaign, version


async def approve(
    connection: asyncpg.Connection,
    campaign: str,
    version: int,
    checker: str,
    now: datetime,
    comment: str = "",
) -> None:
    """The second signature (批准). Raises Forbidden when the checker made the version himself, or was the one who
    reviewed it: where a version was reviewed, three people sign."""
    async with connection.transaction():
        row = await _version(connection, campaign, version)
        if row["maker"] == checker:
            raise Forbidden(SELF_APPROVED, actor=checker)
        if row["reviewer"] == checker:
            raise Forbidden(REVIEWER_APPROVES, actor=checker)
        if row["status"] != "in_review":
            raise Conflict(NOT_APPROVED, campaign=campaign, version=version, status=row["status"])
        await connection.execute(
            """UPDATE plan_version SET status = 'approved', checker = $3, approved = $4
               WHERE campaign = $1 AND version = $2""",
            campaign, version, checker, now,
        )  # fmt: skip
        await remark(connection, campaign, version, checker, "approve", comment, now)
        await record(
            connection,
            at=now,
            actor=checker,
            act="plan.approve",
            object=f"{campaign}@{version}",
            after=comment,
        )


async def withdraw(
    connection: asyncpg.Connection, campaign: str, version: int, maker: str, now: datetime, reason: str = ""
) -> None:
    """The maker takes a version back before it runs. Raises Forbidden for anybody else's, Conflict
    (`plan.not_waiting`)."""
    async with connection.transaction():
        row = await _version(connection, campaign, version)
        if row["maker"] != maker:
            raise Forbidden(NOT_YOURS, actor=row["maker"], campaign=campaign, version=version)
        await _set_aside(connection, row, "plan.withdraw", maker, now, reason)


async def send_back(
    connection: asyncpg.Connection, campaign: str, version: int, checker: str, now: datetime, reason: str
) -> None:
    """The checker sends a version back to its maker instead of signing it. Raises Invalid without a reason, Conflict
    (`plan.not_waiting`)."""
    if not reason.strip():
        raise Invalid(REASON_MISSING, "reason")
    async with connection.transaction():
        row = await _version(connection, campaign, version)
        await _set_aside(connection, row, "plan.send_back", checker, now, reason)


async def _set_aside(
    connection: asyncpg.Connection, row: asyncpg.Record, act: str, actor: str, now: datetime, reason: str
) -> None:
    campaign, version = row["campaign"], row["version"]
    if row["status"] not in ("in_review", "approved"):
        raise Conflict(NOT_WAITING, campaign=campaign, version=version, status=row["status"])
    await connection.execute(
        "UPDATE plan_version SET status = 'withdrawn' WHERE campaign = $1 AND version = $2", campaign, version
    )
    await remark(connection, campaign, version, actor, act.removeprefix("plan."), reason, now)
    await record(connection, at=now, actor=actor, act=act, object=f"{campaign}@{version}", after=reason)


def _compiled(
    source: str, version: int = 1, written_for: Mapping[str, int] | None = None
) -> CompiledCampaign:
    """Compiled beside the event loop: a large plan takes a tenth of a second, and events do not wait for it."""
    return compile_plan(read_plan(source, written_for=written_for), version=version)


async def publish(
    connection: asyncpg.Connection,
    campaign: str,
    version: int,
    actor: str,
    now: datetime,
    *,
    replacing: int | None = None,
) -> CompiledCampaign:
    """Let an approved version take over. In a rehearsal database the second signature is not asked for. `replacing` is
    the version that has to run until then, if it matters; otherwise Conflict (`plan.overtaken`)."""
    row = await _version(connection, campaign, version)
    kinds = written_for(row["kinds"])
    new = await asyncio.to_thread(_compiled, row["source"], version, kinds)
    async with changing_program(connection):
        row = await _version(connection, campaign, version)
        rehearsal = await connection.fetchval("SELECT mode = 'rehearsal' FROM installation")
        if row["status"] != "approved" and not (rehearsal and row["status"] == "in_review"):
            raise Conflict(NOT_APPROVED, campaign=campaign, version=version, status=row["status"])
        if replacing is not None:
            await _still(connection, campaign, replacing)
        for change in await changes(connection, campaign, row["source"], kinds):
            if change.effect == "refused":
                raise Conflict(CANNOT_FOLLOW, campaign=campaign, change=change.text())
        beside = await running(connection)
        for overlap in overlaps(new, beside):
            if overlap.severity == "error":
                raise Conflict(CANNOT_RUN_BESIDE, problem=overlap.text())
        await check_frozen_prizes(connection, beside, new)
        await fund(connection, new, version, now)
        await appoint(connection, new)
        await _commit_seeds(connection, new)
        await connection.execute(
            "UPDATE plan_version SET status = 'superseded' WHERE campaign = $1 AND status = 'published'",
            campaign,
        )
        await connection.execute(
            "UPDATE plan_version SET status = 'published', published = $3 WHERE campaign = $1 AND version = $2",
            campaign, version, now,
        )  # fmt: skip
        await connection.execute("UPDATE campaign SET version = $2 WHERE id = $1", campaign, version)
        await remark(connection, campaign, version, actor, "publish", "", now)
        await record(connection, at=now, actor=actor, act="plan.publish", object=f"{campaign}@{version}")
    return new


async def _still(connection: asyncpg.Connection, campaign: str, version: int) -> None:
    now = await connection.fetchval("SELECT version FROM campaign WHERE id = $1", campaign)
    if now != version:
        raise Conflict(OVERTAKEN, campaign=campaign, version=version, now=now)


async def pause(
    connection: asyncpg.Connection, campaign: str, mechanics: Sequence[str], actor: str, now: datetime
) -> None:
    """Pause these mechanics and no others; `*` is the whole campaign, an empty list resumes everything."""
    async with changing_program(connection):
        before = await connection.fetchval("SELECT paused FROM campaign WHERE id = $1", campaign)
        if before is None:
            raise NotFound(VERSION_UNKNOWN, campaign=campaign, version="any")
        await connection.execute("UPDATE campaign SET paused = $2 WHERE id = $1", campaign, list(mechanics))
        await record(
            connection,
            at=now,
            actor=actor,
            act="campaign.pause",
            object=campaign,
            before=before,
            after=list(mechanics),
        )


async def stop(connection: asyncpg.Connection, campaign: str, actor: str, now: datetime) -> None:
    """Stop a campaign now and for good: its mechanics run no more, its timers are answered as owned by nobody."""
    async with changing_program(connection):
        done = await connection.execute("UPDATE campaign SET stopped = $2 WHERE id = $1", campaign, now)
        if done == "UPDATE 0":
            raise NotFound(VERSION_UNKNOWN, campaign=campaign, version="any")
        await record(connection, at=now, actor=actor, act="campaign.stop", object=campaign)


async def _version(connection: asyncpg.Connection, campaign: str, version: int) -> asyncpg.Record:
    row = await connection.fetchrow(
        "SELECT * FROM plan_version WHERE campaign = $1 AND version = $2 FOR NO KEY UPDATE", campaign, version
    )
    if row is None:
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version=version)
    return row


async def changes(
    connection: asyncpg.Connection, campaign: str, source: str, kinds: Mapping[str, int] | None = None
) -> list[Change]:
    """What a plan's text would change about the version that runs, and what becomes of progress, chances and stock.

    `kinds` says for which version of each mechanic kind the text was written (the newest by default).
    """
    running = await connection.fetchrow(
        """SELECT v.source, v.kinds FROM campaign c JOIN plan_version v ON v.campaign = c.id AND v.version = c.version
           WHERE c.id = $1""",
        campaign,
    )
    if running is None:
        return []
    old = load_plan(running["source"], written_for=written_for(running["kinds"]))
    new = load_plan(source, written_for=kinds)
    return [*compare(old, new), *await _coming_back(connection, campaign, old, new)]


async def _coming_back(connection: asyncpg.Connection, campaign: str, old: Plan, new: Plan) -> list[Change]:
    """What keeps names from coming back that the version that runs has left out: by the last version that had each."""
    names = {
        *(new.mechanics.keys() - old.mechanics.keys()),
        *(new.experiments.keys() - old.experiments.keys()),
    }
    rows = await connection.fetch(
        """SELECT source, kinds FROM plan_version
           WHERE campaign = $1 AND status = 'superseded'
             AND EXISTS (SELECT FROM unnest($2::text[]) AS name WHERE position(name IN source) > 0)
           ORDER BY published DESC, version DESC""",
        campaign, sorted(names),
    )  # fmt: skip
    earlier = [load_plan(row["source"], written_for=written_for(row["kinds"])) for row in rows]
    return come_back(earlier, old, new)


async def _commit_seeds(connection: asyncpg.Connection, new: CompiledCampaign) -> None:
    """Make the seeds of every epoch that has none yet; only their hashes are public until the epoch is over."""
    for mechanic, public in new.randomness.items():
        plan = next(known for known in new.mechanics if known.id == mechanic)
        per: Per = getattr(plan.mechanic.params, "epoch", "campaign")
        for epoch in epochs(new.campaign, mechanic, per, new.schedule.warm_up, new.schedule.settle, new.zone):
            seed = secrets.token_bytes(SEED_BYTES)
            await connection.execute(
                """INSERT INTO draw_epoch (campaign, mechanic, name, opens, closes, commitment, seed, public_name)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING""",
                new.campaign, mechanic, epoch.name, epoch.opens, epoch.closes, commit(seed), seed, public,
            )  # fmt: skip
