"""Making good: who was affected, what it costs, two signatures, everybody once, and taking back."""

from datetime import timedelta

import pytest

from festoon.base.errors import FestoonError
from festoon.engine.compensation_lists import parts
from festoon.engine.compensation_results import as_csv
from festoon.engine.compensation_run import run
from festoon.engine.compensations import Preview, Status, preview, sign, status, submit
from festoon.engine.outcome import decode
from festoon.engine.own_rows import verdicts
from festoon.plan.problems import PlanInvalid
from tests.live import HEAD, NOW, Platform, event, order

PLAN = (
    HEAD.replace("prizes: 1000", "prizes: 1000, service: 3")
    + """
assets: {points: {cost: 0.01, line: prizes}}
coupons: {sorry: {value: 1, cost: 1, line: prizes, stock: 10}}
badges: {fan: {}}
memberships: {gold: {cost: 1, line: prizes}}
mechanics:
  claim: {kind: gift, on: page.viewed, give: [{badge: fan}], limits: {per_member: 1}}
  wrong: {kind: gift, on: content.liked, give: [{points: 50}, {coupon: sorry}]}
  double: {kind: multiplier, asset: points, factor: 2}
  spend: {kind: exchange, price: {amount: 70}, give: {badge: fan}}
"""
)
REFUSED = """
compensation: outage
campaign: spring
reason: the claim was broken
affected:
  from: 2027-02-10T11:00
  until: 2027-02-10T13:00
  types: [page.viewed]
  when: event.page == "tea"
  mechanic: claim
  refused: [limit.per_member]
give: [{points: 100}]
line: service
"""
LIST = """
compensation: thanks
campaign: spring
reason: a prize for the jury
members: [ann, bea, nobody, ann]
give: [{points: 10}, {coupon: sorry}]
"""
BACK = """
compensation: too-much
campaign: spring
reason: likes were paid by mistake
affected: {from: 2027-02-10, until: 2027-02-10, types: [content.liked]}
take_back: {mechanic: wrong, spent: SPENT}
"""


async def fault(database: str) -> Platform:
    """Ann and Bea were refused at noon for the page of tea; Cho for another, Dan an hour too late."""
    platform = await Platform.open(database, PLAN)
    for who, page, hours in (("ann", "tea", 0), ("bea", "tea", 0), ("cho", "milk", 0), ("dan", "tea", 2)):
        platform.at = NOW + timedelta(hours=hours)
        for number in range(3):
            await platform.outcomes(event("page.viewed", who, f"{who}-{number}", platform.at, page=page))
    platform.at = NOW + timedelta(days=1)
    return platform


async def signed(platform: Platform, source: str) -> Preview:
    found = await submit(platform.connection, source, "lin", platform.at)
    await sign(platform.connection, found.id, "wu", platform.at)
    return found


async def done(platform: Platform, id: str) -> Status:
    return await run(platform.engine, platform.connection, id, "wu")


async def refused(code: str, doing: object) -> FestoonError:
    with pytest.raises(FestoonError) as no:
        await doing  # type: ignore[misc]
    assert no.value.code == code
    assert "<" not in no.value.text("en") + no.value.text("zh-Hans")
    return no.value


async def test_a_preview_says_who_and_what_it_costs_and_writes_nothing(database: str) -> None:
    platform = await fault(database)
    found, _, _ = await preview(platform.connection, REFUSED)
    assert (found.members, found.sample, found.total) == (2, ["ann", "bea"], {"points": 200})
    (line,) = found.lines
    assert (line.line, line.cost, line.left) == ("spring/budget/service", 200, 300)
    assert await platform.connection.fetchval("SELECT count(*) FROM compensation") == 0
    await platform.close()


