"""Static files without a build step: collected and compressed once per version into the data home, then served with a
digest in their path, so that a browser keeps them for good.

One digest for all of them, over their names and contents, keeps the references of one file to another right.
"""

import shutil
import tempfile
from collections.abc import Iterator
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
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=room))
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
    """Keep the newest few: a process of the version before may still be serving."""
    known = sorted((each for each in room.iterdir() if each != wanted), key=lambda each: each.stat().st_mtime)
    for old in known[:-2]:
        shutil.rmtree(old, ignore_errors=True)


class Dated(StaticFilesStorage):
    """Says where a static file is, under whatever path the console stands."""

    def url(self, name: str | None) -> str:
        return f"{get_script_prefix()}{PREFIX}/{digest()}/{name}"
