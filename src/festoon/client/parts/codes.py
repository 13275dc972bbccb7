"""Codes: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator
from datetime import date

from festoon.api.codes import BatchPage, Voided
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.engine.code_batches import Batch, BatchState


class Codes(Waiting):
    """Codes."""

    def code_batches(self, campaign: str, *, limit: int | None = None) -> Iterator[Batch]:
        """The batches of codes of a campaign, oldest first."""
        return self.pages(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/codes", BatchPage, given(limit=limit)), "batches"
        )

    def make_codes(
        self,
        campaign: str,
        owner: str,
        name: str,
        count: int,
        *,
        until: date | None = None,
        idempotency_key: str = "",
    ) -> BatchState:
        """Make a batch of unique codes that nobody can guess."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/codes",
                BatchState,
                body=body(owner=owner, name=name, count=count, until=until),
                once=True,
                key=idempotency_key,
            )
        )

    def export_codes(self, campaign: str, name: str) -> str:
        """A batch as CSV: code, state, member's number, time of use."""
        return self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}/codes/{quoted(name)}/export", str))

    def void_codes(self, campaign: str, name: str, *, code: str = "", idempotency_key: str = "") -> Voided:
        """Withdraw a batch, or one code of it."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/codes/{quoted(name)}/void",
                Voided,
                body=body(code=code),
                once=True,
                key=idempotency_key,
            )
        )

    def code_batch(self, campaign: str, name: str) -> BatchState:
        """A batch and what has become of its codes, counted now."""
        return self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}/codes/{quoted(name)}", BatchState))


class AsyncCodes(Awaiting):
    """Codes."""

    def code_batches(self, campaign: str, *, limit: int | None = None) -> AsyncIterator[Batch]:
        """The batches of codes of a campaign, oldest first."""
        return self.pages(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/codes", BatchPage, given(limit=limit)), "batches"
        )

    async def make_codes(
        self,
        campaign: str,
        owner: str,
        name: str,
        count: int,
        *,
        until: date | None = None,
        idempotency_key: str = "",
    ) -> BatchState:
        """Make a batch of unique codes that nobody can guess."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/codes",
                BatchState,
                body=body(owner=owner, name=name, count=count, until=until),
                once=True,
                key=idempotency_key,
            )
        )

    async def export_codes(self, campaign: str, name: str) -> str:
        """A batch as CSV: code, state, member's number, time of use."""
        return await self.call(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/codes/{quoted(name)}/export", str)
        )

    async def void_codes(
        self, campaign: str, name: str, *, code: str = "", idempotency_key: str = ""
    ) -> Voided:
        """Withdraw a batch, or one code of it."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/codes/{quoted(name)}/void",
                Voided,
                body=body(code=code),
                once=True,
                key=idempotency_key,
            )
        )

    async def code_batch(self, campaign: str, name: str) -> BatchState:
        """A batch and what has become of its codes, counted now."""
        return await self.call(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/codes/{quoted(name)}", BatchState)
        )
