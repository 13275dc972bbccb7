"""Somebody of whom nothing is known, for conditions that are tried without a database."""

from collections.abc import Mapping
from typing import Any


class Nobody:
    """A member without facts, in no segment, who has counted nothing and registered for nothing."""

    __slots__ = ()

    def fact(self, name: str) -> Any:
        return None

    def days_since(self, name: str) -> int | None:
        return None

    def in_segment(self, name: str) -> bool:
        return False

    def count(self, key: str) -> int:
        return 0

    def registered_in(self, campaign: Mapping[str, Any]) -> bool:
        return False
