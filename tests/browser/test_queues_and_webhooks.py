"""Queues and webhooks, as people see them."""

import os
from typing import Any

import pytest

from festoon.base.clock import wall
from festoon.outbox.webhooks.deliveries import send_test
from festoon.outbox.webhooks.endpoints import Wanted, make
from festoon.store.pool import connect
from tests.browser.looking import LOOKS, PHONE, DoubleClick, Looking, looks_right, picture
from tests.console.test_queues import HOME, PLAN, PNG
from tests.outbox.webhooks.receiver import receiving
from tests.serving import Running, cloud_event, waited

MEMBERS = ("li-hua", "wang-wei", "zhang-min")
QUEUES = ("held/", "proofs/", "parcels/", "parcels/?state=", "parcels/numbers/", "codes/", "codes/new/", "draws/",
          "draws/spring/grand/")  # fmt: skip
ROLES = "operator+judge+support"


@pytest.fixture(scope="module")
def plan() -> str:
    return PLAN


@pytest.fixture(scope="module")
def lived(running: Running) -> list[str]:
    """Gifts of members who also handed something in and look doubtful."""
    items = []
    did(running, "balance.adjusted", MEMBERS[1], asset="growth", amount=5, reason="-", made_by="lin")
    did(running, "check_in.made", MEMBERS[1])
    for number, name in enumerate(MEMBERS):
        won = did(running, "content.liked", name, content="c")
        items.append(won["mechanics"][0]["given"][0]["item"])
        if number < 2:
            did(running, "gift.address_given", name, item=items[-1], **HOME)
        did(running, "proof.submitted", name, proof=f"pr-{name}", photo=f"photos/{name}.jpg")
        did(running, "segment.entered", name, segment="watched")
        did(running, "page.viewed", name, page="tea")
    did(running, "gift.shipped", MEMBERS[0], item=items[0], carrier="SF", parcel="SF-1042")
    return items


def did(running: Running, type_: str, member: str, **data: Any) -> Any:
    answer = running.client.one(cloud_event(type_, member, data=data))
    assert answer.status_code == 200, answer.text
    return answer.json()["outcome"]


async def told(running: Running) -> tuple[str, int]:
    connection = await connect(running.dsn)
    kinds = ["reward.granted", "item.issued", "item.shipped"]
    made, _ = await make(
        connection, Wanted("https://shop.example/festoon", kinds, ["spring"]), "lin", wall(), os.urandom
    )
    number = await send_test(connection, made.id, "lin", wall())
    await connection.close()
    return made.id, number


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_the_queues_look_right(open_page: Looking, lived: list[str], width: int, language: str) -> None:
    page = open_page(ROLES, "/console/queues/held/", width, language)
    held = page.locator("main a.button-small").first.get_attribute("href")
    for path in (*QUEUES, f"parcels/{lived[0]}/", f"parcels/{lived[1]}/"):
        page.goto(f"/console/queues/{path}")
        looks_right(page)
        name = path.strip("/").replace("/", "-").replace("?state=", "-all").replace(lived[0], "shipped")
        picture(page, f"queues-{name.replace(lived[1], 'ordered')}-{width}-{language}")
    page.goto(str(held))
    looks_right(page)
    picture(page, f"queues-held-one-{width}-{language}")


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_the_webhooks_look_right(open_page: Looking, running: Running, width: int, language: str) -> None:
    id, number = waited(told(running))
    page = open_page("administrator", "/console/webhooks/", width, language)
    for path in ("", "new/", f"{id}/", "deliveries/", f"deliveries/{number}/"):
        page.goto(f"/console/webhooks/{path}")
        looks_right(page)
        name = path.strip("/").replace("/", "-").replace(id, "one").replace(str(number), "one")
        picture(page, f"webhooks-{name}-{width}-{language}")


def test_a_parcel_is_shipped_and_a_row_of_the_file_is_judged(
    open_page: Looking, lived: list[str], tmp_path: Any
) -> None:
    file = tmp_path / "sent.csv"
    file.write_text(f"item,carrier,parcel\n{lived[1]},SF,SF-7\nx,SF,SF-8\n")
    page = open_page("support", "/console/queues/parcels/numbers/", PHONE, "zh-hans")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main button[type=submit]").click()
    page.locator("dl.stats").wait_for()
    looks_right(page)
    picture(page, "queues-judged")
    page.goto(f"/console/queues/parcels/{lived[1]}/")
    page.locator("[data-opens=return]").click()
    looks_right(page)
    page.locator("dialog[open] button[type=submit]").click()
    page.get_by_text("已退回，等待重新寄出").wait_for()


def test_a_picture_is_shown_beside_its_verdict(
    open_page: Looking, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FESTOON_WEBHOOK_NETWORKS", "127.0.0.0/8")
    with receiving() as photos:
        photos.body = PNG
        did(running, "proof.submitted", "zoe", proof="pr-zoe", photo=photos.url)
        page = open_page("judge", "/console/queues/proofs/")
        card = page.locator("article", has_text="zoe")
        card.locator("img").wait_for()
        card.get_by_role("button", name="Approve").click()
        page.get_by_text("The proof counts").wait_for()


def test_a_double_click_gives_one_verdict(open_page: Looking, running: Running) -> None:
    for name in ("uma", "ute"):
        did(running, "proof.submitted", name, proof=f"pr-{name}", photo=f"photos/{name}.jpg")
    page = open_page("judge", "/console/queues/proofs/")
    first, second = (
        page.locator("article", has_text=name).get_by_role("button", name="Approve")
        for name in ("uma", "ute")
    )
    DoubleClick(page, first).half(1)
    page.get_by_text("The proof counts").wait_for()
    DoubleClick(page, second).half(2)  # the next page has come, with another's proof under the hand
    page.reload()
    assert page.locator("article", has_text="uma").count() == 0
    second.click()
    page.get_by_text("The proof counts").wait_for()
