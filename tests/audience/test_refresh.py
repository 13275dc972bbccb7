"""Refreshing on a live database: who is in, what is sent, once, in order, and what late events change."""

import asyncio
from contextlib import suppress
from pathlib import Path

from festoon.audience.refresh import preview
from festoon.audience.refreshes import save
from tests.audience.stage import NOW, Stage, back, posts
from tests.live import event, gifts, order

TIERS = """
segments:
  tiers: {title: Tiers, split: {by: active_days, over: 30 days, parts: {top: 20%, middle: 60%}, rest: low}}
mechanics:
  thanks: {kind: gift, on: segment.entered, when: "event.segment == 'top'", give: [{points: 10}]}
  post: {kind: gift, on: content.published, when: "member.segment('top')", give: [{points: 3}]}
"""


async def ten_members(stage: Stage) -> None:
    """m0 was active on one day, m9 on ten."""
    for n in range(10):
        await stage.platform.outcomes(*posts(f"m{n}", *range(1, n + 2)))


async def test_the_most_active_fifth_is_in_and_conditions_see_it(database: str, tmp_path: Path) -> None:
    stage = await Stage.open(database, TIERS, tmp_path)
    await ten_members(stage)
    [found] = await stage.refresh()
    assert found.sizes.members == {"top": 2, "middle": 6, "low": 2}
    assert await stage.inside("top") == ["m8", "m9"]
    assert await stage.inside("low") == ["m0", "m1"]
    assert [await stage.platform.balance(f"m{n}") for n in (7, 8, 9)] == [0, 10, 10]
    now = [event("content.published", who, f"now-{who}") for who in ("m7", "m9")]
    assert gifts(await stage.platform.outcomes(*now)) == [("asset", "points", 3)]
    await stage.platform.audit()
    await stage.platform.close()


async def test_the_same_refresh_again_sends_nothing_and_says_the_same(database: str, tmp_path: Path) -> None:
    stage = await Stage.open(database, TIERS, tmp_path)
    await ten_members(stage)
    first = await stage.refresh()
    sent = await stage.sent()
    assert await stage.refresh() == first
    later = await stage.refresh(at=back(-0.01))
    assert (later[0].changes, later[0].sizes.members) == (0, first[0].sizes.members)
    assert await stage.sent() == sent
    assert len(sent) == 10
    await stage.platform.close()


async def test_a_refresh_cut_off_anywhere_and_repeated_sends_every_event_once(
    database: str, tmp_path: Path
) -> None:
    stage = await Stage.open(database, TIERS, tmp_path)
    await ten_members(stage)
    cut_off = 0
    for milliseconds in range(5, 1000, 45):
        task = asyncio.create_task(stage.refresh())
        done, _ = await asyncio.wait([task], timeout=milliseconds / 1000)
        if done:
            break
        cut_off += 1
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    [found] = await stage.refresh()
    assert cut_off > 0
    assert (found.changes, found.sent, found.finished is not None) == (10, 10, True)
    assert len(await stage.sent()) == 10
    assert await stage.platform.balance("m9") == 10
    await stage.platform.audit()
    await stage.platform.close()


async def test_what_was_begun_is_finished_before_anything_is_computed_anew(
    database: str, tmp_path: Path
) -> None:
    stage = await Stage.open(database, TIERS, tmp_path)
    await ten_members(stage)
    [computed] = await preview(stage.place, stage.due())
    saved = await save(stage.platform.connection, "spring", computed, NOW, NOW)
    assert await stage.sent() == []
    await stage.platform.outcomes(*posts("m0", *range(1, 25)))
    [found] = await stage.refresh(at=back(-0.01))
    assert saved.changes == 10
    assert found.sizes.entered == {"top": 1, "middle": 1, "low": 1}
    assert await stage.inside("top") == ["m0", "m9"]
    assert len(await stage.sent()) == 10 + 6
    await stage.platform.close()


