"""The members' pages as a side of a serving process: shells under /m, the same bytes for everybody.

Everything personal is fetched by the page itself with the member's token. A page is made once for each language and
version of the program, and answered with its tag, so that it can be kept by whoever stands in front.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from festoon.api.routes import problem_response
from festoon.api.sides import Inside
from festoon.base.errors import LANGUAGES, NotFound, define
from festoon.engine.engine import Engine
from festoon.intake.asgi import language_of
from festoon.plan.compiled import CompiledCampaign
from festoon.site.card import card
from festoon.site.files import Kept, kept, site_file
from festoon.site.qr import qr
from festoon.site.shells import MINE, Shells, texts

NO_PAGE = define("site.no_page", 404, "there is no such page", "页面不存在")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=()",
}
PAGE_SECONDS = 60
FILE_SECONDS = 300
MOST = 2_000
_CODE = re.compile(r"[0-9A-Za-z-]{4,24}", re.ASCII)


class Site(Struct, frozen=True):
    """How the members' pages are shown. `sign_in` is where a member is sent who has no token; `{page}` in it becomes
    the page he comes from."""

    sign_in: str = ""

    @asynccontextmanager
    async def __call__(self, inside: Inside) -> AsyncIterator[Sequence[BaseRoute]]:
        """Open the side: its routes."""
        yield Pages(inside.engine, self.sign_in).routes()


class Pages:
    """The routes, with what they need of the process."""

    def __init__(self, engine: Engine, sign_in: str) -> None:
        self._engine = engine
        self._shells = Shells(sign_in)
        self._made: dict[tuple[str, ...], Kept] = {}

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/m", self.index),
            Route("/m/", _without_slash),
            Route("/m/festoon.js", self.script),
            Route("/m/-/texts/{language}.json", self.texts),
            Route("/m/-/{file:path}", self.file),
            Route("/m/{campaign}/qr.svg", self.qr),
            Route("/m/{campaign}/card.png", self.card),
            Route("/m/{campaign}/my/{page}", self.mine),
            Route("/m/{campaign}", self.landing),
            Route("/m/{campaign}/{mechanic}", self.mechanic),
        ]

    async def index(self, request: Request) -> Response:
        language = _language(request)
        made = self._page(("index", language), lambda: self._shells.index(self._engine.program, language))
        return _page(request, made, language)

    async def landing(self, request: Request) -> Response:
        found, language, home = self._campaign(request), _language(request), _home(request)
        if found is None:
            return self._no_page(request, language)
        make = partial(self._shells.landing, self._engine.program, found, language, home)
        return _page(request, self._page(("landing", found.campaign, language, home), make), language)

    async def mechanic(self, request: Request) -> Response:
        found, language, home = self._campaign(request), _language(request), _home(request)
        id = request.path_params["mechanic"]
        if found is None or not any(each.id == id for each in found.mechanics):
            return self._no_page(request, language)
        make = partial(self._shells.mechanic, self._engine.program, found, id, language, home)
        return _page(request, self._page(("mechanic", found.campaign, id, language, home), make), language)

    async def mine(self, request: Request) -> Response:
        found, language, home = self._campaign(request), _language(request), _home(request)
        page = request.path_params["page"]
        if found is None or page not in MINE:
            return self._no_page(request, language)
        make = partial(self._shells.mine, self._engine.program, found, page, language, home)
        return _page(request, self._page(("mine", found.campaign, page, language, home), make), language)

    async def script(self, request: Request) -> Response:
        return _file(request, site_file("festoon.js"))

    async def file(self, request: Request) -> Response:
        found = site_file(request.path_params["file"])
        return _nothing(_language(request)) if found is None else _file(request, found)

    async def texts(self, request: Request) -> Response:
        language = request.path_params["language"]
        if language not in LANGUAGES:
            return _nothing("en")
        return _file(request, kept(msgspec.json.encode(dict(texts(language))), "application/json"))

    async def qr(self, request: Request) -> Response:
        """Where an invitation leads, as a picture: only to where the plan's links lead, or to our own page."""
        found, code = self._campaign(request), request.query_params.get("code", "")
        if found is None or (code and not _CODE.fullmatch(code)):
            return _nothing(_language(request))
        link = qr_link(found, request.query_params.get("mechanic", ""), code, _home(request))
        made = self._page(("qr", link), lambda: qr(link), "image/svg+xml")
        return _file(request, made)

    async def card(self, request: Request) -> Response:
        """The picture that goes with a shared link."""
        found, language = self._campaign(request), _language(request)
        if found is None:
            return _nothing(language)
        name = ("card", str(self._engine.program.version), found.campaign, language)
        if name not in self._made:
            self._made[name] = kept(await asyncio.to_thread(card, found, language), "image/png")
        return _file(request, self._made[name])

    def _no_page(self, request: Request, language: str) -> Response:
        """Who came by a link that is old, or mistyped, reads a page that leads on; a program gets the error."""
        if "text/html" not in request.headers.get("accept", ""):
            return _nothing(language)
        made = self._page(("nothing", language), lambda: self._shells.nothing(language))
        headers = {**HEADERS, "content-language": language, "vary": "accept, accept-language"}
        return Response(made.body, 404, {**headers, "cache-control": "no-store"}, made.kind)

    def _campaign(self, request: Request) -> CompiledCampaign | None:
        return self._engine.program.campaigns.get(request.path_params["campaign"])

    def _page(self, name: tuple[str, ...], make: Callable[[], bytes], kind: str = "text/html") -> Kept:
        """A page as it was made for this version of the program, or made anew."""
        key = (str(self._engine.program.version), *name)
        known = self._made.get(key)
        if known is None:
            if len(self._made) >= MOST:
                self._made.clear()
            known = self._made[key] = kept(make(), kind)
        return known


def qr_link(campaign: CompiledCampaign, mechanic: str, code: str, home: str) -> str:
    """Where the invitation of a referral leads; without a link of its own, to the campaign's page."""
    for each in campaign.mechanics:
        link = getattr(each.mechanic.params, "link", "")
        if each.id == mechanic and link:
            return str(link).replace("{code}", code)
    return f"{home}/m/{campaign.campaign}" + (f"?by={code}" if code else "")


async def _without_slash(_: Request) -> Response:
    return RedirectResponse("/m")


def _home(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _language(request: Request) -> str:
    """What the address asks for, else what the reader likes best."""
    said = request.query_params.get("lang", "")
    return said if said in LANGUAGES else language_of(request.headers.get("accept-language", ""))


def _nothing(language: str) -> Response:
    return problem_response(NotFound(NO_PAGE), language)


def _page(request: Request, made: Kept, language: str) -> Response:
    extra = {**HEADERS, "content-language": language, "vary": "accept-language"}
    return _answer(request, made, PAGE_SECONDS, extra)


def _file(request: Request, made: Kept | None) -> Response:
    """Scripts and their texts are for the pages of other sites too."""
    assert made is not None
    return _answer(request, made, FILE_SECONDS, {**HEADERS, "access-control-allow-origin": "*",
                                                 "cross-origin-resource-policy": "cross-origin"})  # fmt: skip


def _answer(request: Request, made: Kept, seconds: int, extra: dict[str, str]) -> Response:
    headers = {**extra, "etag": made.tag, "cache-control": f"public, max-age={seconds}"}
    if request.headers.get("if-none-match") == made.tag:
        return PlainTextResponse(status_code=304, headers=headers)
    return Response(made.body, headers=headers, media_type=made.kind)
