"""Keys that were looked up lately, so that a request does not cost a query."""

from base64 import b64decode
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

import asyncpg
from msgspec import Struct

from festoon.access.keys import KEY_MISSING, KEY_UNKNOWN, Key, Unauthenticated, find
from festoon.access.tokens import MEMBER, is_token, key_named, signing_secret, verified
from festoon.base.clock import wall
from festoon.base.errors import NotFound
from festoon.store.pool import lent

CACHE_SECONDS = 15.0
MOST = 10_000
MOST_MEMBERS = 50_000


def token_in(authorization: str) -> str:
    """What stands for the key, or ""."""
    scheme, _, said = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return said.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(said.strip(), validate=True).decode().partition(":")[2]
    except ValueError:  # no base64, or no text
        return ""


class Known(Struct, frozen=True):
    """A key that was looked up. What was looked up once is good for as long as `until`, in the keyring's seconds."""

    key: Key
    until: float


class Keyring:
    """Finds keys through a pool; remembers them for CACHE_SECONDS by the hash of the whole token. So it does with
    members' tokens, and with the secrets that they are signed with."""

    def __init__(
        self, pool: asyncpg.Pool, seconds: Callable[[], float], now: Callable[[], datetime] = wall
    ) -> None:
        self._pool = pool
        self.seconds = seconds
        self.now = now
        self._known: dict[bytes, Known] = {}
        self._members: dict[bytes, Known] = {}
        self._secrets: dict[str, tuple[str, float]] = {}

    def remembered(self, authorization: str) -> Known | None:
        """The key of an `Authorization` header if it was looked up lately."""
        return self._remembered(_digest(token_in(authorization)))

    async def look_up(self, authorization: str) -> Known:
        """The same, asking the store when it has to. Raises Unauthenticated."""
        token = token_in(authorization)
        if not token:
            raise Unauthenticated(KEY_MISSING)
        digest = _digest(token)
        if (known := self._remembered(digest)) is not None:
            return known
        if is_token(token):
            return await self._look_up_member(token, digest)
        async with lent(self._pool) as connection:
            key = await find(connection, token)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[digest] = known = Known(key, self.seconds() + CACHE_SECONDS)
        return known

    async def key(self, authorization: str) -> Key:
        """The key of an `Authorization` header: a bearer token, or what a browser asked for as a password. Raises
        Unauthenticated."""
        return (await self.look_up(authorization)).key

    async def _look_up_member(self, token: str, digest: bytes) -> Known:
        named = key_named(token)
        secret, until = await self._secret(named)
        now = self.now()
        claims = verified(token, secret, now)
        key = Key(named, f"member:{claims.sub}", frozenset({MEMBER}), claims.sub, claims.campaign)
        if len(self._members) >= MOST_MEMBERS:
            self._members.clear()
        until = min(until, self.seconds() + claims.exp - now.timestamp())
        self._members[digest] = known = Known(key, until)
        return known

    async def _secret(self, key: str) -> tuple[str, float]:
        """The signing secret of a key, and until when it is remembered. Raises Unauthenticated."""
        known = self._secrets.get(key)
        if known is None or known[1] <= self.seconds():
            try:
                async with lent(self._pool) as connection:
                    secret = await signing_secret(connection, key)
            except NotFound:
                raise Unauthenticated(KEY_UNKNOWN) from None
            if len(self._secrets) >= MOST:
                self._secrets.clear()
            self._secrets[key] = known = secret, self.seconds() + CACHE_SECONDS
        return known

    def _remembered(self, digest: bytes) -> Known | None:
        found = self._known.get(digest) or self._members.get(digest)
        return found if found is not None and found.until > self.seconds() else None


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
