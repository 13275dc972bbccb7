"""A folder of reports as pages, for whoever has a key that may read campaigns.

A browser asks for a name and a password; the password is the key, the name is anything.
"""

from typing import Any

from starlette.requests import Request
from starlette.staticfiles import StaticFiles

from festoon.access.keyring import Keyring
from festoon.api.routes import problem_response, spoken
from festoon.base.errors import FestoonError, Unavailable
from festoon.intake.asgi import Receive, Send
from festoon.intake.batcher import STORE_GONE
from festoon.store.pool import GONE

SCOPE = "campaigns:read"


class Reports:
    """The folder behind its guard."""

    def __init__(self, folder: str, keyring: Keyring) -> None:
        self._files = StaticFiles(directory=folder, html=True)
        self._keyring = keyring

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            key = await self._keyring.key(request.headers.get("authorization", ""))
            key.need(SCOPE)
        except FestoonError as error:
            response = problem_response(error, spoken(request))
            if response.status_code == 401:
                response.headers["www-authenticate"] = 'Basic realm="Festoon reports", charset="UTF-8"'
            await response(scope, receive, send)  # type: ignore[arg-type]
        except GONE:
            response = problem_response(Unavailable(STORE_GONE, retry_after=2), spoken(request))
            await response(scope, receive, send)  # type: ignore[arg-type]
        else:
            await self._files(scope, receive, send)  # type: ignore[arg-type]
