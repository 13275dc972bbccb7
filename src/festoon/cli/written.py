"""Files that a command writes: whole, or as they were before."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO

from festoon.base.errors import Invalid, define

UNWRITABLE = define("file.unwritable", 400, "{file} cannot be written: {reason}", "无法写入{file}：{reason}")


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of the one at `path` when everything is in it; when something fails on the way, that
    one stays. Raises Invalid before anything is done when nothing can be written there.
    """
    aside = path.with_name(f"{path.name}.part") if path.is_file() or not path.exists() else path
    file = _opened(aside, path)
    try:
        with file:
            yield file
        if aside != path:
            aside.replace(path)
    finally:
        if aside != path:
            aside.unlink(missing_ok=True)


def written_where(path: Path | None) -> AbstractContextManager[IO[bytes] | None]:
    """The same, or None where no file was asked for."""
    return nullcontext() if path is None else written(path)


def _opened(aside: Path, path: Path) -> IO[bytes]:
    try:
        return aside.open("wb")
    except OSError as error:
        raise Invalid(UNWRITABLE, file=str(path), reason=error.strerror or "") from None
