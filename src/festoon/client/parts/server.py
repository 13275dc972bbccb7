"""Server: methods of both clients. Written by `python -m festoon.client.making`."""

from festoon.api.health import Alive, Ready
from festoon.api.program import ProgramAnswer
from festoon.client.calls import Call
from festoon.client.sending import Awaiting, Waiting


class Server(Waiting):
    """Server."""

    def program(self) -> ProgramAnswer:
        """What this installation runs."""
        return self.call(Call("GET", "/v1/program", ProgramAnswer))

    def health(self) -> Alive:
        """Whether the process lives."""
        return self.call(Call("GET", "/healthz", Alive))

    def ready(self) -> Ready:
        """Whether events can be taken now."""
        return self.call(Call("GET", "/readyz", Ready))

    def metrics(self) -> str:
        """Measures in the form Prometheus reads."""
        return self.call(Call("GET", "/metrics", str))


class AsyncServer(Awaiting):
    """Server."""

    async def program(self) -> ProgramAnswer:
        """What this installation runs."""
        return await self.call(Call("GET", "/v1/program", ProgramAnswer))

    async def health(self) -> Alive:
        """Whether the process lives."""
        return await self.call(Call("GET", "/healthz", Alive))

    async def ready(self) -> Ready:
        """Whether events can be taken now."""
        return await self.call(Call("GET", "/readyz", Ready))

    async def metrics(self) -> str:
        """Measures in the form Prometheus reads."""
        return await self.call(Call("GET", "/metrics", str))
