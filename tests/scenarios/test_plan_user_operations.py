"""A season of `examples/plans/user-operations.yaml`: newcomers, levels up and down, member days, quizzes."""

from typing import Any

from tests.scenarios.season import Made, Season, code, totals

PLAN = "user-operations"
YUAN = 100  # fen; a point costs one


async def posts(season: Season, who: str, at: str, content: str, length: int = 80, on: str = "") -> Made:
    return await season.happens("content.published", who, at, on, content=content, length=length)


async def pays(season: Season, who: str, at: str, yuan: int) -> Made:
    data: dict[str, Any] = {"order": f"{who}/{at}", "amount": yuan * YUAN, "currency": "CNY", "lines": []}
    return await season.happens("order.paid", who, at, **data)


async def test_a_newcomer_finishes_the_guide_by_any_three_of_four_steps(database: str) -> None:
    season = await Season.open(database, PLAN, "2027-03-30")
    await season.cast("early", "mei", "han")
    assert await season.happens("member.registered", "early", "2027-03-30") == {}, "warm-up gives nothing"

    welcome = await season.happens("member.registered", "mei", "2027-04-02")
    assert totals(welcome["welcome"]) == {"points": 100}
    post = await posts(season, "mei", "2027-04-02 13:00", "p-1")
    assert totals(post["first-post"]) == {}, "it counts, and waits for the profile"
    await season.happens("member.logged_in", "mei", "2027-04-02 14:00")
    await season.happens("member.profile_completed", "mei", "2027-04-03")
    assert [totals(each) for each in await season.fired("first-post", "mei")] == [{"points": 80}]
    await season.happens("member.logged_in", "mei", "2027-04-05")
    assert await season.items("mei") == {}
    late = await season.happens("member.logged_in", "mei", "2027-04-06", on="2027-04-04 23:30")
    assert late["three-days"].note == {"counted": 3, "goal": 3, "completed": 1}
    assert await season.items("mei") == {"newcomer-15": 1, "settled": 1}

    likes = [
        await season.happens("content.liked", "mei", "2027-04-07", content=c)
        for c in ("a", "b", "b", "c", "d")
    ]
    assert [code(each["five-likes"]) for each in likes] == ["", "", "task.counted_already", "", ""]
    again = await season.happens("member.registered", "mei", "2027-04-08")
    assert code(again["welcome"]) == "limit.per_member"

    await season.happens("member.registered", "han", "2027-04-02")
    too_late = await season.happens("member.profile_completed", "han", "2027-04-09")
    assert code(too_late["profile"]) == "task.outside_window", "the eighth day"
    in_time = await season.happens("member.profile_completed", "han", "2027-04-10", on="2027-04-08 23:59")
    assert totals(in_time["profile"]) == {"points": 50}, "what happened in time counts when it is heard of"

    assert await season.all_points() == {"mei": 100 + 80 + 50, "han": 100 + 50}
    assert await season.all_points("growth") == {"mei": 3 * 5 + 20}
    points = 230 + 150
    assert await season.line("points") == (730_000 * YUAN - points, 0, points)
    assert await season.line("prizes") == (540_000 * YUAN - 15 * YUAN, 15 * YUAN, 0)
    await season.passes("2027-05-08")
    assert await season.line("prizes") == (540_000 * YUAN, 0, 0), "a coupon that has lapsed costs nothing"
    await season.platform.audit()
    await season.platform.close()


