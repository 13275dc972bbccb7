"""The client that awaits its answers."""

from collections.abc import Sequence

from festoon.api.answers import EventAnswer, NewMember
from festoon.client import calls
from festoon.client.calls import Event
from festoon.client.parts.a_member_own_side import AsyncAMemberOwnSide
from festoon.client.parts.access import AsyncAccess
from festoon.client.parts.alerts import AsyncAlerts
from festoon.client.parts.backtests import AsyncBackTests
from festoon.client.parts.books import AsyncBooks
from festoon.client.parts.campaigns import AsyncCampaigns
from festoon.client.parts.codes import AsyncCodes
from festoon.client.parts.compensations import AsyncCompensations
from festoon.client.parts.consents import AsyncConsents
from festoon.client.parts.draws import AsyncDraws
from festoon.client.parts.events import AsyncEvents
from festoon.client.parts.figures_from_outside import AsyncFiguresFromOutside
from festoon.client.parts.for_everybody import AsyncForEverybody
from festoon.client.parts.held_rewards import AsyncHeldRewards
from festoon.client.parts.members import AsyncMembers
from festoon.client.parts.plans import AsyncPlans
from festoon.client.parts.proofs_and_parcels import AsyncProofsAndParcels
from festoon.client.parts.requests import AsyncRequests
from festoon.client.parts.segments import AsyncSegments
from festoon.client.parts.server import AsyncServer
from festoon.client.parts.webhooks import AsyncWebhooks
from festoon.client.parts.work_and_risks import AsyncWorkAndRisks


class AsyncFestoon(
    AsyncEvents,
    AsyncMembers,
    AsyncConsents,
    AsyncAMemberOwnSide,
    AsyncForEverybody,
    AsyncRequests,
    AsyncBooks,
    AsyncHeldRewards,
    AsyncCampaigns,
    AsyncFiguresFromOutside,
    AsyncWorkAndRisks,
    AsyncAlerts,
    AsyncPlans,
    AsyncBackTests,
    AsyncDraws,
    AsyncCodes,
    AsyncSegments,
    AsyncCompensations,
    AsyncProofsAndParcels,
    AsyncWebhooks,
    AsyncAccess,
    AsyncServer,
):
    """Festoon's API, to be used as an asynchronous context manager, or closed. It has a method for every operation.

    Raises FestoonProblem for what the server refuses, and httpx.TransportError when it cannot be reached. What may be
    sent twice is sent again when it was turned away for now, or when no answer came: events, which act once by their
    id, and whatever takes an Idempotency-Key, which is made for it.
    """

    async def send(self, event: Event) -> EventAnswer:
        """Send an event and return its outcome. Raises FestoonProblem when it was turned away."""
        return await self.call(calls.send(event, self.settings.source))

    async def send_many(self, events: Sequence[Event]) -> list[EventAnswer]:
        """Send any number of events; one answer each, in their order. One that was turned away has an `error`."""
        answers: list[EventAnswer] = []
        for part in calls.send_many(events, self.settings.source):
            some: list[EventAnswer] = await self.call(part)
            answers += some
        return answers

    async def register(self, new: NewMember) -> EventAnswer:
        """Make a member known: a registration, or an import that fires no registration gift."""
        return await self.call(calls.register(new))
