"""Routes of the control plane, made of operations: the key is checked, the query is known, the answer is JSON, errors
are problem details.

The OpenAPI document is made from the same operations, so a route cannot be there and not be described.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

import asyncpg
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from festoon.access.keyring import Keyring
from festoon.access.keys import Key
from festoon.access.tokens import MEMBER
from festoon.api.filters import (
    PARAMETER_INVALID,
    PARAMETER_MISSING,
    PARAMETER_UNKNOWN,
    UNHOLDABLE,
    body_of,
    choice,
    moment,
    needed,
    text,
    whole,
)
from festoon.api.once import HEADER, Once
from festoon.api.operation import CONFLICT, TOKEN_NEEDED, Operation, Parameter
from festoon.base.errors import FestoonError, Forbidden, Invalid, Unavailable
from festoon.intake.asgi import JSON, PROBLEM, language_of
from festoon.intake.batcher import STORE_GONE
from festoon.store.pool import GONE, lent

__all__ = [
    "PARAMETER_INVALID", "PARAMETER_MISSING", "Operation", "Parameter", "actor_of", "body_of", "choice", "moment",
    "needed", "problem_response", "routes", "spoken", "text", "whole", "working",
]  # fmt: skip

Answering = Callable[[Request], Awaitable[Response]]


def routes(operations: tuple[Operation, ...], keyring: Keyring, once: Once) -> list[Route]:
    """Starlette routes, one for each path. An id that may hold slashes comes after the paths that go on behind it."""
    by_path: dict[str, list[Operation]] = defaultdict(list)
    for each in operations:
        by_path[each.path].append(each)
    return [
        Route(path, _of_methods({each.method: _guarded(each, keyring, once) for each in known}),
              methods=[each.method for each in known])
        for path, known in sorted(by_path.items(), key=lambda item: item[0].endswith(":path}"))
    ]  # fmt: skip


def _of_methods(known: dict[str, Answering]) -> Answering:
    async def endpoint(request: Request) -> Response:
        return await known.get(request.method, known.get("GET", next(iter(known.values()))))(request)

    return endpoint


def _guarded(operation: Operation, keyring: Keyring, once: Once) -> Answering:
    asked = {each.name for each in operation.parameters if each.where == "query"}

    async def answered(request: Request) -> Response:
        answer = await operation.endpoint(request)
        if isinstance(answer, Response):
            return answer
        return Response(msgspec.json.encode(answer), operation.status, media_type=JSON.decode())

    async def endpoint(request: Request) -> Response:
        language = spoken(request)
        request.state.largest = operation.largest
        try:
            if operation.scope:
                key = await keyring.key(request.headers.get("authorization", ""))
                if operation.scope == MEMBER and not key.member:
                    raise Forbidden(TOKEN_NEEDED)
                key.need(operation.scope)
                request.state.key = key
                _check_query(request, asked)
            if operation.once and HEADER in request.headers:
                return await once.answer(request, answered)
            return await answered(request)
        except FestoonError as error:
            return problem_response(error, language)
        except asyncpg.DataError:
            return problem_response(Invalid(UNHOLDABLE), language)
        except GONE:
            return problem_response(Unavailable(STORE_GONE, retry_after=2), language)

    return endpoint


def _check_query(request: Request, asked: set[str]) -> None:
    """What is misspelt is said rather than passed over: a filter that does not filter does harm."""
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name not in asked or name in seen:
            raise Invalid(PARAMETER_UNKNOWN, name[:100], name=name[:100])
        seen.add(name)


def spoken(request: Request) -> str:
    """The language of ours that the reader likes best."""
    return language_of(request.headers.get("accept-language", ""))


def actor_of(request: Request) -> str:
    """Who asks: whom the key stands for."""
    key: Key = request.state.key
    return key.actor


@asynccontextmanager
async def working(request: Request, pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """A connection to do something on: in the transaction that stores the answer, when it is to be done once."""
    known: asyncpg.Connection | None = getattr(request.state, "connection", None)
    if known is not None:
        yield known
        return
    async with lent(pool) as connection:
        yield connection


def problem_response(error: FestoonError, language: str) -> Response:
    """An error as RFC 9457 problem details. What the engine refuses is a conflict to who asked for it."""
    status = error.http_status()
    if status == HTTPStatus.OK:
        status = CONFLICT
    headers = {"content-language": language}
    if isinstance(error, Unavailable):
        headers["retry-after"] = str(error.retry_after)
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    body = msgspec.json.encode(error.problem(language) | {"status": status})
    return Response(body, status, headers, PROBLEM.decode())