async def test_levels_rise_at_once_bring_their_benefits_and_fall_by_one_after_grace(database: str) -> None:
    season = await Season.open(database, PLAN, "2027-04-01")
    await season.cast("lin")
    born: dict[str, Any] = {"attributes": {"birthday": "1990-05-20"}, "registered": "2025-01-15"}
    await season.happens("member.imported", "lin", "2027-04-01", **born)

    silver = await pays(season, "lin", "2027-04-06", 300)
    assert silver["levels"].note == {"level": "silver", "was": "", "until": "2027-07-06"}
    assert [totals(each) for each in await season.fired("levels", "lin")] == [{"member-10": 1}]
    [entry] = (await season.fired("levels", "lin"))[0].given
    await season.passes("2027-04-16")
    used: dict[str, Any] = {"coupon": entry.code, "order": "o-1", "amount": 10 * YUAN, "currency": "CNY"}
    await season.happens("coupon.redeemed", "lin", "2027-04-16", **used)

    first = await season.happens("member.logged_in", "lin", "2027-04-18 09:00")
    second = await season.happens("member.logged_in", "lin", "2027-04-18 20:00")
    assert totals(first["member-day"]) == {"ship-free": 1, "points": 88}
    assert [code(second[each]) for each in ("login", "member-day")] == ["limit.per_period"] * 2
    gold = await pays(season, "lin", "2027-04-18 21:00", 400)
    assert totals(gold["spend-points"]) == {"points": 2 * 400}, "member day counts double"
    assert gold["levels"].note["level"] == "gold"
    platinum = await pays(season, "lin", "2027-04-20", 2_000)
    assert totals(platinum["spend-growth"]) == {"growth": 1_000}, "so much an order at the most"
    assert totals(platinum["spend-points"]) == {"points": 500}
    assert platinum["levels"].note == {"level": "platinum", "was": "gold", "until": "2027-07-20"}
    assert await season.points("lin", "growth") == 300 + 5 + 400 + 1_000

    await season.passes("2027-05-21")
    benefits = [totals(each) for each in await season.fired("levels", "lin") if each.given]
    assert benefits == [
        {"member-10": 1},  # 6 April: silver
        {"member-10": 1},  # 15 April: the month's
        {"member-30": 1, "gold-frame": 1},  # 18 April: gold
        {"member-30": 2},  # 20 April: platinum
        {"member-30": 1, "member-10": 1},  # 15 May
        {"birthday-20": 1, "birthday-cake": 1},  # 20 May
    ]
    # What came before 21 April was used or has lapsed. Still good: those of May, and the birthday's.
    assert await season.line("prizes") == line(left=540_000, committed=30 + 10 + 20, spent=10)

    # Three months after 20 April nothing has been earned: two weeks of grace, then one level down.
    await season.passes("2027-09-30 23:00")
    notes = [each.note for each in await season.fired("levels", "lin") if each.note]
    assert [(note["level"], note["was"]) for note in notes if note["level"] != note["was"]] == [
        ("gold", "platinum")
    ]
    benefits = [totals(each) for each in await season.fired("levels", "lin") if each.given][len(benefits) :]
    platinum_month, gold_month = {"member-30": 1, "member-10": 1}, {"member-10": 2}
    assert benefits == [platinum_month, platinum_month, gold_month, gold_month], "15 June to 15 September"
    assert await season.points("lin") == 300 + 88 + 800 + 500
    await season.passes("2027-10-16")
    assert await season.line("prizes") == line(left=540_000, committed=0, spent=10), (
        "the last lapsed on 15 October"
    )
    await season.platform.audit()
    await season.platform.close()


def line(left: int, committed: int, spent: int) -> tuple[int, int, int]:
    """A line of so many yuan of which so much is committed and spent."""
    return (left - committed - spent) * YUAN, committed * YUAN, spent * YUAN


