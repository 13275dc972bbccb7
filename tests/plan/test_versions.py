"""What a new version says of itself, and what it moves."""

from festoon.ledger.accounts import SharedAccount
from festoon.plan.compile import compile_plan
from festoon.plan.edit import edit, remove
from festoon.plan.parse import read_plan
from festoon.plan.version_texts import TEXTS
from festoon.plan.versions import Change, compare, shared_deltas
from tests.plan.plans import EXAMPLE, plan


def changes(new: str, old: str = EXAMPLE) -> list[Change]:
    return compare(read_plan(old), read_plan(new))


def told(found: list[Change]) -> list[tuple[str, str, str]]:
    return [(change.what, change.path, change.effect) for change in found]


def deltas(new: str, old: str = EXAMPLE) -> dict[str, int]:
    made = shared_deltas(compile_plan(read_plan(old)), compile_plan(read_plan(new)))
    return {account.key: delta for account, delta in made}


def exchanged(*pairs: tuple[str, str]) -> str:
    """The example with some words exchanged."""
    text = EXAMPLE
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_the_same_plan_written_otherwise_changes_nothing() -> None:
    text = "# another comment\n" + EXAMPLE.replace("timezone: Asia/Shanghai", "timezone: 'Asia/Shanghai'")
    assert changes(text) == []
    assert deltas(text) == {}


def test_a_mechanic_that_keeps_its_name_carries_progress_on() -> None:
    found = changes(edit(EXAMPLE, "mechanics.first-post.count", 3))
    assert told(found) == [
        ("mechanic", "mechanics.first-post", "carried_on"),
        ("goal", "mechanics.first-post.count", ""),
    ]
    assert "half-done tasks go on" in found[0].text()
    assert "未完成的任务继续进行" in found[0].text("zh-Hans")


def test_a_mechanic_that_is_gone_keeps_its_progress_without_use_and_its_stock_stays() -> None:
    text = exchanged((", {chances: lucky-draw}", ""), ("pause: [lucky-draw]", "pause: []"))
    text = remove(remove(text, "mechanics.lucky-draw"), "coupons.fifty-off")
    found = told(changes(text))
    assert ("mechanic_gone", "mechanics.lucky-draw", "kept_unused") in found
    assert ("removed", "coupons.fifty-off", "kept_unused") in found
    assert deltas(text) == {}


def test_a_new_mechanic_starts_fresh() -> None:
    text = edit(EXAMPLE, "mechanics.sign", {"kind": "check_in", "daily": {"points": 5}})
    (change,) = changes(text)
    assert (change.what, change.effect) == ("mechanic_new", "fresh")


def test_a_ladder_s_attribute_stays() -> None:
    ladder = "{ladder: {kind: level, on: order.paid, attribute: rank, levels: [{id: one, growth: 1}]}}"
    old = plan(attributes="{rank: text, other: text}", mechanics=ladder)
    found = changes(old.replace("attribute: rank", "attribute: other"), old)
    assert [(change.what, change.path) for change in found if change.effect == "refused"] == [
        ("for_good", "mechanics.ladder.attribute")
    ]


def test_a_name_cannot_turn_into_another_kind_nor_the_currency_change() -> None:
    small = plan()
    other = plan(
        mechanics="{signup: {kind: task, on: member.registered, give: welcome, limits: {per_member: 1}}}",
        budget="{currency: USD, lines: {prizes: 1000}}",
        campaign="summer",
    )
    assert [change.path for change in changes(other, small) if change.effect == "refused"] == [
        "campaign",
        "budget.currency",
        "mechanics.signup",
    ]


def test_budget_and_stock_move_by_the_difference() -> None:
    text = exchanged(
        ("promotion: 80000", "promotion: 79000"),
        ("amount: 800000", "amount: 800001"),
        ("    stock: 20000", "    stock: 20050"),
        ("stock: 10,", "stock: 8,"),
        ("total: 10000", "total: 12000"),
    )
    assert deltas(text) == {
        "new-year-2027/budget/promotion|CNY": -100_000,
        "new-year-2027/budget/prizes|CNY": 100,
        "shelf|new-year-2027/stock/coupon:ten-off": 50,
        "shelf|new-year-2027/stock/lucky-draw/phone": -2,
        "shelf|new-year-2027/quota/studious": 2000,
    }
    found = told(changes(text))
    assert [what for what, _, _ in found if what.startswith(("line", "stock"))] == [
        "line_up",
        "line_down",
        "stock_up",
        "stock_up",
        "stock_down",
    ]


def test_a_first_version_opens_everything() -> None:
    new = compile_plan(read_plan(plan()))
    assert shared_deltas(None, new) == [
        (SharedAccount("spring/budget/prizes", "CNY", 0, 100_000, "funding:own"), 100_000),
        (SharedAccount("shelf", "spring/stock/coupon:ten-off", 0, 50, "maker"), 50),
    ]


def test_who_may_take_part_and_when_is_said() -> None:
    text = exchanged(
        ("holdout: 5%", "holdout: 10%"),
        ('"not member.is_staff"', "member.level == 'gold'"),
        ("end: 2027-02-20", "end: 2027-02-25"),
        ("timezone: Asia/Shanghai", "timezone: Asia/Urumqi"),
        ("off: [2027-02-05,", "off: [2027-02-12, 2027-02-05,"),
    )
    found = changes(text)
    assert [change.what for change in found] == ["timezone", "schedule", "calendar", "audience", "holdout_up"]
    assert "from 5.00% to 10.00%" in found[-1].text()


def test_the_order_of_mechanics_counts() -> None:
    both = "{a: {kind: gift, on: order.paid, give: welcome}, b: {kind: gift, on: order.paid, give: welcome}}"
    turned = (
        "{b: {kind: gift, on: order.paid, give: welcome}, a: {kind: gift, on: order.paid, give: welcome}}"
    )
    (change,) = changes(plan(mechanics=turned), plan(mechanics=both))
    assert (change.what, change.data["order"]) == ("mechanics_order", "b, a")


def test_sections_that_are_only_read_are_named() -> None:
    text = exchanged(
        ("target: 50000", "target: 60000"), ("impact: 5", "impact: 4"), ("source: bright-phones, ", "")
    )
    assert told(changes(text)) == [
        ("line_source", "budget.lines.phones", ""),
        ("changed", "risks.odds-wrong", ""),
        ("section", "goals", ""),
    ]


def test_every_change_has_its_words_in_both_languages() -> None:
    assert all(set(texts) == {"en", "zh-Hans"} for texts in TEXTS.values())
    text = edit(EXAMPLE, "background", "Because.")
    for change in changes(text):
        assert change.text() != change.text("zh-Hant")
