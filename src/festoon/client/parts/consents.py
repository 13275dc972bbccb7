"""Consents: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator

from festoon.api.consents import MemberConsents
from festoon.api.member_acts import ActAnswer
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.insight.member.consents import SaidOnce


class Consents(Waiting):
    """Consents."""

    def consents(self, id: str, *, limit: int | None = None) -> Iterator[SaidOnce]:
        """Where a member may be written to, and what was said of it when, by whom, and where."""
        return self.pages(
            Call("GET", f"/v1/members/{quoted(id)}/consents", MemberConsents, given(limit=limit)), "history"
        )

    def consent(
        self,
        id: str,
        channel: str,
        reason: str,
        *,
        agreed: bool,
        wording: str | None = None,
        where: str | None = None,
        key: str = "",
        idempotency_key: str = "",
    ) -> ActAnswer:
        """Note that a member agrees to be written to by a channel, or does no longer."""
        return self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/consents",
                ActAnswer,
                body=body(
                    channel=channel, agreed=agreed, reason=reason, wording=wording, where=where, key=key
                ),
                once=True,
                key=idempotency_key,
            )
        )


class AsyncConsents(Awaiting):
    """Consents."""

    def consents(self, id: str, *, limit: int | None = None) -> AsyncIterator[SaidOnce]:
        """Where a member may be written to, and what was said of it when, by whom, and where."""
        return self.pages(
            Call("GET", f"/v1/members/{quoted(id)}/consents", MemberConsents, given(limit=limit)), "history"
        )

    async def consent(
        self,
        id: str,
        channel: str,
        reason: str,
        *,
        agreed: bool,
        wording: str | None = None,
        where: str | None = None,
        key: str = "",
        idempotency_key: str = "",
    ) -> ActAnswer:
        """Note that a member agrees to be written to by a channel, or does no longer."""
        return await self.call(
            Call(
                "POST",
                f"/v1/members/{quoted(id)}/consents",
                ActAnswer,
                body=body(
                    channel=channel, agreed=agreed, reason=reason, wording=wording, where=where, key=key
                ),
                once=True,
                key=idempotency_key,
            )
        )
