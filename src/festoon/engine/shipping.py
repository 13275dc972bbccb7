"""A file of parcel numbers: each row is judged by itself, and what is right becomes an event of the gift's member."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from hashlib import sha256

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import define, text_of
from festoon.base.events import Event
from festoon.engine.answer import Answer
from festoon.engine.outcome import decode
from festoon.store.trail import record

SOURCE = "festoon/parcels"
CELL = define("parcel.cell_wrong", 200, "the cell '{column}' is empty or too long", "“{column}”为空或过长")
UNKNOWN = define("parcel.unknown", 404, "there is no gift '{item}' to send", "不存在待寄送的礼品“{item}”")
TWICE = define(
    "parcel.twice", 200, "the gift '{item}' stands in the file twice", "礼品“{item}”在文件中出现多次"
)
TAKEN = define(
    "parcel.number_taken",
    200,
    "the number '{number}' is on a parcel of another member",
    "单号“{number}”已用于其他会员的包裹",
)
LONGEST = 100
Send = Callable[[Sequence[Event]], Awaitable[list[Answer]]]
"""Takes events in and answers each, in order."""


class Line(Struct, frozen=True):
    """A row of the file."""

    row: int
    item: str
    carrier: str
    number: str


class Judged(Struct, frozen=True):
    """What became of a row: `shipped`, `same` when it had been said before, or `refused` with a code and its data."""

    line: Line
    result: str
    code: str = ""
    data: dict[str, str] = {}

    def text(self, language: str) -> str:
        """Why it was refused, for who reads it."""
        return text_of(self.code, self.data, language) if self.code else ""


async def ship(
    connection: asyncpg.Connection,
    lines: Sequence[Line],
    send: Send,
    actor: str,
    now: datetime,
) -> list[Judged]:
    """Take the numbers in and judge every row, in the order of the file. Taking the same file again changes nothing."""
    owners = await _owners(connection, [line.item for line in lines])
    taken = await _taken(connection, [line.number for line in lines])
    judged: dict[int, Judged] = {}
    good: list[tuple[Line, Event]] = []
    seen: set[str] = set()
    for line in lines:
        wrong = _wrong(line, owners, taken, seen)
        seen.add(line.item)
        if wrong is not None:
            judged[line.row] = wrong
            continue
        member = owners[line.item]
        taken.setdefault(line.number, member)
        data = {"item": line.item, "carrier": line.carrier, "parcel": line.number}
        id = f"{line.item}/{line.carrier}/{line.number}"
        good.append((line, Event(SOURCE, id, "gift.shipped", member, now, data)))
    answers = await send([event for _, event in good])
    for (line, _), answer in zip(good, answers, strict=True):
        judged[line.row] = _answered(line, answer)
    done = [judged[line.row] for line in lines]
    shipped = sum(each.result == "shipped" for each in done)
    after = {"rows": len(done), "shipped": shipped, "digest": _digest(lines)}
    async with connection.transaction():
        await record(connection, at=now, actor=actor, act="parcels.ship", object="parcels", after=after)
    return done


def _wrong(line: Line, owners: dict[str, str], taken: dict[str, str], seen: set[str]) -> Judged | None:
    """Why a row cannot be right, before anything is asked of the gift."""
    for name, cell in (("item", line.item), ("carrier", line.carrier), ("parcel", line.number)):
        if not cell or len(cell) > LONGEST or "\0" in cell:
            return Judged(line, "refused", CELL, {"column": name})
    if line.item not in owners:
        return Judged(line, "refused", UNKNOWN, {"item": line.item})
    if line.item in seen:
        return Judged(line, "refused", TWICE, {"item": line.item})
    if taken.get(line.number, owners[line.item]) != owners[line.item]:
        return Judged(line, "refused", TAKEN, {"number": line.number})
    return None


def _answered(line: Line, answer: Answer) -> Judged:
    if answer.error is not None:
        data = {name: str(value) for name, value in answer.error.data.items()}
        return Judged(line, "refused", answer.error.code, data)
    refused = decode(answer.outcome).refused
    if refused is not None:
        return Judged(line, "refused", refused.code, {name: str(each) for name, each in refused.data.items()})
    return Judged(line, "shipped" if answer.kind == "new" else "same")


async def _owners(connection: asyncpg.Connection, items: Sequence[str]) -> dict[str, str]:
    rows = await connection.fetch(
        "SELECT p.item, m.subject FROM parcel p JOIN member m ON m.id = p.member_id WHERE p.item = ANY ($1)",
        [item for item in items if "\0" not in item],
    )
    return {row["item"]: row["subject"] for row in rows}


async def _taken(connection: asyncpg.Connection, numbers: Sequence[str]) -> dict[str, str]:
    """Whose parcel a number is already; several gifts of one member may be in one parcel."""
    rows = await connection.fetch(
        """SELECT p.number, min(m.subject) AS subject FROM parcel p JOIN member m ON m.id = p.member_id
           WHERE p.number = ANY ($1) AND p.number <> '' GROUP BY 1""",
        [number for number in numbers if "\0" not in number],
    )
    return {row["number"]: row["subject"] for row in rows}


def _digest(lines: Sequence[Line]) -> str:
    return sha256(msgspec.json.encode([(each.item, each.carrier, each.number) for each in lines])).hexdigest()
