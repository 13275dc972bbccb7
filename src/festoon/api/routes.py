"""Routes of the control plane: what each is for, what it takes and answers, and the scope it needs.

The OpenAPI document is made from these, so a route cannot be there and not be described.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from festoon.access.keyring import Keyring
from festoon.access.tokens import MEMBER
from festoon.base.errors import FestoonError, Forbidden, Invalid, Unavailable, define
from festoon.intake.asgi import BODY_TOO_LARGE, JSON, PROBLEM, language_of
from festoon.intake.batcher import STORE_GONE
from festoon.intake.refusals import not_json
from festoon.store.pool import GONE

PARAMETER_INVALID = define(
    "request.parameter_invalid",
    400,
    "the parameter {name} is not right: {reason}",
    "参数{name}有误：{reason}",
)
PARAMETER_MISSING = define(
    "request.parameter_missing",
    400,
    "the parameter {name} is missing",
    "缺少参数{name}",
    todo="look at the path in /docs",
    todo_zh="请在 /docs 中查看该路径的说明",
)
WRONG_SHAPE = define(
    "request.wrong_shape",
    400,
    "the body does not have the shape this path takes: {reason}",
    "请求体的结构不符合要求：{reason}",
    todo="look at the path in /docs",
    todo_zh="请在 /docs 中查看该路径的说明",
)
TOKEN_NEEDED = define(
    "token.needed",
    403,
    "this is for a member's own token, not for an API key",
    "此处需要会员本人的令牌，而不是 API 密钥",
    todo="mint one: POST /v1/members/{{id}}/token",
    todo_zh="请签发令牌：POST /v1/members/{{id}}/token",
)
LARGEST_BODY = 1024 * 1024
"""Bytes of a request to the control plane; events have a bound of their own."""
LONGEST_NAME = 200
Body = TypeVar("Body", bound=Struct)

Endpoint = Callable[[Request], Awaitable[Any]]


class Parameter(Struct, frozen=True):
    """A query or path parameter, as the document shows it."""

    name: str
    about: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    where: str = "query"
    required: bool = False


class Operation(Struct, frozen=True):
    """One operation. `scope` is "" when it is open to everybody, and `member` when it takes a member's token."""

    method: str
    path: str
    about: str
    scope: str
    endpoint: Endpoint
    answers: Any
    takes: Any = None
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[int, ...] = ()
    media: str = "application/json"


def routes(operations: tuple[Operation, ...], keyring: Keyring) -> list[Route]:
    """Starlette routes that check the scope, encode the answer, and turn errors into problem details."""
    return [Route(each.path, _guarded(each, keyring), methods=[each.method]) for each in operations]


def _guarded(operation: Operation, keyring: Keyring) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        language = spoken(request)
        try:
            if operation.scope:
                key = await keyring.key(request.headers.get("authorization", ""))
                if operation.scope == MEMBER and not key.member:
                    raise Forbidden(TOKEN_NEEDED)
                key.need(operation.scope)
                request.state.key = key
            answer = await operation.endpoint(request)
        except FestoonError as error:
            return problem_response(error, language)
        except GONE:
            return problem_response(Unavailable(STORE_GONE, retry_after=2), language)
        if isinstance(answer, Response):
            return answer
        return Response(msgspec.json.encode(answer), media_type=JSON.decode())

    return endpoint


def spoken(request: Request) -> str:
    """The language of ours that the reader likes best."""
    return language_of(request.headers.get("accept-language", ""))


def problem_response(error: FestoonError, language: str) -> Response:
    """An error as RFC 9457 problem details."""
    headers = {"content-language": language}
    if isinstance(error, Unavailable):
        headers["retry-after"] = str(error.retry_after)
    if error.http_status() == 401:
        headers["www-authenticate"] = "Bearer"
    body = msgspec.json.encode(error.problem(language))
    return Response(body, error.http_status(), headers, PROBLEM.decode())


async def body_of(request: Request, shape: type[Body]) -> Body:
    """The body in its shape. Raises Invalid (`request.not_json`, `request.wrong_shape`, `request.too_large`)."""
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_BODY:
                raise Invalid(BODY_TOO_LARGE, limit=LARGEST_BODY)
    except ClientDisconnect as gone:
        raise not_json(gone) from None
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise Invalid(WRONG_SHAPE, reason=str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_json(error) from None


def whole(request: Request, name: str, default: int | None, low: int, high: int) -> int | None:
    """A whole-number query parameter within bounds. Raises Invalid."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdecimal() or not low <= int(text[:20]) <= high:
        raise Invalid(PARAMETER_INVALID, name, name=name, reason=f"{low}–{high}")
    return int(text)


def text(request: Request, name: str) -> str | None:
    """A query parameter that names something. Raises Invalid for what nothing can be named."""
    value = request.query_params.get(name)
    if value is not None and not 0 < len(value) <= LONGEST_NAME:
        raise Invalid(PARAMETER_INVALID, name, name=name, reason=f"1–{LONGEST_NAME}")
    if value is not None and "\0" in value:
        raise Invalid(PARAMETER_INVALID, name, name=name, reason="NUL")
    return value
