"""A season of `examples/plans/community-benefits.yaml`: tiers, streaks, red packets, friends, and the way back."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from festoon.engine.draws import record_randomness
from festoon.engine.outcome import MechanicOutcome
from festoon.plan.check import check_plan
from tests.audience.stage import Stage
from tests.live import BEFORE
from tests.scenarios.season import PLANS, Made, Season, code, totals

PLAN = "community-benefits"
TEXT = (PLANS / f"{PLAN}.yaml").read_text(encoding="utf-8")
YUAN = 100  # fen; a point costs one
LINES = {"points": 760_000, "coupons": 360_000, "membership": 150_000, "prizes": 20_000}


async def lines(season: Season, **used: tuple[int, int]) -> None:
    """Every line has its amount less what is committed and spent on it, in fen; the others are untouched."""
    for name, yuan in LINES.items():
        committed, spent = used.get(name, (0, 0))
        assert (name, await season.line(name)) == (name, (yuan * YUAN - committed - spent, committed, spent))


def audience(season: Season, facts: Path) -> Stage:
    """The segments of the season's plan, refreshed at instants that the test chooses."""
    compiled = check_plan(TEXT).compiled
    assert compiled is not None
    return Stage(season.platform, compiled, facts)


async def comments(season: Season, who: str, at: str, many: int, on: str = "") -> None:
    events = [
        season.event("content.commented", who, on or at, content=f"p-{n}", comment=f"{who}-{at}-{n}")
        for n in range(many)
    ]
    await season.happen(at, *events)


async def thanks(season: Season, names: list[str], at: str) -> dict[str, dict[str, int]]:
    """What everybody is given for coming by."""
    made = {who: await season.happens("member.logged_in", who, at) for who in names}
    return {who: dict(totals(each["weekly-thanks"])) for who, each in made.items()}


async def test_the_most_active_fifth_the_middle_and_the_rest_get_different_thanks(
    database: str, tmp_path: Path
) -> None:
    season = await Season.open(database, PLAN, "2027-06-20")
    stage = audience(season, tmp_path)
    names = [f"m{n}" for n in range(10)]
    await season.cast(*names, "new")
    for number, who in enumerate(names):
        await comments(season, who, "2027-06-20", number + 1)
    await season.passes("2027-07-05 04:00")
    await stage.refresh("tiers")
    top, middle, quiet = {"points": 50, "five-off": 1}, {"points": 20}, {"points": 5}
    first = (
        dict.fromkeys(names[:2], quiet) | dict.fromkeys(names[2:8], middle) | dict.fromkeys(names[8:], top)
    )
    assert await thanks(season, names, "2027-07-05 09:00") == first
    assert await thanks(season, ["new"], "2027-07-05 10:00") == {"new": quiet}
    again = await season.happens("member.logged_in", "m9", "2027-07-11 23:00")
    assert code(again["weekly-thanks"]) == "limit.per_period"

    # Early access is for the most active, and comes with a badge.
    taken = await season.requests("place.applied", "m9", "2027-07-11 23:10", "early-access")
    assert taken.note["status"] == "taken"
    not_his = await season.turned_down("place.applied", "m7", "2027-07-11 23:10", "early-access")
    assert not_his == "request.not_for_you"
    assert await season.items("m9") == {"five-off": 1, "tester": 1}

    # On the next Monday m0 is at the top, also by what he did in June and we hear of only now.
    await comments(season, "m0", "2027-07-11 23:20", 6)
    await comments(season, "m0", "2027-07-11 23:30", 7, on="2027-06-25")
    await season.passes("2027-07-12 04:00")
    await stage.refresh("tiers")
    assert await stage.inside("top") == ["m0", "m9"]
    second = first | {"m0": top, "m8": middle, "m2": quiet}
    assert await thanks(season, names, "2027-07-12 09:00") == second

    helper = 20 * 1  # m0 commented on five posts within a week of the campaign
    points = 2 * (2 * 50 + 6 * 20 + 2 * 5) + 5 + helper
    assert sum((await season.all_points()).values()) == points
    await lines(season, points=(0, points), coupons=(2 * 2 * 5 * YUAN, 0))
    await season.platform.audit()
    await season.platform.close()


