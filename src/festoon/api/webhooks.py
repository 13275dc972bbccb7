"""Webhooks over the API: endpoints made and changed, deliveries seen and sent again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request

from festoon.api.filters import PARAMETER_INVALID, body_of, choice, text
from festoon.api.members import NAME
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, limit_of
from festoon.api.routes import actor_of, working
from festoon.base.errors import Invalid
from festoon.outbox.webhooks import deliveries, endpoints
from festoon.outbox.webhooks.deliveries import STATES, Delivery, DeliveryDetail, Sought
from festoon.outbox.webhooks.endpoints import Bytes, Endpoint, Wanted
from festoon.outbox.webhooks.kinds import KINDS
from festoon.store.pool import lent

SCOPE = "webhooks:manage"
LONGEST_OVERLAP_HOURS = 24 * 30


class EndpointsAnswer(Struct, frozen=True):
    """All endpoints, oldest first."""

    endpoints: list[Endpoint]


class SecretAnswer(Struct, frozen=True):
    """An endpoint with its secret, which is shown this once."""

    endpoint: Endpoint
    secret: str


class Starting(Struct, frozen=True, forbid_unknown_fields=True):
    """Where an endpoint goes on: with everything since it stopped, or only with what comes from now on."""

    start: Literal["where_it_stopped", "now"] = "where_it_stopped"


class Rotating(Struct, frozen=True, forbid_unknown_fields=True):
    """For how many hours the secret before signs beside the new one."""

    overlap_hours: Annotated[int, Meta(ge=0, le=LONGEST_OVERLAP_HOURS)] = 24


class Since(Struct, frozen=True, forbid_unknown_fields=True):
    """From when on; with an offset."""

    since: Annotated[datetime, Meta(tz=True)]


class Replayed(Struct, frozen=True):
    """How many deliveries are sent again."""

    deliveries: int


class DeliveriesAnswer(Struct, frozen=True):
    """A page of deliveries, newest first."""

    deliveries: list[Delivery]
    next: str | None


class Hooks:
    """The endpoints of the API, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, now: Callable[[], datetime], random: Bytes) -> None:
        self._pool = pool
        self._now = now
        self._random = random

    async def list(self, _: Request) -> EndpointsAnswer:
        async with lent(self._pool) as connection:
            return EndpointsAnswer(await endpoints.endpoints(connection))

    async def make(self, request: Request) -> SecretAnswer:
        wanted = await body_of(request, Wanted)
        async with working(request, self._pool) as connection:
            made = await endpoints.make(connection, wanted, actor_of(request), self._now(), self._random)
        return SecretAnswer(*made)

    async def get(self, request: Request) -> Endpoint:
        async with lent(self._pool) as connection:
            return await endpoints.endpoint(connection, _id(request))

    async def change(self, request: Request) -> Endpoint:
        wanted = await body_of(request, Wanted)
        async with lent(self._pool) as connection:
            return await endpoints.change(connection, _id(request), wanted, actor_of(request), self._now())

    async def remove(self, request: Request) -> Endpoint:
        async with lent(self._pool) as connection:
            gone = await endpoints.endpoint(connection, _id(request))
            await endpoints.remove(connection, gone.id, actor_of(request), self._now())
        return gone

    async def on(self, request: Request) -> Endpoint:
        asked = await body_of(request, Starting)
        async with working(request, self._pool) as connection:
            return await endpoints.switch_on(
                connection, _id(request), actor_of(request), self._now(), asked.start
            )

    async def off(self, request: Request) -> Endpoint:
        async with working(request, self._pool) as connection:
            return await endpoints.switch_off(connection, _id(request), actor_of(request), self._now())

    async def rotate(self, request: Request) -> SecretAnswer:
        asked = await body_of(request, Rotating)
        async with working(request, self._pool) as connection:
            overlap = timedelta(hours=asked.overlap_hours)
            secret = await endpoints.rotate(
                connection, _id(request), actor_of(request), self._now(), self._random, overlap
            )
            return SecretAnswer(await endpoints.endpoint(connection, _id(request)), secret)

    async def test(self, request: Request) -> DeliveryDetail:
        async with working(request, self._pool) as connection:
            number = await deliveries.send_test(connection, _id(request), actor_of(request), self._now())
            return await deliveries.delivery(connection, number)

    async def replay_failed(self, request: Request) -> Replayed:
        asked = await body_of(request, Since)
        async with working(request, self._pool) as connection:
            found = await deliveries.replay_failed(
                connection, _id(request), asked.since, actor_of(request), self._now()
            )
        return Replayed(found)

    async def sent(self, request: Request) -> DeliveriesAnswer:
        limit, state, kind = (
            limit_of(request),
            choice(request, "state", STATES),
            choice(request, "kind", tuple(KINDS)),
        )
        sought = Sought(text(request, "endpoint"), state, kind, text(request, "message"))
        (before,) = after(request, int)
        async with lent(self._pool) as connection:
            found = await deliveries.deliveries(connection, sought, before=before, limit=limit)
        return DeliveriesAnswer(found, cursor(found[-1].number) if len(found) == limit else None)

    async def delivery(self, request: Request) -> DeliveryDetail:
        async with lent(self._pool) as connection:
            return await deliveries.delivery(connection, _number(request))

    async def replay(self, request: Request) -> DeliveryDetail:
        async with working(request, self._pool) as connection:
            return await deliveries.replay(connection, _number(request), actor_of(request), self._now())

    def operations(self) -> tuple[Operation, ...]:
        return (*self._of_endpoints(), *self._of_deliveries())

    def _of_endpoints(self) -> tuple[Operation, ...]:
        id, one, gone = (_ENDPOINT,), "/v1/webhooks/{id}", (PARAMETER_INVALID, endpoints.ENDPOINT_UNKNOWN)
        wrong = (endpoints.URL_INVALID, endpoints.KIND_UNKNOWN, endpoints.CAMPAIGN_NAME)
        return (
            Operation("GET", "/v1/webhooks", "All webhook endpoints, oldest first.", SCOPE, self.list, EndpointsAnswer,
                      name="webhooks", tag=TAG),
            Operation("POST", "/v1/webhooks", "Make an endpoint; the answer is the only one that shows its secret.",
                      SCOPE, self.make, SecretAnswer, Wanted, problems=(*wrong, endpoints.TOO_MANY),
                      name="make_webhook", tag=TAG, once=True),
            Operation("GET", one, "An endpoint.", SCOPE, self.get, Endpoint, parameters=id, problems=gone,
                      name="webhook", tag=TAG),
            Operation("PUT", one, "Change where an endpoint is and what it is told.", SCOPE, self.change, Endpoint,
                      Wanted, id, problems=(*wrong, *gone), name="change_webhook", tag=TAG, repeatable=True),
            Operation("DELETE", one, "Take an endpoint away, with its deliveries.", SCOPE, self.remove, Endpoint,
                      parameters=id, problems=gone, name="remove_webhook", tag=TAG),
            Operation("POST", f"{one}/on", "Switch an endpoint on, also one that was disabled.", SCOPE, self.on,
                      Endpoint, Starting, id, problems=gone, name="switch_webhook_on", tag=TAG, once=True),
            Operation("POST", f"{one}/off", "Switch an endpoint off; what it would have been told waits.", SCOPE,
                      self.off, Endpoint, parameters=id, problems=gone, name="switch_webhook_off", tag=TAG,
                      once=True),
            Operation("POST", f"{one}/rotate", "Give an endpoint a new secret; both sign for a while.", SCOPE,
                      self.rotate, SecretAnswer, Rotating, id, problems=gone, name="rotate_webhook_secret", tag=TAG,
                      once=True),
            Operation("POST", f"{one}/test", "Send a test message.", SCOPE, self.test, DeliveryDetail, parameters=id,
                      problems=gone, name="test_webhook", tag=TAG, once=True),
            Operation("POST", f"{one}/replay", "Send everything again that failed since an instant.", SCOPE,
                      self.replay_failed, Replayed, Since, id, problems=gone, name="replay_failed", tag=TAG, once=True),
        )  # fmt: skip

    def _of_deliveries(self) -> tuple[Operation, ...]:
        number = (
            Parameter("number", "The delivery.", {"type": "integer"}, "path", required=True, example=31),
        )
        all_, one = "/v1/webhook-deliveries", "/v1/webhook-deliveries/{number}"
        unknown = (PARAMETER_INVALID, deliveries.DELIVERY_UNKNOWN)
        return (
            Operation("GET", all_, "Deliveries, newest first.", SCOPE, self.sent, DeliveriesAnswer,
                      name="webhook_deliveries", tag=TAG, pages="deliveries", parameters=_FILTERS),
            Operation("GET", one, "A delivery with its message.", SCOPE, self.delivery, DeliveryDetail,
                      parameters=number, problems=unknown, name="webhook_delivery", tag=TAG),
            Operation("POST", f"{one}/replay", "Send a message again, whatever became of it.", SCOPE, self.replay,
                      DeliveryDetail, parameters=number, problems=unknown, name="replay_delivery", tag=TAG, once=True),
        )  # fmt: skip


TAG = "Webhooks"
_ENDPOINT = Parameter("id", "The endpoint.", where="path", required=True, example="wh_7f3a9c")
_FILTERS = (
    Parameter("endpoint", "Only to this endpoint.", NAME, example="wh_7f3a9c"),
    Parameter("state", "Only in this state.", {"type": "string", "enum": list(STATES)}),
    Parameter("kind", "Only of this kind.", {"type": "string", "enum": list(KINDS)}),
    Parameter("message", "Only of this message.", NAME, example="msg_4410"),
    *PAGED,
)


def _id(request: Request) -> str:
    id: str = request.path_params["id"]
    if "\0" in id:
        raise Invalid(PARAMETER_INVALID, "id", name="id", reason="NUL")
    return id


def _number(request: Request) -> int:
    text: str = request.path_params["number"]
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise Invalid(PARAMETER_INVALID, "number", name="number", reason="1–10¹⁸")
    return int(text)
