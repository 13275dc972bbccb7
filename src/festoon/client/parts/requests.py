"""Requests: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator

from festoon.api.member_acts import AskedPage
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting
from festoon.engine.requests import Request


class Requests(Waiting):
    """Requests."""

    def requests(self, *, limit: int | None = None) -> Iterator[Request]:
        """What waits for a second signature, newest first."""
        return self.pages(Call("GET", "/v1/requests", AskedPage, given(limit=limit)), "requests")

    def request(self, number: int) -> Request:
        """One request."""
        return self.call(Call("GET", f"/v1/requests/{quoted(number)}", Request))

    def sign_request(self, number: int, *, idempotency_key: str = "") -> Request:
        """Sign what somebody else asked for: it is done at once."""
        return self.call(
            Call("POST", f"/v1/requests/{quoted(number)}/sign", Request, once=True, key=idempotency_key)
        )

    def decline_request(self, number: int, reason: str, *, idempotency_key: str = "") -> Request:
        """Say no to a request, with a reason."""
        return self.call(
            Call(
                "POST",
                f"/v1/requests/{quoted(number)}/decline",
                Request,
                body=body(reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    def withdraw_request(self, number: int, *, idempotency_key: str = "") -> Request:
        """Take back a request of one's own."""
        return self.call(
            Call("POST", f"/v1/requests/{quoted(number)}/withdraw", Request, once=True, key=idempotency_key)
        )


class AsyncRequests(Awaiting):
    """Requests."""

    def requests(self, *, limit: int | None = None) -> AsyncIterator[Request]:
        """What waits for a second signature, newest first."""
        return self.pages(Call("GET", "/v1/requests", AskedPage, given(limit=limit)), "requests")

    async def request(self, number: int) -> Request:
        """One request."""
        return await self.call(Call("GET", f"/v1/requests/{quoted(number)}", Request))

    async def sign_request(self, number: int, *, idempotency_key: str = "") -> Request:
        """Sign what somebody else asked for: it is done at once."""
        return await self.call(
            Call("POST", f"/v1/requests/{quoted(number)}/sign", Request, once=True, key=idempotency_key)
        )

    async def decline_request(self, number: int, reason: str, *, idempotency_key: str = "") -> Request:
        """Say no to a request, with a reason."""
        return await self.call(
            Call(
                "POST",
                f"/v1/requests/{quoted(number)}/decline",
                Request,
                body=body(reason=reason),
                once=True,
                key=idempotency_key,
            )
        )

    async def withdraw_request(self, number: int, *, idempotency_key: str = "") -> Request:
        """Take back a request of one's own."""
        return await self.call(
            Call("POST", f"/v1/requests/{quoted(number)}/withdraw", Request, once=True, key=idempotency_key)
        )