async def test_seven_days_in_a_row_bring_an_avatar_once(database: str) -> None:
    season = await Season.open(database, PLAN, "2027-07-01")
    await season.cast("ann")
    days = [f"2027-07-{day:02}" for day in range(1, 9)]
    made = [await season.happens("check_in.made", "ann", day) for day in (*days[:3], *days[4:6])]
    given = [totals(each["check-in"]) for each in made]
    assert given == [{"points": 2}, {"points": 2}, {"points": 12}, {"points": 2}, {"points": 2}]
    late = await season.happens("check_in.made", "ann", "2027-07-06 13:00", on=days[3])
    assert totals(late["check-in"]) == {"points": 2 + 20}, "the fifth day of the row is due as well"
    twice = await season.happens("check_in.made", "ann", "2027-07-06 14:00")
    assert code(twice["check-in"]) == "check_in.already_that_day"
    seventh = await season.happens("check_in.made", "ann", days[6])
    assert totals(seventh["check-in"]) == {"points": 52, "streak-avatar": 1}

    for day in range(1, 10):
        await season.happens("check_in.made", "ann", f"2027-08-0{day}")
    assert await season.items("ann") == {"streak-avatar": 1}
    points = 7 * 2 + 10 + 20 + 50 + 9 * 2
    assert await season.all_points() == {"ann": points}
    await lines(season, points=(0, points))
    await season.platform.audit()
    await season.platform.close()


async def reach(season: Season, pool: str, who: str, at: str) -> tuple[str, Mapping[str, Any], int]:
    """One try at a pool: what refused it, its note, and the money it brought."""
    made = await season.requests("red_packet.claimed", who, at, pool)
    return code(made), made.note, totals(made)["CNY"]


async def post(season: Season, who: str, at: str) -> Made:
    return await season.happens("content.published", who, at, content=f"{who}/{at}", length=60)


async def test_a_post_a_week_raises_the_odds_by_half_and_elsewhere_gives_two_more_tries(
    database: str,
) -> None:
    season = await Season.open(database, PLAN, "2027-07-01")
    names = [f"m{n}" for n in range(30)]
    await season.cast(*names)
    assert await season.line("packets") == (0, 0, 0), "both pools were set aside when the plan was published"
    for who in names[:15]:
        posts = [await post(season, who, at) for at in ("2027-07-02 10:00", "2027-07-02 11:00")]
        assert [code(each["post-of-the-week"]) for each in posts] == ["", "task.done_for_now"]

    money: Counter[str] = Counter()
    for who in names:
        refused, note, got = await reach(season, "better-odds", who, "2027-07-03")
        chance, of = note["odds"]
        assert refused == ""
        assert chance * 100 == of * (30 if who in names[:15] else 20)
        assert (got > 0) == (note["roll"] < chance)
        assert got == (note["amount"] if got else 0)
        assert got == 0 or 100 <= got <= 8800
        money["better-odds"] += got
        tries = [await reach(season, "more-tries", who, "2027-07-03 13:00") for _ in range(4)]
        wanted = 3 if who in names[:15] else 1
        assert [each[0] != "" for each in tries] == [False] * wanted + [True] * (4 - wanted)
        assert all(got in (0, 3 * YUAN) for _, _, got in tries), "ten thousand equal packets"
        money["more-tries"] += sum(got for _, _, got in tries)
    assert money["more-tries"] > 0

    # Luck lasts a week, and a free try comes every week.
    _, note, got = await reach(season, "better-odds", names[0], "2027-07-12")
    money["better-odds"] += got
    assert note["odds"][0] * 100 == note["odds"][1] * 20
    paid = await season.all_points("CNY")
    assert sum(paid.values()) == money.total()
    assert await season.line("packets.better-odds") == (
        3_000_000 - money["better-odds"],
        0,
        money["better-odds"],
    )
    assert await season.line("packets.more-tries") == (
        3_000_000 - money["more-tries"],
        0,
        money["more-tries"],
    )
    await season.passes("2027-09-01 00:30")
    assert await season.line("packets") == (60_000 * YUAN - money.total(), 0, 0), (
        "the rest goes back at the end"
    )
    closed = await season.turned_down("red_packet.claimed", names[0], "2027-09-01 00:31", "more-tries")
    assert closed == "request.not_for_you"
    await season.platform.audit()
    await season.platform.close()


