"""One serving process: the hot route in front, the control plane behind it, the clock beside it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from festoon.access.keyring import Keyring
from festoon.api.campaigns import Campaigns
from festoon.api.docs import docs_page
from festoon.api.health import Health
from festoon.api.members import Members
from festoon.api.openapi import document
from festoon.api.routes import Operation, problem_response, routes
from festoon.base.clock import wall
from festoon.base.errors import NotFound, define
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.intake.asgi import Receive, Send, language_of
from festoon.intake.batcher import Batcher, Bounds
from festoon.intake.clock import Clock
from festoon.intake.cloudevents import Door, Lateness
from festoon.intake.http import EventsRoute
from festoon.store.pool import open_pool

NO_ROUTE = define("request.no_such_page", 404, "there is nothing at {path}", "路径{path}不存在")


class Serving(Struct, frozen=True):
    """How a process serves. `reports` is a folder whose pages are shown under /reports."""

    dsn: str
    bounds: Bounds = Bounds()
    lateness: Lateness = Lateness()
    create_members: bool = True
    clock: bool = True
    reports: str = ""


class Server:
    """The ASGI application. What needs the event loop is made when it starts."""

    def __init__(
        self, serving: Serving, extra: Callable[[asyncpg.Pool, Engine], list[BaseRoute]] | None = None
    ) -> None:
        self.serving = serving
        self._extra = extra
        self._events: EventsRoute | None = None
        self._pages = Starlette(lifespan=self._lifespan)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/v1/events" and scope["method"] == "POST":
            assert self._events is not None
            await self._events(scope, receive, send)
        else:
            await self._pages(scope, receive, send)  # type: ignore[arg-type]

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        async with await open_pool(self.serving.dsn, min_size=1, max_size=4) as pool:
            async with pool.acquire() as connection:
                await connection.fetchval("SELECT journal_extend(2)")
                program = await load_program(connection)
            engine = Engine(program, load_program, wall, create_members=self.serving.create_members)
            batcher = Batcher(engine, self.serving.dsn, self.serving.bounds)
            batcher.start()
            tasks = (
                [asyncio.create_task(Clock(self.serving.dsn, batcher, time.monotonic).run())]
                if self.serving.clock
                else []
            )
            self._open(pool, engine, batcher)
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await batcher.stop()

    def _open(self, pool: asyncpg.Pool, engine: Engine, batcher: Batcher) -> None:
        """Make the routes, now that there is something behind them."""
        door = Door(self.serving.lateness, rehearsal=engine.program.rehearsal)
        keyring = Keyring(pool, time.monotonic)
        self._events = EventsRoute(batcher, door, keyring)
        operations: tuple[Operation, ...] = (
            *Members(pool, batcher, door).operations(),
            *Campaigns(pool, engine).operations(),
            *Health(pool, batcher).operations(),
        )
        described = document(operations)
        pages: list[BaseRoute] = [
            *routes(operations, keyring),
            Route("/openapi.json", lambda request: JSONResponse(described)),
            Route("/docs", lambda request: HTMLResponse(docs_page(described))),
        ]
        if self._extra is not None:
            pages += self._extra(pool, engine)
        if self.serving.reports:
            pages.append(Mount("/reports", StaticFiles(directory=self.serving.reports, html=True)))
        pages.append(Route("/{path:path}", _nothing_here, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]))
        self._pages.router.routes[:] = pages


async def _nothing_here(request: Request) -> Response:
    language = language_of(request.headers.get("accept-language", ""))
    return problem_response(NotFound(NO_ROUTE, path=request.url.path), language)
