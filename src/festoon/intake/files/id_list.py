"""A list of members in a spreadsheet or a CSV file, for whoever grants to a list: the first column that names them.

What cannot be read is said row by row.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from festoon.base.errors import Invalid, define
from festoon.intake.files.uploaded import TOO_MANY, rows_of, text_of_cell

MOST = 200_000
"""Rows of a file."""
LONGEST = 200
HEADERS = frozenset({
    "member", "member_id", "members", "id", "subject", "user", "user_id", "userid", "external_id",
    "会员", "会员编号", "会员id", "用户", "用户编号", "用户id", "編號", "会员号", "會員", "會員編號", "用戶編號",
})  # fmt: skip
"""What the first cell may say of the column."""

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
    return _listed(rows_of(body))


def _listed(rows: Iterable[Sequence[Any]]) -> IdList:
    known: dict[str, int] = {}
    bad: list[BadRow] = []
    for number, row in enumerate(rows, 1):
        if number > MOST + 1:
            raise Invalid(TOO_MANY, limit=MOST)
        id = text_of_cell(row[0]) if row else ""
        if number == 1 and id.lower() in HEADERS:
            continue
        if why := _wrong(id, row):
            bad.append(BadRow(number, why))
        elif id:
            known[id] = known.get(id, 0) + 1
    if not known:
        raise Invalid(NOBODY)
    return IdList(list(known), [id for id, times in known.items() if times > 1], bad)


def _wrong(id: str, row: Sequence[Any]) -> str:
    """Why a row names nobody; "" when it does, or is empty from end to end."""
    if not id:
        return "empty" if any(str(cell).strip() for cell in row) else ""
    if len(id) > LONGEST:
        return "too_long"
    return "" if id.isprintable() else "odd"