async def test_who_is_merged_before_he_is_told_of_a_refresh_puts_nobody_into_two_parts(
    database: str, tmp_path: Path
) -> None:
    stage = await Stage.open(database, TIERS, tmp_path)
    await ten_members(stage)
    [computed] = await preview(stage.place, stage.due())
    await save(stage.platform.connection, "spring", computed, NOW, NOW)
    merged = event("member.merged", "m9", member="m0", reason="one person", made_by="lin")
    await stage.platform.outcomes(merged)
    await stage.refresh()
    assert (await stage.inside("top"), await stage.inside("low")) == (["m8", "m9"], ["m1"])
    assert len(await stage.sent()) == 9
    await stage.platform.close()


async def test_who_was_erased_is_in_no_segment_and_keeps_nobody_out_of_one(
    database: str, tmp_path: Path
) -> None:
    stage = await Stage.open(database, TIERS, tmp_path)
    await ten_members(stage)
    await stage.platform.outcomes(event("member.erased", "m5", reason="asked for it"))
    [found] = await stage.refresh()
    assert (found.sizes.members, found.came) == ({"top": 2, "middle": 5, "low": 2}, {})
    await stage.platform.outcomes(event("member.erased", "m9", reason="asked for it"))
    [found] = await stage.refresh(at=back(-0.01))
    assert found.sizes.members == {"top": 2, "middle": 4, "low": 2}
    assert await stage.inside("top") == ["m7", "m8"]
    assert found.came == {}
    await stage.platform.audit()
    await stage.platform.close()


async def test_a_late_event_corrects_the_segment_at_its_next_refresh(database: str, tmp_path: Path) -> None:
    stage = await Stage.open(database, TIERS, tmp_path)
    await ten_members(stage)
    await stage.refresh()
    late = posts("m0", *(day + 0.5 for day in range(1, 20)))
    await stage.platform.outcomes(*late)
    await stage.refresh(at=back(-0.01))
    assert await stage.inside("top") == ["m0", "m9"]
    assert (await stage.sent())[-6:] == [
        ("segment.left", "low", "m0"),
        ("segment.left", "middle", "m2"),
        ("segment.left", "top", "m8"),
        ("segment.entered", "top", "m0"),
        ("segment.entered", "middle", "m8"),
        ("segment.entered", "low", "m2"),
    ]
    await stage.platform.close()


async def test_a_segment_of_another_campaign_or_the_platform_with_the_same_name_is_another(
    database: str, tmp_path: Path
) -> None:
    stage = await Stage.open(database, TIERS, tmp_path)
    await stage.platform.outcomes(event("segment.entered", "ann", segment="top", campaign="summer"))
    assert await stage.platform.balance("ann") == 0
    await stage.platform.outcomes(event("segment.entered", "ann", "2", segment="top"))
    assert await stage.platform.balance("ann") == 0
    assert gifts(await stage.platform.outcomes(event("content.published", "ann"))) == []
    await stage.platform.close()


AWAY = """
assets: {points: {cost: 1, line: prizes}}
segments:
  first: {title: Whom we want back first, list: uploaded}
  away: {title: Away, absent: 3 days, order: {list: first, by: spend}}
mechanics:
  pack: {kind: gift, on: segment.entered, when: "event.segment == 'away'", give: [{points: 300}]}
"""


async def test_who_stands_first_on_the_list_is_served_first_when_there_is_not_enough(
    database: str, tmp_path: Path
) -> None:
    stage = await Stage.open(database, AWAY, tmp_path)
    for n in range(8):
        await stage.platform.outcomes(*posts(f"m{n}", 10), order(f"m{n}", 100 * n, f"o{n}", back(20)))
    await stage.lists("first", "m1", "nobody", "m0")
    [_, found] = await stage.refresh()
    assert [who for type_, name, who in await stage.sent() if name == "away"] == [
        "m1", "m0", "m7", "m6", "m5", "m4", "m3", "m2",
    ]  # fmt: skip
    got = [n for n in range(8) if await stage.platform.balance(f"m{n}")]
    assert got == [0, 1, 7]
    assert found.came == {"budget.short": 5}
    await stage.platform.audit()
    await stage.platform.close()


