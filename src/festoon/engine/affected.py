"""Who is concerned by a fault: the members whose events of a time, by what they were and what came of them, are meant.

Read off the journal, so it reaches back as far as that does (40 days by default).
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.events import Event
from festoon.engine.amends import granted_by, held_by, part_of
from festoon.engine.members import number_that_stays
from festoon.engine.outcome import Outcome, decode
from festoon.engine.program import Program
from festoon.engine.view import EventView
from festoon.engine.world import Member, World
from festoon.plan.compensation import Affected, Compensation
from festoon.store.pieces import pieces

_json = msgspec.json.Decoder(dict[str, Any])


class Concerned(Struct, gc=False):
    """One member: how many of his events are meant, what each of them had given (to be taken back), and what is still
    held of what they would have given."""

    number: int
    subject: str
    times: int = 0
    granted: dict[str, list[Any]] = {}
    held: list[str] = []


async def affected(connection: asyncpg.Connection, program: Program, wanted: Compensation) -> list[Concerned]:
    """The members whose events are meant, in the order of their numbers; who was erased is nobody any more. Needs a
    transaction, for its cursor."""
    said = wanted.file.affected
    assert said is not None, "a list of members has no events"
    found: dict[int, Concerned] = {}
    stays: dict[int, int] = {}
    async for row in connection.cursor(
        """SELECT e.seq, e.member_id, e.source, e.id, e.type, e.time, e.now, e.data, e.outcome, m.subject,
                  m.registered, m.profile, m.merged_into
           FROM event e JOIN member m ON m.id = e.member_id
           WHERE e.type = ANY($1::text[]) AND e.time >= $2 AND e.time < $3 AND NOT m.erased ORDER BY e.seq""",
        list(said.types), wanted.since, wanted.until,
    ):  # fmt: skip
        outcome = decode(row["outcome"])
        if not _meant(said, wanted.file.campaign, outcome) or not _holds(row, program, wanted):
            continue
        number = row["member_id"]
        if row["merged_into"] is not None:
            if number not in stays:
                stays[number] = await number_that_stays(connection, number)
            number = stays[number]
        concerned = found.setdefault(number, Concerned(number, row["subject"]))
        concerned.times += 1
        if wanted.file.take_back is not None:
            key = f"{wanted.file.campaign}/{wanted.file.take_back.mechanic}"
            if granted := granted_by(outcome.mechanics, key, program, _event(row)):
                concerned.granted = {**concerned.granted, str(row["seq"]): granted}
            concerned.held = [*concerned.held, *held_by(outcome.mechanics, key)]
    if wanted.file.take_back is not None:
        await _still_held(connection, found)
        return [each for each in await asyncio.to_thread(_in_order, found) if each.granted or each.held]
    return await asyncio.to_thread(_counted, said, found)


async def _still_held(connection: asyncpg.Connection, found: Mapping[int, Concerned]) -> None:
    """Leave out what somebody has decided on."""
    waiting = [each for each in found.values() if each.held]
    for piece in pieces(waiting):
        rows = await connection.fetch(
            "SELECT member_id, id FROM held_grant WHERE member_id = ANY($1::bigint[])",
            [each.number for each in piece],
        )
        there = {(row["member_id"], row["id"]) for row in rows}
        for each in piece:
            each.held = [hold for hold in each.held if (each.number, hold) in there]


def _counted(said: Affected, found: Mapping[int, Concerned]) -> list[Concerned]:
    for each in found.values():
        each.times = min(each.times, said.at_most) if said.per == "event" else 1
    return _in_order(found)


def _meant(said: Affected, campaign: str, outcome: Outcome) -> bool:
    """Whether what came of an event is what is looked for."""
    results = [
        made
        for made in outcome.mechanics
        if not said.mechanic or made.mechanic == f"{campaign}/{said.mechanic}"
    ]
    if said.mechanic and not results:
        return False
    if said.given and not any(made.given for made in results):
        return False
    if not said.refused:
        return True
    codes = {made.refused.code for made in results if made.refused is not None}
    return bool(codes & {*said.refused}) or (
        outcome.refused is not None and outcome.refused.code in said.refused
    )


def _holds(row: asyncpg.Record, program: Program, wanted: Compensation) -> bool:
    """Whether the condition holds for an event, by what is known of the member now."""
    if wanted.when is None:
        return True
    event = _event(row)
    member = Member(
        row["member_id"], row["subject"], complete=True, registered=row["registered"],
        profile=_json.decode(row["profile"]),
    )  # fmt: skip
    view = EventView(program, World(complete=True), member, event, row["now"])
    view.listener = part_of(program, program.campaigns[wanted.file.campaign])
    return bool(wanted.when.holds(event.data, view, view))


def _event(row: asyncpg.Record) -> Event:
    return Event(
        row["source"], row["id"], row["type"], row["subject"], row["time"], _json.decode(row["data"])
    )


async def listed(connection: asyncpg.Connection, ids: Sequence[str]) -> tuple[list[Concerned], list[str]]:
    """The members of a list, each once, and the ids that nobody has."""
    found: dict[int, Concerned] = {}
    unknown: dict[str, None] = {}
    for piece in pieces(ids):
        for row in await connection.fetch(
            """SELECT wanted.subject, i.member_id FROM unnest($1::text[]) AS wanted (subject)
               LEFT JOIN identity i ON i.subject = wanted.subject""",
            list(dict.fromkeys(piece)),
        ):
            if row["member_id"]:
                found[row["member_id"]] = Concerned(row["member_id"], row["subject"], 1)
            else:
                unknown[row["subject"]] = None
    return await asyncio.to_thread(_in_order, found), list(unknown)


def _in_order(found: Mapping[int, Concerned]) -> list[Concerned]:
    return [found[number] for number in sorted(found)]
