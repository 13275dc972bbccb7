"""Campaigns: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime

from festoon.api.amendments import MoreAnswer, PausedAnswer
from festoon.api.answers import CampaignAnswer, CampaignDetail, CampaignPage, OpeningAnswer, Pause, PutAway
from festoon.api.evaluations import EvaluationAnswer
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.engine.amendments import Amendment
from festoon.insight.benefits.told import BenefitsTold
from festoon.insight.board.board import Board


class Campaigns(Waiting):
    """Campaigns."""

    def campaigns(self, *, phase: str | None = None, limit: int | None = None) -> Iterator[CampaignAnswer]:
        """The campaigns that run now, by id."""
        return self.pages(
            Call("GET", "/v1/campaigns", CampaignPage, given(phase=phase, limit=limit)), "campaigns"
        )

    def campaign(self, campaign: str) -> CampaignDetail:
        """A campaign with its budget lines, stock, and the commitments of its draws."""
        return self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}", CampaignDetail))

    def board(self, campaign: str) -> Board:
        """What a campaign is doing: this hour against the same one yesterday, today and altogether."""
        return self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}/board", Board))

    def evaluation(self, campaign: str, *, as_of: datetime | None = None) -> EvaluationAnswer:
        """The evaluation: figures, goals against results, the plan's questions, budget."""
        return self.call(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/evaluation", EvaluationAnswer, given(as_of=as_of))
        )

    def benefits(self, campaign: str, *, as_of: datetime | None = None) -> BenefitsTold:
        """What each benefit is worth: cost, uptake by segment, uplift, return, and what to change."""
        return self.call(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/benefits", BenefitsTold, given(as_of=as_of))
        )

    def pause(self, campaign: str, *, mechanics: list[str] | None = None, idempotency_key: str = "") -> Pause:
        """Pause a campaign, or some of its mechanics."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/pause",
                Pause,
                body=body(mechanics=mechanics),
                once=True,
                key=idempotency_key,
            )
        )

    def resume(self, campaign: str, *, idempotency_key: str = "") -> Pause:
        """Let everything of a campaign run again."""
        return self.call(
            Call("POST", f"/v1/campaigns/{quoted(campaign)}/resume", Pause, once=True, key=idempotency_key)
        )

    def stop(self, campaign: str, *, idempotency_key: str = "") -> Pause:
        """Stop a campaign now and for good."""
        return self.call(
            Call("POST", f"/v1/campaigns/{quoted(campaign)}/stop", Pause, once=True, key=idempotency_key)
        )

    def archive_campaign(self, campaign: str, *, idempotency_key: str = "") -> PutAway:
        """Put a campaign away that is settled or stopped: it leaves the lists."""
        return self.call(
            Call("POST", f"/v1/campaigns/{quoted(campaign)}/archive", PutAway, once=True, key=idempotency_key)
        )

    def bring_back_campaign(self, campaign: str, *, idempotency_key: str = "") -> PutAway:
        """Put a campaign back into the lists."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/bring-back",
                PutAway,
                once=True,
                key=idempotency_key,
            )
        )

    def rollout(self, campaign: str) -> OpeningAnswer:
        """How far a campaign is open."""
        return self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}/rollout", OpeningAnswer))

    def roll_out(self, campaign: str, share: int, *, idempotency_key: str = "") -> OpeningAnswer:
        """Open a campaign further, or less far, from now on."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/rollout",
                OpeningAnswer,
                body=body(share=share),
                once=True,
                key=idempotency_key,
            )
        )

    def can_have_more(self, id: str) -> MoreAnswer:
        """What more stock or budget can be added to, and what waits for a signature."""
        return self.call(Call("GET", f"/v1/campaigns/{quoted(id)}/more", MoreAnswer))

    def ask_for_more(
        self, id: str, adds: dict[str, str], reason: str, *, idempotency_key: str = ""
    ) -> Amendment:
        """Ask for more stock or budget: the next version of the plan; another signs."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(id)}/more",
                Amendment,
                body=body(adds=adds, reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    def sign_more(self, id: str, version: int, *, idempotency_key: str = "") -> Amendment:
        """Sign a request for more: it is there from the next event on."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(id)}/more/{quoted(version)}/sign",
                Amendment,
                once=True,
                key=idempotency_key,
            )
        )

    def pause_mechanic(
        self, id: str, mechanic: str, *, reason: str = "", idempotency_key: str = ""
    ) -> PausedAnswer:
        """Pause one mechanic now, beside those that are paused."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(id)}/mechanics/{quoted(mechanic)}/pause",
                PausedAnswer,
                body=body(reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    def resume_mechanic(
        self, id: str, mechanic: str, *, reason: str = "", idempotency_key: str = ""
    ) -> PausedAnswer:
        """Let one mechanic run again."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(id)}/mechanics/{quoted(mechanic)}/resume",
                PausedAnswer,
                body=body(reason=reason),
                once=True,
                key=idempotency_key,
            )
        )


class AsyncCampaigns(Awaiting):
    """Campaigns."""

    def campaigns(
        self, *, phase: str | None = None, limit: int | None = None
    ) -> AsyncIterator[CampaignAnswer]:
        """The campaigns that run now, by id."""
        return self.pages(
            Call("GET", "/v1/campaigns", CampaignPage, given(phase=phase, limit=limit)), "campaigns"
        )

    async def campaign(self, campaign: str) -> CampaignDetail:
        """A campaign with its budget lines, stock, and the commitments of its draws."""
        return await self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}", CampaignDetail))

    async def board(self, campaign: str) -> Board:
        """What a campaign is doing: this hour against the same one yesterday, today and altogether."""
        return await self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}/board", Board))

    async def evaluation(self, campaign: str, *, as_of: datetime | None = None) -> EvaluationAnswer:
        """The evaluation: figures, goals against results, the plan's questions, budget."""
        return await self.call(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/evaluation", EvaluationAnswer, given(as_of=as_of))
        )

    async def benefits(self, campaign: str, *, as_of: datetime | None = None) -> BenefitsTold:
        """What each benefit is worth: cost, uptake by segment, uplift, return, and what to change."""
        return await self.call(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/benefits", BenefitsTold, given(as_of=as_of))
        )

    async def pause(
        self, campaign: str, *, mechanics: list[str] | None = None, idempotency_key: str = ""
    ) -> Pause:
        """Pause a campaign, or some of its mechanics."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/pause",
                Pause,
                body=body(mechanics=mechanics),
                once=True,
                key=idempotency_key,
            )
        )

    async def resume(self, campaign: str, *, idempotency_key: str = "") -> Pause:
        """Let everything of a campaign run again."""
        return await self.call(
            Call("POST", f"/v1/campaigns/{quoted(campaign)}/resume", Pause, once=True, key=idempotency_key)
        )

    async def stop(self, campaign: str, *, idempotency_key: str = "") -> Pause:
        """Stop a campaign now and for good."""
        return await self.call(
            Call("POST", f"/v1/campaigns/{quoted(campaign)}/stop", Pause, once=True, key=idempotency_key)
        )

    async def archive_campaign(self, campaign: str, *, idempotency_key: str = "") -> PutAway:
        """Put a campaign away that is settled or stopped: it leaves the lists."""
        return await self.call(
            Call("POST", f"/v1/campaigns/{quoted(campaign)}/archive", PutAway, once=True, key=idempotency_key)
        )

    async def bring_back_campaign(self, campaign: str, *, idempotency_key: str = "") -> PutAway:
        """Put a campaign back into the lists."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/bring-back",
                PutAway,
                once=True,
                key=idempotency_key,
            )
        )

    async def rollout(self, campaign: str) -> OpeningAnswer:
        """How far a campaign is open."""
        return await self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}/rollout", OpeningAnswer))

    async def roll_out(self, campaign: str, share: int, *, idempotency_key: str = "") -> OpeningAnswer:
        """Open a campaign further, or less far, from now on."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/rollout",
                OpeningAnswer,
                body=body(share=share),
                once=True,
                key=idempotency_key,
            )
        )

    async def can_have_more(self, id: str) -> MoreAnswer:
        """What more stock or budget can be added to, and what waits for a signature."""
        return await self.call(Call("GET", f"/v1/campaigns/{quoted(id)}/more", MoreAnswer))

    async def ask_for_more(
        self, id: str, adds: dict[str, str], reason: str, *, idempotency_key: str = ""
    ) -> Amendment:
        """Ask for more stock or budget: the next version of the plan; another signs."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(id)}/more",
                Amendment,
                body=body(adds=adds, reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    async def sign_more(self, id: str, version: int, *, idempotency_key: str = "") -> Amendment:
        """Sign a request for more: it is there from the next event on."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(id)}/more/{quoted(version)}/sign",
                Amendment,
                once=True,
                key=idempotency_key,
            )
        )

    async def pause_mechanic(
        self, id: str, mechanic: str, *, reason: str = "", idempotency_key: str = ""
    ) -> PausedAnswer:
        """Pause one mechanic now, beside those that are paused."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(id)}/mechanics/{quoted(mechanic)}/pause",
                PausedAnswer,
                body=body(reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    async def resume_mechanic(
        self, id: str, mechanic: str, *, reason: str = "", idempotency_key: str = ""
    ) -> PausedAnswer:
        """Let one mechanic run again."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(id)}/mechanics/{quoted(mechanic)}/resume",
                PausedAnswer,
                body=body(reason=reason),
                once=True,
                key=idempotency_key,
            )
        )
