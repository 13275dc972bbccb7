"""Refusals as people read them: assets and things by their titles, amounts with their decimal places."""

from collections.abc import Mapping
from typing import Any

from festoon.base.errors import template_of, text_of
from festoon.engine.program import Program
from festoon.ledger.book import BUDGET_SHORT, STOCK_EMPTY

AMOUNTS = ("needed", "balance", "limit", "left", "used")
"""What counts in the smallest unit of the asset that a refusal speaks of."""
CURRENCIES: Mapping[str, Mapping[str, str]] = {
    "CNY": {"en": "yuan", "zh-Hans": "元"},
    "HKD": {"en": "HK$", "zh-Hans": "港元"},
    "TWD": {"en": "NT$", "zh-Hans": "新台币"},
}
"""What people call money."""
KINDS: Mapping[str, Mapping[str, str]] = {
    "badge": {"en": "badge(s)", "zh-Hans": "枚徽章"},
    "coupon": {"en": "coupon(s)", "zh-Hans": "张优惠券"},
    "gift": {"en": "gift(s)", "zh-Hans": "份礼品"},
    "item": {"en": "item(s)", "zh-Hans": "件物品"},
    "membership": {"en": "membership(s)", "zh-Hans": "份会员"},
}
"""What a cap over campaigns counts, beside amounts."""
NO_MORE: Mapping[str, str] = {"en": "no more of this can be given now", "zh-Hans": "暂时无法继续发放"}
"""What a member reads where a budget line cannot pay: how much is on it is the platform's own business."""


def refusal_text(
    code: str, data: Mapping[str, Any], language: str, program: Program, *, own: bool = False
) -> str:
    """The text of a refusal in the reader's language; `own` where the member himself reads it."""
    if own and code == BUDGET_SHORT:
        return template_of(NO_MORE, language)
    return text_of(code, {**data, **_words(code, data, language, program)}, language)


def _words(code: str, data: Mapping[str, Any], language: str, program: Program) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for field in ("asset", "of"):
        name = data.get(field)
        if name in program.assets:
            words[field], scale = asset_title(program, name, language)
            amounts = {each: data[each] for each in AMOUNTS if isinstance(data.get(each), int)}
            words |= {each: shown(amount, scale) for each, amount in amounts.items()}
    if (kind := KINDS.get(data.get("of", ""))) is not None:
        words["of"] = template_of(kind, language)
    if code == STOCK_EMPTY and "asset" not in words:
        words["asset"] = _stocked(program, str(data.get("asset", "")), language)
    return words


def _stocked(program: Program, asset: str, language: str) -> str:
    """What a stock is of: a thing of the plan, or a prize of one of its mechanics, which then stands for it."""
    campaign, _, name = asset.partition("/stock/")
    found = program.campaigns.get(campaign)
    if found is None:
        return asset
    kind, _, thing = name.partition(":")
    for key in (f"{kind}:{campaign}/{thing}", name):
        if key in found.things:
            return spoken(found.things[key].title, language)
    listener = program.by_key.get(f"{campaign}/{name.partition('/')[0]}")
    return asset if listener is None else spoken(listener.plan.title, language)


def asset_title(program: Program, code: str, language: str) -> tuple[str, int]:
    """The title of an asset, and the decimal places that people see."""
    asset = program.assets.get(code)
    if asset is None:
        return code, 0
    return spoken(CURRENCIES.get(code, asset.title), language), asset.scale


def spoken(texts: Mapping[Any, str], language: str) -> str:
    """The text in a language; what is written in others only, as it is written."""
    if "en" in texts or "zh-Hans" in texts:
        return template_of(texts, language)
    return next(iter(texts.values()), "")


def shown(amount: int, scale: int) -> str:
    """An amount as people see it."""
    if not scale:
        return f"{amount:,}"
    whole, part = divmod(abs(amount), 10**scale)
    return f"{'-' if amount < 0 else ''}{whole:,}.{part:0{scale}d}"
