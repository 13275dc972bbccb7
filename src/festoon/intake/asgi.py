"""As much of HTTP as the hot route needs: one request's headers and body, one JSON answer."""

from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from festoon.base.errors import LANGUAGES, FestoonError, Invalid, Unavailable, define
from festoon.intake.refusals import HEADER_TWICE

Header = tuple[bytes, bytes]
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
SERVER_FAILED = define(
    "server.failed",
    500,
    "something went wrong here; it was written down",
    "服务器内部错误，已记录",
    todo="send it again; if that does not help, look into the server's log",
    todo_zh="请重试；若仍失败，请查看服务器日志",
)
LARGEST_BODY = 32 * 1024 * 1024
JSON = b"application/json"
PROBLEM = b"application/problem+json"


ONCE = frozenset({b"authorization", b"content-type"})
"""Headers that say one thing; beside them all of CloudEvents' own."""


class ClientGone(Exception):
    """The client hung up before his request was whole."""


class Head:
    """The headers of one request. Names are lower case."""

    __slots__ = ("_pairs", "headers")

    def __init__(self, pairs: Sequence[Header]) -> None:
        self._pairs = pairs
        self.headers: dict[bytes, bytes] = dict(pairs)

    def check(self) -> None:
        """Raises Invalid (`request.header_twice`) when a header contradicts itself."""
        if len(self._pairs) == len(self.headers):
            return
        seen: set[bytes] = set()
        for name, _ in self._pairs:
            if name in seen and (name in ONCE or name.startswith(b"ce-")):
                raise Invalid(HEADER_TWICE, name=name.decode("latin-1"))
            seen.add(name)

    def value(self, name: bytes) -> str:
        """A header's value, or ""."""
        return self.headers.get(name, b"").decode("latin-1")


async def whole_body(head: Head, receive: Receive) -> bytes:
    """The whole body. Raises Invalid (`request.too_large`) as soon as that is known; ClientGone when it was cut off,
    since half a body could look like a whole one."""
    if int(head.value(b"content-length") or 0) > LARGEST_BODY:
        raise Invalid(BODY_TOO_LARGE, limit=LARGEST_BODY)
    body, more = await _part(receive)
    if not more:
        return body
    parts, size = [body], len(body)
    while more:
        body, more = await _part(receive)
        parts.append(body)
        size += len(body)
        if size > LARGEST_BODY:
            raise Invalid(BODY_TOO_LARGE, limit=LARGEST_BODY)
    return b"".join(parts)


async def _part(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    return message.get("body", b""), message.get("more_body", False)


class Reply(Struct, frozen=True, gc=False):
    """A whole answer. `extra` are headers beside its type and length."""

    status: int
    body: bytes
    kind: bytes = JSON
    extra: tuple[Header, ...] = ()

    def headers(self) -> list[Header]:
        return [(b"content-type", self.kind), (b"content-length", b"%d" % len(self.body)), *self.extra]


async def respond(send: Send, reply: Reply) -> None:
    """Send a whole answer."""
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers()})
    await send({"type": "http.response.body", "body": reply.body})


def problem(error: FestoonError, language: str) -> Reply:
    """An error as RFC 9457 problem details."""
    extra: tuple[Header, ...] = ((b"content-language", language.encode()),)
    if isinstance(error, Unavailable):
        extra += ((b"retry-after", b"%d" % error.retry_after),)
    if error.http_status() == 401:
        extra += ((b"www-authenticate", b"Bearer"),)
    return Reply(error.http_status(), msgspec.json.encode(error.problem(language)), PROBLEM, extra)


@lru_cache(1024)
def language_of(accept: str) -> str:
    """The language of ours that an Accept-Language header likes best; English when it likes none."""
    found = [(quality, language) for quality, language in map(_wish, accept[:200].split(",")) if quality > 0]
    return max(found, key=lambda wish: wish[0], default=(0.0, LANGUAGES[0]))[1]


def _wish(part: str) -> tuple[float, str]:
    """How much a part of the header wants which of our languages; 0 for one that is none of ours."""
    tag, _, parameter = part.partition(";")
    tag, quality = tag.strip().lower(), parameter.strip().removeprefix("q=").strip()
    language = _TRADITIONAL.get(tag) or _LANGUAGES.get(tag.partition("-")[0], "")
    if tag.startswith("zh-hant"):
        language = LANGUAGES[2]
    try:
        return (float(quality or 1), language) if language else (0.0, "")
    except ValueError:
        return 0.0, ""


_LANGUAGES = {"en": LANGUAGES[0], "zh": LANGUAGES[1]}
_TRADITIONAL = dict.fromkeys(("zh-tw", "zh-hk", "zh-mo"), LANGUAGES[2])
