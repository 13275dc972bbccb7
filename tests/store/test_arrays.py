"""Arrays written as text arrive as they were."""

from collections.abc import AsyncIterator

import asyncpg
import msgspec
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from festoon.store.arrays import HASH_BYTES, JSONS, hashes, jsons, numbers, places, texts
from festoon.store.pool import connect

STORABLE = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
WHATEVER = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest_asyncio.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    made = await connect(database)
    yield made
    await made.close()


@WHATEVER
@given(
    values=st.lists(
        STORABLE | st.sampled_from(["", '"', "\\", "{}", ",", "NULL", '","', "\n", '{"a":"b\\"c"}'])
    )
)
async def test_texts_of_any_kind(connection: asyncpg.Connection, values: list[str]) -> None:
    assert await connection.fetchval("SELECT ($1::text)::text[]", texts(values)) == values


@WHATEVER
@given(values=st.lists(st.integers(-(2**63), 2**63 - 1)))
async def test_numbers(connection: asyncpg.Connection, values: list[int]) -> None:
    assert await connection.fetchval("SELECT ($1::text)::bigint[]", numbers(values)) == values


@WHATEVER
@given(values=st.lists(st.binary(min_size=HASH_BYTES, max_size=HASH_BYTES)))
async def test_hashes(connection: asyncpg.Connection, values: list[bytes]) -> None:
    assert await connection.fetchval("SELECT ($1::text)::bytea[]", hashes(values)) == values


@WHATEVER
@given(values=st.lists(st.dictionaries(STORABLE, STORABLE | st.just("\x1f")), min_size=1))
async def test_texts_of_json(connection: asyncpg.Connection, values: list[dict[str, str]]) -> None:
    given = [msgspec.json.encode(value).decode() for value in values]
    assert await connection.fetchval("SELECT " + JSONS.format("$1::text"), jsons(given)) == given


@WHATEVER
@given(values=st.lists(st.tuples(st.integers(0, 2**32 - 2), st.integers(1, 2**16 - 1)), min_size=1))
async def test_places(connection: asyncpg.Connection, values: list[tuple[int, int]]) -> None:
    given = [f"({block},{line})" for block, line in values]
    assert await connection.fetchval("SELECT ($1::text)::tid[]", places(given)) == values
