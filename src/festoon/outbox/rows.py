"""From rows of the journal to rows of facts: outcomes, transfers and order lines taken apart.

Most of what a row says it shares with many others: the mechanic, the gift, the accounts, the product. Each
such combination is numbered once a range and a row keeps the number; Arrow makes the columns at the end.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from festoon.outbox.schemas import EVENTS, LINES, OUTCOMES, TRANSFERS
from festoon.outbox.stored import NOTHING, ODD, Move, Order, Outcome, moves_of, order_of, outcome_of, text_of

PAID = "order.paid"
REFUNDED = "order.refunded"

JournalRow = Iterable[Any]
"""seq, member, source, id, type, time and now in µs since 1970, data, outcome, transfers."""

Columns = tuple[list[Any], ...]
"""Of each row: the place of its event, the number of what it shares, and what is its own."""

_HEADS = pa.schema([field.with_nullable(True) for field in EVENTS])


class Numbering(dict[tuple[Any, ...], int]):
    """Numbers things from 0, in the order in which they were first asked for."""

    def __missing__(self, key: tuple[Any, ...]) -> int:
        number = self[key] = len(self)
        return number


class Unfolding:
    """The facts of a range while it is read. Events may come in any order; `tables` sorts them.

    `rows` counts the journal's rows, `odd` the orders among them that could not be read.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.odd = 0
        self._published = 0
        self._heads: list[pa.RecordBatch] = []
        self._outcomes = _Rows(
            OUTCOMES,
            ("campaign", "mechanic", "what", "kind", "ref", "cost", "line", "code"),
            ("amount", "note", "item"),
            _spread_thing,
        )
        self._transfers = _Rows(
            TRANSFERS, ("asset", "debit", "credit", "lot", "why"), ("place", "amount"), _spread_move
        )
        self._lines = _Rows(
            LINES, ("line", "product", "category"), ("order", "quantity", "amount", "discount"), tuple
        )

    def add_events(self, rows: Sequence[JournalRow]) -> None:
        """Take some of the range's events."""
        seq, member, source, id, type, time, now, data, outcome, transfers = zip(*rows, strict=True)
        outcomes = list(map(outcome_of, outcome))
        status = [one.status for one in outcomes]
        first = self._add_heads((seq, member, source, id, type, time, now, status, data))
        self._outcomes.add(_things(enumerate(outcomes, first), self._outcomes.numbers))
        self._transfers.add(_moves(enumerate(map(moves_of, transfers), first), self._transfers.numbers))
        orders = [
            (first + at, kind, order_of(data[at])) for at, kind in enumerate(type) if kind in (PAID, REFUNDED)
        ]
        self.odd += sum(order is ODD for _, _, order in orders)
        self._lines.add(_lines(orders, self._lines.numbers))

    def add_publications(self, rows: Sequence[JournalRow]) -> None:
        """Take the range's publications: number, instant in µs since 1970, transfers."""
        seq, at, transfers = zip(*rows, strict=True)
        nobody, nothing = [None] * len(rows), [""] * len(rows)
        numbers = [-number for number in seq]
        first = self._add_heads((numbers, nobody, nothing, nothing, nothing, at, at, nothing, nothing))
        self._transfers.add(_moves(enumerate(map(moves_of, transfers), first), self._transfers.numbers))
        self._published += len(rows)

    def tables(self) -> dict[str, pa.Table]:
        """Each kind as one table, sorted by `seq`; what came of one event keeps its order."""
        heads = pa.Table.from_batches(self._heads, _HEADS)
        order = pc.sort_indices(heads["seq"])
        heads = heads.take(order)
        # Sorting the permutation itself says where each event, numbered as it came, stands now.
        rank = pc.sort_indices(order)
        return {
            "events": heads.slice(self._published).cast(EVENTS),  # publications have negative numbers
            "outcomes": self._outcomes.table(heads, rank),
            "transfers": self._transfers.table(heads.append_column("at", heads["now"]), rank),
            "lines": self._lines.table(heads, rank),
        }

    def _add_heads(self, columns: Iterable[Sequence[Any]]) -> int:
        """Keep what rows share with their event; returns the place of the first one."""
        first = self.rows
        self._heads.append(_batch(_HEADS, columns))
        self.rows += self._heads[-1].num_rows
        return first


class _Rows:
    """Rows of one kind while they are collected. `spread` turns what was numbered into `shared` columns."""

    def __init__(
        self,
        schema: pa.Schema,
        shared: tuple[str, ...],
        own: tuple[str, ...],
        spread: Callable[[tuple[Any, ...]], tuple[Any, ...]],
    ) -> None:
        self.numbers = Numbering()
        self._schema = schema
        self._shared = pa.schema([schema.field(name) for name in shared])
        self._compact = pa.schema(
            [("at", pa.int32()), ("number", pa.int32()), *(schema.field(name) for name in own)]
        )
        self._own = own
        self._spread = spread
        self._made: list[pa.RecordBatch] = []

    def add(self, columns: Columns) -> None:
        self._made.append(_batch(self._compact, columns))

    def table(self, heads: pa.Table, rank: pa.Array) -> pa.Table:
        compact = pa.Table.from_batches(self._made, self._compact)
        place = rank.take(compact["at"])
        order = pc.sort_indices(place)  # stable: rows of one event keep their order
        place, compact = place.take(order), compact.take(order)
        spread = list(map(self._spread, self.numbers))
        shared = _batch(
            self._shared, [[one[column] for one in spread] for column in range(len(self._shared))]
        )
        columns = {name: compact[name] for name in self._own}
        columns |= {name: shared[name].take(compact["number"]) for name in self._shared.names}
        columns |= {name: heads[name].take(place) for name in self._schema.names if name not in columns}
        return pa.table(columns).select(self._schema.names).cast(self._schema)


