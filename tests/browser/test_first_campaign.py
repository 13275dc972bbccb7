"""The whole way in a real browser: from the first start to a parcel on its way, at a desk, on a phone, in Chinese."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Browser, BrowserContext, Page, expect

from benchmarks.plans import example
from festoon.access.invitations import first_link
from festoon.base.clock import wall
from festoon.console.side import console
from festoon.insight.board.goals import GoalKeeper
from festoon.insight.jobs.process import Settings
from festoon.insight.jobs.runner import Runner
from festoon.insight.jobs.task import Folders
from festoon.site.side import Site
from festoon.store.embedded import EmbeddedServer
from festoon.store.pool import connect
from tests.browser.looking import DESK, PHONE, glimpse, overflowing
from tests.outbox.writing import relay_all
from tests.serving import Running, cloud_event, serving_anew, waited

PASSWORD = "correct horse battery"
CAMPAIGN = "new-year-2027"
DRAW = "mechanics.newcomers-draw"
MUG = f"{DRAW}.prizes[2]"


@pytest.fixture
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    """Nobody is here yet, and no plan."""
    with serving_anew(server, template, next(database_names), "", sides=(console, Site())) as running:
        yield running


class Somebody:
    """A person of the console with a browser of his own."""

    def __init__(self, browser: Browser, running: Running, width: int, language: str) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 844 if width == PHONE else 800}, locale="en-GB",
            base_url=f"http://127.0.0.1:{running.port}", reduced_motion="reduce", color_scheme="light",
        )  # fmt: skip
        home = f"http://127.0.0.1:{running.port}"
        self.context.add_cookies([{"name": "festoon_language", "value": language, "url": home}])
        self.page: Page = self.context.new_page()
        self.failed: list[str] = []
        self.page.on("pageerror", lambda error: self.failed.append(str(error)))

    def join(self, link: str, username: str, name: str) -> None:
        """Take an invitation up, with a second factor where the role wants one."""
        self.page.goto(link)
        for field, value in (
            ("username", username),
            ("name", name),
            ("password", PASSWORD),
            ("again", PASSWORD),
        ):
            self.page.fill(f'[name="{field}"]', value)
        self.page.locator("main button[type=submit], form button.button-primary").last.click()
        expect(self.page.locator("header .who")).to_be_visible()
        if "/totp/activate/" in self.page.url:
            shown = self.page.locator("#authenticator_secret").input_value()
            counter = next(iter(yield_hotp_counters_from_time()))
            self.page.fill('[name="code"]', f"{hotp_value(shown, counter):06d}")
            self.page.locator("main button[type=submit]").last.click()
            expect(self.page.locator("#authenticator_secret")).to_have_count(0, timeout=30_000)

    def confirm(self, name: str) -> None:
        """Press a button that asks again, and answer it."""
        self.page.locator(f'[data-opens="{name}"]').click()
        self.page.locator(f"dialog#{name} button[type=submit]").click()

    def shown(self, path: str) -> Page:
        self.page.goto(path)
        assert overflowing(self.page) == [], path
        return self.page


def apart(work: object) -> None:
    """Run a coroutine's work in a thread of its own: Playwright has a loop in this one."""
    thread = Thread(target=lambda: asyncio.run(work))  # type: ignore[arg-type]
    thread.start()
    thread.join()


def relayed(running: Running, folder: Path) -> None:
    """Hand on and count what came in, as `festoon work` does."""

    async def go() -> None:
        await relay_all(running.dsn, folder)
        await GoalKeeper(running.dsn, folder, wall).run_once()

    apart(go())


def opening_link(running: Running) -> str:
    """What `festoon serve` prints when nobody is there yet."""

    async def go() -> str:
        connection = await connect(running.dsn)
        try:
            token = await first_link(connection, datetime.now(UTC))
            assert token is not None
            return token
        finally:
            await connection.close()

    return f"/console/welcome/{waited(go())}/"


def invited(by: Somebody, *roles: str) -> str:
    """The path of a link for somebody with these roles."""
    by.shown("/console/access/invite/")
    for role in roles:
        by.page.check(f'[name="roles"][value="{role}"]')
    by.page.locator("main form button.button-primary").click()
    found = re.search(r"/console/welcome/[\w-]+/", by.page.locator("main").inner_text())
    assert found is not None
    return found[0]


def written(page: Page) -> None:
    """Start from the plan for a new year, let it run this week without photos, and make mugs likely by the form."""
    page.goto("/console/editor/")
    page.locator('form.start:has(input[value="new-year"]) button').click()
    source = page.locator("#source")
    expect(page.locator("#editor")).to_be_visible()
    expect(page.locator("#marks")).not_to_be_empty()  # only by the page's script, which panes are changed by
    if page.locator('[data-pane="text"]').is_visible():
        page.locator('[data-pane="text"]').click()
    now = example("new-year", (datetime.now(UTC) - timedelta(days=7)).date())
    source.fill(re.sub(r"\n    review: {within_days.*?}", "", now))
    expect(page.locator("#outline .badge-bad")).to_have_count(0)
    if page.locator('[data-pane="outline"]').is_visible():
        page.locator('[data-pane="outline"]').click()
    page.locator(f'#outline [data-section="{DRAW}"]').click()
    page.locator(f'[data-part="{MUG}"] > summary').click()
    weight = page.locator(f'[data-path="{MUG}.weight"]')
    weight.fill("100000000")
    weight.press("Tab")
    expect(source).to_have_value(re.compile(r"id: mug, .*weight: 100000000"))
    expect(page.locator("#state")).to_have_text(re.compile("Saved|已保存|已儲存"))


def submitted(page: Page) -> None:
    page.locator("#finish").click()
    page.fill("#note", "Mugs for everybody")
    page.locator("form.card button[type=submit]").click()
    expect(page.locator(".flash-success")).to_be_visible()


