"""What a request says in its query and its body, checked: typed, bounded, and such that the store can hold it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct
from starlette.requests import ClientDisconnect, Request

from festoon.base.errors import Invalid, define
from festoon.intake.asgi import BODY_TOO_LARGE
from festoon.intake.refusals import not_json

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
PARAMETER_UNKNOWN = define(
    "request.parameter_unknown",
    400,
    "this path takes no parameter {name}, or takes it once",
    "该路径没有参数{name}，或该参数只能出现一次",
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
UNHOLDABLE = define(
    "request.unholdable",
    400,
    "the request holds a character or a number that cannot be stored",
    "请求中包含无法保存的字符或数字",
    todo="leave NUL characters and halves of characters out",
    todo_zh="请去除空字符（NUL）和不完整的字符",
)
LARGEST_BODY = 1024 * 1024
"""Bytes of a request to the control plane, unless its operation takes more; events have a bound of their own."""
LONGEST_NAME = 200
LARGEST = 2**63 - 1
Body = TypeVar("Body", bound=Struct)
_Moment = Annotated[datetime, Meta(tz=True)]


async def raw_body(request: Request) -> bytes:
    """The bytes of the body; read once, however often it is asked for. Raises Invalid."""
    known: bytes | None = getattr(request.state, "body", None)
    if known is not None:
        return known
    largest: int = getattr(request.state, "largest", LARGEST_BODY)
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > largest:
                raise Invalid(BODY_TOO_LARGE, limit=largest)
    except ClientDisconnect as gone:
        raise not_json(gone) from None
    request.state.body = body
    return body


async def body_of(request: Request, shape: type[Body]) -> Body:
    """The body in its shape. Raises Invalid (`request.not_json`, `request.wrong_shape`, `request.too_large`,
    `request.unholdable`)."""
    body = await raw_body(request)
    try:
        found = msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise Invalid(WRONG_SHAPE, reason=str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_json(error) from None
    if unholdable(msgspec.to_builtins(found)):
        raise Invalid(UNHOLDABLE)
    return found


def unholdable(value: Any) -> bool:
    """Whether the store could not hold it: NUL, half characters, numbers beyond 63 bits."""
    if isinstance(value, str):
        return "\0" in value or (not value.isascii() and _broken(value))
    if isinstance(value, int):
        return not -LARGEST <= value <= LARGEST
    if isinstance(value, dict):
        return any(unholdable(name) or unholdable(part) for name, part in value.items())
    return isinstance(value, list | tuple) and any(unholdable(part) for part in value)


def _broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def whole(request: Request, name: str, default: int | None, low: int, high: int) -> int | None:
    """A whole-number query parameter within bounds. Raises Invalid."""
    said = request.query_params.get(name)
    if said is None:
        return default
    if not said.isascii() or not said.isdecimal() or not low <= int(said[:20]) <= high:
        raise Invalid(PARAMETER_INVALID, name, name=name, reason=f"{low}–{high}")
    return int(said)


def text(request: Request, name: str) -> str | None:
    """A query parameter that names something. Raises Invalid for what nothing can be named."""
    value = request.query_params.get(name)
    if value is not None and not 0 < len(value) <= LONGEST_NAME:
        raise Invalid(PARAMETER_INVALID, name, name=name, reason=f"1–{LONGEST_NAME}")
    if value is not None and "\0" in value:
        raise Invalid(PARAMETER_INVALID, name, name=name, reason="NUL")
    return value


def needed(request: Request, name: str) -> str:
    """The same, which has to be there. Raises Invalid."""
    value = text(request, name)
    if value is None:
        raise Invalid(PARAMETER_MISSING, name, name=name)
    return value


def choice(request: Request, name: str, known: Sequence[str]) -> str | None:
    """A query parameter that is one of certain words. Raises Invalid."""
    value = text(request, name)
    if value is not None and value not in known:
        raise Invalid(PARAMETER_INVALID, name, name=name, reason=", ".join(known))
    return value


def moment(request: Request, name: str) -> datetime | None:
    """A query parameter that is an instant with its offset, in UTC. Raises Invalid."""
    value = text(request, name)
    if value is None:
        return None
    try:
        # What stood as + came as a blank, as in every query.
        return msgspec.convert(value.replace(" ", "+"), _Moment).astimezone(UTC)
    except (msgspec.ValidationError, OverflowError):
        raise Invalid(PARAMETER_INVALID, name, name=name, reason="2027-02-05T00:00:00Z") from None
