"""The console as a side of a serving process: Django under /console, on a fixed number of threads."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from whitenoise import WhiteNoise

from festoon.api.sides import Inside
from festoon.console.assets import PREFIX, collected, digest
from festoon.console.bridge import BRIDGE, Bridge
from festoon.console.database import OwnDatabase
from festoon.store.migrate import setup
from festoon.store.pool import lent, open_pool

THREADS = 6
PATH = "/console"


@asynccontextmanager
async def console(inside: Inside) -> AsyncIterator[Sequence[BaseRoute]]:
    """Open the console: its routes, for as long as the server runs."""
    await asyncio.to_thread(setup)
    folder = await asyncio.to_thread(collected)
    async with await open_pool(inside.dsn, min_size=0, max_size=THREADS) as pool:
        async with lent(pool) as connection:
            rehearsal = await connection.fetchval("SELECT mode = 'rehearsal' FROM installation")
        bridge = Bridge(inside, pool, asyncio.get_running_loop(), rehearsal=rehearsal)
        database = OwnDatabase(inside.dsn)
        pages = get_wsgi_application()

        def application(environ: dict[str, Any], start_response: Any) -> Any:
            database.lend()
            environ[BRIDGE] = bridge
            return pages(environ, start_response)

        served = WhiteNoise(application, max_age=WhiteNoise.FOREVER, immutable_file_test=lambda *_: True,
                            allow_all_origins=False, add_headers_function=_as_they_are)  # fmt: skip
        served.add_files(str(folder), prefix=f"{PREFIX}/{digest()}/")
        threads = WSGIMiddleware(served, workers=THREADS)
        try:
            yield [Route(PATH, _with_slash), Mount(PATH, threads)]  # type: ignore[arg-type]
        finally:
            await asyncio.to_thread(threads.executor.shutdown)
            await asyncio.to_thread(database.close)


async def _with_slash(request: Request) -> Response:
    return RedirectResponse(f"{request.url.path}/")


def _as_they_are(headers: Any, _path: str, _url: str) -> None:
    """A browser takes a file for what it says it is, and nothing else."""
    headers["X-Content-Type-Options"] = "nosniff"
