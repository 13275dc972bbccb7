"""What a map can say: types by value, conditions, lookups, groups, translations."""

from pathlib import Path

import pytest

from festoon.base.errors import FestoonError
from festoon.intake.files import read_events
from festoon.intake.files.grouping import REMEMBERED
from tests.intake.files.making import BASKETS, events_of, map_of, until_it_stops

HEAD = "order,customer,paid_at,line,product,price\n"
AT = "2027-02-05 10:00:00"

EVENTS = """\
festoon_map: 1
source: app
id: "{id}"
member: who
type: {column: what, values: {login: member.logged_in, like: content.liked}, other: skip}
time: {column: at, format: s}
data:
  content: {column: about, leave_out: [none]}
  device: {column: on, values: {ios: phone, web: desktop}}
  note: seen-{about}
missing: ["", "NULL"]
"""


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def baskets(tmp_path: Path, *rows: str) -> Path:
    return written(tmp_path / "baskets.csv", HEAD + "".join(f"{row}\n" for row in rows))


def test_types_and_values_are_translated_and_other_types_skipped(tmp_path: Path) -> None:
    path = written(
        tmp_path / "app.csv",
        "id,who,what,at,about,on\n1,m1,login,1801830600,NULL,ios\n2,m1,like,1801830601,p5,\n3,m1,crash,1801830602,,\n",
    )
    first, second = events_of(path, map_of(EVENTS))
    assert (first.type, first.data) == ("member.logged_in", {"device": "phone"})
    assert (second.type, second.data) == ("content.liked", {"content": "p5", "note": "seen-p5"})


@pytest.mark.parametrize(
    ("row", "column"), [("1,m1,crash,1801830600,,", "what"), ("1,m1,login,1801830600,,fridge", "on")]
)
def test_a_value_that_the_map_does_not_translate_is_refused(tmp_path: Path, row: str, column: str) -> None:
    path = written(tmp_path / "app.csv", f"id,who,what,at,about,on\n{row}\n")
    _, error = until_it_stops(path, map_of(EVENTS.replace(", other: skip", "")))
    assert error is not None
    assert (error.code, error.data["column"]) == ("file.cell_unmapped", column)


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("{column: what, is: [login, crash]}", ["1"]),
        ("{column: what, is_not: login}", ["2"]),
        ("{column: at, at_least: 1801830601}", ["2"]),
        ("{column: at, at_most: 1801830600.5}", ["1"]),
        ("{column: about, is_not: ''}", ["2"]),
    ],
)
def test_only_rows_that_meet_the_conditions_count(tmp_path: Path, condition: str, kept: list[str]) -> None:
    path = written(
        tmp_path / "app.csv",
        "id,who,what,at,about,on\n1,m1,login,1801830600,,\n2,m1,like,1801830601,p5,\n3,m1,crash,1801830602,,\n",
    )
    assert [event.id for event in events_of(path, map_of(EVENTS, where=f"[{condition}]"))] == kept


def test_an_object_and_a_constant_time_make_members_out_of_a_list(tmp_path: Path) -> None:
    path = written(tmp_path / "members.csv", "no,kids,plan,name\n1,2,gold,李雷\n2,,,韩梅梅\n")
    map = map_of(
        "festoon_map: 1\nsource: crm\nid: member-{no}\nmember: no\ntype: member.imported\n"
        'time: {value: "2027-01-01T00:00:00+08:00"}\n'
        "data:\n  name: name\n  attributes: {fields: {kids: {column: kids, type: int}, plan: plan}}\n"
    )
    first, second = events_of(path, map)
    assert first.data == {"name": "李雷", "attributes": {"kids": 2, "plan": "gold"}}
    assert second.data == {"name": "韩梅梅", "attributes": {}}
    assert first.time.isoformat() == "2026-12-31T16:00:00+00:00"


def test_rows_of_a_group_make_one_event_with_lines_and_totals(tmp_path: Path) -> None:
    path = baskets(tmp_path, f"o1,m1,{AT},1,tea,1.10", f"o1,m1,{AT},2,cup,2.20", f"o2,m2,{AT},1,tea,0.30")
    first, second = events_of(path, map_of(BASKETS))
    assert first.data["amount"] == 330
    assert first.data["lines"] == [
        {"line": "1", "product": "tea", "amount": 110},
        {"line": "2", "product": "cup", "amount": 220},
    ]
    assert (second.id, second.data["amount"]) == ("order-o2", 30)


