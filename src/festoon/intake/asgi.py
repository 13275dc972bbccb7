"""As much of ASGI as the hot routes need: one request's headers and body, one JSON answer."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import msgspec

from festoon.base.errors import LANGUAGES, FestoonError, Invalid, Unavailable, define

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

BODY_TOO_LARGE = define(
    "request.too_large",
    413,
    "the body is larger than {limit} bytes",
    "请求体超过{limit}字节",
    todo="send less in one request",
    todo_zh="请减少单次请求的数据量",
)
LARGEST_BODY = 32 * 1024 * 1024
JSON = b"application/json"
PROBLEM = b"application/problem+json"


class Request:
    """One HTTP request. Header names are lower case."""

    __slots__ = ("_headers", "_receive", "scope")

    def __init__(self, scope: dict[str, Any], receive: Receive) -> None:
        self.scope = scope
        self._receive = receive
        self._headers: dict[bytes, bytes] = dict(scope["headers"])

    def header(self, name: str) -> str:
        """A header's value, or ""."""
        return self._headers.get(name.encode(), b"").decode("latin-1")

    def headers(self) -> dict[str, str]:
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in self._headers.items()}

    async def body(self) -> bytes:
        """The whole body. Raises Invalid (`request.too_large`) as soon as that is known."""
        if int(self.header("content-length") or 0) > LARGEST_BODY:
            raise Invalid(BODY_TOO_LARGE, limit=LARGEST_BODY)
        message = await self._receive()
        if not message.get("more_body", False):
            return message.get("body", b"")  # type: ignore[no-any-return]
        parts = [message.get("body", b"")]
        size = len(parts[0])
        while message.get("more_body", False):
            message = await self._receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > LARGEST_BODY:
                raise Invalid(BODY_TOO_LARGE, limit=LARGEST_BODY)
        return b"".join(parts)


async def respond(
    send: Send, status: int, body: bytes, kind: bytes = JSON, extra: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    """Send a whole answer."""
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), *extra]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def problem(send: Send, error: FestoonError, language: str) -> None:
    """Send an error as RFC 9457 problem details."""
    extra: tuple[tuple[bytes, bytes], ...] = ((b"content-language", language.encode()),)
    if isinstance(error, Unavailable):
        extra += ((b"retry-after", b"%d" % error.retry_after),)
    if error.http_status() == 401:
        extra += ((b"www-authenticate", b"Bearer"),)
    await respond(send, error.http_status(), msgspec.json.encode(error.problem(language)), PROBLEM, extra)


@cache
def language_of(accept: str) -> str:
    """The first language of an Accept-Language header that we speak; English otherwise."""
    wanted = []
    for part in accept[:200].split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), tag.strip().lower()))
        except ValueError:
            continue
    for _, tag in sorted(wanted, key=lambda found: found[0]):
        if tag in ("zh-hant", "zh-tw", "zh-hk", "zh-mo") or tag.startswith("zh-hant"):
            return LANGUAGES[2]
        if tag.startswith("zh"):
            return LANGUAGES[1]
        if tag.startswith("en"):
            return LANGUAGES[0]
    return LANGUAGES[0]
