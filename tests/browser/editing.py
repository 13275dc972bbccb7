"""A draft in the plan editor, as one opens, types in and saves it."""

import re

from playwright.sync_api import Page, expect


def opened(page: Page, name: str = "new-year") -> None:
    """A new campaign from an example."""
    page.goto("/console/editor/")
    page.locator(f'form.start:has(input[value="{name}"]) button').click()
    expect(page.locator("#editor")).to_be_visible()


def start(page: Page, name: str = "new-year") -> None:
    """The same, once the page's script is there, which says what it thinks of the text."""
    opened(page, name)
    expect(page.locator("#marks")).not_to_be_empty()


def text(page: Page) -> str:
    return page.locator("#source").input_value()


def section(page: Page, name: str) -> None:
    page.locator(f'#outline [data-section="{name}"]').click()
    expect(page.locator(f'#outline [data-section="{name}"][aria-current]')).to_be_visible()


def pane(page: Page, name: str) -> None:
    """On a phone one of them is seen at a time."""
    if (tab := page.locator(f'[data-pane="{name}"]')).is_visible():
        tab.click()


def saved(page: Page) -> None:
    expect(page.locator("#state")).to_have_text(re.compile(r"Saved|已保存|已儲存"))


def write(page: Page, old: str, new: str) -> None:
    """Change the text as if somebody typed it."""
    field = page.locator("#source")
    field.fill(text(page).replace(old, new, 1))
