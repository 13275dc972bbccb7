"""The drill on the page of the example plans, as somebody on call goes through it."""

import asyncio
from pathlib import Path

import pytest

from festoon.store.pool import connect
from tests.docs.pages import blocks
from tests.docs.terminal import commands, run
from tests.house.sources import ROOT

PAGE = "examples/plans/README.md"
ORDERS = {
    "orders.csv": "order,member,at\no1,bo,2027-02-05 10:05\no2,lan,2027-02-05 10:20\no3,han,2027-02-05 11:00\n",
    "orders.map.yaml": """
festoon_map: 1
source: shop
zone: Asia/Shanghai
id: order-{order}
member: member
type: order.paid
time: at
data: {order: order, amount: {value: 100}, currency: {value: CNY}}
""",
}


def test_the_drill_makes_good_once_whoever_ordered_in_the_fault(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    written = {block.told: block.text for block in blocks(PAGE, "yaml")}
    for name, text in (written | ORDERS).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (drill,) = [block for block in blocks(PAGE, "console") if block.told == "drill"]
    done = [run(*command.words[1:]) for command in commands(drill) if command.words[0] == "festoon"]
    assert [each.code for each in done] == [0] * len(done), [each.said for each in done]
    (told,) = run("compensate", "status", "feed-0205", "--json").json()
    assert (told["members"], told["done"], told["refused"]) == (2, 2, 0)
    assert asyncio.run(points(database)) == {"bo": 100, "lan": 100}


async def points(database: str) -> dict[str, int]:
    """What everybody has; orders of one yuan bring none by themselves."""
    connection = await connect(database)
    rows = await connection.fetch(
        """SELECT m.subject, a.balance FROM account a JOIN member m ON m.id = a.member_id
           WHERE a.asset = 'points' AND a.part = '@' AND a.balance <> 0"""
    )
    await connection.close()
    return dict(map(tuple, rows))
