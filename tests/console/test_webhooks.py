"""Webhooks in the console: endpoints, the secret shown once, deliveries found and sent again."""

import asyncio
import re

from festoon.base.clock import wall
from festoon.outbox.webhooks.deliveries import send_test
from festoon.store.pool import connect
from tests.console.visitors import Visitors
from tests.outbox.webhooks.hooks import Worker
from tests.outbox.webhooks.receiver import always, receiving
from tests.serving import Running

AT = "/console/webhooks/"


def test_only_who_may_sees_them(visitors: Visitors) -> None:
    assert "Nobody is told anything yet" in visitors["administrator"].page(AT)
    for path in ("", "new/", "deliveries/"):
        assert visitors["support"].get(AT + path).status_code == 403
        assert visitors[""].get(AT + path).url.path == "/console/sign-in/"


def test_an_endpoint_lives_from_its_making_to_its_end(visitors: Visitors, running: Running) -> None:
    admin = visitors["administrator"]
    assert "cannot be an endpoint" in admin.submit(f"{AT}new/", url="ftp://x/").text
    with receiving() as receiver:
        shown = admin.submit(f"{AT}new/", url=receiver.url, kinds=["webhook.test"], campaigns="spring")
        secret = re.search(r"whsec_[\w+/=]+", shown.text)
        assert secret is not None
        assert secret[0] not in admin.page(AT)
        (one,) = set(re.findall(rf'href="({AT}ep_\w+/)"', admin.page(AT)))
        admin.submit(f"{one}test/", one)
        receiver.answer = always(503)
        work(running)
        listed = admin.page(f"{AT}deliveries/?state=waiting&kind=webhook.test")
        assert "503" in listed
        (sent,) = set(re.findall(rf'href="({AT}deliveries/\d+/)"', listed))
        receiver.answer = always(200)
        assert "1 are sent again" in admin.submit(f"{sent}replay/", sent).text
        work(running)
        page = admin.page(sent)
        assert "delivered" in page
        assert "webhook.test" in page
    admin.submit(one, url="https://shop.example/new", campaigns="", kinds=[])
    assert "https://shop.example/new" in admin.page(one)
    assert "whsec_" in admin.submit(f"{one}rotate/", one).text
    admin.submit(f"{one}off/", one)
    assert "It goes on where it stopped" in admin.page(one)
    admin.submit(f"{one}on-now/", one)
    admin.submit(f"{one}replay/", one, since="2026-01-01")
    assert "The endpoint is gone" in admin.submit(f"{one}remove/", one).text
    assert admin.get(one).status_code == 404
    acts = running.fetch("SELECT act FROM audit_entry WHERE act LIKE 'webhook.%' ORDER BY number")
    assert [row["act"].removeprefix("webhook.") for row in acts] == [
        "make", "test", "replay", "change", "rotate", "off", "on", "replay", "remove",
    ]  # fmt: skip


def test_deliveries_come_page_by_page(visitors: Visitors, running: Running) -> None:
    admin = visitors["administrator"]
    before = set(re.findall(rf'href="{AT}(ep_\w+)/"', admin.page(AT)))
    admin.submit(f"{AT}new/", url="https://shop.example/", kinds=[], campaigns="")
    (one,) = set(re.findall(rf'href="{AT}(ep_\w+)/"', admin.page(AT))) - before

    async def many() -> None:
        connection = await connect(running.dsn)
        for number in range(55):
            await send_test(connection, one, f"lin-{number}", wall())
        await connection.close()

    asyncio.run(many())
    first = admin.page(f"{AT}deliveries/")
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = admin.page(f"{AT}deliveries/{following[1].replace('&amp;', '&')}")
    links = [re.findall(rf'href="{AT}deliveries/(\d+)/"', page) for page in (first, second)]
    assert [len(each) for each in links] == [50, 5]
    assert len({*links[0], *links[1]}) == 55
    assert admin.get(f"{AT}deliveries/?after=x").status_code == 200


def work(running: Running) -> None:
    async def go() -> None:
        worker = Worker(running.dsn)
        worker.at = wall()
        await worker.work()

    asyncio.run(go())
