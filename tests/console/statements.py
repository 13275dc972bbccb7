"""What pages of the console ask of the store, statement by statement, by whichever way they ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest
from django.db.backends.utils import CursorWrapper

from festoon.store.trail import ORIGIN

ASKED = ("execute", "executemany", "fetch", "fetchrow", "fetchval", "cursor")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements of the console's own requests, as they are made: the engine's way through the pool and Django's.
    What the server does beside them is not among them."""
    said: list[str] = []

    def heard(owner: type, name: str) -> Any:
        asked = getattr(owner, name)

        def asking(self: Any, query: str, *values: Any, **named: Any) -> Any:
            if ORIGIN.get().startswith("console"):
                said.append(query)
            return asked(self, query, *values, **named)

        return asking

    with pytest.MonkeyPatch.context() as patched:
        for name in ASKED:
            patched.setattr(asyncpg.Connection, name, heard(asyncpg.Connection, name))
        patched.setattr(CursorWrapper, "execute", heard(CursorWrapper, "execute"))
        yield said
