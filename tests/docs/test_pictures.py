"""The picture of a terminal shows what a terminal shows today, and fetches nothing."""

import re
from html import unescape

import pytest

from festoon.cli import backtests
from festoon.cli.terminal import out
from festoon.demo.run import ASSUMED, plan_text
from festoon.engine.backtest import Backtest, backtest
from tests.docs.pages import DOCS

PICTURE = (DOCS / "images" / "terminal.svg").read_text(encoding="utf-8")
RENEWED = "./dev shell -- python docs/images/terminal.py"


def drawn(svg: str) -> str:
    """The words of a picture without spaces: it places them by coordinates."""
    words = re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)
    return re.sub(r"\s", "", unescape("".join(words)).replace("\N{NO-BREAK SPACE}", ""))


@pytest.fixture(scope="module")
def nothing() -> Backtest:
    """A back-test of the demo's plan on an empty year."""
    return backtest(plan_text(), lambda: iter(()), seeds=1, assumptions=ASSUMED)


def test_the_picture_is_of_the_demo_s_plan_with_the_demo_s_assumptions(nothing: Backtest) -> None:
    with out.capture() as said:
        backtests.show_backtest(nothing)
    assumptions = re.search(r"assumed:.*?moreorders", re.sub(r"\s", "", said.get()))
    assert assumptions is not None
    for shown in (assumptions[0], f"back-testof{nothing.campaign}", *nothing.budget):
        assert shown in drawn(PICTURE), f"renew it: {RENEWED}"


def test_the_picture_has_every_table_that_a_back_test_prints() -> None:
    titles = re.findall(r'Table\(title="([^"]+)"', (DOCS.parent / backtests.__file__).read_text())
    assert len(titles) >= 4
    for title in titles:
        assert title.replace(" ", "") in drawn(PICTURE), f"renew it: {RENEWED}"


def test_the_picture_fetches_nothing() -> None:
    assert re.findall(r"(?:href|src)=|url\((?!#)|@import", PICTURE) == []
