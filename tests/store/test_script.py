"""Scripts: what is written goes out in one piece, and comes in whole or not at all."""

import asyncpg
import pytest

from festoon.store import arrays
from festoon.store.pool import connect
from festoon.store.script import Script, Statement, prepare

TABLE = "CREATE TABLE note (number bigint PRIMARY KEY, said text NOT NULL)"
WRITE = Statement(
    "write_notes",
    ("bigint[]", "text[]"),
    "INSERT INTO note SELECT * FROM unnest($1, $2)",
)
CHANGE = Statement(
    "change_note",
    ("bigint", "text", "bigint"),
    """WITH done AS (UPDATE note SET said = $2 WHERE number = $1 RETURNING 1)
       SELECT found_all(count(*), $3, 'no_data_found') FROM done""",
)
HARD = ["it's", "''", "\\", "a\\'b", '"', "{}", "NULL", ";COMMIT;", "$1", "新年 🎆", ""]


async def open_notes(database: str) -> asyncpg.Connection:
    connection = await connect(database)
    await connection.execute(TABLE)
    await prepare(connection, (WRITE, CHANGE))
    return connection


async def test_every_text_arrives_as_it_was_given(database: str) -> None:
    connection = await open_notes(database)
    script = Script()
    script.add(WRITE, arrays.numbers(range(len(HARD))), arrays.texts(HARD))
    script.add(CHANGE, 0, "it's \\ '' changed", 1)
    await connection.execute("BEGIN")
    await script.run(connection)
    rows = await connection.fetch("SELECT said FROM note ORDER BY number")
    await connection.close()
    assert [row["said"] for row in rows] == ["it's \\ '' changed", *HARD[1:]]


async def test_a_script_that_fails_in_the_middle_leaves_nothing(database: str) -> None:
    connection = await open_notes(database)
    script = Script()
    script.add(WRITE, "{1}", '{"one"}')
    script.add(CHANGE, 2, "nobody", 1)
    script.add(WRITE, "{3}", '{"three"}')
    await connection.execute("BEGIN")
    with pytest.raises(asyncpg.NoDataFoundError):
        await script.run(connection)
    await connection.execute("ROLLBACK")
    assert await connection.fetchval("SELECT count(*) FROM note") == 0
    await connection.close()


async def test_statements_are_prepared_once_however_often_it_is_asked(database: str) -> None:
    connection = await open_notes(database)
    await prepare(connection, (WRITE, CHANGE))
    await prepare(connection, (WRITE, CHANGE))
    assert await connection.fetchval("SELECT count(*) FROM pg_prepared_statements WHERE from_sql") == 2
    await connection.close()
