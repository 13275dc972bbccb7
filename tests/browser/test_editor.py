"""The plan editor as people use it: a form, a text, and one is always the other."""

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.looking import LOOKS, PHONE, Looking, looks_right, picture


def start(page: Page, name: str = "new-year") -> None:
    """A new campaign from an example."""
    page.goto("/console/editor/")
    page.locator(f'form.start:has(input[value="{name}"]) button').click()
    expect(page.locator("#editor")).to_be_visible()


def text(page: Page) -> str:
    return page.locator("#source").input_value()


def section(page: Page, name: str) -> None:
    page.locator(f'#outline [data-section="{name}"]').click()
    expect(page.locator(f'#outline [data-section="{name}"][aria-current]')).to_be_visible()


def saved(page: Page) -> None:
    expect(page.locator("#state")).to_have_text(re.compile(r"Saved|已保存|已儲存"))


def write(page: Page, old: str, new: str) -> None:
    """Change the text as if somebody typed it."""
    field = page.locator("#source")
    field.fill(text(page).replace(old, new, 1))


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
        looks_right(page)
        picture(page, f"editor-{name}-{width}-{language}")
    if width == PHONE:
        page.locator('[data-pane="text"]').click()
        looks_right(page)
        picture(page, f"editor-text-{width}-{language}")


def section_on(page: Page, name: str) -> None:
    page.locator(f'#outline [data-section="{name}"]').click()
    expect(page.locator(f'#outline [data-section="{name}"]')).to_have_attribute("aria-current", "true")
