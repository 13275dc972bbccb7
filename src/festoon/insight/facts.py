"""Facts: the journal as four tables, and what every figure derives from them first.

The tables come from Parquet written by committed range. Amounts are whole numbers of the smallest unit,
`time` is when something happened, `now` when it was taken.

- `events`: seq, member, source, id, type, time, now, status, data (JSON text)
- `outcomes`: seq, member, type, time, now, campaign, mechanic, what (given, held, taken, refused,
  passed_over, noted, assigned, tested), kind, ref, amount, cost, line, code, note, item
- `transfers`: seq, place, member, at, asset, debit, credit, amount, lot, why
- `lines`: seq, member, time, order, line, product, category, quantity, amount, discount
"""

from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import ibis
from ibis import Table
from ibis.expr.types import BooleanValue

from festoon.base.visitors import FIRST_NUMBER
from festoon.base.vocabulary.activity import NOT_ACTIVITY
from festoon.engine.joining import JOIN
from festoon.outbox import read


class Facts:
    """The four tables, and tables derived from them once.

    `chain` is the head of the committed ranges' hash chain, empty when there is none.
    """

    def __init__(
        self,
        *,
        events: Table,
        outcomes: Table,
        transfers: Table,
        lines: Table,
        chain: str = "",
        everybody: "Facts | None" = None,
    ) -> None:
        self.backend: Any = ibis.get_backend(events)
        _run_in_utc(self.backend)
        self.events = events
        self.outcomes = outcomes
        self.transfers = transfers
        self.lines = lines
        self.chain = chain
        self.everybody = everybody
        """The facts that these are a part of."""

    def until(self, at: datetime) -> "Facts":
        """What was known at an instant: everything taken before it."""
        cut = ibis.literal(at, type="timestamp('UTC')")
        events = self.events.filter(self.events.now < cut)
        return Facts(
            events=events,
            outcomes=self.outcomes.filter(self.outcomes.now < cut),
            transfers=self.transfers.filter(self.transfers.at < cut),
            lines=self.lines.semi_join(events, "seq"),
            chain=self.chain,
        )

    def of_members(self, campaign: str) -> "Facts":
        """The facts of everybody who counts: no visitors, and nobody who ever was a tester of a campaign. Figures and
        comparisons look at these; budget and stock are read off all of them, as the books are."""
        rows = self.outcomes
        tested = rows.filter(rows.what == "tested", rows.campaign == campaign).select("member").distinct()
        tables = {"events": self.events, "outcomes": rows, "transfers": self.transfers, "lines": self.lines}
        if self.has_visitors:
            tables = {
                name: table.filter(table.member.isnull() | (table.member < FIRST_NUMBER))
                for name, table in tables.items()
            }
        elif not tested.count().to_pyarrow().as_py():
            return self
        tested = self.kept(tested)
        return Facts(
            **{name: table.anti_join(tested, "member") for name, table in tables.items()},
            chain=self.chain,
            everybody=self,
        )

    @cached_property
    def has_visitors(self) -> bool:
        """Whether there are any."""
        highest = self.events.member.max().to_pyarrow().as_py()
        return highest is not None and highest >= FIRST_NUMBER

    @property
    def visits(self) -> Table:
        """What visitors did: rows of the events, whoever these facts are of."""
        events = (self.everybody or self).events
        return events.filter(events.member >= FIRST_NUMBER)

    @property
    def joins(self) -> Table:
        """Visitors who joined a member: rows of the outcomes, one each."""
        rows = self.outcomes
        return rows.filter(rows.campaign == "festoon", rows.mechanic == JOIN, rows.what == "noted")

    @cached_property
    def extent(self) -> tuple[int, datetime | None, datetime | None]:
        """How many events there are, when the first happened and when the last did."""
        events = self.events
        row = events.aggregate(n=events.count(), first=events.time.min(), last=events.time.max())
        found = row.to_pyarrow().to_pylist()[0]
        return found["n"], found["first"], found["last"]

    @classmethod
    def reading(cls, directory: Path, chain: str = "") -> "Facts":
        """The facts in a directory, as they are now."""
        known = read.facts(directory)
        return cls(
            events=known.events,
            outcomes=known.outcomes,
            transfers=known.transfers,
            lines=known.lines,
            chain=chain,
        )

    @cached_property
    def orders(self) -> Table:
        """Paid orders: seq, member, time, order, amount, currency."""
        return self._money("order.paid")

    @cached_property
    def refunds(self) -> Table:
        """Refunds: seq, member, time, order, amount, currency."""
        return self._money("order.refunded")

    @cached_property
    def redemptions(self) -> Table:
        """Coupons used: member, time, order (null when the event names none)."""
        used = self.events.filter(self.events.type == "coupon.redeemed")
        order = used.data.cast("json")["order"].unwrap_as("string")
        return self.kept(used.select("member", "time", order=order))

    @cached_property
    def answers(self) -> Table:
        """Surveys answered: member, time."""
        return self.kept(self.events.filter(self.events.type == "survey.answered").select("member", "time"))

    @cached_property
    def feedback(self) -> Table:
        """Feedback that was found valid: member, time, feedback."""
        found = self.events.filter(self.events.type == "feedback.received")
        data = found.data.cast("json")
        valid = found.filter(data["valid"].unwrap_as("boolean").fill_null(False))
        named = valid.data.cast("json")["feedback"].unwrap_as("string")
        return self.kept(valid.select("member", "time", feedback=named))

    @cached_property
    def activity(self) -> Table:
        """What members did themselves: member, time, type."""
        return self.kept(self.events.filter(is_activity(self.events)).select("member", "time", "type"))

    def _money(self, type_: str) -> Table:
        found = self.events.filter(self.events.type == type_)
        data = found.data.cast("json")
        return self.kept(
            found.select(
                "seq",
                "member",
                "time",
                order=data["order"].unwrap_as("string"),
                amount=data["amount"].unwrap_as("int64"),
                currency=data["currency"].unwrap_as("string"),
            )
        )

    def kept(self, table: Table) -> Table:
        """The table's rows, computed once for as long as the connection is open."""
        kept: Table = self.backend.create_table(f"festoon_{uuid4().hex}", table, temp=True)
        return kept


def is_activity(events: Table) -> BooleanValue:
    """Whether an event shows that its member was active: it is of his own doing."""
    return events.type.notin(NOT_ACTIVITY)


def _run_in_utc(backend: Any) -> None:
    # DuckDB makes a local time of an instant by the session's zone, which is the machine's unless it is said.
    if backend.name == "duckdb":
        backend.raw_sql("SET TimeZone = 'UTC'")
