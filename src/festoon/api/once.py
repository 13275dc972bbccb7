"""Requests that make something act once per `Idempotency-Key`, after the draft of the IETF's HTTPAPI group.

The answer is stored in the transaction that does the work: either both are there, or neither. Where the work is an
event its id comes of the key, so it acts once whatever is stored. What was refused did nothing and is not stored; it
may be sent again, corrected, under the same key.

An answer may hold a secret that is kept nowhere, such as a new API key. It is stored sealed, by a key made of the API
key that asked, of which the store has only a hash: nobody but who asked can read it.

Source: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

import asyncio
import hmac
import os
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.requests import Request
from starlette.responses import Response

from festoon.access.keyring import token_in
from festoon.api.filters import raw_body
from festoon.base.errors import Conflict, Invalid, define
from festoon.store.pool import lent

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
KEPT = timedelta(hours=24)
AT_ONCE = 2
"""Each holds a connection of the pool while it works, and some want a second one; so many do at the same time."""
NONCE = 12
LONGEST = 200
PATTERN = f'^(?:"[!#-~]{{1,{LONGEST}}}"|[!#-~]{{1,{LONGEST}}})$'
SWEPT = 100
"""So many expired answers are swept away with each that is stored."""

KEY_INVALID = define(
    "idempotency.key_invalid",
    400,
    "an Idempotency-Key is 1 to {longest} letters, digits or signs of ASCII without blanks, such as a UUID",
    "Idempotency-Key 须为 1 至 {longest} 个不含空格的 ASCII 字符，例如 UUID",
)
KEY_REUSED = define(
    "idempotency.key_reused",
    422,
    "this Idempotency-Key came with another request before",
    "该 Idempotency-Key 已用于另一个请求",
    todo="give every request a key of its own, and repeat one only with the same body",
    todo_zh="请为每个请求使用不同的键；仅在重发相同内容时才复用",
)
UNDER_WAY = define(
    "idempotency.under_way",
    409,
    "a request with this Idempotency-Key is under way",
    "使用该 Idempotency-Key 的请求正在处理中",
    todo="wait a moment and send it again: you get the answer of the first",
    todo_zh="请稍后重发：将返回首次请求的结果",
)


class Once:
    """Remembers answers in the store. `now` is the wall's clock."""

    def __init__(self, pool: asyncpg.Pool, now: Callable[[], datetime]) -> None:
        self._pool = pool
        self._now = now
        self._room = asyncio.Semaphore(AT_ONCE)

    async def answer(self, request: Request, act: Callable[[Request], Awaitable[Response]]) -> Response:
        """Answer a request, or tell again what came of it. Raises Invalid, Conflict, and what `act` raises."""
        key, who = key_of(request), request.state.key.id
        print_, seal = await _fingerprint(request), _seal(request)
        async with self._room, lent(self._pool) as connection, connection.transaction():
            if not await connection.fetchval(
                "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", f"once/{who}/{key}"
            ):
                raise Conflict(UNDER_WAY)
            now = self._now()
            known = await connection.fetchrow(
                "SELECT fingerprint, status, media, body FROM stored_answer WHERE key_id = $1 AND key = $2"
                " AND expires > $3",
                who, key, now,
            )  # fmt: skip
            if known is not None:
                if known["fingerprint"] != print_:
                    raise Invalid(KEY_REUSED)
                body = seal.decrypt(known["body"][:NONCE], known["body"][NONCE:], print_)
                return Response(body, known["status"], {REPLAYED: "true"}, known["media"])
            request.state.connection = connection
            answer = await act(request)
            nonce = os.urandom(NONCE)
            body = nonce + seal.encrypt(nonce, bytes(answer.body), print_)
            await connection.execute(
                """INSERT INTO stored_answer (key_id, key, fingerprint, status, media, body, expires)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)
                   ON CONFLICT (key_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, media = excluded.media,
                       status = excluded.status, body = excluded.body, expires = excluded.expires""",
                who, key, print_, answer.status_code, answer.media_type or "", body, now + KEPT,
            )  # fmt: skip
            await connection.execute(
                """DELETE FROM stored_answer WHERE ctid = ANY (ARRAY (
                       SELECT ctid FROM stored_answer WHERE expires <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED))""",
                now, SWEPT,
            )  # fmt: skip
            return answer


def key_of(request: Request) -> str:
    """The key of a request; the quotes that the draft wants around it may be left out. Raises Invalid."""
    said = request.headers.getlist(HEADER)
    if len(said) != 1 or re.fullmatch(PATTERN, said[0]) is None:
        raise Invalid(KEY_INVALID, HEADER, longest=LONGEST)
    return said[0].strip('"')


def event_id(request: Request) -> str:
    """The id of an event that a request becomes: the same for as long as the request is the same one."""
    if HEADER in request.headers:
        return f"{request.state.key.id}/{key_of(request)}"
    return str(uuid4())


def act_key(request: Request) -> str:
    """The same as letters and digits, for what is named by its key."""
    return sha256(event_id(request).encode()).hexdigest()[:40]


def _seal(request: Request) -> AESGCM:
    """What only the API key that asks opens."""
    token = token_in(request.headers["authorization"])
    return AESGCM(hmac.digest(token.encode(), b"festoon stored answer", "sha256"))


async def _fingerprint(request: Request) -> bytes:
    head = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return sha256(head + await raw_body(request)).digest()
