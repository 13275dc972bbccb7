"""What a page quotes from a file of ours stands there."""

from typing import Any

import pytest

from festoon.mechanics.base import Mechanic
from tests.docs.pages import Block, all_blocks, blocks
from tests.docs.quotes import stands
from tests.docs.test_one_event import PAGE
from tests.house.sources import ROOT

QUOTES = [block for block in all_blocks() if "/" in block.told and block.page != PAGE]
"""The walk of one event has a test of its own."""
MECHANIC = "docs/how-to/write-a-mechanic.md"


@pytest.mark.parametrize("quote", QUOTES, ids=str)
def test_a_quote_stands_in_the_file_it_names(quote: Block) -> None:
    assert (ROOT / quote.told).is_file()
    stands(quote)


def test_the_page_on_mechanics_quotes_its_example() -> None:
    assert len([quote for quote in QUOTES if quote.page == MECHANIC]) >= 5


def test_an_older_plan_becomes_a_newer_one_as_the_page_on_mechanics_says() -> None:
    (block,) = (block for block in blocks(MECHANIC, "python") if not block.told)
    made: dict[str, Any] = {"Mechanic": Mechanic, "Any": Any}
    exec(block.text, made)
    card: type[Mechanic] = made["WeekdayCard"]
    assert card.upgrade(1, {"stamps": 3, "give": "pack"}) == {"days": 3, "give": "pack"}
    assert (card.version, card.upgrade_state(1, {"weeks": {}})) == (2, {"weeks": {}})
