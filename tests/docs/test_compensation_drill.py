"""The drill on the page of the example plans, as somebody on call goes through it."""

import asyncio
from pathlib import Path

import pytest

from festoon.engine.program import holdout_bucket
from festoon.store.pool import connect
from tests.docs.pages import blocks
from tests.docs.terminal import commands, run
from tests.house.sources import ROOT
from tests.scenarios.cast import share

PAGE = "examples/plans/README.md"
MEMBERS = {
    "members.csv": "member,since\nbo,2025-05-01\nlan,2025-05-01\nhan,2025-05-01\n",
    "members.map.yaml": """
festoon_map: 1
source: crm
zone: Asia/Shanghai
id: member-{member}
member: member
type: member.imported
time: {value: "2027-01-10 00:00"}
data: {registered: since}
""",
}


def test_the_drill_gives_everybody_who_was_affected_one_coupon(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    written = {block.told: block.text for block in blocks(PAGE, "csv", "yaml")}
    for name, text in (written | MEMBERS).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (drill,) = [block for block in blocks(PAGE, "console") if block.told == "drill"]
    imports = []
    for command in commands(drill):
        words = command.words[1:]
        if command.words[0] != "festoon":
            continue
        done = run(*words, "--json") if "import" in words else run(*words)
        assert done.code == 0, done.said
        imports += [done.json()] if "import" in words else []
    dry, first, second = imports[1:]
    assert (dry["types"], dry["problems"]) == ({"fault.compensated": 2}, [])
    assert (first["kinds"], second["kinds"]) == ({"new": 2}, {"again": 2})
    asyncio.run(affected_have_one_coupon(database))


async def affected_have_one_coupon(database: str) -> None:
    """Each of the two, unless the hold-out has him; and the service line keeps 10 yuan for each."""
    connection = await connect(database)
    members = await connection.fetch("SELECT id, subject FROM member WHERE subject IN ('bo', 'lan')")
    due = {row["subject"] for row in members if holdout_bucket(b"new-year-2027", row["id"]) >= share(5)}
    given = await connection.fetch("SELECT m.subject, i.ref FROM item i JOIN member m ON m.id = i.member_id")
    promised = await connection.fetchval(
        "SELECT balance FROM shared_account WHERE holder = 'new-year-2027/committed/service' AND asset = 'CNY'"
    )
    await connection.close()
    assert sorted(map(tuple, given)) == [(who, "new-year-2027/sorry-ten") for who in sorted(due)]
    assert promised == 1000 * len(due)
