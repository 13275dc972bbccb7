"""Keys that were looked up lately, so that a request does not cost a query."""

from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256

import asyncpg

from festoon.access.keys import KEY_MISSING, Key, Unauthenticated, find
from festoon.store.pool import lent

CACHE_SECONDS = 15.0
MOST = 10_000


def _token(authorization: str) -> str:
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


class Keyring:
    """Finds keys through a pool; remembers them for CACHE_SECONDS by the hash of the whole token."""

    def __init__(self, pool: asyncpg.Pool, seconds: Callable[[], float]) -> None:
        self._pool = pool
        self._seconds = seconds
        self._known: dict[bytes, tuple[float, Key]] = {}

    async def key(self, authorization: str) -> Key:
        """The key of an `Authorization` header: a bearer token, or what a browser asked for as a password. Raises
        Unauthenticated."""
        token = _token(authorization)
        if not token:
            raise Unauthenticated(KEY_MISSING)
        digest = sha256(token.encode()).digest()
        found = self._known.get(digest)
        if found is not None and found[0] > self._seconds():
            return found[1]
        async with lent(self._pool) as connection:
            key = await find(connection, token)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[digest] = (self._seconds() + CACHE_SECONDS, key)
        return key
