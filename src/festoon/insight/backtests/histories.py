"""Histories: files of events that were put aside to try plans on, by name, and how one is cut and moved in time.

A history is a Parquet file in one folder, as `write_event_parquet` makes it. What a back-test reads is such a file too,
made of the facts or of a history by DuckDB, which sorts more than memory holds.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import msgspec
import pyarrow.parquet as pq
from msgspec import Struct

from festoon.base.errors import Conflict, Invalid, NotFound, define
from festoon.base.times import end_of_day
from festoon.base.vocabulary import VOCABULARY
from festoon.insight.backtests.asked import Facts, File, HistoryName
from festoon.insight.backtests.people import named_by_number, people
from festoon.intake.files import read_event_parquet
from festoon.outbox.facts import files, names

UNKNOWN = define(
    "history.unknown",
    404,
    "there is no history '{name}'",
    "不存在名为“{name}”的历史数据",
    todo="put a file of events among the histories with: festoon backtests keep FILE",
    todo_zh="可用 festoon backtests keep FILE 保存一份事件文件作为历史数据",
)
WRONG_NAME = define(
    "history.wrong_name",
    400,
    "'{name}' is no name for a history: letters, digits, dots, dashes and underscores, at most 80",
    "“{name}”不能作为历史数据的名称：仅可使用字母、汉字、数字、点、连字符和下划线，最多80个字符",
)
EXISTS = define(
    "history.exists",
    409,
    "there is a history '{name}' already",
    "已存在名为“{name}”的历史数据",
    todo="give another name",
    todo_zh="请换一个名称",
)
EMPTY = define(
    "history.empty",
    400,
    "there are no events in that history, or none before its last day",
    "该历史数据中没有事件，或截止日期之前没有事件",
    todo="choose another history or other days; the facts are written by: festoon work",
    todo_zh="请选择其他历史数据或日期；事实数据由 festoon work 写出",
)
SUFFIX = ".parquet"
WEEK = 7
_name = msgspec.json.Decoder(HistoryName)
_OWN = sorted(name for name, known in VOCABULARY.items() if known.kind == "internal")
"""What Festoon or its operators made of a campaign of that time: another plan makes its own."""


class HistoryFile(Struct, frozen=True):
    """A history by its name, with how many events it has and from when to when."""

    name: str
    events: int
    first: datetime | None
    last: datetime | None


def kept(folder: Path) -> list[HistoryFile]:
    """The histories of an installation, by name. What is no such file is left out."""
    return [found for path in sorted(folder.glob("*" + SUFFIX)) for found in _described(path)]


def _described(path: Path) -> Iterator[HistoryFile]:
    try:
        with pq.ParquetFile(path) as file:
            about = file.metadata
            at = file.schema_arrow.names.index("time")
            spans = [about.row_group(group).column(at).statistics for group in range(about.num_row_groups)]
    except (OSError, ValueError):
        return
    known = [span for span in spans if span is not None and span.has_min_max]
    first = min((span.min for span in known), default=None)
    last = max((span.max for span in known), default=None)
    yield HistoryFile(path.stem, about.num_rows, first, last)


def keep(folder: Path, file: Path, name: str) -> HistoryFile:
    """Put a file of events among the histories. Raises Invalid, Conflict, and what reading it raises."""
    path = folder / (checked(name) + SUFFIX)
    for _ in read_event_parquet(file, fields=()):
        pass  # every batch of it can be read
    folder.mkdir(parents=True, exist_ok=True)
    if path.exists():
        raise Conflict(EXISTS, name=name)
    unfinished = path.with_suffix(".tmp")
    shutil.copyfile(file, unfinished)
    unfinished.rename(path)
    return next(_described(path))


def checked(name: str) -> str:
    """A name that is one. Raises Invalid."""
    try:
        return _name.decode(msgspec.json.encode(name))
    except msgspec.ValidationError:
        raise Invalid(WRONG_NAME, "name", name=name) from None


def find(folder: Path, name: str) -> Path:
    """The file of a history. Raises NotFound."""
    path = folder / (checked(name) + SUFFIX)
    if not path.is_file():
        raise NotFound(UNKNOWN, name=name)
    return path


def weeks_between(since: date | None, onto: date | None) -> timedelta:
    """How far a history is moved, in whole weeks: to the nearest that brings `since` to `onto`."""
    if since is None or onto is None:
        return timedelta()
    return timedelta(days=((onto - since).days + WEEK // 2) // WEEK * WEEK)


class Written(Struct, frozen=True):
    """A history ready to be run: how many events, and from when to when once they were moved."""

    events: int
    first: datetime
    last: datetime


def write_facts(dsn: str, facts: Path, asked: Facts, zone: ZoneInfo, target: Path) -> Written:
    """Write the platform's own past as a history. Members go by their numbers. Raises Invalid when there is none."""
    found = files(facts, "events", names(facts))
    if not found:
        raise Invalid(EMPTY)
    known = people(dsn, found)
    with duckdb.connect() as duck:
        rows = f"""SELECT * FROM ({named_by_number(duck, known)})
                   WHERE NOT starts_with(source, 'festoon/') AND NOT list_contains($own, type)"""
        return _write(duck, rows, {"files": [str(file) for file in found], "own": _OWN}, asked, zone, target)


def write_file(histories: Path, asked: File, zone: ZoneInfo, target: Path) -> Written:
    """Cut and move a kept history. Raises NotFound, and Invalid when nothing is left."""
    path = find(histories, asked.name)
    rows = "SELECT *, row_number() OVER () AS seq FROM read_parquet($files)"
    with duckdb.connect() as duck:
        return _write(duck, rows, {"files": [str(path)]}, asked, zone, target)


def _write(
    duck: duckdb.DuckDBPyConnection,
    rows: str,
    given: dict[str, list[str]],
    asked: Facts | File,
    zone: ZoneInfo,
    target: Path,
) -> Written:
    shift = weeks_between(asked.since, asked.onto)
    known = given | {"shift": shift, "until": end_of_day(asked.until, zone) if asked.until else None}
    duck.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = true; SET threads = 1")
    duck.execute(f"SET temp_directory = '{target.parent}'")
    duck.execute(
        f"""CREATE TEMP TABLE history AS
            SELECT source, id, type, subject, time + $shift AS time, data, seq FROM ({rows})
            WHERE $until IS NULL OR time < $until""",
        known,
    )
    [(events, first, last)] = duck.execute(
        "SELECT count(*), epoch_us(min(time)), epoch_us(max(time)) FROM history"
    ).fetchall()
    if not events:
        raise Invalid(EMPTY)
    duck.execute(
        f"""COPY (SELECT source, id, type, subject, time, data FROM history ORDER BY time, seq)
            TO '{target}' (FORMAT parquet, COMPRESSION lz4_raw)"""
    )
    return Written(events, _instant(first), _instant(last))


def _instant(microseconds: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
