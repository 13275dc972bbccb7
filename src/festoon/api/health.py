"""Whether the process lives, whether it can take events, and its measures for Prometheus."""

import asyncpg
import msgspec
from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from festoon.api.lag import RelayLag
from festoon.api.operation import Operation
from festoon.intake.batcher import Batcher
from festoon.intake.measures import QUEUED, measures
from festoon.store.pool import GONE, lent


class Alive(Struct, frozen=True):
    """That the process lives."""

    status: str = "ok"


class Ready(Struct, frozen=True):
    """Whether events can be taken: `ready`, `full` or `store_gone`; how many wait, and under which program."""

    status: str
    waiting: int
    program: int


class Health:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, batcher: Batcher) -> None:
        self._pool = pool
        self._batcher = batcher
        self._lag = RelayLag(pool)

    async def healthz(self, request: Request) -> Alive:
        return Alive()

    async def readyz(self, request: Request) -> Response:
        waiting, program = self._batcher.waiting, self._batcher.engine.program.version
        try:
            async with lent(self._pool, seconds=2) as connection:
                await connection.fetchval("SELECT 1", timeout=2)
        except GONE:
            return _said(Ready("store_gone", waiting, program), 2)
        full = waiting >= self._batcher.bounds.waiting
        return _said(Ready("full" if full else "ready", waiting, program), 1 if full else 0)

    async def metrics(self, request: Request) -> Response:
        QUEUED.set(self._batcher.waiting)
        await self._lag.refresh()
        return Response(measures(), media_type=CONTENT_TYPE_LATEST)

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation("GET", "/healthz", "Whether the process lives.", "", self.healthz, Alive, name="health"),
            Operation("GET", "/readyz", "Whether events can be taken now.", "", self.readyz, Ready, name="ready",
                      also=(503,),
                      tells="503 with the same body while they cannot, and Retry-After."),
            Operation("GET", "/metrics", "Measures in the form Prometheus reads.", "metrics:read", self.metrics, str,
                      media="text/plain", name="metrics"),
        )  # fmt: skip


def _said(ready: Ready, wait: int) -> Response:
    """503 when there is something to wait for."""
    headers = {"retry-after": str(wait)} if wait else None
    return Response(msgspec.json.encode(ready), 503 if wait else 200, headers, "application/json")
