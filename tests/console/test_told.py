"""What is said about plans in the console: names by their titles, everything else between backticks as code."""

import pytest
from django.utils import translation

from festoon.api.naming import Names
from festoon.console.told import told, told_beside, told_change
from festoon.engine.program import Program
from festoon.plan.compile import compile_plan
from festoon.plan.overlaps import overlaps
from festoon.plan.parse import read_plan
from festoon.plan.versions import compare
from tests.serving import head

MORE = """
coupons: {ten-off: {title: {en: Ten off, zh-Hans: 满减十元}, value: 10, cost: 1, line: prizes, stock: %s}}
mechanics: {hello: {kind: gift, title: {en: A welcome, zh-Hans: 见面礼}, on: page.viewed, give: {coupon: %s}}}
"""
OLD = read_plan(head() + MORE % (5, "ten-off"))
NEW = read_plan(
    head(budget=1_200_000) + (MORE % (9, "ten-off")).replace("mechanics: {hello", "mechanics: {hallo")
)


def said(language: str) -> str:
    with translation.override(language):
        return "\n".join(told_change(each, [NEW, OLD]) for each in compare(OLD, NEW))


def test_what_a_version_changes_is_called_by_its_titles() -> None:
    text = said("en")
    assert 'Budget line <strong translate="no">prizes</strong>: +200,000,' in text
    assert 'Stock of <strong translate="no">Ten off</strong>: +4, from 5 to 9.' in text
    assert 'Mechanic <strong translate="no">A welcome</strong> (Gift) is new.' in text
    assert "`" not in text


def test_the_same_in_chinese() -> None:
    text = said("zh-hans")
    assert '新增玩法 <strong translate="no">见面礼</strong>（' in text
    assert '<strong translate="no">优惠券</strong> 中的 <strong translate="no">满减十元</strong> 有变' in text
    assert "gift" not in text


def test_a_campaign_that_runs_at_the_same_time_is_called_by_its_title() -> None:
    one, other = compile_plan(OLD), compile_plan(read_plan(head("autumn").replace("Spring", "Autumn & all")))
    names = Names(Program(1, [one, other]), "en")
    (problem,) = overlaps(one, [other])
    with translation.override("en"):
        text = told_beside(problem, names)
    assert text.startswith('<strong translate="no">Autumn &amp; all</strong> runs at the same time')
    last = head().partition(" end: ")[2][:10]
    assert f"to {last})" in text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("say `a<b` or `c`", 'say <code>a&lt;b</code> or <strong translate="no">C</strong>'),
        ("1 < 2", "1 &lt; 2"),
    ],
)
def test_what_has_no_title_is_code(text: str, html: str) -> None:
    assert told(text, {"c": "C"}) == html
