import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from festoon.base.errors import LANGUAGES
from festoon.insight.evaluation import Evaluation, evaluate
from festoon.insight.report import render, save, write_report
from festoon.insight.texts import words
from tests.insight.campaign import BARE, MEMBERS, plan_of, town
from tests.insight.journal import Journal, at

CHAIN = "9f2c51d8a4e07b33"


@pytest.fixture(scope="module")
def found() -> Evaluation:
    plan, campaign = plan_of()
    return evaluate(town(Journal()).facts(CHAIN), plan, campaign, at("2027-03-29 10:00"))


@pytest.fixture(scope="module")
def pages(found: Evaluation) -> dict[str, str]:
    return {language: render(found, language) for language in LANGUAGES}


class Page(HTMLParser):
    """What a browser would fetch, and what a reader reads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in ("src", "href", "xlink:href", "srcset", "data", "action"):
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_needs_nothing_from_anywhere(pages: dict[str, str], language: str) -> None:
    page = Page(pages[language])
    assert all(link.startswith("#") or link == "data:," for link in page.links)
    assert "script" not in page.tags
    assert "@import" not in pages[language]
    assert re.findall(r"url\((?!#)", pages[language]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_of_a_page_is_its_own_and_every_link_arrives(pages: dict[str, str], language: str) -> None:
    page = Page(pages[language])
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert set(re.findall(r"url\(#([^)]+)\)", pages[language])) <= set(page.ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_plan_says_cannot_become_markup(pages: dict[str, str], language: str) -> None:
    assert "<thanks>" not in pages[language].lower()
    assert "<谢谢>" not in pages[language]
    assert "&lt;" in pages[language]
    title = {"en": "Spring <thanks> & more", "zh-Hans": "春季回馈 <谢谢>", "zh-Hant": "春季回饋 <謝謝>"}
    assert title[language] in Page(pages[language]).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_in_the_texts_is_filled_in(pages: dict[str, str], language: str) -> None:
    assert re.findall(r"\{[a-z_]*\}|\bNone\b|\bnan\b|\binf\b", Page(pages[language]).text) == []


def test_a_chinese_report_has_no_english_sentences(pages: dict[str, str]) -> None:
    for language in ("zh-Hans", "zh-Hant"):
        assert (
            re.findall(r"(?:[A-Za-z]{3,} ){3,}", Page(pages[language]).text.replace("Survey of 1000", ""))
            == []
        )


def test_chinese_in_a_chart_is_text_in_a_font_that_the_browser_chooses(pages: dict[str, str]) -> None:
    assert re.search(r"<text[^>]*PingFang SC[^>]*>购物积分</text>", pages["zh-Hans"])
    assert re.search(r"<text[^>]*PingFang TC[^>]*>購物積分</text>", pages["zh-Hant"])


def test_the_report_answers_its_three_questions(pages: dict[str, str], found: Evaluation) -> None:
    text = Page(pages["en"]).text
    assert found.main is not None
    inside = found.main.side.members
    assert f"Participants: {inside} of 200." not in text
    assert "2 of 2 goals met." in text
    assert "1 measured outside the platform." in text
    assert "Members in the campaign spent" in text
    assert "so it worked." in text
    assert f"{found.used / found.participants / 100:.2f} a participant." in text


def test_the_numbers_are_those_of_the_books(found: Evaluation) -> None:
    inside = found.holdout.ratio.inside if found.holdout else 0
    assert found.participants == inside
    prizes, points = found.lines
    assert points.actual == 60 * inside
    assert prizes.used == prizes.actual + prizes.committed
    assert 0 < prizes.actual < prizes.committed
    assert found.returned is not None
    assert found.returned.extra == pytest.approx(1_000 * inside, rel=0.05)


def test_the_report_says_what_each_benefit_is_worth_and_what_that_rests_on(
    pages: dict[str, str], found: Evaluation
) -> None:
    text = Page(pages["en"]).text
    assert found.benefits.got == found.participants
    assert f"{found.participants} of {found.participants} members of the audience (100.0%)" in text
    assert "That is an assumption: no figure here says which of them did it." in text
    assert "campaign.below_cost" in text


def test_the_report_says_what_it_rests_on(pages: dict[str, str]) -> None:
    text = Page(pages["en"]).text
    assert f"{3 * MEMBERS:,} events of the platform" in text
    assert CHAIN in text
    assert "29 March 2027 10:00 (Asia/Shanghai)" in text


def test_what_came_after_the_instant_is_not_in_the_report() -> None:
    plan, campaign = plan_of()
    early = evaluate(town(Journal()).facts(), plan, campaign, at("2027-03-04"))
    assert 0 < early.participants < MEMBERS / 2
    assert early.days.days[-1].day == 3
    assert [goal.status for goal in early.goals][:2] != ["met", "met"]


@pytest.mark.parametrize(
    ("as_of", "language"), [("2027-02-01", "en"), ("2027-03-05", "zh-Hans"), ("2027-04-01", "zh-Hant")]
)
def test_a_campaign_with_nothing_in_it_still_has_a_report(as_of: str, language: str) -> None:
    plan, campaign = plan_of(BARE)
    text = Page(render(evaluate(Journal().facts(), plan, campaign, at(as_of)), language)).text
    said = words(language)
    for name in (
        "no_goals",
        "no_budget",
        "no_holdout",
        "nothing_given",
        "nothing_refused",
        "m_no_events",
        "b_none",
    ):
        assert said[name] in text


def test_a_campaign_that_has_not_begun_claims_nothing() -> None:
    plan, campaign = plan_of()
    made = evaluate(town(Journal()).facts(), plan, campaign, at("2027-02-01"))
    text = Page(render(made, "en")).text
    assert words("en")["not_begun"] in text
    assert made.participants == 0


def test_a_report_is_a_file_named_after_campaign_day_and_language(tmp_path: Path, found: Evaluation) -> None:
    path = save(found, tmp_path / "reports", "zh-Hans")
    assert path.name == "spring-2027-03-29-zh-Hans.html"
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_report_from_a_rehearsal_says_so(tmp_path: Path) -> None:
    plan, campaign = plan_of(BARE)
    path = write_report(Journal().facts(), plan, campaign, tmp_path, "en", at("2027-03-05"), rehearsal=True)
    assert words("en")["rehearsal"] in path.read_text(encoding="utf-8")


def test_a_language_that_reports_are_not_written_in_is_refused(tmp_path: Path, found: Evaluation) -> None:
    with pytest.raises(ValueError, match="fr"):
        save(found, tmp_path, "fr")
    assert list(tmp_path.iterdir()) == []
