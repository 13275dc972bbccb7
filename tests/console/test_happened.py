"""A member's events and statement in the console: what came of each, by the titles that people know."""

import re

import pytest

from tests.console.visitors import Visitor, Visitors
from tests.serving import Running, cloud_event, head, order_paid
from tests.waiting import WATCHED

PLAN = (
    head()
    + """
assets: {points: {cost: 0.01, line: prizes}}
coupons: {ten-off: {title: {en: Ten off, zh-Hans: 满减十元}, value: 10, cost: 10, line: prizes, stock: 50}}
"""
    + WATCHED
    + """
events: {"quiz.finished": {title: {en: A quiz is finished, zh-Hans: 完成答题}, data: {type: object}}}
mechanics:
  welcome:
    {kind: gift, title: {en: Welcome pack, zh-Hans: 见面礼}, on: page.viewed,
     give: [{points: 1200}, {coupon: ten-off}], limits: {per_member: 1}}
  spend: {kind: earn, title: {en: Points for orders, zh-Hans: 消费积分}, on: order.paid, per: 100,
          at_risk: {doubtful: hold}}
  dear: {kind: gift, title: {en: Big order, zh-Hans: 大单礼}, on: order.paid,
         when: event.amount > 900000, give: {points: 1}}
  quiz: {kind: task, title: {en: Three quizzes, zh-Hans: 三次答题}, on: quiz.finished, count: 3, give: {points: 1}}
  change: {kind: exchange, title: {en: Points for a coupon, zh-Hans: 积分换券}, price: {amount: 200},
           give: {coupon: ten-off}}
"""
)


@pytest.fixture(scope="module")
def plan() -> str:
    return PLAN


@pytest.fixture(scope="module")
def number(running: Running) -> int:
    wanted = {"campaign": "spring", "mechanic": "change"}
    running.client.many([cloud_event("page.viewed", "ann", data={"page": "x"}),
                         cloud_event("page.viewed", "ann", data={"page": "y"}),
                         cloud_event("segment.entered", "ann", data={"segment": "watched"})])  # fmt: skip
    running.client.many([order_paid("ann", 50_000), cloud_event("quiz.finished", "ann"),
                         cloud_event("exchange.made", "ann", data=wanted)])  # fmt: skip
    found: int = running.fetch("SELECT member_id FROM identity WHERE subject = 'ann'")[0][0]
    return found


def lines(visitor: Visitor, path: str) -> str:
    """The words of a page on one line, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", visitor.page(path)).split())


def test_what_came_of_an_event_is_told_by_its_titles(visitors: Visitors, number: int) -> None:
    page = lines(visitors["support"], f"/console/members/{number}/events/")
    assert "Page viewed page.viewed" in page
    assert "Given 1,200 points Welcome pack" in page
    assert "Given Ten off Welcome pack" in page
    assert "this can be had 1 time, and has been Welcome pack" in page
    assert "Set aside 500 points Points for orders" in page
    assert "Condition not met Big order" in page
    assert "A quiz is finished quiz.finished" in page
    assert "Noted Three quizzes" in page
    assert "Taken 200 points Points for a coupon" in page
    assert "spring/" not in page


def test_the_same_in_chinese(visitors: Visitors, number: int) -> None:
    chinese = visitors.fresh("support", username="happened", language="zh-Hans")
    page = lines(chinese, f"/console/members/{number}/events/")
    for said in (
        "浏览页面",
        "已发放 1,200 积分 见面礼",
        "已预留 500 积分 消费积分",
        "不满足参与条件 大单礼",
        "完成答题",
    ):
        assert said in page


def test_a_statement_tells_why_by_title(visitors: Visitors, number: int) -> None:
    page = lines(visitors["support"], f"/console/members/{number}/statement/")
    assert "points +1,200 Welcome pack spring/welcome Page viewed" in page
    assert "200 Points for a coupon spring/change" in page
