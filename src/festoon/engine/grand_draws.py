"""Grand draws, for who runs them: when each is frozen and drawn, how far it is, and whether it holds."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.base.errors import Conflict, NotFound, define
from festoon.base.scratch import scratch
from festoon.engine.draw_records import NO_SUCH_DRAW, NOT_YET
from festoon.engine.lists import read_file
from festoon.engine.program import Program
from festoon.mechanics.draw_verify import Verdict
from festoon.mechanics.grand_draw import TICKETS, WINNERS, GrandDraw
from festoon.mechanics.grand_verify import verify_grand
from festoon.plan.compiled import CompiledCampaign

PRIZES_FROZEN = define(
    "grand_draw.prizes_frozen",
    409,
    "the tickets of '{draw}' are frozen, and its prizes with them",
    "“{draw}”的奖券已截止，奖品不能再更改",
    todo="leave its prizes as they are, or leave the draw out altogether",
    todo_zh="请保持奖品不变，或整体移除该抽奖",
)


class GrandDrawState(Struct, frozen=True):
    """A grand draw. `state` is `collecting` until its tickets are frozen, then `frozen`, `waiting` when a public value
    is still to be recorded, `drawn`, and `revealed` once its seed is public."""

    campaign: str
    mechanic: str
    title: Mapping[str, str]
    epoch: str
    state: str
    freezes: datetime
    draws: datetime
    prizes: int
    commitment: str
    public_name: str
    public_value: str | None
    seed: str
    frozen: datetime | None
    drawn: datetime | None


async def grand_draws(connection: asyncpg.Connection, program: Program) -> list[GrandDrawState]:
    """The grand draws of everything that runs, the next one first. Reads the files' dates, never the files."""
    known = {
        (campaign.campaign, each.id): (each.title, each.mechanic)
        for campaign in program.campaigns.values()
        for each in campaign.mechanics
        if isinstance(each.mechanic, GrandDraw)
    }
    rows = await connection.fetch(
        """SELECT e.campaign, e.mechanic, e.name, e.commitment, e.public_name, e.public_value, e.seed, e.revealed,
                  t.made AS frozen, w.made AS drawn
           FROM unnest($1::text[], $2::text[]) AS k (campaign, mechanic)
           JOIN draw_epoch e ON e.campaign = k.campaign AND e.mechanic = k.mechanic
           LEFT JOIN mechanic_file t ON t.campaign = k.campaign AND t.mechanic = k.mechanic AND t.name = $3
           LEFT JOIN mechanic_file w ON w.campaign = k.campaign AND w.mechanic = k.mechanic AND w.name = $4""",
        [campaign for campaign, _ in known],
        [mechanic for _, mechanic in known],
        TICKETS,
        WINNERS,
    )
    found = [_state(row, *known[row["campaign"], row["mechanic"]]) for row in rows]
    return sorted(found, key=lambda each: (each.draws, each.campaign, each.mechanic))


async def grand_draw(
    connection: asyncpg.Connection, program: Program, campaign: str, mechanic: str
) -> GrandDrawState:
    """One of them. Raises NotFound."""
    for each in await grand_draws(connection, program):
        if (each.campaign, each.mechanic) == (campaign, mechanic):
            return each
    raise NotFound(NO_SUCH_DRAW, draw=f"{campaign}/{mechanic}")


async def check_frozen_prizes(
    connection: asyncpg.Connection, running: Iterable[CompiledCampaign], new: CompiledCampaign
) -> None:
    """Refuse a version that changes prizes which people know to be drawn for: their tickets are frozen. Raises
    Conflict."""
    before = next((each for each in running if each.campaign == new.campaign), None)
    if before is None:
        return
    was, will = _prizes(before), _prizes(new)
    for id in was.keys() & will.keys():
        if was[id] != will[id] and await connection.fetchval(
            "SELECT true FROM mechanic_file WHERE campaign = $1 AND mechanic = $2 AND name = $3",
            new.campaign, id, TICKETS,
        ):  # fmt: skip
            raise Conflict(PRIZES_FROZEN, draw=f"{new.campaign}/{id}")


def _prizes(campaign: CompiledCampaign) -> dict[str, list[object]]:
    """What can be won in each grand draw, and what it costs."""
    return {
        each.id: [
            (prize.id, prize.give, prize.count, dict(each.mechanic.prizes[prize.id].prices))
            for prize in each.mechanic.params.prizes
        ]
        for each in campaign.mechanics
        if isinstance(each.mechanic, GrandDraw)
    }


async def verify(connection: asyncpg.Connection, one: GrandDrawState) -> Verdict:
    """Draw it again from what is published, as a stranger would. Raises Conflict before its seed is public."""
    tickets = await read_file(connection, one.campaign, one.mechanic, TICKETS)
    winners = await read_file(connection, one.campaign, one.mechanic, WINNERS)
    if tickets is None or winners is None or not one.seed:
        raise Conflict(NOT_YET, draw=f"{one.campaign}/{one.mechanic}", file="seed")
    return await asyncio.to_thread(_again, tickets, winners, one)


def _again(tickets: str, winners: str, one: GrandDrawState) -> Verdict:
    with scratch("draw") as room:
        record, list_ = room / WINNERS, room / TICKETS
        record.write_text(winners, encoding="utf-8", newline="")
        list_.write_text(tickets, encoding="utf-8", newline="")
        return verify_grand(record, list_, one.seed, one.public_value or "", one.commitment)


def _state(row: asyncpg.Record, title: Mapping[str, str], mechanic: GrandDraw) -> GrandDrawState:
    state = "collecting"
    if row["revealed"] is not None:
        state = "revealed"
    elif row["drawn"] is not None:
        state = "drawn"
    elif row["frozen"] is not None:
        state = "waiting" if row["public_name"] and row["public_value"] is None else "frozen"
    return GrandDrawState(
        row["campaign"], row["mechanic"], title, row["name"], state, mechanic.frozen, mechanic.drawn,
        sum(prize.count for prize in mechanic.params.prizes), row["commitment"], row["public_name"],
        row["public_value"], row["seed"].hex() if row["revealed"] is not None else "", row["frozen"], row["drawn"],
    )  # fmt: skip
