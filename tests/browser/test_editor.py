"""The plan editor as people use it: a form, a text, and one is always the other."""

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from festoon.mechanics.registry import kinds
from festoon.plan.dump import written
from festoon.plan.form.changes import fresh_mechanic
from festoon.plan.form.words import kind_label
from tests.browser.editing import opened, pane, saved, section, start, text, write
from tests.browser.looking import LOOKS, PHONE, Looking, looks_right, picture
from tests.console.foreign import weekday_card

__all__ = ["weekday_card"]


def test_a_prize_is_edited_by_form_a_mistake_is_marked_and_mended_and_the_plan_is_submitted(
    open_page: Looking,
) -> None:
    page = open_page("planner")
    start(page)
    section(page, "mechanics.newcomers-draw")
    page.locator('[data-part="mechanics.newcomers-draw.prizes[0]"] > summary').click()
    stock = page.locator('[data-path="mechanics.newcomers-draw.prizes[0].stock"]')
    before = text(page)
    stock.fill("9")
    stock.press("Tab")
    expect(page.locator("#source")).to_have_value(
        before.replace("weight: 1, stock: 10,", "weight: 1, stock: 9,")
    )
    saved(page)

    write(page, "stock: 9,", "stock: 9, pase: even,")
    expect(page.locator("#marks")).to_contain_text("pase")
    expect(page.locator("#outline .badge-bad").first).to_be_visible()
    write(page, "    kind: gift\n", "    kind: [gift\n")
    expect(page.locator("#form")).to_contain_text("cannot be read")
    picture(page, "editor-broken")
    write(page, "    kind: [gift\n", "    kind: gift\n")
    write(page, "stock: 9, pase: even,", "stock: 9,")
    expect(page.locator("#marks")).to_contain_text("No mistakes")
    saved(page)

    page.locator("#finish").click()
    expect(page.locator("h1")).to_contain_text("Submit for review")
    looks_right(page)
    picture(page, "editor-submit")
    page.fill("#note", "two phones more")
    page.locator("form.card button[type=submit]").click()
    expect(page.locator(".flash-success")).to_contain_text("waits for review")


