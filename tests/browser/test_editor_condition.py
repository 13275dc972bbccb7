"""A condition in the plan editor: built from parts, written as text, and one is always the other."""

from playwright.sync_api import Route, expect

from tests.browser.editing import saved, section, start, text
from tests.browser.looking import PHONE, Looking, glimpse


def test_a_condition_is_built_from_groups_and_what_is_typed_is_built_from(open_page: Looking) -> None:
    page = open_page("planner")
    start(page)
    section(page, "mechanics.spend")
    condition = page.locator('[data-builds="mechanics.spend.when"]')
    said = condition.locator("textarea")
    condition.get_by_role("button", name="Build it from parts").click()
    outer = condition.locator(".builder > .builder-group")
    outer.locator("> .row-tools button").first.click()
    outer.get_by_label("Value").fill("5000")
    outer.get_by_label("Value").press("Tab")
    expect(said).to_have_value("event.amount == 5000")
    outer.get_by_label("Operator").select_option(">=")
    expect(said).to_have_value("event.amount >= 5000")
    outer.locator("> .row-tools button").nth(1).click()
    inner = outer.locator(".builder-group")
    inner.get_by_label("Field").select_option('member.segment("returning")')
    expect(said).to_have_value('event.amount >= 5000 and member.segment("returning")')
    inner.locator(".row-tools button").first.click()
    inner.get_by_label("Field").nth(1).select_option("member.level")
    inner.get_by_label("Operator").nth(1).select_option("in")
    inner.get_by_label("Values").fill("gold, platinum")
    inner.get_by_label("Values").press("Tab")
    both = 'event.amount >= 5000 and (member.segment("returning") or member.level in ("gold", "platinum"))'
    expect(said).to_have_value(both)
    saved(page)
    assert f"when: {both}\n" in text(page)
    glimpse(page, "editor-condition-1280-en")

    said.fill("not (event.amount < 100 or event.order == 'x')")
    said.press("Tab")
    saved(page)
    expect(outer.get_by_label("It takes")).to_have_value("none")
    expect(outer.get_by_label("Value")).to_have_count(2)
    expect(outer.get_by_label("Value").first).to_have_value("100")
    expect(outer.get_by_label("Value").last).to_have_value("x")
    page.set_viewport_size({"width": PHONE, "height": 844})
    expect(outer).to_be_visible()
    ends = "each => each.map((one) => one.getBoundingClientRect().right)"
    assert max(condition.locator("select, input, button").evaluate_all(ends)) < PHONE


def test_an_answer_that_comes_late_does_not_undo_what_was_built_after_it(open_page: Looking) -> None:
    page = open_page("planner")
    start(page)
    section(page, "mechanics.spend")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "group" in (route.request.post_data_json or {}):
            held.append(route)
        else:
            route.continue_()

    page.route("**/condition/", hold)
    condition = page.locator('[data-builds="mechanics.spend.when"]')
    condition.get_by_role("button", name="Build it from parts").click()
    condition.locator(".builder-group > .row-tools button").first.click()
    for amount in ("100", "200"):
        condition.get_by_label("Value").fill(amount)
        condition.get_by_label("Value").press("Tab")
    page.wait_for_timeout(300)
    for route in reversed(held):
        route.continue_()
        page.wait_for_timeout(200)
    saved(page)
    assert "when: event.amount == 200\n" in text(page)
