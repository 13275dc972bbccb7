"""A small spreadsheet or CSV file that somebody uploads: its rows as texts, by the headings of its first row."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from xlsxwriter import Workbook

from festoon.base.errors import Invalid, define
from festoon.intake.files.uploaded import TOO_MANY, rows_of, text_of_cell

MOST = 50_000
LONGEST = 2000

NO_COLUMN = define(
    "sheet.no_column",
    400,
    "there is no column '{column}'; the first row has {found}",
    "缺少“{column}”列；第一行为：{found}",
    todo="name the columns in the first row, as the export does",
    todo_zh="请在第一行填写列名，可参照导出文件",
)
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula."""


class SheetRow(Struct, frozen=True):
    """A row: its number as a spreadsheet counts, and its cells by column."""

    number: int
    cells: Mapping[str, str]


def read_sheet(body: bytes, columns: Mapping[str, Sequence[str]]) -> list[SheetRow]:
    """The rows that are not empty. `columns` are those wanted, with the headings each may have.

    Raises Invalid for what is no table, and when a column is missing.
    """
    rows = rows_of(body)
    headings = [_cell(each).lower() for each in next(rows, ())]
    places = {name: _place(name, headings, known) for name, known in columns.items()}
    found = []
    for number, row in enumerate(rows, 2):
        cells = {name: _cell(row[place]) if place < len(row) else "" for name, place in places.items()}
        if any(cells.values()):
            found.append(SheetRow(number, cells))
        if len(found) > MOST:
            raise Invalid(TOO_MANY, limit=MOST)
    return found


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file that spreadsheets open as it is meant: no cell becomes a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([f"'{cell}" if cell.startswith(_RISKY) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The same as a workbook, every cell a text."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    return out.getvalue()


def _place(name: str, headings: Sequence[str], known: Sequence[str]) -> int:
    for place, heading in enumerate(headings):
        if heading == name or heading in known:
            return place
    shown = ", ".join(each for each in headings if each)[:200]
    raise Invalid(NO_COLUMN, column=known[0] if known else name, found=shown or "—")


def _cell(value: Any) -> str:
    """A cell as it was typed, without the mark that ours puts before a formula."""
    text = text_of_cell(value).removeprefix("\ufeff")[:LONGEST]
    return text[1:] if text[:1] == "'" and text[1:].startswith(_RISKY) else text
