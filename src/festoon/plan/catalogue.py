"""What a plan can give, resolved once: from a line of a reward to the gift the engine gives."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from festoon.base.errors import Invalid
from festoon.base.rewards import FREE, AssetGift, Choice, Cost, Gift, ItemGift, Reward
from festoon.base.times import AT_ONCE, Lifetime, Pending, most_days
from festoon.ledger.accounts import SHELF, budget_line, chances_asset, shared, stock_asset
from festoon.mechanics.reward_line import GiveSpec, RewardLine
from festoon.plan import codes_plan as codes
from festoon.plan.codes_pending import PENDING_NOTHING
from festoon.plan.compiled import Line, Thing
from festoon.plan.money import CURRENCIES, minor, unit_cost
from festoon.plan.problems import suggestion
from festoon.plan.schema import BudgetLine, Plan
from festoon.plan.things import OwnAsset
from festoon.plan.values import texts
from festoon.plan.variants import CHOICES, Judge, choice, unjudged

BUILT_IN = ("points", "growth")
"""Assets that are always there. A plan may say what they cost and how long they last when it gives them."""

SECTIONS = {
    "coupon": "coupons",
    "badge": "badges",
    "item": "items",
    "gift": "gifts",
    "membership": "memberships",
}
"""Where a plan declares what has an identity, by the word a reward line uses."""

_AMOUNTS = ("points", "growth", "asset")
_THINGS = (*_AMOUNTS, "coupon", "badge", "item", "gift", "chances", "membership", *CHOICES)
_BESIDE = {
    "asset": ("amount",),
    "membership": ("days", "months"),
    "first": ("otherwise",),
    "experiment": ("arms",),
}
"""What stands beside a thing, at least one of them, and beside nothing else."""
_WRITTEN = {"otherwise": "else"}


class Elsewhere(Invalid):
    """A mistake of the thing itself, not of the line that gives it: its place is a path of the plan."""


class Catalogue:
    """The gifts, costs and budget lines of one plan. Raises Invalid with a path of the plan as its place."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.currency = plan.budget.currency
        self.lines: dict[str, Line] = {name: self._line(name) for name in plan.budget.lines}
        self.chances_used: set[str] = set()
        self.numbered: set[str] = set()
        """The accounts of mechanics of which it matters how many have left."""

    def reward(self, give: GiveSpec, path: str, judge: Judge = unjudged) -> Reward:
        """The reward of that name, or of those lines."""
        lines = self.lines_of(give, path)
        name = give if isinstance(give, str) else ""
        return Reward(name, tuple(self.line(line, at, judge) for line, at in lines))

    def lines_of(self, give: GiveSpec, path: str) -> list[tuple[RewardLine, str]]:
        """The lines of a named reward, or those written in place, each with its path."""
        if isinstance(give, str):
            lines = self._known("rewards", give, path)
            return [(line, f"rewards.{give}[{i}]") for i, line in enumerate(lines)]
        return [(line, f"{path}[{i}]") for i, line in enumerate(give)]

    def line(self, line: RewardLine, path: str, judge: Judge = unjudged) -> Gift | Choice:
        """One line: a gift, or what differs by member."""
        if _thing(line, path) in CHOICES:
            return choice(self.plan, line, path, self._gifts, judge)
        return self.gift(line, path)

    def _gifts(self, give: GiveSpec, path: str) -> Iterator[tuple[Gift, str]]:
        for line, at in self.lines_of(give, path):
            if _thing(line, at) in CHOICES:
                raise Invalid(codes.NESTED_VARIANTS, path)
            yield self.gift(line, at), at

    def gift(self, line: RewardLine, path: str) -> Gift:
        """One line that gives the same to everybody."""
        thing = _thing(line, path)
        try:
            return self._one(thing, line)
        except Elsewhere:
            raise
        except Invalid as wrong:
            raise Invalid(wrong.code, f"{path}.{wrong.place or thing}", **wrong.data) from None

    def _one(self, thing: str, line: RewardLine) -> Gift:
        match thing:
            case "points":
                return self._counted("points", line.points, "points", line.pending)
            case "growth":
                return self._counted("growth", line.growth, "growth", line.pending)
            case "asset":
                return self._counted(str(line.asset), line.amount, "amount", line.pending)
            case "chances":
                return self._chances(line)
            case "coupon":
                return self._coupon(line)
            case "badge":
                return self._badge(line)
            case "item":
                return self._item(line)
            case "gift":
                return self._goods(line)
            case _:
                return self._membership(line)

    def asset(self, code: str, path: str = "asset") -> str:
        """The code of a built-in asset, or of one of the plan's own (which is the campaign's alone)."""
        if code in BUILT_IN or code == self.currency:
            return code
        if code not in self.plan.assets:
            known = (*BUILT_IN, self.currency, *self.plan.assets)
            raise Invalid(
                codes.UNKNOWN_NAME,
                path,
                section="assets",
                name=code,
                known=", ".join(known),
                **suggestion(code, known),
            )
        return f"{self.plan.campaign}/{code}"

    def chances(self, mechanic: str, path: str = "chances") -> str:
        """The asset in which a mechanic's chances are counted."""
        self._known("mechanics", mechanic, path)
        self.chances_used.add(mechanic)
        return chances_asset(self.plan.campaign, mechanic)

    def stock(self, name: str) -> str:
        """The shared account of a stock: `coupon:ten-off` of the plan, `lucky-draw/phone` of a mechanic."""
        return shared(SHELF, stock_asset(self.plan.campaign, name))

    def stocks(self) -> Iterator[tuple[str, int, bool]]:
        """The accounts of everything declared with a stock: how much goes in, and whether it is numbered."""
        kinds = (("coupon", self.plan.coupons), ("badge", self.plan.badges), ("gift", self.plan.gifts))
        for kind, section in kinds:
            things: Mapping[str, Any] = section
            for name, thing in things.items():
                if thing.stock is not None:
                    yield self.stock(f"{kind}:{name}"), thing.stock, False
        for name, item in self.plan.items.items():
            if item.edition is not None or item.stock is not None:
                yield self.stock(f"item:{name}"), item.edition or item.stock or 0, item.edition is not None

    def names(self) -> Iterator[tuple[str, str]]:
        """The kind and name of everything declared that has an identity."""
        for kind, section in SECTIONS.items():
            yield from ((kind, name) for name in getattr(self.plan, section))

    def thing(self, kind: str, name: str) -> Thing:
        """What people call it, and what one (of a membership: one day) costs."""
        line = {kind: name, "days": 1} if kind == "membership" else {kind: name}
        gift = self.gift(msgspec.convert(line, RewardLine), SECTIONS[kind])
        declared = getattr(self.plan, SECTIONS[kind])[name]
        ref = gift.ref if isinstance(gift, ItemGift) else name
        wear = getattr(declared, "wear", False)
        place = kind if wear is True else wear or ""
        return Thing(kind, ref, texts(declared.title, name), gift.cost.amount, gift.cost.line, place)

    def cost(self, price: Decimal, line: str | None, name: str, path: str = "") -> Cost:
        """What one thing costs, on its budget line."""
        if not price and line is None:
            return FREE
        try:
            amount = minor(price, self.currency, f"{path}.cost")
        except Invalid as wrong:
            raise Elsewhere(wrong.code, wrong.place, **wrong.data) from None
        return Cost(amount, 1, self._account(line, name, path), self.currency)

    def _line(self, name: str) -> Line:
        said = self.plan.budget.lines[name]
        line = said if isinstance(said, BudgetLine) else BudgetLine(amount=said)
        amount = minor(line.amount, self.currency, f"budget.lines.{name}")
        account = budget_line(self.plan.campaign, name, self.currency)
        return Line(name, account, amount, line.source, texts(line.title, name))

    def _account(self, line: str | None, name: str, path: str) -> str:
        if line is None:
            raise Elsewhere(codes.COST_WITHOUT_LINE, path, name=name, known=", ".join(self.lines))
        if line not in self.lines:
            raise Elsewhere(
                codes.UNKNOWN_NAME,
                f"{path}.line",
                section="budget.lines",
                name=line,
                known=", ".join(self.lines),
                **suggestion(line, self.lines),
            )
        return self.lines[line].account

    def _known(self, section: str, name: str, path: str) -> Any:
        known: Mapping[str, Any] = getattr(self.plan, section)
        if name not in known:
            listed = ", ".join(known) or "-"
            raise Invalid(
                codes.UNKNOWN_NAME, path, section=section, name=name, known=listed, **suggestion(name, known)
            )
        return known[name]

    def _counted(
        self, code: str, amount: int | tuple[int, int] | None, key: str, pending: Pending | None
    ) -> AssetGift:
        asset = self.asset(code)
        low, high = amount if isinstance(amount, tuple) else (amount or 0, amount or 0)
        if low < 1:
            raise Invalid(codes.NOT_POSITIVE, key, given=low)
        if high < low:
            raise Invalid(codes.RANGE_TURNED, key, low=low, high=high)
        if pending == AT_ONCE:
            raise Invalid(PENDING_NOTHING, "pending")
        cost, lasts = self.worth(code)
        return AssetGift(asset, low, high, cost, lasts, pending or AT_ONCE)

    def worth(self, code: str) -> tuple[Cost, Lifetime]:
        """What one smallest unit of an asset costs when this plan gives it, and how long it lasts."""
        own = self.plan.assets.get(code, OwnAsset())
        if own.line is None and not own.cost:
            return FREE, own.expires
        path = f"assets.{code}"
        account = self._account(own.line, code, path)
        scale = CURRENCIES[code] if code == self.currency else own.scale
        try:
            return unit_cost(own.cost, scale, self.currency, account), own.expires
        except Invalid as wrong:
            raise Elsewhere(wrong.code, f"{path}.cost", **wrong.data) from None

    def _chances(self, line: RewardLine) -> AssetGift:
        name = str(line.chances)
        asset = self.chances(name)
        mechanic = self.plan.mechanics[name]
        if not plays_for_chances(mechanic.params):
            raise Invalid(codes.NO_CHANCES_HERE, "chances", mechanic=name, kind=mechanic.kind)
        return AssetGift(asset, line.count, line.count)

    def _coupon(self, line: RewardLine) -> ItemGift:
        name = str(line.coupon)
        of = self._known("coupons", name, "coupon")
        return ItemGift(
            "coupon",
            f"{self.plan.campaign}/{name}",
            line.count,
            self.cost(of.cost, of.line, name, f"coupons.{name}"),
            of.valid,
            self.stock(f"coupon:{name}") if of.stock is not None else "",
            code=f"{of.code.prefix}*{of.code.length}",
            codes=f"{self.plan.campaign}/coupon:{name}" if of.batch else "",
        )

    def _badge(self, line: RewardLine) -> ItemGift:
        name = str(line.badge)
        of = self._known("badges", name, "badge")
        cost = self.cost(of.cost, of.line, name, f"badges.{name}")
        stock = self.stock(f"badge:{name}") if of.stock is not None else ""
        return ItemGift("badge", f"{self.plan.campaign}/{name}", line.count, cost, of.lasts, stock)

    def _item(self, line: RewardLine) -> ItemGift:
        name = str(line.item)
        of = self._known("items", name, "item")
        return ItemGift(
            "item",
            f"{self.plan.campaign}/{name}",
            line.count,
            self.cost(of.cost, of.line, name, f"items.{name}"),
            of.lasts,
            self.stock(f"item:{name}") if of.stock is not None or of.edition is not None else "",
            serial=of.edition is not None,
            edition=of.edition or 0,
        )

    def _goods(self, line: RewardLine) -> ItemGift:
        name = str(line.gift)
        of = self._known("gifts", name, "gift")
        return ItemGift(
            "gift",
            f"{self.plan.campaign}/{name}",
            line.count,
            self.cost(of.cost, of.line, name, f"gifts.{name}"),
            of.claim,
            self.stock(f"gift:{name}") if of.stock is not None else "",
            state="awaiting",
        )

    def _membership(self, line: RewardLine) -> ItemGift:
        """Memberships are the platform's, so that days from several campaigns add up."""
        name, days, months = str(line.membership), line.days or 0, line.months or 0
        of = self._known("memberships", name, "membership")
        if line.days is not None and days < 1:
            raise Invalid(codes.NOT_POSITIVE, "days", given=days)
        each = self.cost(of.cost, of.line, name, f"memberships.{name}")
        cost = Cost(each.amount * (days + most_days(months)), 1, each.line, each.currency)
        return ItemGift("membership", name, line.count, cost, days=days, months=months)


