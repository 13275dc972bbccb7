"""Where time goes, taken from the outside: functions are wrapped while a profile runs; the product knows of nothing."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

from msgspec import Struct

Wrapped = tuple[Any, str, str]
"""An object or module, the name of a function of it, and the span that its time counts for."""


class Spent(Struct):
    """Time of one span, without that of the spans inside it. Seconds."""

    calls: int = 0
    wall: float = 0.0
    worked: float = 0.0


class Spans:
    """What one run spent, by span. Spans nest, so only one task may be inside of them at a time."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, Spent] = defaultdict(Spent)
        self._open: list[list[float]] = []

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """Count what happens in the block for `name`."""
        inside = [0.0, 0.0]
        self._open.append(inside)
        wall, worked = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            wall, worked = time.perf_counter() - wall, time.process_time() - worked
            self._open.pop()
            if self._open:
                self._open[-1][0] += wall
                self._open[-1][1] += worked
            spent = self.spent[name]
            spent.calls += 1
            spent.wall += wall - inside[0]
            spent.worked += worked - inside[1]

    @contextmanager
    def on(self, wrapped: Sequence[Wrapped]) -> Iterator[None]:
        """Have the time of these functions counted until the block ends."""
        before = [(owner, name, getattr(owner, name)) for owner, name, _ in wrapped]
        for owner, name, span in wrapped:
            setattr(owner, name, self._around(getattr(owner, name), span))
        try:
            yield
        finally:
            for owner, name, function in before:
                setattr(owner, name, function)

    def _around(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        if asyncio.iscoroutinefunction(function):

            @wraps(function)
            async def waited(*args: Any, **kwargs: Any) -> Any:
                with self.span(name):
                    return await function(*args, **kwargs)

            return waited

        @wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            with self.span(name):
                return function(*args, **kwargs)

        return called