async def test_everybody_is_made_good_once_out_of_the_named_line(database: str) -> None:
    platform = await fault(database)
    await signed(platform, REFUSED)
    first, second = await done(platform, "outage"), await done(platform, "outage")
    assert (first.status, first.done, first.refused) == ("done", 2, 0)
    assert second == first
    assert [await platform.balance(who) for who in ("ann", "bea", "cho", "dan")] == [100, 100, 0, 0]
    assert await platform.shared("spring/budget/service", "CNY") == 100
    assert await platform.shared("spring/cost/service", "CNY") == 200
    row = await platform.connection.fetchrow(
        "SELECT data, outcome FROM event WHERE type = 'compensation.granted' AND member_id = 1"
    )
    assert row is not None
    assert '"reason":"the claim was broken"' in row["data"]
    assert '"made_by":"lin"' in row["data"]
    assert '"checked_by":"wu"' in row["data"]
    assert decode(row["outcome"]).mechanics[0].mechanic == "spring/_compensation"
    assert await as_csv(platform.connection, "outage") == (
        "member,state,what,code\nann,done,100 points,\nbea,done,100 points,\n"
    )
    acts = await platform.connection.fetch(
        "SELECT act, actor FROM audit_entry WHERE object = 'outage' ORDER BY number"
    )
    assert [tuple(row) for row in acts] == [
        ("compensation.submit", "lin"), ("compensation.sign", "wu"), ("compensation.run", "wu"),
        ("compensation.done", "wu"),
    ]  # fmt: skip
    await platform.audit()
    await platform.close()


async def test_each_event_can_count_up_to_a_bound(database: str) -> None:
    platform = await fault(database)
    await signed(
        platform, REFUSED.replace("types:", "per: event\n  at_most: 5\n  types:").replace("100", "30")
    )
    await done(platform, "outage")
    assert await platform.balance("ann") == 60
    await platform.close()


async def test_it_takes_two_to_sign_and_nothing_runs_unsigned(database: str) -> None:
    platform = await fault(database)
    await submit(platform.connection, REFUSED, "lin", platform.at)
    await refused("compensation.maker_is_checker", sign(platform.connection, "outage", "lin", platform.at))
    await refused("compensation.not_signed", done(platform, "outage"))
    await refused("compensation.there_already", submit(platform.connection, REFUSED, "lin", platform.at))
    await sign(platform.connection, "outage", "wu", platform.at)
    await refused("compensation.not_waiting", sign(platform.connection, "outage", "yu", platform.at))
    await refused("compensation.unknown", status(platform.connection, "who"))
    assert await platform.balance("ann") == 0
    await platform.close()


async def test_what_is_signed_is_what_happens(database: str) -> None:
    platform = await fault(database)
    await signed(platform, REFUSED)
    late = (
        event("page.viewed", "eve", "e-1", NOW, page="tea"),
        event("page.viewed", "eve", "e-2", NOW, page="tea"),
    )
    await platform.outcomes(*late)
    assert (await done(platform, "outage")).members == 2
    assert await platform.balance("eve") == 0
    await platform.close()


async def test_a_list_of_members_each_once_and_who_is_nobody_is_told(database: str) -> None:
    platform = await fault(database)
    found = await signed(platform, LIST)
    assert (found.members, found.unknown) == (2, ["nobody"])
    assert {line.line: line.cost for line in found.lines} == {"spring/budget/prizes": 220}
    await done(platform, "thanks")
    assert await platform.connection.fetchval("SELECT count(*) FROM item WHERE kind = 'coupon'") == 2
    assert await platform.shared("spring/committed/prizes", "CNY") == 200
    await platform.audit()
    await platform.close()


async def test_a_line_that_cannot_pay_for_all_pays_for_nobody(database: str) -> None:
    platform = await fault(database)
    await signed(platform, REFUSED.replace("100", "200"))
    error = await refused("compensation.budget_short", done(platform, "outage"))
    assert error.data == {"line": "service", "left": "3.00", "needed": "4.00"}
    assert await platform.balance("ann") == 0
    await refused("compensation.too_dear", preview(platform.connection, f"{REFUSED}at_most: 1.99"))
    await platform.close()


