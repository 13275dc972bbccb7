"""The grand draw of docs/reference/mechanics/grand_draw.md: tickets by check-ins and orders, frozen, drawn, checked."""

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from festoon.mechanics.fairness import SEED_BYTES, EpochKey, commit, epoch_key
from festoon.mechanics.grand_record import GrandHead, GrandWin
from festoon.mechanics.grand_verify import verify_grand
from festoon.plan.check import check_plan
from tests.mechanics.pages import blocks, plan
from tests.scenarios.story import Story, code

CAMPAIGN, DRAW = "new-year-2027", "new-year-2027/journey"
PLAN = plan("grand_draw")
SEED = b"festoon!" * (SEED_BYTES // 8)
PUBLIC = "3,251.76"


def told(members: int = 30, text: str = PLAN) -> Story:
    """Everybody orders, which is two tickets; who stays for three check-ins gets a third."""
    story = Story(text)
    schedule = story.replay.program.campaigns[CAMPAIGN].schedule
    key = EpochKey("campaign", schedule.start, schedule.settle, epoch_key(SEED, PUBLIC))
    story.replay.program.epochs = {DRAW: (key,)}
    for member in range(members):
        order(story, f"m{member}", "2027-02-06")
    for day in range(6, 12):
        for member in range(members):
            if member >= day:
                story.happens("check_in.made", f"m{member}", f"2027-02-{day:02d} 20:00")
    return story


def order(story: Story, who: str, at: str) -> None:
    story.happens("order.paid", who, at, order=f"{who}/{at}", amount=100, currency="CNY", lines=[])


def files(story: Story) -> tuple[GrandHead, list[GrandWin]]:
    head, *wins = (story.replay.world.file(f"{DRAW}/winners") or "").splitlines()
    return msgspec.json.decode(head, type=GrandHead), [
        msgspec.json.decode(win, type=GrandWin) for win in wins
    ]


def tickets(story: Story) -> dict[int, int]:
    lines = (story.replay.world.file(f"{DRAW}/tickets") or "").splitlines()
    return {int(member): int(count) for member, _, count in (line.partition(",") for line in lines)}


def test_the_tickets_are_those_of_the_set_time() -> None:
    story = told()
    order(story, "m1", "2027-02-18 19:59")
    order(story, "m2", "2027-02-18 20:00")
    order(story, "late", "2027-02-18 20:01")
    story.passes("2027-02-18 21:00")
    members = story.replay.world.members
    had = tickets(story)
    assert had[members["m1"].number] == 4
    assert had[members["m2"].number] == 2
    assert members["late"].number not in had
    assert had[members["m20"].number] == 2 + 1
    assert (len(had), sum(had.values())) == (30, 30 * 2 + 2 + 22)


def test_who_was_erased_before_the_set_time_has_no_ticket() -> None:
    story = told(members=5)
    number = story.replay.world.members["m2"].number
    story.happens("member.erased", "m2", "2027-02-17", reason="asked for")
    story.passes("2027-02-20")
    assert number not in tickets(story)
    assert number not in [win.member for win in files(story)[1]]


def test_the_winners_have_their_prizes_and_the_books_balance() -> None:
    story = told()
    story.passes("2027-02-20")
    head, wins = files(story)
    assert [win.place for win in wins] == list(range(1, 25))
    assert Counter(win.prize for win in wins) == {"journey": 1, "phone": 3, "coupon": 20}
    assert len({win.member for win in wins}) == 24
    assert head.tickets == sum(tickets(story).values())
    names = {member.number: subject for subject, member in story.replay.world.members.items()}
    for win in wins:
        thing = {"coupon": "fifty-off"}.get(win.prize, win.prize)
        assert story.items(names[win.member]) == {thing: 1}
        assert story.shows(names[win.member], "journey", "2027-02-20")["prize"] == win.prize
    won = [made for made in story.timers if made.mechanic == DRAW]
    assert [made.note for made in won] == [msgspec.to_builtins(win) for win in wins]
    assert story.books_balance()


def test_nothing_is_drawn_before_its_time() -> None:
    story = told()
    story.passes("2027-02-19 19:59")
    assert story.replay.world.file(f"{DRAW}/winners") is None
    assert story.shows("m1", "journey", "2027-02-19") == {
        **msgspec.json.decode(blocks("grand_draw", "json")[0])
    }


def test_fewer_holders_than_prizes_win_once_each_and_the_rest_stays_undrawn() -> None:
    story = told(members=5)
    story.passes("2027-02-20")
    _, wins = files(story)
    assert [win.prize for win in wins] == ["journey", "phone", "phone", "phone", "coupon"]
    assert sorted(win.member for win in wins) == sorted(tickets(story))


def test_a_draw_that_nobody_has_tickets_for_is_drawn_among_nobody() -> None:
    story = told(members=0)
    story.passes("2027-02-20")
    head, wins = files(story)
    assert (head.tickets, head.members, wins) == (0, 0, [])


def test_a_draw_without_its_public_value_waits_for_it() -> None:
    story = told()
    keys, story.replay.program.epochs = story.replay.program.epochs, {}
    story.passes("2027-02-20 06:00")
    assert story.replay.world.file(f"{DRAW}/winners") is None
    story.replay.program.epochs = keys
    story.passes("2027-02-20 07:00")
    assert len(files(story)[1]) == 24


def test_who_comes_after_the_freezing_may_know_the_list_and_change_nothing() -> None:
    one, other = told(), told()
    one.passes("2027-02-18 21:00")
    for member in range(30):
        order(one, f"m{member}", "2027-02-19 10:00")
    one.passes("2027-02-20")
    other.passes("2027-02-20")
    assert files(one) == files(other)


def one_of(story: Story, into: str, gone: str, at: str) -> None:
    story.happens("member.merged", into, at, member=gone, reason="x")


def test_two_accounts_that_are_one_person_by_the_draw_win_once_and_the_next_ticket_wins(
    tmp_path: Path,
) -> None:
    story = told(members=5)
    story.passes("2027-02-18 21:00")
    one_of(story, "m0", "m1", "2027-02-19 10:00")
    story.passes("2027-02-20")
    head, wins = files(story)
    numbers = story.replay.world.numbers
    (pair,) = head.merged
    assert pair[1] == numbers["m0"] == numbers["m1"]
    assert [win.prize for win in wins] == ["journey", "phone", "phone", "phone"]
    had = Counter[str]()
    for who in ("m0", "m2", "m3", "m4"):
        assert story.items(who).total() == 1
        had += story.items(who)
    assert had == {"journey": 1, "phone": 3}
    assert left(story, f"{LINE}.journey") == 0
    assert story.books_balance()
    assert found(written(story, tmp_path)) == []


def test_two_accounts_that_are_merged_after_the_draw_keep_what_each_has_won() -> None:
    story = told(members=4)
    story.passes("2027-02-20")
    _, wins = files(story)
    first, second = (win.member for win in wins[:2])
    names = {member.number: subject for subject, member in story.replay.world.members.items()}
    one_of(story, names[second], names[first], "2027-02-20 13:00")
    assert story.items(names[second]) == {"journey": 1, "phone": 1}
    assert story.shows(names[second], "journey", "2027-02-20")["place"] == 1
    assert story.books_balance()


def test_who_was_erased_by_the_draw_wins_nothing_and_the_next_ticket_wins(tmp_path: Path) -> None:
    story = told(members=6)
    story.passes("2027-02-18 21:00")
    numbers = {who: story.replay.world.members[who].number for who in ("m1", "m3", "m4")}
    one_of(story, "m3", "m4", "2027-02-19 10:00")
    for who in ("m1", "m3"):
        story.happens("member.erased", who, "2027-02-19 11:00", requested_by="dpo", reason="asked for it")
    story.passes("2027-02-20")
    head, wins = files(story)
    assert head.erased == tuple(sorted(numbers.values()))
    assert head.merged == ()
    assert len(wins) == 3
    assert not {win.member for win in wins} & set(numbers.values())
    assert [story.items(who).total() for who in ("m0", "m2", "m5")] == [1, 1, 1]
    assert left(story, f"{LINE}.journey") == 0
    assert story.books_balance()
    assert found(written(story, tmp_path)) == []


def test_where_nobody_was_merged_the_record_says_nothing_of_it() -> None:
    story = told(members=5)
    story.passes("2027-02-20")
    record = story.replay.world.file(f"{DRAW}/winners") or ""
    assert "merged" not in record
    assert "erased" not in record


@pytest.fixture
def published(tmp_path: Path) -> tuple[Path, Path]:
    """The record and the tickets, as they are published."""
    story = told()
    story.passes("2027-02-20")
    return written(story, tmp_path)


def written(story: Story, folder: Path) -> tuple[Path, Path]:
    paths = folder / "winners.ndjson", folder / "tickets.csv"
    for path, name in zip(paths, ("winners", "tickets"), strict=True):
        path.write_text(story.replay.world.file(f"{DRAW}/{name}") or "")
    return paths


def found(published: tuple[Path, Path], **other: Any) -> list[tuple[int, str]]:
    given = {"seed_hex": SEED.hex(), "public": PUBLIC, "commitment": commit(SEED), **other}
    return [(finding.line, finding.code) for finding in verify_grand(*published, **given).findings]


def test_an_honest_grand_draw_holds(published: tuple[Path, Path]) -> None:
    assert found(published) == []


def test_another_winner_is_found(published: tuple[Path, Path]) -> None:
    lines = published[0].read_text().splitlines(keepends=True)
    lines[3], lines[6] = lines[6], lines[3]
    published[0].write_text("".join(lines))
    assert found(published) == [(4, "fairness.other_winner"), (7, "fairness.other_winner")]


def test_a_winner_who_was_left_out_is_found(published: tuple[Path, Path]) -> None:
    published[0].write_text("".join(published[0].read_text().splitlines(keepends=True)[:-1]))
    assert found(published) == [(0, "fairness.winners_missing")]


def test_another_list_of_tickets_is_found(published: tuple[Path, Path]) -> None:
    text = published[1].read_text()
    published[1].write_text(text.replace(",2\n", ",3\n", 1))
    assert found(published) == [(0, "fairness.other_list")]


def test_another_count_of_tickets_is_found(published: tuple[Path, Path]) -> None:
    head, *wins = published[0].read_text().splitlines(keepends=True)
    said = msgspec.json.decode(head)
    said["tickets"] += 1
    published[0].write_text(msgspec.json.encode(said).decode() + "\n" + "".join(wins))
    assert found(published) == [(1, "fairness.other_count")]


def test_another_public_value_and_another_seed_are_found(published: tuple[Path, Path]) -> None:
    assert (2, "fairness.other_winner") in found(published, public="3,251.77")
    assert found(published, seed_hex=SEED[::-1].hex()) == [(0, "fairness.not_committed")]


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_no_record_and_no_list_is_found(published: tuple[Path, Path], which: int) -> None:
    published[which].write_text("x\n")
    assert found(published)[0][1] in ("fairness.unreadable", "fairness.other_list")


LINE = "new-year-2027/budget/prizes"
SPENDER = "  viewers: {kind: gift, on: page.viewed, give: [{coupon: fifty-off}]}\n  daily:"


def left(story: Story, line: str = LINE) -> int:
    return story.replay.world.shared.balance(f"{line}|CNY")


def test_the_prizes_are_there_whatever_others_have_spent_until_the_draw() -> None:
    text = PLAN.replace("prizes: 100000", "prizes: 36120").replace("  daily:", SPENDER)
    story = told(text=text)
    assert (left(story), left(story, f"{LINE}.journey")) == (120_00, 36_000_00)
    bought = [story.happens("page.viewed", f"v{n}", "2027-02-12", page="x")["viewers"] for n in range(5)]
    assert [code(made) for made in bought] == ["", "", "budget.short", "budget.short", "budget.short"]
    story.passes("2027-02-20")
    _, wins = files(story)
    assert len(wins) == 24
    assert [made.refused for made in story.timers if made.mechanic == DRAW] == [None] * 24
    assert (left(story), left(story, f"{LINE}.journey")) == (20_00, 0)
    story.set_aside()
    assert story.books_balance()


def test_what_was_set_aside_for_prizes_that_nobody_won_goes_back_to_its_line() -> None:
    story = told(members=5)
    assert left(story) == 64_000_00
    story.passes("2027-02-20")
    assert left(story) == (100_000 - 20_000 - 3 * 5_000 - 50) * 100
    assert left(story, f"{LINE}.journey") == 0
    assert story.books_balance()


BANNED = "segments: {banned: {title: Banned}}\nrisk: {block: {segments: [banned]}}\nmechanics:\n"


def test_the_price_of_a_prize_that_its_winner_is_refused_goes_back_to_its_line() -> None:
    story = told(members=5, text=PLAN.replace("mechanics:\n", BANNED))
    story.happens("segment.entered", "m2", "2027-02-19 12:00", segment="banned")
    story.passes("2027-02-20")
    number = story.replay.world.members["m2"].number
    (lost,) = (win.prize for win in files(story)[1] if win.member == number)
    (refused,) = (made for made in story.timers if made.mechanic == DRAW and made.refused)
    price = {"journey": 20_000, "phone": 5_000, "coupon": 50}[lost]
    assert code(refused) == "risk.blocked"
    assert left(story) == (100_000 - 20_000 - 3 * 5_000 - 50 + price) * 100
    assert left(story, f"{LINE}.journey") == 0
    assert story.books_balance()


def test_a_prize_that_is_one_of_several_by_condition_is_set_aside_at_its_dearest() -> None:
    give = "give: {first: [{when: 'member.level == \"gold\"', give: {gift: journey}}], else: {coupon: fifty-off}}"
    story = told(text=PLAN.replace("give: {gift: journey}", give).replace("count: 1,", "count: 2,"))
    assert left(story, f"{LINE}.journey") == (2 * 20_000 + 3 * 5_000 + 20 * 50) * 100
    story.passes("2027-02-20")
    assert left(story, f"{LINE}.journey") == 2 * (20_000 - 50) * 100
    assert story.books_balance()


@pytest.mark.parametrize(
    ("old", "new", "code_", "path"),
    [
        ("prizes: 100000", "prizes: 35999.99", "plan.prizes_over_line", "prizes[2].give"),
        ("prizes: 100000", "prizes: 19999", "plan.prizes_over_line", "prizes[0].give"),
        (
            "coupons:",
            "assets: {points: {cost: 0.01, line: prizes}}\ncoupons:",
            "plan.prize_multiplied",
            "prizes[2].give",
        ),
    ],
)
def test_prizes_that_cannot_be_set_aside_are_said_at_their_place(
    old: str, new: str, code_: str, path: str
) -> None:
    text = PLAN.replace(old, new)
    if "points" in new:
        text = text.replace("give: {coupon: fifty-off}", "give: {points: 100}")
        text = text.replace("  daily:", "  twice: {kind: multiplier, factor: 2}\n  daily:")
    found = [(problem.code, problem.path) for problem in check_plan(text).errors]
    assert (code_, f"mechanics.journey.{path}") in found
