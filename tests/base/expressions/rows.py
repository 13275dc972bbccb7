"""Rows of a table, and the same rows as events, members and moments."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import ibis
import pyarrow as pa

from festoon.base.expressions.to_ibis import Columns
from tests.base.expressions.stage import Member, Moment

_WHOLE = (0, 1, -1, 3, 7, 100, -100, 10**15 - 1, 10**15, 1 - 10**15, 2**53 + 1, 2**63 - 1, -(2**63))
_TEXTS = ("tea", "rice", "茶", "it's", "")
_DAYS = (date(2027, 2, 5), date(2027, 2, 6), date(2027, 2, 21), date(2024, 2, 29), date(1990, 12, 31))
_TIME = pa.timestamp("us", tz="UTC")
_LINE = pa.struct(
    [
        ("category", pa.string()),
        ("amount", pa.int64()),
        ("wrapped", pa.bool_()),
        ("tags", pa.list_(pa.string())),
    ]
)
_ADDRESS = pa.struct(
    [("city", pa.string()), ("floor", pa.int64()), ("geo", pa.struct([("height", pa.int64())]))]
)
SCHEMA = pa.schema(
    {
        "row": pa.int64(),
        "amount": pa.int64(),
        "points": pa.int64(),
        "rating": pa.float64(),
        "category": pa.string(),
        "gift": pa.bool_(),
        "tags": pa.list_(pa.string()),
        "lines": pa.list_(_LINE),
        "address": _ADDRESS,
        "departs": _TIME,
        "booked": pa.date32(),
        "level": pa.string(),
        "is_staff": pa.bool_(),
        "birthday": pa.date32(),
        "last_login": _TIME,
        "registered": pa.int64(),
        "posts": pa.int64(),
        "returning": pa.bool_(),
        "joined": pa.bool_(),
        "type": pa.string(),
        "time": _TIME,
        "date": pa.date32(),
        "hour": pa.int64(),
        "weekday": pa.string(),
        "start": pa.date32(),
        "end": pa.date32(),
    }
)
EVENT = ("amount", "points", "rating", "category", "gift", "tags", "lines", "address", "departs", "booked")
PROFILE = ("level", "is_staff", "birthday", "last_login")


class Joined(Member):
    """A member of whom a row says whether he joined within the campaign."""

    joined: bool = False

    def registered_in(self, campaign: Any) -> bool:
        return self.joined


def make_rows(count: int, seed: int) -> list[dict[str, Any]]:
    """Rows in which everything that can be missing is missing now and then."""
    random = Random(seed)
    return [
        {"row": number, **_event(random), **_member(random), **_envelope(random)} for number in range(count)
    ]


def scope(row: dict[str, Any]) -> tuple[dict[str, Any], Member, Moment]:
    """A row as the three things a compiled condition is called with."""
    event = {name: row[name] for name in EVENT if row[name] is not None or row["row"] % 2}
    member = Joined(
        facts={name: row[name] for name in PROFILE},
        days={"registered": row["registered"]} if row["registered"] is not None else {},
        segments={"returning"} if row["returning"] else set(),
        counts={"first-post": row["posts"]},
        joined=row["joined"],
    )
    campaign = {"id": "new-year-2027", "start": row["start"], "end": row["end"]}
    return event, member, Moment(time=row["time"], type=row["type"], campaign=campaign)


def columns(table: ibis.Table) -> Columns:
    """Where the names of the stage's vocabulary are in the table."""
    own = ("type", "time", "date", "hour", "weekday")
    return Columns(
        fields={
            **{f"event.{name}": table[name] for name in (*EVENT, *own)},
            **{f"member.{name}": table[name] for name in PROFILE},
            "campaign.start": table.start,
            "campaign.end": table.end,
        },
        functions={
            "member.days_since": lambda name: table[name],
            "member.count": lambda _: table["posts"],
            "member.segment": lambda name: table[name],
            "member.registered_in": lambda _: table.joined,
        },
    )


def _maybe(random: Random, values: Sequence[Any]) -> Any:
    return None if random.random() < 0.25 else random.choice(values)


def _texts(random: Random) -> list[str | None] | None:
    return None if random.random() < 0.25 else [_maybe(random, _TEXTS) for _ in range(random.randrange(3))]


def _event(random: Random) -> dict[str, Any]:
    line = {
        "category": _maybe(random, _TEXTS),
        "amount": _maybe(random, _WHOLE),
        "wrapped": _maybe(random, (True, False)),
    }
    lines = [
        None if random.random() < 0.2 else {**line, "amount": _maybe(random, _WHOLE), "tags": _texts(random)}
        for _ in range(random.randrange(4))
    ]
    geo = _maybe(random, [{"height": _maybe(random, _WHOLE)}])
    return {
        "amount": _maybe(random, _WHOLE),
        "points": _maybe(random, _WHOLE[:6]),
        "rating": _maybe(random, (4.0, 4.5, 0.1, -0.25, 1e15, float("nan"), float("inf"))),
        "category": _maybe(random, _TEXTS),
        "gift": _maybe(random, (True, False)),
        "tags": _texts(random),
        "lines": _maybe(random, [lines]),
        "address": _maybe(
            random, [{"city": _maybe(random, _TEXTS), "floor": _maybe(random, _WHOLE), "geo": geo}]
        ),
        "departs": _maybe(random, (_moment(random), _moment(random))),
        "booked": _maybe(random, _DAYS),
    }


def _member(random: Random) -> dict[str, Any]:
    return {
        "level": _maybe(random, ("silver", "gold", "platinum")),
        "is_staff": _maybe(random, (True, False)),
        "birthday": _maybe(random, _DAYS),
        "last_login": _maybe(random, (_moment(random), _moment(random))),
        "registered": _maybe(random, (0, 7, 30)),
        "posts": random.randrange(4),
        "returning": random.choice((True, False)),
        "joined": random.choice((True, False)),
    }


def _envelope(random: Random) -> dict[str, Any]:
    moment = Moment(time=_moment(random))
    return {
        "type": random.choice(("order.paid", "tea")),
        "time": moment.time,
        "date": moment.local.date(),
        "hour": moment.local.hour,
        "weekday": moment.local.strftime("%a").lower(),
        "start": date(2027, 2, 5),
        "end": date(2027, 2, 20),
    }


def _moment(random: Random) -> datetime:
    near = datetime(2027, 2, 5, 18, 30, tzinfo=UTC)
    return random.choice((near, near + timedelta(seconds=random.randrange(-(10**8), 10**8), microseconds=1)))
