"""Whether the process lives, whether it can take events, and its measures for Prometheus."""

from typing import Any

import asyncpg
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from festoon.api.lag import RelayLag
from festoon.api.routes import Operation
from festoon.intake.batcher import Batcher
from festoon.intake.measures import QUEUED, measures
from festoon.store.pool import GONE, lent


class Health:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, batcher: Batcher) -> None:
        self._pool = pool
        self._batcher = batcher
        self._lag = RelayLag(pool)

    async def healthz(self, request: Request) -> dict[str, str]:
        return {"status": "ok"}

    async def readyz(self, request: Request) -> Any:
        waiting = self._batcher.waiting
        try:
            async with lent(self._pool, seconds=2) as connection:
                await connection.fetchval("SELECT 1", timeout=2)
        except GONE:
            return JSONResponse({"status": "store_gone", "waiting": waiting}, 503, {"retry-after": "2"})
        full = waiting >= self._batcher.bounds.waiting
        body = {
            "status": "full" if full else "ready",
            "waiting": waiting,
            "program": self._batcher.engine.program.version,
        }
        return JSONResponse(body, 503 if full else 200, {"retry-after": "1"} if full else None)

    async def metrics(self, request: Request) -> Response:
        QUEUED.set(self._batcher.waiting)
        await self._lag.refresh()
        return Response(measures(), media_type=CONTENT_TYPE_LATEST)

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation("GET", "/healthz", "Whether the process lives.", "", self.healthz, dict[str, str]),
            Operation("GET", "/readyz", "Whether events can be taken now.", "", self.readyz, dict[str, Any]),
            Operation(
                "GET",
                "/metrics",
                "Measures in the form Prometheus reads.",
                "metrics:read",
                self.metrics,
                str,
                media="text/plain",
            ),
        )
