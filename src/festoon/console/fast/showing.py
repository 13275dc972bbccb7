"""What can have more, and what is asked for, as the pages of the fast lane show them: by name, and money as money."""

from decimal import Decimal

from msgspec import Struct

from festoon.api.naming import Names
from festoon.base.errors import NotFound
from festoon.console.asked import Asked
from festoon.console.members.person import program_of
from festoon.console.texts import language
from festoon.engine.amendments import Amendment, can_have_more
from festoon.insight import wording
from festoon.insight.views.reader import Reader
from festoon.plan.more import Amendable


def title_of(request: Asked, id: str) -> str:
    """What the plan that runs calls its campaign; the id of one that does not run."""
    return Names(program_of(request), language()).campaign(id)


class CanHave(Struct, frozen=True):
    """Something that can have more, as a page shows it: `now` in the plan, and perhaps what is to be added."""

    path: str
    name: str
    kind: str
    now: str
    add: str = ""


def can_have(request: Asked, id: str, each: Amendable, add: str = "") -> CanHave:
    """What can have more of a campaign, by what its plan calls it."""
    named = _named(request, id, each)
    said = f"+{_amount(request, id, each.kind, Decimal(add))}" if add else ""
    return CanHave(each.path, named, each.kind, _amount(request, id, each.kind, each.now), said)


def _amount(request: Asked, id: str, kind: str, amount: Decimal) -> str:
    """Money in a budget line, a number of anything else."""
    running = program_of(request).campaigns.get(id)
    if kind != "line" or running is None:
        return f"{amount:,f}"
    return wording.price(amount, running.currency)


class Waits(Struct, frozen=True):
    """A request for more that waits: its campaign, and what is asked for by name."""

    request: Amendment
    title: str
    adds: list[CanHave]


def waits(request: Asked, asked: Amendment) -> Waits:
    """What is asked for of a plan is in it, unless another version runs by now."""
    try:
        known = {each.path: each for each in request.bridge.ask(can_have_more, asked.campaign)}
    except NotFound:  # it has been stopped
        known = {}
    adds = [
        can_have(request, asked.campaign, known[path], add)
        if path in known
        else CanHave(path, path, "", "", f"+{add}")
        for path, add in asked.adds.items()
    ]
    return Waits(asked, title_of(request, asked.campaign), adds)


def _named(request: Asked, id: str, each: Amendable) -> str:
    """What the plan that runs calls something that can have more; otherwise its name there."""
    running = program_of(request).campaigns.get(id)
    if running is None:
        return each.name
    reader, section = Reader(language(), running), each.path.partition(".")[0]
    if each.kind == "line":
        return reader.of(running.lines[each.name].title) if each.name in running.lines else each.name
    if each.kind == "places":
        return reader.mechanic(each.name)
    if section == "mechanics":
        return reader.stock(each.name.replace(": ", "/", 1))
    return reader.thing(section.removesuffix("s"), each.name)
