"""People, keys and the trail, as people see them."""

import pytest

from tests.browser.looking import LOOKS, PHONE, Looking, looks_right, overflowing, picture
from tests.console.visitors import Visitors

PAGES = ("", "invite/", "people/administrator/", "keys/", "keys/new/", "trail/")


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_the_pages_of_access_look_right(
    open_page: Looking, visitors: Visitors, width: int, language: str
) -> None:
    visitors["administrator"].submit("/console/access/invite/", roles=["judge", "support"])
    page = open_page("administrator", "/console/access/", width, language)
    for path in PAGES:
        page.goto(f"/console/access/{path}")
        if language == "en":
            looks_right(page)
        assert overflowing(page) == []
        picture(page, f"access-{path.strip('/').replace('/', '-')}-{width}-{language}")


def test_a_dialog_asks_before_somebody_is_put_out(open_page: Looking, visitors: Visitors) -> None:
    visitors.person("pat", "judge")
    page = open_page("administrator", "/console/access/people/pat/", PHONE)
    page.get_by_role("button", name="Deactivate").click()
    looks_right(page)
    picture(page, "access-dialog")
    page.locator("dialog[open] button[type=submit]").click()
    page.get_by_text("deactivated").wait_for()
