"""Who follows a friend's link in a browser, and signs in later: the invitation is kept, handed on, accepted once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from festoon.site.side import Site
from festoon.store.embedded import EmbeddedServer
from tests.browser.looking import looks_right, picture
from tests.browser.test_proofs import visit
from tests.browser.test_site import PLAN, Visit
from tests.serving import Running, serving_anew

__all__ = ["visit"]
HOME = "https://shop.example/in?back={page}&invite={code}"


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN, sides=(Site(HOME),)) as running:
        yield running


@pytest.fixture(scope="module")
def friend(running: Running) -> str:
    """The code of somebody who invites others."""
    running.client.post("/v1/members", json={"id": "friend", "event_id": "friend"})
    code: str = running.client.get("/v1/members/friend/invite").json()["code"]
    return code


def followed(visit: Visit, code: str) -> Page:
    visit.page.goto(f"/m/spring?by={code}&lang=en")
    return visit.page


def test_an_invitation_is_kept_until_its_guest_has_signed_in(visit: Visit, friend: str) -> None:
    page = followed(visit, friend)
    expect(page.get_by_role("heading", name="A friend invited you")).to_be_visible()
    assert f"invite={friend}" in page.get_by_role("link", name="Sign in").first.get_attribute("href")  # type: ignore[operator]
    looks_right(page)
    picture(page, "invited")
    page = visit.open("/my/prizes")
    expect(page.get_by_text("The invitation is accepted.")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('festoon/invited-by')") is None
    (row,) = visit.running.fetch(
        "SELECT count(*) AS n FROM event e JOIN member m ON m.id = e.member_id "
        "WHERE m.subject = $1 AND e.type = 'invite.accepted'",
        visit.name,
    )
    assert row["n"] == 1
    assert visit.complaints == []


def test_ones_own_link_is_refused_with_the_plans_words(visit: Visit) -> None:
    visit.open("")
    own = visit.running.client.get(f"/v1/members/{visit.name}/invite").json()["code"]
    page = followed(visit, own)
    expect(page.get_by_text("nobody can invite himself")).to_be_visible()


def test_on_a_bad_network_it_is_not_said_to_be_accepted_and_asked_again(visit: Visit, friend: str) -> None:
    visit.open("")
    visit.page.route("**/invitation", lambda route: route.abort())
    page = followed(visit, friend)
    expect(page.get_by_text("It is not known yet")).to_be_visible(timeout=20_000)
    page.unroute("**/invitation")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The invitation is accepted.")).to_be_visible()


def test_who_does_not_want_it_forgets_it(visit: Visit, friend: str) -> None:
    page = followed(visit, friend)
    page.get_by_role("button", name="Do not keep it").click()
    expect(page.get_by_role("heading", name="A friend invited you")).to_be_hidden()
    page.goto("/m/spring?lang=en")
    expect(page.locator("[aria-busy]")).to_have_count(0)
    expect(page.get_by_role("heading", name="A friend invited you")).to_be_hidden()


def test_the_platforms_own_sign_up_is_handed_the_code(visit: Visit, friend: str) -> None:
    def with_a_form(route: Route) -> None:
        answer = route.fetch()
        form = (
            '<a id="join" data-festoon-invite="ref" href="https://shop.example/join?x=1">Join</a>'
            '<form><input id="code" type="hidden" data-festoon-invite></form></main>'
        )
        route.fulfill(response=answer, body=answer.text().replace("</main>", form))

    visit.page.route("**/m/spring?*", with_a_form)
    page = followed(visit, friend)
    expect(page.locator("#join")).to_have_attribute("href", f"https://shop.example/join?x=1&ref={friend}")
    assert page.locator("#code").input_value() == friend
