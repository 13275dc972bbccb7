"""What rows of the journal have to tell: an event's outcome, read as messages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.engine.code_book import CodeBook
from festoon.engine.world import ITEM_LAPSE
from festoon.members.consents import answer_in
from festoon.outbox.webhooks.kinds import (
    CONSENT,
    Cause,
    ConsentChanged,
    DrawWon,
    GrantAppealed,
    GrantHeld,
    GrantReleased,
    GrantVoided,
    ItemCancelled,
    ItemDelivered,
    ItemIssued,
    ItemLapsed,
    ItemReturned,
    ItemShipped,
    ItemUsed,
    LevelChanged,
    RewardGranted,
    Thing,
)
from festoon.outbox.webhooks.message import Message, message

ITEM_KINDS = {
    "item.used": ItemUsed,
    "item.shipped": ItemShipped,
    "item.returned": ItemReturned,
    "item.cancelled": ItemCancelled,
    "item.delivered": ItemDelivered,
    "item.lapsed": ItemLapsed,
}
CERTAIN = {"item.used": "used", "item.lapsed": "expired"}
"""Of these it is only known by the thing's state that it came about."""
FROM_EVENTS = frozenset(
    {
        "reward.granted",
        "grant.held",
        "grant.appealed",
        "grant.released",
        "grant.voided",
        "item.issued",
        "level.changed",
        "draw.won",
        CONSENT,
    }
) | frozenset(ITEM_KINDS)
"""The kinds of messages that rows of events come to."""
NOTHING = "nothing"


class Given(Struct, gc=False):
    kind: str
    ref: str
    amount: int = 1
    item: str = ""
    serial: int | None = None
    expires: datetime | None = None


class Note(Struct):
    """What notes of mechanics say that is told. Each has its own; none has all."""

    hold: Any = None
    decision: Any = None
    reason: Any = None
    answer: Any = None
    appeal: Any = None
    level: Any = None
    was: Any = None
    until: Any = None
    play: Any = None
    stands: Any = None
    given: Any = None
    prize: Any = None
    place: Any = None
    table: Any = None


class Result(Struct):
    mechanic: str
    given: tuple[Given, ...] = ()
    held: tuple[Given, ...] = ()
    note: Note | None = None


class Outcome(Struct):
    status: str
    mechanics: tuple[Result, ...] = ()
    tests: tuple[str, ...] = ()


class Row(Struct, frozen=True):
    """A row of the journal, with its member's external id and the number of who he is by now."""

    seq: int
    owner: int
    member: str
    source: str
    id: str
    type: str
    now: datetime
    data: str
    outcome: str
    time: datetime


class Told(Struct, frozen=True):
    """Of whom and what of a row's: what stands in all its messages."""

    row: Row
    secret: str
    tests: tuple[str, ...]

    def of(self, mechanic: str) -> dict[str, Any]:
        campaign, _, name = mechanic.partition("/")
        cause = Cause(self.row.source, self.row.id, self.row.type)
        return {
            "member": self.row.member, "campaign": campaign, "mechanic": name, "event": cause,
            "test": campaign in self.tests,
        }  # fmt: skip

    def message(self, kind: str, data: Any, *of: object) -> Message:
        return message(kind, data.campaign, self.row.now, data, self.secret, self.row.seq, *of)


class Touched(Struct, frozen=True):
    """A thing that an event did something to, to be looked up."""

    kind: str
    told: Told
    names: tuple[str, ...]
    """Its id; or codes that may be its."""
    said: tuple[tuple[str, str], ...] = ()
    """What the event says of it beside that."""


_outcome = msgspec.json.Decoder(Outcome)
_data = msgspec.json.Decoder(dict[str, Any])


def messages_of(row: Row, secret: str) -> Iterator[Message]:
    """Messages that the outcome itself tells."""
    outcome = _outcome.decode(row.outcome)
    told = Told(row, secret, outcome.tests)
    if row.type == CONSENT:
        yield from _consent(told, outcome)
    for place, result in enumerate(outcome.mechanics):
        yield from _result(told, result, place)


def _consent(told: Told, outcome: Outcome) -> Iterator[Message]:
    """What a member may be written of from now on, when that is news."""
    row = told.row
    late = any(each.note is not None and each.note.stands is not None for each in outcome.mechanics)
    if outcome.status == "accepted" and not late:
        answer = answer_in(_data.decode(row.data), row.source, row.time)
        cause = Cause(row.source, row.id, row.type)
        said = ConsentChanged(
            member=row.member, channel=answer.channel, agreed=answer.agreed, at=row.time, by=answer.by or "",
            event=cause, wording=answer.wording,
        )  # fmt: skip
        yield message(CONSENT, "", row.now, said, told.secret, row.seq)


def touched_by(row: Row, secret: str, codes: CodeBook) -> Touched | None:
    """The thing that an event used, delivered or let lapse, if it did."""
    if row.type not in _TOUCHING:
        return None
    outcome, data = _outcome.decode(row.outcome), _data.decode(row.data)
    if outcome.status != "accepted":
        return None
    kind, names = _TOUCHING[row.type](data, codes)
    said = tuple((name, str(data[name])) for name in _SAID.get(kind, ()))
    return Touched(kind, Told(row, secret, outcome.tests), names, said) if names else None


