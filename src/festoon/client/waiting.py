"""The client that waits for its answers."""

import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

import httpx

from festoon.api.answers import (
    CampaignAnswer,
    CampaignDetail,
    EventAnswer,
    InviteAnswer,
    MemberAnswer,
    NewMember,
    OddsAnswer,
    OpeningAnswer,
    Pause,
    PlanCheck,
    PlanVersion,
    PlanVersionDetail,
)
from festoon.client import calls
from festoon.client.calls import Answer, Call, Event
from festoon.client.exchange import Settings, answer, request, wait_before
from festoon.client.problem import FestoonProblem
from festoon.engine.statement import Line


class Festoon:
    """Festoon's API, to be used as a context manager, or closed.

    Raises FestoonProblem for what the server refuses, and httpx.TransportError when it cannot be reached. What may be
    sent twice is sent again when it was turned away for now, or when no answer came. Events may: they act once, by
    their id.
    """

    def __init__(self, url: str, key: str, *, transport: Any = None, **settings: Any) -> None:
        self.settings = Settings(url, key, **settings)
        self._http = httpx.Client(
            base_url=url, headers=self.settings.headers, timeout=self.settings.timeout, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def call(self, call: Call[Answer]) -> Answer:
        """Send a call, again if need be, and return its answer."""
        tried = 0
        while True:
            tried += 1
            try:
                return answer(call, self._http.send(request(self._http, call)))
            except (FestoonProblem, httpx.TransportError) as failure:
                seconds = wait_before(call, tried, self.settings.tries, failure)
                if seconds is None:
                    raise
            time.sleep(seconds)

    def send(self, event: Event) -> EventAnswer:
        """Send an event and return its outcome. Raises FestoonProblem when it was turned away."""
        return self.call(calls.send(event, self.settings.source))

    def send_many(self, events: Sequence[Event]) -> list[EventAnswer]:
        """Send any number of events; one answer each, in their order. One that was turned away has an `error`."""
        answers: list[EventAnswer] = []
        for part in calls.send_many(events, self.settings.source):
            some: list[EventAnswer] = self.call(part)
            answers += some
        return answers

    def register(self, new: NewMember) -> EventAnswer:
        """Make a member known: a registration, or an import that fires no registration gift."""
        return self.call(calls.register(new))

    def statement(self, id: str, asset: str | None = None) -> Iterator[Line]:
        """Every change of a member's balances with its reason, newest first."""
        after = None
        while True:
            page = self.call(calls.statement(id, asset, after, 200))
            yield from page.lines
            after = page.next
            if after is None:
                return

    def campaigns(self) -> list[CampaignAnswer]:
        """The campaigns that run now."""
        return (self.call(calls.campaigns())).campaigns

    def plan_versions(self, campaign: str | None = None, status: str | None = None) -> Iterator[PlanVersion]:
        """Versions of plans, by campaign: what waits for a signature, what runs."""
        after = None
        while True:
            page = self.call(calls.plan_versions(campaign, status, after, 200))
            yield from page.versions
            after = page.next
            if after is None:
                return

    def member(self, id: str) -> MemberAnswer:
        """A member with everything he has."""
        return self.call(calls.member(id))

    def odds(self, id: str, campaign: str, draw: str) -> OddsAnswer:
        """A member's odds in a draw, if he played now."""
        return self.call(calls.odds(id, campaign, draw))

    def invite(self, id: str) -> InviteAnswer:
        """A member's invite code and his links."""
        return self.call(calls.invite(id))

    def campaign(self, id: str) -> CampaignDetail:
        """A campaign with its budget lines, stock, and the commitments of its draws."""
        return self.call(calls.campaign(id))

    def live(self, campaign: str) -> dict[str, Any]:
        """The live board of a campaign."""
        return self.call(calls.live(campaign))

    def check_plan(self, source: str) -> PlanCheck:
        """Every mistake and warning of a plan file's text; stores nothing."""
        return self.call(calls.check_plan(source))

    def submit_plan(self, source: str, note: str = "") -> PlanVersionDetail:
        """Put a plan up for review as its campaign's next version."""
        return self.call(calls.submit_plan(source, note))

    def plan_version(self, campaign: str, version: int) -> PlanVersionDetail:
        """A version: its text, its signatures, what it changes about the one that runs."""
        return self.call(calls.plan_version(campaign, version))

    def approve_plan(self, campaign: str, version: int) -> PlanVersionDetail:
        """Sign a version that somebody else made."""
        return self.call(calls.sign(campaign, version, "approve"))

    def publish_plan(self, campaign: str, version: int) -> PlanVersionDetail:
        """Let an approved version take over."""
        return self.call(calls.sign(campaign, version, "publish"))

    def withdraw_plan(self, campaign: str, version: int, reason: str = "") -> PlanVersionDetail:
        """Take back a version that you made, before it runs."""
        return self.call(calls.sign(campaign, version, "withdraw", reason))

    def send_back_plan(self, campaign: str, version: int, reason: str) -> PlanVersionDetail:
        """Send a version back to its maker."""
        return self.call(calls.sign(campaign, version, "send-back", reason))

    def pause(self, campaign: str, *mechanics: str) -> Pause:
        """Pause these mechanics and no others; none named is the whole campaign."""
        return self.call(calls.pause(campaign, mechanics))

    def resume(self, campaign: str) -> Pause:
        """Let everything of a campaign run again."""
        return self.call(calls.resume(campaign))

    def rollout(self, campaign: str) -> OpeningAnswer:
        """How far a campaign is open: members in ten thousand."""
        return self.call(calls.rollout(campaign))

    def roll_out(self, campaign: str, share: int) -> OpeningAnswer:
        """Open a campaign to so many members in ten thousand from now on."""
        return self.call(calls.roll_out(campaign, share))

    def stop(self, campaign: str) -> Pause:
        """Stop a campaign now and for good."""
        return self.call(calls.stop(campaign))
