"""Whose matters are looked at first (优先客服): members whose level brings `priority-support`."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from festoon.engine.program import Program
from festoon.mechanics.level import Levels

PRIORITY = "priority-support"
"""The perk of a level that support goes by."""


class First(Struct, frozen=True):
    """The levels that bring it: at each place an attribute of members, and the level that it has then."""

    attributes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    def holds(self, profile: Mapping[str, Any]) -> bool:
        """Whether a member with that profile goes first."""
        return any(
            profile.get(name) == level for name, level in zip(self.attributes, self.levels, strict=True)
        )


NOBODY_FIRST = First()


def first_served(program: Program) -> First:
    """Who goes first by the levels of all campaigns that run."""
    found = {
        (listener.mechanic.params.attribute, level.id): None
        for listener in program.by_key.values()
        if isinstance(listener.mechanic, Levels)
        for level in listener.mechanic.params.levels
        if PRIORITY in level.perks
    }
    return First(tuple(name for name, _ in found), tuple(level for _, level in found))


def goes_first(attributes: str, levels: str) -> str:
    """The SQL of whether a member `m` goes first, by the parameters that hold attributes and levels."""
    return f"""EXISTS (SELECT FROM unnest({attributes}::text[], {levels}::text[]) AS f (attribute, level)
                       WHERE m.profile::jsonb ->> f.attribute = f.level)"""
