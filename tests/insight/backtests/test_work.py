"""A back-test that was asked for: its history cut and moved, its result small, two of them side by side."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from festoon.base.errors import Conflict, Invalid, NotFound
from festoon.base.events import Event
from festoon.engine.assumptions import Assumptions
from festoon.engine.backtest import Interval
from festoon.engine.invite_codes import invite_code
from festoon.insight.backtests.asked import Asked, Facts, File, History, MadeUp
from festoon.insight.backtests.difference import difference
from festoon.insight.backtests.histories import find, keep, kept, weeks_between, write_file
from festoon.insight.backtests.result import Result
from festoon.insight.backtests.work import backtest_job
from festoon.insight.jobs.task import Folders, Task
from festoon.intake.files import read_event_parquet, write_event_parquet
from tests.live import HEAD, NOW, Platform, event, order
from tests.outbox.writing import relay_all

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLAN = (
    HEAD
    + """
gifts: {mug: {title: {en: Mug, zh-Hans: 马克杯, zh-Hant: 馬克杯}, cost: 3, line: prizes, stock: 5}}
mechanics:
  welcome: {kind: gift, title: {en: Welcome, zh-Hans: 欢迎}, on: member.registered, give: [{gift: mug}],
            limits: {per_member: 1}}
"""
)
MORE_MUGS = PLAN.replace("stock: 5", "stock: 50")


def registered(subject: str, days: int = 0) -> Event:
    return event("member.registered", subject, f"r-{subject}", NOW + timedelta(days=days))


def made(tmp_path: Path, events: list[Event], name: str = "past") -> Folders:
    """Folders with one kept history."""
    file = tmp_path / "events.parquet"
    write_event_parquet(file, iter([events]))
    folders = Folders(tmp_path / "facts", tmp_path / "histories", tmp_path / "reports")
    keep(folders.histories, file, name)
    return folders


def run(
    folders: Folders,
    history: History,
    plan: str = PLAN,
    *,
    dsn: str = "",
    seeds: int = 2,
    tell: Callable[[int, int], None] = lambda _done, _of: None,
) -> Result:
    asked = msgspec.json.encode(Asked(plan, 3, history, seeds, Assumptions())).decode()
    return backtest_job(Task(1, asked, dsn, folders, tell))


def test_a_result_says_what_it_costs_who_won_what_and_when_stock_ran_out(tmp_path: Path) -> None:
    folders = made(tmp_path, [registered(f"m{n}", n // 3) for n in range(7)])
    heard: list[tuple[int, int]] = []
    found = run(folders, File("past"), tell=lambda done, of: heard.append((done, of)))
    [line], [given], [stock] = found.costs, found.given, found.stocks
    assert (line.budget, line.cost) == (100_000, Interval(1500, 1500, 1500))
    assert (given.times.middle, given.what["zh-Hant"], given.title["zh-Hans"]) == (5, "馬克杯", "欢迎")
    assert (stock.opening, stock.middle[-1], stock.title["zh-Hans"]) == (5, 0, "马克杯")
    assert stock.middle[found.days.index(date(2027, 2, 10))] == 2
    [refusal] = found.refusals
    assert (refusal.code, refusal.times.middle) == ("stock.empty", 2)
    [out] = found.run_outs
    assert (out.title["en"], out.seeds) == ("Mug", 2)
    assert (found.version, found.events, found.members, found.reached.middle) == (3, 7, 7, 5)
    assert heard[-1] == (14, 14)


def test_no_member_is_named_in_a_result(tmp_path: Path) -> None:
    found = run(made(tmp_path, [registered("ann@example.org")]), File("past"))
    assert b"ann@" not in msgspec.json.encode(found)


def test_a_history_is_moved_by_whole_weeks_onto_the_days_of_the_campaign(tmp_path: Path) -> None:
    a_year_ago = [registered("ann", -364), registered("ben", -363)]
    folders = made(tmp_path, a_year_ago)
    assert run(folders, File("past")).reached.middle == 0
    moved = run(folders, File("past", since=date(2026, 2, 11), onto=date(2027, 2, 10)))
    assert moved.reached.middle == 2
    assert moved.first == NOW


@pytest.mark.parametrize(
    ("since", "onto", "days"),
    [
        (date(2026, 2, 10), date(2027, 2, 10), 364),
        (date(2027, 2, 10), date(2026, 2, 10), -364),
        (date(2026, 2, 10), date(2026, 2, 13), 0),
        (date(2026, 2, 10), date(2026, 2, 14), 7),
        (None, date(2026, 2, 14), 0),
    ],
)
def test_weekdays_stay_weekdays(since: date | None, onto: date, days: int) -> None:
    assert weeks_between(since, onto) == timedelta(days=days)


def test_a_history_ends_with_its_last_local_day(tmp_path: Path) -> None:
    midnight = datetime(2027, 2, 11, tzinfo=SHANGHAI).astimezone(UTC)
    last = event("member.registered", "ann", "r1", midnight - timedelta(microseconds=1))
    first = event("member.registered", "ben", "r2", midnight)
    folders = made(tmp_path, [last, first])
    target = tmp_path / "cut.parquet"
    written = write_file(folders.histories, File("past", until=date(2027, 2, 10)), SHANGHAI, target)
    assert (written.events, written.last) == (1, last.time)
    [[only]] = read_event_parquet(target)
    assert only == last


def test_events_of_one_instant_keep_their_order(tmp_path: Path) -> None:
    events = [order("ann", n + 1, f"o{n}") for n in range(50)]
    folders = made(tmp_path, events)
    write_file(folders.histories, File("past"), SHANGHAI, tmp_path / "cut.parquet")
    assert [each.id for batch in read_event_parquet(tmp_path / "cut.parquet") for each in batch] == [
        each.id for each in events
    ]


def test_a_history_without_events_is_none(tmp_path: Path) -> None:
    folders = made(tmp_path, [registered("ann")])
    with pytest.raises(Invalid, match=r"history\.empty"):
        run(folders, File("past", until=date(2026, 1, 1)))
    with pytest.raises(Invalid, match=r"history\.empty"):
        run(folders, Facts())


async def test_the_platforms_own_past_is_a_history(database: str, tmp_path: Path) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(*(registered(f"m{n}") for n in range(7)))
    await platform.close()
    folders = Folders(tmp_path / "facts", tmp_path / "histories", tmp_path / "reports")
    await relay_all(database, folders.facts)
    for plan, given in ((PLAN, 5), (MORE_MUGS, 7)):
        found = await asyncio.to_thread(run, folders, Facts(), plan, dsn=database)
        assert found.given[0].times.middle == given


FRIENDS = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  friends: {kind: referral, actions: [order.paid], invitee: {points: 10}, inviter: {points: 100}}
  views: {kind: gift, on: page.viewed, give: {points: 1}}
"""
)


