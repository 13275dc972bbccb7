"""Lines set apart: a part of a budget line that only one mechanic can spend, `prizes.journey` beside `prizes`.

What is set apart when the plan is published is a line of its own, and the line it comes from has that much less.
Figures and reports show it like any other line.
"""

from msgspec.structs import replace

from festoon.ledger.accounts import budget_line
from festoon.mechanics.registry import kind
from festoon.plan.catalogue import Catalogue
from festoon.plan.compiled import Line
from festoon.plan.schema import Plan
from festoon.plan.values import texts


def line_of(catalogue: Catalogue, account: str) -> Line:
    """The line whose account this is."""
    return next(line for line in catalogue.lines.values() if line.account == account)


def set_apart(catalogue: Catalogue, source: Line, mechanic: str, amount: int) -> str:
    """Move an amount from a line, which has it, to what is set apart of it for a mechanic. Returns its account."""
    name = f"{source.name}.{mechanic}"
    account = budget_line(catalogue.plan.campaign, name, catalogue.currency)
    title = texts(catalogue.plan.mechanics[mechanic].title, mechanic)
    known = catalogue.lines.get(name, Line(name, account, 0, source.source, title))
    catalogue.lines[source.name] = replace(source, amount=source.amount - amount)
    catalogue.lines[name] = replace(known, amount=known.amount + amount)
    return account


def multiplier_of(plan: Plan, mechanic: str, asset: str) -> str:
    """A modifier that changes what a mechanic gives of an asset, by the names of the plan; "" for none."""
    for id, other in plan.mechanics.items():
        if kind(other.kind).modifies and getattr(other.params, "asset", "") == asset:
            applies_to = getattr(other.params, "applies_to", ())
            if not applies_to or mechanic in applies_to:
                return id
    return ""
