"""A mechanic of another package has a mistake. Whom it fails on is told so; nobody else notices."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from festoon.mechanics.registry import kinds
from tests.serving import Running, cloud_event, head, order_paid, serving, wait_until

SOMEBODY_ELSES = """
from datetime import timedelta

from festoon.base.effects import Start
from festoon.mechanics.gift import Gift


class Fragile(Gift, kind="fragile"):
    def decide(self, event, view):
        if event.data["page"] == "later":
            yield Start("later", view.now + timedelta(seconds=1), {"page": "broken"}, None, "")
        elif event.data["page"] in ("shelf|nothing", "points@nobody"):
            yield from self.ask(event.data["page"], view)
        else:
            yield from self.fail(event.data)

    def on_timer(self, name, data, view):
        yield from self.fail(data)

    def ask(self, account, view):
        if view.shared(account) if "|" in account else view.balance(account):
            yield self.give

    def fail(self, data):
        yield {"fine": self.give}[data["page"]]
"""
PLAN = (
    head()
    + """
mechanics:
  fragile: {kind: fragile, on: page.viewed, give: [{points: 1}]}
  spend: {kind: earn, on: order.paid, asset: points, per: 1, give: 1}
"""
)


@pytest.fixture
def running(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    (tmp_path / "somebody_elses.py").write_text(SOMEBODY_ELSES)
    info = tmp_path / "somebody_elses-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: somebody-elses\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[festoon.mechanics]\nfragile = somebody_elses:Fragile\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    kinds.cache_clear()
    with serving(database, PLAN) as running:
        yield running
    kinds.cache_clear()


def viewed(member: str, page: str) -> dict[str, object]:
    return cloud_event("page.viewed", member, data={"page": page})


def test_the_event_it_fails_on_is_turned_away_and_its_neighbours_go_in(running: Running) -> None:
    bad, events = viewed("ann", "broken"), [viewed(f"member-{number}", "fine") for number in range(40)]
    events.insert(17, bad)
    answers = running.client.many(events).json()
    assert [answer["status"] for answer in answers] == [200] * 17 + [500] + [200] * 23
    assert answers[17]["error"]["code"] == "event.failed"
    alone = running.client.one(bad)
    assert (alone.status_code, alone.json()["code"]) == (500, "event.failed")
    assert len(running.fetch("SELECT FROM event")) == 40
    assert running.books_balance()


@pytest.mark.parametrize("account", ["shelf|nothing", "points@nobody"])
def test_asking_for_an_account_that_nobody_has_fails_and_does_not_go_on_for_ever(
    running: Running, account: str
) -> None:
    running.client.one(order_paid("ann"))  # of a member nobody knows it is clear that he has nothing
    asked, fine = running.client.many([viewed("ann", account), viewed("ben", "fine")]).json()
    assert (asked["status"], asked["error"]["code"]) == (500, "event.failed")
    assert fine["status"] == 200
    assert running.books_balance()


def test_the_log_tells_the_mistake_and_nothing_of_what_members_sent(
    running: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = running.client.one(cloud_event("page.viewed", "Zhang San", data={"page": "13800000000"}))
    assert answer.status_code == 500, answer.text
    said = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    failed = [line["exception"] for line in said if line["event"] == "batch_failed"]
    assert ["somebody_elses.py" in each for each in failed] == [True], said
    assert "Zhang San" not in json.dumps(said, ensure_ascii=False)


def test_a_timer_it_fails_on_holds_up_its_own_member_and_nobody_else(running: Running) -> None:
    client = running.client
    client.many([viewed("ann", "later"), *(order_paid(f"member-{number}") for number in range(5))])
    wait_until(lambda: client.one(order_paid("ann")).json().get("code") == "event.failed")
    until = {"hold": "h", "asset": "points", "amount": 3, "until": "2020-01-01T00:00:00Z"}
    assert client.one(order_paid("ben", 500)).status_code == 200
    assert client.one(cloud_event("hold.placed", "ben", data=until)).status_code == 200
    wait_until(lambda: client.get("/v1/members/ben").json()["balances"][0]["held"] == 0)
    assert client.get("/healthz").status_code == 200
    assert running.books_balance()
