"""Static files without a build step: collected and compressed once per version into the data home, then served with a
digest in their path, so that a browser keeps them for good.

One digest for all of them, over their names and contents, keeps the references of one file to another right.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.urls import get_script_prefix
from whitenoise.compress import Compressor

from festoon.store.home import data_home

PREFIX = "static"
_LEFT_OUT = ("gis/", "admin/js/vendor/xregexp/")
_UNFINISHED = "new-"
_ABANDONED_SECONDS = 24 * 3600
_EARLIER_KEPT = 2


def _found() -> Iterator[tuple[str, Path]]:
    for finder in get_finders():
        for name, storage in finder.list(None):
            if not name.startswith(_LEFT_OUT):
                yield name, Path(storage.path(name))


@cache
def digest() -> str:
    """What the files' paths are marked with: it changes when any of them does."""
    seen = sha256()
    for name, path in sorted(_found()):
        state = path.stat()
        seen.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    return seen.hexdigest()[:12]


def collected() -> Path:
    """The folder with every static file, made when it is not there yet."""
    room = data_home() / PREFIX
    wanted = room / digest()
    if not wanted.exists():
        room.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=room))
        _collect(fresh)
        try:
            fresh.rename(wanted)
        except OSError:  # another process was first
            shutil.rmtree(fresh, ignore_errors=True)
        _forget_others(room, wanted)
    return wanted


def _collect(room: Path) -> None:
    compressor = Compressor(quiet=True, use_brotli=False)
    for name, path in _found():
        target = room / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            if compressor.should_compress(name):
                list(compressor.compress(str(target)))


def _forget_others(room: Path, wanted: Path) -> None:
    """Keep the newest few: a process of the version before may still be serving. What another process is collecting
    right now is not ours to take: only what somebody left half done long ago."""
    ages = {each: age for each, age in _ages(room) if each != wanted}
    unfinished = {each for each in ages if each.name.startswith(_UNFINISHED)}
    earlier = sorted(ages.keys() - unfinished, key=ages.__getitem__)
    abandoned = [each for each in unfinished if ages[each] > _ABANDONED_SECONDS]
    for old in [*earlier[_EARLIER_KEPT:], *abandoned]:
        shutil.rmtree(old, ignore_errors=True)


def _ages(room: Path) -> Iterator[tuple[Path, float]]:
    for each in room.iterdir():
        with suppress(FileNotFoundError):  # another process has just finished it, or forgotten it
            yield each, time.time() - each.stat().st_mtime


class Dated(StaticFilesStorage):
    """Says where a static file is, under whatever path the console stands."""

    def url(self, name: str | None) -> str:
        return f"{get_script_prefix()}{PREFIX}/{digest()}/{name}"
