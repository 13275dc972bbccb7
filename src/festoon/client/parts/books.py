"""Books: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal

from festoon.insight.liability.liability import Liability
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting


class Books(Waiting):
    """Books."""

    def liability(self, asset: str, *, from: str | None = None, to: str | None = None, zone: str | None = None) -> Liability:
        """What members have of an asset by day: issued, spent, lapsed, taken back, outstanding."""
        return self.call(Call("GET", f"/v1/assets/{quoted(asset)}/liability", Liability, given(from=from, to=to, zone=zone)))


class AsyncBooks(Awaiting):
    """Books."""

    async def liability(self, asset: str, *, from: str | None = None, to: str | None = None, zone: str | None = None) -> Liability:
        """What members have of an asset by day: issued, spent, lapsed, taken back, outstanding."""
        return await self.call(Call("GET", f"/v1/assets/{quoted(asset)}/liability", Liability, given(from=from, to=to, zone=zone)))
