"""The days of a liability as a table to keep: CSV, or a workbook with a sheet for what lapses when."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook

from festoon.insight.liability.liability import Day, Lapsing, Liability

COLUMNS = Day.__struct_fields__
"""The columns, by their names; a file for people has their texts instead."""
OF_MONTHS = Lapsing.__struct_fields__


def as_csv(found: Liability) -> str:
    """A line a day, numbers in smallest units, columns by their names."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(_cells(day, COLUMNS) for day in found.days)
    return text.getvalue()


def as_xlsx(found: Liability, words: Mapping[str, str]) -> bytes:
    """A workbook of the days and of what lapses when. `words` are the headings, by the names of columns, and what the
    two sheets are called (`days`, `lapsing`)."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheets: tuple[tuple[str, Sequence[str], Sequence[Day | Lapsing]], ...] = (
            ("days", COLUMNS, found.days),
            ("lapsing", OF_MONTHS, found.lapsing),
        )
        for name, columns, rows in sheets:
            sheet = book.add_worksheet(words[name][:31])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(columns), 14)
            sheet.write_row(0, 0, [words[column] for column in columns], book.add_format({"bold": True}))
            for number, row in enumerate(rows, 1):
                sheet.write_row(number, 0, _cells(row, columns))
    return out.getvalue()


def _cells(row: Day | Lapsing, columns: Sequence[str]) -> list[Any]:
    return [each if isinstance(each, int) else "" if each is None else str(each) for each in
            (getattr(row, column) for column in columns)]  # fmt: skip
