"""Wearing (佩戴): a member puts on badges and virtual items that he owns, and takes them off.

What is worn stands in his progress, by place, as the ids of items in the order in which they were put on. Whether it is
still his and still valid is asked when it is looked at: what lapsed or was taken back is off from that instant on, and
no other rule has to know of it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import Refused, define
from festoon.engine.outcome import MechanicOutcome
from festoon.engine.progress import campaign_and_mechanic, states_of
from festoon.engine.view import EventView
from festoon.engine.wardrobe import BADGE, ITEM, Wardrobe
from festoon.engine.world import Item
from festoon.ledger.transfers import Transfer

WORN = "festoon/worn"
"""Where it is kept what a member wears."""
NOT_YOURS = define("item.not_yours", 200, "you have no such thing", "没有该物品")
NOT_WEARABLE = define("item.not_wearable", 200, "this cannot be worn", "该物品不可佩戴")
NOT_VALID = define(
    "item.not_valid", 200, "this is {state} and cannot be worn", "该物品状态为{state}，不可佩戴"
)
NO_ROOM = define(
    "item.no_room",
    200,
    "at most {limit} can be worn at once",
    "最多可同时佩戴{limit}件",
    todo="take one off first",
    todo_zh="请先取下一件",
)
NOT_WORN = define("item.not_worn", 200, "this is not worn", "该物品未佩戴")

Worn = Mapping[str, list[str]]
"""The ids of what is worn, by place."""


def _wear(view: EventView) -> tuple[MechanicOutcome, list[Transfer]]:
    """Put something on. Where there is room for one, it takes the place of what was worn; what is worn stays on."""
    item = _own(view)
    wardrobe = view.program.wardrobe
    place = wardrobe.place(item.kind, item.ref)
    if not place:
        raise Refused(NOT_WEARABLE)
    if not _good(item, view.now):
        raise Refused(NOT_VALID, state=item.state if item.state != "owned" else "expired")
    worn = _worn(view)
    on, limit = worn.get(place, []), wardrobe.limit(place)
    note: dict[str, Any] = {"item": item.id, "place": place}
    if item.id not in on:
        if len(on) >= limit > 1:
            raise Refused(NO_ROOM, limit=limit)
        if len(on) >= limit:
            note["instead"] = on[0]
            on = []
        view.person.progress_to_change(WORN).state = {**worn, place: [*on, item.id]}
    return MechanicOutcome("festoon/item.worn", note=note), []


def _take_off(view: EventView) -> tuple[MechanicOutcome, list[Transfer]]:
    """Take something off."""
    id, worn = view.event.data["item"], _worn(view)
    place = next((place for place, on in worn.items() if id in on), None)
    if place is None:
        raise Refused(NOT_WORN)
    view.person.progress_to_change(WORN).state = {**worn, place: [each for each in worn[place] if each != id]}
    return MechanicOutcome("festoon/item.taken_off", note={"item": id, "place": place}), []


WEARING: dict[str, Callable[[EventView], tuple[MechanicOutcome, list[Transfer]]]] = {
    "item.worn": _wear,
    "item.taken_off": _take_off,
}


def both(ours: Worn | None, theirs: Worn | None, wardrobe: Wardrobe) -> Worn:
    """What is worn by whom two accounts have become one: what who stays wore, and what there is room for of the
    other's."""
    ours, theirs = ours or {}, theirs or {}
    found = {}
    for place in sorted({*ours, *theirs}):
        on = [*ours.get(place, []), *theirs.get(place, [])]
        found[place] = on[: max(wardrobe.limit(place), len(ours.get(place, [])))]
    return found


async def worn_among(
    connection: asyncpg.Connection, member: int, rows: Sequence[asyncpg.Record], now: datetime | None
) -> frozenset[str]:
    """Of a member's things the ids of those that he wears: put on, still his, and still valid. `now` is None where no
    clock runs. Nothing is read when there is nothing among them that could be worn."""
    good = [
        row["id"] for row in rows
        if row["kind"] in (BADGE, ITEM) and row["state"] == "owned" and (now is None or row["expires"] > now)
    ]  # fmt: skip
    if not good:
        return frozenset()
    campaign, name = campaign_and_mechanic(WORN)
    kept = await connection.fetch(
        "SELECT mechanic, state FROM progress WHERE member_id = $1 AND campaign = $2", member, campaign
    )
    raw = states_of((row["mechanic"], row["state"]) for row in kept).get(name)
    state = None if raw is None else _kept.decode(raw).state
    return frozenset(id for on in (state or {}).values() for id in on).intersection(good)


class _Kept(Struct):
    state: dict[str, list[str]] | None = None


_kept = msgspec.json.Decoder(_Kept)


def _own(view: EventView) -> Item:
    item = view.person.item(view.event.data["item"])
    if item is None:
        raise Refused(NOT_YOURS)
    return item


def _good(item: Item | None, now: datetime) -> bool:
    return item is not None and item.state == "owned" and item.expires > now


def _worn(view: EventView) -> dict[str, list[str]]:
    """What is worn now, without what lapsed or was taken back."""
    progress = view.person.progress_of(WORN)
    state: Worn = {} if progress is None or progress.state is None else progress.state
    person, now = view.person, view.now
    return {place: [id for id in on if _good(person.item(id), now)] for place, on in state.items()}
