"""The ways into the console, as people see them."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from festoon.access.invitations import invite
from festoon.access.roles import FIRST_ROLES
from festoon.store.pool import connect
from tests.browser.looking import DESK, LOOKS, PHONE, Looking, looks_right, picture
from tests.console.visitors import PASSWORD
from tests.serving import Running, waited


def welcome(running: Running, *roles: str) -> str:
    async def go() -> str:
        connection = await connect(running.dsn)
        try:
            return await invite(connection, roles, datetime.now(UTC), "tests")
        finally:
            await connection.close()

    return f"/console/welcome/{waited(go())}/"


def join(page: Page, username: str) -> None:
    """Make an account where a link leads to."""
    for field, said in (
        ("username", username),
        ("name", "王芳"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ):
        page.fill(f"#id_{field}", said)
    page.click("button.button-primary")


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_the_doors_look_right(open_page: Looking, running: Running, width: int, language: str) -> None:
    page = open_page("", "/console/sign-in/", width, language)
    looks_right(page)
    picture(page, f"sign-in-{width}-{language}")
    page.goto(welcome(running, *FIRST_ROLES))
    looks_right(page)
    picture(page, f"welcome-{width}-{language}")


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_the_second_factor_looks_right(open_page: Looking, width: int, language: str) -> None:
    page = open_page("planner", "/console/sign-in/second/", width, language)
    looks_right(page)
    picture(page, f"second-{width}-{language}")
    page.goto("/console/sign-in/password/")
    looks_right(page)
    picture(page, f"password-{width}-{language}")


def test_a_new_administrator_sets_up_a_second_factor_at_once(open_page: Looking, running: Running) -> None:
    page = open_page("", welcome(running, *FIRST_ROLES), PHONE, "zh-hans")
    join(page, "wang")
    expect(page.locator("img.qr")).to_be_visible()
    looks_right(page)
    picture(page, "totp-phone")


@pytest.mark.parametrize(
    ("username", "wanted", "there"),
    [("zhou", "/console/figures/", "/console/figures/"), ("wu", "https://example.org/", "/console/home/")],
)
def test_a_link_may_lead_on_to_a_page_of_the_console_and_to_none_elsewhere(
    open_page: Looking, running: Running, username: str, wanted: str, there: str
) -> None:
    page = open_page("", f"{welcome(running, 'analyst')}?next={wanted}")
    join(page, username)
    page.wait_for_url(f"**{there}")


def test_the_drawer_opens_and_closes_on_a_phone(open_page: Looking) -> None:
    page = open_page("planner", "/console/sign-in/second/", PHONE)
    button = page.locator('[data-drawer="navigation"]')
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#navigation")).to_be_visible()
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-expanded", "false")


def test_the_language_changes_where_one_stands(open_page: Looking) -> None:
    page = open_page("planner", "/console/sign-in/second/", DESK, "en")
    page.select_option("#language", "zh-hant")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    assert page.url.endswith("/console/sign-in/second/")
