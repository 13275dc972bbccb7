"""A list of members in a spreadsheet or a CSV file, for whoever grants to a list: the first column that names them.

What cannot be read is said row by row. A file is known by its first bytes, whatever its name says; what would unpack to
much more than it is is not unpacked.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct
from python_calamine import CalamineError, CalamineWorkbook

from festoon.base.errors import Invalid, define

LARGEST = 10 * 1024 * 1024
"""Bytes of a file."""
UNPACKED = 200 * 1024 * 1024
"""Bytes that a spreadsheet may come to when it is unpacked."""
MOST = 200_000
"""Rows of a file."""
LONGEST = 200
HEADERS = frozenset({
    "member", "member_id", "members", "id", "subject", "user", "user_id", "userid", "external_id",
    "会员", "会员编号", "会员id", "用户", "用户编号", "用户id", "編號", "会员号", "會員", "會員編號", "用戶編號",
})  # fmt: skip
"""What the first cell may say of the column."""

TOO_LARGE = define("id_list.too_large", 400, "the file is larger than {limit} MB", "文件超过{limit}MB")
TOO_MANY = define("id_list.too_many", 400, "the file has more than {limit} rows", "文件超过{limit}行")
UNREADABLE = define(
    "id_list.unreadable",
    400,
    "this is no list that can be read: {reason}",
    "无法读取该名单：{reason}",
    todo="save it as XLSX or CSV, with the members' ids in the first column",
    todo_zh="请另存为 XLSX 或 CSV，并将会员编号放在第一列",
)
NOBODY = define("id_list.nobody", 400, "there is no id in the first column", "第一列没有会员编号")


class BadRow(Struct, frozen=True):
    """A row that names nobody: its number as a spreadsheet counts, and why: `empty` or `too_long` or `odd`."""

    row: int
    why: str


class IdList(Struct, frozen=True):
    """The ids in the order of the file, each once; those that stand there more than once; rows that cannot be read."""

    ids: list[str]
    doubled: list[str]
    bad: list[BadRow]


def read_ids(body: bytes) -> IdList:
    """The ids in a file. Raises Invalid for what is no list."""
    if len(body) > LARGEST:
        raise Invalid(TOO_LARGE, limit=LARGEST // 1024 // 1024)
    return _listed(
        _spreadsheet(body) if body[:2] == b"PK" or body[:4] == b"\xd0\xcf\x11\xe0" else _text(body)
    )


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
    """The rows of a CSV file; in Chinese Windows they come in GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Invalid(UNREADABLE, reason="UTF-8")
    if "\0" in text:
        raise Invalid(UNREADABLE, reason="NUL")
    delimiter = max(",;\t", key=text[:2000].count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as wrong:
        raise Invalid(UNREADABLE, reason=str(wrong)) from None


def _listed(rows: Iterable[Sequence[Any]]) -> IdList:
    known: dict[str, int] = {}
    bad: list[BadRow] = []
    for number, row in enumerate(rows, 1):
        if number > MOST + 1:
            raise Invalid(TOO_MANY, limit=MOST)
        id = _id(row[0]) if row else ""
        if number == 1 and id.lower() in HEADERS:
            continue
        if why := _wrong(id, row):
            bad.append(BadRow(number, why))
        elif id:
            known[id] = known.get(id, 0) + 1
    if not known:
        raise Invalid(NOBODY)
    return IdList(list(known), [id for id, times in known.items() if times > 1], bad)


def _id(cell: Any) -> str:
    """A cell as an id. A spreadsheet makes a float of a number: 10023.0 was 10023."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _wrong(id: str, row: Sequence[Any]) -> str:
    """Why a row names nobody; "" when it does, or is empty from end to end."""
    if not id:
        return "empty" if any(str(cell).strip() for cell in row) else ""
    if len(id) > LONGEST:
        return "too_long"
    return "" if id.isprintable() else "odd"
