"""A spreadsheet or a CSV file that somebody uploads, as rows of cells.

A file is known by its first bytes, whatever its name says; what would unpack to much more than it is is not unpacked.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from festoon.base.errors import Invalid, define

LARGEST = 10 * 1024 * 1024
"""Bytes of a file."""
UNPACKED = 200 * 1024 * 1024
"""Bytes that a spreadsheet may come to when it is unpacked."""

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


def rows_of(body: bytes) -> Iterator[Sequence[Any]]:
    """The rows of a file, of the first sheet when it has several. Raises Invalid for what is no table, at the latest
    when the row is asked for."""
    if len(body) > LARGEST:
        raise Invalid(TOO_LARGE, limit=LARGEST // 1024 // 1024)
    packed = body[:2] == b"PK" or body[:4] == b"\xd0\xcf\x11\xe0"
    return iter(_spreadsheet(body)) if packed else _text(body)


def text_of_cell(value: Any) -> str:
    """A cell as it was typed. A spreadsheet makes a float of a number: 10023.0 was 10023."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return text.strip()


def _spreadsheet(body: bytes) -> Iterable[Sequence[Any]]:
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
    """The rows of a CSV file."""
    text = _decoded(body)
    if "\0" in text:
        raise Invalid(UNREADABLE, reason="NUL")
    delimiter = max(",;\t", key=text[:2000].count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as wrong:
        raise Invalid(UNREADABLE, reason=str(wrong)) from None


def _decoded(body: bytes) -> str:
    """The text of a file; from Chinese Windows it comes in GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(UNREADABLE, reason="UTF-8")
