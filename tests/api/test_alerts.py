"""Alerts over the API."""

from tests.serving import Client, Running


def test_what_is_wrong_is_told_with_what_to_do_and_where(client: Client) -> None:
    client.post("/v1/webhooks", json={"url": "https://tea.example/hooks"})
    (hook,) = client.get("/v1/webhooks").json()["endpoints"]
    client.post(f"/v1/webhooks/{hook['id']}/off")
    found = client.get("/v1/alerts").json()
    (told,) = [each for each in found["alerts"] if each["code"] == "webhook_off"]
    assert (told["severity"], told["open"], told["page"]) == (
        "notice",
        True,
        f"console/webhooks/{hook['id']}/",
    )
    assert set(told["text"]) == set(told["todo"]) == {"en", "zh-Hans", "zh-Hant"}
    assert found["open"] == sum(each["open"] for each in found["alerts"])
    seen = client.post("/v1/alerts/acknowledge", json={"key": told["key"], "note": "being moved"}).json()
    (now,) = [each for each in seen["alerts"] if each["key"] == told["key"]]
    assert (now["open"], now["acknowledged"]["by"], now["acknowledged"]["note"]) == (
        False,
        "tests",
        "being moved",
    )
    assert seen["open"] == found["open"] - 1
    assert client.get("/v1/audit?act=alert.acknowledge").json()["entries"][0]["object"] == told["key"]


def test_an_alert_that_is_not_there_and_one_without_a_note_are_told(client: Client) -> None:
    gone = client.post("/v1/alerts/acknowledge", json={"key": "line/none/none", "note": "x"})
    assert (gone.status_code, gone.json()["code"]) == (404, "alert.unknown")
    empty = client.post("/v1/alerts/acknowledge", json={"key": "line/none/none", "note": "  "})
    assert (empty.status_code, empty.json()["code"]) == (400, "alert.nothing_said")


def test_seeing_takes_a_scope_of_its_own(running: Running) -> None:
    reader = running.with_scopes("campaigns:read")
    assert reader.get("/v1/alerts").status_code == 200
    assert reader.post("/v1/alerts/acknowledge", json={"key": "x", "note": "y"}).status_code == 403
