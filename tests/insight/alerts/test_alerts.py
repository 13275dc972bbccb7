"""What is wrong right now: found from what is stored, acknowledged, back when it gets worse."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest

from festoon.base.errors import LANGUAGES, Invalid, NotFound
from festoon.base.texts import catalogue
from festoon.engine.draws import reveal
from festoon.engine.reload import load_program
from festoon.insight.alerts.alert import TEXTS, Alert
from festoon.insight.alerts.alerts import acknowledge, alerts, open_alerts
from festoon.insight.alerts.keeper import AlertKeeper
from festoon.insight.board.waiting import waiting
from festoon.insight.jobs.process import KINDS
from festoon.outbox.webhooks.endpoints import Wanted, make, switch_off
from tests.live import HEAD, NOW, Platform, event, order, play
from tests.outbox.writing import relay_all

PLAN = (
    HEAD
    + """
assets:
  points: {cost: 0.01, line: prizes}
coupons:
  five-off: {title: {en: Five off, zh-Hans: 五元券}, value: 5, cost: 5, line: prizes, stock: 20}
gifts: {mug: {cost: 1, line: prizes, stock: 50}}
risk:
  rules: {any: {points: 10, when: "member.events_minute >= 0"}}
  thresholds: {doubtful: 10}
mechanics:
  signup: {kind: gift, title: {en: Welcome, zh-Hans: 欢迎礼}, on: member.registered, give: [{points: 100}],
           limits: {per_member: 1}}
  coupon: {kind: gift, on: page.viewed, give: {coupon: five-off}}
  mug: {kind: gift, on: content.liked, give: {gift: mug}}
  photo: {kind: task, on: proof.submitted, review: {within_days: 3}, repeat: {}, give: {points: 7}}
  rich: {kind: gift, on: order.paid, give: {points: 10000}, at_risk: {doubtful: hold}}
  lucky-draw: {kind: draw, chances: {free: {per: day, count: 1}}, prizes: [{id: p, weight: 1, give: [{points: 7}]}],
               sold_out: nothing}