def test_several_columns_are_summed_and_the_first_of_several_is_taken(tmp_path: Path) -> None:
    path = written(
        tmp_path / "baskets.csv",
        HEAD.replace("\n", ",off,coupon,brand,maker\n")
        + f"o1,m1,{AT},1,tea,1.10,0.10,0.05,,acme\no1,m1,{AT},2,cup,2.20,,0.20,own,acme\n",
    )
    map = map_of(
        BASKETS.replace("lines:\n", "  discount: {total: [off, coupon], scale: 2}\nlines:\n")
        + "  discount: {sum: [off, coupon], scale: 2}\n  category: {first: [brand, maker]}\n"
    )
    data = events_of(path, map)[0].data
    assert data["discount"] == 35
    assert [(line["discount"], line["category"]) for line in data["lines"]] == [(15, "acme"), (20, "own")]


def test_a_group_in_which_the_member_differs_is_refused(tmp_path: Path) -> None:
    path = baskets(tmp_path, f"o1,m1,{AT},1,tea,1.10", f"o1,m2,{AT},2,cup,2.20")
    _, error = until_it_stops(path, map_of(BASKETS))
    assert error is not None
    assert (error.code, error.data["column"], error.place) == (
        "file.group_differs",
        "customer",
        "baskets.csv:2",
    )


def test_a_group_whose_rows_do_not_stand_together_is_refused(tmp_path: Path) -> None:
    path = baskets(tmp_path, f"o1,m1,{AT},1,tea,1", f"o2,m1,{AT},1,tea,1", f"o1,m1,{AT},2,cup,2")
    _, error = until_it_stops(path, map_of(BASKETS))
    assert error is not None
    assert (error.code, error.data["group"]) == ("file.group_scattered", "o1")
    assert REMEMBERED >= 100_000


def test_only_parquet_is_sorted_while_it_is_read(tmp_path: Path) -> None:
    path = baskets(tmp_path, f"o1,m1,{AT},1,tea,1")
    _, error = until_it_stops(
        path, map_of(BASKETS.replace("group_by: order", "group_by: {column: order, scattered: true}"))
    )
    assert error is not None
    assert error.code == "file.not_sorted_here"


@pytest.mark.parametrize(
    ("bad", "left"),
    [
        (f"o2,m2,{AT},2,cup,two", ["order-o1", "order-o3"]),
        ("unreadable", ["order-o1", "order-o3"]),
        (f",m2,{AT},2,cup,2", ["order-o1", "order-o3"]),
    ],
)
def test_a_row_that_does_not_fit_leaves_its_whole_group_out(
    tmp_path: Path, bad: str, left: list[str]
) -> None:
    rows = (f"o1,m1,{AT},1,tea,1", f"o2,m2,{AT},1,tea,1", bad, f"o2,m2,{AT},3,cup,1", f"o3,m3,{AT},1,tea,1")
    problems: list[FestoonError] = []
    path = baskets(tmp_path, *rows)
    found = [
        event for batch in read_events(path, map_of(BASKETS), on_problem=problems.append) for event in batch
    ]
    assert [event.id for event in found] == left
    assert [problem.place for problem in problems] == ["baskets.csv:4"]


def test_a_row_that_cannot_be_read_between_two_groups_leaves_both_out(tmp_path: Path) -> None:
    rows = (f"o1,m1,{AT},1,tea,1", "unreadable", f"o2,m2,{AT},1,tea,1", f"o3,m3,{AT},1,tea,1")
    path = baskets(tmp_path, *rows)
    found = [
        event for batch in read_events(path, map_of(BASKETS), on_problem=lambda _: None) for event in batch
    ]
    assert [event.id for event in found] == ["order-o3"]


def test_columns_are_looked_up_in_a_file_beside(tmp_path: Path) -> None:
    written(tmp_path / "products.csv", "sku,kind\ntea,drinks\n")
    path = baskets(tmp_path, f"o1,m1,{AT},1,tea,1", f"o1,m1,{AT},2,cup,1")
    map = map_of(
        BASKETS + "  category: goods.kind\n",
        lookups="{goods: {file: products.csv, key: sku, column: product}}",
    )
    lines = events_of(path, map)[0].data["lines"]
    assert lines[0]["category"] == "drinks"
    assert "category" not in lines[1]


def test_a_lookup_with_a_key_twice_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "products.csv", "product,kind\ntea,drinks\ntea,leaves\n")
    path = baskets(tmp_path, f"o1,m1,{AT},1,tea,1")
    map = map_of(BASKETS + "  category: goods.kind\n", lookups="{goods: {file: products.csv, key: product}}")
    _, error = until_it_stops(path, map)
    assert error is not None
    assert (error.code, error.data["value"]) == ("file.lookup_duplicate", "tea")
