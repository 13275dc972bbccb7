"""A process that has imported the server and forks one for every line it is told, so that a killed one is back at once.

python -m tests.crash.zygote DSN PORT     prints the process id of each server
"""

import os
import signal
import sys

import uvicorn

from festoon.api.server import Server, Serving
from festoon.intake.batcher import Bounds
from festoon.intake.protocol import EventsProtocol


def main() -> None:
    """Fork until standard input ends; then the last server ends too."""
    dsn, port = sys.argv[1], int(sys.argv[2])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel collects the dead
    pid = 0
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            serve(dsn, port)
            os._exit(0)
        print(pid, flush=True)  # noqa: T201
    if pid:
        os.kill(pid, signal.SIGTERM)


def serve(dsn: str, port: int) -> None:
    """A server as `festoon serve` runs it: two lanes and a clock."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    serving = Serving(dsn, Bounds(lanes=2))
    uvicorn.run(
        Server(serving),
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http=EventsProtocol,
        access_log=False,
        log_level="critical",
    )


if __name__ == "__main__":
    main()
