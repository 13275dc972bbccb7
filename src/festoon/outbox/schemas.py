"""The shapes of the facts: four kinds of rows, written once and read by segments, figures and reports.

Every row carries the number of its event (`seq`), so the kinds join on it. Amounts are whole
numbers in the smallest unit of their asset or currency. Columns that may be null are named so; the others
never are.
"""

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa

_INSTANT = pa.timestamp("us", tz="UTC")


def _schema(*fields: tuple[str, pa.DataType], nullable: frozenset[str] = frozenset()) -> pa.Schema:
    return pa.schema([pa.field(name, type, nullable=name in nullable) for name, type in fields])


EVENTS = _schema(
    ("seq", pa.int64()),
    ("member", pa.int64()),
    ("source", pa.string()),
    ("id", pa.string()),
    ("type", pa.string()),
    ("time", _INSTANT),  # when it happened
    ("now", _INSTANT),  # when it was taken
    ("status", pa.string()),  # accepted, refused
    ("data", pa.string()),  # JSON, without the fields marked personal
)
"""One row per event."""

OUTCOMES = _schema(
    ("seq", pa.int64()),
    ("member", pa.int64()),
    ("type", pa.string()),
    ("time", _INSTANT),
    ("now", _INSTANT),
    ("campaign", pa.string()),  # `festoon`: a standing rule; empty: refused before any mechanic
    ("mechanic", pa.string()),
    ("what", pa.string()),  # given, held, taken, refused, passed_over, noted, assigned, tested
    ("kind", pa.string()),  # asset, coupon, badge, item, gift, membership, experiment; empty in other rows
    ("ref", pa.string()),  # which asset, coupon, badge … or experiment
    ("amount", pa.int64()),  # units of an asset, days of a membership, 1 for any other thing
    ("cost", pa.int64()),  # smallest units of the budget's currency
    ("line", pa.string()),  # the budget line's name, empty when it cost nothing
    ("code", pa.string()),  # of a refusal, the reason for passing over, or the arm of an experiment
    ("note", pa.string()),  # JSON: the mechanic's note, on its first row; a refusal's data
    ("item", pa.string()),  # the item's id, empty for an asset
    nullable=frozenset({"note"}),
)
"""One row per thing a mechanic gave, took, refused or passed over.

A mechanic that only noted something (a draw that won nothing) has one row, `noted`.
"""

TRANSFERS = _schema(
    ("seq", pa.int64()),  # negative: the publication of that number
    ("place", pa.int32()),  # from 0, within the event
    ("member", pa.int64()),
    ("at", _INSTANT),
    ("asset", pa.string()),
    ("debit", pa.string()),  # `@`, `@held`, `@pending`, `@owed`: the member's parts; else a shared holder
    ("credit", pa.string()),
    ("amount", pa.int64()),
    ("lot", _INSTANT),
    ("why", pa.string()),
    nullable=frozenset({"member", "lot"}),
)
"""One row per transfer, those of publications included."""

LINES = _schema(
    ("seq", pa.int64()),
    ("member", pa.int64()),
    ("type", pa.string()),  # order.paid, order.refunded
    ("time", _INSTANT),
    ("order", pa.string()),
    ("line", pa.string()),
    ("product", pa.string()),
    ("category", pa.string()),
    ("quantity", pa.int64()),
    ("amount", pa.int64()),
    ("discount", pa.int64()),
    nullable=frozenset({"product", "category"}),
)
"""One row per order line. A refund's quantity and amount are negative, so that sums are what was kept."""

SCHEMAS: Mapping[str, pa.Schema] = MappingProxyType(
    {"events": EVENTS, "outcomes": OUTCOMES, "transfers": TRANSFERS, "lines": LINES}
)
"""Kind of fact to the columns of its files. The file of `events` makes a range visible: it comes last."""
