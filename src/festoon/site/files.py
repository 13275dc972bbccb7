"""The scripts, styles and pictures of the members' pages, read once, each with a tag that its content makes."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct

FOLDER = Path(__file__).with_name("static")
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class Kept(Struct, frozen=True):
    """Something as it is answered: its bytes, its type, and the tag that tells this version from others."""

    body: bytes
    kind: str
    tag: str


def kept(body: bytes, kind: str) -> Kept:
    return Kept(body, kind, f'"{blake2b(body, digest_size=12).hexdigest()}"')


@cache
def _every() -> dict[str, Kept]:
    return {
        str(path.relative_to(FOLDER)): kept(path.read_bytes(), KINDS[path.suffix])
        for path in FOLDER.rglob("*")
        if path.suffix in KINDS
    }


def site_file(name: str) -> Kept | None:
    """A file by its name under `static`, or None. Only what was there at the start is ever answered."""
    return _every().get(name)


def parts() -> list[str]:
    """The modules that the script is made of, for pages that load them ahead."""
    return sorted(name for name in _every() if name.startswith("parts/"))
