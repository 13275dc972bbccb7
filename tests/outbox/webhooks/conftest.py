"""A receiver, a platform with a plan, and a look into its store."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
import pytest_asyncio

from festoon.store.pool import connect
from tests.live import Platform
from tests.outbox.webhooks.hooks import PLAN
from tests.outbox.webhooks.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest_asyncio.fixture
async def platform(database: str) -> AsyncIterator[Platform]:
    platform = await Platform.open(database, PLAN)
    yield platform
    await platform.close()


@pytest_asyncio.fixture
async def store(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(database)
    yield connection
    await connection.close()