def plays_for_chances(params: Any) -> bool:
    """Whether a mechanic with such parameters is played with chances."""
    return hasattr(params, "chances") or hasattr(params, "tickets")


def _thing(line: RewardLine, path: str) -> str:
    """The one thing that a line gives, with what belongs beside it and nothing else."""
    said = [thing for thing in _THINGS if getattr(line, thing) is not None]
    if len(said) != 1:
        raise Invalid(codes.NOT_ONE_THING, path, count=len(said), known=", ".join(_THINGS))
    _check_beside(line, said[0], path)
    return said[0]


def _check_beside(line: RewardLine, thing: str, path: str) -> None:
    """`amount` goes with `asset`, `days` and `months` with `membership`, `count` with what can be counted out."""
    for owner, keys in _BESIDE.items():
        there = [_WRITTEN.get(key, key) for key in keys if getattr(line, key) is not None]
        if owner == thing and not there:
            wanted = "`/`".join(_WRITTEN.get(key, key) for key in keys)
            raise Invalid(codes.LINE_NEEDS, path, thing=thing, key=wanted)
        if owner != thing and there:
            raise Invalid(codes.LINE_HAS_NO, f"{path}.{there[0]}", thing=thing, key=there[0])
    if line.count < 1:
        raise Invalid(codes.NOT_POSITIVE, f"{path}.count", given=line.count)
    if line.count != 1 and thing in (*_AMOUNTS, *CHOICES):
        raise Invalid(codes.LINE_HAS_NO, f"{path}.count", thing=thing, key="count")
    if line.pending is not None and thing not in _AMOUNTS:
        raise Invalid(codes.LINE_HAS_NO, f"{path}.pending", thing=thing, key="pending")
