"""Rewards that are paid for beforehand: whoever wins a prize of a grand draw finds its price there, whatever others
have spent until then. The worst case is set apart from its budget lines when the plan is published."""

from collections.abc import Mapping

from msgspec.structs import replace

from festoon.base.amounts import scaled
from festoon.base.errors import Invalid
from festoon.base.rewards import AssetGift, Choice, Gift, Reserved, Reward
from festoon.ledger.accounts import holder_and_asset
from festoon.plan.apart import line_of, multiplier_of, set_apart
from festoon.plan.catalogue import Catalogue
from festoon.plan.money import money
from festoon.plan.problems import error

OVER_LINE = error(
    "plan.prizes_over_line",
    "{times} of these cost {cost} {currency}, and the line `{line}` has {left} left to set aside for them",
    "{times}份共需{cost} {currency}，而科目 `{line}` 可预留的只有{left}",
    todo="Give the line more, or draw fewer or cheaper prizes.",
    todo_zh="请增加该科目预算，或减少奖品数量与成本。",
)
MULTIPLIED = error(
    "plan.prize_multiplied",
    "`{modifier}` would change what this prize costs, which is set aside when the plan is published",
    "`{modifier}` 会改变该奖品的成本，而其成本在发布时即已预留",
    todo="Name in its `applies_to` the mechanics that it is for.",
    todo_zh="请在其 `applies_to` 中写明所适用的玩法。",
)

Prices = dict[str, int]
"""What one costs at the most, by the account of a budget line."""


def reserve(catalogue: Catalogue, mechanic: str, reward: Reward, times: int) -> Reserved:
    """The reward with its costs on lines that so many times its price was set apart on.

    Raises Invalid when a line has less than that, or when a multiplier would change the price.
    """
    for gift in reward.every():
        _refuse_multiplied(catalogue, mechanic, gift)
    accounts, prices, homes = dict[str, str](), dict[str, int](), dict[str, str]()
    for home, price in _prices(reward).items():
        source = line_of(catalogue, home)
        if price * times > source.amount:
            wanted, left = (money(each, catalogue.currency) for each in (price * times, source.amount))
            said = {"line": source.name, "currency": catalogue.currency, "times": times}
            raise Invalid(OVER_LINE, "", cost=wanted, left=left, **said)
        account = accounts[home] = set_apart(catalogue, source, mechanic, price * times)
        prices[account] = price
        homes[account], _ = holder_and_asset(home)
    return Reserved(_booked(reward, accounts), prices, homes)


def _refuse_multiplied(catalogue: Catalogue, mechanic: str, gift: Gift) -> None:
    if isinstance(gift, AssetGift) and _costs(gift):
        asset = gift.asset.removeprefix(f"{catalogue.plan.campaign}/")
        if modifier := multiplier_of(catalogue.plan, mechanic, asset):
            raise Invalid(MULTIPLIED, modifier=modifier)


def _costs(gift: Gift) -> bool:
    return bool(gift.cost.line and gift.cost.amount)


def _prices(reward: Reward) -> Prices:
    """What a reward costs each line at the most: of a choice the variant that is dearest to the line."""
    sums: Prices = {}
    for gift in reward.gifts:
        if isinstance(gift, Choice):
            each = [_prices(Reward("", variant.gifts)) for variant in gift.variants]
            lines = {line for one in each for line in one}
            found = {line: max(one.get(line, 0) for one in each) for line in lines}
        else:
            found = {gift.cost.line: _price(gift)} if _costs(gift) else {}
        for line, price in found.items():
            sums[line] = sums.get(line, 0) + price
    return sums


def _price(gift: Gift) -> int:
    if isinstance(gift, AssetGift):
        return scaled(gift.high, gift.cost.amount, gift.cost.per)
    return gift.count * gift.cost.amount


def _booked(reward: Reward, accounts: Mapping[str, str]) -> Reward:
    """The same reward with its costs on other lines."""
    gifts: list[Gift | Choice] = []
    for gift in reward.gifts:
        if isinstance(gift, Choice):
            variants = tuple(
                replace(variant, gifts=tuple(_elsewhere(each, accounts) for each in variant.gifts))
                for variant in gift.variants
            )
            gifts.append(replace(gift, variants=variants))
        else:
            gifts.append(_elsewhere(gift, accounts))
    return replace(reward, gifts=tuple(gifts))


def _elsewhere(gift: Gift, accounts: Mapping[str, str]) -> Gift:
    line = accounts.get(gift.cost.line)
    return gift if line is None else replace(gift, cost=replace(gift.cost, line=line))
