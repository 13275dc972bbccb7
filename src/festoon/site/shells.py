"""The pages' HTML: what everybody sees, made from the plan; the components in it fetch what is personal."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from festoon.api.naming import Names
from festoon.api.public_mechanics import mechanics_told
from festoon.api.rules_told import say_in
from festoon.base.errors import LANGUAGES
from festoon.base.texts import words
from festoon.engine.program import Program
from festoon.plan.compiled import CompiledCampaign
from festoon.site.files import parts

HERE = Path(__file__).parent
MINE = ("tasks", "prizes", "statement", "messages")
PLAYED = ("check_in", "draw", "red_packet", "grand_draw", "place", "level", "referral", "code")
"""The kinds that have a page of their own."""
TASKS = ("task", "task_set", "gift", "earn", "multiplier")
"""The kinds that stand together on the page of tasks."""
DRAWN = frozenset({"draw", "red_packet", "grand_draw"})
"""The kinds by which members win."""
TAGS = {
    "check_in": "festoon-checkin", "draw": "festoon-draw", "red_packet": "festoon-redpacket",
    "grand_draw": "festoon-tickets", "place": "festoon-place", "level": "festoon-level", "referral": "festoon-invite",
    "exchange": "festoon-exchange", "code": "festoon-code",
}  # fmt: skip
NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}


def texts(language: str) -> Mapping[str, str]:
    """The texts of pages and components."""
    return words(HERE / "texts.toml", language)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


class Shells:
    """Makes the pages. `sign_in` is where a member is sent who has no token."""

    def __init__(self, sign_in: str = "") -> None:
        self.sign_in = sign_in

    def index(self, program: Program, language: str) -> bytes:
        """Every campaign that runs."""
        names = Names(program, language)
        campaigns = sorted(program.campaigns.values(), key=lambda each: each.schedule.start, reverse=True)
        listed = [
            {"id": each.campaign, "title": names.said(each.title), "days": _days(names, each)}
            for each in campaigns
        ]
        return self._made(
            "index.html", language, title=texts(language)["campaigns"], listed=listed, campaign=None
        )

    def nothing(self, language: str) -> bytes:
        """What stands where nothing is."""
        return self._made("nothing.html", language, title=texts(language)["no_page"], campaign=None)

    def landing(self, program: Program, campaign: CompiledCampaign, language: str, home: str) -> bytes:
        told = mechanics_told(program, campaign, language, {})
        return self._of(
            "landing.html", program, campaign, language, home, "",
            played=[each for each in told if each.kind in PLAYED and each.kind not in ("referral", "code", "level")],
            beside=[each for each in told if each.kind in ("referral", "code", "level")],
            welcome=[each for each in told if each.kind == "gift" and _welcomes(campaign, each.id)],
            shop=[each for each in told if each.kind == "exchange"],
            tasks=[each for each in told if each.kind in TASKS],
            told=[each for each in told if each.rules],
            won=_wins(campaign, {each.kind for each in told}),
        )  # fmt: skip

    def mechanic(
        self, program: Program, campaign: CompiledCampaign, id: str, language: str, home: str
    ) -> bytes:
        (told,) = [each for each in mechanics_told(program, campaign, language, {}) if each.id == id]
        return self._of(
            "mechanic.html", program, campaign, language, home, told.title,
            told=told, tag=TAGS.get(told.kind, ""), drawn=told.kind in DRAWN,
        )  # fmt: skip

    def mine(
        self, program: Program, campaign: CompiledCampaign, page: str, language: str, home: str
    ) -> bytes:
        return self._of("mine.html", program, campaign, language, home, texts(language)[page], page=page)

    def _of(
        self,
        template: str,
        program: Program,
        campaign: CompiledCampaign,
        language: str,
        home: str,
        heading: str,
        **more: object,
    ) -> bytes:
        names = Names(program, language)
        title, days = names.said(campaign.title), _days(names, campaign)
        return self._made(
            template, language, title=f"{heading} · {title}" if heading else title, heading=heading or title,
            campaign=campaign.campaign, campaign_title=title, days=days, home=home, tags=TAGS,
            description=_description(names, campaign, days), start=_iso(campaign.schedule.start),
            end=_iso(campaign.schedule.end), **more,
        )  # fmt: skip

    def _made(self, template: str, language: str, **more: object) -> bytes:
        page = _templates().get_template(template).render(
            language=language, languages=NAMES, t=texts(language), parts=parts(), sign_in=self.sign_in,
            all_languages=LANGUAGES, **more,
        )  # fmt: skip
        return page.encode()


def _welcomes(campaign: CompiledCampaign, id: str) -> bool:
    return any(each.id == id and "member.registered" in each.types for each in campaign.mechanics)


def _days(names: Names, campaign: CompiledCampaign) -> str:
    """The first and the last local day."""
    say = say_in(names, campaign)
    first = campaign.schedule.start.astimezone(campaign.zone).date()
    last = (campaign.schedule.end - timedelta(microseconds=1)).astimezone(campaign.zone).date()
    return f"{say.day(first)} – {say.day(last)}"


def _description(names: Names, campaign: CompiledCampaign, days: str) -> str:
    """What search engines and share cards say: the days, and what there is to do."""
    say = say_in(names, campaign)
    titles = [names.said(each.title) for each in campaign.mechanics if each.mechanic.kind in PLAYED]
    return (
        say("{days}: {what}.", "{days}：{what}。", days=days, what=say.listed(titles[:6])) if titles else days
    )


def _iso(at: datetime) -> str:
    return at.isoformat()


def _wins(campaign: CompiledCampaign, kinds: set[str]) -> bool:
    """Whether anybody can win anything: by a draw, or something that is sent."""
    return bool(kinds & DRAWN) or any(name.startswith("gift:") for name in campaign.things)
