"""A list of members read from a spreadsheet or a CSV file: what names somebody, and what does not."""

import io
import zipfile

import pytest
import xlsxwriter

from festoon.base.errors import Invalid
from festoon.intake.files.id_list import BadRow, read_ids


def spreadsheet(*rows: tuple[object, ...]) -> bytes:
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.close()
    return body.getvalue()


def test_a_spreadsheet_names_members_in_its_first_column() -> None:
    found = read_ids(
        spreadsheet(("会员编号", "note"), ("ann", 1), (10023, 2), ("ann", 3), ("", "who?"), (" bea ", ""))
    )
    assert found.ids == ["ann", "10023", "bea"]
    assert found.doubled == ["ann"]
    assert found.bad == [BadRow(5, "empty")]


@pytest.mark.parametrize(
    "body",
    [
        b"member\nann\nbea\n", b"ann\r\nbea\r\n\r\n", "\ufeffid,name\nann,李\nbea,王\n".encode(),
        "编号\t名\nann\t李\nbea\t王".encode("gb18030").replace("编号".encode("gb18030"), "会员".encode("gb18030")),
        b"ann;1\nbea;2\n",
    ],
)  # fmt: skip
def test_csv_comes_in_many_forms(body: bytes) -> None:
    assert read_ids(body).ids == ["ann", "bea"]


def test_odd_rows_are_named() -> None:
    found = read_ids("ann\n\u202eevil\n".encode() + b"x" * 201 + b"\n,y\n")
    assert found.ids == ["ann"]
    assert [(each.row, each.why) for each in found.bad] == [(2, "odd"), (3, "too_long"), (4, "empty")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "id_list.nobody"), (b"member\n", "id_list.nobody"), (b"PK\x03\x04 no zip", "sheet.unreadable"),
        (b"\xd0\xcf\x11\xe0 no book", "sheet.unreadable"), (b"ann\0", "sheet.unreadable"),
        (b"\xff\xfe\xff", "sheet.unreadable"), (b"a\n" * 200_003, "sheet.too_many"),
        (b"a" * (10 * 1024 * 1024 + 1), "sheet.too_large"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Invalid) as no:
        read_ids(body)
    assert no.value.code == code


def test_what_would_unpack_to_much_more_is_not_unpacked() -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (201 * 1024 * 1024))
    assert len(body.getvalue()) < 1024 * 1024
    with pytest.raises(Invalid) as no:
        read_ids(body.getvalue())
    assert no.value.code == "sheet.too_large"
