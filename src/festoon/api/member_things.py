"""Items of a member, and what an operator does about accounts and transfers: merged, taken back."""

from datetime import datetime
from typing import Annotated

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from festoon.api.answers import EventAnswer, Item
from festoon.api.filters import body_of, choice, text
from festoon.api.members import ID, NAME, TAG, shown_item
from festoon.api.once import event_id
from festoon.api.operating import OPERATING, Operating
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, cut, limit_of
from festoon.api.routes import actor_of
from festoon.engine.engine import Engine
from festoon.engine.member_acts import number_of
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.engine.merging import HOLD_IN_BOTH, MERGE, NOBODY, ONE_ALREADY
from festoon.engine.wearing import worn_among
from festoon.store.pool import lent

KINDS = ("coupon", "badge", "item", "gift", "membership")
REVERSED = "transfer.reversed"


class ItemPage(Struct, frozen=True):
    """Things of a member, newest first."""

    items: list[Item]
    next: str | None


class Merging(Struct, frozen=True, forbid_unknown_fields=True):
    """The account that becomes part of the member's, and how it is known that both are one person."""

    member: Annotated[str, Meta(min_length=1, max_length=256)]
    reason: Annotated[str, Meta(min_length=1, max_length=1000)]


class TakingBack(Struct, frozen=True, forbid_unknown_fields=True):
    """The transfer to take back, by the id of its line in the statement, and why."""

    transfer: Annotated[str, Meta(pattern=r"^[0-9]{1,18}-[0-9]{1,6}$")]
    reason: Annotated[str, Meta(min_length=1, max_length=1000)]


class MemberThings:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine, operating: Operating) -> None:
        self._pool = pool
        self._engine = engine
        self._operating = operating

    async def items(self, request: Request) -> ItemPage:
        limit, kind = limit_of(request), choice(request, "kind", KINDS)
        given, id = after(request, datetime, str)
        now = None if self._engine.program.rehearsal else self._engine.now()
        async with lent(self._pool) as connection:
            number = await number_of(connection, request.path_params["id"])
            rows = await connection.fetch(
                """SELECT id, kind, ref, state, given, campaign, mechanic, expires, code, serial FROM item
                   WHERE member_id = $1 AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR campaign = $3)
                         AND ($4::timestamptz IS NULL OR (given, id) < ($4, $5))
                   ORDER BY given DESC, id DESC LIMIT $6""",
                number, kind, text(request, "campaign"), given, id or "", limit + 1,
            )  # fmt: skip
            worn = await worn_among(connection, number, rows, now)
        page, last = cut(rows, limit)
        more = None if last is None else cursor(last["given"], last["id"])
        return ItemPage([shown_item(row, now, worn) for row in page], more)

    async def merge(self, request: Request) -> Response:
        asked = await body_of(request, Merging)
        data = {"member": asked.member, "reason": asked.reason, "made_by": actor_of(request)}
        return await self._send(request, MERGE, data)

    async def take_back(self, request: Request) -> Response:
        asked = await body_of(request, TakingBack)
        data = {"transfer": asked.transfer, "reason": asked.reason, "made_by": actor_of(request)}
        return await self._send(request, REVERSED, data)

    async def _send(self, request: Request, type_: str, data: dict[str, str]) -> Response:
        member = request.path_params["id"]
        async with lent(self._pool) as connection:
            await number_of(connection, member)  # an operator makes nobody known by a slip
        return await self._operating.send(request, event_id(request), type_, member, data)

    def operations(self) -> tuple[Operation, ...]:
        at, one = "/v1/members/{id:path}", (ID,)
        filters = (
            Parameter("kind", "Only of this kind.", {"type": "string", "enum": list(KINDS)}),
            Parameter("campaign", "Only of this campaign.", NAME),
            *PAGED,
        )
        return (
            Operation("GET", at + "/items", "A member's coupons, badges, items and gifts, newest first.",
                      "members:read", self.items, ItemPage, parameters=(ID, *filters), problems=(MEMBER_UNKNOWN,),
                      name="items", tag=TAG, pages="items"),
            Operation("POST", at + "/merge", "Make another account of the same person part of this one.",
                      "events:operate", self.merge, EventAnswer, Merging, one,
                      (*OPERATING, NOBODY, ONE_ALREADY, HOLD_IN_BOTH), name="merge", tag=TAG, once=True),
            Operation("POST", at + "/reversals", "Take one transfer back by another in the opposite direction.",
                      "events:operate", self.take_back, EventAnswer, TakingBack, one, OPERATING,
                      name="take_back", tag=TAG, once=True),
        )  # fmt: skip
