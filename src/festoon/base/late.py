"""A library that takes seconds to load, and that one page in a thousand needs, is loaded when something of it is first
asked for: a server does not wait for it."""

from importlib import import_module
from typing import Any


class Late:
    """Stands for a module. Raises ImportError, as its import would, when it is not there and something is asked for."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
