"""The members' pages in a browser: a member checks in, draws, gives an address; on a bad network too."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from examples.embed.shop import shop
from festoon.site.side import Site
from festoon.store.embedded import EmbeddedServer
from tests.browser.looking import DESK, PHONE, DoubleClick, looks_right, overflowing, picture
from tests.serving import Running, cloud_event, head, serving_anew

PLAN = (
    head(budget=500_000)
    + """
consents:
  sms: {text: {en: "News of the campaign, at most once a week.", zh-Hans: 活动消息，每周最多一条。}, wording: 2027-01}
  email: {}
assets: {leaves: {title: {en: Tea leaves, zh-Hans: 茶叶}}}
attributes: {tea_level: text}
gifts: {cup: {title: {en: Tea cup, zh-Hans: 茶杯}, cost: 30, line: prizes, claim: {days: 30}}}
coupons: {ten-off: {title: {en: 10 off, zh-Hans: 立减10元}, value: 10, cost: 10, line: prizes, valid: {days: 9}}}
mechanics:
  welcome: {kind: gift, title: {en: Welcome pack, zh-Hans: 新人礼包}, on: member.registered,
            give: [{points: 500}, {coupon: ten-off}], limits: {per_member: 1}}
  check-in: {kind: check_in, title: {en: Check in, zh-Hans: 每日签到}, daily: {points: 5},
             ladder: {3: {points: 20}, 7: {coupon: ten-off}}}
  posts: {kind: task, title: {en: Three posts, zh-Hans: 发布三篇内容}, on: content.published, count: 3,
          give: {points: 30}}
  walk: {kind: check_in, title: {en: A walk a day, zh-Hans: 每日散步打卡}, daily: {points: 5}, review: {}}
  story: {kind: task, title: {en: Tea story, zh-Hans: 茶故事}, on: proof.submitted, review: {}, repeat: {},
          give: {points: 9}}
  lucky-draw:
    kind: draw
    title: {en: Lucky draw, zh-Hans: 幸运抽奖}
    chances: {free: {per: day, count: 3}}
    prizes: [{id: cup, title: {en: Tea cup, zh-Hans: 茶杯}, weight: 1, give: {gift: cup}}]
  packets: {kind: red_packet, title: {en: Red packets, zh-Hans: 红包雨}, pool: {amount: 5000}, packets: 100}
  seats: {kind: place, title: {en: Tea evening, zh-Hans: 品茶会}, places: 20}
  friends: {kind: referral, title: {en: Bring a friend, zh-Hans: 邀请好友}, actions: [order.paid],
            inviter: {points: 50}}
  shop: {kind: exchange, title: {en: A coupon, zh-Hans: 兑换优惠券}, price: {amount: 100}, give: {coupon: ten-off}}
  codes: {kind: code, title: {en: A code, zh-Hans: 兑换码}, codes: [TEA-2027], give: {points: 8}}
  levels: {kind: level, title: {en: Levels, zh-Hans: 会员等级}, on: [check_in.made], asset: leaves,
           attribute: tea_level,
           levels: [{id: leaf, title: {en: Leaf, zh-Hans: 新叶}, growth: 0}, {id: bud, growth: 50}]}
"""
)
PAGES = ("", "/check-in", "/walk", "/story", "/lucky-draw", "/packets", "/seats", "/friends", "/codes", "/levels",
         "/posts", "/my/tasks", "/my/prizes", "/my/statement",
         "/my/messages")  # fmt: skip


@pytest.fixture(scope="module")
def shop_port() -> int:
    """A port that is the shop's before there is one, so that it can be named."""
    found = shop("", "", "spring")
    port = found.server_address[1]
    found.server_close()
    return int(port)


@pytest.fixture(scope="module")
def running(
    server: EmbeddedServer, template: str, database_names: Iterator[str], shop_port: int
) -> Iterator[Running]:
    origins = (f"http://127.0.0.1:{shop_port}",)
    with serving_anew(
        server, template, next(database_names), PLAN, sides=(Site(),), origins=origins
    ) as running:
        yield running


class Visit:
    """A member's browser; what its scripts complain of is remembered."""

    def __init__(self, browser: Browser, running: Running, name: str, width: int, motion: str) -> None:
        self.running = running
        self.name = name
        self.complaints: list[str] = []
        running.client.post("/v1/members", json={"id": name, "event_id": name})
        self.token = running.client.post(f"/v1/members/{name}/token", json={}).json()["token"]
        self.context = browser.new_context(
            viewport={"width": width, "height": 844}, base_url=f"http://127.0.0.1:{running.port}",
            reduced_motion=motion, locale="en-GB",  # type: ignore[arg-type]
        )  # fmt: skip
        self.page = self.context.new_page()
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str, language: str = "en") -> Page:
        self.page.goto(f"/m/spring{path}?lang={language}#token={self.token}")
        return self.page


