"""A member's own side: methods of both clients. Written by `python -m festoon.client.making`."""

from festoon.api.consents import MyConsents
from festoon.api.my_answers import MyCampaign, MyPlays, MyStatement, MyThings
from festoon.api.my_invitation import MyInvited
from festoon.api.my_proofs import MyProof
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting


class AMemberOwnSide(Waiting):
    """A member's own side."""

    def my_consents(self, *, campaign: str | None = None) -> MyConsents:
        """The channels that the member is asked about, and what he has said."""
        return self.call(Call("GET", "/v1/me/consents", MyConsents, given(campaign=campaign)))

    def my_campaign(self, campaign: str) -> MyCampaign:
        """All that a member's pages of a campaign need: what he may do now, progress, things, chances."""
        return self.call(Call("GET", f"/v1/me/campaigns/{quoted(campaign)}", MyCampaign))

    def my_plays(self, campaign: str, mechanic: str) -> MyPlays:
        """The member's latest plays of a draw, with the table and the roll, so that he can check them."""
        return self.call(
            Call("GET", f"/v1/me/campaigns/{quoted(campaign)}/plays/{quoted(mechanic)}", MyPlays)
        )

    def my_items(
        self,
        *,
        campaign: str | None = None,
        kind: str | None = None,
        limit: int = 50,
        before: str | None = None,
    ) -> MyThings:
        """The member's own coupons, badges, items and parcels, newest first."""
        return self.call(
            Call(
                "GET",
                "/v1/me/items",
                MyThings,
                given(campaign=campaign, kind=kind, limit=limit, before=before),
            )
        )

    def my_statement(
        self, *, asset: str | None = None, limit: int = 30, before: int | None = None
    ) -> MyStatement:
        """Every change of the member's own balances, newest first."""
        return self.call(
            Call("GET", "/v1/me/statement", MyStatement, given(asset=asset, limit=limit, before=before))
        )

    def hand_in_photo(
        self, campaign: str, mechanic: str, content: bytes, *, media: str = "image/jpeg"
    ) -> MyProof:
        """Hand in a photo: it is drawn anew, kept, and named."""
        return self.call(
            Call(
                "POST",
                f"/v1/me/campaigns/{quoted(campaign)}/proofs/{quoted(mechanic)}/photo",
                MyProof,
                body=content,
                media=media,
            )
        )

    def hand_in_words(self, campaign: str, mechanic: str, words: str, *, photo: str = "") -> MyProof:
        """Hand in a proof in words, with a photo of before if there is one."""
        return self.call(
            Call(
                "POST",
                f"/v1/me/campaigns/{quoted(campaign)}/proofs/{quoted(mechanic)}/words",
                MyProof,
                body=body(words=words, photo=photo),
            )
        )

    def my_photo(self, proof: str, *, size: str | None = None) -> bytes:
        """A photo that the member handed in."""
        return self.call(Call("GET", f"/v1/me/proofs/{quoted(proof)}", bytes, given(size=size)))

    def accept_invitation(self, campaign: str, codes: list[str]) -> MyInvited:
        """Accept an invitation: by the codes of the links that the member followed."""
        return self.call(
            Call("POST", f"/v1/me/campaigns/{quoted(campaign)}/invitation", MyInvited, body=body(codes=codes))
        )


class AsyncAMemberOwnSide(Awaiting):
    """A member's own side."""

    async def my_consents(self, *, campaign: str | None = None) -> MyConsents:
        """The channels that the member is asked about, and what he has said."""
        return await self.call(Call("GET", "/v1/me/consents", MyConsents, given(campaign=campaign)))

    async def my_campaign(self, campaign: str) -> MyCampaign:
        """All that a member's pages of a campaign need: what he may do now, progress, things, chances."""
        return await self.call(Call("GET", f"/v1/me/campaigns/{quoted(campaign)}", MyCampaign))

    async def my_plays(self, campaign: str, mechanic: str) -> MyPlays:
        """The member's latest plays of a draw, with the table and the roll, so that he can check them."""
        return await self.call(
            Call("GET", f"/v1/me/campaigns/{quoted(campaign)}/plays/{quoted(mechanic)}", MyPlays)
        )

    async def my_items(
        self,
        *,
        campaign: str | None = None,
        kind: str | None = None,
        limit: int = 50,
        before: str | None = None,
    ) -> MyThings:
        """The member's own coupons, badges, items and parcels, newest first."""
        return await self.call(
            Call(
                "GET",
                "/v1/me/items",
                MyThings,
                given(campaign=campaign, kind=kind, limit=limit, before=before),
            )
        )

    async def my_statement(
        self, *, asset: str | None = None, limit: int = 30, before: int | None = None
    ) -> MyStatement:
        """Every change of the member's own balances, newest first."""
        return await self.call(
            Call("GET", "/v1/me/statement", MyStatement, given(asset=asset, limit=limit, before=before))
        )

    async def hand_in_photo(
        self, campaign: str, mechanic: str, content: bytes, *, media: str = "image/jpeg"
    ) -> MyProof:
        """Hand in a photo: it is drawn anew, kept, and named."""
        return await self.call(
            Call(
                "POST",
                f"/v1/me/campaigns/{quoted(campaign)}/proofs/{quoted(mechanic)}/photo",
                MyProof,
                body=content,
                media=media,
            )
        )

    async def hand_in_words(self, campaign: str, mechanic: str, words: str, *, photo: str = "") -> MyProof:
        """Hand in a proof in words, with a photo of before if there is one."""
        return await self.call(
            Call(
                "POST",
                f"/v1/me/campaigns/{quoted(campaign)}/proofs/{quoted(mechanic)}/words",
                MyProof,
                body=body(words=words, photo=photo),
            )
        )

    async def my_photo(self, proof: str, *, size: str | None = None) -> bytes:
        """A photo that the member handed in."""
        return await self.call(Call("GET", f"/v1/me/proofs/{quoted(proof)}", bytes, given(size=size)))

    async def accept_invitation(self, campaign: str, codes: list[str]) -> MyInvited:
        """Accept an invitation: by the codes of the links that the member followed."""
        return await self.call(
            Call("POST", f"/v1/me/campaigns/{quoted(campaign)}/invitation", MyInvited, body=body(codes=codes))
        )