async def test_two_accounts_that_became_one_are_made_good_once(database: str) -> None:
    platform = await fault(database)
    await signed(platform, REFUSED)
    await platform.outcomes(event("member.merged", "ann", member="bea", reason="one person"))
    assert (await done(platform, "outage")).refused == 1
    assert await platform.balance("ann") == 100
    assert "compensation.had" in await as_csv(platform.connection, "outage")
    found, _, _ = await preview(platform.connection, REFUSED.replace("outage", "again"))
    assert found.members == 1
    await platform.close()


async def test_who_was_erased_is_made_good_no_more_and_keeps_nobody_from_it(database: str) -> None:
    platform = await fault(database)
    await platform.outcomes(event("member.merged", "cho", member="ann", reason="one person"))
    await platform.outcomes(event("member.erased", "cho", reason="asked for it"))
    found = await signed(platform, REFUSED)
    assert (found.members, found.sample) == (1, ["bea"])
    assert (await done(platform, "outage")).status == "done"
    assert await platform.balance("bea") == 100
    assert await platform.connection.fetchval("SELECT count(*) FROM member") == 4
    await platform.close()


# Taking back


async def likes(platform: Platform, *who: str) -> None:
    for each in who:
        await platform.outcomes(event("content.liked", each, f"like-{each}", NOW, content="c"))


@pytest.mark.parametrize(("spent", "owed"), [("to_zero", 0), ("debt", -70)])
async def test_what_was_given_by_mistake_is_taken_back_as_the_preview_says(
    database: str, spent: str, owed: int
) -> None:
    platform = await Platform.open(database, PLAN)
    await likes(platform, "ann", "bea")
    await platform.outcomes(event("exchange.made", "bea", campaign="spring", mechanic="spend"))
    found = await signed(platform, BACK.replace("SPENT", spent))
    assert (found.kind, found.total) == ("take_back", {"points": 130, "spring/sorry": 2})
    assert (found.owed, found.lost) == (({"points": 70}, {}) if owed else ({}, {"points": 70}))
    assert (await done(platform, "too-much")).done == 2
    assert [await platform.balance(who) for who in ("ann", "bea")] == [0, 0]
    assert await platform.balance("bea", part="@owed") == owed
    states = await platform.connection.fetch("SELECT DISTINCT state FROM item WHERE kind = 'coupon'")
    assert [row["state"] for row in states] == ["revoked"]
    left = await platform.shared("spring/budget/prizes", "CNY")
    assert left == (100_000 if spent == "debt" else 100_000 - 70)
    await platform.audit()
    await platform.close()


HOLDING = PLAN.replace(
    "mechanics:", "risk: {rules: {all: {when: 1 > 0, points: 9}}, thresholds: {doubtful: 5}}\nmechanics:"
).replace("{kind: gift, on: content.liked,", "{kind: gift, on: content.liked, at_risk: {doubtful: hold},")


async def test_what_is_still_held_of_it_is_not_given_any_more(database: str) -> None:
    platform = await Platform.open(database, HOLDING)
    await likes(platform, "ann", "bea", "cho")
    rows = await platform.connection.fetch("SELECT id FROM held_grant ORDER BY member_id")
    holds = [row["id"] for row in rows]
    said = {"reason": "looked at", "decided_by": "wu"}
    await platform.outcomes(
        event("grant.released", "bea", "r1", NOW, hold=holds[1], **said),
        event("grant.appealed", "cho", "a1", NOW, hold=holds[2], text="It was I"),
    )
    found = await signed(platform, BACK.replace("SPENT", "to_zero"))
    assert (found.members, found.total, found.held) == (2, {}, 2)
    await platform.outcomes(event("grant.released", "ann", "r2", NOW, hold=holds[0], **said))
    assert (await done(platform, "too-much")).done == 2
    assert [await platform.balance(who) for who in ("ann", "bea", "cho")] == [100, 100, 0]
    assert await platform.connection.fetchval("SELECT count(*) FROM held_grant") == 0
    number = await platform.connection.fetchval("SELECT member_id FROM identity WHERE subject = 'cho'")
    told = await verdicts(platform.connection, number, "spring")
    assert [(each.decision, each.answer) for _, each in told] == [("voided", "likes were paid by mistake")]
    released = (
        BACK.replace("SPENT", "to_zero").replace("too-much", "too").replace("content.liked", "grant.released")
    )
    await signed(platform, released)
    assert (await done(platform, "too")).done == 2
    assert [await platform.balance(who) for who in ("ann", "bea", "cho")] == [0, 0, 0]
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000
    await platform.audit()
    await platform.close()


