"""Webhooks beside a server: told and sent by the process that serves, as long as it does."""

import os

from festoon.base.clock import wall
from festoon.cli.telling import webhooks
from festoon.outbox.webhooks.deliveries import Sought, deliveries, send_test
from festoon.outbox.webhooks.endpoints import Wanted, make
from festoon.store.pool import connect
from tests.serving import Running, serving, wait_until, waited


async def told(running: Running) -> None:
    connection = await connect(running.dsn)
    made, _ = await make(connection, Wanted("https://localhost/"), "lin", wall(), os.urandom)
    await send_test(connection, made.id, "lin", wall())
    await connection.close()


async def tries(running: Running) -> int:
    connection = await connect(running.dsn)
    (one,) = await deliveries(connection, Sought())
    await connection.close()
    return one.tries


def test_a_server_that_tells_sends_what_is_due_and_stops_when_it_is_told(database: str) -> None:
    with serving(database, sides=(webhooks,)) as running:
        waited(told(running))
        wait_until(lambda: waited(tries(running)) == 1)
