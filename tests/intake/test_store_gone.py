"""The database goes away and comes back; the queue fills and empties. Senders are told when to try again."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import httpx
import pytest

from festoon.intake.batcher import Bounds
from festoon.store.embedded import EmbeddedServer
from festoon.store.migrate import migrate
from festoon.store.pool import connect
from tests.intake.conftest import PLAN
from tests.serving import Client, Running, order_paid, serving, wait_until

pytestmark = pytest.mark.xdist_group("embedded server")


@pytest.fixture
def own_server(server_room: Path) -> Iterator[EmbeddedServer]:
    """A database server that a test may stop."""
    server = EmbeddedServer.start(server_room / "pg")
    server.create_database()
    migrate(server.dsn())
    yield server
    EmbeddedServer.start(server_room / "pg").stop()


def unavailable(answer: httpx.Response, code: str) -> bool:
    assert (answer.status_code, answer.json()["code"]) == (503, code)
    assert int(answer.headers["retry-after"]) >= 1
    return True


def test_while_the_database_is_gone_senders_are_told_and_afterwards_all_goes_on(
    own_server: EmbeddedServer,
) -> None:
    with serving(own_server.dsn(), PLAN) as running:
        client, first, second = running.client, order_paid("ann", 300), order_paid("ann", 400)
        assert client.one(first).status_code == 200
        own_server.stop()
        for _ in range(3):
            assert unavailable(client.one(second), "store.gone")
        both = client.many([first, second])
        assert [each["status"] for each in both.json()] == [503, 503]
        assert int(both.headers["retry-after"]) >= 1
        assert unavailable(client.get("/v1/members/ann"), "store.gone")
        with running.with_key("fst_000000000000_00") as nobody:
            assert unavailable(nobody.one(second), "store.gone")
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        assert client.get("/readyz").json()["status"] == "store_gone"

        EmbeddedServer.start(own_server.data_dir)
        wait_until(lambda: client.get("/readyz").status_code == 200)
        assert [client.one(event).json()["again"] for event in (first, second, second)] == [True, False, True]
        assert client.get("/v1/members/ann").json()["balances"][0]["available"] == 700
        assert running.books_balance()


def test_sessions_that_are_ended_are_opened_again(database: str) -> None:
    with serving(database, PLAN) as running:
        events = [order_paid(f"member-{number}", 100) for number in range(60)]
        with ThreadPoolExecutor(4) as senders:
            answers = [senders.submit(send_until_answered, running.client, event) for event in events]
            for _ in range(5):
                asyncio.run(end_sessions(database))
            assert all(answer.result() for answer in answers)
        (row,) = running.fetch("SELECT count(*) FROM event WHERE type = 'order.paid'")
        assert row[0] == len(events)
        assert running.books_balance()


def send_until_answered(client: Client, event: dict[str, object]) -> bool:
    while (answer := client.one(event)).status_code == 503:
        assert unavailable(answer, "store.gone")
    assert answer.status_code == 200, answer.text
    return True


async def end_sessions(dsn: str) -> None:
    connection = await connect(dsn)
    await connection.execute(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()"""
    )
    await connection.close()


@pytest.fixture
def held(database: str) -> Iterator[tuple[Running, "asyncio.Runner", asyncpg.Connection]]:
    """A server with room for three events, whose batches wait for a lock that the test holds."""
    with (
        serving(database, PLAN, bounds=Bounds(batch=1, lanes=1, waiting=3)) as running,
        asyncio.Runner() as runner,
    ):
        connection = runner.run(connect(database))
        runner.run(connection.execute("BEGIN; LOCK TABLE program IN ACCESS EXCLUSIVE MODE"))
        yield running, runner, connection
        runner.run(connection.close())


def test_a_full_queue_says_so_at_once_and_takes_events_again_when_there_is_room(
    held: tuple[Running, "asyncio.Runner", asyncpg.Connection],
) -> None:
    running, runner, connection = held
    client, events = running.client, [order_paid(f"member-{number}", 100) for number in range(4)]
    with ThreadPoolExecutor(4) as senders:
        waiting = [senders.submit(client.one, event) for event in events]
        wait_until(lambda: client.get("/readyz").json()["waiting"] == 3)
        assert client.get("/readyz").json()["status"] == "full"
        assert client.get("/readyz").status_code == 503
        late = order_paid("member-9", 100)
        assert unavailable(client.one(late), "queue.full")
        assert unavailable(client.many([late]), "queue.full")
        runner.run(connection.execute("ROLLBACK"))
        assert [answer.result().status_code for answer in waiting] == [200] * 4
    assert client.one(late).json()["again"] is False
    assert unavailable(client.many([late] * 4), "queue.full")


def test_what_waits_when_a_server_stops_is_still_answered(
    held: tuple[Running, "asyncio.Runner", asyncpg.Connection],
) -> None:
    running, runner, connection = held
    with ThreadPoolExecutor(3) as senders:
        waiting = [senders.submit(running.client.one, order_paid(f"member-{n}", 100)) for n in range(3)]
        wait_until(lambda: running.client.get("/readyz").json()["waiting"] == 2)
        running.stop()
        runner.run(connection.execute("ROLLBACK"))
        assert [answer.result().status_code for answer in waiting] == [200] * 3


def test_a_member_nobody_knows_is_turned_away_where_they_are_not_to_be_made(database: str) -> None:
    with serving(database, PLAN, create_members=False) as running:
        client, order = running.client, order_paid("ann", 300)
        answer = client.one(order)
        assert (answer.status_code, answer.json()["code"]) == (404, "member.unknown")
        assert client.post("/v1/members", json={"id": "ben", "event_id": "r1"}).status_code == 200
        statuses = [each["status"] for each in client.many([order, order_paid("ben", 300)]).json()]
        assert statuses == [404, 200]
        assert client.get("/v1/members/ann").status_code == 404
        client.post("/v1/members", json={"id": "ann", "event_id": "r2"})
        assert client.one(order).json()["again"] is False
