"""What was said about a version of a plan while it was signed off (编制, 审核, 批准), in the order it was said."""

from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.base.errors import Conflict, Forbidden, Invalid, NotFound, define
from festoon.store.trail import record

VERSION_UNKNOWN = define(
    "plan.version_unknown", 404, "'{campaign}' has no version {version}", "活动“{campaign}”没有第{version}版"
)
REVIEWS_OWN = define(
    "plan.reviews_own",
    403,
    "{actor} made this version and cannot review it",
    "{actor}是该版本的编制人，不能审核自己的方案",
    todo="ask somebody else to review it",
    todo_zh="请由其他人审核",
)
NOT_IN_REVIEW = define(
    "plan.not_in_review",
    409,
    "version {version} of '{campaign}' is {status}, not in review",
    "活动“{campaign}”第{version}版的状态为{status}，不在审核中",
    todo="look at the version again: somebody has decided on it meanwhile",
    todo_zh="请重新查看该版本：可能已有人作出决定",
)
REVIEWED_ALREADY = define(
    "plan.reviewed_already",
    409,
    "version {version} of '{campaign}' was reviewed by {reviewer}",
    "活动“{campaign}”第{version}版已由{reviewer}审核",
    todo="somebody who has not reviewed it can approve it",
    todo_zh="可由其他人批准",
)
NOTHING_SAID = define("plan.nothing_said", 400, "there is nothing to say in the comment", "意见内容为空")
LONGEST = 4_000


class Remark(Struct, frozen=True):
    """Who did or said what. `act` is submit, review, approve, send_back, withdraw, publish or comment."""

    number: int
    at: datetime
    actor: str
    act: str
    text: str


async def remark(
    connection: asyncpg.Connection,
    campaign: str,
    version: int,
    actor: str,
    act: str,
    text: str,
    now: datetime,
) -> None:
    """Write a remark down, in the caller's transaction, which holds the version's row."""
    await connection.execute(
        """INSERT INTO plan_remark (campaign, version, number, at, actor, act, text)
           SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6
           FROM plan_remark WHERE campaign = $1 AND version = $2""",
        campaign, version, now, actor, act, text.strip()[:LONGEST],
    )  # fmt: skip


async def remarks(connection: asyncpg.Connection, campaign: str, version: int) -> list[Remark]:
    """What was said about a version, oldest first."""
    rows = await connection.fetch(
        """SELECT number, at, actor, act, text FROM plan_remark
           WHERE campaign = $1 AND version = $2 ORDER BY number LIMIT 500""",
        campaign, version,
    )  # fmt: skip
    return [Remark(**row) for row in rows]


async def comment(
    connection: asyncpg.Connection, campaign: str, version: int, actor: str, text: str, now: datetime
) -> None:
    """Say something about a version without deciding on it. Raises Invalid (`plan.nothing_said`), NotFound."""
    if not text.strip():
        raise Invalid(NOTHING_SAID, "text")
    async with connection.transaction():
        await _held(connection, campaign, version)
        await remark(connection, campaign, version, actor, "comment", text, now)
        await record(
            connection, at=now, actor=actor, act="plan.comment", object=f"{campaign}@{version}", after=text
        )


async def review(
    connection: asyncpg.Connection, campaign: str, version: int, reviewer: str, now: datetime, text: str = ""
) -> None:
    """Sign a version as reviewed (审核): it has been read and can be approved, by somebody else again.

    Raises Forbidden for whoever made it, Conflict (`plan.not_in_review`, `plan.reviewed_already`), NotFound.
    """
    async with connection.transaction():
        row = await _held(connection, campaign, version)
        if row["maker"] == reviewer:
            raise Forbidden(REVIEWS_OWN, actor=reviewer)
        if row["status"] != "in_review":
            raise Conflict(NOT_IN_REVIEW, campaign=campaign, version=version, status=row["status"])
        if row["reviewer"] is not None:
            raise Conflict(REVIEWED_ALREADY, campaign=campaign, version=version, reviewer=row["reviewer"])
        await connection.execute(
            "UPDATE plan_version SET reviewer = $3, reviewed = $4 WHERE campaign = $1 AND version = $2",
            campaign, version, reviewer, now,
        )  # fmt: skip
        await remark(connection, campaign, version, reviewer, "review", text, now)
        await record(
            connection, at=now, actor=reviewer, act="plan.review", object=f"{campaign}@{version}", after=text
        )


async def _held(connection: asyncpg.Connection, campaign: str, version: int) -> asyncpg.Record:
    row = await connection.fetchrow(
        "SELECT maker, status, reviewer FROM plan_version WHERE campaign = $1 AND version = $2 FOR NO KEY UPDATE",
        campaign, version,
    )  # fmt: skip
    if row is None:
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version=version)
    return row
