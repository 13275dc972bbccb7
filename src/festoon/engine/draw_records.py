"""What is published for a stranger to replay: plays, tries at red packets, a grand draw's tickets and winners."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import Conflict, NotFound, define
from festoon.engine.draws import epoch_of
from festoon.engine.lists import read_file
from festoon.engine.outcome import MechanicOutcome, decode
from festoon.engine.reload import compile_version
from festoon.mechanics.base import Mechanic
from festoon.mechanics.draw_record import record_of
from festoon.mechanics.grand_draw import TICKETS, WINNERS, WON, GrandDraw
from festoon.mechanics.grand_record import GrandWin
from festoon.mechanics.lots import digest
from festoon.mechanics.packet_verify import PoolHead
from festoon.mechanics.packet_verify import record_of as packet_of
from festoon.mechanics.red_packet import RedPacket

NO_SUCH_DRAW = define("draw.no_such_mechanic", 404, "there is no draw {draw}", "不存在抽奖 {draw}")
NOT_YET = define(
    "grand_draw.not_yet",
    409,
    "{draw} has no {file} yet",
    "{draw} 尚无 {file}",
    todo="look again after its time; with a public value named, it is drawn once that is recorded",
    todo_zh="请在到点之后再试；若指定了公开随机数，登记后才会开奖",
)


class Winner(Struct, frozen=True):
    """One winner of a grand draw. `state` is `waiting` until his prize is due, `given`, or why he does not
    get it: the code of a refusal, or `exclusive` when another campaign of its group has him."""

    place: int
    prize: str
    member: int
    subject: str
    ticket: int
    state: str


async def export(connection: asyncpg.Connection, campaign: str, mechanic: str, epoch: str, file: Path) -> int:
    """Write an epoch's record, one JSON object a line; how many plays, tries or winners there are.

    Raises NotFound for what is no draw, Conflict (`grand_draw.not_yet`) for one that was not drawn yet.
    """
    key = f"{campaign}/{mechanic}"
    found = await _mechanic(connection, campaign, mechanic)
    if isinstance(found, GrandDraw):
        text = await _file(connection, campaign, mechanic, WINNERS)
        with file.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
        return text.count("\n") - 1
    row = await epoch_of(connection, campaign, mechanic, epoch)
    record: Callable[[int, Mapping[str, Any]], Struct] = partial(record_of, key)
    with file.open("wb") as lines:
        if isinstance(found, RedPacket):
            record = partial(packet_of, key)
            lines.write(
                msgspec.json.encode(PoolHead(key, found.params.packets, found.least, tuple(found.coins)))
                + b"\n"
            )
        plays = 0
        async with connection.transaction(readonly=True):
            # The journal of a whole epoch is read.
            await connection.execute("SET LOCAL statement_timeout = 0")
            async for event in connection.cursor(
                """SELECT member_id, outcome FROM event
                   WHERE now >= $1 AND now < $2 AND outcome LIKE '%"play"%' ORDER BY seq""",
                row["opens"],
                row["closes"],
            ):
                for result in _of(event["outcome"], key, epoch):
                    lines.write(msgspec.json.encode(record(event["member_id"], result.note)) + b"\n")
                    plays += 1
    return plays


async def export_tickets(connection: asyncpg.Connection, campaign: str, mechanic: str, file: Path) -> str:
    """Write the list of a grand draw's tickets as it was frozen, and return its SHA-256. Raises Conflict before."""
    text = await _file(connection, campaign, mechanic, TICKETS)
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(text)
    return digest(text)


async def winners(connection: asyncpg.Connection, campaign: str, mechanic: str) -> list[Winner]:
    """The winners of a grand draw, by the order of the prizes, with what became of them. Raises Conflict before."""
    text = await _file(connection, campaign, mechanic, WINNERS)
    won = [msgspec.json.decode(line, type=GrandWin) for line in text.splitlines()[1:]]
    rows = await connection.fetch(
        """WITH RECURSIVE account AS (  -- the winner's, and those that it has become part of since
               SELECT place, m.id, m.subject, m.merged_into FROM unnest($1::int[], $2::bigint[]) AS won (place, id)
               JOIN member m ON m.id = won.id
               UNION ALL
               SELECT place, m.id, m.subject, m.merged_into FROM account JOIN member m ON m.id = account.merged_into)
           SELECT place, subject, e.outcome
           FROM (SELECT place, array_agg(id) AS ids, min(subject) FILTER (WHERE merged_into IS NULL) AS subject
                 FROM account GROUP BY place) AS winner
           LEFT JOIN LATERAL (SELECT outcome FROM event e
                              WHERE e.member_id = ANY(ids) AND e.type = 'timer.due' AND starts_with(e.id, $3)
                              AND (e.data::jsonb #>> '{data,place}')::int = place
                              ORDER BY e.seq DESC LIMIT 1) AS e ON true""",
        [win.place for win in won],
        [win.member for win in won],
        f"{campaign}/{mechanic}/{WON}#",
    )
    known = {row["place"]: row for row in rows}
    return [
        Winner(
            win.place,
            win.prize,
            win.member,
            known[win.place]["subject"],
            win.ticket,
            _state(known[win.place]),
        )
        for win in won
    ]


def _state(row: asyncpg.Record) -> str:
    if row["outcome"] is None:
        return "waiting"
    outcome = decode(row["outcome"])
    refused = (made.refused.code for made in outcome.mechanics if made.refused is not None)
    return next(iter((*refused, *outcome.passed_over, "given")))


def _of(outcome: str, key: str, epoch: str) -> Iterator[MechanicOutcome]:
    """What a mechanic made of an event, if that was a play of the epoch. What needed no roll names no epoch."""
    for result in decode(outcome).mechanics:
        if result.mechanic == key and "play" in result.note and result.note.get("epoch", epoch) == epoch:
            yield result


async def _mechanic(connection: asyncpg.Connection, campaign: str, mechanic: str) -> Mechanic:
    row = await connection.fetchrow(
        """SELECT v.source, v.kinds, v.version
           FROM campaign c JOIN plan_version v ON v.campaign = c.id AND v.version = c.version WHERE c.id = $1""",
        campaign,
    )
    compiled = () if row is None else compile_version(row["source"], row["kinds"], row["version"]).mechanics
    for each in compiled:
        if each.id == mechanic:
            return each.mechanic
    raise NotFound(NO_SUCH_DRAW, draw=f"{campaign}/{mechanic}")


async def _file(connection: asyncpg.Connection, campaign: str, mechanic: str, name: str) -> str:
    text = await read_file(connection, campaign, mechanic, name)
    if text is None:
        if not isinstance(await _mechanic(connection, campaign, mechanic), GrandDraw):
            raise NotFound(NO_SUCH_DRAW, draw=f"{campaign}/{mechanic}")
        raise Conflict(NOT_YET, draw=f"{campaign}/{mechanic}", file=name)
    return text
