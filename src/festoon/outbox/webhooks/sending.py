"""One attempt to hand a message to an endpoint: signed, bounded in time and size, never led elsewhere."""

import asyncio
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx
from msgspec import Struct
from standardwebhooks import Webhook

from festoon import __version__
from festoon.base.errors import FestoonError
from festoon.outbox.webhooks.addresses import Allowed, resolve

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
"""For the whole attempt."""
MOST_READ = 64 * 1024
"""Bytes of an answer that are read, so that the connection can be used again; nobody looks at them."""
GONE = 410
_ASKS = (429, 503)


class Answered(Struct, frozen=True):
    """What came of an attempt. `status` is 0 when there was no answer, and `error` says why; `asked` is how long the
    receiver asks to be left alone."""

    status: int
    error: str = ""
    asked: timedelta | None = None

    @property
    def received(self) -> bool:
        return 200 <= self.status < 300


class Sender:
    """Sends to any number of endpoints, over connections that are kept for each of their hosts."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._tls = ssl.create_default_context()
        self._clients: dict[tuple[str, str, int], httpx.AsyncClient] = {}

    async def send(self, url: str, secrets: Sequence[str], id: str, body: str, now: datetime) -> Answered:
        """Post a message, signed with every secret. Whatever goes wrong is in the answer."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._post(httpx.URL(url), _headers(secrets, id, body, now), body)
        except FestoonError as error:
            return Answered(0, f"{error.code}: {error.text()}")
        except TimeoutError:
            return Answered(0, f"no answer within {ANSWER_SECONDS:.0f} seconds")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            return Answered(0, f"{type(error).__name__}: {error}"[:300])

    async def close(self) -> None:
        """Let go of all connections."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def _post(self, url: httpx.URL, headers: dict[str, str], body: str) -> Answered:
        secure = url.scheme == "https"
        port = url.port or (443 if secure else 80)
        addresses = await resolve(url.host, port, self._allowed, secure=secure)
        client = self._client(url.scheme, url.host, port)
        for place, address in enumerate(addresses, 1):
            request = client.build_request(
                "POST",
                url.copy_with(host=address),
                content=body,
                headers={**headers, "host": url.netloc.decode("ascii")},
                extensions={"sni_hostname": url.host},
            )
            try:
                response = await client.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if place == len(addresses):
                    raise
                continue
            return await _answer(response)
        raise OSError("the name has no address")

    def _client(self, scheme: str, host: str, port: int) -> httpx.AsyncClient:
        """One client for each host: what was encrypted for one name never carries what is meant for another."""
        key = scheme, host, port
        if key not in self._clients:
            self._clients[key] = httpx.AsyncClient(
                verify=self._tls,
                trust_env=False,  # a proxy would resolve the name again, and nobody would look at what it finds
                follow_redirects=False,
                timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=4, keepalive_expiry=30),
            )
        return self._clients[key]


async def _answer(response: httpx.Response) -> Answered:
    try:
        read = 0
        async for part in response.aiter_raw():
            read += len(part)
            if read > MOST_READ:
                break
    finally:
        await response.aclose()
    asked = response.headers.get("retry-after", "") if response.status_code in _ASKS else ""
    wait = timedelta(seconds=int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 8 else None
    return Answered(response.status_code, _said(response.status_code), wait)


def _said(status: int) -> str:
    return "a redirect, which is not followed" if 300 <= status < 400 else ""


def _headers(secrets: Sequence[str], id: str, body: str, now: datetime) -> dict[str, str]:
    signatures = [Webhook(secret).sign(id, now, body) for secret in secrets]
    return {
        "content-type": "application/json",
        "user-agent": f"Festoon/{__version__}",
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
