"""The picture that goes with a shared link: the campaign's title and days, in the colours of its pages."""

from datetime import timedelta
from html import escape
from typing import Any

import vl_convert

from festoon.base.errors import template_of
from festoon.mechanics.say import Say
from festoon.plan.compiled import CompiledCampaign

WIDTH, HEIGHT = 1200, 630
FONT = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


def card(campaign: CompiledCampaign, language: str) -> bytes:
    """A PNG of 1200 × 630."""
    title = (
        template_of(dict(campaign.title), language)
        if {"en", "zh-Hans"} & set(campaign.title)
        else campaign.campaign
    )
    size = 96 if len(title) <= 12 else 72 if len(title) <= 22 else 52
    first = campaign.schedule.start.astimezone(campaign.zone).date()
    last = (campaign.schedule.end - timedelta(microseconds=1)).astimezone(campaign.zone).date()
    nothing: Any = None
    say = Say(language, campaign.zone, nothing, nothing, nothing, nothing)
    flags = "".join(
        f'<path d="M{x} {40 + 34 * ((x - 600) / 600) ** 2 * -1 + 34:.0f} l30 0 l-15 44 z" fill="{colour}"/>'
        for x, colour in zip(
            range(30, 1200, 60), ["#f6c667", "#fff4e0", "#e88873", "#f6c667", "#ffd9a0"] * 4, strict=False
        )
    )
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#a3221b"/>
<stop offset="1" stop-color="#7c1512"/></linearGradient></defs>
<rect width="100%" height="100%" fill="url(#g)"/>
<path d="M0 40 Q600 108 1200 40" fill="none" stroke="#f6c667" stroke-width="4"/>{flags}
<text x="600" y="340" font-family="{FONT}" font-size="{size}" font-weight="700" fill="#fff8ec"
 text-anchor="middle">{escape(title)}</text>
<text x="600" y="430" font-family="{FONT}" font-size="36" fill="#ffdca8"
 text-anchor="middle">{escape(say.day(first))} – {escape(say.day(last))}</text></svg>"""
    made: bytes = vl_convert.svg_to_png(svg)
    return made
