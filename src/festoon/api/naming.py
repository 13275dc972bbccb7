"""What things are called, in the reader's language: assets, coupons, mechanics, the reasons on a statement."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from festoon.base.errors import template_of
from festoon.base.vocabulary import VOCABULARY
from festoon.engine.amends import GRANTED, PART
from festoon.engine.outcome import Given
from festoon.engine.program import Program
from festoon.engine.refusal_words import asset_title, shown, spoken

UNKNOWN: Mapping[str, str] = {}
LAPSES: Mapping[str, Mapping[str, str]] = {
    "festoon/lot": {"en": "Expired", "zh-Hans": "已过期"},
    "festoon/hold": {"en": "Given back", "zh-Hans": "冻结到期退回"},
    "festoon/item": {"en": "Expired", "zh-Hans": "已过期"},
    "festoon/pending": {"en": "Ready to spend", "zh-Hans": "到账可用"},
    "festoon/grant": {"en": "Review lapsed", "zh-Hans": "审核逾期失效"},
    "festoon/risk": {"en": "Review", "zh-Hans": "审核"},
}


class Names(Struct, frozen=True):
    """The names of everything that runs, for one reader."""

    program: Program
    language: str

    def said(self, texts: Mapping[Any, str]) -> str:
        """The text in the reader's language."""
        return spoken(texts, self.language)

    def campaign(self, id: str) -> str:
        """The title of a campaign; the id of one that does not run."""
        found = self.program.campaigns.get(id)
        return self.said(found.title) if found is not None and found.title else id

    def asset(self, code: str) -> tuple[str, int]:
        """The title of an asset, and the decimal places that people see."""
        return asset_title(self.program, code, self.language)

    def thing(self, campaign: str, kind: str, ref: str) -> str:
        """The title of a coupon, a badge, an item, a gift, a membership."""
        found = self.program.campaigns.get(campaign)
        thing = None if found is None else found.things.get(f"{kind}:{ref}")
        return ref if thing is None else self.said(thing.title)

    def given(self, campaign: str, given: Given) -> str:
        """What was given, held or taken: an amount of an asset, or a thing."""
        if given.kind != "asset":
            return self.thing(campaign, given.kind, given.ref)
        title, scale = self.asset(given.ref)
        return f"{shown(given.amount, scale)} {title}"

    def event(self, type: str) -> str:
        """The title of a type of event, of the vocabulary or of a plan's own."""
        if type in VOCABULARY:
            return template_of(VOCABULARY[type].title, self.language)
        own = (each for campaign in self.program.campaigns.values() for each in campaign.events)
        return next((self.said(each.title) for each in own if each.name == type and each.title), type)

    def mechanic(self, key: str) -> str:
        """The title of a mechanic by `campaign/mechanic`; of a standing rule, what it does."""
        listener = self.program.by_key.get(key)
        if listener is not None:
            return self.said(listener.plan.title)
        if key in LAPSES:
            return template_of(LAPSES[key], self.language)
        campaign, _, rest = key.partition("/")
        if rest == PART:
            return self.event(GRANTED)
        if campaign == "festoon" and rest in VOCABULARY:
            return self.event(rest)
        return rest or key
