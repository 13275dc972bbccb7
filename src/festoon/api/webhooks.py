"""Webhooks over the API: endpoints made and changed, deliveries seen and sent again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request

from festoon.access.keys import Key
from festoon.api.routes import PARAMETER_INVALID, Operation, Parameter, body_of, text, whole
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
    """A page of deliveries, newest first. `next` is what to pass as `before`, or null at the end."""

    deliveries: list[Delivery]
    next: int | None


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
        async with lent(self._pool) as connection:
            made = await endpoints.make(connection, wanted, _actor(request), self._now(), self._random)
        return SecretAnswer(*made)

    async def get(self, request: Request) -> Endpoint:
        async with lent(self._pool) as connection:
            return await endpoints.endpoint(connection, _id(request))

    async def change(self, request: Request) -> Endpoint:
        wanted = await body_of(request, Wanted)
        async with lent(self._pool) as connection:
            return await endpoints.change(connection, _id(request), wanted, _actor(request), self._now())

    async def remove(self, request: Request) -> Endpoint:
        async with lent(self._pool) as connection:
            gone = await endpoints.endpoint(connection, _id(request))
            await endpoints.remove(connection, gone.id, _actor(request), self._now())
        return gone

    async def on(self, request: Request) -> Endpoint:
        asked = await body_of(request, Starting)
        async with lent(self._pool) as connection:
            return await endpoints.switch_on(
                connection, _id(request), _actor(request), self._now(), asked.start
            )

    async def off(self, request: Request) -> Endpoint:
        async with lent(self._pool) as connection:
            return await endpoints.switch_off(connection, _id(request), _actor(request), self._now())

    async def rotate(self, request: Request) -> SecretAnswer:
        asked = await body_of(request, Rotating)
        async with lent(self._pool) as connection:
            overlap = timedelta(hours=asked.overlap_hours)
            secret = await endpoints.rotate(
                connection, _id(request), _actor(request), self._now(), self._random, overlap
            )
            return SecretAnswer(await endpoints.endpoint(connection, _id(request)), secret)

    async def test(self, request: Request) -> DeliveryDetail:
        async with lent(self._pool) as connection:
            number = await deliveries.send_test(connection, _id(request), _actor(request), self._now())
            return await deliveries.delivery(connection, number)

    async def replay_failed(self, request: Request) -> Replayed:
        asked = await body_of(request, Since)
        async with lent(self._pool) as connection:
            found = await deliveries.replay_failed(
                connection, _id(request), asked.since, _actor(request), self._now()
            )
        return Replayed(found)

    async def sent(self, request: Request) -> DeliveriesAnswer:
        limit = whole(request, "limit", 50, 1, deliveries.MOST) or 50
        state, kind = text(request, "state"), text(request, "kind")
        for name, value, known in (("state", state, STATES), ("kind", kind, KINDS)):
            if value is not None and value not in known:
                raise Invalid(PARAMETER_INVALID, name, name=name, reason=", ".join(known))
        sought = Sought(text(request, "endpoint"), state, kind, text(request, "message"))
        before = whole(request, "before", None, 1, 2**62)
        async with lent(self._pool) as connection:
            found = await deliveries.deliveries(connection, sought, before=before, limit=limit)
        return DeliveriesAnswer(found, found[-1].number if len(found) == limit else None)

    async def delivery(self, request: Request) -> DeliveryDetail:
        async with lent(self._pool) as connection:
            return await deliveries.delivery(connection, _number(request))

    async def replay(self, request: Request) -> DeliveryDetail:
        async with lent(self._pool) as connection:
            return await deliveries.replay(connection, _number(request), _actor(request), self._now())

    def operations(self) -> tuple[Operation, ...]:
        return (*self._of_endpoints(), *self._of_deliveries())

    def _of_endpoints(self) -> tuple[Operation, ...]:
        id = (Parameter("id", "The endpoint.", where="path", required=True),)
        one = "/v1/webhooks/{id}"
        return (
            Operation("GET", "/v1/webhooks", "All webhook endpoints.", SCOPE, self.list, EndpointsAnswer),
            Operation(
                "POST", "/v1/webhooks", "Make an endpoint; the answer is the only one that shows its secret.", SCOPE,
                self.make, SecretAnswer, takes=Wanted, problems=(400, 409, 413),
            ),
            Operation("GET", one, "An endpoint.", SCOPE, self.get, Endpoint, parameters=id, problems=(404,)),
            Operation(
                "PUT", one, "Change where an endpoint is and what it is told.", SCOPE, self.change, Endpoint,
                takes=Wanted, parameters=id, problems=(400, 404, 413),
            ),
            Operation(
                "DELETE", one, "Take an endpoint away, with its deliveries.", SCOPE, self.remove, Endpoint,
                parameters=id, problems=(404,),
            ),
            Operation(
                "POST", f"{one}/on", "Switch an endpoint on, also one that was disabled.", SCOPE, self.on, Endpoint,
                takes=Starting, parameters=id, problems=(400, 404, 413),
            ),
            Operation(
                "POST", f"{one}/off", "Switch an endpoint off; what it would have been told waits.", SCOPE, self.off,
                Endpoint, parameters=id, problems=(404,),
            ),
            Operation(
                "POST", f"{one}/rotate", "Give an endpoint a new secret; both sign for a while.", SCOPE, self.rotate,
                SecretAnswer, takes=Rotating, parameters=id, problems=(400, 404, 413),
            ),
            Operation(
                "POST", f"{one}/test", "Send a test message.", SCOPE, self.test, DeliveryDetail, parameters=id,
                problems=(404,),
            ),
            Operation(
                "POST", f"{one}/replay", "Send everything again that failed since an instant.", SCOPE,
                self.replay_failed, Replayed, takes=Since, parameters=id, problems=(400, 404, 413),
            ),
        )  # fmt: skip

    def _of_deliveries(self) -> tuple[Operation, ...]:
        number = (Parameter("number", "The delivery.", {"type": "integer"}, where="path", required=True),)
        all_, one = "/v1/webhook-deliveries", "/v1/webhook-deliveries/{number}"
        return (
            Operation(
                "GET", all_, "Deliveries, newest first.", SCOPE, self.sent, DeliveriesAnswer,
                parameters=(
                    Parameter("endpoint", "Only to this endpoint."),
                    Parameter("state", "Only in this state.", {"type": "string", "enum": list(STATES)}),
                    Parameter("kind", "Only of this kind.", {"type": "string", "enum": list(KINDS)}),
                    Parameter("message", "Only of this message."),
                    Parameter("limit", "Deliveries a page, 1 to 200.", {"type": "integer", "default": 50}),
                    Parameter("before", "The `next` of the page before.", {"type": "integer"}),
                ),
                problems=(400,),
            ),
            Operation(
                "GET", one, "A delivery with its message.", SCOPE, self.delivery, DeliveryDetail, parameters=number,
                problems=(400, 404),
            ),
            Operation(
                "POST", f"{one}/replay", "Send a message again, whatever became of it.", SCOPE, self.replay,
                DeliveryDetail, parameters=number, problems=(400, 404),
            ),
        )  # fmt: skip


def _actor(request: Request) -> str:
    key: Key = request.state.key
    return key.actor


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
