import pytest

from festoon.insight.views.reader import Reader
from tests.insight.campaign import plan_of

TEXT = """
festoon: 1
campaign: spring
title: {en: Spring, zh-Hant: 春季}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-14}
budget: {currency: CNY, lines: {prizes: 100000}}
assets:
  stamps: {title: {en: Stamps, zh-Hans: 印花, zh-Hant: 印花}, scale: 1}
coupons:
  ten-off: {title: {en: Ten off, zh-Hans: 十元券, zh-Hant: 十元券}, value: 10, cost: 10, line: prizes, stock: 9}
gifts:
  phone: {title: {en: Phone, zh-Hans: 手机, zh-Hant: 手機}, cost: 3000, line: prizes}
mechanics:
  lucky: {kind: draw, title: {en: Lucky draw, zh-Hans: 抽奖, zh-Hant: 抽獎}, chances: {free: {per: day, count: 1}},
          prizes: [{id: p1, weight: 1, stock: 3, give: {gift: phone}},
                   {id: p2, weight: 1, stock: 3, give: [{coupon: ten-off}, {points: 5}]},
                   {id: p3, title: {en: Great prize, zh-Hans: 大奖}, weight: 1, stock: 1, give: {gift: phone}}],
          sold_out: nothing}
  more: {kind: gift, on: member.registered, give: [{chances: lucky}]}
"""


@pytest.fixture
def reader() -> Reader:
    return Reader("zh-Hant", plan_of(TEXT)[1])


def test_things_are_called_what_the_plan_calls_them(reader: Reader) -> None:
    assert reader.thing("coupon", "spring/ten-off") == "十元券"
    assert reader.thing("asset", "spring/stamps") == "印花"
    assert reader.thing("asset", "spring/chances/lucky") == "抽獎機會：抽獎"
    assert reader.mechanic("lucky") == "抽獎"
    assert reader.mechanic("gone") == "gone"
    assert reader.thing("badge", "gone") == "gone"


def test_a_stock_is_called_after_what_is_in_it(reader: Reader) -> None:
    assert reader.stock("coupon:ten-off") == "十元券"
    assert reader.stock("lucky/p1") == "手機 · 抽獎"
    assert reader.stock("lucky/p2") == "p2 · 抽獎"
    assert reader.stock("lucky/p3") == "大獎 · 抽獎"
    assert reader.stock("gone/p9") == "p9 · gone"


def test_an_amount_is_in_the_units_people_see(reader: Reader) -> None:
    assert reader.amount("asset", "spring/stamps", 1_234) == "123.4"
    assert reader.amount("asset", "points", 1_234) == "1,234"
    assert reader.amount("coupon", "spring/ten-off", 3) == "3"


def test_a_value_is_written_in_its_unit(reader: Reader) -> None:
    assert reader.value(123_456, "money") == "¥1,235"
    assert reader.value(0.5, "share") == "50.0%"
    assert reader.value(12.34, "members") == "12.3"
    assert reader.value(1234.5, "members") == "1,234"
    assert reader.value(None, "money") == "—"
