"""Every page that a person can click his way to: no dead end, and no word of another language."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
from django.urls import resolve
from msgspec import Struct

from tests.console.visitors import Visitor

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
SILENT = frozenset({"script", "style", "code", "pre", "textarea", "svg", "template", "kbd", "samp"})
"""Elements that hold names, data and code, which no language translates."""
LEAVE = re.compile(r"/sign-in/out/|/language/")
PARTS = ("tab", "part", "act", "section", "kind")
"""What of an address says which page it is, and not of what."""
FILE = "file"
"""The kind of what is downloaded and no page, such as a report that another test has left."""
SHOWN = ("placeholder", "title", "alt", "aria-label")


class Page(Struct, frozen=True):
    """What a page showed: the path, what led there, its status and kind, its words, where it leads."""

    path: str
    came_from: str
    status: int
    kind: str
    text: tuple[str, ...]
    links: tuple[str, ...]


class Reading(HTMLParser):
    """The words of a page as it is read, and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = (
            self._silent
            or tag in SILENT
            or given.get("translate") == "no"
            or ("lang" in given and tag != "html")
        )
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if not silent:
            self.text += [given[name] or "" for name in SHOWN if given.get(name)]
        if tag not in VOID:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.text.append(data.strip())

    @property
    def _silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def kind(path: str) -> str:
    """The page that a path is of, whatever it is a page of."""
    if not path.startswith("/console/"):
        return path
    found = resolve(path.removeprefix("/console"))
    return " ".join([found.view_name, *(found.kwargs[name] for name in PARTS if name in found.kwargs)])


def crawl(
    visitor: Visitor,
    start: str = "/console/",
    most: int = 400,
    kind: Callable[[str], str] = str,
    of_a_kind: int = 4,
) -> Iterator[Page]:
    """Follow every link from a page on, breadth first. Of links whose paths are of one kind, the first four: by default
    those that differ in their query only."""
    waiting, seen, kinds = [(start, "")], {start}, dict[str, int]()
    while waiting and most:
        path, came_from = waiting.pop(0)
        answer = visitor.get(path)
        page = _read(path, came_from, answer)
        yield page
        most -= 1
        for link in page.links:
            found = urlsplit(urljoin(str(answer.url), link))
            target = found.path + (f"?{found.query}" if found.query else "")
            mine = found.netloc == answer.url.netloc.decode() and not LEAVE.search(found.path)
            if not mine or target in seen:
                continue
            like = kind(found.path)
            kinds[like] = kinds.get(like, 0) + 1
            if kinds[like] <= of_a_kind:
                seen.add(target)
                waiting.append((target, path))


def _read(path: str, came_from: str, answer: httpx.Response) -> Page:
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if answer.headers.get("content-disposition", "").startswith("attachment"):
        kind = FILE
    reading = Reading()
    if kind == "text/html":
        reading.feed(answer.text)
    return Page(path, came_from, answer.status_code, kind, tuple(reading.text), tuple(reading.links))
