"""Finding a member by number, external id, phone or name, among any number of them.

Every way is a range of an index, read in its order: an id and a name by how they begin, a phone by how it ends. A page
ends with the key that the next one goes on from, so that a late page costs what the first one does.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import Invalid, define
from festoon.members.masking import masked
from festoon.members.profile import BLOCKED

PAGE_INVALID = define("search.page_invalid", 400, "this page is none of a search", "搜索分页标识无效")
TOO_SHORT = define("search.too_short", 400, "give at least one letter or digit", "请至少输入一个字符")
LAST = "\U0010ffff"
"""Sorts after every text, so that a prefix with it ends the prefix's range."""
FEWEST_DIGITS = 4
"""So many digits can be the end of a phone."""
COUNTRY = 11
"""Digits of a phone without its country's prefix, where the one typed has it and the one stored does not."""


class MemberFound(Struct, frozen=True):
    """One member. `by` is what was found: number, id, phone or name; `personal` is masked unless it may be read."""

    number: int
    id: str
    by: str
    registered: datetime | None
    blocked: bool
    personal: dict[str, Any]


class Page(Struct, frozen=True):
    """Members found, and what to pass as `after` for the next page; None at the end."""

    members: list[MemberFound]
    next: str | None = None


class Way(Struct, frozen=True):
    """One way of looking: the rows with keys from `low` up to `high`, after the key and number of the last page."""

    by: str
    low: str
    high: str


_ID = """SELECT i.subject AS key, i.member_id AS number FROM identity i
    WHERE i.subject COLLATE "C" >= $1 AND i.subject COLLATE "C" < $2 AND i.subject COLLATE "C" > $3
    ORDER BY i.subject COLLATE "C" LIMIT $4"""
_PERSONAL = """SELECT p.{key} AS key, p.member_id AS number FROM member_personal p
    WHERE p.{key} >= $1 AND p.{key} < $2 AND (p.{key}, p.member_id) > ($3, $5::bigint)
    ORDER BY p.{key}, p.member_id LIMIT $4"""
QUERIES = {"id": _ID, "phone": _PERSONAL.format(key="phone_key"), "name": _PERSONAL.format(key="name_key")}
_SHOWN = """SELECT wanted.number, m.subject, m.registered, m.profile, p.fields
    FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (number, place)
    JOIN member m ON m.id = wanted.number LEFT JOIN member_personal p ON p.member_id = wanted.number
    WHERE m.merged_into IS NULL AND NOT m.erased ORDER BY wanted.place"""


def whole(fields: dict[str, Any]) -> dict[str, Any]:
    """Personal fields for who may read them."""
    return fields


async def search(
    connection: asyncpg.Connection,
    text: str,
    *,
    after: str | None = None,
    limit: int = 20,
    show: Callable[[dict[str, Any]], dict[str, Any]] = masked,
) -> Page:
    """Members by what was typed: `#17` is a number; anything else the beginning of an id, the end of a phone, the
    beginning of a name, in this order. Raises Invalid for nothing typed and for a page of something else."""
    text = " ".join(text.replace("\0", "").split())
    if not text:
        raise Invalid(TOO_SHORT, "q")
    if text.startswith("#") and text[1:].isascii() and text[1:].isdecimal() and len(text) < 19:
        return Page(await _shown(connection, [("number", int(text[1:]))], show))
    begin, key, number = _cursor(after)
    found: list[tuple[str, int]] = []
    last = (begin, key, number)
    for place, way in enumerate(ways(text)):
        if place < begin:
            continue
        for row in await _rows(connection, way, key, number, limit + 1 - len(found)):
            if len(found) == limit:
                return Page(await _shown(connection, found, show), _written(last))
            found.append((way.by, row["number"]))
            last = (place, row["key"], row["number"])
        key, number = "", 0
    return Page(await _shown(connection, found, show))


def ways(text: str) -> list[Way]:
    """How a text can be looked for. The phone's digits are read from the last, as they are indexed."""
    found = [Way("id", text, text + LAST)]
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    if len(digits) >= FEWEST_DIGITS and not any(sign.isalpha() for sign in text):
        ends = [digits] if len(digits) <= COUNTRY else [digits, digits[-COUNTRY:]]
        found += [Way("phone", end[::-1], end[::-1] + LAST) for end in ends]
    if not text.isdecimal():
        lower = text.lower()
        found.append(Way("name", lower, lower + LAST))
    return found


async def _rows(
    connection: asyncpg.Connection, way: Way, key: str, number: int, limit: int
) -> Sequence[asyncpg.Record]:
    values: list[Any] = [way.low, way.high, key, limit]
    if way.by != "id":
        values.append(number)
    return list(await connection.fetch(QUERIES[way.by], *values))


async def _shown(
    connection: asyncpg.Connection,
    found: Sequence[tuple[str, int]],
    show: Callable[[dict[str, Any]], dict[str, Any]],
) -> list[MemberFound]:
    """The members in the order found, each once: who is part of another by now, or erased, is not there."""
    by = {number: by for by, number in reversed(found)}
    numbers = list(dict.fromkeys(number for _, number in found))
    members = []
    for row in await connection.fetch(_SHOWN, numbers):
        profile = msgspec.json.decode(row["profile"])
        members.append(
            MemberFound(
                row["number"], row["subject"], by[row["number"]], row["registered"], BLOCKED in profile,
                show(msgspec.json.decode(row["fields"] or "{}")),
            )
        )  # fmt: skip
    return members


def _written(last: tuple[int, str, int]) -> str:
    return urlsafe_b64encode(msgspec.json.encode(last)).decode()


def _cursor(after: str | None) -> tuple[int, str, int]:
    if not after:
        return 0, "", 0
    try:
        place, key, number = msgspec.json.decode(urlsafe_b64decode(after.encode()), type=tuple[int, str, int])
    except (ValueError, msgspec.MsgspecError):
        raise Invalid(PAGE_INVALID, "after") from None
    if "\0" in key or not 0 <= number < 2**62:
        raise Invalid(PAGE_INVALID, "after")
    return place, key, number
