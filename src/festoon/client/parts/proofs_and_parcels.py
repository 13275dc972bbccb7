"""Proofs and parcels: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator

from festoon.api.queues import ParcelsAnswer, Proof, ProofsAnswer
from festoon.client.calls import Call, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.engine.parcels import Parcel


class ProofsAndParcels(Waiting):
    """Proofs and parcels."""

    def proofs(
        self, *, campaign: str | None = None, priority: str | None = None, limit: int | None = None
    ) -> Iterator[Proof]:
        """What members handed in and waits for a verdict."""
        return self.pages(
            Call("GET", "/v1/proofs", ProofsAnswer, given(campaign=campaign, priority=priority, limit=limit)),
            "proofs",
        )

    def photo(self, id: str, photo: str) -> bytes:
        """A photo that a member handed in here."""
        return self.call(Call("GET", f"/v1/members/{quoted(id)}/photos/{quoted(photo)}", bytes))

    def parcels(
        self,
        *,
        campaign: str | None = None,
        state: str | None = None,
        member: str | None = None,
        number: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Parcel]:
        """Gifts that are to be sent, without their addresses."""
        return self.pages(
            Call(
                "GET",
                "/v1/parcels",
                ParcelsAnswer,
                given(campaign=campaign, state=state, member=member, number=number, limit=limit),
            ),
            "parcels",
        )


class AsyncProofsAndParcels(Awaiting):
    """Proofs and parcels."""

    def proofs(
        self, *, campaign: str | None = None, priority: str | None = None, limit: int | None = None
    ) -> AsyncIterator[Proof]:
        """What members handed in and waits for a verdict."""
        return self.pages(
            Call("GET", "/v1/proofs", ProofsAnswer, given(campaign=campaign, priority=priority, limit=limit)),
            "proofs",
        )

    async def photo(self, id: str, photo: str) -> bytes:
        """A photo that a member handed in here."""
        return await self.call(Call("GET", f"/v1/members/{quoted(id)}/photos/{quoted(photo)}", bytes))

    def parcels(
        self,
        *,
        campaign: str | None = None,
        state: str | None = None,
        member: str | None = None,
        number: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[Parcel]:
        """Gifts that are to be sent, without their addresses."""
        return self.pages(
            Call(
                "GET",
                "/v1/parcels",
                ParcelsAnswer,
                given(campaign=campaign, state=state, member=member, number=number, limit=limit),
            ),
            "parcels",
        )
