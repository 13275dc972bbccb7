"""What is done to one member over the API: adjusted, blocked, erased, compensated; and what another has to sign."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request

from festoon.api.filters import body_of
from festoon.api.members import ID, TAG
from festoon.api.once import act_key
from festoon.api.operating import OPERATING
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, limit_of
from festoon.api.routes import actor_of, working
from festoon.base.errors import NotFound
from festoon.engine.adjusting import ASSET_UNKNOWN
from festoon.engine.barring import BLOCKED_ALREADY, NOT_BLOCKED
from festoon.engine.compensations import NO_CAMPAIGN, THERE, Preview
from festoon.engine.member_acts import NOT_CONFIRMED, NOTHING, adjust, ask_to_erase, bar, compensate
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.engine.outcome import Outcome
from festoon.engine.requests import (
    KEY_REUSED,
    NOT_WAITING,
    NOT_YOURS,
    REASON_MISSING,
    SELF_SIGNED,
    UNKNOWN,
    decline,
    request,
    sign,
    waiting,
    withdraw,
)
from festoon.engine.requests import Request as Asked
from festoon.intake.batcher import Batcher
from festoon.plan.problems import INVALID
from festoon.store.pool import lent

Reason = Annotated[str, Meta(min_length=1, max_length=1000)]
ActKey = Annotated[str, Meta(max_length=100, pattern=r"^[A-Za-z0-9_-]*$")]


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
    """Requests, newest first."""

    requests: list[Asked]
    next: str | None


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
                asked.amount, asked.reason, actor_of(http), self._now(), asked.key or act_key(http), asked.expires,
            )  # fmt: skip
        return ActAnswer(done.outcome, done.request)

    def barring(self, type_: str) -> Callable[[Request], Awaitable[ActAnswer]]:
        async def endpoint(http: Request) -> ActAnswer:
            asked = await body_of(http, Barring)
            async with lent(self._pool) as connection:
                outcome = await bar(
                    connection, self._batcher.submit, type_, http.path_params["id"], asked.reason, actor_of(http),
                    self._now(), asked.key or act_key(http),
                )  # fmt: skip
            return ActAnswer(outcome)

        return endpoint

    async def erase(self, http: Request) -> ActAnswer:
        asked = await body_of(http, Erasing)
        async with working(http, self._pool) as connection:
            found = await ask_to_erase(
                connection, http.path_params["id"], asked.confirm, asked.reason, actor_of(http), self._now()
            )
        return ActAnswer(request=found)

    async def compensate(self, http: Request) -> Preview:
        asked = await body_of(http, Compensating)
        async with working(http, self._pool) as connection:
            return await compensate(
                connection, asked.campaign, http.path_params["id"], asked.give, asked.reason, actor_of(http),
                self._now(), asked.key or act_key(http),
            )  # fmt: skip

    async def waiting(self, http: Request) -> AskedPage:
        limit = limit_of(http)
        (before,) = after(http, int)
        async with lent(self._pool) as connection:
            found = await waiting(connection, before=before, limit=limit)
        return AskedPage(found, cursor(found[-1].number) if len(found) == limit else None)

    async def get(self, http: Request) -> Asked:
        async with lent(self._pool) as connection:
            return await request(connection, numbered(http))

    async def sign(self, http: Request) -> Asked:
        async with lent(self._pool) as connection:
            return await sign(connection, self._batcher.submit, numbered(http), actor_of(http), self._now())

    async def decline(self, http: Request) -> Asked:
        asked = await body_of(http, Declining)
        async with working(http, self._pool) as connection:
            return await decline(connection, numbered(http), actor_of(http), self._now(), asked.reason)

    async def withdraw(self, http: Request) -> Asked:
        async with working(http, self._pool) as connection:
            return await withdraw(connection, numbered(http), actor_of(http), self._now())

    def operations(self) -> tuple[Operation, ...]:
        return (*self._of_members(), *self._of_requests())

    def _of_members(self) -> tuple[Operation, ...]:
        member, one = "/v1/members/{id:path}", (ID,)
        again = "With a `key`, which names it for good, or an `Idempotency-Key` it may be sent again: it acts once."
        return (
            Operation("POST", member + "/adjust", "Change a balance; above what one person may, ask another to sign.",
                      "events:operate", self.adjust, ActAnswer, Adjusting, one,
                      (*OPERATING, NOTHING, ASSET_UNKNOWN, KEY_REUSED), name="adjust", tag=TAG, tells=again, once=True),
            Operation("POST", member + "/block", "Refuse what a member asks for from now on.",
                      "events:operate", self.barring("member.blocked"), ActAnswer, Barring, one,
                      (*OPERATING, BLOCKED_ALREADY), name="block", tag=TAG, tells=again, once=True),
            Operation("POST", member + "/unblock", "Let a blocked member take part again.",
                      "events:operate", self.barring("member.unblocked"), ActAnswer, Barring, one,
                      (*OPERATING, NOT_BLOCKED), name="unblock", tag=TAG, tells=again, once=True),
            Operation("POST", member + "/erase", "Ask that what is known of a member be destroyed; another signs.",
                      "events:operate", self.erase, ActAnswer, Erasing, one,
                      (REASON_MISSING, NOT_CONFIRMED, MEMBER_UNKNOWN), name="erase", tag=TAG, once=True),
            Operation("POST", member + "/compensate", "Put up something for one member; another signs, and it is run.",
                      "plan:make", self.compensate, Preview, Compensating, one,
                      (400, INVALID, MEMBER_UNKNOWN, NO_CAMPAIGN, THERE), name="compensate", tag=TAG, tells=again,
                      once=True),
        )  # fmt: skip

    def _of_requests(self) -> tuple[Operation, ...]:
        number = (
            Parameter(
                "number", "The request's number.", {"type": "integer"}, "path", required=True, example=5
            ),
        )
        at, tag = "/v1/requests/{number}", "Requests"
        decided = (UNKNOWN, NOT_WAITING)
        return (
            Operation("GET", "/v1/requests", "What waits for a second signature, newest first.",
                      "members:read", self.waiting, AskedPage, None, PAGED, name="requests", tag=tag,
                      pages="requests"),
            Operation("GET", at, "One request.", "members:read", self.get, Asked, None, number, (UNKNOWN,),
                      name="request", tag=tag),
            Operation("POST", at + "/sign", "Sign what somebody else asked for: it is done at once.",
                      "events:operate", self.sign, Asked, None, number, (*OPERATING, *decided, SELF_SIGNED),
                      name="sign_request", tag=tag, once=True),
            Operation("POST", at + "/decline", "Say no to a request, with a reason.",
                      "events:operate", self.decline, Asked, Declining, number, (*decided, REASON_MISSING),
                      name="decline_request", tag=tag, once=True),
            Operation("POST", at + "/withdraw", "Take back a request of one's own.",
                      "events:operate", self.withdraw, Asked, None, number, (*decided, NOT_YOURS),
                      name="withdraw_request", tag=tag, once=True),
        )  # fmt: skip


def numbered(http: Request) -> int:
    """The number in a path. Raises NotFound for what no request is numbered with."""
    said = http.path_params["number"]
    if not said.isascii() or not said.isdecimal() or len(said) > 18:
        raise NotFound(UNKNOWN, number=said[:30])
    return int(said)
