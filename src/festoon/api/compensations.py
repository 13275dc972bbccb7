"""Compensations over the API: looked at beforehand, put up, signed by another, run, and what became of each member."""

from datetime import datetime
from typing import Annotated

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request

from festoon.api.background import Background
from festoon.api.filters import body_of, choice, text
from festoon.api.members import NAME
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, cut, limit_of
from festoon.api.routes import actor_of, working
from festoon.base.errors import Conflict
from festoon.engine.compensation_lists import Part, Submitted, listed, parts, submitted
from festoon.engine.compensation_run import NOT_SIGNED, run
from festoon.engine.compensations import (
    NO_CAMPAIGN,
    NOT_WAITING,
    SELF_SIGNED,
    THERE,
    UNKNOWN,
    Preview,
    Status,
    preview,
    sign,
    status,
    submit,
)
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.plan.compensation import (
    NEEDS_EVENTS,
    NEVER,
    NO_SUCH_LINE,
    NOT_FIXED,
    TOO_DEAR,
    WHAT,
    WHOM,
    WRONG,
)
from festoon.store.pool import connect_hot, lent

TAG = "Compensations"
STATUSES = ("in_review", "approved", "running", "done")
STATES = ("waiting", "done", "refused")
LARGEST = 32 * 1024 * 1024


class CompensationText(Struct, frozen=True, forbid_unknown_fields=True):
    """A compensation file's text; `members` are the ids of the file that it names, if it names one."""

    source: str
    members: list[Annotated[str, Meta(min_length=1, max_length=256)]] = []


class CompensationPage(Struct, frozen=True):
    """Compensations, the latest first."""

    compensations: list[Status]
    next: str | None


class PartPage(Struct, frozen=True):
    """Members that a compensation concerns, by their numbers."""

    members: list[Part]
    next: str | None


class Compensations:
    """The endpoints, with what they need of the process."""

    def __init__(self, dsn: str, pool: asyncpg.Pool, engine: Engine, background: Background) -> None:
        self._dsn = dsn
        self._pool = pool
        self._engine = engine
        self._background = background

    async def preview(self, request: Request) -> Preview:
        asked = await body_of(request, CompensationText)
        async with lent(self._pool) as connection:
            return (await preview(connection, asked.source, asked.members))[0]

    async def submit(self, request: Request) -> Preview:
        asked = await body_of(request, CompensationText)
        async with working(request, self._pool) as connection:
            return await submit(
                connection, asked.source, actor_of(request), self._engine.now(), asked.members
            )

    async def list(self, request: Request) -> CompensationPage:
        limit, wanted = limit_of(request), choice(request, "status", STATUSES)
        place = after(request, datetime, str)
        async with lent(self._pool) as connection:
            rows = await listed(
                connection, text(request, "campaign"), wanted, (place[0], place[1]), limit + 1
            )
        page, last = cut(rows, limit)
        more = None if last is None else cursor(last[1], last[0].id)
        return CompensationPage([each for each, _ in page], more)

    async def get(self, request: Request) -> Submitted:
        async with lent(self._pool) as connection:
            return await submitted(connection, request.path_params["id"])

    async def sign(self, request: Request) -> Status:
        id = request.path_params["id"]
        async with working(request, self._pool) as connection:
            await sign(connection, id, actor_of(request), self._engine.now())
            return await status(connection, id)

    async def run(self, request: Request) -> Status:
        id = request.path_params["id"]
        async with lent(self._pool) as connection:
            found = await status(connection, id)
        if found.status == "in_review" and not self._engine.program.rehearsal:
            raise Conflict(NOT_SIGNED, id=id, status=found.status)
        if found.status != "done":
            self._background.start(f"compensation/{id}", self._run(id, actor_of(request)))
        return found

    async def _run(self, id: str, actor: str) -> None:
        connection = await connect_hot(self._dsn)
        try:
            program, now = await load_program(connection), self._engine.now
            if program.rehearsal:
                last = await connection.fetchval("SELECT now FROM event ORDER BY seq DESC LIMIT 1") or now()
                await run(Engine(program, load_program, lambda: last), connection, id, actor)
            else:
                await run(Engine(program, load_program, now), connection, id, actor)
        finally:
            connection.terminate()

    async def members(self, request: Request) -> PartPage:
        limit, state = limit_of(request), choice(request, "state", STATES)
        (last,) = after(request, int)
        async with lent(self._pool) as connection:
            rows = await parts(connection, request.path_params["id"], state, last, limit + 1)
        page, ended = cut(rows, limit)
        return PartPage([*page], None if ended is None else cursor(ended.number))

    def operations(self) -> tuple[Operation, ...]:
        at = "/v1/compensations"
        id = (
            Parameter(
                "id", "The compensation's name.", where="path", required=True, example="outage-3-april"
            ),
        )
        wrong = (
            WRONG,
            NO_CAMPAIGN,
            WHOM,
            WHAT,
            NEEDS_EVENTS,
            NOT_FIXED,
            NO_SUCH_LINE,
            NEVER,
            TOO_DEAR,
            400,
        )
        filters = (
            Parameter("campaign", "Only of this campaign.", NAME),
            Parameter("status", "Only those that stand so.", {"type": "string", "enum": list(STATUSES)}),
            *PAGED,
        )
        state = Parameter("state", "Only members that stand so.", {"type": "string", "enum": list(STATES)})
        return (
            Operation("POST", at + "/preview", "Say who is concerned and what it costs on which budget line.",
                      "plan:make", self.preview, Preview, CompensationText, problems=wrong,
                      name="preview_compensation", tag=TAG, repeatable=True, largest=LARGEST,
                      tells="Nothing is written."),
            Operation("POST", at, "Put it up for the second signature.", "plan:make", self.submit, Preview,
                      CompensationText, problems=(*wrong, THERE), name="submit_compensation", tag=TAG, once=True,
                      status=201, largest=LARGEST,
                      tells="Who is concerned is settled now: what is signed is what happens."),
            Operation("GET", at, "Compensations, the latest first: signed by whom, how far they are.", "rewards:read",
                      self.list, CompensationPage, parameters=filters, name="compensations", tag=TAG,
                      pages="compensations"),
            Operation("GET", at + "/{id}", "A compensation: its text, who it is for, what it costs, how far it is.",
                      "rewards:read", self.get, Submitted, parameters=id, problems=(UNKNOWN,),
                      name="compensation", tag=TAG),
            Operation("GET", at + "/{id}/members", "Whom it concerns, and what became of each.", "rewards:read",
                      self.members, PartPage, parameters=(*id, state, *PAGED), problems=(UNKNOWN,),
                      name="compensation_members", tag=TAG, pages="members"),
            Operation("POST", at + "/{id}/sign", "The second signature, by somebody else than who made it.",
                      "plan:check", self.sign, Status, parameters=id, problems=(UNKNOWN, SELF_SIGNED, NOT_WAITING),
                      name="sign_compensation", tag=TAG, once=True),
            Operation("POST", at + "/{id}/run", "Give everybody his part.", "plan:publish", self.run, Status,
                      parameters=id, problems=(UNKNOWN, NOT_SIGNED), name="run_compensation", tag=TAG, status=202,
                      once=True,
                      tells="It goes on by itself, as `GET` shows. Asked for again after a crash, it goes on where it "
                      "stopped, and gives nobody anything twice."),
        )  # fmt: skip
