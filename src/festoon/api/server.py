"""One serving process: the hot route in front, the control plane behind it, the clock beside it."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from msgspec import Struct
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from festoon.access.keyring import Keyring
from festoon.api.background import Background
from festoon.api.cross_origin import CrossOrigin
from festoon.api.docs import docs_page, errors_page
from festoon.api.once import Once
from festoon.api.openapi import document
from festoon.api.operations import Process, operations
from festoon.api.reports import Reports
from festoon.api.routes import problem_response, routes, spoken
from festoon.api.sides import Inside, Side
from festoon.base.clock import wall
from festoon.base.errors import FestoonError, Invalid, NotFound, define
from festoon.base.logs import log_as_json
from festoon.engine.compensation_runner import run_begun
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.intake.asgi import SERVER_FAILED, Receive, Send
from festoon.intake.batcher import Batcher, Bounds
from festoon.intake.clock import Clock
from festoon.intake.door import Door, Lateness
from festoon.intake.http import PATH, EventsRoute
from festoon.intake.protocol import STATE, ShortWay
from festoon.intake.turned_away import keep_writing_down
from festoon.intake.watch import watch_program
from festoon.store.home import data_home
from festoon.store.pool import lent, open_pool

NO_ROUTE = define("request.no_such_page", 404, "there is nothing at {path}", "路径{path}不存在")
WRONG_METHOD = define(
    "request.wrong_method", 405, "{path} does not answer {method}", "路径{path}不支持{method}"
)


class Serving(Struct, frozen=True):
    """How a process serves. `reports` is a folder whose pages are shown under /reports, to whoever has a key that may
    read campaigns; with `reports_for_all`, on a machine of one's own, to everybody. `histories` is the folder of past
    events that plans can be tried on, or ""; `facts` is where the relay writes them. `origins` are the sites whose
    pages may ask for members, such as `https://shop.example`; `sign_in` is where the members' pages send whoever has no
    token, `{page}` in it where he was."""

    dsn: str
    bounds: Bounds = Bounds()
    lateness: Lateness = Lateness()
    create_members: bool = True
    clock: bool = True
    reports: str = ""
    reports_for_all: bool = False
    histories: str = ""
    facts: str = ""
    origins: tuple[str, ...] = ()
    sign_in: str = ""


class Server:
    """The ASGI application. What needs the event loop is made when it starts; the hot route is in the lifespan's state,
    where `EventsProtocol` finds it. `sides` are what else the process shows."""

    def __init__(self, serving: Serving, sides: Sequence[Side] = ()) -> None:
        self.serving = serving
        self._sides = sides
        self._events: EventsRoute | None = None
        self._background = Background()
        self._pages = Starlette(
            lifespan=self._lifespan,
            exception_handlers={HTTPException: _http_problem, Exception: _failed},
        )
        self._pages.router.redirect_slashes = False
        self._way: Any = CrossOrigin(self._answer, serving.origins) if serving.origins else self._answer  # type: ignore[arg-type]

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        await self._way(scope, receive, send)

    async def _answer(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "POST":
            assert self._events is not None
            await self._events(scope, receive, send)
        else:
            await self._pages(scope, receive, send)  # type: ignore[arg-type]

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[dict[str, Any]]:
        log_as_json()
        async with await open_pool(self.serving.dsn, min_size=1, max_size=4) as pool:
            async with lent(pool) as connection:
                await connection.fetchval("SELECT journal_extend(2)")
                program = await load_program(connection)
            engine = Engine(program, load_program, wall, create_members=self.serving.create_members)
            batcher = Batcher(engine, self.serving.dsn, self.serving.bounds)
            batcher.start()
            tasks = [
                asyncio.create_task(watch_program(pool, engine)),
                asyncio.create_task(run_begun(pool, self.serving.dsn, engine)),
            ]
            if self.serving.clock:
                tasks.append(asyncio.create_task(Clock(self.serving.dsn, batcher, time.monotonic).run()))
            try:
                async with AsyncExitStack() as stack:
                    yield {STATE: ShortWay(await self._open(pool, engine, batcher, stack))}
            finally:
                await self._background.stop()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await batcher.stop()

    async def _open(
        self, pool: asyncpg.Pool, engine: Engine, batcher: Batcher, stack: AsyncExitStack
    ) -> EventsRoute:
        """Make the routes, now that there is something behind them, and return the hot one."""
        door = Door(self.serving.lateness, lambda: engine.program)
        keyring = Keyring(pool, time.monotonic)
        stack.callback(asyncio.create_task(keep_writing_down(pool, door, wall)).cancel)
        self._events = events = EventsRoute(batcher, door, keyring, shared=bool(self.serving.origins))
        facts = Path(self.serving.facts) if self.serving.facts else data_home() / "facts"
        histories = Path(self.serving.histories) if self.serving.histories else None
        known = operations(
            Process(
                self.serving.dsn,
                pool,
                engine,
                batcher,
                door,
                events.pace,
                engine.now,
                time.monotonic,
                self._background,
                facts,
                histories,
            )
        )
        described = document(known)
        page = HTMLResponse(docs_page(described))
        pages: list[BaseRoute] = [
            *routes(known, keyring, Once(pool, wall)),
            Route("/openapi.json", lambda _: JSONResponse(described)),
            Route("/docs", lambda _: page),
            Route("/errors", _errors),
        ]
        if self.serving.reports:
            folder = self.serving.reports
            open_ = StaticFiles(directory=folder, html=True) if self.serving.reports_for_all else None
            pages.append(Mount("/reports", open_ or Reports(folder, keyring)))  # type: ignore[arg-type]
        inside = Inside(self.serving.dsn, pool, engine, batcher, door, keyring, facts)
        for side in self._sides:
            pages += await stack.enter_async_context(side(inside))
        # Listed too, so that other methods are refused as wrong ones, and for requests that come under a root_path.
        pages.append(Route(PATH, events, methods=["POST"]))
        self._pages.router.routes[:] = pages
        return events


async def _errors(request: Request) -> Response:
    language = spoken(request)
    return HTMLResponse(errors_page(language), headers={"content-language": language})


async def _http_problem(request: Request, error: Exception) -> Response:
    """What Starlette refuses by itself, as problem details."""
    assert isinstance(error, HTTPException)
    path, method = request.url.path, request.method
    problems: dict[int, FestoonError] = {
        404: NotFound(NO_ROUTE, path=path),
        405: Invalid(WRONG_METHOD, path=path, method=method),
    }
    problem = problems.get(error.status_code, FestoonError(SERVER_FAILED))
    response = problem_response(problem, spoken(request))
    response.headers.update(error.headers or {})
    return response


async def _failed(request: Request, _: Exception) -> Response:
    """A mistake of ours: the reader is told that much, the log tells the rest."""
    return problem_response(FestoonError(SERVER_FAILED), spoken(request))
