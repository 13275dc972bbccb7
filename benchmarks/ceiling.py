"""What the load and the HTTP server can do at the most: the same load on an application that answers at once."""

import sys

from benchmarks.load import Spec
from benchmarks.serving import Serving, await_ready, free_port, process, put_load
from festoon.base.clock import wall

HEAD = ("connections", "requests/s", "p99, ms", "server, µs a request", "load, µs a request")
UVICORN = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--no-server-header", "--lifespan", "off",
           "--log-level", "warning")  # fmt: skip
SECONDS = 3.0


def rows() -> list[tuple[str, ...]]:
    """One line for each number of connections."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "benchmarks.nothing:application",
        "--port",
        str(port),
        *UVICORN,
    ]
    with process(command, {}) as started:
        await_ready(port, "/")
        serving = Serving(port, started)
        lines: list[tuple[str, ...]] = []
        for connections in (64, 256):
            before = serving.worked
            load = put_load(Spec(port, "none", connections, SECONDS, "nothing", wall().isoformat()))
            own, client = (1e6 * spent / load.requests for spent in (serving.worked - before, load.worked))
            lines.append(
                (str(connections), f"{load.rate:,.0f}", f"{load.p99:.1f}", f"{own:.0f}", f"{client:.0f}")
            )
    return lines