@pytest.mark.parametrize(("plan", "held"), [(PLAN, 0), (HOLDING, 2)])
async def test_of_two_accounts_that_became_one_what_either_had_is_taken_back(
    database: str, plan: str, held: int
) -> None:
    platform = await Platform.open(database, plan)
    await likes(platform, "ann", "bea")
    found = await signed(platform, BACK.replace("SPENT", "to_zero"))
    assert (found.members, found.held) == (2, held)
    await platform.outcomes(event("member.merged", "ann", member="bea", reason="one person"))
    first, second = await done(platform, "too-much"), await done(platform, "too-much")
    assert (first.done, first.refused) == (2, 0)
    assert second == first
    assert await platform.balance("ann") == 0
    assert await platform.connection.fetchval("SELECT count(*) FROM held_grant") == 0
    assert await platform.connection.fetchval("SELECT count(*) FROM item WHERE state <> 'revoked'") == 0
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000
    await platform.audit()
    await platform.close()


async def test_what_was_taken_back_counts_no_longer_towards_what_campaigns_share(database: str) -> None:
    capped = PLAN.replace(
        "mechanics:", "shared_caps: {daily: {of: points, amount: 120, per: day}}\nmechanics:"
    )
    platform = await Platform.open(database, capped)
    await likes(platform, "ann")
    await signed(platform, BACK.replace("SPENT", "to_zero"))
    await done(platform, "too-much")
    again = event("content.liked", "ann", "like-again", NOW, content="d")
    await platform.outcomes(again, event("content.liked", "ann", "third", NOW, content="e"))
    assert await platform.balance("ann") == 120
    await platform.audit()
    await platform.close()


