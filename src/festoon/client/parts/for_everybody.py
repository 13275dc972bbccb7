"""For everybody: methods of both clients. Written by `python -m festoon.client.making`."""

from festoon.api.public_answers import PublicCampaign, PublicWinners
from festoon.client.calls import Call, given, quoted
from festoon.client.sending import Awaiting, Waiting


class ForEverybody(Waiting):
    """For everybody."""

    def public_campaign(self, campaign: str) -> PublicCampaign:
        """A campaign for everybody: its times, the rules in words, odds, seeds' fingerprints."""
        return self.call(Call("GET", f"/v1/public/campaigns/{quoted(campaign)}", PublicCampaign))

    def public_winners(self, campaign: str, *, mechanic: str | None = None) -> PublicWinners:
        """The latest winners, with masked names."""
        return self.call(
            Call(
                "GET",
                f"/v1/public/campaigns/{quoted(campaign)}/winners",
                PublicWinners,
                given(mechanic=mechanic),
            )
        )


class AsyncForEverybody(Awaiting):
    """For everybody."""

    async def public_campaign(self, campaign: str) -> PublicCampaign:
        """A campaign for everybody: its times, the rules in words, odds, seeds' fingerprints."""
        return await self.call(Call("GET", f"/v1/public/campaigns/{quoted(campaign)}", PublicCampaign))

    async def public_winners(self, campaign: str, *, mechanic: str | None = None) -> PublicWinners:
        """The latest winners, with masked names."""
        return await self.call(
            Call(
                "GET",
                f"/v1/public/campaigns/{quoted(campaign)}/winners",
                PublicWinners,
                given(mechanic=mechanic),
            )
        )