async def friend(season: Season, who: str, inviter: str, at: str, device: str = "") -> Made:
    await season.happens("member.registered", who, at)
    return await season.happens("invite.accepted", who, at, inviter=inviter, device=device or who)


async def test_both_sides_of_an_invitation_get_two_hundred_points_and_a_draw(database: str) -> None:
    season = await Season.open(database, PLAN, "2027-07-01")
    friends = [f"f{n}" for n in range(5)]
    await season.cast("han", *friends, "lone")
    assert code((await friend(season, "lone", "lone", "2027-07-01"))["invite"]) == "referral.self_invite"
    for who in friends:
        await friend(season, who, "han", "2027-07-05", device="tablet" if who in ("f3", "f4") else who)
    for day in ("2027-07-05 20:00", "2027-07-06"):
        for who in friends:
            await season.happens("content.commented", who, day, content="p", comment=f"{who}-{day}")
    # f4 came on the device of f3; f0, f1, f2 fill the day's three; f3 gets his own side.
    assert await season.all_points() == dict.fromkeys(friends[:4], 200)
    await season.passes("2027-07-07 23:59")
    assert await season.points("han") == 0, "two working days after Tuesday is Thursday"
    await season.passes("2027-07-08 09:00")
    assert await season.points("han") == 3 * 200

    early = await season.requests("draw.played", "han", "2027-07-08 10:00", "lucky-draw")
    assert code(early) == "draw.epoch_not_open"
    connection = season.platform.connection
    await record_randomness(
        connection, season.campaign, "lucky-draw", "campaign", "3 1 4 1 5", BEFORE, "notary"
    )
    won: Counter[str] = Counter()
    points: Counter[str] = Counter({"han": 600} | dict.fromkeys(friends[:4], 200))
    for who in ("han", "han", "han", *friends[:4]):
        played = await season.requests("draw.played", who, "2027-07-08 11:00", "lucky-draw")
        prize = rolled(played.note["table"], played.note["roll"])
        assert played.note["rolled"] == prize
        won[played.note["given"]] += 1
        points[who] += 30 if played.note["given"] == "points" else 0
    none_left = await season.requests("draw.played", "han", "2027-07-08 12:00", "lucky-draw")
    assert code(none_left).startswith("draw.no_chances")
    assert await season.all_points() == points
    await lines(
        season,
        points=(0, points.total()),
        prizes=(won["mug"] * 39 * YUAN, 0),
        coupons=(won["coupon"] * 5 * YUAN, 0),
    )

    # Steps: a hundred for something small, five hundred for something that lasts.
    small = [await exchange(season, "step-100", "f0") for _ in range(3)]
    assert [code(each) for each in small] == ["", "", "balance.short"]
    large = [await exchange(season, "step-500", "han") for _ in range(2)]
    assert code(large[0]) == ""
    assert totals(large[0]) == {"forty-off": 1, "stage-frame": 1}
    assert code(large[1]) == "limit.per_period"
    assert await season.points("han") == points["han"] - 500
    assert await season.points("f0") == points["f0"] - 2 * 100
    await lines(
        season,
        points=(0, points.total()),
        prizes=(won["mug"] * 39 * YUAN, 0),
        coupons=((won["coupon"] + 2) * 5 * YUAN + 40 * YUAN, 0),
    )
    await season.platform.audit()
    await season.platform.close()


def rolled(table: list[list[Any]], roll: int) -> str:
    """The row of a table that a roll falls on."""
    for name, weight in table:
        if roll < weight:
            return str(name)
        roll -= weight
    raise AssertionError("the roll lies beyond the table")


async def exchange(season: Season, step: str, who: str) -> Any:
    return await season.requests("exchange.made", who, "2027-07-09", step)


