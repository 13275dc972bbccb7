"""Held rewards over the API: what waits, since when and why; released or voided, each once."""

from datetime import datetime
from typing import Annotated

import asyncpg
from msgspec import Meta, Struct
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from festoon.access.keys import Key
from festoon.api.answers import EventAnswer, NeededReason
from festoon.api.filters import body_of, choice, text
from festoon.api.member_pages import PERSONAL
from festoon.api.members import NAME
from festoon.api.once import HEADER, event_id
from festoon.api.operating import OPERATING, Operating
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, cut, limit_of
from festoon.api.routes import actor_of, working
from festoon.base.errors import Refused
from festoon.engine.aside import PROMISE, RISK
from festoon.engine.engine import Engine
from festoon.engine.held import ANSWER_MISSING, AWAITS_VERDICT, NOT_HELD
from festoon.engine.held_list import After, Held, held
from festoon.engine.priority import first_served
from festoon.store.pool import lent

TAG = "Held rewards"
FIRST_ONLY = Parameter("priority", "`true`: only of members whose level brings priority support.",
                       {"type": "string", "enum": ["true"]})  # fmt: skip


class HeldPage(Struct, frozen=True):
    """Rewards that are set aside, oldest first."""

    held: list[Held]
    next: str | None


class Verdict(NeededReason, frozen=True, forbid_unknown_fields=True):
    """Why it is decided so, for the journal and the trail, and what the member is told: nothing, unless he appealed and
    is turned down."""

    answer: Annotated[str, Meta(max_length=1000)] = ""


class HeldRewards:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, operating: Operating, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine
        self._operating = operating

    async def list(self, request: Request) -> HeldPage:
        limit, why = limit_of(request), choice(request, "why", (RISK, PROMISE))
        since, id = after(request, datetime, str)
        first = first_served(self._engine.program)
        async with lent(self._pool) as connection:
            rows = await held(
                connection, campaign=text(request, "campaign"), member=text(request, "member"), why=why,
                after=None if since is None else After(since, id), limit=limit + 1,
                first=first, only=first if choice(request, "priority", ("true",)) else None,
            )  # fmt: skip
        page, last = cut(rows, limit)
        key: Key = request.state.key
        if PERSONAL not in key.scopes:
            page = [replace(each, appeal="") for each in page]
        return HeldPage([*page], None if last is None else cursor(last.since, last.id))

    async def release(self, request: Request) -> Response:
        return await self._decide(request, "grant.released")

    async def void(self, request: Request) -> Response:
        return await self._decide(request, "grant.voided")

    async def _decide(self, request: Request, type_: str) -> Response:
        asked, hold, actor = (
            await body_of(request, Verdict),
            request.path_params["hold"],
            actor_of(request),
        )
        async with working(request, self._pool) as connection:
            found = await held(connection, id=hold, limit=1)
        if not found:
            raise Refused(NOT_HELD, hold=hold)
        id = event_id(request) if HEADER in request.headers else f"{type_}/{hold}/{actor}"
        data = {"hold": hold, "reason": asked.reason, "decided_by": actor}
        if asked.answer:
            data["answer"] = asked.answer
        return await self._operating.send(request, id, type_, found[0].member, data)

    def operations(self) -> tuple[Operation, ...]:
        hold = (
            Parameter("hold", "The held reward's id.", where="path", required=True, example="9f2c41d07be3"),
        )
        filters = (
            Parameter("campaign", "Only of this campaign.", NAME),
            Parameter("member", "Only of this member.", NAME),
            Parameter("why", "`risk`: somebody has to look at it; `promise`: a mechanic waits for a verdict.",
                      {"type": "string", "enum": [RISK, PROMISE]}),
            FIRST_ONLY,
            *PAGED,
        )  # fmt: skip
        problems = (*OPERATING, NOT_HELD, AWAITS_VERDICT, ANSWER_MISSING)
        return (
            Operation("GET", "/v1/held", "Rewards that are held, oldest first, with the score and the rules behind it.",
                      "rewards:read", self.list, HeldPage, parameters=filters, name="held", tag=TAG, pages="held"),
            Operation("POST", "/v1/held/{hold}/release", "Give a held reward to its member after all.",
                      "events:operate", self.release, EventAnswer, Verdict, hold, problems,
                      name="release", tag=TAG, once=True),
            Operation("POST", "/v1/held/{hold}/void", "Do not give it: its budget, stock and place go back.",
                      "events:operate", self.void, EventAnswer, Verdict, hold, problems,
                      name="void", tag=TAG, once=True),
        )  # fmt: skip
