"""Uploaded lists: a file of members' ids becomes a version of a segment's list, signed by two like a plan.

An id is any external id a member answers to. Ids that nobody has yet are kept: their members are in the segment from
the first refresh after they are known.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import asyncpg
from msgspec import Struct

from festoon.base.errors import Conflict, Forbidden, Invalid, NotFound, define
from festoon.store.pieces import PIECE, copy_in, pieces
from festoon.store.trail import record

LONGEST = 256
MOST = 20_000_000
SHOWN = 5
"""So many ids that nobody has are shown."""
HEADINGS = frozenset({"id", "subject", "member", "member_id", "external_id", "会员", "会员编号", "会员id"})
"""What the first line of a file may be called; it is left out."""

UNREADABLE = define("list.unreadable", 400, "{file} cannot be read: {reason}", "无法读取{file}：{reason}")
EMPTY = define("list.empty", 400, "{file} holds no ids", "{file} 中没有会员编号")
BAD_LINE = define(
    "list.bad_line",
    400,
    "line {line} of {file} is no id: {reason}",
    "{file} 第 {line} 行不是有效的会员编号：{reason}",
    todo="write one id on each line; of a CSV file the first column counts",
    todo_zh="每行填写一个会员编号；CSV 文件取第一列",
)
UNKNOWN = define(
    "list.unknown_version",
    404,
    "there is no version {version} of the list '{segment}' of '{campaign}'",
    "活动“{campaign}”的名单“{segment}”没有第 {version} 版",
)
SELF_APPROVED = define(
    "list.maker_is_checker",
    403,
    "{actor} uploaded this list and cannot approve it",
    "{actor}上传了该名单，不能自行批准",
    todo="ask somebody else with the scope plan:check to approve it",
    todo_zh="请由其他具有审核权限的人批准",
)
APPROVED_ALREADY = define(
    "list.approved_already",
    409,
    "version {version} of the list '{segment}' was approved before",
    "名单“{segment}”第 {version} 版已批准",
)


class ListFile(Struct, frozen=True):
    """A file of ids: each id once, in the order of the file, and how many lines said one again."""

    subjects: tuple[str, ...]
    repeated: int
    digest: str


class Known(Struct, frozen=True):
    """How many of a list's ids belong to a member, and the first few that do not."""

    members: int
    unknown: int
    examples: tuple[str, ...]


def read_list(file: Path) -> ListFile:
    """The ids of a text or CSV file: one on each line, or the first column. Raises Invalid."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        raise Invalid(UNREADABLE, file=file.name or str(file), reason=reason) from None
    found: dict[str, None] = {}
    said = 0
    for number, line in enumerate(lines, 1):
        word = line.partition(",")[0].strip().strip('"').strip()
        if not word or (number == 1 and word.lower() in HEADINGS):
            continue
        if len(word) > LONGEST or "\0" in word:
            raise Invalid(BAD_LINE, f"line {number}", line=number, file=file.name, reason=word[:40])
        said += 1
        found[word] = None
    if not found:
        raise Invalid(EMPTY, file=file.name)
    if said > MOST:
        raise Invalid(UNREADABLE, file=file.name, reason=f"> {MOST}")
    return _file(found, said)


def of_ids(ids: Sequence[str], name: str) -> ListFile:
    """The same of ids that came one by one. Raises Invalid when there are none; `name` is what it calls the list."""
    if not ids:
        raise Invalid(EMPTY, file=name)
    return _file(dict.fromkeys(ids), len(ids))


def _file(found: dict[str, None], said: int) -> ListFile:
    digest = sha256("\n".join(found).encode()).hexdigest()
    return ListFile(tuple(found), said - len(found), digest)


async def known(connection: asyncpg.Connection, subjects: Sequence[str]) -> Known:
    """Who of a list is a member now."""
    unknown, shown = 0, list[str]()
    for piece in pieces(subjects):
        rows = await connection.fetch(
            """SELECT subject FROM unnest($1::text[]) AS given (subject)
               WHERE NOT EXISTS (SELECT FROM identity i WHERE i.subject = given.subject)""",
            piece,
        )
        unknown += len(rows)
        shown += [row[0] for row in rows[: SHOWN - len(shown)]]
    return Known(len(subjects) - unknown, unknown, tuple(shown))


async def upload(
    connection: asyncpg.Connection, campaign: str, segment: str, given: ListFile, maker: str, now: datetime
) -> int:
    """Put a list up for approval as the segment's next version, and return its number."""
    async with connection.transaction():
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"list/{campaign}/{segment}"
        )
        version: int = 1 + await connection.fetchval(
            "SELECT coalesce(max(version), 0) FROM segment_list WHERE campaign = $1 AND segment = $2",
            campaign, segment,
        )  # fmt: skip
        await connection.execute(
            """INSERT INTO segment_list (campaign, segment, version, digest, entries, maker, submitted)
               VALUES ($1, $2, $3, $4, $5, $6, $7)""",
            campaign, segment, version, given.digest, len(given.subjects), maker, now,
        )  # fmt: skip
        rows = (
            (campaign, segment, version, place, subject) for place, subject in enumerate(given.subjects, 1)
        )
        columns = ("campaign", "segment", "version", "place", "subject")
        await copy_in(connection, "segment_list_entry", columns, rows)
        await record(
            connection,
            at=now,
            actor=maker,
            act="segment.upload",
            object=f"{campaign}/{segment}@{version}",
            after={"entries": len(given.subjects), "sha256": given.digest},
        )
    return version


