"""What a kind of job is given to work with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct


class Folders(Struct, frozen=True):
    """Where an installation keeps its files."""

    facts: Path
    histories: Path
    reports: Path


class Cancelled(Exception):
    """Nobody wants the job any more; raised by `Task.tell`."""


class Task(Struct, frozen=True):
    """A job while it runs, away from any event loop. `tell` hears how many of how many steps are done."""

    number: int
    asked: str
    dsn: str
    folders: Folders
    tell: Callable[[int, int], None]


Work = Callable[[Task], Any]
"""What a kind does; what it returns is kept as JSON. It may raise FestoonError, which is shown to who asked."""
