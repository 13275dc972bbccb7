"""A grant to a list between the file and the second signature: what was uploaded is kept until its maker has looked at
what it comes to, and submits it or throws it away. What nobody comes back to is swept away."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import NotFound, define
from festoon.engine.compensations import Preview, preview, submit
from festoon.plan.dump import written

KEPT = timedelta(days=2)
GONE = define(
    "grant.draft_gone",
    404,
    "this draft is no more",
    "草稿已不存在",
    todo="upload the list again",
    todo_zh="请重新上传名单",
)


class Draft(Struct, frozen=True):
    """What was uploaded: the text of the compensation, the ids, those that stood there twice, and rows that name
    nobody as (row, why)."""

    id: str
    source: str
    ids: list[str]
    doubled: list[str]
    bad: list[tuple[int, str]]


class Wanted(Struct, frozen=True):
    """Who makes a grant and what it is: its name, in whose campaign, what each is given (as in a plan), why, which line
    pays and how much at most, in the currency's usual unit."""

    name: str
    campaign: str
    give: list[dict[str, Any]]
    reason: str
    line: str = ""
    at_most: str = ""


async def draft(
    connection: asyncpg.Connection, wanted: Wanted, ids: Sequence[str], doubled: Sequence[str],
    bad: Sequence[tuple[int, str]], maker: str, now: datetime,
) -> str:  # fmt: skip
    """Keep a draft and return its id. Raises what `preview` raises when it cannot be right."""
    source = text_of(wanted)
    await preview(connection, source, ids)
    id = uuid4().hex
    body = msgspec.json.encode({"ids": ids, "doubled": doubled, "bad": bad}).decode()
    await connection.execute("DELETE FROM grant_draft WHERE made < $1", now - KEPT)
    await connection.execute(
        "INSERT INTO grant_draft (id, maker, made, source, list) VALUES ($1, $2, $3, $4, $5)",
        id, maker, now, source, body,
    )  # fmt: skip
    return id


def text_of(wanted: Wanted) -> str:
    """The compensation's file, as somebody would have written it."""
    said: dict[str, Any] = {
        "compensation": wanted.name,
        "campaign": wanted.campaign,
        "reason": wanted.reason,
        "members": "list",
        "give": wanted.give,
    }
    if wanted.line:
        said["line"] = wanted.line
    text = written(said)
    return f"{text}at_most: {wanted.at_most}\n" if wanted.at_most else text


async def drafted(connection: asyncpg.Connection, id: str, maker: str) -> tuple[Draft, Preview]:
    """A draft of one's own, and what it comes to now. Raises NotFound for anybody else's."""
    found = await _draft(connection, id, maker)
    shown, _, _ = await preview(connection, found.source, found.ids)
    return found, shown


async def submit_draft(connection: asyncpg.Connection, id: str, maker: str, now: datetime) -> Preview:
    """Put a draft up for the second signature. Raises what `submit` raises; then the draft is still there."""
    found = await _draft(connection, id, maker)
    shown = await submit(connection, found.source, maker, now, found.ids)
    await discard(connection, id, maker)
    return shown


async def discard(connection: asyncpg.Connection, id: str, maker: str) -> None:
    """Throw a draft away."""
    await connection.execute("DELETE FROM grant_draft WHERE id = $1 AND maker = $2", id, maker)


async def _draft(connection: asyncpg.Connection, id: str, maker: str) -> Draft:
    row = await connection.fetchrow(
        "SELECT id, source, list FROM grant_draft WHERE id = $1 AND maker = $2", id, maker
    )
    if row is None:
        raise NotFound(GONE)
    said = msgspec.json.decode(row["list"])
    return Draft(
        row["id"], row["source"], said["ids"], said["doubled"], [tuple(each) for each in said["bad"]]
    )
