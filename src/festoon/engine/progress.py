"""Progress: what is kept of one member and one mechanic; in the store it is one row for a member and a campaign.

The row is read and written whole. What one mechanic remembers of a member may grow (a thousand different targets); from
`BIG` on it has a row of its own, so that the others do not carry it along with every event. What has such a row once
keeps it.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Raw, Struct, field

BIG = 1_000
"""Bytes of JSON."""
WHOLE = ""
"""The name of the row that holds the mechanics which have none of their own."""
Kept = TypeVar("Kept")
NOWHERE: Mapping[str, str] = MappingProxyType({})


class Granted(Struct, frozen=True, array_like=True, gc=False):
    """One thing that was given and can be taken back: an amount of an asset, or the item of that id. `cost` was booked
    on the budget line; `back` is what came back of the amount; `counts` names the caps that campaigns share which it
    counts towards until it is taken back, each with its period; `hold` is what it stands under as long as it is
    pending; `mark` is that of the event and the mechanic that gave it, by which it is known as one thing wherever it is
    kept."""

    asset: str
    amount: int
    item: str = ""
    cost: int = 0
    line: str = ""
    back: int = 0
    counts: tuple[tuple[str, str], ...] = ()
    hold: str = ""
    mark: str = ""


class Some(Generic[Kept]):
    """A dictionary that most have nothing in, as an attribute over a field that is None then. It is never changed in
    place, only replaced."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, of: Struct, _: type[Struct]) -> Mapping[str, Kept]:
        return getattr(of, self._name) or {}

    def __set__(self, of: Struct, value: dict[str, Kept]) -> None:
        setattr(of, self._name, value or None)


class Progress(Struct, omit_defaults=True, gc=False):
    """What is kept of one member and one mechanic: what the engine counts, what was given under a name, and the
    mechanic's own state.

    Most have no counts by period or cap and nothing that could be taken back: none of these dictionaries is made before
    there is something to put into it.
    """

    given: int = 0
    some_periods: dict[str, int] | None = field(default=None, name="periods")
    some_capped: dict[str, int] | None = field(default=None, name="capped")
    some_granted: dict[str, list[Granted]] | None = field(default=None, name="granted")
    state: Any = None
    version: int = 1

    periods = Some[int]("some_periods")
    capped = Some[int]("some_capped")
    granted = Some[list[Granted]]("some_granted")


class Part(Struct, frozen=True, gc=False):
    """A campaign's part of what is stored of a member: JSON by mechanic; the place where the store has the row of most
    of them, if there is one; and the places of the rows of those that have one each."""

    states: Mapping[str, Raw]
    place: str | None = None
    apart: Mapping[str, str] = NOWHERE

    def with_row(self, mechanic: str, state: str, place: str) -> "Part":
        """This part and one more row."""
        if mechanic == WHOLE:
            whole = _row.decode(state)
            return Part({**whole, **self.states} if self.apart else whole, place, self.apart)
        states = {**self.states, mechanic: Raw(state.encode())}
        return Part(states, self.place, {**self.apart, mechanic: place})


class Written(Struct, frozen=True, gc=False):
    """A row to write, at its place, when there is one already."""

    mechanic: str
    state: str
    place: str | None


NOTHING = Part({})
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


def packed(part: Part, changed: Mapping[str, Progress]) -> list[Written]:
    """The rows to write when some mechanics' progress has changed."""
    if not part.apart:
        text = _encode({**part.states, **changed})
        if len(text) < BIG:
            return [Written(WHOLE, text.decode(), part.place)]
    return _packed_apart(part, changed)


def _packed_apart(part: Part, changed: Mapping[str, Progress]) -> list[Written]:
    whole: dict[str, Raw] = {}
    found: list[Written] = []
    for mechanic, progress in changed.items():
        state = _encode(progress)
        if mechanic in part.apart or len(state) >= BIG:
            found.append(Written(mechanic, state.decode(), part.apart.get(mechanic)))
        else:
            whole[mechanic] = Raw(state)
    moved = [
        written.mechanic for written in found if written.place is None and written.mechanic in part.states
    ]
    if whole or moved:
        kept = {name: state for name, state in part.states.items() if name not in part.apart} | whole
        for name in moved:
            del kept[name]
        found.append(Written(WHOLE, _encode(kept).decode(), part.place))
    return found
