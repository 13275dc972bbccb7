"""Webhooks: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Literal

from festoon.api.webhooks import DeliveriesAnswer, EndpointsAnswer, Replayed, SecretAnswer
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.outbox.webhooks.deliveries import Delivery, DeliveryDetail
from festoon.outbox.webhooks.endpoints import Endpoint


class Webhooks(Waiting):
    """Webhooks."""

    def webhooks(self) -> EndpointsAnswer:
        """All webhook endpoints, oldest first."""
        return self.call(Call("GET", "/v1/webhooks", EndpointsAnswer))

    def make_webhook(
        self,
        url: str,
        *,
        kinds: list[str] | None = None,
        campaigns: list[str] | None = None,
        idempotency_key: str = "",
    ) -> SecretAnswer:
        """Make an endpoint; the answer is the only one that shows its secret."""
        return self.call(
            Call(
                "POST",
                "/v1/webhooks",
                SecretAnswer,
                body=body(url=url, kinds=kinds, campaigns=campaigns),
                once=True,
                key=idempotency_key,
            )
        )

    def webhook(self, id: str) -> Endpoint:
        """An endpoint."""
        return self.call(Call("GET", f"/v1/webhooks/{quoted(id)}", Endpoint))

    def change_webhook(
        self, id: str, url: str, *, kinds: list[str] | None = None, campaigns: list[str] | None = None
    ) -> Endpoint:
        """Change where an endpoint is and what it is told."""
        return self.call(
            Call(
                "PUT",
                f"/v1/webhooks/{quoted(id)}",
                Endpoint,
                body=body(url=url, kinds=kinds, campaigns=campaigns),
            )
        )

    def remove_webhook(self, id: str) -> Endpoint:
        """Take an endpoint away, with its deliveries."""
        return self.call(Call("DELETE", f"/v1/webhooks/{quoted(id)}", Endpoint, repeatable=False))

    def switch_webhook_on(
        self,
        id: str,
        *,
        start: Literal["where_it_stopped", "now"] = "where_it_stopped",
        idempotency_key: str = "",
    ) -> Endpoint:
        """Switch an endpoint on, also one that was disabled."""
        return self.call(
            Call(
                "POST",
                f"/v1/webhooks/{quoted(id)}/on",
                Endpoint,
                body=body(start=start),
                once=True,
                key=idempotency_key,
            )
        )

    def switch_webhook_off(self, id: str, *, idempotency_key: str = "") -> Endpoint:
        """Switch an endpoint off; what it would have been told waits."""
        return self.call(
            Call("POST", f"/v1/webhooks/{quoted(id)}/off", Endpoint, once=True, key=idempotency_key)
        )

    def rotate_webhook_secret(
        self, id: str, *, overlap_hours: int = 24, idempotency_key: str = ""
    ) -> SecretAnswer:
        """Give an endpoint a new secret; both sign for a while."""
        return self.call(
            Call(
                "POST",
                f"/v1/webhooks/{quoted(id)}/rotate",
                SecretAnswer,
                body=body(overlap_hours=overlap_hours),
                once=True,
                key=idempotency_key,
            )
        )

    def test_webhook(self, id: str, *, idempotency_key: str = "") -> DeliveryDetail:
        """Send a test message."""
        return self.call(
            Call("POST", f"/v1/webhooks/{quoted(id)}/test", DeliveryDetail, once=True, key=idempotency_key)
        )

    def replay_failed(self, id: str, since: datetime, *, idempotency_key: str = "") -> Replayed:
        """Send everything again that failed since an instant."""
        return self.call(
            Call(
                "POST",
                f"/v1/webhooks/{quoted(id)}/replay",
                Replayed,
                body=body(since=since),
                once=True,
                key=idempotency_key,
            )
        )

    def webhook_deliveries(
        self,
        *,
        endpoint: str | None = None,
        state: str | None = None,
        kind: str | None = None,
        message: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Delivery]:
        """Deliveries, newest first."""
        return self.pages(
            Call(
                "GET",
                "/v1/webhook-deliveries",
                DeliveriesAnswer,
                given(endpoint=endpoint, state=state, kind=kind, message=message, limit=limit),
            ),
            "deliveries",
        )

    def webhook_delivery(self, number: int) -> DeliveryDetail:
        """A delivery with its message."""
        return self.call(Call("GET", f"/v1/webhook-deliveries/{quoted(number)}", DeliveryDetail))

    def replay_delivery(self, number: int, *, idempotency_key: str = "") -> DeliveryDetail:
        """Send a message again, whatever became of it."""
        return self.call(
            Call(
                "POST",
                f"/v1/webhook-deliveries/{quoted(number)}/replay",
                DeliveryDetail,
                once=True,
                key=idempotency_key,
            )
        )


class AsyncWebhooks(Awaiting):
    """Webhooks."""

    async def webhooks(self) -> EndpointsAnswer:
        """All webhook endpoints, oldest first."""
        return await self.call(Call("GET", "/v1/webhooks", EndpointsAnswer))

    async def make_webhook(
        self,
        url: str,
        *,
        kinds: list[str] | None = None,
        campaigns: list[str] | None = None,
        idempotency_key: str = "",
    ) -> SecretAnswer:
        """Make an endpoint; the answer is the only one that shows its secret."""
        return await self.call(
            Call(
                "POST",
                "/v1/webhooks",
                SecretAnswer,
                body=body(url=url, kinds=kinds, campaigns=campaigns),
                once=True,
                key=idempotency_key,
            )
        )

    async def webhook(self, id: str) -> Endpoint:
        """An endpoint."""
        return await self.call(Call("GET", f"/v1/webhooks/{quoted(id)}", Endpoint))

    async def change_webhook(
        self, id: str, url: str, *, kinds: list[str] | None = None, campaigns: list[str] | None = None
    ) -> Endpoint:
        """Change where an endpoint is and what it is told."""
        return await self.call(
            Call(
                "PUT",
                f"/v1/webhooks/{quoted(id)}",
                Endpoint,
                body=body(url=url, kinds=kinds, campaigns=campaigns),
            )
        )

    async def remove_webhook(self, id: str) -> Endpoint:
        """Take an endpoint away, with its deliveries."""
        return await self.call(Call("DELETE", f"/v1/webhooks/{quoted(id)}", Endpoint, repeatable=False))

    async def switch_webhook_on(
        self,
        id: str,
        *,
        start: Literal["where_it_stopped", "now"] = "where_it_stopped",
        idempotency_key: str = "",
    ) -> Endpoint:
        """Switch an endpoint on, also one that was disabled."""
        return await self.call(
            Call(
                "POST",
                f"/v1/webhooks/{quoted(id)}/on",
                Endpoint,
                body=body(start=start),
                once=True,
                key=idempotency_key,
            )
        )

    async def switch_webhook_off(self, id: str, *, idempotency_key: str = "") -> Endpoint:
        """Switch an endpoint off; what it would have been told waits."""
        return await self.call(
            Call("POST", f"/v1/webhooks/{quoted(id)}/off", Endpoint, once=True, key=idempotency_key)
        )

    async def rotate_webhook_secret(
        self, id: str, *, overlap_hours: int = 24, idempotency_key: str = ""
    ) -> SecretAnswer:
        """Give an endpoint a new secret; both sign for a while."""
        return await self.call(
            Call(
                "POST",
                f"/v1/webhooks/{quoted(id)}/rotate",
                SecretAnswer,
                body=body(overlap_hours=overlap_hours),
                once=True,
                key=idempotency_key,
            )
        )

    async def test_webhook(self, id: str, *, idempotency_key: str = "") -> DeliveryDetail:
        """Send a test message."""
        return await self.call(
            Call("POST", f"/v1/webhooks/{quoted(id)}/test", DeliveryDetail, once=True, key=idempotency_key)
        )

    async def replay_failed(self, id: str, since: datetime, *, idempotency_key: str = "") -> Replayed:
        """Send everything again that failed since an instant."""
        return await self.call(
            Call(
                "POST",
                f"/v1/webhooks/{quoted(id)}/replay",
                Replayed,
                body=body(since=since),
                once=True,
                key=idempotency_key,
            )
        )

    def webhook_deliveries(
        self,
        *,
        endpoint: str | None = None,
        state: str | None = None,
        kind: str | None = None,
        message: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[Delivery]:
        """Deliveries, newest first."""
        return self.pages(
            Call(
                "GET",
                "/v1/webhook-deliveries",
                DeliveriesAnswer,
                given(endpoint=endpoint, state=state, kind=kind, message=message, limit=limit),
            ),
            "deliveries",
        )

    async def webhook_delivery(self, number: int) -> DeliveryDetail:
        """A delivery with its message."""
        return await self.call(Call("GET", f"/v1/webhook-deliveries/{quoted(number)}", DeliveryDetail))

    async def replay_delivery(self, number: int, *, idempotency_key: str = "") -> DeliveryDetail:
        """Send a message again, whatever became of it."""
        return await self.call(
            Call(
                "POST",
                f"/v1/webhook-deliveries/{quoted(number)}/replay",
                DeliveryDetail,
                once=True,
                key=idempotency_key,
            )
        )
