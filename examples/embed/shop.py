"""A shop that is not Festoon, with Festoon's components on its page.

    FESTOON_URL=http://127.0.0.1:8800 FESTOON_KEY=fst_… python shop.py

The browser talks to Festoon itself. All that the shop does for it is to say who has signed in: it asks for a token of
that member with its API key, which never leaves this process.
"""

import json
import os
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

HERE = Path(__file__).parent
SIGNED_IN = {"s-1": "li-hua"}
"""Sessions of the shop, by their cookie. A real shop has its own way of signing people in."""


def token_of(member: str, festoon: str, key: str) -> bytes:
    """A token by which this member's browser may act for him, good for a quarter of an hour."""
    asked = Request(
        f"{festoon}/v1/members/{quote(member, safe='')}/token",
        json.dumps({"seconds": 900}).encode(),
        {"authorization": f"Bearer {key}", "content-type": "application/json"},
    )
    with urlopen(asked, timeout=10) as answer:
        token: bytes = answer.read()
    return token


class Shop(BaseHTTPRequestHandler):
    """The shop's pages. `festoon`, `key` and `campaign` are set on a subclass."""

    festoon = ""
    key = ""
    campaign = ""

    def do_GET(self) -> None:
        if self.path == "/festoon-token":
            self._token()
        elif self.path == "/shop.css":
            self._answer((HERE / "shop.css").read_bytes(), "text/css")
        elif self.path == "/":
            page = (HERE / "index.html").read_text(encoding="utf-8")
            page = page.replace("{festoon}", self.festoon).replace("{campaign}", self.campaign)
            self._answer(
                page.encode(), "text/html; charset=utf-8", {"set-cookie": "shop=s-1; HttpOnly; SameSite=Lax"}
            )
        else:
            self.send_error(404)

    def _token(self) -> None:
        """Only for who has signed in, and only his own: the member's id never comes from the request."""
        session = SimpleCookie(self.headers.get("cookie", "")).get("shop")
        member = SIGNED_IN.get(session.value) if session else None
        if member is None:
            self.send_error(401)
        else:
            self._answer(
                token_of(member, self.festoon, self.key), "application/json", {"cache-control": "no-store"}
            )

    def _answer(self, body: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        policy = (
            f"default-src 'none'; script-src {self.festoon}; style-src 'self'; img-src {self.festoon}; "
            f"connect-src 'self' {self.festoon}"
        )
        self.send_response(200)
        for name, value in {"content-type": kind, "content-security-policy": policy, **(more or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""


def shop(festoon: str, key: str, campaign: str, port: int = 0) -> ThreadingHTTPServer:
    """The shop, listening on loopback."""
    of = type("ThisShop", (Shop,), {"festoon": festoon, "key": key, "campaign": campaign})
    return ThreadingHTTPServer(("127.0.0.1", port), of)


if __name__ == "__main__":
    found = shop(
        os.environ["FESTOON_URL"], os.environ["FESTOON_KEY"], os.environ.get("CAMPAIGN", "spring"), 8900
    )
    print("http://127.0.0.1:8900")
    found.serve_forever()
