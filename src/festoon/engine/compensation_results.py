"""What became of each member of a compensation, as a file for whoever asked for it.

A spreadsheet program takes a cell that begins with = for a formula, so an id that does is marked as text.
"""

import asyncio
import csv
import io
from collections.abc import AsyncIterator

import asyncpg
import xlsxwriter
from msgspec import Struct

from festoon.base.scratch import scratch
from festoon.engine.outcome import decode

COLUMNS = ("member", "state", "what", "code")
PAGE = 1_000
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Result(Struct, frozen=True):
    """One member: his id, `done`, `refused` or `waiting`, what was given or taken, and the refusal's code."""

    member: str
    state: str
    what: str
    code: str


async def results(connection: asyncpg.Connection, id: str) -> AsyncIterator[Result]:
    """What became of each, in the order of their numbers, a page at a time."""
    after = 0
    while rows := await connection.fetch(
        """SELECT member_id, subject, coalesce(state, 'waiting') AS state, outcome FROM compensation_member
           WHERE compensation = $1 AND member_id > $2 ORDER BY member_id LIMIT $3""",
        id, after, PAGE,
    ):  # fmt: skip
        for row in rows:
            yield _result(row)
        after = rows[-1]["member_id"]


def _result(row: asyncpg.Record) -> Result:
    what, code = "", ""
    if row["outcome"]:
        outcome = decode(row["outcome"])
        code = "" if outcome.refused is None else outcome.refused.code
        parts = [f"{each.amount} {each.ref}" for made in outcome.mechanics for each in made.given]
        parts += [f"-{amount} {name}" for made in outcome.mechanics for name, amount in made.taken.items()]
        what = "; ".join(parts)
    return Result(row["subject"], row["state"], what, code)


async def as_csv(connection: asyncpg.Connection, id: str) -> str:
    """The results as CSV."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    async for each in results(connection, id):
        member = f"'{each.member}" if each.member.startswith(_FORMULAS) else each.member
        rows.writerow((member, each.state, each.what, each.code))
    return text.getvalue()


async def as_xlsx(connection: asyncpg.Connection, id: str) -> bytes:
    """The results as a spreadsheet; every cell is text."""
    with scratch("compensation") as room:
        path = room / "results.xlsx"
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
        sheet = book.add_worksheet("results")
        sheet.set_column(0, 0, 24)
        sheet.set_column(2, 2, 40)
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name)
        number = 1
        async for each in results(connection, id):
            for column, value in enumerate((each.member, each.state, each.what, each.code)):
                sheet.write_string(number, column, value)
            number += 1
        await asyncio.to_thread(book.close)
        return path.read_bytes()