async def test_the_ranking_of_a_quiz_is_rewarded_by_rank_once_and_as_far_as_prizes_go(database: str) -> None:
    season = await Season.open(database, PLAN, "2027-04-01")
    ranks = {"r1": 1, "r2": 2, "r3": 3, "r4": 4, "r10": 10, "r11": 11, "r100": 100, "r101": 101}
    champions = [f"c{n}" for n in range(2, 8)]
    await season.cast(*ranks, *champions)
    for who in ranks:
        await season.happens("quiz.finished", who, "2027-04-25", quiz="april", score=60)
    again = await season.happens("quiz.finished", "r1", "2027-04-25 13:00", quiz="april", score=99)
    assert code(again["quiz-finished"]) == "task.counted_already"

    told = [await ranked(season, who, "april", rank) for who, rank in ranks.items()]
    got = [totals(each["quiz-rank"]) if "quiz-rank" in each else None for each in told]
    second = {"power-bank": 1, "points": 1000, "scholar": 1}
    assert got == [
        {"headphones": 1, "points": 2000, "champion": 1},
        second,
        second,
        {"points": 500, "scholar": 1},
        {"points": 500, "scholar": 1},
        {"points": 100},
        {"points": 100},
        None,
    ]
    corrected = await ranked(season, "r1", "april", 40)
    assert code(corrected["quiz-rank"]) == "task.counted_already", "one ranking a quiz is rewarded"

    others = [await ranked(season, who, f"quiz-{who}", 1) for who in champions]
    assert [code(each["quiz-rank"]) for each in others] == ["", "", "", "", "", "stock.empty"]
    runner_up = await ranked(season, "c7", "quiz-c7", 2)
    assert totals(runner_up["quiz-rank"]) == second, "what was refused may be put right"

    taken, ranking = 8 * 20, 2000 + 2 * 1000 + 2 * 500 + 2 * 100 + 5 * 2000 + 1000
    points = taken + ranking
    assert sum((await season.all_points()).values()) == points
    assert sum((await season.all_points("growth")).values()) == 8 * 10
    assert await season.line("points") == (730_000 * YUAN - points, 0, points)
    assert await season.line("quiz-prizes") == line(left=12_000, committed=6 * 899 + 3 * 99, spent=0)
    await season.platform.audit()
    await season.platform.close()


async def ranked(season: Season, who: str, quiz: str, rank: int) -> Made:
    return await season.happens("quiz.ranked", who, "2027-04-26", quiz=quiz, rank=rank, of=900)


async def test_limits_caps_phases_and_the_audience_hold_over_a_season(database: str) -> None:
    season = await Season.open(database, PLAN, "2027-04-01")
    await season.cast("wu", "boss")
    await season.hold_out("kong")
    await season.happens("member.imported", "boss", "2027-04-01", is_staff=True)
    assert await posts(season, "boss", "2027-04-02", "p-0") == {}
    assert await posts(season, "kong", "2027-04-02", "p-0") == {}

    growth = [
        totals((await posts(season, "wu", "2027-04-02", f"p-{n}"))["post-growth"])["growth"] for n in range(6)
    ]
    assert growth == [20, 20, 20, 20, 20, 0], "a hundred a month"
    assert "post-growth" not in await posts(season, "wu", "2027-05-01", "short", length=49)
    assert totals((await posts(season, "wu", "2027-05-01", "long"))["post-growth"]) == {"growth": 20}
    comments = [
        await season.happens("content.commented", "wu", "2027-05-02", content="p", comment=f"c-{n}")
        for n in range(6)
    ]
    assert [code(each["answer-growth"]) for each in comments] == [""] * 5 + ["limit.per_period"]

    orders = [await pays(season, "wu", f"2027-05-0{day}", 600) for day in range(3, 10)]
    points = [totals(each["spend-points"])["points"] for each in orders]
    assert points == [500] * 6 + [0], "three thousand a month"

    # After the last day only what happened before its end counts, and after settling nothing does.
    assert await season.happens("member.logged_in", "wu", "2027-10-01 00:10") == {}
    late = await season.happens("member.logged_in", "wu", "2027-10-05", on="2027-09-30 23:50")
    assert totals(late["login"]) == {"growth": 5}
    assert await season.happens("member.logged_in", "wu", "2027-10-15 00:01", on="2027-09-29") == {}

    assert await season.all_points() == {"wu": 3_000}
    assert await season.all_points("growth") == {"wu": 5 * 20 + 20 + 5 * 2 + 7 * 600 + 5}
    assert await season.line("points") == (730_000 * YUAN - 3_000, 0, 3_000)
    await season.platform.audit()
    await season.platform.close()
