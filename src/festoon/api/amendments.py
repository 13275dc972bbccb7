"""The fast lane over the API: more stock or budget asked for and signed; one mechanic paused and let run again."""

from decimal import Decimal, InvalidOperation

import asyncpg
from msgspec import Struct
from starlette.requests import Request

from festoon.api.campaigns import TAG
from festoon.api.filters import body_of
from festoon.api.operation import Operation, Parameter
from festoon.api.routes import actor_of, working
from festoon.base.errors import Invalid, NotFound
from festoon.engine.amendments import (
    NOT_RUNNING,
    UNKNOWN,
    Amendment,
    ask_for_more,
    can_have_more,
    sign_more,
    waiting_for_more,
)
from festoon.engine.engine import Engine
from festoon.engine.pausing import ALL_PAUSED, ALREADY, pause_mechanic, resume_mechanic
from festoon.engine.pausing import UNKNOWN as MECHANIC_UNKNOWN
from festoon.engine.publish import NOT_APPROVED, OVERTAKEN, REASON_MISSING, SELF_APPROVED
from festoon.plan.more import NOT_AMENDABLE, NOTHING
from festoon.plan.problems import INVALID
from festoon.store.pool import lent

ONE = (Parameter("id", "The campaign's id.", where="path", required=True, example="spring-tea"),)


class MoreAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """How much is added, by path: `{"budget.lines.prizes": "500", "coupons.ten-off.stock": "200"}`; of a budget line in
    the currency's usual unit."""

    adds: dict[str, str]
    reason: str


class CanHaveMore(Struct, frozen=True):
    """Something that more can be added to, and what the plan says now."""

    path: str
    name: str
    kind: str
    now: str


class MoreAnswer(Struct, frozen=True):
    """What more can be added to, and the requests that wait."""

    amendable: list[CanHaveMore]
    waiting: list[Amendment]


class PausedOne(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a mechanic is paused or let run again."""

    reason: str = ""


class PausedAnswer(Struct, frozen=True):
    """The mechanics that are paused now."""

    campaign: str
    paused: list[str]


class Amendments:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def get(self, request: Request) -> MoreAnswer:
        id = request.path_params["id"]
        async with lent(self._pool) as connection:
            found = await can_have_more(connection, id)
            waiting = await waiting_for_more(connection, id)
        return MoreAnswer(
            [CanHaveMore(each.path, each.name, each.kind, f"{each.now:f}") for each in found], waiting
        )

    async def ask(self, request: Request) -> Amendment:
        asked = await body_of(request, MoreAsked)
        adds = {path: _decimal(path, add) for path, add in asked.adds.items()}
        async with working(request, self._pool) as connection:
            return await ask_for_more(
                connection,
                request.path_params["id"],
                adds,
                asked.reason,
                actor_of(request),
                self._engine.now(),
            )

    async def sign(self, request: Request) -> Amendment:
        id, said = request.path_params["id"], request.path_params["version"]
        if not said.isascii() or not said.isdecimal() or len(said) > 9:
            raise NotFound(UNKNOWN, campaign=id, version=said[:30])
        async with lent(self._pool) as connection:
            return await sign_more(connection, id, int(said), actor_of(request), self._engine.now())

    async def pause(self, request: Request) -> PausedAnswer:
        asked = await body_of(request, PausedOne)
        id, mechanic = request.path_params["id"], request.path_params["mechanic"]
        async with working(request, self._pool) as connection:
            paused = await pause_mechanic(
                connection, id, mechanic, asked.reason, actor_of(request), self._engine.now()
            )
        return PausedAnswer(id, paused)

    async def resume(self, request: Request) -> PausedAnswer:
        asked = await body_of(request, PausedOne)
        id, mechanic = request.path_params["id"], request.path_params["mechanic"]
        async with working(request, self._pool) as connection:
            paused = await resume_mechanic(
                connection, id, mechanic, asked.reason, actor_of(request), self._engine.now()
            )
        return PausedAnswer(id, paused)

    def operations(self) -> tuple[Operation, ...]:
        version = (
            *ONE,
            Parameter(
                "version", "The request's version.", {"type": "integer"}, "path", required=True, example=3
            ),
        )
        mechanic = (
            *ONE,
            Parameter("mechanic", "The mechanic's id.", where="path", required=True, example="tea-draw"),
        )
        at, of = "/v1/campaigns/{id}/more", "/v1/campaigns/{id}/mechanics/{mechanic}"
        pausing = (MECHANIC_UNKNOWN, ALL_PAUSED, ALREADY)
        return (
            Operation("GET", at, "What more stock or budget can be added to, and what waits for a signature.",
                      "campaigns:read", self.get, MoreAnswer, None, ONE, (NOT_RUNNING,), name="can_have_more", tag=TAG),
            Operation("POST", at, "Ask for more stock or budget: the next version of the plan; another signs.",
                      "plan:make", self.ask, Amendment, MoreAsked, ONE,
                      (NOT_RUNNING, NOTHING, NOT_AMENDABLE, REASON_MISSING, INVALID), name="ask_for_more", tag=TAG,
                      once=True),
            Operation("POST", at + "/{version}/sign", "Sign a request for more: it is there from the next event on.",
                      "plan:check", self.sign, Amendment, None, version,
                      (UNKNOWN, SELF_APPROVED, NOT_APPROVED, OVERTAKEN), name="sign_more", tag=TAG, once=True),
            Operation("POST", of + "/pause", "Pause one mechanic now, beside those that are paused.",
                      "plan:publish", self.pause, PausedAnswer, PausedOne, mechanic, pausing, name="pause_mechanic",
                      tag=TAG, once=True),
            Operation("POST", of + "/resume", "Let one mechanic run again.",
                      "plan:publish", self.resume, PausedAnswer, PausedOne, mechanic, pausing, name="resume_mechanic",
                      tag=TAG, once=True),
        )  # fmt: skip


def _decimal(path: str, said: str) -> Decimal:
    try:
        return Decimal(said)
    except InvalidOperation:
        raise Invalid(NOTHING, path[:200]) from None
