"""A small journal to take figures of: written line by line in local time, read as the four tables."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa

from festoon.insight.facts import Facts
from festoon.insight.scope import Scope, Window
from festoon.outbox.schemas import SCHEMAS

SHANGHAI = ZoneInfo("Asia/Shanghai")
CAMPAIGN = "spring"


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A local time, such as `2027-03-01 09:30` or `2027-03-01`, as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def window(first: str, last: str, zone: ZoneInfo = SHANGHAI) -> Window:
    """From the start of one local day to the end of another."""
    after = datetime.fromisoformat(last) + timedelta(days=1)
    return Window(at(first, zone), after.replace(tzinfo=zone).astimezone(UTC))


def scope(first: str, last: str, **rest: Any) -> Scope:
    return Scope(window(first, last), SHANGHAI, CAMPAIGN, **({"currency": "CNY"} | rest))


class Journal:
    """Rows as they come. Every method takes the member and the local time first."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in SCHEMAS}
        self.seq = 0

    def event(self, member: int, when: str, type_: str, **data: Any) -> "Journal":
        self.seq += 1
        self.rows["events"].append(
            self._common(member, when, type_)
            | {"source": "shop", "id": f"e{self.seq}", "status": "accepted", "data": json.dumps(data)}
        )
        return self

    def order(self, member: int, when: str, amount: int, order: str = "", currency: str = "CNY") -> "Journal":
        named = order or f"o{self.seq + 1}"
        return self.event(member, when, "order.paid", order=named, amount=amount, currency=currency)

    def outcome(
        self, member: int, when: str, mechanic: str, what: str, *, campaign: str = CAMPAIGN, **more: Any
    ) -> "Journal":
        self.seq += 1
        empty = {"kind": "", "ref": "", "amount": 0, "cost": 0, "line": "", "code": "", "item": ""}
        note = json.dumps(more.pop("note")) if "note" in more else None
        self.rows["outcomes"].append(
            self._common(member, when, "order.paid")
            | {"campaign": campaign, "mechanic": mechanic, "what": what, "note": note}
            | empty
            | more
        )
        return self

    def transfer(
        self, when: str, asset: str, debit: str, credit: str, amount: int, why: str = "", member: int = 1
    ) -> "Journal":
        self.seq += 1
        moved = {"asset": asset, "debit": debit, "credit": credit, "amount": amount, "lot": None, "why": why}
        self.rows["transfers"].append({"seq": self.seq, "place": 0, "member": member, "at": at(when)} | moved)
        return self

    def facts(self, chain: str = "") -> Facts:
        backend = ibis.duckdb.connect()
        for kind, schema in SCHEMAS.items():
            backend.con.register(kind, pa.Table.from_pylist(self.rows[kind], schema))
        return Facts(**{kind: backend.table(kind) for kind in SCHEMAS}, chain=chain)

    def _common(self, member: int, when: str, type_: str) -> dict[str, Any]:
        instant = at(when)
        return {"seq": self.seq, "member": member, "type": type_, "time": instant, "now": instant}
