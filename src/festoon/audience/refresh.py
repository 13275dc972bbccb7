"""Refresh the segments of a campaign: lock, finish what was begun, compute, save, send. Read this file first.

What a refresh finds is committed together with every event it will send. Events carry ids made from campaign, segment
and the instant the refresh was due, so a refresh that is killed anywhere and repeated sends each of them once: before
the commit nothing was sent, after it the same events are sent again and known again.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

import asyncpg
import structlog
from msgspec import Struct

from festoon.audience import lists, refreshes
from festoon.audience.computing import Computed, Inputs, compute
from festoon.audience.population import copy_members
from festoon.audience.refreshes import CHUNK, Refresh
from festoon.audience.sending import Send, live, rehearsed
from festoon.audience.waiting import facts_until
from festoon.base.errors import Conflict, Unavailable, define
from festoon.base.scratch import scratch
from festoon.engine.answer import Answer
from festoon.engine.lists import merged_members
from festoon.engine.outcome import decode
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.segment_compiled import CompiledSegment
from festoon.store.pool import connect

log = structlog.get_logger(__name__)

NOT_STARTED = define(
    "segment.not_started",
    409,
    "'{campaign}' starts at {start}; before that its mechanics would not react to who enters its segments",
    "活动“{campaign}”于 {start} 开始；此前玩法不会响应会员进入分群",
    todo="count with: festoon segments preview",
    todo_zh="可先用 festoon segments preview 查看人数",
)
Progress = Callable[[str, int, int], None]
"""Hears of a segment how many of its events have been sent, and of how many."""


def quiet(_segment: str, _sent: int, _of: int) -> None:
    """Progress that nobody listens to."""


class Place(Struct, frozen=True):
    """Where segments are refreshed: the database, the directory of its facts, the wall's clock, and whether it is a
    rehearsal."""

    dsn: str
    facts: Path
    clock: Callable[[], datetime]
    rehearsal: bool = False

    def door(self, at: datetime) -> AbstractAsyncContextManager[Send]:
        """The way in for events; in a rehearsal its clock stands at `at`."""
        return rehearsed(self.dsn, at) if self.rehearsal else live(self.dsn, self.clock)


class Due(Struct, frozen=True):
    """What is to be refreshed. `due` names the refresh: the same one twice is done once; `at` is as of when."""

    campaign: CompiledCampaign
    segments: tuple[CompiledSegment, ...]
    due: datetime
    at: datetime


async def refresh(place: Place, due: Due, on_progress: Progress = quiet) -> list[Refresh]:
    """Refresh segments, and send what changed.

    Raises Conflict when somebody else does (`segment.refresh_runs`) or the campaign has not started
    (`segment.not_started`), and Unavailable when the events cannot be taken right now; then the next call goes on
    where this one stopped.
    """
    start = due.campaign.schedule.start
    if due.at < start:
        raise Conflict(NOT_STARTED, campaign=due.campaign.campaign, start=f"{start:%Y-%m-%d %H:%M} UTC")
    connection = await connect(place.dsn)
    try:
        await connection.execute("SET statement_timeout = 0")
        await refreshes.lock(connection, due.campaign.campaign)
        for begun in await refreshes.unfinished(connection, due.campaign.campaign):
            await _send(place, connection, begun, on_progress)
        found = {
            segment.name: await refreshes.stored(connection, due.campaign.campaign, segment.name, due.due)
            for segment in due.segments
        }
        wanted = [segment for segment in due.segments if found[segment.name] is None]
        for computed in await _computed(place, connection, due, wanted):
            saved = await refreshes.save(connection, due.campaign.campaign, computed, due.due, due.at)
            found[saved.segment] = await _send(place, connection, saved, on_progress)
        return [each for each in found.values() if each is not None]
    finally:
        await connection.close()


async def preview(place: Place, due: Due) -> list[Computed]:
    """What a refresh would find now; nothing is written and nothing is sent."""
    connection = await connect(place.dsn)
    try:
        return await _computed(place, connection, due, due.segments)
    finally:
        await connection.close()


async def _computed(
    place: Place, connection: asyncpg.Connection, due: Due, segments: Sequence[CompiledSegment]
) -> list[Computed]:
    if not segments:
        return []
    behind = await facts_until(place.dsn, place.facts, due.at)
    named = {segment.name for segment in segments if segment.listed}
    named |= {segment.order.list for segment in segments if segment.order.list}
    places = {name: await lists.places(connection, due.campaign.campaign, name) for name in sorted(named)}
    with scratch("segments") as room:
        file = room / "members.csv"
        await copy_members(connection, file)
        inputs = Inputs(place.facts, file, places, behind, await merged_members(connection))
        return await asyncio.to_thread(compute, due.campaign, segments, inputs, due.at)


async def _send(
    place: Place,
    connection: asyncpg.Connection,
    saved: Refresh,
    on_progress: Progress,
) -> Refresh:
    """Send what has not been answered yet, in order."""
    if saved.finished is None:
        came, sent = Counter(saved.came), saved.sent
        async with place.door(saved.at) as send:
            while sent < saved.changes:
                answers = await send(await refreshes.next_events(connection, saved, sent))
                came.update(_refusals(saved, answers))
                sent = min(sent + CHUNK, saved.changes)
                await refreshes.note_sent(connection, saved, sent, dict(came))
                on_progress(saved.segment, sent, saved.changes)
        await refreshes.finish(connection, saved, place.clock())
        log.info("segment.refreshed", campaign=saved.campaign, segment=saved.segment, changes=saved.changes)
    found = await refreshes.stored(connection, saved.campaign, saved.segment, saved.due)
    assert found is not None
    return found


def _refusals(saved: Refresh, answers: Sequence[Answer]) -> Counter[str]:
    """What mechanics refused, by code. Raises Unavailable when events were turned away for now."""
    found: Counter[str] = Counter()
    for answer in answers:
        if isinstance(answer.error, Unavailable):
            raise answer.error
        if answer.error is not None:
            log.warning("segment.event_failed", segment=saved.segment, code=answer.error.code)
            found[answer.error.code] += 1
        elif '"refused"' in answer.outcome:
            results = decode(answer.outcome).mechanics
            found.update(result.refused.code for result in results if result.refused is not None)
    return found
