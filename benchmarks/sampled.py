"""A serving process that looks at itself every four milliseconds of its own processor time, and at the clock around a
batch. `python -m benchmarks.sampled DSN PORT FILE` begins on SIGUSR1 and writes what it saw to the file on SIGUSR2."""

import signal
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import uvicorn
from msgspec import Struct

from festoon.api.server import Server, Serving
from festoon.base.collector import calm
from festoon.cli.listening import UVICORN
from festoon.intake import batcher

TICK = 0.004
# From the innermost frame outwards, the first of these says what was being done: (end of the file's name, function).
STAGES: tuple[tuple[str, str, str], ...] = (
    ("engine/load.py", "world", "world"),
    ("engine/load.py", "", "read"),
    ("engine/members.py", "", "read"),
    ("engine/run_batch.py", "_lock_and_read", "read"),
    ("engine/hints.py", "", "read"),
    ("engine/deciding.py", "__init__", "identity"),
    ("engine/deciding.py", "_take", "decide"),
    ("engine/deciding.py", "answers", "answer"),
    ("engine/deciding.py", "", "decide"),
    ("engine/post.py", "", "post"),
    ("engine/run_batch.py", "", "rest"),
    ("intake/batcher.py", "", "queue"),
    ("intake/queue.py", "", "queue"),
    ("intake/door.py", "", "door"),
    ("intake/cloudevents.py", "", "door"),
    ("intake/http.py", "present", "present"),
    ("intake/http.py", "_many", "present"),
    ("access/keyring.py", "", "request"),
    ("intake/asgi.py", "", "request"),
    ("intake/http.py", "", "request"),
    ("intake/protocol.py", "", "http"),
    ("uvicorn/protocols", "", "http"),
    ("uvicorn/middleware", "", "http"),
)
LOOP = "loop"


class Seen(Struct):
    """Samples by stage; seconds between queueing and answer, and in batches, weighted by their events."""

    samples: dict[str, int]
    answered: int
    waited: float
    decided: float


class Watch:
    """What one process sees of itself."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._samples: Counter[str] = Counter()
        self._answered = 0
        self._waited = 0.0
        self._decided = 0.0

    def begin(self, *_: object) -> None:
        self._samples.clear()
        self._answered, self._waited, self._decided = 0, 0.0, 0.0
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, TICK, TICK)

    def end(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        seen = Seen(dict(self._samples), self._answered, self._waited, self._decided)
        self._file.write_bytes(msgspec.json.encode(seen))

    def giving(self, give: Callable[..., None]) -> Callable[..., None]:
        """Measure from queueing to answer."""

        def given(self_: Any, events: Any, answered: Callable[[Any], None]) -> None:
            began = time.perf_counter()

            def measured(answers: Any) -> None:
                self._answered += len(events)
                self._waited += (time.perf_counter() - began) * len(events)
                answered(answers)

            give(self_, events, measured)

        return given

    def running(self, run: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """Measure batches."""

        async def ran(engine: Any, connection: Any, events: Any, *how: Any) -> Any:
            began = time.perf_counter()
            answers = await run(engine, connection, events, *how)
            self._decided += (time.perf_counter() - began) * len(events)
            return answers

        return ran

    def _look(self, _: int, frame: FrameType | None) -> None:
        while frame is not None:
            file, name = frame.f_code.co_filename, frame.f_code.co_name
            for end, function, stage in STAGES:
                if end in file and function in ("", name):
                    self._samples[stage] += 1
                    return
            frame = frame.f_back
        self._samples[LOOP] += 1


def main(dsn: str, port: str, file: str) -> None:
    """Serve."""
    calm()
    watch = Watch(Path(file))
    signal.signal(signal.SIGUSR1, watch.begin)
    signal.signal(signal.SIGUSR2, watch.end)
    batcher.run_batch = watch.running(batcher.run_batch)  # type: ignore[assignment, attr-defined]
    batcher.Batcher.give = watch.giving(batcher.Batcher.give)  # type: ignore[method-assign]
    uvicorn.run(Server(Serving(dsn)), host="127.0.0.1", port=int(port), **UVICORN)


if __name__ == "__main__":
    main(*sys.argv[1:])
