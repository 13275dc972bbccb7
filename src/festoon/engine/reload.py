"""Read the program from the store: every published campaign, compiled, with its accounts and open seeds."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache

import asyncpg
import structlog

from festoon.base.code_pattern import Pattern
from festoon.base.errors import FestoonError
from festoon.engine.code_book import Batch
from festoon.engine.policies import latest_policies
from festoon.engine.program import Program, SharedSpec
from festoon.engine.published import written_for
from festoon.mechanics.fairness import EpochKey, epoch_key
from festoon.plan.compile import compile_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.parse import load_plan

log = structlog.get_logger(__name__)
_RUNNING = """SELECT c.id, c.paused, v.version, v.source, v.kinds
    FROM campaign c JOIN plan_version v ON v.campaign = c.id AND v.version = c.version
    WHERE c.stopped IS NULL ORDER BY c.created, c.id"""


async def load_program(connection: asyncpg.Connection) -> Program:
    """The program as of now. A plan that no longer compiles is set aside, loudly, and the others run on."""
    installation = await connection.fetchrow("SELECT mode, code_secret FROM installation")
    assert installation is not None, "the migration makes the one row"
    version = await connection.fetchval("SELECT version FROM program")
    rows = await connection.fetch(_RUNNING)
    campaigns = list(_compiled(rows))
    paused = {row["id"]: frozenset(row["paused"]) for row in rows}
    return Program(
        version,
        campaigns,
        shared_accounts=await _shared(connection, campaigns),
        epochs=await _epochs(connection),
        paused=paused,
        rolled_out=await rolled_out(connection),
        batches=await _batches(connection),
        policies=await latest_policies(connection),
        secret=installation["code_secret"],
        rehearsal=installation["mode"] == "rehearsal",
    )


async def rolled_out(connection: asyncpg.Connection) -> dict[str, list[tuple[datetime, int]]]:
    """The commands that opened campaigns: instant and members in ten thousand, by campaign."""
    found: dict[str, list[tuple[datetime, int]]] = {}
    for row in await connection.fetch("SELECT campaign, at, share FROM rollout_step ORDER BY at"):
        found.setdefault(row["campaign"], []).append((row["at"], row["share"]))
    return found


async def _batches(connection: asyncpg.Connection) -> list[Batch]:
    """The batches of codes of campaigns that were not stopped."""
    rows = await connection.fetch(
        """SELECT b.id, b.campaign, b.owner, b.name, b.pattern, b.until, b.voided
           FROM code_batch b JOIN campaign c ON c.id = b.campaign WHERE c.stopped IS NULL ORDER BY b.id"""
    )
    return [
        Batch(
            row["id"], f"{row['campaign']}/{row['owner']}", row["name"], Pattern(row["pattern"]), row["until"],
            row["voided"] is not None,
        )
        for row in rows
    ]  # fmt: skip


async def running(connection: asyncpg.Connection) -> list[CompiledCampaign]:
    """The campaigns that are published and were not stopped."""
    return list(_compiled(await connection.fetch(_RUNNING)))


def _compiled(rows: Iterable[asyncpg.Record]) -> Iterator[CompiledCampaign]:
    for row in rows:
        try:
            yield compile_version(row["source"], row["kinds"], row["version"])
        except FestoonError as error:
            log.error(
                "plan_set_aside",
                campaign=row["id"],
                version=row["version"],
                code=error.code,
                text=error.text(),
            )


@cache
def compile_version(source: str, kinds: str, version: int) -> CompiledCampaign:
    """Compile a version once a process; a published version never changes. Raises PlanInvalid."""
    return compile_plan(load_plan(source, written_for=written_for(kinds)), version=version)


async def _shared(connection: asyncpg.Connection, campaigns: list[CompiledCampaign]) -> list[SharedSpec]:
    exact = {account.key for campaign in campaigns for account in campaign.shared if account.exact}
    rows = await connection.fetch("SELECT id, holder, asset, floor FROM shared_account")
    return [
        SharedSpec(key := f"{row['holder']}|{row['asset']}", row["floor"], key in exact, row["id"])
        for row in rows
    ]


async def _epochs(connection: asyncpg.Connection) -> dict[str, tuple[EpochKey, ...]]:
    """The keys of epochs whose public randomness, where one was named, has been recorded."""
    found: dict[str, tuple[EpochKey, ...]] = {}
    for row in await connection.fetch(
        """SELECT campaign, mechanic, name, opens, closes, seed, public_value FROM draw_epoch
           WHERE revealed IS NULL AND (public_name = '' OR public_value IS NOT NULL) ORDER BY opens"""
    ):
        key = f"{row['campaign']}/{row['mechanic']}"
        made = EpochKey(
            row["name"], row["opens"], row["closes"], epoch_key(row["seed"], row["public_value"] or "")
        )
        found[key] = (*found.get(key, ()), made)
    return found
