"""Draws: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator

from festoon.api.draws import EpochPage, VerdictAnswer, WinnerList
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.engine.epochs import Epoch


class Draws(Waiting):
    """Draws."""

    def draws(
        self, campaign: str, *, mechanic: str | None = None, limit: int | None = None
    ) -> Iterator[Epoch]:
        """The published side of every seed: its commitment, public value, and the seed once it is revealed."""
        return self.pages(
            Call(
                "GET",
                f"/v1/campaigns/{quoted(campaign)}/draws",
                EpochPage,
                given(mechanic=mechanic, limit=limit),
            ),
            "draws",
        )

    def record_randomness(
        self, campaign: str, mechanic: str, epoch: str, value: str, *, idempotency_key: str = ""
    ) -> Epoch:
        """Record the public value that an epoch named beforehand."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/draws/{quoted(mechanic)}/epochs/{quoted(epoch)}/randomness",
                Epoch,
                body=body(value=value),
                once=True,
                key=idempotency_key,
            )
        )

    def reveal_seed(self, campaign: str, mechanic: str, epoch: str, *, idempotency_key: str = "") -> Epoch:
        """Reveal the seed of an epoch that is over; anybody can then replay it."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/draws/{quoted(mechanic)}/epochs/{quoted(epoch)}/reveal",
                Epoch,
                once=True,
                key=idempotency_key,
            )
        )

    def draw_record(self, campaign: str, mechanic: str, epoch: str) -> str:
        """The record of an epoch: plays, tries at red packets, or winners."""
        return self.call(
            Call(
                "GET",
                f"/v1/campaigns/{quoted(campaign)}/draws/{quoted(mechanic)}/epochs/{quoted(epoch)}/record",
                str,
            )
        )

    def verify_draw(self, campaign: str, mechanic: str, epoch: str) -> VerdictAnswer:
        """Replay an epoch's record from its revealed seed."""
        return self.call(
            Call(
                "GET",
                f"/v1/campaigns/{quoted(campaign)}/draws/{quoted(mechanic)}/epochs/{quoted(epoch)}/verification",
                VerdictAnswer,
            )
        )

    def draw_tickets(self, campaign: str, mechanic: str) -> str:
        """The tickets of a grand draw as they were frozen."""
        return self.call(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/draws/{quoted(mechanic)}/tickets", str)
        )

    def winners(self, campaign: str, mechanic: str) -> WinnerList:
        """The winners of a grand draw, and whether each has his prize."""
        return self.call(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/draws/{quoted(mechanic)}/winners", WinnerList)
        )


class AsyncDraws(Awaiting):
    """Draws."""

    def draws(
        self, campaign: str, *, mechanic: str | None = None, limit: int | None = None
    ) -> AsyncIterator[Epoch]:
        """The published side of every seed: its commitment, public value, and the seed once it is revealed."""
        return self.pages(
            Call(
                "GET",
                f"/v1/campaigns/{quoted(campaign)}/draws",
                EpochPage,
                given(mechanic=mechanic, limit=limit),
            ),
            "draws",
        )

    async def record_randomness(
        self, campaign: str, mechanic: str, epoch: str, value: str, *, idempotency_key: str = ""
    ) -> Epoch:
        """Record the public value that an epoch named beforehand."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/draws/{quoted(mechanic)}/epochs/{quoted(epoch)}/randomness",
                Epoch,
                body=body(value=value),
                once=True,
                key=idempotency_key,
            )
        )

    async def reveal_seed(
        self, campaign: str, mechanic: str, epoch: str, *, idempotency_key: str = ""
    ) -> Epoch:
        """Reveal the seed of an epoch that is over; anybody can then replay it."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/draws/{quoted(mechanic)}/epochs/{quoted(epoch)}/reveal",
                Epoch,
                once=True,
                key=idempotency_key,
            )
        )

    async def draw_record(self, campaign: str, mechanic: str, epoch: str) -> str:
        """The record of an epoch: plays, tries at red packets, or winners."""
        return await self.call(
            Call(
                "GET",
                f"/v1/campaigns/{quoted(campaign)}/draws/{quoted(mechanic)}/epochs/{quoted(epoch)}/record",
                str,
            )
        )

    async def verify_draw(self, campaign: str, mechanic: str, epoch: str) -> VerdictAnswer:
        """Replay an epoch's record from its revealed seed."""
        return await self.call(
            Call(
                "GET",
                f"/v1/campaigns/{quoted(campaign)}/draws/{quoted(mechanic)}/epochs/{quoted(epoch)}/verification",
                VerdictAnswer,
            )
        )

    async def draw_tickets(self, campaign: str, mechanic: str) -> str:
        """The tickets of a grand draw as they were frozen."""
        return await self.call(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/draws/{quoted(mechanic)}/tickets", str)
        )

    async def winners(self, campaign: str, mechanic: str) -> WinnerList:
        """The winners of a grand draw, and whether each has his prize."""
        return await self.call(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/draws/{quoted(mechanic)}/winners", WinnerList)
        )
