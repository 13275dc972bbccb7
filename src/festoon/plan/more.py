"""What can be added to while a campaign runs: budget lines, stocks, places. Each has a path in the plan's text.

Adding changes the numbers in the text and nothing else, comments and order included, so the version that comes of it is
a plan like any other.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from festoon.base.errors import Invalid, define
from festoon.plan.decode import shown
from festoon.plan.edit import edit
from festoon.plan.problems import PlanInvalid, errors_of
from festoon.plan.source import plain, read_source

NOT_AMENDABLE = define(
    "more.not_amendable",
    400,
    "`{path}` is no budget line, stock or number of places of this plan",
    "`{path}` 不是该方案的预算行、库存或名额",
)
NOTHING = define(
    "more.nothing", 400, "say how much is added; it is only ever more", "请填写增加的数量，且只能增加"
)
THINGS = ("coupons", "gifts", "items", "badges", "memberships")


class Amendable(Struct, frozen=True):
    """Something that more can be added to: its path, its name, what the plan says now, and of which kind it is: a
    budget `line` (in the currency's usual unit), a `stock`, or `places`."""

    path: str
    name: str
    kind: str
    now: Decimal


def amendable(source: str) -> list[Amendable]:
    """Everything of a plan's text that more can be added to, in the order of the plan. Raises PlanInvalid."""
    node, problems = read_source(source)
    if node is None or errors_of(problems):
        raise PlanInvalid(problems)
    return list(_found(plain(node)))


def _found(plan: Mapping[str, Any]) -> Iterator[Amendable]:
    for name, line in plan.get("budget", {}).get("lines", {}).items():
        path = ("budget", "lines", name)
        if isinstance(line, dict):
            yield Amendable(shown((*path, "amount")), name, "line", Decimal(str(line["amount"])))
        else:
            yield Amendable(shown(path), name, "line", Decimal(str(line)))
    for section in THINGS:
        for name, thing in plan.get(section, {}).items():
            if isinstance(thing, dict) and isinstance(thing.get("stock"), int):
                yield Amendable(shown((section, name, "stock")), name, "stock", Decimal(thing["stock"]))
    for id, mechanic in plan.get("mechanics", {}).items():
        how_many = "count" if mechanic.get("kind") == "grand_draw" else "stock"
        for place, prize in enumerate(mechanic.get("prizes") or ()):
            if isinstance(prize, dict) and isinstance(prize.get(how_many), int):
                at = shown(("mechanics", id, "prizes", place, how_many))
                yield Amendable(at, f"{id}: {prize.get('id', place)}", "stock", Decimal(prize[how_many]))
        total = (mechanic.get("limits") or {}).get("total")
        if isinstance(total, int):
            yield Amendable(shown(("mechanics", id, "limits", "total")), id, "places", Decimal(total))


def with_more(source: str, adds: Mapping[str, Decimal]) -> str:
    """The text with more of what the paths name. Raises Invalid for a path that nothing can be added to, and for what
    is not more."""
    known = {each.path: each for each in amendable(source)}
    if not adds:
        raise Invalid(NOTHING, "adds")
    for path, add in adds.items():
        if path not in known:
            raise Invalid(NOT_AMENDABLE, path, path=path)
        if not add.is_finite() or add <= 0 or (known[path].kind != "line" and add != add.to_integral_value()):
            raise Invalid(NOTHING, path)
        new = known[path].now + add
        source = edit(source, path, int(new) if new == new.to_integral_value() else new)
    return source
