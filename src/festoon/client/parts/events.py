"""Events: methods of both clients. Written by `python -m festoon.client.making`."""

from festoon.api.program import EventTypes
from festoon.client.calls import Call
from festoon.client.sending import Awaiting, Waiting


class Events(Waiting):
    """Events."""

    def event_types(self) -> EventTypes:
        """The types of events, each with the schema of its data."""
        return self.call(Call("GET", "/v1/event-types", EventTypes))


class AsyncEvents(Awaiting):
    """Events."""

    async def event_types(self) -> EventTypes:
        """The types of events, each with the schema of its data."""
        return await self.call(Call("GET", "/v1/event-types", EventTypes))
