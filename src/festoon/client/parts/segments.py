"""Segments: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator

from festoon.api.segments import (
    CountedList,
    InSegment,
    ListVersion,
    ListVersions,
    SegmentList,
    SegmentMembers,
    Uploaded,
)
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting


class Segments(Waiting):
    """Segments."""

    def segments(self, campaign: str) -> SegmentList:
        """Who keeps them, how many are in, when they are computed anew."""
        return self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}/segments", SegmentList))

    def segment_members(
        self, campaign: str, segment: str, *, channel: str | None = None, limit: int | None = None
    ) -> Iterator[InSegment]:
        """The members of a segment, or of a part of one."""
        return self.pages(
            Call(
                "GET",
                f"/v1/campaigns/{quoted(campaign)}/segments/{quoted(segment)}/members",
                SegmentMembers,
                given(channel=channel, limit=limit),
            ),
            "members",
        )

    def preview_segments(self, campaign: str, *, segments: list[str] | None = None) -> CountedList:
        """Count who would be in now."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/segments/preview",
                CountedList,
                body=body(segments=segments),
            )
        )

    def refresh_segments(
        self, campaign: str, *, segments: list[str] | None = None, idempotency_key: str = ""
    ) -> SegmentList:
        """Compute segments anew, and send in who entered and who left."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/segments/refresh",
                SegmentList,
                body=body(segments=segments),
                once=True,
                key=idempotency_key,
            )
        )

    def upload_list(
        self, campaign: str, segment: str, members: list[str], *, idempotency_key: str = ""
    ) -> Uploaded:
        """Put a list up as the next version of a segment."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/segments/{quoted(segment)}/lists",
                Uploaded,
                body=body(members=members),
                once=True,
                key=idempotency_key,
            )
        )

    def list_versions(
        self, campaign: str, segment: str, *, limit: int | None = None
    ) -> Iterator[ListVersion]:
        """The versions of a segment's list, newest first."""
        return self.pages(
            Call(
                "GET",
                f"/v1/campaigns/{quoted(campaign)}/segments/{quoted(segment)}/lists",
                ListVersions,
                given(limit=limit),
            ),
            "versions",
        )

    def approve_list(
        self, campaign: str, segment: str, version: int, *, idempotency_key: str = ""
    ) -> ListVersions:
        """Sign a list that somebody else put up; it counts from the next refresh on."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/segments/{quoted(segment)}/lists/{quoted(version)}/approve",
                ListVersions,
                once=True,
                key=idempotency_key,
            )
        )


class AsyncSegments(Awaiting):
    """Segments."""

    async def segments(self, campaign: str) -> SegmentList:
        """Who keeps them, how many are in, when they are computed anew."""
        return await self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}/segments", SegmentList))

    def segment_members(
        self, campaign: str, segment: str, *, channel: str | None = None, limit: int | None = None
    ) -> AsyncIterator[InSegment]:
        """The members of a segment, or of a part of one."""
        return self.pages(
            Call(
                "GET",
                f"/v1/campaigns/{quoted(campaign)}/segments/{quoted(segment)}/members",
                SegmentMembers,
                given(channel=channel, limit=limit),
            ),
            "members",
        )

    async def preview_segments(self, campaign: str, *, segments: list[str] | None = None) -> CountedList:
        """Count who would be in now."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/segments/preview",
                CountedList,
                body=body(segments=segments),
            )
        )

    async def refresh_segments(
        self, campaign: str, *, segments: list[str] | None = None, idempotency_key: str = ""
    ) -> SegmentList:
        """Compute segments anew, and send in who entered and who left."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/segments/refresh",
                SegmentList,
                body=body(segments=segments),
                once=True,
                key=idempotency_key,
            )
        )

    async def upload_list(
        self, campaign: str, segment: str, members: list[str], *, idempotency_key: str = ""
    ) -> Uploaded:
        """Put a list up as the next version of a segment."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/segments/{quoted(segment)}/lists",
                Uploaded,
                body=body(members=members),
                once=True,
                key=idempotency_key,
            )
        )

    def list_versions(
        self, campaign: str, segment: str, *, limit: int | None = None
    ) -> AsyncIterator[ListVersion]:
        """The versions of a segment's list, newest first."""
        return self.pages(
            Call(
                "GET",
                f"/v1/campaigns/{quoted(campaign)}/segments/{quoted(segment)}/lists",
                ListVersions,
                given(limit=limit),
            ),
            "versions",
        )

    async def approve_list(
        self, campaign: str, segment: str, version: int, *, idempotency_key: str = ""
    ) -> ListVersions:
        """Sign a list that somebody else put up; it counts from the next refresh on."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/segments/{quoted(segment)}/lists/{quoted(version)}/approve",
                ListVersions,
                once=True,
                key=idempotency_key,
            )
        )
