"""Drafts: the text somebody is writing, saved while he types, until it is put up for review as a version.

Each person has a draft of his own for a campaign, and any number for new ones. A save names the revision it began with:
if another window saved meanwhile, the text is put aside and nothing is overwritten. What loses against another text is
always kept.
"""

from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.base.errors import Conflict, NotFound, define
from festoon.engine.publish import submit
from festoon.engine.remarks import VERSION_UNKNOWN

DRAFT_UNKNOWN = define(
    "draft.unknown",
    404,
    "you have no draft with the number {draft}",
    "您没有编号为{draft}的草稿",
    todo="it may have been submitted or thrown away in another window",
    todo_zh="可能已在其他窗口提交或删除",
)
DRAFT_MOVED = define(
    "draft.moved",
    409,
    "this draft was saved in another window meanwhile; your text is kept beside it",
    "该草稿已在其他窗口保存；您的文本已另存",
    todo="look at both and choose, or bring them together",
    todo_zh="请对照两者后选择或合并",
)
DRAFT_OUTDATED = define(
    "draft.outdated",
    409,
    "version {latest} of '{campaign}' was submitted since you began with version {base}",
    "自您从第{base}版开始编辑以来，活动“{campaign}”已提交第{latest}版",
    todo="look at what it changes, then submit yours after it, or begin with it",
    todo_zh="请查看其变更，再在其后提交，或以其为起点重新编辑",
)

ASIDE = 20
"""How many texts are kept beside a draft."""
MOST = 100


class Draft(Struct, frozen=True):
    """A draft. `latest` is the newest version of its campaign; above `base` somebody submitted one meanwhile."""

    id: int
    maker: str
    campaign: str
    base: int
    latest: int
    revision: int
    title: str
    text: str
    created: datetime
    updated: datetime


class Other(Struct, frozen=True):
    """Somebody else's draft of the same campaign."""

    id: int
    maker: str
    updated: datetime


class Aside(Struct, frozen=True):
    """A text that was kept beside a draft."""

    id: int
    text: str
    at: datetime


_ROW = """SELECT d.id, d.maker, d.campaign, d.base, d.revision, d.title, d.text, d.created, d.updated,
    coalesce((SELECT max(version) FROM plan_version v WHERE v.campaign = d.campaign AND d.campaign <> ''), 0) AS latest
    FROM plan_draft d"""


async def new_draft(
    connection: asyncpg.Connection,
    maker: str,
    text: str,
    title: str,
    now: datetime,
    campaign: str = "",
    base: int = 0,
) -> int:
    """Begin with a text; of a campaign that the maker is writing already, the draft that is there."""
    if campaign:
        found: int | None = await connection.fetchval(
            "SELECT id FROM plan_draft WHERE campaign = $1 AND maker = $2", campaign, maker
        )
        if found is not None:
            return found
    made: int = await connection.fetchval(
        """INSERT INTO plan_draft (maker, campaign, base, revision, title, text, created, updated)
           VALUES ($1, $2, $3, 1, $4, $5, $6, $6) RETURNING id""",
        maker, campaign, base, title, text, now,
    )  # fmt: skip
    return made


async def draft_of_version(
    connection: asyncpg.Connection, maker: str, campaign: str, title: str, now: datetime
) -> int:
    """Go on with a campaign: its newest version as a draft, or the draft that is there. Raises NotFound."""
    row = await connection.fetchrow(
        "SELECT version, source FROM plan_version WHERE campaign = $1 ORDER BY version DESC LIMIT 1", campaign
    )
    if row is None:
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version="any")
    return await new_draft(connection, maker, row["source"], title, now, campaign, row["version"])


async def drafts(connection: asyncpg.Connection, maker: str) -> list[Draft]:
    """What somebody is writing, newest first."""
    rows = await connection.fetch(f"{_ROW} WHERE d.maker = $1 ORDER BY d.updated DESC LIMIT {MOST}", maker)
    return [Draft(**row) for row in rows]


async def draft(connection: asyncpg.Connection, id: int, maker: str) -> Draft:
    """One's own draft. Raises NotFound."""
    row = await connection.fetchrow(f"{_ROW} WHERE d.id = $1 AND d.maker = $2", id, maker)
    if row is None:
        raise NotFound(DRAFT_UNKNOWN, draft=id)
    return Draft(**row)


async def others(connection: asyncpg.Connection, id: int) -> list[Other]:
    """Who else is writing the same campaign."""
    rows = await connection.fetch(
        """SELECT other.id, other.maker, other.updated FROM plan_draft d
           JOIN plan_draft other ON other.campaign = d.campaign AND other.maker <> d.maker
           WHERE d.id = $1 AND d.campaign <> '' ORDER BY other.updated DESC LIMIT 20""",
        id,
    )
    return [Other(**row) for row in rows]


