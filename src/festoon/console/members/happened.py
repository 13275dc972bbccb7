"""A member's events and statement as his pages tell them: what happened and what came of it, all by its title."""

from collections.abc import Iterator

from msgspec import Struct

from festoon.api.naming import Names
from festoon.engine.outcome import Given, MechanicOutcome
from festoon.engine.refusal_words import shown
from festoon.engine.statement import Line
from festoon.insight.member.events import MemberEvent
from festoon.insight.wording import MINUS


class Came(Struct, frozen=True):
    """One line of what came of an event. `how` is given, held, taken, counted, said (a refusal's own words) or passed;
    `why` is the reason of who was passed over."""

    how: str
    what: str = ""
    mechanic: str = ""
    why: str = ""


class Happened(Struct, frozen=True):
    """One event with what came of it."""

    event: MemberEvent
    title: str
    came: list[Came]


def happened(event: MemberEvent, names: Names) -> Happened:
    """An event for a reader of these names."""
    return Happened(event, names.event(event.type), list(_came(event, names)))


class Changed(Struct, frozen=True):
    """One line of a statement. `part` is empty where it is simply his, or else held, pending or owed."""

    line: Line
    asset: str
    part: str
    amount: str
    because: str
    event: str


def changed(line: Line, names: Names) -> Changed:
    """A change of what he has, for a reader of these names."""
    asset, scale = names.asset(line.asset)
    amount = shown(abs(line.amount), scale)
    signed = f"{MINUS}{amount}" if line.amount < 0 else f"+{amount}"
    part = line.part.removeprefix("@")
    return Changed(line, asset, part, signed, names.mechanic(line.why), names.event(line.type))


def _came(event: MemberEvent, names: Names) -> Iterator[Came]:
    for made in event.outcome.mechanics:
        if made.refused is None:
            yield from _made(made, names)
    said = event.refusals(names.language)
    for key, code, text in said:
        if key or all(other != code for of, other, _ in said if of):  # what a mechanic says is not said twice
            yield Came("said", text, names.mechanic(key) if key else "")
    for reason, keys in event.outcome.passed_over.items():
        yield Came("passed", ", ".join(map(names.mechanic, keys)), why=reason)


def _made(made: MechanicOutcome, names: Names) -> Iterator[Came]:
    """What one mechanic gave, set aside and took; one that did none of it has counted the event."""
    campaign, mechanic = made.mechanic.partition("/")[0], names.mechanic(made.mechanic)
    found = [Came("given", names.given(campaign, each), mechanic) for each in made.given]
    found += [Came("held", names.given(campaign, each), mechanic) for each in made.held]
    taken = (Given("asset", asset, amount) for asset, amount in made.taken.items())
    found += [Came("taken", names.given(campaign, each), mechanic) for each in taken]
    yield from found or [Came("counted", mechanic, "")]
