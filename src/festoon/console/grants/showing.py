"""What a grant gives and which budget lines pay, as its pages call them."""

from collections.abc import Iterator, Mapping

from festoon.api.naming import Names
from festoon.engine.compensations import LineCost
from festoon.engine.refusal_words import shown


def in_all(total: Mapping[str, int], campaign: str, names: Names) -> Iterator[tuple[str, str]]:
    """Everything that is given or taken back in all: what people call it, and how much of it."""
    known = names.program.campaigns.get(campaign)
    kinds = {} if known is None else {thing.ref: thing.kind for thing in known.things.values()}
    for ref, amount in total.items():
        if ref in kinds:
            yield names.thing(campaign, kinds[ref], ref), shown(amount, 0)
        else:
            title, scale = names.asset(ref)
            yield title, shown(amount, scale)


def line_title(cost: LineCost, names: Names) -> str:
    """What a plan calls the budget line that pays."""
    account = f"{cost.line}|{cost.currency}"
    lines = (line for each in names.program.campaigns.values() for line in each.lines.values())
    return next((names.said(line.title) for line in lines if line.account == account), cost.line)
