"""Progress as the store keeps it: one row for a member and a campaign, which is read and written whole.

What one mechanic remembers of a member may grow (a thousand different targets); from `BIG` on it has a row of its own,
so that the others do not carry it along with every event. What has such a row once keeps it.
"""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Raw, Struct

from festoon.engine.world import Progress

BIG = 1_000
"""Bytes of JSON."""
WHOLE = ""
"""The name of the row that holds the mechanics which have none of their own."""

_encode = msgspec.json.Encoder().encode
_row = msgspec.json.Decoder(dict[str, Raw])


class Part(Struct, frozen=True):
    """A campaign's part of what is stored of a member: JSON by mechanic, and the names of the rows that there are."""

    states: Mapping[str, Raw]
    rows: frozenset[str]


NOTHING = Part({}, frozenset())


class Written(Struct, frozen=True):
    """A row to write. `known` says that there is one already."""

    mechanic: str
    state: str
    known: bool


def unpacked(rows: Iterable[tuple[str, str]]) -> Part:
    """The part of one campaign from its rows, as (mechanic, state)."""
    states: dict[str, Raw] = {}
    names = set()
    for mechanic, state in rows:
        names.add(mechanic)
        if mechanic == WHOLE:
            states = _row.decode(state) | states
        else:
            states[mechanic] = Raw(state.encode())
    return Part(states, frozenset(names))


def packed(part: Part, changed: Mapping[str, Progress]) -> list[Written]:
    """The rows to write when some mechanics' progress has changed."""
    whole: dict[str, Raw] = {}
    found: list[Written] = []
    for mechanic, progress in changed.items():
        state = _encode(progress)
        if mechanic in part.rows or len(state) >= BIG:
            found.append(Written(mechanic, state.decode(), mechanic in part.rows))
        else:
            whole[mechanic] = Raw(state)
    moved = [written.mechanic for written in found if not written.known and written.mechanic in part.states]
    if whole or moved:
        kept = {name: state for name, state in part.states.items() if name not in part.rows} | whole
        for name in moved:
            del kept[name]
        found.append(Written(WHOLE, _encode(kept).decode(), WHOLE in part.rows))
    return found
