"""The segments of a published campaign by their names: who is in, when that was computed and when it will be anew."""

from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.audience import refreshes
from festoon.base.errors import NotFound, define
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.problems import suggestion
from festoon.plan.segment_compiled import CompiledSegment

NO_CAMPAIGN = define(
    "segment.no_campaign",
    404,
    "'{campaign}' is neither a published campaign nor a plan file",
    "“{campaign}”既不是已发布的活动，也不是方案文件",
)
NO_SEGMENT = define(
    "segment.unknown",
    404,
    "the plan of '{campaign}' computes no segment '{segment}'",
    "活动“{campaign}”的方案中没有需要计算的分群“{segment}”",
    todo="there are: {known}",
    todo_zh="现有：{known}",
)
NOT_A_LIST = define(
    "segment.takes_no_list",
    409,
    "the segment '{segment}' of '{campaign}' is not one with an uploaded list",
    "活动“{campaign}”的分群“{segment}”不是上传名单的分群",
    todo="write `list: uploaded` in the plan",
    todo_zh="请在方案中写明 `list: uploaded`",
)


class Listed(Struct, frozen=True):
    """A line of the list: who is in, when that was computed, and when it will be anew."""

    segment: str
    members: dict[str, int]
    last: datetime | None
    next: datetime | None


async def kept(connection: asyncpg.Connection, compiled: CompiledCampaign, now: datetime) -> list[Listed]:
    """The segments that a campaign computes, in the order of the plan."""
    last = await refreshes.latest(connection, compiled.campaign)
    return [
        Listed(
            segment.name,
            last[segment.name].sizes.members if segment.name in last else {},
            last[segment.name].at if segment.name in last else None,
            segment.rhythm.following(now, compiled.zone),
        )
        for segment in compiled.segments
    ]


def one_of(compiled: CompiledCampaign, name: str) -> CompiledSegment:
    """A segment by its name, or by the name of one of its parts. Raises NotFound."""
    for segment in compiled.segments:
        if name == segment.name or name in segment.names:
            return segment
    known = [segment.name for segment in compiled.segments]
    raise NotFound(
        NO_SEGMENT,
        campaign=compiled.campaign,
        segment=name,
        known=", ".join(known) or "-",
        **suggestion(name, known),
    )
