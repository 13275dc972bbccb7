"""Codes in bulk over the API: made in batches, listed, written out, withdrawn."""

import secrets
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import StreamingResponse

from festoon.api.campaigns import CAMPAIGN
from festoon.api.filters import body_of
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, cut, limit_of
from festoon.api.routes import actor_of, working
from festoon.base.errors import NotFound
from festoon.base.times import end_of_day
from festoon.engine.code_batches import (
    HEADING,
    NAME_TAKEN,
    NO_BATCH,
    NO_CODE,
    NO_CODES,
    TOO_MANY,
    Batch,
    BatchState,
    Order,
    batches,
    make,
    piece,
    void,
)
from festoon.engine.engine import Engine
from festoon.store.pool import lent

TAG = "Codes"
AT_ONCE = 1_000_000
"""Codes of one request; larger batches are made on the command line."""


class BatchPage(Struct, frozen=True):
    """Batches of a campaign, oldest first."""

    batches: list[Batch]
    next: str | None


class NewBatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Codes to be made. `owner` is a coupon or a mechanic of the campaign; `until` the last day they can be used."""

    owner: Annotated[str, Meta(min_length=1, max_length=200)]
    name: Annotated[str, Meta(pattern=r"^[^/\\s]([^/]{0,98}[^/\\s])?$")]
    count: Annotated[int, Meta(ge=1, le=AT_ONCE)]
    until: date | None = None


class Voiding(Struct, frozen=True, forbid_unknown_fields=True):
    """Which code to withdraw; all that are free without one."""

    code: Annotated[str, Meta(max_length=200)] = ""


class Voided(Struct, frozen=True):
    """How many codes can no longer be used."""

    campaign: str
    name: str
    withdrawn: int


class Codes:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def listed(self, request: Request) -> BatchPage:
        limit, (last,) = limit_of(request), after(request, int)
        async with lent(self._pool) as connection:
            rows = await connection.fetch(
                """SELECT campaign, owner, name, pattern, count, made, maker, until, voided, id FROM code_batch
                   WHERE campaign = $1 AND id > $2 ORDER BY id LIMIT $3""",
                request.path_params["campaign"], last or 0, limit + 1,
            )  # fmt: skip
        page, ended = cut(rows, limit)
        return BatchPage(
            [Batch(*tuple(row)[:-1]) for row in page], None if ended is None else cursor(ended["id"])
        )

    async def get(self, request: Request) -> BatchState:
        campaign, name = _named(request)
        async with lent(self._pool) as connection:
            for found in await batches(connection, campaign, name):
                return found
        raise NotFound(NO_BATCH, campaign=campaign, name=name)

    async def make(self, request: Request) -> BatchState:
        asked, campaign = await body_of(request, NewBatch), request.path_params["campaign"]
        known = self._engine.program.campaigns.get(campaign)
        zone = ZoneInfo("UTC") if known is None else known.zone
        until = None if asked.until is None else end_of_day(asked.until, zone)
        order = Order(campaign, asked.owner, asked.name, asked.count, until)
        async with working(request, self._pool) as connection:
            await make(
                connection, order, actor_of(request), self._engine.now(), secrets.token_bytes, lambda _: None
            )
            (made,) = await batches(connection, campaign, asked.name)
        return made

    async def export(self, request: Request) -> StreamingResponse:
        campaign, name = _named(request)
        async with lent(self._pool) as connection:
            first = await piece(connection, campaign, name, "")
        return StreamingResponse(self._lines(campaign, name, *first), media_type="text/csv")

    async def _lines(
        self, campaign: str, name: str, lines: list[str], last: str | None
    ) -> AsyncIterator[str]:
        """Piece by piece, each on a connection of its own, so that a slow reader keeps nobody waiting."""
        yield HEADING
        yield "".join(lines)
        while last is not None:
            async with lent(self._pool) as connection:
                lines, last = await piece(connection, campaign, name, last)
            yield "".join(lines)

    async def void(self, request: Request) -> Voided:
        asked, (campaign, name) = await body_of(request, Voiding), _named(request)
        async with working(request, self._pool) as connection:
            withdrawn = await void(
                connection, campaign, name, asked.code, actor_of(request), self._engine.now()
            )
        return Voided(campaign, name, withdrawn)

    def operations(self) -> tuple[Operation, ...]:
        at, name = "/v1/campaigns/{campaign}/codes", "The batch's name."
        both = (CAMPAIGN, Parameter("name", name, where="path", required=True, example="flyers-march"))
        return (
            Operation("GET", at, "The batches of codes of a campaign, oldest first.", "rewards:read", self.listed,
                      BatchPage, parameters=(CAMPAIGN, *PAGED), name="code_batches", tag=TAG, pages="batches"),
            Operation("POST", at, "Make a batch of unique codes that nobody can guess.", "codes:write", self.make,
                      BatchState, NewBatch, (CAMPAIGN,), (NO_CODES, NAME_TAKEN, TOO_MANY), name="make_codes", tag=TAG,
                      once=True, status=201, tells="How many there may be in all stands in the plan."),
            Operation("GET", at + "/{name:path}/export", "A batch as CSV: code, state, member's number, time of use.",
                      "codes:write", self.export, str, parameters=both, problems=(NO_BATCH,), media="text/csv",
                      name="export_codes", tag=TAG, tells="Keep it like money."),
            Operation("POST", at + "/{name:path}/void", "Withdraw a batch, or one code of it.", "codes:write",
                      self.void, Voided, Voiding, both, (NO_BATCH, NO_CODE), name="void_codes", tag=TAG,
                      tells="What is still free can no longer be used. What members own stays theirs.", once=True),
            Operation("GET", at + "/{name:path}", "A batch and what has become of its codes, counted now.",
                      "rewards:read", self.get, BatchState, parameters=both, problems=(NO_BATCH,),
                      name="code_batch", tag=TAG),
        )  # fmt: skip


def _named(request: Request) -> tuple[str, str]:
    return request.path_params["campaign"], request.path_params["name"]