async def test_what_was_taken_back_once_is_not_taken_back_again(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await likes(platform, "ann")
    for name, total in (("one", {"points": 100, "spring/sorry": 1}), ("two", {})):
        found = await signed(platform, BACK.replace("SPENT", "debt").replace("too-much", name))
        assert (found.members, found.total, found.owed, found.lost) == (1, total, {}, {})
        await done(platform, name)
    assert (await platform.balance("ann"), await platform.balance("ann", part="@owed")) == (0, 0)
    await platform.audit()
    await platform.close()


async def test_what_several_events_gave_a_member_is_told_in_one_sum(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await likes(platform, "ann")
    await platform.outcomes(event("content.liked", "ann", "again", NOW, content="d"))
    await platform.outcomes(event("exchange.made", "ann", campaign="spring", mechanic="spend"))
    found = await signed(platform, BACK.replace("SPENT", "to_zero"))
    assert (found.total, found.lost) == ({"points": 130, "spring/sorry": 2}, {"points": 70})
    await done(platform, "too-much")
    (part,) = await parts(platform.connection, "too-much", None, None, 10)
    assert part.taken == {"points": 130, "spring/sorry": 2}
    assert "ann,done,-130 points; -2 spring/sorry," in await as_csv(platform.connection, "too-much")
    await platform.audit()
    await platform.close()


async def test_what_accounts_had_that_became_one_is_previewed_as_what_one_had(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await likes(platform, "ann", "bea")
    await platform.outcomes(
        event("member.merged", "ann", member="bea", reason="one person"),
        event("exchange.made", "bea", campaign="spring", mechanic="spend"),
    )
    found = await signed(platform, BACK.replace("SPENT", "debt"))
    assert (found.members, found.total, found.owed) == (1, {"points": 130, "spring/sorry": 2}, {"points": 70})
    await done(platform, "too-much")
    (part,) = await parts(platform.connection, "too-much", None, None, 10)
    assert part.taken == found.total
    await platform.audit()
    await platform.close()


async def test_a_preview_of_what_would_be_taken_back_writes_nothing(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await likes(platform, "ann", "bea")
    before = await platform.connection.fetch("SELECT * FROM account ORDER BY 1, 2, 3")
    found, _, _ = await preview(platform.connection, BACK.replace("SPENT", "debt"))
    assert found.total == {"points": 200, "spring/sorry": 2}
    assert await platform.connection.fetch("SELECT * FROM account ORDER BY 1, 2, 3") == before
    assert await platform.connection.fetchval("SELECT count(*) FROM event") == 2
    await platform.audit()
    await platform.close()


async def test_what_an_operator_took_back_is_not_taken_again_when_the_order_is_refunded(
    database: str,
) -> None:
    earn = PLAN + "  paid: {kind: earn, on: order.paid, asset: points, per: 100, give: 1, clawback: {}}\n"
    platform = await Platform.open(
        database,
        earn.replace(
            "{kind: multiplier, asset: points, factor: 2}",
            "{kind: gift, on: member.logged_in, give: {points: 30}}",
        ),
    )
    await platform.outcomes(order("ann", 5_000, "o1"), event("member.logged_in", "ann"))
    assert await platform.balance("ann") == 80
    back = BACK.replace("SPENT", "to_zero").replace("content.liked", "order.paid").replace("wrong", "paid")
    await signed(platform, back)
    await done(platform, "too-much")
    assert await platform.balance("ann") == 30
    await platform.outcomes(event("order.refunded", "ann", order="o1", amount=5_000, currency="CNY"))
    assert await platform.balance("ann") == 30
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000 - 30
    await platform.audit()
    await platform.close()


async def test_a_compensation_given_by_mistake_can_be_taken_back(database: str) -> None:
    platform = await fault(database)
    await signed(platform, REFUSED)
    await done(platform, "outage")
    back = BACK.replace("SPENT", "debt").replace("content.liked", "compensation.granted")
    back = back.replace("mechanic: wrong", "mechanic: _compensation").replace("2027-02-10", "2027-02-11")
    await signed(platform, back)
    assert (await done(platform, "too-much")).done == 2
    assert await platform.balance("ann") == 0
    assert await platform.shared("spring/budget/service", "CNY") == 300
    await platform.audit()
    await platform.close()


# The file


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("give: [{points: 100}]\n", ""), "compensation.what"),
        (("line: service", "line: servise"), "compensation.no_such_line"),
        (("[{points: 100}]\nline: service", "{badge: fan}\nline: servise"), "compensation.no_such_line"),
        (("[{points: 100}]", "[{points: [1, 5]}]"), "compensation.not_fixed"),
        (("[{points: 100}]", "{membership: gold, months: 1}"), "compensation.by_months"),
        (("T13:00", "T10:00"), "compensation.never"),
        (("event.page", "event.pages"), "expression.unknown_field"),
        (("campaign: spring", "campaign: summer"), "compensation.campaign_unknown"),
        (("reason:", "members: [ann]\nreason:"), "compensation.whom"),
        (("{points: 100}", "{coupon: sory}"), "plan.unknown_name"),
    ],
)
async def test_a_mistake_in_the_file_is_found(database: str, change: tuple[str, str], code: str) -> None:
    platform = await Platform.open(database, PLAN)
    assert change[0] in REFUSED
    with pytest.raises(FestoonError) as no:
        await preview(platform.connection, REFUSED.replace(*change))
    assert no.value.code == code
    await platform.close()


async def test_what_is_no_such_file_is_said_with_its_line(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    with pytest.raises(PlanInvalid) as no:
        await preview(platform.connection, REFUSED.replace("types:", "tyypes:"))
    assert (no.value.code, no.value.problems[0].path) == ("compensation.invalid", "affected.tyypes")
    assert "plan" not in no.value.text("en") + no.value.todo("en")
    await platform.close()


async def test_orders_are_not_touched_by_a_part_that_is_in_no_plan(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await signed(platform, LIST.replace("[ann, bea, nobody, ann]", "[]"))
    assert (await done(platform, "thanks")).status == "done"
    assert (await platform.outcomes(order("ann", 100, "o-1")))[0].mechanics == []
    await platform.close()
