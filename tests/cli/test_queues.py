"""`festoon parcels` and `festoon proofs`, as an operator runs them."""

import asyncio
import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.commands import Commands
from tests.live import Platform, event
from tests.serving import head
from tests.waiting import SENT_AND_JUDGED

PLAN = (
    head()
    + """
gifts: {mug: {cost: 30, line: prizes, stock: 9}}
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
"""
    + SENT_AND_JUDGED
)
HOME: dict[str, Any] = {"name": "Li Hua", "phone": "13800000000", "address": "=1 Tea Lane"}


@pytest.fixture
def festoon(in_chinese: str) -> "Festoon":
    return Festoon(in_chinese)


class Festoon(Commands):
    """The command line over a database in which two members have a gift and a proof each."""

    def __init__(self, dsn: str) -> None:
        self.items: list[str] = asyncio.run(self._lived(dsn))

    async def _lived(self, dsn: str) -> list[str]:
        now = datetime.now(UTC)
        platform = await Platform.open(dsn, PLAN, now)
        items = []
        for name in ("ann", "ben"):
            (mug, _) = await platform.outcomes(
                event("content.liked", name, at=now, content="c"),
                event("proof.submitted", name, at=now, proof=f"pr-{name}"),
            )
            items.append(mug.mechanics[0].given[0].item)
        await platform.outcomes(event("gift.address_given", "ann", at=now, item=items[0], **HOME))
        await platform.close()
        return items


def test_parcels_go_out_with_addresses_and_come_back_with_numbers(festoon: Festoon, tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    assert festoon.json("parcels", "export", str(file))["parcels"] == 2
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    home = {row[2]: row[6:9] for row in rows[1:]}
    assert home == {"ann": ["Li Hua", "13800000000", "=1 Tea Lane"], "ben": ["", "", ""]}
    sent = tmp_path / "sent.csv"
    sent.write_bytes(f"礼品编号,快递公司,快递单号\n{festoon.items[0]},SF,1042\nx,SF,7\n".encode("gb18030"))
    judged = tmp_path / "judged.csv"
    found = festoon.json("parcels", "import", str(sent), "--results", str(judged), code=1)
    assert (found["shipped"], found["refused"]) == (1, 1)
    told = list(csv.DictReader(io.StringIO(judged.read_text("utf-8-sig"))))
    assert [row["result"] for row in told] == ["shipped", "refused"]
    assert told[1]["reason"] == "不存在待寄送的礼品“x”"
    assert festoon.json("parcels", "import", str(sent), code=1)["same"] == 1
    listed = festoon.json("parcels", "list", "--state", "shipped")
    assert [(each["member"], each["carrier"], each["number"]) for each in listed] == [("ann", "SF", "1042")]
    assert festoon.json("parcels", "cancel", festoon.items[1], "--reason", "不要了") == {
        "cancelled": festoon.items[1]
    }
    assert festoon("parcels", "cancel", festoon.items[1], "--reason", "again").exit_code == 3
    assert festoon("parcels", "list", "--state", "lost").exit_code == 2


def test_a_formula_in_an_address_stays_text_in_a_csv_file(festoon: Festoon, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    festoon.json("parcels", "export", str(file), "--campaign", "spring")
    assert "'=1 Tea Lane" in file.read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"PK\x03\x04broken", "sheet.unreadable"),
        (b"item,carrier\n1,SF\n", "sheet.no_column"),
        (b"", "sheet.no_column"),
        (b"item,carrier,parcel\n\0,,\n", "sheet.unreadable"),
    ],
)
def test_what_is_no_file_of_numbers_is_refused(
    festoon: Festoon, tmp_path: Path, body: bytes, code: str
) -> None:
    file = tmp_path / "sent.csv"
    file.write_bytes(body)
    assert festoon.json("parcels", "import", str(file), code=3)["error"]["code"] == code


def test_proofs_are_listed_and_judged_once(festoon: Festoon) -> None:
    assert {each["proof"] for each in festoon.json("proofs", "list")} == {"pr-ann", "pr-ben"}
    festoon.json("proofs", "approve", "ann", "spring/photo", "pr-ann")
    festoon.json("proofs", "reject", "ben", "spring/photo", "pr-ben", "--reason", "看不清")
    assert festoon.json("proofs", "list", "--campaign", "spring") == []
    again = festoon.json("proofs", "approve", "ann", "spring/photo", "pr-ann", code=1)
    assert again["error"]["code"] == "proof.decided"
