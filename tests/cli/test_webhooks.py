"""`festoon webhooks`, as an operator runs it."""

import asyncio
import json

import pytest

from tests.cli.commands import Commands
from tests.outbox.webhooks.hooks import Worker
from tests.outbox.webhooks.receiver import Receiver, always, receiving


@pytest.fixture
def festoon(in_chinese: str) -> "Festoon":
    return Festoon(in_chinese)


class Festoon(Commands):
    """The command line, and a worker beside it."""

    group = ("webhooks",)

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    def work(self) -> None:
        async def go() -> None:
            worker = Worker(self.dsn)
            worker.at = worker.at.replace(year=2100)  # whatever waits is due
            await worker.work()

        asyncio.run(go())


def test_an_endpoint_is_made_tried_switched_and_removed(festoon: Festoon) -> None:
    with receiving() as receiver:
        found = festoon.json("make", receiver.url, "--kind", "webhook.test", "--campaign", "spring")
        id = found["endpoint"]
        first = festoon.json("test", id)["delivery"]
        receiver.answer = always(500)
        festoon.work()
        assert festoon.json("show", str(first))["attempts"][0]["status"] == 500
        assert "500" in festoon("deliveries", "--endpoint", id).stdout
        receiver.answer = always(200)
        assert festoon.json("replay", str(first))["state"] == "waiting"
        festoon.work()
        assert festoon.json("show", str(first))["state"] == "delivered"
        assert "webhook.test" in festoon("show", str(first)).stdout
        check_switches(festoon, receiver, id)


def check_switches(festoon: Festoon, receiver: Receiver, id: str) -> None:
    assert festoon.json("rotate", id, "--hours", "1")["secret"].startswith("whsec_")
    assert festoon.json("off", id)["state"] == "off"
    assert festoon.json("on", id, "--from-now")["state"] == "on"
    assert festoon.json("change", id, receiver.url + "/new")["kinds"] == []
    assert [each["url"] for each in festoon.json("list")] == [receiver.url + "/new"]
    since = "2027-02-10T12:00+08:00"
    assert festoon.json("replay", "--endpoint", id, "--failed-since", since) == {"deliveries": 0}
    assert festoon.json("remove", id) == {"removed": id}
    assert festoon("list").stdout.strip().startswith("no endpoints yet")


def test_what_is_wrong_is_said_with_its_code(festoon: Festoon) -> None:
    assert festoon.json("kinds")["item.lapsed"] == "物品已过期"
    done = festoon("off", "ep_0", "--json")
    assert done.exit_code == 3
    assert json.loads(done.stdout)["error"]["code"] == "webhook.endpoint_unknown"
    assert festoon("replay").exit_code == 2
    assert festoon("deliveries", "--state", "lost").exit_code == 2
