"""What an answer about a member calls things: by their codes, unless who asks knows better."""

from typing import Protocol

from festoon.engine.outcome import Given


class Called(Protocol):
    """The names of things, for one reader."""

    def event(self, type: str) -> str:
        """What a type of event is called."""

    def given(self, campaign: str, given: Given) -> str:
        """What was given or held, and how much of it."""

    def thing(self, campaign: str, kind: str, ref: str) -> str:
        """What a coupon, a badge, an item, a gift is called."""


class ByCode:
    """Everything by its code."""

    def event(self, type: str) -> str:
        return type

    def given(self, campaign: str, given: Given) -> str:
        return f"{given.amount} × {given.ref}"

    def thing(self, campaign: str, kind: str, ref: str) -> str:
        return f"{kind}:{ref.rpartition('/')[2]}"
