"""Photos and words are handed in in a browser, on a bad network too, and a member sees what came of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from festoon.site.side import Site
from festoon.store.embedded import EmbeddedServer
from tests.browser.looking import PHONE, looks_right, picture
from tests.browser.test_site import PLAN, Visit
from tests.members.test_picture import jpeg
from tests.serving import Running, cloud_event, serving_anew

WORDS = (
    PLAN
    + """\
  diary: {kind: check_in, title: {en: Tea diary, zh-Hans: 茶日记}, daily: {points: 2}, review: {wants: words}}
"""
)
PHOTO = {"name": "walk.jpg", "mimeType": "image/jpeg", "buffer": jpeg(900, 600, 6)}


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), WORDS, sides=(Site(),)) as running:
        yield running


@pytest.fixture
def visit(browser: Browser, running: Running, request: pytest.FixtureRequest) -> Iterator[Visit]:
    made = Visit(browser, running, request.node.name[:60], PHONE, "reduce")
    yield made
    made.context.close()


def judged(visit: Visit, mechanic: str, reason: str = "") -> None:
    """Somebody looks at what waits of the visitor's, and approves it, or rejects it with a reason."""
    known = visit.running.client.get("/v1/proofs").json()["proofs"]
    for each in known:
        if (each["member"], each["mechanic"]) == (visit.name, mechanic):
            data = {"proof": each["proof"], "campaign": "spring", "mechanic": mechanic}
            type_ = "proof.rejected" if reason else "proof.approved"
            said = data | ({"reason": reason} if reason else {})
            assert visit.running.client.one(cloud_event(type_, visit.name, data=said)).status_code == 200


def chosen(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(PHOTO)  # type: ignore[arg-type]
    expect(page.get_by_alt_text("The photo you chose")).to_be_visible()


def test_a_photo_is_rejected_with_a_reason_sent_again_and_approved(visit: Visit) -> None:
    page = visit.open("/walk")
    page.get_by_role("button", name="Check in with this photo").click()
    expect(page.get_by_role("alert")).to_have_text("Choose a photo first.")
    chosen(page)
    looks_right(page)
    picture(page, "proof-chosen")
    page.get_by_role("button", name="Check in with this photo").click()
    expect(page.get_by_role("status").filter(has_text="under review")).to_be_visible()
    expect(page.get_by_alt_text("Your photo")).to_be_visible()
    looks_right(page)
    picture(page, "proof-waits")
    tile = visit.open("").locator("festoon-tile[mechanic=walk]")
    expect(tile.get_by_text("Under review")).to_be_visible()
    picture(page, "proof-waits-on-its-tile")
    judged(visit, "walk", "the path is not to be seen")
    page = visit.open("/walk")
    expect(page.get_by_text("the path is not to be seen")).to_be_visible()
    looks_right(page)
    picture(page, "proof-rejected")
    page.get_by_role("button", name="Send another photo").click()
    chosen(page)
    page.get_by_role("button", name="Check in with this photo").click()
    expect(page.get_by_role("status").filter(has_text="under review")).to_be_visible()
    judged(visit, "walk")
    page.reload()
    expect(page.get_by_role("button", name="Checked in today")).to_be_visible()
    assert visit.complaints == []
    assert visit.running.books_balance()


def test_a_task_takes_a_photo_words_or_both(visit: Visit) -> None:
    page = visit.open("/my/tasks")
    page.get_by_role("button", name="Hand in a proof").click()
    page.get_by_role("button", name="Hand in a proof").click()
    expect(page.get_by_role("alert")).to_have_text("Choose a photo, or write a few words, first.")
    page.get_by_label("In your own words").fill("We drank it with my grandmother.")
    chosen(page)
    page.get_by_role("button", name="Hand in a proof").click()
    expect(page.get_by_role("status").filter(has_text="Handed in")).to_be_visible()
    expect(page.get_by_text("Under review")).to_be_visible()
    rows = visit.running.client.get("/v1/proofs").json()["proofs"]
    (waiting,) = [each for each in rows if each["member"] == visit.name]
    assert waiting["words"] == "We drank it with my grandmother."
    assert waiting["photo"].startswith("photo:")
    judged(visit, "story")
    page = visit.open("/my/statement")
    expect(page.get_by_text("+9 Points").first).to_be_visible()
    assert visit.complaints == []


def test_a_page_that_wants_words_asks_for_no_photo(visit: Visit) -> None:
    page = visit.open("/diary")
    expect(page.locator("input[type=file]")).to_have_count(0)
    page.get_by_role("button", name="Hand in these words").click()
    expect(page.get_by_role("alert")).to_have_text("Write a few words first.")
    page.get_by_label("In your own words").fill("Rain, and white tea.")
    looks_right(page)
    picture(page, "proof-words")
    page.get_by_role("button", name="Hand in these words").click()
    expect(page.get_by_role("status").filter(has_text="under review")).to_be_visible()
    judged(visit, "diary")
    page.reload()
    expect(page.get_by_text("1", exact=True).first).to_be_visible()
    assert visit.complaints == []


def test_what_is_no_photo_is_said_in_words_and_nothing_is_sent(visit: Visit) -> None:
    page = visit.open("/walk")
    page.locator("input[type=file]").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"no photo"}
    )
    page.get_by_role("button", name="Check in with this photo").click()
    expect(page.get_by_role("alert")).to_have_text(
        "This cannot be read as a photo. Choose a JPEG, PNG or WebP."
    )


def test_a_photo_that_does_not_get_through_stays_and_is_sent_again(visit: Visit) -> None:
    lost: list[str] = []

    def first_is_lost(route: Route) -> None:
        lost.append(route.request.url)
        route.abort() if len(lost) == 1 else route.continue_()

    page = visit.open("/walk")
    page.route("**/proofs/walk/photo", first_is_lost)
    chosen(page)
    page.get_by_role("button", name="Check in with this photo").dblclick()
    expect(page.get_by_role("status").filter(has_text="under review")).to_be_visible()
    assert len(lost) == 2
    (row,) = visit.running.fetch(
        "SELECT count(*) AS n FROM event e JOIN member m ON m.id = e.member_id "
        "WHERE m.subject = $1 AND e.type = 'check_in.made'",
        visit.name,
    )
    assert row["n"] == 1
