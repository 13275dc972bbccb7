"""Draws over the API: the published side of their seeds, public randomness, records to replay, winners."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import StreamingResponse

from festoon.api.campaigns import CAMPAIGN, CAMPAIGN_UNKNOWN, MECHANIC, campaign_of
from festoon.api.filters import body_of, text
from festoon.api.members import NAME
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, cut, limit_of
from festoon.api.routes import actor_of, spoken, working
from festoon.base.errors import Conflict, NotFound, define
from festoon.base.scratch import scratch
from festoon.engine.draw_records import NO_SUCH_DRAW, NOT_YET, Winner, export, export_tickets, winners
from festoon.engine.draws import (
    EPOCH_RUNS,
    EPOCH_UNKNOWN,
    NOT_FROZEN,
    NOT_HANDED_OUT,
    VALUE_RECORDED,
    epoch_of,
    record_randomness,
    reveal,
)
from festoon.engine.engine import Engine
from festoon.engine.epochs import PUBLISHED, Epoch
from festoon.mechanics.draw_verify import Verdict, verify_file
from festoon.mechanics.grand_draw import GrandDraw
from festoon.mechanics.grand_verify import verify_grand
from festoon.mechanics.packet_verify import of_a_pool, verify_packets
from festoon.store.pool import lent

TAG = "Draws"
PIECE = 1 << 20
NOT_REVEALED = define(
    "draw.not_revealed",
    409,
    "the seed of the epoch '{epoch}' has not been revealed yet",
    "种子周期“{epoch}”的种子尚未公布",
    todo="reveal it once the epoch is over",
    todo_zh="请在周期结束后公布种子",
)


class EpochPage(Struct, frozen=True):
    """The published sides of a campaign's seeds, by draw and time."""

    draws: list[Epoch]
    next: str | None


class PublicValue(Struct, frozen=True, forbid_unknown_fields=True):
    """The public value, exactly as it was published."""

    value: Annotated[str, Meta(min_length=1, max_length=1000)]


class WinnerList(Struct, frozen=True):
    """The winners of a grand draw, by the order of the prizes."""

    winners: list[Winner]


class Found(Struct, frozen=True):
    """Something that does not follow. `line` counts from 1; 0 is the whole."""

    line: int
    code: str
    text: str


class VerdictAnswer(Struct, frozen=True):
    """What replaying a record came to. `findings` are the first of the `found` there were."""

    holds: bool
    plays: int
    found: int
    findings: list[Found]