async def test_who_stays_away_three_days_gets_a_pack_in_the_order_of_the_list(
    database: str, tmp_path: Path
) -> None:
    scarce = TEXT.replace("limits: {per_month: 1, total: 4000}", "limits: {per_month: 1, total: 3}")
    assert scarce != TEXT
    season = await Season.play(database, scarce, "2027-06-25")
    stage = audience(season, tmp_path)
    await season.cast("ann", "bob", "cai", "dan", "eve")
    await stage.lists("care-list", "dan")
    for who, yuan in (("bob", 300), ("cai", 100), ("dan", 50)):
        paid: dict[str, Any] = {"order": who, "amount": yuan * YUAN, "currency": "CNY", "lines": []}
        await season.happens("order.paid", who, "2027-06-25", **paid)
    for who in ("ann", "bob", "cai", "dan"):
        await season.happens("member.logged_in", who, "2027-07-01")
    await season.happens("member.logged_in", "eve", "2027-07-02")
    await season.passes("2027-07-04 04:00")
    await stage.refresh("away")
    assert await stage.inside("away") == [], "three whole days have not passed"
    await season.passes("2027-07-05 04:00")
    await stage.refresh("away")
    assert [who for _, name, who in await stage.sent() if name == "away"] == ["dan", "bob", "cai", "ann"]
    packs = {who: (await season.items(who))["back-15"] for who in ("dan", "bob", "cai", "ann", "eve")}
    assert packs == {"dan": 1, "bob": 1, "cai": 1, "ann": 0, "eve": 0}, "the list, then who has spent most"

    # Who comes back leaves the segment, and gets no second pack in the same month.
    await season.happens("member.logged_in", "dan", "2027-07-05 09:00")
    await season.passes("2027-07-06 04:00")
    await stage.refresh("away")
    assert await stage.inside("away") == ["ann", "bob", "cai", "eve"]
    await season.passes("2027-07-13 04:00")
    await stage.refresh("away")
    assert "dan" in await stage.inside("away")
    assert (await season.items("dan"))["back-15"] == 0, "the first has lapsed after a week"
    thanks_points = 5 * 5 + 5
    points = 3 * 30 + thanks_points
    assert sum((await season.all_points()).values()) == points
    await lines(season, points=(0, points))
    await season.platform.audit()
    await season.platform.close()


async def test_a_first_order_brings_three_months_and_packs_suit_who_gets_them(database: str) -> None:
    season = await Season.open(database, PLAN, "2027-06-30")
    await season.cast("old", "new", "mum", "reader", "other", "boss")
    await season.hold_out("kong")
    await season.happens("member.registered", "old", "2027-06-30")
    await season.happens("member.imported", "boss", "2027-06-30", is_staff=True)
    for who in ("new", "kong"):
        await season.happens("member.registered", who, "2027-07-02")
    orders: dict[str, MechanicOutcome | None] = {}
    for who in ("old", "new", "new", "kong", "boss"):
        paid: dict[str, Any] = {
            "order": f"{who}-{len(orders)}",
            "amount": 990,
            "currency": "CNY",
            "lines": [],
        }
        orders[who] = (await season.happens("order.paid", who, "2027-07-03", **paid)).get("first-order")
    assert orders["old"] is None, "he was there before"
    assert orders["kong"] is None
    assert orders["boss"] is None
    assert orders["new"] is not None
    assert code(orders["new"]) == "limit.per_member"
    assert await season.items("new") == {"plus": 1}
    months = 92 * 30  # 3 July to 3 October

    profiles: dict[str, dict[str, Any]] = {
        "mum": {"kids": 1, "interests": ["reading"]},
        "reader": {"interests": ["reading", "tea"]},
        "other": {},
    }
    packs = {}
    for who, attributes in profiles.items():
        await season.happens("member.imported", who, "2027-07-04", attributes=attributes)
        too_soon = await post(season, who, "2027-07-05 09:00")
        assert code(too_soon["matched"]) == "task.not_yet"
        await comments(season, who, "2027-07-05 10:00", 5)
        packs[who] = dict(totals((await post(season, who, "2027-07-06"))["matched"]))
    assert packs == {"mum": {"parenting-20": 1}, "reader": {"books-12": 1}, "other": {"tea-10": 1}}
    points = 3 * 20
    assert await season.all_points() == dict.fromkeys(profiles, 20)
    await lines(season, points=(0, points), membership=(0, months), coupons=((20 + 12 + 10) * YUAN, 0))
    await season.passes("2027-08-06")
    await lines(season, points=(0, points), membership=(0, months))
    await season.platform.audit()
    await season.platform.close()