def _batch(schema: pa.Schema, columns: Iterable[Sequence[Any]]) -> pa.RecordBatch:
    arrays = [_array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.record_batch(arrays, schema=schema)


def _array(values: Sequence[Any], type: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(type) and values and isinstance(values[0], int):
        return pa.array(values, pa.int64()).cast(type)
    return pa.array(values, type)


def _things(outcomes: Iterable[tuple[int, Outcome]], numbers: Numbering) -> Columns:
    """What mechanics gave, set aside, took, refused or passed over."""
    columns: Columns = ([], [], [], [], [])
    ats, shared, amounts, notes, items = (column.append for column in columns)

    def add(at: int, number: int, amount: int = 0, note: str | None = None, item: str = "") -> None:
        ats(at)
        shared(number)
        amounts(amount)
        notes(note)
        items(item)

    for at, outcome in outcomes:
        told = ""
        for one in outcome.mechanics:
            key, note = one.mechanic, text_of(one.note)
            for gift in one.given:
                number = numbers[key, "given", gift.kind, gift.ref, gift.cost, gift.line, ""]
                add(at, number, gift.amount, note, gift.item)
                note = None
            for gift in one.held:
                number = numbers[key, "held", gift.kind, gift.ref, gift.cost, gift.line, ""]
                add(at, number, gift.amount, note)
                note = None
            for asset, amount in one.taken.items():
                add(at, numbers[key, "taken", "asset", asset, 0, "", ""], amount, note)
                note = None
            if one.refused is not None:
                told = one.refused.code
                add(at, numbers[key, "refused", "", "", 0, "", told], note=text_of(one.refused.data))
            elif note is not None:
                add(at, numbers[key, "noted", "", "", 0, "", ""], note=note)
            for experiment, arm in one.variants.items():
                how = text_of(one.learned.get(experiment, NOTHING))
                add(at, numbers[key, "assigned", "experiment", experiment, 0, "", arm], note=how)
        for key, what, reason in _marks(outcome):
            add(at, numbers[key, what, "", "", 0, "", reason])
        if outcome.refused is not None and outcome.refused.code != told:
            code, data = outcome.refused.code, text_of(outcome.refused.data)
            add(at, numbers["", "refused", "", "", 0, "", code], note=data)
    return columns


def _marks(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Who was passed over and why, and the campaigns that the member tests."""
    passed = [(key, "passed_over", reason) for reason, keys in outcome.passed_over.items() for key in keys]
    return (
        passed + [(f"{campaign}/", "tested", "") for campaign in outcome.tests] if outcome.tests else passed
    )


def _spread_thing(shared: tuple[Any, ...]) -> tuple[Any, ...]:
    key, what, kind, ref, cost, line, code = shared
    campaign, _, mechanic = key.partition("/")
    return campaign, mechanic, what, kind, ref, cost, line_name(line), code


def line_name(account: str) -> str:
    """The name of a budget line, from its account `campaign/budget/name|currency`."""
    return account.partition("|")[0].partition("/budget/")[2]


def _moves(events: Iterable[tuple[int, Sequence[Move]]], numbers: Numbering) -> Columns:
    rows = [(at, moves) for at, moves in events if moves]
    return (
        [at for at, moves in rows for _ in moves],
        [
            numbers[asset, debit, credit, lot, why]
            for _, moves in rows
            for asset, debit, credit, _, lot, why in moves
        ],
        [place for _, moves in rows for place in range(len(moves))],
        [move[3] for _, moves in rows for move in moves],
    )


def _spread_move(shared: tuple[Any, ...]) -> tuple[Any, ...]:
    asset, debit, credit, lot, why = shared
    return asset, debit, credit, lot and datetime.fromisoformat(lot), why


def _lines(orders: Sequence[tuple[int, str, Order]], numbers: Numbering) -> Columns:
    lines = [line for _, _, order in orders for line in order.lines]
    signs = [1 if kind == PAID else -1 for _, kind, order in orders for _ in order.lines]
    return (
        [at for at, _, order in orders for _ in order.lines],
        [numbers[line.line, line.product, line.category] for line in lines],
        [order.order for _, _, order in orders for _ in order.lines],
        [sign * line.quantity for sign, line in zip(signs, lines, strict=True)],
        [sign * line.amount for sign, line in zip(signs, lines, strict=True)],
        [line.discount for line in lines],
    )
