"""Run the relay by itself: `python -m festoon.outbox DSN DIRECTORY`, until it is told to stop."""

import argparse
import asyncio
import signal
from pathlib import Path

from festoon.outbox.ranges import CAP
from festoon.outbox.relay import PACE_SECONDS, Relay


async def serve(dsn: str, directory: Path, cap: int, pace: float) -> None:
    """Relay until SIGTERM or SIGINT; the range at hand is finished first."""
    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    await Relay(dsn, directory, cap=cap, pace=pace).run(stop)


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m festoon.outbox", description=__doc__)
    asked.add_argument("dsn", help="the database, as a URL")
    asked.add_argument("directory", type=Path, help="where the facts are")
    asked.add_argument(
        "--cap", type=int, default=CAP, help="rows in a file, at the most (default %(default)s)"
    )
    asked.add_argument(
        "--pace", type=float, default=PACE_SECONDS, help="seconds between looks (default %(default)s)"
    )
    given = asked.parse_args()
    asyncio.run(serve(given.dsn, given.directory, given.cap, given.pace))


if __name__ == "__main__":
    main()
