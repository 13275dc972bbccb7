"""What it can cost at the most, against the lines that pay."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from msgspec.structs import replace

from festoon.base.amounts import MAX_AMOUNT
from festoon.base.rewards import FREE, AssetGift, Choice, Gift, Reward, Variant
from festoon.plan import codes_plan as codes
from festoon.plan.build import Site
from festoon.plan.compiled import CompiledCampaign, CompiledMechanic, Line
from festoon.plan.money import CURRENCIES, money

Costs = dict[str, int]
"""Smallest units of money by the account of a budget line."""


def check(site: Site, compiled: CompiledCampaign) -> None:
    """Note what cannot be paid for, and what nothing but the budget stops."""
    together: Costs = _placements(site)
    over: set[str] = set()
    lines = {line.account: line for line in compiled.lines.values()}
    for mechanic in compiled.mechanics:
        path = f"mechanics.{mechanic.id}"
        bounded, unbounded = worst(compiled, mechanic)
        for account in sorted(unbounded):
            site.findings.say(codes.NO_BOUND, path, mechanic=mechanic.id, **_said(compiled, lines[account]))
        for account, most in bounded.items():
            together[account] = together.get(account, 0) + most
            if most > lines[account].amount:
                over.add(account)
                said = _said(compiled, lines[account], most)
                site.findings.say(codes.OVER_BUDGET, path, mechanic=mechanic.id, **said)
    for account, most in together.items():
        line = lines[account]
        if most > line.amount and account not in over:
            path = f"budget.lines.{line.name}"
            site.findings.say(codes.LINE_OVERDRAWN, path, **_said(compiled, line, most))


def _said(compiled: CompiledCampaign, line: Line, most: int | None = None) -> dict[str, str]:
    """A line and its amount, and the most that is asked of it, as people read them."""
    amount = money(line.amount, compiled.currency)
    said = {"line": line.name, "amount": amount, "currency": compiled.currency}
    return said if most is None else said | {"worst": money(most, compiled.currency)}


def worst(compiled: CompiledCampaign, mechanic: CompiledMechanic) -> tuple[Costs, frozenset[str]]:
    """The most that a mechanic can cost each line, and the lines on which nothing bounds it."""
    stock = {account.key: account.opening for account in compiled.shared}
    cases = list(mechanic.mechanic.worst_case())
    most, _ = _worst(compiled, mechanic, cases, stock)
    apart = [
        (Reward("", tuple(_shelved(gift, stock) for gift in reward.gifts)), times) for reward, times in cases
    ]
    rest, unbounded = _worst(compiled, mechanic, apart, stock)
    shelves = _shelves([reward for reward, _ in cases], stock)
    bounded = {
        account: shelves.get(account, 0) + rest.get(account, 0) for account in {*shelves, *rest} - unbounded
    }
    return {account: min(sum_, most.get(account, sum_)) for account, sum_ in bounded.items()}, unbounded


def _shelves(rewards: list[Reward], stock: Mapping[str, int]) -> Costs:
    """What all there is of everything that has a stock costs: each thing once, whatever rewards it stands in."""
    things = {
        gift.stock: gift
        for reward in rewards
        for gift in reward.every()
        if not isinstance(gift, AssetGift) and gift.stock in stock and gift.cost.line and gift.cost.amount
    }
    costs: Costs = {}
    for key, gift in things.items():
        costs[gift.cost.line] = costs.get(gift.cost.line, 0) + stock[key] * gift.cost.amount
    return costs


def _shelved(gift: Gift | Choice, stock: Mapping[str, int]) -> Gift | Choice:
    """A gift whose stock has been counted: it costs nothing any more, and still ends when there is no more of it."""
    if isinstance(gift, Choice):
        variants = [
            Variant(tuple(_priceless(each, stock) for each in variant.gifts), variant.arm, variant.when)
            for variant in gift.variants
        ]
        return Choice(tuple(variants), gift.split)
    return _priceless(gift, stock)


def _priceless(gift: Gift, stock: Mapping[str, int]) -> Gift:
    return gift if isinstance(gift, AssetGift) or gift.stock not in stock else replace(gift, cost=FREE)


def _worst(
    compiled: CompiledCampaign,
    mechanic: CompiledMechanic,
    worst_cases: list[tuple[Reward, int | None]],
    stock: Mapping[str, int],
) -> tuple[Costs, frozenset[str]]:
    """The same of some rewards, each so many times, as if each had its stock to itself."""
    left = mechanic.limits.total
    cases, unbounded = [], set[str]()
    for reward, times in worst_cases:
        costs, often = _cost(compiled, mechanic, reward), _times(reward, times, stock)
        cases.append((costs, often))
        if often is None and left is None:
            unbounded |= set(costs)
        else:
            unbounded |= {gift.cost.line for gift in reward.every() if _is_endless(mechanic, gift)} & set(
                costs
            )
    most: Costs = {}
    for account in {account for costs, _ in cases for account in costs} - unbounded:
        most[account] = _most([(costs.get(account, 0), times) for costs, times in cases], left)
    return most, frozenset(unbounded)


def _is_endless(mechanic: CompiledMechanic, gift: Gift) -> bool:
    """Whether a gift is a computed amount that neither the mechanic nor a cap holds."""
    return isinstance(gift, AssetGift) and gift.high >= MAX_AMOUNT and gift.asset not in mechanic.caps


def _most(cases: list[tuple[int, int | None]], left: int | None) -> int:
    """The dearest rewards first, each as often as it can be had, until the mechanic's total is used up."""
    sum_ = 0
    for each, times in sorted(cases, key=lambda case: -case[0]):
        often = times if left is None else left if times is None else min(times, left)
        if not each or not often:
            continue
        sum_ += each * often
        left = None if left is None else left - often
    return sum_


