"""Every screen of the console that can be clicked to, in a browser: nothing overflows, axe finds nothing serious."""

import os
import re

import pytest

from tests.browser.looking import (
    DESK,
    LANGUAGES,
    PHONE,
    PICTURES,
    Looking,
    overflowing,
    picture,
    serious,
    torn,
)
from tests.console.crawl import crawl
from tests.console.test_every_page import EVERYTHING, _members, plan
from tests.console.visitors import Visitors

__all__ = ["_members", "plan"]

NUMBER = re.compile(r"\d+")


@pytest.fixture(scope="module")
def paths(visitors: Visitors) -> list[str]:
    """One path of each shape."""
    shapes: dict[str, str] = {}
    for page in crawl(visitors.fresh(EVERYTHING, username="crawler")):
        if page.kind == "text/html" and page.status == 200:
            shapes.setdefault(NUMBER.sub("0", page.path.partition("?")[0]), page.path)
    return sorted(shapes.values())


def test_every_screen_fits_a_phone_and_can_be_used_by_everybody(open_page: Looking, paths: list[str]) -> None:
    page = open_page(EVERYTHING, width=PHONE)
    found = {}
    for path in paths:
        page.goto(path)
        if wrong := [*overflowing(page), *torn(page), *serious(page)]:
            found[path] = wrong
    assert found == {}


def test_every_screen_fits_a_desk(open_page: Looking, paths: list[str]) -> None:
    page = open_page(EVERYTHING, width=DESK, language="zh-hans")
    found = {}
    for path in paths:
        page.goto(path)
        if wrong := overflowing(page):
            found[path] = wrong
    assert found == {}


if os.environ.get(PICTURES):

    @pytest.mark.timeout(1800)
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("width", [DESK, PHONE])
    def test_pictures_are_kept_of_every_screen(
        open_page: Looking, paths: list[str], width: int, language: str
    ) -> None:
        page = open_page(EVERYTHING, width=width, language=language)
        for path in paths:
            page.goto(path)
            picture(page, f"{path.strip('/').replace('/', '.')}.{width}.{language}")
            assert overflowing(page) == [], path
