"""The files of facts: `<kind>/g<generation>-<low>-<high>.parquet`, one for each kind and range.

A file gets its name when it is whole and on the disk. The file of events gets it last, so a range can be seen
when all of its files can. What a process that was killed leaves behind is called `*.tmp`.
"""

import errno
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from festoon.base.errors import Unavailable, define
from festoon.outbox.schemas import SCHEMAS

DISK_FULL = define(
    "facts.disk_full",
    503,
    "there is no room left for facts in {directory}",
    "事实数据目录 {directory} 空间不足",
    todo="make room; the relay goes on by itself, and nothing is lost meanwhile",
    todo_zh="请腾出空间；转存会自动继续，期间不会丢失数据",
)
NOT_WRITABLE = define(
    "facts.not_writable",
    503,
    "facts cannot be written in {directory}: {reason}",
    "无法写入事实数据目录 {directory}：{reason}",
    todo="let this process write there; the relay goes on by itself, and nothing is lost meanwhile",
    todo_zh="请授予该目录的写入权限；转存会自动继续，期间不会丢失数据",
)
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
RETRY_SECONDS = 5

SUFFIX = ".parquet"
UNFINISHED = ".tmp"
_NAME = re.compile(r"g\d{4}-\d{19}-\d{19}")
_KINDS = (*(kind for kind in SCHEMAS if kind != "events"), "events")
"""In the order in which a range's files get their names."""


class Written(Struct, frozen=True):
    """How many files a range has, and the digest over them."""

    files: int
    digest: str


def write(directory: Path, name: str, tables: Mapping[str, pa.Table]) -> Written:
    """Write a range's files, durably. Writing them again makes the same bytes.

    Raises Unavailable (`facts.disk_full`, `facts.not_writable`); even then no file with a name is in part.
    """
    digests = []
    with _told(directory):
        for kind in _KINDS:
            if tables[kind].num_rows or kind == "events":
                made = _encoded(tables[kind])
                digests.append((kind, sha256(made).hexdigest()))
                _put(directory / kind, name + SUFFIX, made)
            else:
                (directory / kind / (name + SUFFIX)).unlink(missing_ok=True)
    return Written(len(digests), _joined(digests))


def digest(directory: Path, name: str) -> str | None:
    """The digest over a range's files as they are now; None when there are none."""
    files = [(kind, directory / kind / (name + SUFFIX)) for kind in _KINDS]
    found = [(kind, sha256(file.read_bytes()).hexdigest()) for kind, file in files if file.exists()]
    return _joined(found) if found else None


def names(directory: Path) -> list[str]:
    """The ranges that can be seen, in order."""
    return sorted(
        file.stem for file in (directory / "events").glob("*" + SUFFIX) if _NAME.fullmatch(file.stem)
    )


def files(directory: Path, kind: str, ranges: list[str]) -> list[Path]:
    """The files of a kind for some ranges; not every range has one of every kind."""
    wanted = set(ranges)
    return sorted(file for file in (directory / kind).glob("*" + SUFFIX) if file.stem in wanted)


def read(directory: Path, name: str) -> dict[str, pa.Table]:
    """A range's tables, as they were written."""
    found = {kind: directory / kind / (name + SUFFIX) for kind in _KINDS}
    return {
        kind: pq.read_table(file) if file.exists() else SCHEMAS[kind].empty_table()
        for kind, file in found.items()
    }


def sweep(directory: Path) -> None:
    """Remove what killed processes left unfinished. Only for who holds the relay's lock."""
    with _told(directory):
        for kind in _KINDS:
            for left in (directory / kind).glob("*" + UNFINISHED):
                left.unlink()


def _encoded(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    # Every setting that changes bytes is named, so that a default that changes some day changes nothing here.
    pq.write_table(
        table,
        sink,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        row_group_size=1 << 17,
        write_statistics=True,
    )
    return sink.getvalue()


def _put(directory: Path, name: str, made: pa.Buffer) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    unfinished = directory / f"{name}.{os.getpid()}{UNFINISHED}"
    try:
        with unfinished.open("wb") as out:
            out.write(made)
            out.flush()
            os.fsync(out.fileno())
        unfinished.rename(directory / name)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
    _sync(directory)


def _sync(directory: Path) -> None:
    """A name is durable when its directory is."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _joined(digests: list[tuple[str, str]]) -> str:
    """SHA-256 over `<sha256 of the file>  <kind>` lines, as `sha256sum` would print them."""
    return sha256("".join(f"{one}  {kind}\n" for kind, one in digests).encode()).hexdigest()


@contextmanager
def _told(directory: Path) -> Iterator[None]:
    """Failures to write, as errors that say what to do."""
    try:
        yield
    except OSError as error:
        code = DISK_FULL if error.errno in NO_ROOM else NOT_WRITABLE
        reason = error.strerror or str(error)
        raise Unavailable(code, retry_after=RETRY_SECONDS, directory=str(directory), reason=reason) from error
