"""The page of features: every row once and in order, each claim with a test and a page that are there."""

import re

import pytest
from msgspec import Struct

from tests.docs.pages import DOCS, text_of

AREAS = {"P": 11, "M": 6, "E": 12, "C": 7, "S": 7, "A": 8, "I": 6, "R": 6, "T": 5}
STATES = {"whole", "first form", "partly", "not yet"}
_TARGET = re.compile(r"\]\(([^)#]+)[^)]*\)")


class Row(Struct, frozen=True):
    """One row of the page. `tests` and `pages` are what it links to."""

    id: str
    state: str
    there: str
    missing: str
    tests: tuple[str, ...]
    pages: tuple[str, ...]


def rows() -> list[Row]:
    found = re.findall(r"^\| ([A-Z]\d+) \|(.*)\|$", text_of("docs/features.md"), re.MULTILINE)
    cells = [(id, [cell.strip() for cell in rest.split("|")]) for id, rest in found]
    return [
        Row(id, state, there, missing, tuple(_TARGET.findall(tests)), tuple(_TARGET.findall(pages)))
        for id, (_, state, there, missing, tests, pages) in cells
    ]


def test_every_row_is_there_once_and_in_order() -> None:
    assert [row.id for row in rows()] == [
        f"{area}{n}" for area, many in AREAS.items() for n in range(1, many + 1)
    ]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_what_is_there_has_its_tests_and_its_page_and_what_is_not_says_so(row: Row) -> None:
    assert row.state in STATES
    assert (row.state == "whole") == (not row.missing)
    if row.state == "not yet":
        assert (row.there, row.tests, row.pages) == ("", (), ())
        assert row.missing
        return
    assert row.there
    assert row.tests
    assert row.pages
    for name in (*row.tests, *row.pages):
        assert (DOCS / name).is_file(), name
    assert all("def test_" in (DOCS / name).read_text(encoding="utf-8") for name in row.tests)
