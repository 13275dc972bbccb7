"""Progress: what is kept of one member and one mechanic; in the store it is one row for a member and a campaign.

The row is read and written whole. What one mechanic remembers of a member may grow (a thousand different targets); from
`BIG` on it has a row of its own, so that the others do not carry it along with every event. What has such a row once
keeps it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Raw, Struct

BIG = 1_000
"""Bytes of JSON."""
WHOLE = ""
"""The name of the row that holds the mechanics which have none of their own."""


class Granted(Struct, frozen=True, array_like=True, gc=False):
    """One thing that was given and can be taken back: an amount of an asset, or the item of that id. `cost` was booked
    on the budget line; `back` is what came back of the amount; `counts` names the caps that campaigns share which it
    counts towards until it is taken back, each with its period; `hold` is what it stands under as long as it is
    pending."""

    asset: str
    amount: int
    item: str = ""
    cost: int = 0
    line: str = ""
    back: int = 0
    counts: tuple[tuple[str, str], ...] = ()
    hold: str = ""


class Progress(Struct, omit_defaults=True, gc=False):
    """What is kept of one member and one mechanic: what the engine counts, what was given under a name, and the
    mechanic's own state."""

    given: int = 0
    periods: dict[str, int] = {}
    capped: dict[str, int] = {}
    granted: dict[str, list[Granted]] = {}
    state: Any = None
    version: int = 1


class Part(Struct, frozen=True, gc=False):
    """A campaign's part of what is stored of a member: JSON by mechanic, and the rows that there are, by name, each
    with the place where the store has it."""

    states: Mapping[str, Raw]
    rows: Mapping[str, str]


class Written(Struct, frozen=True, gc=False):
    """A row to write, at its place, when there is one already."""

    mechanic: str
    state: str
    place: str | None


NOTHING = Part({}, {})
_encode = msgspec.json.Encoder().encode
_row = msgspec.json.Decoder(dict[str, Raw])


@lru_cache(65_536)
def campaign_and_mechanic(key: str) -> tuple[str, str]:
    """The two halves of a mechanic's key; a standing rule's key begins with `festoon`."""
    campaign, _, mechanic = key.partition("/")
    return campaign, mechanic


def states_of(rows: Iterable[tuple[str, str]]) -> dict[str, Raw]:
    """What is stored of one campaign, by mechanic, from its rows as (mechanic, state)."""
    states: dict[str, Raw] = {}
    for mechanic, state in rows:
        if mechanic == WHOLE:
            states = _row.decode(state) | states
        else:
            states[mechanic] = Raw(state.encode())
    return states


def unpacked(rows: Sequence[tuple[str, str, str]]) -> Part:
    """The part of one campaign from its rows, as (mechanic, state, place)."""
    if len(rows) == 1 and rows[0][0] == WHOLE:
        return Part(_row.decode(rows[0][1]), {WHOLE: rows[0][2]})
    return Part(states_of(row[:2] for row in rows), {row[0]: row[2] for row in rows})


def packed(part: Part, changed: Mapping[str, Progress]) -> list[Written]:
    """The rows to write when some mechanics' progress has changed."""
    if len(part.rows) == (WHOLE in part.rows):
        text = _encode({**part.states, **changed})
        if len(text) < BIG:
            return [Written(WHOLE, text.decode(), part.rows.get(WHOLE))]
    return _packed_apart(part, changed)


def _packed_apart(part: Part, changed: Mapping[str, Progress]) -> list[Written]:
    whole: dict[str, Raw] = {}
    found: list[Written] = []
    for mechanic, progress in changed.items():
        state = _encode(progress)
        if mechanic in part.rows or len(state) >= BIG:
            found.append(Written(mechanic, state.decode(), part.rows.get(mechanic)))
        else:
            whole[mechanic] = Raw(state)
    moved = [
        written.mechanic for written in found if written.place is None and written.mechanic in part.states
    ]
    if whole or moved:
        kept = {name: state for name, state in part.states.items() if name not in part.rows} | whole
        for name in moved:
            del kept[name]
        found.append(Written(WHOLE, _encode(kept).decode(), part.rows.get(WHOLE)))
    return found
