"""Who is who in the platform's own past: the facts name members by their numbers, and inviters as they were named then.

Accounts that have become one are one person from the beginning, and so is a visitor with the member he turned out to
be. An inviter who was named by his id or his code is named by his number.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import duckdb
import pyarrow as pa
from msgspec import Struct

from festoon.base.visitors import FIRST_NUMBER, PREFIX
from festoon.engine.invite_codes import number_in
from festoon.engine.lists import merged_members
from festoon.store.pieces import pieces
from festoon.store.pool import connect

_BY_CODE = "(starts_with(type, 'invite.') OR type = 'member.registered')"
SAID = f"""CASE WHEN contains(data, '"invite') OR ({_BY_CODE} AND contains(data, '"code"'))
                THEN coalesce(json_extract_string(data, '$.inviter'), json_extract_string(data, '$.invite_code'),
                              CASE WHEN {_BY_CODE} THEN json_extract_string(data, '$.code') END) END"""
"""Whom an event names as the inviter; NULL where it names nobody."""


class People(Struct, frozen=True):
    """The numbers that stay of accounts that are no more, and of inviters by what events said."""

    stays: Mapping[int, int] = {}
    inviters: Mapping[str, int] = {}


def people(dsn: str, facts: Sequence[Path]) -> People:
    """Those of a platform's facts."""
    with duckdb.connect() as duck:
        rows = duck.execute(
            f"SELECT DISTINCT {SAID} AS said FROM read_parquet($files) WHERE said <> ''",
            {"files": [str(file) for file in facts]},
        ).fetchall()
    return asyncio.run(_looked_up(dsn, [row[0] for row in rows]))


async def _looked_up(dsn: str, said: Sequence[str]) -> People:
    connection = await connect(dsn)
    try:
        stays = await merged_members(connection)
        secret: bytes = await connection.fetchval("SELECT code_secret FROM installation")
        inviters = {one: number for one in said if (number := number_in(secret, one)) is not None}
        inviters |= await _by_id(connection, said)
    finally:
        await connection.close()
    return People(stays, {one: stays.get(number, number) for one, number in inviters.items()})


async def _by_id(connection: asyncpg.Connection, said: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for piece in pieces(said):
        for row in await connection.fetch(
            "SELECT subject, member_id FROM identity WHERE subject = ANY($1::text[])", list(piece)
        ):
            found[row["subject"]] = row["member_id"]
    return found


def named_by_number(duck: duckdb.DuckDBPyConnection, known: People) -> str:
    """The rows of events of the facts (of `$files`) with everybody named by his number, as SQL. Makes the tables it
    reads."""
    _table(duck, "stays", "member", pa.int64(), known.stays)
    _table(duck, "inviter", "said", pa.string(), known.inviters)
    duck.execute(
        f"""CREATE TEMP MACRO name_of(number) AS
            CASE WHEN number >= {FIRST_NUMBER} THEN '{PREFIX}' ELSE '' END || CAST(number AS VARCHAR)"""
    )
    return f"""SELECT source, id, type, name_of(coalesce(stays.number, member)) AS subject, time, seq,
                      CASE WHEN inviter.number IS NULL THEN data
                           ELSE json_merge_patch(data, json_object('inviter', name_of(inviter.number))) END AS data
               FROM read_parquet($files) AS event LEFT JOIN stays USING (member)
               LEFT JOIN inviter ON inviter.said = {SAID}"""


def _table(
    duck: duckdb.DuckDBPyConnection, name: str, key: str, kind: pa.DataType, numbers: Mapping[Any, int]
) -> None:
    rows = {key: pa.array(numbers.keys(), kind), "number": pa.array(numbers.values(), pa.int64())}
    duck.register(name, pa.table(rows))
