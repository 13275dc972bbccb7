"""Segments over the API: who belongs to what, uploaded lists, counted and computed anew."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import asyncpg
import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request

from festoon.api.background import Background
from festoon.api.campaigns import CAMPAIGN, CAMPAIGN_UNKNOWN, campaign_of
from festoon.api.filters import body_of, text
from festoon.api.members import NAME
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, cut, limit_of
from festoon.api.routes import actor_of, working
from festoon.audience import lists
from festoon.audience.computing import Sizes
from festoon.audience.known import NO_SEGMENT, NOT_A_LIST, Listed, kept, one_of
from festoon.audience.refresh import NOT_STARTED, Due, Place, preview, refresh
from festoon.base.clock import wall
from festoon.base.errors import Conflict, NotFound
from festoon.engine.engine import Engine
from festoon.members.profile import segment_key
from festoon.plan.compiled import CompiledCampaign
from festoon.store.pool import lent

TAG = "Segments"
LARGEST = 64 * 1024 * 1024
_JUST_AFTER = timedelta(microseconds=1)
Names = list[Annotated[str, Meta(min_length=1, max_length=lists.LONGEST)]]


class SegmentList(Struct, frozen=True):
    """The segments that a campaign computes, in the order of its plan."""

    campaign: str
    segments: list[Listed]


class Chosen(Struct, frozen=True, forbid_unknown_fields=True):
    """Which segments, as the plan names them; all without."""

    segments: Names = []


class Counted(Struct, frozen=True):
    """What a segment would come to now."""

    segment: str
    sizes: Sizes


class CountedList(Struct, frozen=True):
    """What segments would come to now."""

    segments: list[Counted]


class InSegment(Struct, frozen=True):
    """A member who is in, and what he has said of being written to, by channel. Who has said nothing has not agreed."""

    number: int
    id: str
    consents: dict[str, bool] = {}


class SegmentMembers(Struct, frozen=True):
    """Members of a segment, by their numbers."""

    members: list[InSegment]
    next: str | None


class NewList(Struct, frozen=True, forbid_unknown_fields=True):
    """The ids of a list, in their order."""

    members: Names


class Uploaded(Struct, frozen=True):
    """A version of a list that was put up: how many ids, how many of them are members now, how many came twice."""

    version: int
    ids: int
    repeated: int
    members: int
    unknown: int


class ListVersion(Struct, frozen=True):
    """A version of a list, and who signed it. The newest approved one counts."""

    version: int
    entries: int
    digest: str
    maker: str
    submitted: datetime
    checker: str | None
    approved: datetime | None


class ListVersions(Struct, frozen=True):
    """Versions of a list, newest first."""

    versions: list[ListVersion]
    next: str | None


class _Said(Struct):
    consents: dict[str, bool] = {}


_profile = msgspec.json.Decoder(_Said)


class Segments:
    """The endpoints, with what they need of the process."""

    def __init__(
        self, dsn: str, pool: asyncpg.Pool, engine: Engine, facts: Path, background: Background
    ) -> None:
        self._dsn = dsn
        self._pool = pool
        self._engine = engine
        self._facts = facts
        self._background = background

    async def listed(self, request: Request) -> SegmentList:
        compiled = campaign_of(request, self._engine.program)
        async with lent(self._pool) as connection:
            return SegmentList(compiled.campaign, await kept(connection, compiled, self._engine.now()))

    async def members(self, request: Request) -> SegmentMembers:
        compiled = campaign_of(request, self._engine.program)
        name, limit = request.path_params["segment"], limit_of(request)
        (last,) = after(request, int)
        one_of(compiled, name)
        key, channel = segment_key(compiled.campaign, name), text(request, "channel")
        async with lent(self._pool) as connection:
            rows = await connection.fetch(
                """SELECT id, subject, profile FROM member
                   WHERE id > $1 AND merged_into IS NULL AND strpos(profile, $2) > 0
                         AND profile::jsonb -> 'segments' ? $3
                         AND ($5::text IS NULL OR profile::jsonb -> 'consents' -> $5 = 'true') ORDER BY id LIMIT $4""",
                last or 0, f'"{key}"', key, limit + 1, channel,
            )  # fmt: skip
        page, ended = cut(rows, limit)
        return SegmentMembers(
            [InSegment(row["id"], row["subject"], _profile.decode(row["profile"]).consents) for row in page],
            None if ended is None else cursor(ended["id"]),
        )

    async def preview(self, request: Request) -> CountedList:
        place, due = await self._due(request)
        found = await preview(place, due)
        return CountedList([Counted(each.segment.name, each.sizes) for each in found])

    async def refresh(self, request: Request) -> SegmentList:
        place, due = await self._due(request)
        start = due.campaign.schedule.start
        if due.at < start:
            raise Conflict(NOT_STARTED, campaign=due.campaign.campaign, start=f"{start:%Y-%m-%d %H:%M} UTC")
        self._background.start(f"segments/{due.campaign.campaign}", refresh(place, due))
        return await self.listed(request)

    async def upload(self, request: Request) -> Uploaded:
        compiled, name = self._of_list(request)
        given = lists.of_ids((await body_of(request, NewList)).members, name)
        async with working(request, self._pool) as connection:
            known = await lists.known(connection, given.subjects)
            version = await lists.upload(
                connection, compiled.campaign, name, given, actor_of(request), self._engine.now()
            )
        return Uploaded(version, len(given.subjects), given.repeated, known.members, known.unknown)

    async def versions(self, request: Request) -> ListVersions:
        (compiled, name), limit = self._of_list(request), limit_of(request)
        (last,) = after(request, int)
        async with working(request, self._pool) as connection:
            rows = await connection.fetch(
                """SELECT version, entries, digest, maker, submitted, checker, approved FROM segment_list
                   WHERE campaign = $1 AND segment = $2 AND ($3::bigint IS NULL OR version < $3)
                   ORDER BY version DESC LIMIT $4""",
                compiled.campaign, name, last, limit + 1,
            )  # fmt: skip
        page, ended = cut(rows, limit)
        return ListVersions(
            [ListVersion(**row) for row in page], None if ended is None else cursor(ended["version"])
        )

    async def approve(self, request: Request) -> ListVersions:
        compiled, name = self._of_list(request)
        said = request.path_params["version"]
        if not said.isascii() or not said.isdecimal() or len(said) > 9:
            raise NotFound(lists.UNKNOWN, campaign=compiled.campaign, segment=name, version=said[:20])
        async with working(request, self._pool) as connection:
            await lists.approve(
                connection, compiled.campaign, name, int(said), actor_of(request), self._engine.now()
            )
        return await self.versions(request)

    def _of_list(self, request: Request) -> tuple[CompiledCampaign, str]:
        compiled, name = campaign_of(request, self._engine.program), request.path_params["segment"]
        if not one_of(compiled, name).listed:
            raise Conflict(NOT_A_LIST, campaign=compiled.campaign, segment=name)
        return compiled, name

    async def _due(self, request: Request) -> tuple[Place, Due]:
        asked, compiled = await body_of(request, Chosen), campaign_of(request, self._engine.program)
        segments = tuple(one_of(compiled, name) for name in asked.segments) or compiled.segments
        rehearsal, now = self._engine.program.rehearsal, self._engine.now()
        if rehearsal:
            async with lent(self._pool) as connection:
                last = await connection.fetchval("SELECT now FROM event ORDER BY seq DESC LIMIT 1")
            now = last + _JUST_AFTER if last else now
        return Place(self._dsn, self._facts, wall, rehearsal), Due(compiled, segments, now, now)

    def operations(self) -> tuple[Operation, ...]:
        at = "/v1/campaigns/{campaign}/segments"
        segment = Parameter("segment", "Its name in the plan.", where="path", required=True, example="vip")
        version = Parameter(
            "version", "The list's version.", {"type": "integer"}, "path", required=True, example=1
        )
        channel = Parameter(
            "channel", "Only who has agreed to be written to by this channel.", NAME, example="sms"
        )
        both, known = (CAMPAIGN, segment), (CAMPAIGN_UNKNOWN, NO_SEGMENT)
        of_list = (*known, NOT_A_LIST)
        return (
            Operation("GET", at, "Who keeps them, how many are in, when they are computed anew.", "campaigns:read",
                      self.listed, SegmentList, parameters=(CAMPAIGN,), problems=(CAMPAIGN_UNKNOWN,),
                      name="segments", tag=TAG),
            Operation("GET", at + "/{segment}/members", "The members of a segment, or of a part of one.",
                      "members:read", self.members, SegmentMembers, parameters=(*both, channel, *PAGED), problems=known,
                      name="segment_members", tag=TAG, pages="members"),
            Operation("POST", at + "/preview", "Count who would be in now.", "segments:refresh", self.preview,
                      CountedList, Chosen, (CAMPAIGN,), known, name="preview_segments", tag=TAG, repeatable=True,
                      tells="Nothing is written."),
            Operation("POST", at + "/refresh", "Compute segments anew, and send in who entered and who left.",
                      "segments:refresh", self.refresh, SegmentList, Chosen, (CAMPAIGN,), (*known, NOT_STARTED),
                      name="refresh_segments", tag=TAG, status=202,
                      tells="It goes on by itself; `last` of the list says when it is done. Stopped anywhere and "
                      "asked for again, it goes on, and no event is sent twice.", once=True),
            Operation("POST", at + "/{segment}/lists", "Put a list up as the next version of a segment.",
                      "plan:make", self.upload, Uploaded, NewList, both, (*of_list, lists.EMPTY),
                      name="upload_list", tag=TAG, once=True, status=201, largest=LARGEST),
            Operation("GET", at + "/{segment}/lists", "The versions of a segment's list, newest first.",
                      "campaigns:read", self.versions, ListVersions, parameters=(*both, *PAGED), problems=of_list,
                      name="list_versions", tag=TAG, pages="versions"),
            Operation("POST", at + "/{segment}/lists/{version}/approve",
                      "Sign a list that somebody else put up; it counts from the next refresh on.",
                      "plan:check", self.approve, ListVersions, parameters=(*both, version),
                      problems=(*of_list, lists.UNKNOWN, lists.SELF_APPROVED, lists.APPROVED_ALREADY),
                      name="approve_list", tag=TAG, once=True),
        )  # fmt: skip
