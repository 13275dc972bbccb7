"""Links lead somewhere, and every page can be reached from the first one."""

from pathlib import Path

import pytest

from tests.docs.pages import DOCS, anchors, links, pages
from tests.house.sources import ROOT

PAGES = [str(page.relative_to(ROOT)) for page in pages()]
ELSEWHERE = ("http://", "https://", "mailto:")


def leads_to(name: str, target: str) -> tuple[Path, str]:
    """The file a link leads to, and the place in it."""
    file, _, anchor = target.partition("#")
    page = ROOT / name
    return ((page.parent / file).resolve() if file else page), anchor


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_page_leads_to_something_that_is_there(name: str) -> None:
    broken = []
    for target in links(name):
        if target.startswith(ELSEWHERE):
            continue
        path, anchor = leads_to(name, target)
        there = path.exists() and path.is_relative_to(ROOT)
        if not there or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


def test_every_page_is_reached_from_the_first_one() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        targets = [
            target for target in links(str(page.relative_to(ROOT))) if not target.startswith(ELSEWHERE)
        ]
        found = [leads_to(str(page.relative_to(ROOT)), target)[0] for target in targets]
        waiting += [path for path in found if path.suffix == ".md" and path.exists()]
    assert {page for page in DOCS.rglob("*.md") if page not in reached} == set()