def test_what_is_being_saved_is_waited_for_before_one_goes_on(open_page: Looking) -> None:
    page = open_page("planner")
    start(page)

    def slowly(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    page.route("**/keep/", slowly)
    write(page, "stock: 10,", "stock: 11,")
    expect(page.locator("#state")).to_have_text(re.compile("Saving"))
    page.locator("#finish").click()
    expect(page.locator("h1")).to_contain_text("Submit for review")


def another_window(page: Page) -> Page:
    """The same draft once more, in the same browser."""
    window = page.context.new_page()
    window.goto(page.url)
    expect(window.locator("#editor")).to_be_visible()
    return window


def test_who_goes_on_to_another_section_while_one_is_being_saved_gets_there(open_page: Looking) -> None:
    page = open_page("planner")
    start(page)

    def slowly(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    held: list[Route] = []
    page.route("**/keep/", slowly)
    section(page, "mechanics.newcomers-draw")
    write(page, "stock: 10,", "stock: 8,")
    expect(page.locator("#state")).to_have_text(re.compile("Saving"))
    page.locator('#outline [data-section="budget"]').click()
    held[0].continue_()
    expect(page.locator('#outline [data-section="budget"][aria-current]')).to_be_visible()
    expect(page.locator('#form [data-path^="budget"]').first).to_be_visible()
    saved(page)
    page.wait_for_timeout(700)  # what comes late does not take one back
    expect(page.locator('#form [data-path^="budget"]').first).to_be_visible()
    assert "stock: 8," in text(page)


def test_what_was_typed_and_what_a_form_did_are_taken_back_and_done_again(open_page: Looking) -> None:
    page = open_page("planner")
    start(page)
    before = text(page)
    write(page, "New Year 2027", "New Year of the Goat")
    saved(page)
    section(page, "mechanics.spend")
    page.locator('[data-path="mechanics.spend.per"]').fill("300")
    page.locator('[data-path="mechanics.spend.per"]').press("Tab")
    expect(page.locator("#source")).to_have_value(re.compile("per: 300"))
    both = text(page)
    page.locator("#undo").click()
    expect(page.locator("#source")).to_have_value(before.replace("New Year 2027", "New Year of the Goat", 1))
    page.locator("#source").press("Control+z")
    expect(page.locator("#source")).to_have_value(before)
    page.locator("#source").press("Control+y")
    page.locator("#redo").click()
    expect(page.locator("#source")).to_have_value(both)
    saved(page)
    page.reload()
    expect(page.locator("#source")).to_have_value(both)


def test_what_was_typed_survives_a_lost_session_a_closed_window_and_a_reload(open_page: Looking) -> None:
    page = open_page("planner")
    start(page)
    window = another_window(page)
    page.goto("/console/editor/")
    signed_in = window.context.cookies()
    window.context.clear_cookies(name="festoon_session")
    write(window, "New Year 2027", "Signed out in between")
    expect(window.locator("#state")).to_contain_text("signed out")
    window.close()

    page.context.add_cookies(signed_in)  # type: ignore[arg-type]
    again = page.context.new_page()
    again.goto(window.url)
    assert "Signed out in between" not in text(again)
    expect(again.locator("#offer")).to_be_visible()
    again.locator("#offer-take").click()
    saved(again)
    again.reload()
    assert "Signed out in between" in text(again)
    expect(again.locator("#offer")).to_be_hidden()


def test_of_two_windows_on_a_draft_the_second_is_told_and_both_texts_are_kept(open_page: Looking) -> None:
    page = open_page("planner")
    start(page)
    second = another_window(page)
    write(page, "New Year 2027", "The first window")
    saved(page)
    write(second, "New Year 2027", "The second window")
    expect(second.locator("#moved")).to_be_visible()
    expect(second.locator("#state")).to_contain_text("Not saved")
    picture(second, "editor-two-windows")
    write(second, "The second window", "The second window went on")
    write(page, "The first window", "The first window too")
    expect(page.locator("#source")).to_have_value(re.compile("The first window too"))
    saved(page)
    second.wait_for_function(
        "() => Object.values(localStorage).some((each) => each.includes('window went on'))"
    )
    second.reload()
    assert "The first window too" in text(second)
    expect(second.locator("#offer")).to_be_visible()
    second.locator("#offer-take").click()
    expect(second.locator("#source")).to_have_value(re.compile("The second window went on"))
    saved(second)
    expect(second.locator("#offer")).to_be_hidden()
    second.goto(f"{page.url.partition('?')[0]}beside/")
    expect(second.locator("main")).to_contain_text("The second window")


def test_a_mistake_is_marked_at_its_characters_and_its_line(open_page: Looking) -> None:
    page = open_page("planner")
    start(page)
    at = text(page)[: text(page).index("kind: draw")].count("\n") + 1
    write(page, "kind: draw", "kind: drew")
    page.locator("#marks .mark-go").first.click()
    expect(page.locator("#back .mark-error")).to_have_text("drew")
    expect(page.locator("#gutter .gutter-error")).to_have_text(str(at))
    expect(page.locator("#marks")).to_contain_text("draw")
    write(page, "kind: drew", "kind: draw")
    expect(page.locator("#back .mark-error")).to_have_count(0)


def test_what_is_typed_before_the_script_has_come_counts_too(open_page: Looking) -> None:
    page = open_page("planner")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/editor\.(\w+\.)?js"), hold)
    opened(page)
    write(page, "kind: draw", "kind: drew")
    assert held
    held[0].continue_()
    page.unroute_all()
    expect(page.locator("#marks")).to_contain_text("drew")
    saved(page)
    page.reload()
    assert "kind: drew" in text(page)


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_how_long_a_membership_runs_is_said_in_days_or_in_months(
    open_page: Looking, width: int, language: str
) -> None:
    page = open_page("planner", "/console/editor/", width, language)
    start(page, "community-benefits")
    pane(page, "outline")
    section_on(page, "mechanics.first-order")
    line = page.locator('[data-reward="mechanics.first-order.give"] .reward-line')
    expect(line.locator("select").last).to_have_value("months")
    line.locator("input").fill("2")
    line.locator("input").press("Tab")
    expect(page.locator("#source")).to_have_value(re.compile(r"give: \{membership: plus, months: 2\}"))
    line.locator("select").last.select_option("days")
    expect(page.locator("#source")).to_have_value(re.compile(r"give: \{membership: plus, days: 2\}"))
    looks_right(page)
    picture(page, f"editor-membership-{width}-{language}")

    pane(page, "text")
    write(page, "{membership: plus, days: 2}", "{membership: plus, months: 1, days: 7}")
    pane(page, "form")
    expect(line.locator("input")).to_have_count(2)
    line.locator("input").first.fill("3")
    line.locator("input").first.press("Tab")
    expect(page.locator("#source")).to_have_value(re.compile(r"\{membership: plus, months: 3, days: 7\}"))
    saved(page)
    looks_right(page)
    picture(page, f"editor-membership-both-{width}-{language}")


@pytest.mark.usefixtures("weekday_card")
def test_every_kind_of_mechanic_has_a_form_also_one_of_another_package(open_page: Looking) -> None:
    page = open_page("planner")
    start(page)
    new = {kind.replace("_", "-"): fresh_mechanic(kind) for kind in kinds()}
    page.locator("#source").fill(f"{text(page).partition('mechanics:')[0]}{written({'mechanics': new})}")
    saved(page)
    for kind in kinds():
        section(page, f"mechanics.{kind.replace('_', '-')}")
        expect(page.locator("#form .form-head .badge")).to_have_text(kind_label(kind))
        expect(page.locator(f'[id^="f-mechanics.{kind.replace("_", "-")}."]').first).to_be_attached()
    expect(page.locator("#outline")).to_contain_text("weekday-card")


def test_a_new_name_is_followed_by_who_names_the_thing_once_one_has_seen_where(open_page: Looking) -> None:
    page = open_page("planner")
    start(page)
    section(page, "mechanics.newcomers-draw")
    before, name = text(page), page.locator("#rename-mechanic")
    name.fill("first-draw")
    name.press("Tab")
    asks = page.locator("#asks")
    expect(asks).to_contain_text("Rename newcomers-draw to first-draw?")
    expect(asks.locator("li")).to_have_count(1)
    looks_right(page)
    picture(page, "editor-rename")
    asks.get_by_role("button", name="Leave it").click()
    expect(name).to_have_value("newcomers-draw")
    assert text(page) == before
    name.fill("first-draw")
    name.press("Tab")
    asks.get_by_role("button", name="Rename everywhere").click()
    expect(page.locator("#source")).to_have_value(before.replace("newcomers-draw", "first-draw"))
    expect(page.locator('#outline [data-section="mechanics.first-draw"][aria-current]')).to_be_visible()

    page.get_by_role("button", name="Remove", exact=True).first.click()
    expect(asks).to_contain_text("would be mistakes without it")
    asks.locator(".mark-go").first.click()
    expect(asks).to_be_hidden()
    expect(page.locator("#source")).to_be_focused()


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_the_editor_looks_right(open_page: Looking, width: int, language: str) -> None:
    page = open_page("planner", "/console/editor/", width, language)
    looks_right(page)
    picture(page, f"editor-start-{width}-{language}")
    start(page)
    looks_right(page)
    picture(page, f"editor-basics-{width}-{language}")
    for name in ("mechanics", "mechanics.newcomers-draw", "rewards", "audience"):
        if width == PHONE:
            page.locator('[data-pane="outline"]').click()
        section_on(page, name)
        if name == "audience":
            page.locator("[data-builds] > button").first.click()
            expect(page.locator(".builder-group").first).to_be_visible()
        looks_right(page)
        picture(page, f"editor-{name}-{width}-{language}")
    if width == PHONE:
        page.locator('[data-pane="text"]').click()
        looks_right(page)
        picture(page, f"editor-text-{width}-{language}")


def section_on(page: Page, name: str) -> None:
    page.locator(f'#outline [data-section="{name}"]').click()
    expect(page.locator(f'#outline [data-section="{name}"]')).to_have_attribute("aria-current", "true")
