"""An application that does nothing."""

from typing import Any

BODY = b'{"id":"1","source":"shop","status":200,"again":false,"outcome":{"status":"accepted"}}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Read the request, answer 200."""
    if scope["type"] != "http":
        return
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
