"""Held rewards: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator

from festoon.api.answers import EventAnswer
from festoon.api.held import HeldPage
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.engine.held_list import Held


class HeldRewards(Waiting):
    """Held rewards."""

    def held(
        self,
        *,
        campaign: str | None = None,
        member: str | None = None,
        why: str | None = None,
        priority: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Held]:
        """Rewards that are held, oldest first, with the score and the rules behind it."""
        return self.pages(
            Call(
                "GET",
                "/v1/held",
                HeldPage,
                given(campaign=campaign, member=member, why=why, priority=priority, limit=limit),
            ),
            "held",
        )

    def release(self, hold: str, reason: str, *, answer: str = "", idempotency_key: str = "") -> EventAnswer:
        """Give a held reward to its member after all."""
        return self.call(
            Call(
                "POST",
                f"/v1/held/{quoted(hold)}/release",
                EventAnswer,
                body=body(reason=reason, answer=answer),
                once=True,
                key=idempotency_key,
            )
        )

    def void(self, hold: str, reason: str, *, answer: str = "", idempotency_key: str = "") -> EventAnswer:
        """Do not give it: its budget, stock and place go back."""
        return self.call(
            Call(
                "POST",
                f"/v1/held/{quoted(hold)}/void",
                EventAnswer,
                body=body(reason=reason, answer=answer),
                once=True,
                key=idempotency_key,
            )
        )


class AsyncHeldRewards(Awaiting):
    """Held rewards."""

    def held(
        self,
        *,
        campaign: str | None = None,
        member: str | None = None,
        why: str | None = None,
        priority: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[Held]:
        """Rewards that are held, oldest first, with the score and the rules behind it."""
        return self.pages(
            Call(
                "GET",
                "/v1/held",
                HeldPage,
                given(campaign=campaign, member=member, why=why, priority=priority, limit=limit),
            ),
            "held",
        )

    async def release(
        self, hold: str, reason: str, *, answer: str = "", idempotency_key: str = ""
    ) -> EventAnswer:
        """Give a held reward to its member after all."""
        return await self.call(
            Call(
                "POST",
                f"/v1/held/{quoted(hold)}/release",
                EventAnswer,
                body=body(reason=reason, answer=answer),
                once=True,
                key=idempotency_key,
            )
        )

    async def void(
        self, hold: str, reason: str, *, answer: str = "", idempotency_key: str = ""
    ) -> EventAnswer:
        """Do not give it: its budget, stock and place go back."""
        return await self.call(
            Call(
                "POST",
                f"/v1/held/{quoted(hold)}/void",
                EventAnswer,
                body=body(reason=reason, answer=answer),
                once=True,
                key=idempotency_key,
            )
        )