async def test_in_the_platforms_own_past_everybody_is_who_he_turned_out_to_be(
    database: str, tmp_path: Path
) -> None:
    platform = await Platform.open(database, FRIENDS)
    known = [
        event("member.imported", who, f"i-{who}") for who in ("ann", "ann-2", "bea", "cho", "dan", "eve")
    ]
    await platform.outcomes(*known)
    number = await platform.connection.fetchval("SELECT member_id FROM identity WHERE subject = 'ann'")
    by_code = invite_code(platform.engine.program.secret, number)
    invited = [
        event("invite.accepted", "bea", "a-bea", inviter="ann"),
        event("invite.accepted", "cho", "a-cho", code=by_code.lower()),
        event("invite.accepted", "dan", "a-dan", inviter="ann-2"),
        event("invite.accepted", "eve", "a-eve", inviter="nobody"),
    ]
    seen = [event("page.viewed", f"visitor:{n}", f"v-{n}", page="tea") for n in range(3)]
    await platform.outcomes(*invited, *seen)
    await platform.outcomes(event("member.merged", "ann", member="ann-2", reason="one phone"))
    await platform.outcomes(event("member.registered", "fay", visitors=["visitor:0"]))
    paid = [order(who, 500, f"o-{who}") for who in ("bea", "cho", "dan", "eve")]
    await platform.outcomes(*paid)
    for _ in range(2):
        await platform.wake("ann", "ann-2", "bea", "cho", "dan")
    assert await platform.balance("ann") == 300
    await platform.close()
    folders = Folders(tmp_path / "facts", tmp_path / "histories", tmp_path / "reports")
    await relay_all(database, folders.facts)
    found = await asyncio.to_thread(run, folders, Facts(), FRIENDS, dsn=database, seeds=1)
    amounts = {(each.mechanic, each.times.middle): each.amount.middle for each in found.given}
    assert amounts == {("spring/friends", 6): 330, ("spring/views", 1): 1}
    assert [(each.code, each.times.middle) for each in found.refusals] == [("referral.inviter_unknown", 1)]
    assert found.members == 6


def test_two_results_stand_side_by_side(tmp_path: Path) -> None:
    folders = made(tmp_path, [registered(f"m{n}") for n in range(7)])
    found = difference(run(folders, File("past")), run(folders, File("past"), MORE_MUGS))
    [cost], [given], [refused], [out] = found.costs, found.given, found.refusals, found.run_outs
    assert (cost.first.middle, cost.second.middle, cost.by, cost.overlaps) == (1500, 2100, 600, False)
    assert ([title["en"] for title in given.titles], given.by) == (["Welcome", "Mug"], 2)
    assert (refused.code, refused.by) == ("stock.empty", -2)
    assert (out.first.middle, out.second.middle) == (2, 0)
    assert found.reached.by == 2


def test_a_made_up_population_needs_no_history(tmp_path: Path) -> None:
    found = run(Folders(tmp_path, tmp_path, tmp_path), MadeUp(members=100, days=5))
    assert found.reached.middle == 5
    assert found.first is None


def test_kept_histories_are_listed_with_what_is_in_them(tmp_path: Path) -> None:
    folders = made(tmp_path, [registered("ann"), registered("ben", 3)], "去年-spring")
    (folders.histories / "notes.parquet").write_text("not one")
    [found] = kept(folders.histories)
    assert (found.name, found.events, found.first) == ("去年-spring", 2, NOW)
    assert found.last == NOW + timedelta(days=3)


def test_a_history_has_a_name_of_its_own_within_its_folder(tmp_path: Path) -> None:
    folders = made(tmp_path, [registered("ann")])
    with pytest.raises(Conflict):
        keep(folders.histories, tmp_path / "events.parquet", "past")
    for name in ("../past", "", "a/b", ".hidden", "x" * 81):
        with pytest.raises(Invalid):
            find(folders.histories, name)
    with pytest.raises(NotFound):
        find(folders.histories, "other")
