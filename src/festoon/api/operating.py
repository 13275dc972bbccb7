"""What an operator does over the API is an event like any other: admitted at the door, decided in a batch, answered
with its outcome. Sent again under the same Idempotency-Key, it has the same id and acts once."""

from datetime import datetime
from typing import Any

import asyncpg
from starlette.requests import Request
from starlette.responses import Response

from festoon.api.routes import spoken
from festoon.base.errors import Refused
from festoon.engine.deciding import ID_REUSED
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.engine.outcome import decode
from festoon.intake import refusals
from festoon.intake.asgi import JSON
from festoon.intake.batcher import CLOSING, QUEUE_FULL, Batcher
from festoon.intake.cloudevents import CloudEvent
from festoon.intake.door import Door
from festoon.intake.http import present
from festoon.intake.measures import EVENTS
from festoon.intake.operating import SOURCE
from festoon.store.pool import lent

SENDING: tuple[int | str, ...] = (
    400, 403, 404, 409, 413, 503, refusals.TIME_INVALID, refusals.NOT_YOURS, MEMBER_UNKNOWN, ID_REUSED,
    refusals.TOO_LARGE, QUEUE_FULL, CLOSING,
)  # fmt: skip
"""What may come instead of the outcome of an event."""
OPERATING: tuple[int | str, ...] = (400, MEMBER_UNKNOWN, 409, ID_REUSED, QUEUE_FULL, CLOSING)
"""The same of an operator's event; what the engine refuses is a conflict."""


class Operating:
    """The way in for operators' events."""

    def __init__(self, pool: asyncpg.Pool, batcher: Batcher, door: Door) -> None:
        self._pool = pool
        self._batcher = batcher
        self._door = door

    async def send(
        self, request: Request, id: str, type_: str, subject: str, data: dict[str, Any]
    ) -> Response:
        """Send an event and answer with its outcome. Raises FestoonError when it is turned away, and Refused. In a
        rehearsal it is taken at the time of the latest event."""
        engine = self._batcher.engine
        time = await self._latest() if engine.program.rehearsal else None
        given = CloudEvent(id, SOURCE, type_, subject, "1.0", time, data)
        event = self._door.admit(given, engine.now(), request.state.key.scopes)
        answer = await self._batcher.submit(event)
        EVENTS.count(answer.kind)
        if answer.error is not None:
            raise answer.error
        outcome = decode(answer.outcome)
        if outcome.refused is not None:
            raise Refused(outcome.refused.code, **outcome.refused.data)
        return Response(present(event, answer, spoken(request), engine.program), media_type=JSON.decode())

    async def _latest(self) -> str | None:
        async with lent(self._pool) as connection:
            last: datetime | None = await connection.fetchval(
                "SELECT now FROM event ORDER BY seq DESC LIMIT 1"
            )
        return None if last is None else last.isoformat()
