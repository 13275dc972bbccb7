"""Compensations: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator

from festoon.api.compensations import CompensationPage, PartPage
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.engine.compensation_lists import Part, Submitted
from festoon.engine.compensations import Preview, Status


class Compensations(Waiting):
    """Compensations."""

    def preview_compensation(self, source: str, *, members: list[str] | None = None) -> Preview:
        """Say who is concerned and what it costs on which budget line."""
        return self.call(
            Call("POST", "/v1/compensations/preview", Preview, body=body(source=source, members=members))
        )

    def submit_compensation(
        self, source: str, *, members: list[str] | None = None, idempotency_key: str = ""
    ) -> Preview:
        """Put it up for the second signature."""
        return self.call(
            Call(
                "POST",
                "/v1/compensations",
                Preview,
                body=body(source=source, members=members),
                once=True,
                key=idempotency_key,
            )
        )

    def compensations(
        self, *, campaign: str | None = None, status: str | None = None, limit: int | None = None
    ) -> Iterator[Status]:
        """Compensations, the latest first: signed by whom, how far they are."""
        return self.pages(
            Call(
                "GET",
                "/v1/compensations",
                CompensationPage,
                given(campaign=campaign, status=status, limit=limit),
            ),
            "compensations",
        )

    def compensation(self, id: str) -> Submitted:
        """A compensation: its text, who it is for, what it costs, how far it is."""
        return self.call(Call("GET", f"/v1/compensations/{quoted(id)}", Submitted))

    def compensation_members(
        self, id: str, *, state: str | None = None, limit: int | None = None
    ) -> Iterator[Part]:
        """Whom it concerns, and what became of each."""
        return self.pages(
            Call("GET", f"/v1/compensations/{quoted(id)}/members", PartPage, given(state=state, limit=limit)),
            "members",
        )

    def sign_compensation(self, id: str, *, idempotency_key: str = "") -> Status:
        """The second signature, by somebody else than who made it."""
        return self.call(
            Call("POST", f"/v1/compensations/{quoted(id)}/sign", Status, once=True, key=idempotency_key)
        )

    def run_compensation(self, id: str, *, idempotency_key: str = "") -> Status:
        """Give everybody his part."""
        return self.call(
            Call("POST", f"/v1/compensations/{quoted(id)}/run", Status, once=True, key=idempotency_key)
        )


class AsyncCompensations(Awaiting):
    """Compensations."""

    async def preview_compensation(self, source: str, *, members: list[str] | None = None) -> Preview:
        """Say who is concerned and what it costs on which budget line."""
        return await self.call(
            Call("POST", "/v1/compensations/preview", Preview, body=body(source=source, members=members))
        )

    async def submit_compensation(
        self, source: str, *, members: list[str] | None = None, idempotency_key: str = ""
    ) -> Preview:
        """Put it up for the second signature."""
        return await self.call(
            Call(
                "POST",
                "/v1/compensations",
                Preview,
                body=body(source=source, members=members),
                once=True,
                key=idempotency_key,
            )
        )

    def compensations(
        self, *, campaign: str | None = None, status: str | None = None, limit: int | None = None
    ) -> AsyncIterator[Status]:
        """Compensations, the latest first: signed by whom, how far they are."""
        return self.pages(
            Call(
                "GET",
                "/v1/compensations",
                CompensationPage,
                given(campaign=campaign, status=status, limit=limit),
            ),
            "compensations",
        )

    async def compensation(self, id: str) -> Submitted:
        """A compensation: its text, who it is for, what it costs, how far it is."""
        return await self.call(Call("GET", f"/v1/compensations/{quoted(id)}", Submitted))

    def compensation_members(
        self, id: str, *, state: str | None = None, limit: int | None = None
    ) -> AsyncIterator[Part]:
        """Whom it concerns, and what became of each."""
        return self.pages(
            Call("GET", f"/v1/compensations/{quoted(id)}/members", PartPage, given(state=state, limit=limit)),
            "members",
        )

    async def sign_compensation(self, id: str, *, idempotency_key: str = "") -> Status:
        """The second signature, by somebody else than who made it."""
        return await self.call(
            Call("POST", f"/v1/compensations/{quoted(id)}/sign", Status, once=True, key=idempotency_key)
        )

    async def run_compensation(self, id: str, *, idempotency_key: str = "") -> Status:
        """Give everybody his part."""
        return await self.call(
            Call("POST", f"/v1/compensations/{quoted(id)}/run", Status, once=True, key=idempotency_key)
        )
