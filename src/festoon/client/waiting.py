"""The client that waits for its answers."""

from collections.abc import Sequence

from festoon.api.answers import EventAnswer, NewMember
from festoon.client import calls
from festoon.client.calls import Event
from festoon.client.parts.a_member_own_side import AMemberOwnSide
from festoon.client.parts.access import Access
from festoon.client.parts.alerts import Alerts
from festoon.client.parts.backtests import BackTests
from festoon.client.parts.books import Books
from festoon.client.parts.campaigns import Campaigns
from festoon.client.parts.codes import Codes
from festoon.client.parts.compensations import Compensations
from festoon.client.parts.consents import Consents
from festoon.client.parts.draws import Draws
from festoon.client.parts.events import Events
from festoon.client.parts.figures_from_outside import FiguresFromOutside
from festoon.client.parts.for_everybody import ForEverybody
from festoon.client.parts.held_rewards import HeldRewards
from festoon.client.parts.members import Members
from festoon.client.parts.plans import Plans
from festoon.client.parts.proofs_and_parcels import ProofsAndParcels
from festoon.client.parts.requests import Requests
from festoon.client.parts.segments import Segments
from festoon.client.parts.server import Server
from festoon.client.parts.webhooks import Webhooks
from festoon.client.parts.work_and_risks import WorkAndRisks


class Festoon(
    Events,
    Members,
    Consents,
    AMemberOwnSide,
    ForEverybody,
    Requests,
    Books,
    HeldRewards,
    Campaigns,
    FiguresFromOutside,
    WorkAndRisks,
    Alerts,
    Plans,
    BackTests,
    Draws,
    Codes,
    Segments,
    Compensations,
    ProofsAndParcels,
    Webhooks,
    Access,
    Server,
):
    """Festoon's API, to be used as a context manager, or closed. It has a method for every operation.

    Raises FestoonProblem for what the server refuses, and httpx.TransportError when it cannot be reached. What may be
    sent twice is sent again when it was turned away for now, or when no answer came: events, which act once by their
    id, and whatever takes an Idempotency-Key, which is made for it.
    """

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
