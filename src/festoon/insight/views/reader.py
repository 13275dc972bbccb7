"""For whom a page is written: a language, and what the campaign calls its things."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from festoon.base.rewards import ItemGift
from festoon.insight import wording
from festoon.insight.results import Number
from festoon.insight.texts import words
from festoon.mechanics.draw import Draw
from festoon.mechanics.grand_draw import GrandDraw
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.money import CURRENCIES
from festoon.plan.values import texts


class Reader(Struct, frozen=True):
    """A language and a campaign: everything on a page is worded through it."""

    language: str
    campaign: CompiledCampaign

    def say(self, name: str, **values: object) -> str:
        """The text of that name, filled in."""
        return words(self.language)[name].format(**values)

    def of(self, texts: Mapping[str, str]) -> str:
        """A text of the plan in the reader's language."""
        return texts.get(self.language) or texts.get("en") or next(iter(texts.values()), "")

    def money(self, amount: float | None) -> str:
        """Money for a table, to the last unit."""
        return wording.money(amount, self.campaign.currency)

    def round_money(self, amount: float | None) -> str:
        """Money for a sentence."""
        return wording.round_money(amount, self.campaign.currency)

    def units(self, amount: float) -> float:
        """Smallest units as units of money, for the axis of a chart."""
        return float(amount / 10 ** CURRENCIES.get(self.campaign.currency, 2))

    def day(self, at: datetime | date) -> str:
        if isinstance(at, datetime):
            return wording.day_of(at, self.campaign.zone, self.language)
        return wording.day(at, self.language)

    def minute(self, at: datetime) -> str:
        return wording.minute_of(at, self.campaign.zone, self.language)

    def value(self, value: float | None, unit: str) -> str:
        """A value in its unit: money in smallest units, a share as a percentage."""
        if value is None:
            return wording.NONE
        if unit == "money":
            return self.round_money(value)
        if unit == "share":
            return wording.share(value)
        return wording.whole(value) if abs(value) >= 100 or value == int(value) else wording.decimal(value, 1)

    def number(self, number: Number | None, unit: str) -> str:
        return wording.NONE if number is None else self.value(number.value, unit)

    def mechanic(self, id: str) -> str:
        """What the plan calls a mechanic; its id when it is none of today's plan."""
        known = (*self.campaign.mechanics, *self.campaign.modifiers)
        return next((self.of(mechanic.title) for mechanic in known if mechanic.id == id), id)

    def thing(self, kind: str, ref: str) -> str:
        """What the plan calls something that was given."""
        if kind == "asset":
            return self.asset(ref)
        for key in (f"{kind}:{ref}", f"{kind}:{self.campaign.campaign}/{ref}"):
            if key in self.campaign.things:
                return self.of(self.campaign.things[key].title)
        return ref

    def asset(self, code: str) -> str:
        chances = f"{self.campaign.campaign}/chances/"
        if code.startswith(chances):
            return self.say("chances", mechanic=self.mechanic(code.removeprefix(chances)))
        known = self.campaign.assets.get(code)
        return self.of(known.title) if known else code

    def amount(self, kind: str, ref: str, amount: int) -> str:
        """How much was given of something: in the units people see, or how many."""
        known = self.campaign.assets.get(ref) if kind == "asset" else None
        return wording.decimal(amount / 10**known.scale, known.scale) if known else wording.whole(amount)

    def stock(self, name: str) -> str:
        """What a stock is of: `coupon:ten-off` of the plan, `lucky-draw/phone` of a mechanic."""
        kind, _, ref = name.partition(":")
        if ref:
            return self.thing(kind, ref)
        mechanic, _, prize = name.partition("/")
        known = next((each.mechanic for each in self.campaign.mechanics if each.id == mechanic), None)
        title = self.mechanic(mechanic)
        if isinstance(known, Draw | GrandDraw):
            return f"{self._prize(known, prize)} · {title}"
        return title if known else f"{prize} · {title}"

    def _prize(self, draw: Draw | GrandDraw, prize: str) -> str:
        """What the plan calls a draw's prize, or what it gives; its id when it is more than one thing."""
        named = next((each for each in draw.params.prizes if each.id == prize), None)
        if named is not None and named.title:
            return self.of(texts(named.title))
        gifts = draw.rewards[prize].gifts if prize in draw.rewards else ()
        if len(gifts) == 1 and isinstance(gifts[0], ItemGift):
            return self.thing(gifts[0].kind, gifts[0].ref)
        return prize
