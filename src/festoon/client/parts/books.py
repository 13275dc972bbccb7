"""Books: methods of both clients. Written by `python -m festoon.client.making`."""

from festoon.client.calls import Call, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.insight.liability.liability import Liability


class Books(Waiting):
    """Books."""

    def liability(
        self, asset: str, *, since: str | None = None, until: str | None = None, zone: str | None = None
    ) -> Liability:
        """What members have of an asset by day: issued, spent, lapsed, taken back, outstanding."""
        return self.call(
            Call(
                "GET",
                f"/v1/assets/{quoted(asset)}/liability",
                Liability,
                given(since=since, until=until, zone=zone),
            )
        )


class AsyncBooks(Awaiting):
    """Books."""

    async def liability(
        self, asset: str, *, since: str | None = None, until: str | None = None, zone: str | None = None
    ) -> Liability:
        """What members have of an asset by day: issued, spent, lapsed, taken back, outstanding."""
        return await self.call(
            Call(
                "GET",
                f"/v1/assets/{quoted(asset)}/liability",
                Liability,
                given(since=since, until=until, zone=zone),
            )
        )
