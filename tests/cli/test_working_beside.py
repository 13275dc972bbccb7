"""What is done behind a platform, in the process that serves: counted and sent for as long as it runs."""

import os
from pathlib import Path
from typing import Any

from festoon.base.clock import wall
from festoon.cli.background import Working, beside
from festoon.insight.jobs.task import Folders
from festoon.outbox.webhooks.deliveries import Sought, deliveries, send_test
from festoon.outbox.webhooks.endpoints import Wanted, make
from festoon.store.pool import connect
from tests.cli.commands import Commands
from tests.serving import Running, cloud_event, head, serving, wait_until, waited

PLAN = head() + "mechanics: {hello: {kind: gift, on: member.registered, give: {points: 5}}}\n"


async def told(running: Running) -> None:
    connection = await connect(running.dsn)
    made, _ = await make(connection, Wanted("https://localhost/"), "lin", wall(), os.urandom)
    await send_test(connection, made.id, "lin", wall())
    await connection.close()


async def tries(running: Running) -> int:
    connection = await connect(running.dsn)
    found = await deliveries(connection, Sought())
    await connection.close()
    return sum(each.tries for each in found)


def test_a_server_that_works_counts_and_sends_what_is_due_and_stops_when_it_is_told(
    database: str, tmp_path: Path
) -> None:
    folders = Folders(tmp_path / "facts", tmp_path / "histories", tmp_path / "reports")
    with serving(database, PLAN, sides=(beside(Working(folders)),), facts=str(folders.facts)) as running:
        assert running.client.one(cloud_event("member.registered", "ann")).status_code == 200
        waited(told(running))

        def board() -> Any:
            return running.client.get("/v1/campaigns/spring/board").json()

        wait_until(lambda: board()["participants"]["total"] == 1)
        assert board()["working"]
        wait_until(lambda: waited(tries(running)) > 0)
    assert list(folders.facts.rglob("*.parquet"))


def test_several_processes_do_not_each_work(in_chinese: str) -> None:
    assert in_chinese
    done = Commands()("serve", "--work", "--workers", "2")
    assert done.exit_code == 2
    assert "festoon work" in done.output