@pytest.fixture
def visit(browser: Browser, running: Running, request: pytest.FixtureRequest) -> Iterator[Visit]:
    made = Visit(browser, running, request.node.name[:60], PHONE, "reduce")
    yield made
    made.context.close()


def look(
    browser: Browser, running: Running, width: int, language: str, right: Callable[[Page], object]
) -> None:
    """Go through every page as one member."""
    visit = Visit(browser, running, f"looker-{width}-{language}", width, "reduce")
    for path in PAGES:
        page = visit.open(path, language)
        expect(page.locator("[aria-busy]")).to_have_count(0)
        right(page)
        picture(page, f"m{path.replace('/', '-')}-{width}-{language}")
    visit.context.close()
    assert visit.complaints == []


@pytest.mark.parametrize(("width", "language"), [(PHONE, "en"), (DESK, "zh-Hans")])
def test_every_page_looks_right(browser: Browser, running: Running, width: int, language: str) -> None:
    look(browser, running, width, language, looks_right)


@pytest.mark.parametrize(("width", "language"), [(PHONE, "zh-Hans"), (PHONE, "zh-Hant"), (DESK, "en")])
def test_no_page_overflows(browser: Browser, running: Running, width: int, language: str) -> None:
    def fits(page: Page) -> None:
        assert overflowing(page) == []

    look(browser, running, width, language, fits)


def test_a_member_checks_in_draws_and_says_where_the_prize_goes(visit: Visit) -> None:
    page = visit.open("/check-in")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("status").filter(has_text="You got: 5 points")).to_be_visible()
    expect(page.get_by_role("button", name="Checked in today")).to_be_disabled()
    page = visit.open("/lucky-draw")
    expect(page.get_by_text("3 left")).to_be_visible()
    page.get_by_role("button", name="Draw").click()
    expect(page.get_by_role("status").filter(has_text="You won: Tea cup")).to_be_visible()
    expect(page.get_by_text("2 left")).to_be_visible()
    page = visit.open("/my/prizes")
    page.get_by_role("button", name="Give an address").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Please fill in: Name")).to_be_visible()
    page.get_by_label("Name").fill("Li Hua")
    page.get_by_label("Phone").fill("13800000000")
    page.get_by_label("Address").fill("Lane 7, Suzhou")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("We have your address.")).to_be_visible()
    page = visit.open("/my/statement")
    expect(page.get_by_text("+5 Points")).to_be_visible()
    assert visit.complaints == []
    assert visit.running.books_balance()


def test_pages_are_in_order_before_their_scripts_have_come(visit: Visit) -> None:
    visit.page.route("**/*.js", lambda route: route.abort())
    for path in PAGES:
        looks_right(visit.open(path))


def test_a_level_is_called_by_its_title(visit: Visit) -> None:
    page = visit.open("/check-in")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("button", name="Checked in today")).to_be_disabled()
    page = visit.open("", "zh-Hans")
    expect(page.locator("festoon-tile[mechanic=levels]").get_by_text("新叶", exact=True)).to_be_visible()
    page = visit.open("/levels", "zh-Hans")
    expect(page.locator("festoon-level").get_by_text("新叶", exact=True)).to_be_visible()
    expect(page.locator("festoon-level").get_by_text("再获得50茶叶升至bud")).to_be_visible()
    picture(page, "level-title")


def test_a_member_lets_himself_be_written_to_and_takes_it_back_by_one_press_each(visit: Visit) -> None:
    page = visit.open("")
    page.get_by_role("link", name="Messages").click()
    switch = page.get_by_role("switch", name="Text message")
    expect(page.get_by_text("You have not answered yet")).to_have_count(2)
    for answer, said in ((True, "From now on we may write to you"), (False, "We no longer write to you")):
        switch.press("Space")
        expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
        expect(switch).to_be_checked(checked=answer)
        expect(switch).to_be_focused()
    page.reload()
    expect(page.get_by_text("We do not write to you here, since")).to_be_visible()
    expect(switch).not_to_be_checked()
    (line, *_) = visit.running.client.get(f"/v1/members/{visit.name}/consents").json()["history"]
    assert (line["answer"]["agreed"], line["answer"]["wording"]) == (False, "2027-01")
    assert visit.complaints == []


def test_a_double_tap_is_one_draw(visit: Visit) -> None:
    page = visit.open("/lucky-draw")
    page.get_by_role("button", name="Draw").dblclick()
    expect(page.get_by_role("status").filter(has_text="You won")).to_be_visible()
    expect(page.get_by_text("2 left")).to_be_visible()