def _times(reward: Reward, times: int | None, stock: Mapping[str, int]) -> int | None:
    """How often a reward can be had: as the mechanic says, and while the stock of all its items lasts. What is out of
    stock in one variant of a choice does not end the others."""
    for gift in reward.gifts:
        enough = _enough(gift, stock)
        if enough is not None:
            times = enough if times is None else min(times, enough)
    return times


def _enough(gift: Gift | Choice, stock: Mapping[str, int]) -> int | None:
    """For how many times there is enough of a gift; None for no end."""
    if isinstance(gift, Choice):
        each = [_times(Reward("", variant.gifts), None, stock) for variant in gift.variants]
        return None if None in each else sum(filter(None, each))
    if isinstance(gift, AssetGift) or gift.stock not in stock:
        return None
    return stock[gift.stock] // gift.count


def _cost(compiled: CompiledCampaign, mechanic: CompiledMechanic, reward: Reward) -> Costs:
    """What a reward costs each line at the most: of a choice the variant that is dearest to the line."""
    costs: Costs = {}
    for gift in reward.gifts:
        if isinstance(gift, Choice):
            each = [_cost(compiled, mechanic, Reward("", variant.gifts)) for variant in gift.variants]
            lines = {line for found in each for line in found}
            found = {line: max(variant.get(line, 0) for variant in each) for line in lines}
        elif gift.cost.line and gift.cost.amount:
            found = {gift.cost.line: _price(compiled, mechanic, gift)}
        else:
            continue
        for line, most in found.items():
            costs[line] = costs.get(line, 0) + most
    return costs


def _price(compiled: CompiledCampaign, mechanic: CompiledMechanic, gift: Gift) -> int:
    """The most one gift costs: its highest amount, with every multiplier that may apply at once, up to a cap."""
    if not isinstance(gift, AssetGift):
        return gift.count * gift.cost.amount
    modifiers: list[Any] = [modifier.mechanic for modifier in compiled.modifiers]
    covering = [each for each in modifiers if each.covers(mechanic.id, gift.asset)]
    numerator, denominator = covering[0].combine(covering) if covering else (1, 1)
    factor = max(Fraction(numerator, denominator), Fraction(1))
    cap = mechanic.caps.get(gift.asset)
    units = gift.high * factor if cap is None else min(gift.high * factor, Fraction(cap.amount))
    return ceil(units * gift.cost.amount / gift.cost.per)


def _placements(site: Site) -> Costs:
    """What promotion is planned to cost, by line."""
    sums: Costs = {}
    scale = CURRENCIES[site.catalogue.currency]
    for placement in site.plan.promotion.values():
        if placement.line in site.catalogue.lines:
            account = site.catalogue.lines[placement.line].account
            sums[account] = sums.get(account, 0) + int(placement.cost.scaleb(scale))
    return sums
