"""What the condition at a place of a plan can ask: its fields with their kinds, operators and known values."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from festoon.base.errors import template_of
from festoon.base.expressions import FieldType, Kind, Literal, Vocabulary
from festoon.mechanics.registry import kinds
from festoon.plan.assemble import parse
from festoon.plan.behaviour import FIGURES
from festoon.plan.edit import steps_of
from festoon.plan.form.conditions import OPERATORS, Group, read_condition
from festoon.plan.form.words import asked_label
from festoon.plan.schema import Plan
from festoon.plan.words import segment_vocabulary, success_vocabulary, vocabulary


class Askable(Struct, frozen=True):
    """A field a condition can ask of. `choices` are the only texts it can have, if they are known."""

    field: str
    label: str
    kind: str
    operators: tuple[str, ...]
    choices: tuple[str, ...] = ()


def vocabulary_at(text: str, path: str) -> Vocabulary:
    """What the condition at a path of a text may speak of, as far as the text is sound."""
    plan = parse(text).plan
    if plan is None:
        return Vocabulary({})
    try:
        zone = ZoneInfo(plan.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    steps = steps_of(path)
    if steps[0] == "segments":
        return segment_vocabulary(plan, zone)
    if steps[0] == "experiments" and "success" in steps:
        return success_vocabulary(plan, _of_success(plan, str(steps[1])), zone)
    types = _types(plan, str(steps[1])) if steps[0] == "mechanics" and len(steps) > 1 else ()
    return vocabulary(plan, types, zone)


def askable(known: Vocabulary, language: str) -> list[Askable]:
    """Every field and function of a vocabulary, the member's and the event's own first."""
    found = [_of(name, type_, language) for name, type_ in _flat(known)]
    return [*found, *_functions(known, language)]


def condition_at(text: str, path: str, said: str) -> Group:
    """The groups of a condition that stands at a path. Raises ExpressionError."""
    return read_condition(said, vocabulary_at(text, path))


def _of_success(plan: Plan, experiment: str) -> tuple[str, ...]:
    said = plan.experiments.get(experiment)
    if said is None or said.learns is None:
        return ()
    on = said.learns.success.on
    return (on,) if isinstance(on, str) else tuple(on)


def _types(plan: Plan, mechanic: str) -> tuple[str, ...]:
    said = plan.mechanics.get(mechanic)
    if said is None or said.kind not in kinds() or said.params is None:
        return ()
    cls = kinds()[said.kind]
    beside = cls.beside(said.params)
    return tuple(each for each in cls.listens(said.params) if each not in beside)


def _flat(known: Vocabulary) -> Iterator[tuple[str, FieldType]]:
    for name, type_ in known.fields.items():
        if type_.kind is not Kind.OBJECT:
            yield name, type_
        yield from (
            (f"{name}.{part}", inner) for part, inner in type_.fields.items() if type_.kind is Kind.OBJECT
        )


def _of(name: str, type_: FieldType, language: str) -> Askable:
    figure = FIGURES.get(name.removeprefix("member."))
    label = template_of(figure.title, language) if figure else asked_label(name, language)
    return Askable(name, label, type_.kind.value, OPERATORS[type_.kind], tuple(sorted(type_.choices or ())))


def _functions(known: Vocabulary, language: str) -> Iterator[Askable]:
    for name, function in known.functions.items():
        parameter = function.parameters[0] if function.parameters else None
        names = sorted(parameter.choices or ()) if isinstance(parameter, Literal) else ["campaign"]
        kind = function.returns.kind
        operators = tuple(each for each in OPERATORS[kind] if each not in ("present", "missing"))
        for each in names:
            said = f'{name}("{each}")' if isinstance(parameter, Literal) else f"{name}({each})"
            yield Askable(said, asked_label(name, language, each), kind.value, operators)
