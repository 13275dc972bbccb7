"""What facts read of the journal's JSON. Decoders name only what is kept; the rest is skipped over."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

Whole = Annotated[int, Meta(ge=1 - 2**63, le=2**63 - 1)]
NOTHING = msgspec.Raw()


class Refusal(Struct, gc=False):
    code: str
    data: msgspec.Raw = NOTHING


class Given(Struct, gc=False):
    kind: str
    ref: str
    amount: int = 1
    item: str = ""
    cost: int = 0
    line: str = ""


class Mechanic(Struct, gc=False):
    mechanic: str
    given: tuple[Given, ...] = ()
    taken: dict[str, int] = {}
    note: msgspec.Raw = NOTHING
    refused: Refusal | None = None
    held: tuple[Given, ...] = ()
    variants: dict[str, str] = {}
    learned: dict[str, msgspec.Raw] = {}


class Outcome(Struct, gc=False):
    status: str
    mechanics: tuple[Mechanic, ...] = ()
    passed_over: dict[str, tuple[str, ...]] = {}
    refused: Refusal | None = None
    tests: tuple[str, ...] = ()


class Line(Struct, gc=False):
    line: str
    amount: Whole
    quantity: Whole = 1
    product: str | None = None
    category: str | None = None
    discount: Whole = 0


class Order(Struct, gc=False):
    order: str
    lines: tuple[Line, ...] = ()


Move = tuple[str, str, str, int, str | None, str]
"""asset, debit, credit, amount, lot, why."""

_outcome = msgspec.json.Decoder(Outcome)
_moves = msgspec.json.Decoder(tuple[Move, ...])
_order = msgspec.json.Decoder(Order)
ODD = Order("")


def outcome_of(text: str) -> Outcome:
    return _outcome.decode(text)


def moves_of(text: str | None) -> tuple[Move, ...]:
    return () if text is None else _moves.decode(text)


def order_of(text: str) -> Order:
    """The order in an event's data. Intake checks orders; one that came another way and cannot be read stays
    an event without lines, `ODD`, rather than stop every fact after it."""
    try:
        return _order.decode(text)
    except msgspec.ValidationError:
        return ODD


def text_of(raw: msgspec.Raw) -> str | None:
    """The JSON of a note or of a refusal's data; None when there is nothing in it."""
    said = bytes(raw)
    return None if said in (b"", b"{}") else said.decode()
