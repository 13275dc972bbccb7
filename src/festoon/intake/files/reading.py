"""Read a file of events through a map, a piece at a time."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from festoon.base.errors import FestoonError, Invalid
from festoon.base.events import Event
from festoon.intake.files.compiled import Compiled
from festoon.intake.files.errors import CUT_OFF, DAMAGED
from festoon.intake.files.grouping import Numbered, Rows, each_row, grouped
from festoon.intake.files.mapping import FileMap
from festoon.intake.files.rows import Chunk
from festoon.intake.files.sources import chunks_of

BATCH = 5_000
LISTED = 20

OnProblem = Callable[[FestoonError], None]


def read_events(
    path: Path, map: FileMap, *, batch_rows: int = BATCH, on_problem: OnProblem | None = None
) -> Iterator[list[Event]]:
    """The events of a file, in lists of at most `batch_rows`. Memory does not grow with the file.

    A row that does not fit raises Invalid with its place, `orders.csv:17`; when `on_problem` is given it is
    told instead, that event is left out, and reading goes on. What is wrong with the whole file (it is
    missing, has not the column, is cut off) always raises; the events that were whole before come first. The
    data of types in the vocabulary is checked. Reading the same file again makes the same events with the
    same ids.
    """
    batch: list[Event] = []
    try:
        for event in FileReader(path, map, on_problem).events():
            batch.append(event)
            if len(batch) >= batch_rows:
                yield batch
                batch = []
    except FestoonError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


class FileCheck(Struct, frozen=True):
    """What a file holds. `problems` are the first ones; `stopped` is what kept the rest from being read."""

    rows: int
    events: int
    types: dict[str, int]
    first: datetime | None
    last: datetime | None
    problem_count: int
    problems: list[FestoonError]
    stopped: FestoonError | None = None

    @property
    def sound(self) -> bool:
        return not self.problem_count and self.stopped is None


def check_file(path: Path, map: FileMap) -> FileCheck:
    """Read a whole file without doing anything with it. Never raises for what is in the file."""
    listed: list[FestoonError] = []
    counts: Counter[str] = Counter()
    first: datetime | None = None
    last: datetime | None = None
    stopped: FestoonError | None = None
    reader = FileReader(path, map, lambda problem: listed.append(problem) if len(listed) < LISTED else None)
    try:
        for event in reader.events():
            counts[event.type] += 1
            first = event.time if first is None or event.time < first else first
            last = event.time if last is None or event.time > last else last
    except FestoonError as error:
        stopped = error
    return FileCheck(reader.rows, reader.made, dict(counts), first, last, reader.problems, listed, stopped)


class FileReader:
    """One reading of one file, with counts: `rows` that were kept, events `made`, `problems` met."""

    def __init__(self, path: Path, map: FileMap, on_problem: OnProblem | None = None) -> None:
        self.rows = self.made = self.problems = 0
        self._path, self._on_problem = path, on_problem
        self._compiled = Compiled(map)

    def events(self) -> Iterator[Event]:
        """The events one by one; see `read_events` for what it raises."""
        try:
            for rows in self._rows():
                event = self._event(rows)
                if event is not None:
                    self.made += 1
                    yield event
        except FestoonError as error:
            if error.code in (CUT_OFF, DAMAGED):
                error.data["events"] = self.made
            raise

    def _event(self, rows: Rows) -> Event | None:
        try:
            if rows.wrong is not None:
                raise rows.wrong
            return self._compiled.event(rows.rows)
        except Invalid as error:
            error.place = f"{self._path.name}:{rows.number}"
            self.problems += 1
            if self._on_problem is None:
                raise
            self._on_problem(error)
            return None

    def _rows(self) -> Iterator[Rows]:
        group, position = self._compiled.map.group, self._compiled.group
        if group is None or position is None:
            return each_row(self._numbered())
        return grouped(self._numbered(), position, group.column)

    def _numbered(self) -> Iterator[Numbered]:
        for chunk in chunks_of(self._path, self._compiled):
            rows, wrong = self._compiled.derived.rows(chunk)
            for position in self._kept(chunk):
                self.rows += 1
                unread = position in chunk.unread
                yield chunk.numbers[position], rows[position], wrong.get(position), not unread

    def _kept(self, chunk: Chunk) -> Iterable[int]:
        """The positions of the rows that count; one that could not be read always does."""
        every = range(len(chunk.numbers))
        if not self._compiled.keep:
            return every
        met = [all(each) for each in zip(*(test(chunk.columns) for test in self._compiled.keep), strict=True)]
        return [position for position in every if met[position] or position in chunk.unread]
