"""Parcels as a spreadsheet: what goes out to who ships them, and what comes back with numbers."""

from collections.abc import Sequence

from festoon.engine.parcels import Addressed
from festoon.engine.shipping import Judged, Line
from festoon.intake.files.sheet import read_sheet, write_csv, write_xlsx

HEADINGS = (
    "item", "gift", "member", "campaign", "given", "state", "name", "phone", "address", "postcode", "carrier",
    "parcel",
)  # fmt: skip
NUMBERS = {
    "item": ("item", "gift_id", "礼品编号", "禮品編號"),
    "carrier": ("carrier", "courier", "快递公司", "物流公司", "快遞公司", "物流公司"),
    "parcel": ("parcel", "number", "tracking", "快递单号", "物流单号", "运单号", "快遞單號", "物流單號"),
}
"""The columns of a file of numbers, and what each may be called; others are passed over."""


def exported(parcels: Sequence[Addressed], suffix: str) -> bytes:
    """Parcels with their addresses, as `.xlsx` or else as CSV."""
    rows = [
        (
            each.item, each.ref, each.member, each.campaign, each.given.isoformat(timespec="seconds"), each.state,
            each.name, each.phone, each.address, each.postcode, each.carrier, each.number,
        )
        for each in parcels
    ]  # fmt: skip
    return _written(HEADINGS, rows, suffix)


def read_numbers(body: bytes) -> list[Line]:
    """The rows of a file of numbers. Raises Invalid for what is no such file."""
    return [
        Line(row.number, row.cells["item"], row.cells["carrier"], row.cells["parcel"])
        for row in read_sheet(body, NUMBERS)
    ]


def judged_sheet(judged: Sequence[Judged], language: str, suffix: str) -> bytes:
    """What became of each row, with the reason in the reader's language."""
    headings = ("row", "item", "carrier", "parcel", "result", "code", "reason")
    rows = [
        (
            str(each.line.row), each.line.item, each.line.carrier, each.line.number, each.result, each.code,
            each.text(language),
        )
        for each in judged
    ]  # fmt: skip
    return _written(headings, rows, suffix)


def _written(headings: Sequence[str], rows: Sequence[Sequence[str]], suffix: str) -> bytes:
    return write_xlsx(headings, rows) if suffix.lower() == ".xlsx" else write_csv(headings, rows)
