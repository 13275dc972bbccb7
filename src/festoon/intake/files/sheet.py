"""A small spreadsheet or CSV file that somebody uploads: its rows as texts, by the headings of its first row.

A file is known by its first bytes, whatever its name says; what would unpack to much more than it is is not unpacked.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

from festoon.base.errors import Invalid, define

LARGEST = 10 * 1024 * 1024
UNPACKED = 200 * 1024 * 1024
MOST = 50_000
LONGEST = 2000

TOO_LARGE = define("sheet.too_large", 400, "the file is larger than {limit} MB", "文件超过{limit}MB")
TOO_MANY = define("sheet.too_many", 400, "the file has more than {limit} rows", "文件超过{limit}行")
UNREADABLE = define(
    "sheet.unreadable",
    400,
    "this is no spreadsheet that can be read: {reason}",
    "无法读取该表格：{reason}",
    todo="save it as XLSX or CSV",
    todo_zh="请另存为 XLSX 或 CSV",
)
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
    if len(body) > LARGEST:
        raise Invalid(TOO_LARGE, limit=LARGEST // 1024 // 1024)
    packed = body[:2] == b"PK" or body[:4] == b"\xd0\xcf\x11\xe0"
    rows = iter(_spreadsheet(body) if packed else _text(body))
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


def _spreadsheet(body: bytes) -> Iterable[Sequence[Any]]:
    """The rows of the first sheet."""
    try:
        if body[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(body)) as packed:
                if sum(each.file_size for each in packed.infolist()) > UNPACKED:
                    raise Invalid(TOO_LARGE, limit=UNPACKED // 1024 // 1024)
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, IndexError) as wrong:
        raise Invalid(UNREADABLE, reason=type(wrong).__name__) from None


def _text(body: bytes) -> Iterator[Sequence[Any]]:
    """The rows of a CSV file; from Chinese Windows they come in GB 18030."""
    text = _decoded(body)
    if "\0" in text:
        raise Invalid(UNREADABLE, reason="NUL")
    delimiter = max(",;\t", key=text[:2000].count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as wrong:
        raise Invalid(UNREADABLE, reason=str(wrong)) from None


def _decoded(body: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(UNREADABLE, reason="UTF-8")


def _cell(value: Any) -> str:
    """A cell as it was typed: a spreadsheet makes a float of a number, and ours puts a mark before a formula."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    text = text.strip().removeprefix("\ufeff")[:LONGEST]
    return text[1:] if text[:1] == "'" and text[1:].startswith(_RISKY) else text
