"""A season of automatic top-ups on the real engine: rewards of each success, levels, shares of friends' top-ups.

What everybody should have is worked out here by hand, from the plan's own figures.
"""

from typing import Any

from festoon.engine.invite_codes import invite_code
from tests.scenarios.cast import Cast, Story, code, gave, share
from tests.scenarios.season import PLANS, Made, Season
from tests.scenarios.season import made as made_of

PLAN = (PLANS / "auto-top-up.yaml").read_text(encoding="utf-8")
COUPONS = {"five-off-50": 500, "twenty-off-100": 2000, "ten-off": 1000}
"""What a coupon costs, in fen. A point costs one."""
POINTS_LINE, COUPONS_LINE = 40_000_000, 65_000_000
USED = 500
"""One coupon of 5 yuan is used in the season; all others lapse."""


async def test_a_season_of_top_ups_gives_everybody_what_the_plan_says(database: str) -> None:
    season = await Season.play(database, PLAN, "2027-02-20")
    cast = Cast(season, holdout=share(10))
    await cast.tell(
        those_outside(cast), lin_s_first(cast), lin_goes_on(cast), lin_hears_late(cast), lin_rises(cast),
        books(cast), yi(cast), san(cast), si(cast), late(cast),
    )  # fmt: skip
    await cast.everybody_has_what_is_due()
    assert await season.all_points("top-up-growth") == GROWTH
    await season.passes("2027-08-10")
    points = sum(cast.points.values())
    assert await season.line("points") == (POINTS_LINE - points, 0, points)
    assert await season.line("coupons") == (COUPONS_LINE - USED, 0, USED)
    await season.platform.audit()
    await season.platform.close()


def topup(id: str, fen: int) -> dict[str, Any]:
    return {"topup": id, "amount": fen, "currency": "CNY", "automatic": True}


async def tops_up(cast: Cast, who: str, fen: int, on: str = "") -> Made:
    """An automatic top-up that went through. Its id is made of who, when and how much."""
    return await cast.does("topup.succeeded", who, on, **topup(f"{who}/{on or cast.at}", fen))


def why(made: Made, mechanic: str) -> str:
    """The code a mechanic refused with, or that it had nothing to say."""
    return code(made[mechanic]) if mechanic in made else "passed over"


async def those_outside(cast: Cast) -> Story:
    """Nothing for staff, for who is held out, in the warm-up, and for a top-up that fails."""
    yield "2027-02-20 12:00"
    for who in ("staff", "held", "lin", "wu", "late"):
        said = {"is_staff": who == "staff"}
        await cast.arrives(who, "member.imported", registered="2025-05-10", attributes=said)
    yield "2027-02-28 23:59"
    assert await tops_up(cast, "lin", 10_000) == {}
    yield "2027-03-01 00:00"
    for who in ("staff", "held"):
        assert await tops_up(cast, who, 10_000) == {}
    assert await cast.does("topup.failed", "lin", **topup("u-0", 8_000)) == {}


async def lin_s_first(cast: Cast) -> Story:
    """The first one brings extra. Told again under its id it changes nothing. One coupon is used."""
    yield "2027-03-02 10:00"
    event = cast.season.event("topup.succeeded", "lin", cast.at, **topup("u-1", 8_000))
    [told], [again] = await cast.season.happen(cast.at, event), await cast.season.happen(cast.at, event)
    assert (told.kind, again.kind, again.outcome) == ("new", "again", told.outcome)
    first = made_of(told)
    assert gave(first["points"]) == [("points", 80)]
    assert gave(first["coupon"]) == [("five-off-50", 1)]
    assert gave(first["first-top-up"]) == [("points", 500), ("twenty-off-100", 1)]
    cast.gets("lin", 580, "five-off-50", "twenty-off-100")
    yield "2027-03-03 10:00"
    coupon = first["coupon"].given[0].code
    await cast.does("coupon.redeemed", "lin", coupon=coupon, order="o-1", amount=500, currency="CNY")
    yield "2027-03-08 10:00"
    by_hand = await cast.does("topup.succeeded", "lin", **topup("u-2", 20_000) | {"automatic": False})
    assert set(by_hand) == {"how-much"}, "only growth, and only by amount"


LATER_ONES = (
    ("2027-03-05 10:00", 40_000, 300, ""),  # at most 300 points a top-up
    ("2027-03-12 10:00", 50_000, 300, ""),
    ("2027-03-20 10:00", 4_999, 49, "passed over"),  # no coupon below 50 yuan
    ("2027-03-25 10:00", 40_000, 1000 - 80 - 300 - 300 - 49, ""),  # at most 1,000 points a month
    ("2027-03-28 10:00", 6_000, 0, "limit.per_period"),  # and four coupons
    ("2027-04-01 10:00", 10_000, 100, ""),
    ("2027-04-03 10:00", 70_000, 300, ""),
)
"""Lin's further automatic top-ups: when, how much in fen, the points, and why there is no coupon."""