async def test_absent_counts_whole_local_days(database: str, tmp_path: Path) -> None:
    plan = "segments: {away: {title: Away, absent: 3 days}}\n"
    stage = await Stage.open(database, plan, tmp_path)
    # Now it is noon of the 10th: the 7th, 8th and 9th are whole days.
    await stage.platform.outcomes(*posts("sixth", 4), *posts("seventh", 3), *posts("both", 20, 1))
    [found] = await stage.refresh()
    assert await stage.inside("away") == ["sixth"]
    assert found.sizes.counted == 3
    await stage.platform.outcomes(*posts("sixth", 0.01))
    await stage.refresh(at=back(-0.01))
    assert await stage.inside("away") == []
    await stage.platform.close()


async def test_a_condition_reads_profile_figures_and_other_segments(database: str, tmp_path: Path) -> None:
    plan = """
attributes: {kids: int}
segments:
  buyers: {title: B, when: "member.spend >= 500 and member.orders >= 2", over: 30 days}
  parents: {title: P, when: "member.kids > 0 and member.segment('buyers') and not member.segment('kept')"}
  kept: Kept by the platform
"""
    stage = await Stage.open(database, plan, tmp_path)
    for who, kids in (("ann", 1), ("ben", 0), ("cat", 2), ("dan", 3)):
        await stage.platform.outcomes(
            event("member.registered", who, at=back(5), region="Shanghai", attributes={"kids": kids}),
            order(who, 300, f"{who}-1", back(4)),
            order(who, 300, f"{who}-2", back(3)),
        )
    refund = event(
        "order.refunded", "cat", at=back(1), order="cat-1", refund="r", amount=200, currency="CNY", lines=[]
    )
    kept = event("segment.entered", "dan", at=back(1), segment="kept")
    await stage.platform.outcomes(refund, kept)
    await stage.refresh()
    assert await stage.inside("buyers") == ["ann", "ben", "dan"]
    assert await stage.inside("parents") == ["ann"]
    await stage.platform.close()


async def test_a_list_counts_when_it_is_approved_and_its_unknown_ids_when_somebody_has_them(
    database: str, tmp_path: Path
) -> None:
    plan = "segments: {vip: {title: VIP, list: uploaded}}\n"
    stage = await Stage.open(database, plan, tmp_path)
    await stage.platform.outcomes(*posts("ann", 1), *posts("ben", 1))
    await stage.lists("vip", "ben", "nobody-yet")
    [found] = await stage.refresh()
    assert (found.sizes.members, found.sizes.unknown) == ({"vip": 1}, 1)
    await stage.platform.outcomes(*posts("nobody-yet", 0.001))
    await stage.refresh(at=back(-0.01))
    assert await stage.inside("vip") == ["ben", "nobody-yet"]
    await stage.lists("vip", "ann")
    await stage.refresh(at=back(-0.02))
    assert await stage.inside("vip") == ["ann"]
    await stage.platform.close()


async def test_accounts_that_were_merged_count_as_one_member(database: str, tmp_path: Path) -> None:
    stage = await Stage.open(
        database, "segments: {busy: {title: B, when: member.active_days >= 4}}\n", tmp_path
    )
    await stage.platform.outcomes(
        *posts("ann", 1), *posts("ann-too", 2, 3), *posts("ann-as-well", 4), *posts("ben", 1, 2, 3)
    )
    await stage.refresh()
    assert await stage.inside("busy") == []
    for into, gone in (
        ("ann-too", "ann-as-well"),
        ("ann", "ann-too"),
    ):  # one after the other, each into the next
        merged = event("member.merged", into, at=back(0.001), member=gone, reason="one person", made_by="lin")
        await stage.platform.outcomes(merged)
    [found] = await stage.refresh(at=back(-0.01))
    assert (found.sizes.members, found.sizes.counted) == ({"busy": 1}, 1)
    assert await stage.inside("busy") == ["ann"]
    await stage.platform.close()
