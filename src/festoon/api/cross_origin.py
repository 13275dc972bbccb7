"""Which other sites' pages may ask for members (CORS): those that were declared when the server was started."""

from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

OF_MEMBERS = ("/v1/events", "/v1/me/")


class CrossOrigin:
    """Stands before an application. Only what members' tokens are for is open to the pages of other sites."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type"],
            expose_headers=["retry-after"],
            max_age=3600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        to: Any = self._open if scope.get("path", "").startswith(OF_MEMBERS) else self._app
        await to(scope, receive, send)