async def lin_goes_on(cast: Cast) -> Story:
    for at, fen, points, refused in LATER_ONES:
        yield at
        made = await tops_up(cast, "lin", fen)
        assert why(made, "points") == ("" if points else "cap.reached")
        assert [each.amount for each in made["points"].given] == [points] * bool(points)
        assert why(made, "coupon") == refused
        assert why(made, "first-top-up") == ("limit.per_member" if fen >= 5_000 else "passed over")
        cast.gets("lin", points, *["five-off-50"] * (not refused))
        if at == "2027-03-28 10:00":
            assert gave(made["six-times"]) == [("top-up-growth", 300), ("never-empty", 1)]
            cast.gets("lin", 0, "never-empty")


async def lin_hears_late(cast: Cast) -> Story:
    """On 1 April something of 31 March is heard of: it belongs to March, whose points and coupons are used up."""
    yield "2027-04-01 00:10"
    made = await tops_up(cast, "lin", 10_000, on="2027-03-31 23:50")
    assert (why(made, "points"), why(made, "coupon")) == ("cap.reached", "limit.per_period")
    assert gave(made["how-much"]) == [("top-up-growth", 100)]


LIN_RISES = (
    ("2027-03-02 12:00", 80 + 20, None, 0, ()),
    ("2027-03-05 12:00", 400 + 20, "silver", 100, ()),
    ("2027-03-08 12:00", 200, "silver", 0, ()),
    ("2027-03-12 12:00", 500 + 20, "gold", 300, ("ten-off",)),
    ("2027-03-20 12:00", 49 + 20, "gold", 0, ()),
    ("2027-03-25 12:00", 400 + 20, "gold", 0, ()),
    ("2027-03-28 12:00", 60 + 20 + 300, "gold", 0, ()),
    ("2027-04-01 12:00", 100 + 20 + 100 + 20, "gold", 0, ()),
    ("2027-04-03 12:00", 700 + 20, "platinum", 500, ("ten-off", "ten-off")),
    ("2027-04-10 12:00", 0, "platinum", 0, ("ten-off", "ten-off")),  # his own day is the 10th
    ("2027-05-10 12:00", 0, "platinum", 0, ("ten-off", "ten-off")),
)
"""What each of Lin's days brings: growth by amount and by number, the level he then has, and its pack."""


async def lin_rises(cast: Cast) -> Story:
    """Up at once, by how much and by how often."""
    growth = 0
    for at, grown, level, points, coupons in LIN_RISES:
        yield at
        growth += grown
        cast.gets("lin", points, *coupons)
        assert await cast.season.points("lin", "top-up-growth") == growth
        profile = await cast.season.platform.connection.fetchval(
            "SELECT profile::jsonb ->> 'top_up_level' FROM member WHERE subject = 'lin'"
        )
        assert profile == level, at


GROWTH = {
    "lin": sum(grown for _, grown, *_ in LIN_RISES),
    "yi": 123 + 20, "san": 400 + 20, "si": 100 + 20, "wu": 50 + 20, "late": 60 + 20,
}  # fmt: skip


async def books(cast: Cast) -> Story:
    """Before anything lapses all coupons but the used one are promised; points have cost what they are worth."""
    yield "2027-03-30 12:00"
    points = sum(cast.points.values())
    coupons = sum(COUPONS.get(thing, 0) * many for (_, thing), many in cast.things.items())
    assert await cast.season.line("points") == (POINTS_LINE - points, 0, points)
    assert await cast.season.line("coupons") == (COUPONS_LINE - coupons, coupons - USED, USED)


async def joins(cast: Cast, who: str) -> None:
    """A friend of Lin's registers and accepts his invitation, by the code."""
    await cast.arrives(who)
    lin = await cast.season.platform.connection.fetchval("SELECT id FROM member WHERE subject = 'lin'")
    secret = cast.season.platform.engine.program.secret
    made = await cast.does("invite.accepted", who, code=invite_code(secret, lin), device=f"phone-{who}")
    assert code(made["invite"]) == ""


async def first_top_up(cast: Cast, who: str, fen: int, points: int) -> None:
    """A friend's first: his own rewards, and 200 points for having come."""
    made = await tops_up(cast, who, fen)
    assert gave(made["invite"]) == [("points", 200)]
    cast.gets(who, points + 500 + 200, "five-off-50", "twenty-off-100")