async def others_text(connection: asyncpg.Connection, id: int, other: int) -> Draft:
    """What somebody else writes of the same campaign, to be read. Raises NotFound."""
    row = await connection.fetchrow(
        f"""{_ROW} JOIN plan_draft mine ON mine.campaign = d.campaign AND mine.id = $1 AND mine.campaign <> ''
            WHERE d.id = $2""",
        id,
        other,
    )
    if row is None:
        raise NotFound(DRAFT_UNKNOWN, draft=other)
    return Draft(**row)


async def save(
    connection: asyncpg.Connection, id: int, maker: str, revision: int, text: str, title: str, now: datetime
) -> int:
    """Save a text that began with a revision; the new revision. Raises Conflict (`draft.moved`) when another window
    saved another text meanwhile: this one is then kept beside the draft. Raises NotFound."""
    async with connection.transaction():
        row = await _locked(connection, id, maker)
        if row["revision"] != revision and row["text"] != text:
            await _put_aside(connection, id, text, now)
        else:
            await _write(connection, id, text, title, now)
            return int(row["revision"]) + 1
    raise Conflict(DRAFT_MOVED, draft=id, revision=row["revision"])


async def overrule(
    connection: asyncpg.Connection, id: int, maker: str, text: str, title: str, now: datetime
) -> int:
    """Save a text over whatever is there, which is kept beside the draft; the new revision."""
    async with connection.transaction():
        row = await _locked(connection, id, maker)
        if row["text"] != text:
            await _put_aside(connection, id, row["text"], now)
        await _write(connection, id, text, title, now)
    return int(row["revision"]) + 1


async def set_aside(connection: asyncpg.Connection, id: int, maker: str) -> list[Aside]:
    """The texts kept beside a draft, newest first."""
    rows = await connection.fetch(
        """SELECT a.id, a.text, a.at FROM plan_draft_aside a JOIN plan_draft d ON d.id = a.draft
           WHERE a.draft = $1 AND d.maker = $2 ORDER BY a.id DESC LIMIT $3""",
        id, maker, ASIDE,
    )  # fmt: skip
    return [Aside(**row) for row in rows]


async def begin_after(connection: asyncpg.Connection, id: int, maker: str, now: datetime) -> None:
    """The draft follows the newest version of its campaign, which its maker has looked at."""
    found = await draft(connection, id, maker)
    await connection.execute(
        "UPDATE plan_draft SET base = $2, updated = $3 WHERE id = $1", id, found.latest, now
    )


async def submit_draft(
    connection: asyncpg.Connection, id: int, maker: str, revision: int, now: datetime, note: str = ""
) -> tuple[str, int]:
    """Put a draft up for review as its campaign's next version, like any other plan; it is a draft no more.

    Raises PlanInvalid, NotFound, and Conflict: `draft.moved` for another revision than one has seen, `draft.outdated`
    when somebody submitted a version since it began.
    """
    async with connection.transaction():
        row = await _locked(connection, id, maker)
        if row["revision"] != revision:
            raise Conflict(DRAFT_MOVED, draft=id, revision=row["revision"])
        latest: int = await connection.fetchval(
            "SELECT coalesce(max(version), 0) FROM plan_version WHERE campaign = $1", row["campaign"]
        )
        if row["campaign"] and latest > row["base"]:
            raise Conflict(DRAFT_OUTDATED, campaign=row["campaign"], latest=latest, base=row["base"])
        campaign, version = await submit(connection, row["text"], maker, now, note)
        await connection.execute("DELETE FROM plan_draft WHERE id = $1", id)
    return campaign, version


async def throw_away(connection: asyncpg.Connection, id: int, maker: str) -> None:
    """The draft and what was kept beside it are gone. Raises NotFound."""
    gone = await connection.execute("DELETE FROM plan_draft WHERE id = $1 AND maker = $2", id, maker)
    if gone == "DELETE 0":
        raise NotFound(DRAFT_UNKNOWN, draft=id)


async def _locked(connection: asyncpg.Connection, id: int, maker: str) -> asyncpg.Record:
    row = await connection.fetchrow(
        "SELECT * FROM plan_draft WHERE id = $1 AND maker = $2 FOR UPDATE", id, maker
    )
    if row is None:
        raise NotFound(DRAFT_UNKNOWN, draft=id)
    return row


async def _write(connection: asyncpg.Connection, id: int, text: str, title: str, now: datetime) -> None:
    await connection.execute(
        "UPDATE plan_draft SET text = $2, title = $3, updated = $4, revision = revision + 1 WHERE id = $1",
        id, text, title, now,
    )  # fmt: skip


async def _put_aside(connection: asyncpg.Connection, id: int, text: str, now: datetime) -> None:
    await connection.execute(
        "INSERT INTO plan_draft_aside (draft, text, at) VALUES ($1, $2, $3)", id, text, now
    )
    await connection.execute(
        """DELETE FROM plan_draft_aside WHERE draft = $1 AND id NOT IN
           (SELECT id FROM plan_draft_aside WHERE draft = $1 ORDER BY id DESC LIMIT $2)""",
        id, ASIDE,
    )  # fmt: skip