"""
)


@pytest.fixture
async def platform(database: str) -> AsyncIterator[Platform]:
    platform = await Platform.open(database, PLAN)
    yield platform
    await platform.close()


async def found(platform: Platform, at: datetime = NOW) -> dict[str, Alert]:
    program = await load_program(platform.connection)
    return {each.key: each for each in await alerts(platform.connection, program, at)}


async def relayed(platform: Platform, tmp_path: Path) -> None:
    """Hand on everything: what somebody else on the server has not finished holds the relay up."""
    await relay_all(platform.dsn, tmp_path)
    while (await waiting(platform.connection)).rows:
        await relay_all(platform.dsn, tmp_path)


async def test_a_quiet_installation_has_nothing_but_types_that_never_came(platform: Platform) -> None:
    kinds = {each.code for each in (await found(platform)).values()}
    assert kinds == {"event_never"}
    assert all(each.severity == "notice" for each in (await found(platform)).values())
    early = await found(platform, NOW.replace(month=1, day=31, hour=20))
    assert early == {}, "on its first day nothing has been missed"


async def test_a_budget_line_is_told_as_low_as_running_out_and_as_used_up(
    platform: Platform, tmp_path: Path
) -> None:
    left = "UPDATE shared_account SET balance = $1 WHERE holder = 'spring/budget/prizes'"
    told = []
    for balance in (30_000, 15_000, 4_000, 0):
        await platform.connection.execute(left, balance)
        line = (await found(platform)).get("line/spring/prizes")
        told.append(line and (line.code, line.severity))
    assert told == [None, ("line_low", "notice"), ("line_low", "warning"), ("line_out", "alarm")]
    await platform.connection.execute(left, 50_000)
    platform.at = NOW - timedelta(minutes=5)
    await platform.outcomes(event("content.liked", "ann", content="c"))
    await relayed(platform, tmp_path)
    assert "line/spring/prizes" not in await found(platform), "at a yuan an hour it lasts"
    await platform.connection.execute(left, 1_000)
    line = (await found(platform))["line/spring/prizes"]
    assert (line.code, line.severity) == ("line_runs_out", "alarm")
    assert "2027-02-10 22:00" in line.text["en"], "ten hours at a yuan an hour, in Shanghai"
    assert line.page == "console/campaigns/spring/tab/budget/"


async def test_a_stock_is_told_before_it_is_gone(platform: Platform) -> None:
    half = "UPDATE shared_account SET balance = $2 WHERE asset = $1"
    stock = "spring/stock/coupon:five-off"
    told = []
    for balance in (18, 5, 1, 0):
        await platform.connection.execute(half, stock, balance)
        each = (await found(platform)).get("stock/spring/coupon:five-off")
        told.append(each and each.code)
    assert told == [None, "stock_runs_out", "stock_low", "stock_out"]
    assert "五元券" in (await found(platform))["stock/spring/coupon:five-off"].text["zh-Hans"]


async def test_a_mechanic_that_suddenly_refuses_is_told(platform: Platform, tmp_path: Path) -> None:
    platform.at = NOW - timedelta(days=1, minutes=20)
    await platform.outcomes(*(play(f"m{n}", f"y{n}", at=platform.at) for n in range(4)))
    platform.at = NOW
    await platform.outcomes(*(play("ann", f"d{n}") for n in range(21)))
    await relayed(platform, tmp_path)
    told = (await found(platform))["refused/spring/lucky-draw"]
    assert (told.severity, told.page) == ("warning", "console/board/spring/")
    assert "95%" in told.text["en"]
    platform.at = NOW + timedelta(days=1)
    await platform.outcomes(*(play("ben", f"e{n}", at=platform.at) for n in range(21)))
    await relayed(platform, tmp_path)
    assert "refused/spring/lucky-draw" not in await found(platform, platform.at), "as much as yesterday"


async def test_events_that_stay_away_are_an_alarm_unless_they_only_were_not_counted(
    platform: Platform, tmp_path: Path
) -> None:
    platform.at = NOW - timedelta(days=1, minutes=30)
    await platform.outcomes(*(order(f"m{n}", 100, f"o{n}", platform.at) for n in range(6)))
    await relayed(platform, tmp_path)
    missing = (await found(platform))["event/order.paid"]
    assert (missing.code, missing.severity) == ("event_missing", "alarm")
    platform.at = NOW
    await platform.outcomes(order("ann", 100, "late"))
    seen = await found(platform, NOW + timedelta(minutes=5))
    assert (seen["relay"].code, seen["relay"].since) == ("relay_stopped", NOW)
    assert not any(key.startswith("event/") for key in seen)


async def test_what_waits_for_people_too_long_is_told(platform: Platform) -> None:
    await platform.outcomes(
        event("member.registered", "ann"), event("content.liked", "ann", content="c"),
        event("proof.submitted", "ann", proof="p1"), order("ann", 100, "o1"),
    )  # fmt: skip
    queues = [key for key in await found(platform) if key.startswith("queue/")]
    assert queues == []
    late = await found(platform, NOW + timedelta(days=3, minutes=1))
    assert {key: late[key].code for key in late if key.startswith("queue/")} == {
        "queue/held": "held_waits", "queue/parcels": "parcels_wait", "queue/proofs": "proofs_wait",
    }  # fmt: skip
    assert late["queue/held"].since == NOW


async def test_a_seed_that_nobody_reveals_is_told_until_somebody_does(platform: Platform) -> None:
    over = datetime.fromisoformat("2027-03-02T00:00+08:00")
    (epoch,) = await platform.connection.fetch("SELECT name, closes FROM draw_epoch")
    key = f"epoch/spring/lucky-draw/{epoch['name']}"
    assert key not in await found(platform, epoch["closes"])
    told = (await found(platform, max(over, epoch["closes"] + timedelta(days=1))))[key]
    assert told.since == epoch["closes"]
    assert told.text["en"].startswith("The draw lucky-draw (the whole campaign) is over")
    assert told.text["zh-Hans"].startswith("抽奖“lucky-draw”（整个活动）已结束")
    later = epoch["closes"] + timedelta(days=1)
    await reveal(platform.connection, "spring", "lucky-draw", epoch["name"], later, "operator")
    assert key not in await found(platform, later)


async def test_webhooks_jobs_and_compensations_that_do_not_go_on_are_told(platform: Platform) -> None:
    execute = platform.connection.execute
    made, _ = await make(platform.connection, Wanted("https://tea.example/"), "ops", NOW, bytes)
    await execute("UPDATE webhook_endpoint SET failing = $1", NOW - timedelta(minutes=10))
    failing = (await found(platform))[f"webhook/{made.id}"]
    assert (failing.code, failing.severity) == ("webhook_failing", "warning")
    assert (await found(platform, NOW + timedelta(hours=1)))[failing.key].severity == "alarm"
    await switch_off(platform.connection, made.id, "ops", NOW)
    assert (await found(platform))[failing.key].code == "webhook_off"
    for kind in KINDS:
        await execute(
            """INSERT INTO job (kind, campaign, title, asked, actor, at, state, finished)
               VALUES ($2, 'spring', 'last year', '{}', 'ann', $1, 'failed', $1)""",
            NOW,
            kind,
        )
    await execute(
        """INSERT INTO compensation (id, campaign, status, source, preview, event, digest, maker, submitted, checker,
                                     approved) VALUES ('fix', 'spring', 'running', '', '', '', '', 'a', $1, 'b', $1)""",
        NOW,
    )
    told = await found(platform, NOW + timedelta(hours=3))
    assert told["compensation/fix"].page == "console/grants/fix/"
    for kind in KINDS:
        [failed] = [each for each in told.values() if each.code == f"{kind}_failed"]
        assert "last year" in failed.text["en"]
    assert failed.key not in await found(platform, NOW + timedelta(days=4))


async def test_an_acknowledged_alert_is_quiet_until_it_gets_worse(platform: Platform) -> None:
    left = "UPDATE shared_account SET balance = $1 WHERE holder = 'spring/budget/prizes'"
    await platform.connection.execute(left, 15_000)
    before = (await found(platform))["line/spring/prizes"]
    count = await open_alerts(platform.connection)
    with pytest.raises(Invalid, match=r"alert\.nothing_said"):
        await acknowledge(platform.connection, before.key, "  ", "wang", NOW)
    await acknowledge(platform.connection, before.key, "more was asked for", "wang", NOW)
    later = NOW + timedelta(minutes=30)
    quiet = (await found(platform, later))["line/spring/prizes"]
    assert (before.open, quiet.open, quiet.since) == (True, False, NOW)
    assert quiet.acknowledged is not None
    assert (quiet.acknowledged.by, quiet.acknowledged.note) == ("wang", "more was asked for")
    assert await open_alerts(platform.connection) == count - 1
    assert list((await found(platform, later)).values())[-1].key == before.key
    await platform.connection.execute(left, 4_000)
    worse = (await found(platform, later))["line/spring/prizes"]
    assert (worse.open, worse.acknowledged) == (True, quiet.acknowledged)
    await platform.connection.execute(left, 90_000)
    assert "line/spring/prizes" not in await found(platform, later)
    with pytest.raises(NotFound, match=r"alert\.unknown"):
        await acknowledge(platform.connection, before.key, "done", "wang", NOW)
    await platform.connection.execute(left, 15_000)
    anew = (await found(platform, later))["line/spring/prizes"]
    assert (anew.open, anew.since, anew.acknowledged) == (True, later, None)
    (entry,) = await platform.connection.fetch("SELECT * FROM audit_entry WHERE act = 'alert.acknowledge'")
    assert (entry["actor"], entry["object"]) == ("wang", "line/spring/prizes")


async def test_the_worker_notes_what_is_wrong(platform: Platform) -> None:
    await platform.connection.execute(
        "UPDATE shared_account SET balance = 0 WHERE holder = 'spring/budget/prizes'"
    )
    looked = await AlertKeeper(platform.dsn, lambda: NOW).run_once()
    assert "line/spring/prizes" in {each.key for each in looked}
    assert await open_alerts(platform.connection) == len(looked)


async def test_looking_costs_as_many_statements_with_many_members_as_with_one(
    platform: Platform, tmp_path: Path
) -> None:
    counts = []
    await found(platform)
    for many in (1, 40):
        await platform.outcomes(
            *(event("member.registered", f"{many}-{n}") for n in range(many)),
            *(event("content.liked", f"{many}-{n}", content="c") for n in range(many)),
            *(event("proof.submitted", f"{many}-{n}", proof=f"p{n}") for n in range(many)),
        )
        await relayed(platform, tmp_path)
        program, said = await load_program(platform.connection), list[object]()
        platform.connection.add_query_logger(said.append)
        await alerts(platform.connection, program, NOW + timedelta(days=5))
        platform.connection.remove_query_logger(said.append)
        counts.append(len(said))
    assert counts[0] == counts[1]
    assert counts[0] <= 24


@pytest.mark.parametrize("name", catalogue(TEXTS))
def test_each_alert_has_its_words_and_what_to_do_in_every_language(name: str) -> None:
    said = catalogue(TEXTS)[name]
    assert set(said) >= set(LANGUAGES[:2])
    open_ = [sorted(field for _, field, _, _ in Formatter().parse(text) if field) for text in said.values()]
    assert open_[0] == open_[1]
    assert name.endswith("_todo") or f"{name}_todo" in catalogue(TEXTS)
