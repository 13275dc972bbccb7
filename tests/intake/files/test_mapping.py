"""A map says every mistake in it, with its line."""

from pathlib import Path

import pytest

from festoon.base.errors import NotFound
from festoon.intake.files import MapInvalid, load_map, parse_map

GOOD = """\
festoon_map: 1
source: shop
zone: Asia/Shanghai
id: order-{order_id}
member: customer
type: order.paid
time: paid_at
data:
  order: order_id
  amount: {column: total, scale: 2}
  currency: {value: CNY}
"""


def mistakes(text: str) -> list[tuple[int, str]]:
    with pytest.raises(MapInvalid) as caught:
        parse_map(text, "orders.map.yaml")
    assert caught.value.place.startswith("orders.map.yaml")
    return [(problem.line, problem.code) for problem in caught.value.problems]


def test_a_map_is_read() -> None:
    made = parse_map(GOOD)
    assert (made.source, made.clock.column, made.group) == ("shop", "paid_at", None)


def test_every_mistake_is_said_with_its_line() -> None:
    broken = (
        GOOD.replace("source:", "sauce:").replace("scale: 2", "scale: two").replace("Asia/Shanghai", "China")
    )
    assert mistakes(broken) == [(2, "plan.unknown_key"), (10, "plan.expected_integer")]


@pytest.mark.parametrize(
    ("before", "after", "line", "code"),
    [
        ("Asia/Shanghai", "Asia/Shangai", 3, "map.no_such_zone"),
        ("Asia/Shanghai", "Asia", 3, "map.no_such_zone"),
        ("order-{order_id}", "order-{order_id", 4, "map.not_a_template"),
        ("order-{order_id}", "order-{}", 4, "map.not_a_template"),
        ("time: paid_at", 'time: {column: day, at: "25:00"}', 7, "map.not_a_time"),
        ("time: paid_at", 'time: {value: "2027-02-30"}', 7, "map.not_a_time"),
        ("time: paid_at", "time: {format: s}", 7, "map.needs_one_origin"),
        ("{value: CNY}", "{value: CNY, column: money}", 11, "map.needs_one_origin"),
        ("{value: CNY}", "{}", 11, "map.needs_one_origin"),
        ("{column: total, scale: 2}", "{total: price, scale: 2}", 9, "map.needs_group"),
        ("festoon_map: 1", "festoon_map: 2", 1, "plan.not_one_of"),
        ("festoon_map: 1", "festoon_map: 1\nfestoon_map: 1", 2, "plan.duplicate_key"),
        ("  order: order_id", "\torder: order_id", 9, "plan.tab"),
    ],
)
def test_a_mistake_is_named_by_code_and_line(before: str, after: str, line: int, code: str) -> None:
    assert (line, code) in mistakes(GOOD.replace(before, after))


def test_the_first_mistake_is_told_in_chinese_too() -> None:
    with pytest.raises(MapInvalid) as caught:
        parse_map(GOOD.replace("Asia/Shanghai", "Asia/Shangai"), "orders.map.yaml")
    assert "Asia/Shangai 不是时区名称" in caught.value.text("zh-Hans")


def test_a_map_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        load_map(tmp_path / "orders.map.yaml")
    assert caught.value.data["file"] == "orders.map.yaml"