class Draws:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def listed(self, request: Request) -> EpochPage:
        campaign, limit = campaign_of(request, self._engine.program).campaign, limit_of(request)
        mechanic, name = after(request, str, str)
        async with lent(self._pool) as connection:
            rows = await connection.fetch(
                f"""SELECT {PUBLISHED} FROM draw_epoch
                    WHERE campaign = $1 AND ($2::text IS NULL OR mechanic = $2) AND (mechanic, name) > ($3, $4)
                    ORDER BY mechanic, name LIMIT $5""",
                campaign, text(request, "mechanic"), mechanic or "", name or "", limit + 1,
            )  # fmt: skip
        page, last = cut(rows, limit)
        more = None if last is None else cursor(last["mechanic"], last["name"])
        return EpochPage([Epoch(**row) for row in page], more)

    async def randomness(self, request: Request) -> Epoch:
        asked = await body_of(request, PublicValue)
        async with working(request, self._pool) as connection:
            await record_randomness(
                connection, *_named(request), asked.value, self._engine.now(), actor_of(request)
            )
            return await self._one(connection, request)

    async def reveal(self, request: Request) -> Epoch:
        async with working(request, self._pool) as connection:
            await reveal(connection, *_named(request), self._engine.now(), actor_of(request))
            return await self._one(connection, request)

    async def record(self, request: Request) -> StreamingResponse:
        campaign, mechanic, epoch = _named(request)
        return await self._file(
            "application/x-ndjson",
            lambda connection, file: export(connection, campaign, mechanic, epoch, file),
        )

    async def tickets(self, request: Request) -> StreamingResponse:
        campaign, mechanic = request.path_params["campaign"], request.path_params["mechanic"]
        return await self._file(
            "text/csv", lambda connection, file: export_tickets(connection, campaign, mechanic, file)
        )

    async def winners(self, request: Request) -> WinnerList:
        async with lent(self._pool) as connection:
            return WinnerList(
                await winners(connection, request.path_params["campaign"], request.path_params["mechanic"])
            )

    async def verify(self, request: Request) -> VerdictAnswer:
        campaign, mechanic, epoch = _named(request)
        with scratch("draw") as room:
            record, tickets = room / "record.ndjson", room / "tickets.csv"
            async with lent(self._pool) as connection:
                row = await epoch_of(connection, campaign, mechanic, epoch)
                if row["revealed"] is None:
                    raise Conflict(NOT_REVEALED, epoch=epoch)
                await export(connection, campaign, mechanic, epoch, record)
                if self._is_grand(campaign, mechanic):
                    await export_tickets(connection, campaign, mechanic, tickets)
            said = (row["seed"].hex(), row["public_value"] or "", row["commitment"])
            found = await asyncio.to_thread(_verified, record, tickets, said)
        language = spoken(request)
        findings = [Found(each.line, each.code, each.text(language)) for each in found.findings]
        return VerdictAnswer(found.holds, found.plays, found.found, findings)

    def _is_grand(self, campaign: str, mechanic: str) -> bool:
        listener = self._engine.program.by_key.get(f"{campaign}/{mechanic}")
        return listener is not None and isinstance(listener.mechanic, GrandDraw)

    async def _one(self, connection: asyncpg.Connection, request: Request) -> Epoch:
        row = await connection.fetchrow(
            f"SELECT {PUBLISHED} FROM draw_epoch WHERE campaign = $1 AND mechanic = $2 AND name = $3",
            *_named(request),
        )
        if row is None:
            raise NotFound(EPOCH_UNKNOWN, draw="/".join(_named(request)[:2]), epoch=_named(request)[2])
        return Epoch(**row)

    async def _file(
        self, media: str, write: Callable[[asyncpg.Connection, Path], Awaitable[Any]]
    ) -> StreamingResponse:
        """A file as an answer: written whole first, so that what cannot be told is a problem and not half a file."""
        with ExitStack() as stack:
            file = stack.enter_context(scratch("draw")) / "file"
            async with lent(self._pool) as connection:
                await write(connection, file)
            return StreamingResponse(_pieces(stack.pop_all(), file), media_type=media)

    def operations(self) -> tuple[Operation, ...]:
        at = "/v1/campaigns/{campaign}/draws"
        one = at + "/{mechanic}/epochs/{epoch}"
        epoch = Parameter("epoch", "The epoch, as every play names it.", where="path", required=True,
                          example="campaign")  # fmt: skip
        two, three = (CAMPAIGN, MECHANIC), (CAMPAIGN, MECHANIC, epoch)
        only = Parameter("mechanic", "Only of this draw.", NAME, example="tea-draw")
        no_draw = (NO_SUCH_DRAW, EPOCH_UNKNOWN, NOT_YET)
        return (
            Operation("GET", at, "The published side of every seed: its commitment, public value, and the seed once "
                      "it is revealed.", "campaigns:read", self.listed, EpochPage, parameters=(CAMPAIGN, only, *PAGED),
                      problems=(CAMPAIGN_UNKNOWN,), name="draws", tag=TAG, pages="draws"),
            Operation("POST", one + "/randomness", "Record the public value that an epoch named beforehand.",
                      "draws:operate", self.randomness, Epoch, PublicValue, three,
                      (EPOCH_UNKNOWN, VALUE_RECORDED, NOT_FROZEN), name="record_randomness", tag=TAG,
                      tells="Until then its draws are not open. A grand draw is drawn at once.", once=True),
            Operation("POST", one + "/reveal", "Reveal the seed of an epoch that is over; anybody can then replay it.",
                      "draws:operate", self.reveal, Epoch, parameters=three,
                      problems=(EPOCH_UNKNOWN, EPOCH_RUNS, NOT_HANDED_OUT), name="reveal_seed", tag=TAG,
                      once=True),
            Operation("GET", one + "/record", "The record of an epoch: plays, tries at red packets, or winners.",
                      "campaigns:read", self.record, str, parameters=three, problems=no_draw,
                      media="application/x-ndjson", name="draw_record", tag=TAG),
            Operation("GET", one + "/verification", "Replay an epoch's record from its revealed seed.",
                      "campaigns:read", self.verify, VerdictAnswer, parameters=three,
                      problems=(*no_draw, NOT_REVEALED), name="verify_draw", tag=TAG,
                      tells="The same that a stranger does with the published record and `festoon draw verify`."),
            Operation("GET", at + "/{mechanic}/tickets", "The tickets of a grand draw as they were frozen.",
                      "campaigns:read", self.tickets, str, parameters=two, problems=(NO_SUCH_DRAW, NOT_YET),
                      media="text/csv", name="draw_tickets", tag=TAG),
            Operation("GET", at + "/{mechanic}/winners", "The winners of a grand draw, and whether each has his prize.",
                      "members:read", self.winners, WinnerList, parameters=two, problems=(NO_SUCH_DRAW, NOT_YET),
                      name="winners", tag=TAG),
        )  # fmt: skip


async def _pieces(room: ExitStack, file: Path) -> AsyncIterator[bytes]:
    with room, file.open("rb") as source:
        while part := await asyncio.to_thread(source.read, PIECE):
            yield part


def _verified(record: Path, tickets: Path, said: tuple[str, str, str]) -> Verdict:
    seed, public, commitment = said
    if tickets.exists():
        return verify_grand(record, tickets, seed, public, commitment)
    if of_a_pool(record):
        return verify_packets(record, seed, public, commitment, ())
    return verify_file(record, seed, public, commitment, lambda _done, _of: None, ())


def _named(request: Request) -> tuple[str, str, str]:
    path = request.path_params
    return path["campaign"], path["mechanic"], path["epoch"]
