"""More stock and budget with a second signature, and pausing one mechanic, over the API."""

from tests.serving import Client, Running, order_paid


def test_more_is_asked_for_signed_by_another_and_there(client: Client, running: Running) -> None:
    other = running.with_key(running.key_of("wu"))
    shown = client.get("/v1/campaigns/spring/more").json()
    assert {"path": "coupons.five-off.stock", "name": "five-off", "kind": "stock", "now": "30"} in shown[
        "amendable"
    ]
    body = {"adds": {"coupons.five-off.stock": "5", "budget.lines.prizes": "10.50"}, "reason": "it goes well"}
    asked = client.post("/v1/campaigns/spring/more", json=body).json()
    at = f"/v1/campaigns/spring/more/{asked['version']}/sign"
    assert client.post(at).json()["code"] == "plan.maker_is_checker"
    assert other.post(at).json()["status"] == "published"
    now = {each["path"]: each["now"] for each in client.get("/v1/campaigns/spring/more").json()["amendable"]}
    assert (now["coupons.five-off.stock"], now["budget.lines.prizes"]) == ("35", "1010.50")
    wrong = client.post(
        "/v1/campaigns/spring/more", json={"adds": {"coupons.five-off.stock": "many"}, "reason": "x"}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (400, "more.nothing")
    assert client.post("/v1/campaigns/spring/more/x/sign").status_code == 404
    assert running.books_balance()


def test_one_mechanic_is_paused_and_runs_again(client: Client) -> None:
    at = "/v1/campaigns/spring/mechanics/spend"
    assert client.post(f"{at}/pause", json={"reason": "odd"}).json()["paused"] == ["spend"]
    seen = client.one(order_paid("pau", 5)).json()["outcome"]
    assert seen["passed_over"]["paused"] == ["spring/spend"]
    assert client.post(f"{at}/pause", json={}).json()["code"] == "pause.already"
    assert client.post(f"{at}/resume", json={}).json()["paused"] == []
    assert client.post("/v1/campaigns/spring/mechanics/none/pause", json={}).status_code == 404
