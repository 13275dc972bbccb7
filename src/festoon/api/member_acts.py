"""What is done to one member over the API: adjusted, blocked, erased, compensated; and what another has to sign."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import uuid4

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request

from festoon.access.keys import Key
from festoon.api.routes import Operation, Parameter, body_of, whole
from festoon.base.errors import NotFound
from festoon.engine.compensations import Preview
from festoon.engine.member_acts import adjust, ask_to_erase, bar, compensate
from festoon.engine.outcome import Outcome
from festoon.engine.requests import UNKNOWN, decline, request, sign, waiting, withdraw
from festoon.engine.requests import Request as Asked
from festoon.intake.batcher import Batcher
from festoon.store.pool import lent

Reason = Annotated[str, Meta(min_length=1, max_length=1000)]
ActKey = Annotated[str, Meta(max_length=100, pattern=r"^[A-Za-z0-9_-]*$")]
MOST = 200


class Adjusting(Struct, frozen=True, forbid_unknown_fields=True):
    """Add to a balance, or take from it when `amount` is negative, in the asset's smallest unit. `key` makes it safe to
    send again."""

    asset: str
    amount: int
    reason: Reason
    expires: date | None = None
    key: ActKey = ""


class Barring(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a member is blocked or let in again. `key` makes it safe to send again."""

    reason: Reason
    key: ActKey = ""


class Erasing(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a member is erased. `confirm` is his id once more: it cannot be undone."""

    confirm: str
    reason: Reason


class Compensating(Struct, frozen=True, forbid_unknown_fields=True):
    """What one member is given, as in a plan, in whose name and why. `key` makes it safe to send again."""

    campaign: str
    give: list[dict[str, Any]]
    reason: Reason
    key: ActKey = ""


class Declining(Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is not signed."""

    reason: Reason


class ActAnswer(Struct, frozen=True, omit_defaults=True):
    """What came of it: the outcome when it was done at once, or the request that another has to sign."""

    outcome: Outcome | None = None
    request: Asked | None = None


class AskedPage(Struct, frozen=True):
    """Requests, newest first. `next` is what to pass as `before`, or null at the end."""

    requests: list[Asked]
    next: int | None


class MemberActs:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, batcher: Batcher) -> None:
        self._pool = pool
        self._batcher = batcher

    def _now(self) -> datetime:
        return self._batcher.engine.now()

    async def adjust(self, http: Request) -> ActAnswer:
        asked = await body_of(http, Adjusting)
        async with lent(self._pool) as connection:
            done = await adjust(
                connection, self._batcher.submit, self._batcher.engine.program, http.path_params["id"], asked.asset,
                asked.amount, asked.reason, actor(http), self._now(), asked.key or str(uuid4()), asked.expires,
            )  # fmt: skip
        return ActAnswer(done.outcome, done.request)

    def barring(self, type_: str) -> Callable[[Request], Awaitable[ActAnswer]]:
        async def endpoint(http: Request) -> ActAnswer:
            asked = await body_of(http, Barring)
            async with lent(self._pool) as connection:
                outcome = await bar(
                    connection, self._batcher.submit, type_, http.path_params["id"], asked.reason, actor(http),
                    self._now(), asked.key or str(uuid4()),
                )  # fmt: skip
            return ActAnswer(outcome)

        return endpoint

    async def erase(self, http: Request) -> ActAnswer:
        asked = await body_of(http, Erasing)
        async with lent(self._pool) as connection:
            found = await ask_to_erase(
                connection, http.path_params["id"], asked.confirm, asked.reason, actor(http), self._now()
            )
        return ActAnswer(request=found)

    async def compensate(self, http: Request) -> Preview:
        asked = await body_of(http, Compensating)
        async with lent(self._pool) as connection:
            return await compensate(
                connection, asked.campaign, http.path_params["id"], asked.give, asked.reason, actor(http),
                self._now(), asked.key or uuid4().hex,
            )  # fmt: skip

    async def waiting(self, http: Request) -> AskedPage:
        limit = whole(http, "limit", 50, 1, MOST) or 50
        before = whole(http, "before", None, 1, 2**62)
        async with lent(self._pool) as connection:
            found = await waiting(connection, before=before, limit=limit)
        return AskedPage(found, found[-1].number if len(found) == limit else None)

    async def get(self, http: Request) -> Asked:
        async with lent(self._pool) as connection:
            return await request(connection, numbered(http))

    async def sign(self, http: Request) -> Asked:
        async with lent(self._pool) as connection:
            return await sign(connection, self._batcher.submit, numbered(http), actor(http), self._now())

    async def decline(self, http: Request) -> Asked:
        asked = await body_of(http, Declining)
        async with lent(self._pool) as connection:
            return await decline(connection, numbered(http), actor(http), self._now(), asked.reason)

    async def withdraw(self, http: Request) -> Asked:
        async with lent(self._pool) as connection:
            return await withdraw(connection, numbered(http), actor(http), self._now())

    def operations(self) -> tuple[Operation, ...]:
        one = (Parameter("id", "The member's external id.", where="path", required=True),)
        number = (Parameter("number", "The request's number.", {"type": "integer"}, "path", required=True),)
        pages = (
            Parameter("limit", f"Requests a page, 1 to {MOST}.", {"type": "integer", "default": 50}),
            Parameter("before", "The `next` of the page before.", {"type": "integer"}),
        )
        member, at = "/v1/members/{id:path}", "/v1/requests/{number}"
        return (
            Operation("POST", member + "/adjust", "Change a balance; above what one person may, ask another to sign.",
                      "events:operate", self.adjust, ActAnswer, Adjusting, one, (400, 404, 409)),
            Operation("POST", member + "/block", "Refuse what a member asks for from now on.",
                      "events:operate", self.barring("member.blocked"), ActAnswer, Barring, one, (400, 404, 409)),
            Operation("POST", member + "/unblock", "Let a blocked member take part again.",
                      "events:operate", self.barring("member.unblocked"), ActAnswer, Barring, one, (400, 404, 409)),
            Operation("POST", member + "/erase", "Ask that what is known of a member be destroyed; another signs.",
                      "events:operate", self.erase, ActAnswer, Erasing, one, (400, 404)),
            Operation("POST", member + "/compensate", "Put up something for one member; another signs, and it is run.",
                      "plan:make", self.compensate, Preview, Compensating, one, (400, 404, 409)),
            Operation("GET", "/v1/requests", "What waits for a second signature, newest first.",
                      "members:read", self.waiting, AskedPage, None, pages, (400,)),
            Operation("GET", at, "One request.", "members:read", self.get, Asked, None, number, (404,)),
            Operation("POST", at + "/sign", "Sign what somebody else asked for: it is done at once.",
                      "events:operate", self.sign, Asked, None, number, (404, 409)),
            Operation("POST", at + "/decline", "Say no to a request, with a reason.",
                      "events:operate", self.decline, Asked, Declining, number, (400, 404, 409)),
            Operation("POST", at + "/withdraw", "Take back a request of one's own.",
                      "events:operate", self.withdraw, Asked, None, number, (404, 409)),
        )  # fmt: skip


def actor(http: Request) -> str:
    """Who is calling."""
    key: Key = http.state.key
    return key.actor


def numbered(http: Request) -> int:
    """The number in a path. Raises NotFound for what no request is numbered with."""
    said = http.path_params["number"]
    if not said.isascii() or not said.isdecimal() or len(said) > 18:
        raise NotFound(UNKNOWN, number=said[:30])
    return int(said)