def test_a_double_tap_is_one_draw_when_its_first_half_is_answered_before_its_second(visit: Visit) -> None:
    page = visit.open("/lucky-draw")
    tap = DoubleClick(page, page.get_by_role("button", name="Draw"))
    tap.half(1)
    expect(page.get_by_role("status").filter(has_text="You won")).to_be_visible()
    tap.half(2)
    page.get_by_role("button", name="Draw").click()  # had the half been taken up, this would be the third
    expect(page.get_by_text("1 left")).to_be_visible()
    expect(page.get_by_role("button", name="Draw", exact=True)).to_be_enabled()
    expect(page.get_by_text("1 left")).to_be_visible()


def sent(route: Route) -> dict[str, Any]:
    """The event that a request sends."""
    found: dict[str, Any] = route.request.post_data_json or {}
    return found


def test_an_answer_that_is_lost_is_asked_for_again_and_counts_once(visit: Visit) -> None:
    page = visit.open("/lucky-draw")
    lost: list[str] = []

    def lose(route: Route) -> None:
        if not lost:
            route.fetch()  # it arrives and is decided; its answer does not come back
            lost.append(sent(route)["id"])
            route.abort()
        else:
            assert sent(route)["id"] == lost[0]
            route.continue_()

    page.route("**/v1/events", lose)
    page.get_by_role("button", name="Draw").click()
    expect(page.get_by_role("status").filter(has_text="You won")).to_be_visible()
    expect(page.get_by_text("2 left")).to_be_visible()
    assert len(lost) == 1


def test_nothing_is_shown_as_won_before_it_is(visit: Visit) -> None:
    page = visit.open("/lucky-draw")
    held: list[Route] = []
    page.route("**/v1/events", lambda route: held.append(route))  # noqa: PLW0108 (it wants a function)
    page.get_by_role("button", name="Draw").click()
    expect(page.get_by_role("status").filter(has_text="One moment")).to_be_visible()
    expect(page.get_by_role("button", name="Drawing")).to_have_attribute("aria-disabled", "true")
    assert "You won" not in page.content() + page.locator("festoon-draw").inner_text()
    held[0].continue_()
    expect(page.get_by_role("status").filter(has_text="You won")).to_be_visible()


def test_a_page_that_was_left_asks_what_became_of_its_draw(visit: Visit) -> None:
    lost: list[int] = []

    def first_answer_is_lost(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)

    page = visit.open("/lucky-draw")
    page.route("**/v1/events", first_answer_is_lost)
    page.get_by_role("button", name="Draw").click()
    while not lost:
        page.wait_for_timeout(20)
    page.reload()
    expect(page.get_by_role("status").filter(has_text="You won")).to_be_visible()
    expect(page.get_by_text("2 left")).to_be_visible()


def test_all_of_it_goes_by_keyboard(visit: Visit) -> None:
    page = visit.open("/packets")
    page.get_by_role("button", name="Open").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="You got")).to_be_visible()
    page = visit.open("/codes")
    page.get_by_label("Code").fill("tea-2027")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="You got: 8 points")).to_be_visible()
    page = visit.open("/seats")
    page.get_by_role("button", name="Apply for a place").press("Enter")
    expect(page.get_by_role("status").filter(has_text="You have a place")).to_be_visible()


def test_who_has_no_token_sees_the_campaign_and_is_told_how_to_take_part(
    browser: Browser, running: Running
) -> None:
    context = browser.new_context(base_url=f"http://127.0.0.1:{running.port}", locale="zh-CN")
    page = context.new_page()
    page.goto("/m/spring")
    expect(page.get_by_text("请从应用内打开本页参与活动。")).to_be_visible()
    expect(page.get_by_role("heading", name="活动规则")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_components_work_on_a_foreign_page(
    browser: Browser, running: Running, shop_port: int, width: int
) -> None:
    foreign = shop(f"http://127.0.0.1:{running.port}", running.key, "spring", shop_port)
    serving = threading.Thread(target=foreign.serve_forever)
    serving.start()
    complaints: list[Any] = []
    try:
        running.client.one(cloud_event("member.registered", "li-hua", id="r-li-hua"))
        context = browser.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce")
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.goto(f"http://127.0.0.1:{shop_port}/")
        page.get_by_role("button", name="抽奖").click()
        expect(page.get_by_role("status").filter(has_text="恭喜抽中：茶杯")).to_be_visible()
        expect(page.locator("festoon-prizes").get_by_text("茶杯").first).to_be_visible()
        looks_right(page)
        picture(page, f"embed-{width}")
        context.close()
    finally:
        foreign.shutdown()
        foreign.server_close()
        serving.join()
    assert complaints == []
