"""Plans: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator

from festoon.api.answers import PlanCheck, PlanVersionDetail, PlanVersions
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.engine.campaign_list import PlanVersion


class Plans(Waiting):
    """Plans."""

    def check_plan(self, source: str, *, note: str = "") -> PlanCheck:
        """Check a plan: every mistake and warning, with its place."""
        return self.call(Call("POST", "/v1/plans/check", PlanCheck, body=body(source=source, note=note)))

    def submit_plan(self, source: str, *, note: str = "", idempotency_key: str = "") -> PlanVersionDetail:
        """Put a plan up for review as its campaign's next version."""
        return self.call(
            Call(
                "POST",
                "/v1/plans",
                PlanVersionDetail,
                body=body(source=source, note=note),
                once=True,
                key=idempotency_key,
            )
        )

    def plan_versions(
        self, *, status: str | None = None, campaign: str | None = None, limit: int | None = None
    ) -> Iterator[PlanVersion]:
        """Versions of plans, by campaign: what waits for a signature, what runs."""
        return self.pages(
            Call("GET", "/v1/plans", PlanVersions, given(status=status, campaign=campaign, limit=limit)),
            "versions",
        )

    def plan_version(self, campaign: str, version: int) -> PlanVersionDetail:
        """A version: its text, its signatures, what it changes about the one that runs."""
        return self.call(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/versions/{quoted(version)}", PlanVersionDetail)
        )

    def review_plan(
        self, campaign: str, version: int, *, comment: str = "", idempotency_key: str = ""
    ) -> PlanVersionDetail:
        """Sign a version of somebody else's as read; a third person approves it."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/versions/{quoted(version)}/review",
                PlanVersionDetail,
                body=body(comment=comment),
                once=True,
                key=idempotency_key,
            )
        )

    def approve_plan(self, campaign: str, version: int, *, idempotency_key: str = "") -> PlanVersionDetail:
        """Sign a version that somebody else made."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/versions/{quoted(version)}/approve",
                PlanVersionDetail,
                once=True,
                key=idempotency_key,
            )
        )

    def withdraw_plan(
        self, campaign: str, version: int, *, reason: str = "", idempotency_key: str = ""
    ) -> PlanVersionDetail:
        """Take back a version that you made, before it runs."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/versions/{quoted(version)}/withdraw",
                PlanVersionDetail,
                body=body(reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    def send_back_plan(
        self, campaign: str, version: int, *, reason: str = "", idempotency_key: str = ""
    ) -> PlanVersionDetail:
        """Send a version back to its maker, with a reason."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/versions/{quoted(version)}/send-back",
                PlanVersionDetail,
                body=body(reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    def publish_plan(self, campaign: str, version: int, *, idempotency_key: str = "") -> PlanVersionDetail:
        """Let an approved version take over."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/versions/{quoted(version)}/publish",
                PlanVersionDetail,
                once=True,
                key=idempotency_key,
            )
        )


class AsyncPlans(Awaiting):
    """Plans."""

    async def check_plan(self, source: str, *, note: str = "") -> PlanCheck:
        """Check a plan: every mistake and warning, with its place."""
        return await self.call(
            Call("POST", "/v1/plans/check", PlanCheck, body=body(source=source, note=note))
        )

    async def submit_plan(
        self, source: str, *, note: str = "", idempotency_key: str = ""
    ) -> PlanVersionDetail:
        """Put a plan up for review as its campaign's next version."""
        return await self.call(
            Call(
                "POST",
                "/v1/plans",
                PlanVersionDetail,
                body=body(source=source, note=note),
                once=True,
                key=idempotency_key,
            )
        )

    def plan_versions(
        self, *, status: str | None = None, campaign: str | None = None, limit: int | None = None
    ) -> AsyncIterator[PlanVersion]:
        """Versions of plans, by campaign: what waits for a signature, what runs."""
        return self.pages(
            Call("GET", "/v1/plans", PlanVersions, given(status=status, campaign=campaign, limit=limit)),
            "versions",
        )

    async def plan_version(self, campaign: str, version: int) -> PlanVersionDetail:
        """A version: its text, its signatures, what it changes about the one that runs."""
        return await self.call(
            Call("GET", f"/v1/campaigns/{quoted(campaign)}/versions/{quoted(version)}", PlanVersionDetail)
        )

    async def review_plan(
        self, campaign: str, version: int, *, comment: str = "", idempotency_key: str = ""
    ) -> PlanVersionDetail:
        """Sign a version of somebody else's as read; a third person approves it."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/versions/{quoted(version)}/review",
                PlanVersionDetail,
                body=body(comment=comment),
                once=True,
                key=idempotency_key,
            )
        )

    async def approve_plan(
        self, campaign: str, version: int, *, idempotency_key: str = ""
    ) -> PlanVersionDetail:
        """Sign a version that somebody else made."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/versions/{quoted(version)}/approve",
                PlanVersionDetail,
                once=True,
                key=idempotency_key,
            )
        )

    async def withdraw_plan(
        self, campaign: str, version: int, *, reason: str = "", idempotency_key: str = ""
    ) -> PlanVersionDetail:
        """Take back a version that you made, before it runs."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/versions/{quoted(version)}/withdraw",
                PlanVersionDetail,
                body=body(reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    async def send_back_plan(
        self, campaign: str, version: int, *, reason: str = "", idempotency_key: str = ""
    ) -> PlanVersionDetail:
        """Send a version back to its maker, with a reason."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/versions/{quoted(version)}/send-back",
                PlanVersionDetail,
                body=body(reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    async def publish_plan(
        self, campaign: str, version: int, *, idempotency_key: str = ""
    ) -> PlanVersionDetail:
        """Let an approved version take over."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/versions/{quoted(version)}/publish",
                PlanVersionDetail,
                once=True,
                key=idempotency_key,
            )
        )
