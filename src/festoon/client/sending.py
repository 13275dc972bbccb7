"""How the clients send calls: one waits for its answers, the other awaits them. What they do alike is in `exchange`."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any, Self

import httpx
from msgspec.structs import replace

from festoon.client.calls import Answer, Call
from festoon.client.exchange import Settings, answer, request, wait_before
from festoon.client.problem import FestoonProblem

WIDEST = 200
"""Rows of a page when the caller wants all of them."""


class Waiting:
    """A connection to be used as a context manager, or closed."""

    def __init__(self, url: str, key: str, *, transport: Any = None, **settings: Any) -> None:
        self.settings = Settings(url, key, **settings)
        self._http = httpx.Client(
            base_url=url, headers=self.settings.headers, timeout=self.settings.timeout, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def call(self, call: Call[Answer]) -> Answer:
        """Send a call, again if need be, and return its answer."""
        sent, tried = request(self._http, call), 0
        while True:
            tried += 1
            try:
                return answer(call, self._http.send(sent))
            except (FestoonProblem, httpx.TransportError) as failure:
                seconds = wait_before(call, tried, self.settings.tries, failure)
                if seconds is None:
                    raise
            time.sleep(seconds)

    def pages(self, call: Call[Any], name: str) -> Iterator[Any]:
        """The rows of a list, page after page; `limit` of a call is how many a page has."""
        call = replace(call, params={"limit": WIDEST, **call.params})
        while True:
            page = self.call(call)
            yield from getattr(page, name)
            if page.next is None:
                return
            call = replace(call, params={**call.params, "after": page.next})


class Awaiting:
    """A connection to be used as an asynchronous context manager, or closed."""

    def __init__(self, url: str, key: str, *, transport: Any = None, **settings: Any) -> None:
        self.settings = Settings(url, key, **settings)
        self._http = httpx.AsyncClient(
            base_url=url, headers=self.settings.headers, timeout=self.settings.timeout, transport=transport
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def call(self, call: Call[Answer]) -> Answer:
        """Send a call, again if need be, and return its answer."""
        sent, tried = request(self._http, call), 0
        while True:
            tried += 1
            try:
                return answer(call, await self._http.send(sent))
            except (FestoonProblem, httpx.TransportError) as failure:
                seconds = wait_before(call, tried, self.settings.tries, failure)
                if seconds is None:
                    raise
            await asyncio.sleep(seconds)

    async def pages(self, call: Call[Any], name: str) -> AsyncIterator[Any]:
        """The rows of a list, page after page; `limit` of a call is how many a page has."""
        call = replace(call, params={"limit": WIDEST, **call.params})
        while True:
            page = await self.call(call)
            for row in getattr(page, name):
                yield row
            if page.next is None:
                return
            call = replace(call, params={**call.params, "after": page.next})