def tried(page: Page, running: Running, folder: Path) -> None:
    """A back-test on made-up members, before anybody signs."""
    page.goto("/console/backtests/new/")
    page.locator('[name="history"]').select_option("made_up")
    page.locator('[name="members"]').fill("60")
    page.locator('[name="days"]').fill("4")
    page.locator('[name="seeds"]').fill("2")
    page.locator("main form button.button-primary").click()
    apart(Runner(Settings(running.dsn, Folders(folder, folder, folder), 1), wall).run_once())
    expect(page.locator("canvas").first).to_be_visible(timeout=20_000)  # it looks again by itself


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("width", "language"), [(DESK, "en"), (PHONE, "zh-hans"), (DESK, "zh-hant")])
def test_from_the_first_start_to_a_parcel_on_its_way(
    browser: Browser, running: Running, tmp_path: Path, width: int, language: str
) -> None:
    def somebody() -> Somebody:
        return Somebody(browser, running, width, language)

    ann, bob, cleo = somebody(), somebody(), somebody()
    ann.join(opening_link(running), "ann", "Ann")
    bob.join(invited(ann, "reviewer"), "bob", "Bob")
    cleo.join(invited(ann, "approver"), "cleo", "Cleo")

    written(ann.page)
    glimpse(ann.page, f"way-editor-{width}-{language}")
    submitted(ann.page)
    tried(ann.page, running, tmp_path)
    glimpse(ann.page, f"way-backtest-{width}-{language}")

    signed(ann, bob, cleo, f"{width}-{language}")
    ann.shown(f"/console/queues/epochs/{CAMPAIGN}/newcomers-draw/campaign/")
    ann.page.fill('[name="value"]', "07 11 23 26 31 33 + 09")
    ann.page.locator("main form:has([name=value]) button[type=submit]").click()
    expect(ann.page.locator(".flash-success")).to_be_visible()
    mug = taken_part(browser, running, language)
    relayed(running, tmp_path)

    shipped(ann, mug, f"{width}-{language}")
    looked_at(ann, mug, f"{width}-{language}")
    assert ann.failed + bob.failed + cleo.failed == []
    assert running.books_balance()


def signed(ann: Somebody, bob: Somebody, cleo: Somebody, look: str) -> None:
    """Reviewed by one, approved and published by another; never by whoever made it."""
    sheet = f"/console/campaigns/{CAMPAIGN}/"
    ann.shown(sheet)
    expect(ann.page.locator('[data-opens="approve"]')).to_have_count(0)
    bob.shown(sheet)
    bob.confirm("review")
    cleo.shown(sheet)
    cleo.confirm("approve")
    cleo.confirm("publish")
    expect(cleo.page.locator('[data-opens="publish"]')).to_have_count(0)
    glimpse(cleo.shown(sheet), f"way-campaign-{look}")


def shipped(ann: Somebody, mug: str, look: str) -> None:
    """The operator sends the prize off."""
    ann.shown("/console/queues/parcels/")
    ann.page.locator("table a", has_text=mug).click()
    glimpse(ann.page, f"way-parcel-{look}")
    ann.page.fill('[name="carrier"]', "SF")
    ann.page.fill('[name="number"]', "SF1234567890")
    ann.page.locator("main form:has([name=carrier]) button[type=submit]").click()
    expect(ann.page.locator("main")).to_contain_text("SF1234567890")


def looked_at(ann: Somebody, mug: str, look: str) -> None:
    """What happened stands on the live board and in the member's statement."""
    board = ann.shown(f"/console/board/{CAMPAIGN}/")
    expect(board.locator("main")).to_contain_text(mug)
    glimpse(board, f"way-board-{look}")
    ann.shown("/console/members/?q=li-hua")
    ann.page.locator("main table a, main .cards a").first.click()
    ann.shown(f"{ann.page.url}statement/")
    expect(ann.page.locator("main")).to_contain_text("5")
    glimpse(ann.page, f"way-statement-{look}")


def taken_part(browser: Browser, running: Running, language: str) -> str:
    """A member registers, checks in, draws, wins a mug and says on his phone where it goes; the mug by its name."""
    client = running.client
    client.one(cloud_event("member.registered", "li-hua", data={"name": "Li Hua", "phone": "13800000000"}))
    token = client.post("/v1/members/li-hua/token", json={}).json()["token"]
    spoken = {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}[language]
    member = Somebody(browser, running, PHONE, language)
    page = member.page

    def go(path: str) -> None:
        page.goto(f"/m/{CAMPAIGN}{path}?lang={spoken}#token={token}")
        expect(page.locator("[aria-busy]")).to_have_count(0)

    go("")
    glimpse(page, f"way-landing-{language}")
    go("/check-in")
    page.locator('[data-focus="check-in"]').click()
    expect(page.locator('[data-focus="check-in"]')).to_have_attribute("aria-disabled", "true")
    go("/newcomers-draw")
    page.locator('[data-focus="draw"]').click()
    mug = {"en": "Mug", "zh-hans": "马克杯", "zh-hant": "馬克杯"}[language]
    expect(page.locator('[role="status"]').filter(has_text=mug)).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(re.compile(r"\d-\d\dT\d\d:"))
    glimpse(page, f"way-draw-{language}")
    go("/my/prizes")
    page.locator('[data-focus^="address-"]').first.click()
    for field, value in (("receiver", "Li Hua"), ("phone", "13800000000"), ("address", "Lane 7, Suzhou")):
        page.fill(f'[name="{field}"]', value)
    page.locator('form button[type="submit"]').click()
    expect(page.locator('[data-focus^="address-"].plain').first).to_be_visible()
    assert member.failed == []
    return mug
