"""Keys and the audit trail over the API."""

from typing import Annotated

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request

from festoon.access.key_list import KeyRow, keys, place
from festoon.access.keys import SCOPE_MISSING, SCOPE_UNKNOWN, Key, create, revoke
from festoon.access.trail import Entry, Search, entries
from festoon.api.filters import body_of, moment, text
from festoon.api.members import NAME
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, cut, limit_of
from festoon.api.routes import actor_of, working
from festoon.base.errors import NotFound, define
from festoon.engine.engine import Engine
from festoon.store.pool import lent

TAG = "Access"
NO_KEY = define("key.none", 404, "there is no live key '{id}'", "不存在有效的密钥“{id}”")


class KeyPage(Struct, frozen=True):
    """Keys by their ids, those in use first; never the keys themselves."""

    keys: list[KeyRow]
    next: str | None


class NewKey(Struct, frozen=True, forbid_unknown_fields=True):
    """A key to be made: whom it stands for (this name signs plans), and what it may do."""

    actor: Annotated[str, Meta(min_length=1, max_length=200)]
    scopes: Annotated[list[str], Meta(min_length=1, max_length=50)]


class KeyAnswer(Struct, frozen=True):
    """A new key. It is shown this once."""

    id: str
    key: str
    actor: str
    scopes: list[str]


class Revoked(Struct, frozen=True):
    """The key that is no longer good, in every process within a quarter of a minute."""

    id: str


class TrailPage(Struct, frozen=True):
    """Entries of the audit trail, newest first."""

    entries: list[Entry]
    next: str | None


class Access:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def listed(self, request: Request) -> KeyPage:
        limit, (last,) = limit_of(request), after(request, str)
        async with lent(self._pool) as connection:
            rows = await keys(connection, last or "", limit + 1)
        page, ended = cut(rows, limit)
        return KeyPage([*page], None if ended is None else cursor(place(ended)))

    async def make(self, request: Request) -> KeyAnswer:
        asked, by = await body_of(request, NewKey), self._caller(request)
        async with working(request, self._pool) as connection:
            for scope in asked.scopes:
                by.need(scope)  # nobody hands on what he may not do himself
            made = await create(connection, asked.actor, asked.scopes, self._engine.now(), by.actor)
        return KeyAnswer(made.split("_")[1], made, asked.actor, asked.scopes)

    async def revoke(self, request: Request) -> Revoked:
        id = request.path_params["id"]
        async with working(request, self._pool) as connection:
            if not await revoke(connection, id, self._engine.now(), actor_of(request)):
                raise NotFound(NO_KEY, id=id)
        return Revoked(id)

    async def trail(self, request: Request) -> TrailPage:
        limit, (before,) = limit_of(request), after(request, int)
        search = Search(
            text(request, "actor") or "", text(request, "act") or "", text(request, "object") or "",
            moment(request, "since"), moment(request, "until"),
        )  # fmt: skip
        async with lent(self._pool) as connection:
            rows = await entries(connection, search, before, limit + 1)
        page, last = cut(rows, limit)
        return TrailPage([*page], None if last is None else cursor(last.number))

    def _caller(self, request: Request) -> Key:
        key: Key = request.state.key
        return key

    def operations(self) -> tuple[Operation, ...]:
        id = (Parameter("id", "The key's id.", where="path", required=True, example="3f9a1c22d0e4"),)
        time = {"type": "string", "format": "date-time"}
        filters = (
            Parameter("actor", "Only by who begins so.", NAME),
            Parameter("act", "Only what begins so.", NAME, example="plan."),
            Parameter("object", "Only about what begins so.", NAME, example="spring-tea"),
            Parameter("since", "From then on.", time, example="2027-04-01T00:00:00Z"),
            Parameter("until", "Before then.", time, example="2027-04-02T00:00:00Z"),
            *PAGED,
        )
        return (
            Operation("GET", "/v1/keys", "API keys: whom they stand for and what they may do.", "keys:manage",
                      self.listed, KeyPage, parameters=PAGED, name="keys", tag=TAG, pages="keys"),
            Operation("POST", "/v1/keys", "Make a key. The answer is the only one that shows it.", "keys:manage",
                      self.make, KeyAnswer, NewKey, problems=(SCOPE_UNKNOWN, SCOPE_MISSING), name="make_key", tag=TAG,
                      status=201,
                      tells="It may do no more than the key that makes it.", once=True),
            Operation("POST", "/v1/keys/{id}/revoke", "Revoke a key.", "keys:manage", self.revoke, Revoked,
                      parameters=id, problems=(NO_KEY,), name="revoke_key", tag=TAG, once=True),
            Operation("GET", "/v1/audit", "The audit trail, newest first, with what each act changed.", "audit:read",
                      self.trail, TrailPage, parameters=filters, name="audit", tag=TAG, pages="entries"),
        )  # fmt: skip
