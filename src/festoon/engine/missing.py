"""What a decision asked for and was not read yet."""

from msgspec import Struct

from festoon.engine.code_shelf import TO_GIVE, TYPED
from festoon.engine.keys import Keys
from festoon.engine.lists import FILE, HOLDERS, NO_MORE
from festoon.ledger.book import NotLoaded

_WHOLE = {
    "shared": "shared",
    "number": "numbers",
    FILE: "files",
    HOLDERS: "holders",
    NO_MORE: "no_more",
    TYPED: "codes",
}
_FIELDS = {
    "account": "accounts",
    "progress": "progress",
    "item": "items",
    "hold": "holds",
    "transfer": "transfers",
    "whole": "whole",
}


class Missing(Struct):
    """What the decisions asked for and was not read yet. False when there is nothing."""

    keys: Keys
    locks: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.keys) or bool(self.locks)


def note(missing: Missing, gap: NotLoaded) -> None:
    """Add what was missed."""
    if gap.kind == "lock":
        missing.locks |= {gap.key}
    elif gap.kind == "sightings":
        missing.keys.sightings.add(gap.member)
    elif gap.kind == "sighting":
        kind, _, value = gap.key.partition("|")
        missing.keys.seen_at.add((kind, value))
    elif gap.kind == "grants":
        missing.keys.grants.add(gap.member)
    elif gap.kind == TO_GIVE:
        keys = missing.keys
        keys.to_give = {
            **keys.to_give,
            gap.key: max(keys.to_give.get(gap.key, gap.member - 1) + 1, gap.member),
        }
    elif gap.kind in _WHOLE:
        getattr(missing.keys, _WHOLE[gap.kind]).add(gap.key)
    else:
        getattr(missing.keys, _FIELDS[gap.kind]).add((gap.member, gap.key))
