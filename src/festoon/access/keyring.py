"""Keys that were looked up lately, so that a request does not cost a query."""

from collections.abc import Callable
from hashlib import sha256

import asyncpg

from festoon.access.keys import KEY_MISSING, Key, Unauthenticated, find
from festoon.store.pool import lent

CACHE_SECONDS = 15.0
MOST = 10_000


class Keyring:
    """Finds keys through a pool; remembers them for CACHE_SECONDS by the hash of the whole token."""

    def __init__(self, pool: asyncpg.Pool, seconds: Callable[[], float]) -> None:
        self._pool = pool
        self._seconds = seconds
        self._known: dict[bytes, tuple[float, Key]] = {}

    async def key(self, authorization: str) -> Key:
        """The key of an `Authorization` header. Raises Unauthenticated."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated(KEY_MISSING)
        digest = sha256(token.strip().encode()).digest()
        found = self._known.get(digest)
        if found is not None and found[0] > self._seconds():
            return found[1]
        async with lent(self._pool) as connection:
            key = await find(connection, token.strip())
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[digest] = (self._seconds() + CACHE_SECONDS, key)
        return key
