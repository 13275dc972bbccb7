"""The receiver of docs/how-to/receive-webhooks.md, as a platform would run it; and the page of kinds is current."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx
import pytest

from festoon.outbox.webhooks.deliveries import Sought, deliveries, send_test
from festoon.outbox.webhooks.page import page
from festoon.store.pool import connect
from tests.docs.pages import blocks, text_of
from tests.outbox.webhooks.hooks import Worker, listen
from tests.serving import PATIENCE, wait_until

Found = TypeVar("Found")
PAGE = "docs/how-to/receive-webhooks.md"


def test_the_page_of_webhooks_is_current() -> None:
    assert text_of("docs/reference/webhooks.md") == page(), (
        "write it anew: python -m festoon.outbox.webhooks.page > docs/reference/webhooks.md"
    )


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found: int = free.getsockname()[1]
        return found


def test_the_receiver_of_the_page_takes_what_is_signed_once_and_refuses_the_rest(
    database: str, port: int, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{port}/"
    made, secret = on_store(database, lambda store: listen(store, url))
    (program,) = [block for block in blocks(PAGE, "python") if block.told == "receiver.py"]
    (tmp_path / "receiver.py").write_text(program.text)
    environment = os.environ | {"FESTOON_WEBHOOK_SECRET": secret, "PORT": str(port)}
    with (tmp_path / "out").open("w") as out:
        receiver = subprocess.Popen(
            [sys.executable, tmp_path / "receiver.py"], stdout=out, stderr=out, env=environment
        )
        try:
            wait_until(lambda: listens(port))
            on_store(database, lambda store: told_twice(store, database, made.id))
            assert httpx.post(url, content=b"{}", timeout=PATIENCE).status_code == 401
        finally:
            receiver.terminate()
            receiver.wait()
    (one,) = on_store(database, lambda store: deliveries(store, Sought()))
    assert [each.status for each in one.attempts] == [204, 204]
    taken = [line for line in (tmp_path / "out").read_text().splitlines() if "webhook.test" in line]
    assert taken == [f"{one.message} webhook.test "]


def on_store(dsn: str, go: Callable[[asyncpg.Connection], Coroutine[Any, Any, Found]]) -> Found:
    async def whole() -> Found:
        connection = await connect(dsn)
        try:
            return await go(connection)
        finally:
            await connection.close()

    return asyncio.run(whole())


async def told_twice(store: asyncpg.Connection, database: str, endpoint: str) -> None:
    """The same message, as a replay sends it again."""
    worker = Worker(database)
    worker.at = await store.fetchval("SELECT clock_timestamp()")
    await send_test(store, endpoint, "lin", worker.at)
    await worker.work()
    await store.execute("UPDATE webhook_delivery SET state = 'waiting', due = $1", worker.at)
    await worker.work()


def listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0