async def reversed_(cast: Cast, who: str, topped_up: str, fen: int) -> Made:
    return await cast.does("topup.reversed", who, topup=f"{who}/{topped_up}", amount=fen, reason="chargeback")


async def yi(cast: Cast) -> Story:
    """Five working days over the May holiday, one Saturday worked: 29 and 30 April, 6, 7 and 8 May."""
    yield "2027-04-20 09:00"
    await joins(cast, "yi")
    yield "2027-04-28 09:00"
    await first_top_up(cast, "yi", 12_345, 123)
    yield "2027-05-07 23:59"
    assert await cast.season.points("lin") == cast.points["lin"]
    yield "2027-05-08 00:00"
    cast.gets("lin", 617)  # 5 % of 123.45 yuan, 617.25 points, to the whole point
    assert await cast.season.points("lin") == cast.points["lin"]
    yield "2027-05-08 09:00"
    assert why(await tops_up(cast, "wu", 5_000), "invite") == "passed over", "nobody invited him"
    cast.gets("wu", 50 + 500, "five-off-50", "twenty-off-100")
    assert why(await cast.does("invite.accepted", "wu", inviter="lin"), "invite") == "referral.not_new"


async def san(cast: Cast) -> Story:
    """5 % of 400 yuan is more than 1,000 points, so 1,000; half is reversed, and half of both rewards goes back."""
    yield "2027-04-01 09:00"
    await joins(cast, "san")
    yield "2027-04-02 09:00"
    await first_top_up(cast, "san", 40_000, 300)
    cast.gets("san", 100)  # 420 of growth: silver
    yield "2027-04-11 23:59"
    assert await cast.season.points("lin") == cast.points["lin"]
    yield "2027-04-12 00:00"  # 6, 7, 8, 9 and 12 April; Monday the 5th is off
    cast.gets("lin", 1000)
    assert await cast.season.points("lin") == cast.points["lin"]
    yield "2027-04-20 15:00"
    await reversed_(cast, "san", "2027-04-02 09:00", 20_000)
    cast.gets("lin", -500)
    cast.gets("san", -100)


async def si(cast: Cast) -> Story:
    """Reversed while the share waits: nothing is paid for it, and the friend's own 200 go back."""
    yield "2027-04-01 09:05"
    await joins(cast, "si")
    yield "2027-04-02 09:05"
    await first_top_up(cast, "si", 10_000, 100)
    yield "2027-04-07 09:00"
    await reversed_(cast, "si", "2027-04-02 09:05", 10_000)
    cast.gets("si", -200)


async def late(cast: Cast) -> Story:
    """What happened before the end counts until the books are closed; from then on nothing does."""
    yield "2027-06-02 10:00"
    made = await tops_up(cast, "late", 6_000, on="2027-05-31 23:59")
    assert gave(made["points"]) == [("points", 60)]
    cast.gets("late", 60 + 500, "five-off-50", "twenty-off-100")
    assert await tops_up(cast, "late", 6_000, on="2027-06-01 00:00") == {}
    yield "2027-06-14 00:00"
    assert await tops_up(cast, "late", 6_000, on="2027-05-31 23:58") == {}


async def test_what_is_limited_ends_for_the_next_one_and_the_rest_goes_on(database: str) -> None:
    """The plan as it stands, with one first extra, and one rewarded friend a month."""
    text = PLAN.replace("per_member: 1, total: 8000", "per_member: 1, total: 1")
    season = await Season.play(database, text.replace("{per_month: 10}", "{per_month: 1}"), "2027-02-20")
    cast = Cast(season, holdout=share(10))
    await cast.tell(one_place(cast))
    await cast.everybody_has_what_is_due()
    await season.platform.audit()
    await season.platform.close()


async def one_place(cast: Cast) -> Story:
    yield "2027-03-01 09:00"
    await cast.arrives("lin", "member.imported", registered="2025-05-10")
    for who in ("yi", "san"):
        await joins(cast, who)
        made = await tops_up(cast, who, 10_000)
        assert why(made, "first-top-up") == ("" if who == "yi" else "limit.total")
        assert gave(made["coupon"]) == [("five-off-50", 1)]
        extra = ["twenty-off-100"] if who == "yi" else []
        cast.gets(who, 100 + 200 + 500 * len(extra), "five-off-50", *extra)
    yield "2027-03-08 00:00"  # both have stood for five working days; one is paid
    assert [
        code(each) for each in await cast.season.fired("invite", "lin") if each.given or each.refused
    ] == [
        "",
        "referral.inviter_full_period",
    ]
    cast.gets("lin", 500)
