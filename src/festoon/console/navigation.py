"""The navigation: the pages of every group that the reader may open, in their places."""

from functools import cache
from importlib import import_module
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from msgspec import Struct

from festoon.console.groups import NAMES, Page


class Entry(Struct, frozen=True):
    """A page as the navigation shows it."""

    page: Page
    url: str
    here: bool
    count: str = ""


class Section(Struct, frozen=True):
    """Pages that are there for the same kind of work; `text` is the key of its heading, nothing for the first."""

    text: str
    entries: list[Entry]


SECTIONS = ((80, "nav_settings"), (70, "nav_queues"), (60, "nav_members"), (20, "nav_campaigns"), (0, ""))
"""From which place on pages stand under which heading."""


@cache
def known() -> tuple[Page, ...]:
    """The pages of all groups."""
    groups = (import_module(f"festoon.console.{name}.urls") for name in NAMES)
    return tuple(sorted((page for group in groups for page in group.PAGES), key=lambda page: page.place))


def pages_for(request: HttpRequest) -> list[Entry]:
    """What the reader may open; nothing for a stranger."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    open_to = [(page, reverse(page.view)) for page in known() if user.may(page.needs)]
    # The entry that leads closest to the page: some stand below others.
    here = max((url for _, url in open_to if request.path.startswith(url)), key=len, default="")
    return [Entry(page, url, url == here, reverse(page.count) if page.count else "") for page, url in open_to]


def sections_of(entries: list[Entry]) -> list[Section]:
    """The pages of a reader under their headings, in their places; a heading with nothing under it is left out."""

    def heading(entry: Entry) -> str:
        return next(text for place, text in SECTIONS if entry.page.place >= place)

    return [Section(text, list(found)) for text, found in groupby(entries, heading)]
