"""What an operation sets going and does not wait for: it goes on in this process, and its progress is in the store.

Whatever is set going here may be set going again after a crash, and then goes on where it stopped.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Background:
    """What goes on now, by name."""

    def __init__(self) -> None:
        self._going: dict[str, asyncio.Task[Any]] = {}

    def start(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        """Set something going, unless it goes on already."""
        if name in self._going:
            work.close()
            return
        self._going[name] = task = asyncio.create_task(self._run(name, work))
        task.add_done_callback(lambda _: self._going.pop(name, None))

    async def _run(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except Exception:
            log.exception("background_failed", what=name)

    async def stop(self) -> None:
        """Stop what goes on, and wait until it has."""
        tasks = list(self._going.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
