"""Pools: a part of a budget line that is set apart for one mechanic to share out."""

from msgspec import Struct
from msgspec.structs import replace

from festoon.base.amounts import scaled
from festoon.base.errors import Invalid
from festoon.base.rewards import AssetGift, Cost, SetAside
from festoon.ledger.accounts import holder_and_asset
from festoon.plan.apart import line_of, multiplier_of, set_apart
from festoon.plan.catalogue import Catalogue
from festoon.plan.money import money
from festoon.plan.problems import error

MONEY_WITHOUT_LINE = error(
    "plan.pool_without_line",
    "a pool of money says which budget line it is taken from; there are {known}",
    "现金池需写明从哪个预算科目划拨；现有：{known}",
)
LINE_NOT_ASKED = error(
    "plan.pool_line_not_asked",
    "`line` is for a pool of money; what {asset} costs, and on which line, stands under `assets`",
    "`line` 只用于现金池；{asset}的成本和科目写在 `assets` 中",
)
OVER_LINE = error(
    "plan.pool_over_line",
    "the pool costs {cost} {currency}, and the line `{line}` has {left} left for it",
    "奖池需{cost} {currency}，而科目 `{line}` 可划拨的只有{left}",
)
MULTIPLIED = error(
    "plan.pool_multiplied",
    "`{modifier}` would change what the pool gives, and a pool gives what is in it",
    "`{modifier}` 会改变奖池的发放金额，而奖池只发放池内金额",
    todo="Name in its `applies_to` the mechanics that it is for.",
    todo_zh="请在其 `applies_to` 中写明所适用的玩法。",
)


class Pool(Struct, frozen=True):
    """So many units of an asset, to be given in so many shares. `line` pays, if they are money."""

    asset: str
    amount: int
    shares: int
    line: str = ""


def set_aside(catalogue: Catalogue, mechanic: str, pool: Pool) -> SetAside:
    """The whole pool as one gift, its cost booked on the line that was set aside for it.

    Raises Invalid for an unknown asset or line, more than the line has, or a multiplier that covers it.
    """
    code = catalogue.asset(pool.asset)
    if modifier := multiplier_of(catalogue.plan, mechanic, pool.asset):
        raise Invalid(MULTIPLIED, modifier=modifier)
    cost, lasts = catalogue.worth(pool.asset)
    if code == catalogue.currency:
        if pool.line not in catalogue.plan.budget.lines:
            raise Invalid(MONEY_WITHOUT_LINE, "line", known=", ".join(catalogue.plan.budget.lines))
        cost = Cost(1, 1, catalogue.lines[pool.line].account, code)
    elif pool.line:
        raise Invalid(LINE_NOT_ASKED, "line", asset=pool.asset)
    home = ""
    if cost.line and cost.amount:
        home, _ = holder_and_asset(cost.line)
        cost = replace(cost, line=_line(catalogue, mechanic, pool, cost))
    return SetAside(AssetGift(code, pool.amount, pool.amount, cost, lasts), home)


def _line(catalogue: Catalogue, mechanic: str, pool: Pool, cost: Cost) -> str:
    """The account of the line that was set aside."""
    source = line_of(catalogue, cost.line)
    name = f"{source.name}.{mechanic}"
    if name not in catalogue.lines:
        # Each share's cost is rounded by itself: half a unit more at the most.
        rounding = 0 if cost.per == 1 else -(-pool.shares // 2)
        price = scaled(pool.amount, cost.amount, cost.per) + rounding
        if price > source.amount:
            said = {"line": source.name, "currency": catalogue.currency}
            left, wanted = (money(each, catalogue.currency) for each in (source.amount, price))
            raise Invalid(OVER_LINE, "amount", cost=wanted, left=left, **said)
        return set_apart(catalogue, source, mechanic, price)
    return catalogue.lines[name].account