async def approve(
    connection: asyncpg.Connection, campaign: str, segment: str, version: int, checker: str, now: datetime
) -> None:
    """Let a list count from its next refresh on. Raises NotFound, Conflict, and Forbidden for its own maker, except
    in a rehearsal."""
    async with connection.transaction():
        row = await connection.fetchrow(
            """SELECT maker, approved, digest, entries FROM segment_list
               WHERE campaign = $1 AND segment = $2 AND version = $3 FOR UPDATE""",
            campaign, segment, version,
        )  # fmt: skip
        if row is None:
            raise NotFound(UNKNOWN, campaign=campaign, segment=segment, version=version)
        if row["approved"] is not None:
            raise Conflict(APPROVED_ALREADY, segment=segment, version=version)
        rehearsal = await connection.fetchval("SELECT mode = 'rehearsal' FROM installation")
        if row["maker"] == checker and not rehearsal:
            raise Forbidden(SELF_APPROVED, actor=checker)
        await connection.execute(
            """UPDATE segment_list SET approved = $4, checker = nullif($5, maker)
               WHERE campaign = $1 AND segment = $2 AND version = $3""",
            campaign, segment, version, now, checker,
        )  # fmt: skip
        await record(
            connection,
            at=now,
            actor=checker,
            act="segment.approve",
            object=f"{campaign}/{segment}@{version}",
            after={"entries": row["entries"], "sha256": row["digest"]},
        )


async def places(connection: asyncpg.Connection, campaign: str, segment: str) -> tuple[dict[int, int], int]:
    """The members of the newest approved list with their places, and how many of its ids nobody has."""
    version = await connection.fetchval(
        """SELECT max(version) FROM segment_list
           WHERE campaign = $1 AND segment = $2 AND approved IS NOT NULL""",
        campaign, segment,
    )  # fmt: skip
    found: dict[int, int] = {}
    unknown = last = 0
    while rows := await connection.fetch(
        """SELECT i.member_id, e.place
           FROM (SELECT subject, place FROM segment_list_entry
                 WHERE campaign = $1 AND segment = $2 AND version = $3 AND place > $4
                 ORDER BY place LIMIT $5) AS e LEFT JOIN identity i USING (subject) ORDER BY e.place""",
        campaign, segment, version, last, PIECE,
    ):  # fmt: skip
        for member, place in rows:
            if member is None:
                unknown += 1
            else:
                found.setdefault(member, place)
        last = rows[-1]["place"]
    return found, unknown
