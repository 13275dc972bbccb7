"""What else a serving process shows: the console and the members' pages stand beside the API, in the same process."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import asyncpg
from msgspec import Struct
from starlette.routing import BaseRoute

from festoon.access.keyring import Keyring
from festoon.engine.engine import Engine
from festoon.intake.batcher import Batcher
from festoon.intake.door import Door


class Inside(Struct, frozen=True):
    """What a side may use of the process it stands in: all of it belongs to the server's event loop."""

    dsn: str
    pool: asyncpg.Pool
    engine: Engine
    batcher: Batcher
    door: Door
    keyring: Keyring
    facts: Path
    """Where the relay writes them."""


Side = Callable[[Inside], AbstractAsyncContextManager[Sequence[BaseRoute]]]
"""Opens a side when the server starts, says its routes, and closes it when the server stops."""