async def items_told(connection: asyncpg.Connection, touched: Sequence[Touched]) -> list[Message]:
    """Messages about things, which are looked up: a coupon of another issuer is none of ours."""
    asked = [(each.told.row.owner, name) for each in touched for name in each.names]
    rows = await connection.fetch(
        """SELECT w.owner, w.name, i.id, i.kind, i.ref, i.state, i.campaign, i.mechanic
           FROM unnest($1::bigint[], $2::text[]) AS w (owner, name)
           JOIN item i ON i.member_id = w.owner AND i.id = w.name
           UNION ALL
           SELECT w.owner, w.name, i.id, i.kind, i.ref, i.state, i.campaign, i.mechanic
           FROM unnest($1::bigint[], $2::text[]) AS w (owner, name)
           JOIN item i ON i.code = w.name AND i.member_id = w.owner""",
        [owner for owner, _ in asked],
        [name for _, name in asked],
    )
    found = {(row["owner"], row["name"]): row for row in rows}
    messages = []
    for each in touched:
        item = next(
            (found[key] for name in each.names if (key := (each.told.row.owner, name)) in found), None
        )
        if item is not None and item["state"] == CERTAIN.get(each.kind, item["state"]):
            of = each.told.of(f"{item['campaign']}/{item['mechanic']}") | dict(each.said)
            data = ITEM_KINDS[each.kind](item=item["id"], kind=item["kind"], ref=item["ref"], **of)
            messages.append(each.told.message(each.kind, data, item["id"]))
    return messages


def _result(told: Told, result: Result, place: int) -> Iterator[Message]:
    of, note = told.of(result.mechanic), result.note or Note()
    if not of["mechanic"] or of["campaign"] == "festoon":
        return  # a standing rule: what it moves was given before
    if result.given:
        yield told.message("reward.granted", RewardGranted(given=_things(result.given), **of), place)
    for number, one in enumerate(result.given):
        if one.item:
            issued = ItemIssued(
                item=one.item, kind=one.kind, ref=one.ref, serial=one.serial, expires=one.expires, **of
            )
            yield told.message("item.issued", issued, place, number)
    if result.held:
        hold = str(note.hold or "")
        held = GrantHeld(reason="risk" if hold else "review", hold=hold, given=_things(result.held), **of)
        yield told.message("grant.held", held, place)
    yield from _noted(told, of, note, result, place)


def _noted(told: Told, of: dict[str, Any], note: Note, result: Result, place: int) -> Iterator[Message]:
    said: dict[str, Any] = {
        "hold": str(note.hold),
        "reason": str(note.reason or ""),
        "answer": str(note.answer or ""),
    }
    if note.decision == "released":
        released = GrantReleased(given=_things(result.given), **said, **of)
        yield told.message("grant.released", released, place)
    elif note.decision == "voided":
        yield told.message("grant.voided", GrantVoided(**said, **of), place)
    elif note.appeal == "open":
        yield told.message("grant.appealed", GrantAppealed(hold=str(note.hold), **of), place)
    if isinstance(note.level, str) and isinstance(note.was, str):
        changed = LevelChanged(level=note.level, was=note.was, until=note.until, **of)
        yield told.message("level.changed", changed, place)
    prize = _prize(note)
    if prize and isinstance(note.play, int):
        yield told.message("draw.won", DrawWon(prize=prize, play=note.play, **of), place)


def _prize(note: Note) -> str:
    """What was won by the note of a draw, which holds its table, or of a grand draw, which holds a place."""
    won = note.given if note.table is not None else note.prize if note.place is not None else None
    return won if isinstance(won, str) and won != NOTHING else ""


def _things(given: Iterable[Given]) -> list[Thing]:
    return [Thing(one.kind, one.ref, one.amount, one.item) for one in given]


def _used(data: dict[str, Any], codes: CodeBook) -> tuple[str, tuple[str, ...]]:
    typed = str(data.get("coupon", ""))
    known = codes.meant(typed)
    return "item.used", (typed, *((known.shown,) if known is not None and known.shown != typed else ()))


def _of_gift(kind: str) -> Callable[[dict[str, Any], CodeBook], tuple[str, tuple[str, ...]]]:
    return lambda data, _: (kind, (str(data.get("item", "")),))


def _lapsed(data: dict[str, Any], _: CodeBook) -> tuple[str, tuple[str, ...]]:
    owner = f"{data.get('campaign')}/{data.get('mechanic')}"
    return "item.lapsed", (str(data["data"]["item"]),) if owner == ITEM_LAPSE else ()


_SAID = {"item.shipped": ("carrier", "parcel")}
_TOUCHING: dict[str, Callable[[dict[str, Any], CodeBook], tuple[str, tuple[str, ...]]]] = {
    "coupon.redeemed": _used,
    "gift.shipped": _of_gift("item.shipped"),
    "gift.returned": _of_gift("item.returned"),
    "gift.cancelled": _of_gift("item.cancelled"),
    "gift.delivered": _of_gift("item.delivered"),
    "timer.due": _lapsed,
}
