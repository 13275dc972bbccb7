"""Give something of a plan another name, wherever the plan refers to it, and leave every other character as it was.

Also what there is to know beforehand: which places name a thing, and which would name nothing once it is taken out.
"""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from festoon.base.errors import Invalid, define
from festoon.plan import splice
from festoon.plan.decode import Path, shown
from festoon.plan.edit import NO_SUCH_PATH, ONLY_BY_HAND, Document, steps_of
from festoon.plan.references import Named, Thing, references, things
from festoon.plan.spans import Span
from festoon.plan.splice import Splice
from festoon.plan.written import scalar

NAME_IN_USE = define(
    "plan.name_in_use",
    409,
    "`{name}` is the name of something else in this plan",
    "`{name}` 已是本方案中其他内容的名称",
    todo="choose another name",
    todo_zh="请换一个名称",
)
NO_NAME = define(
    "plan.no_name",
    400,
    "`{name}` cannot be a name",
    "`{name}` 不能作为名称",
    todo="use letters, digits, - and _, and for a member's attribute no -",
    todo_zh="请使用字母、数字、- 和 _；会员属性的名称中不能有 -",
)

_NAME = re.compile(r"\w[\w.-]*")


class Use(Struct, frozen=True):
    """A place that names something: its path, its line (counted from 1) and what that line says."""

    path: str
    line: int
    text: str


def renamed(text: str, path: str | Path, name: str) -> str:
    """The text with another name for what is declared at a path (`mechanics.draw`, `mechanics.draw.prizes[0].id`),
    there and in every condition, reward and list that names it. Of a key that nothing refers to only the key changes.

    Raises PlanInvalid for a text that cannot be read and Invalid: `plan.no_such_path`, `plan.name_in_use` for a name
    that something of that sort has, `plan.no_name` for what can be none, `plan.only_by_hand` when one of the places is
    written so oddly that only its writer can change it.
    """
    steps, document = steps_of(path), Document(text)
    declared = _declared(document.data, steps)
    if declared.thing.name == name:
        return text
    if not declared.thing.sort and declared.part == "value":
        raise Invalid(NO_SUCH_PATH, path=shown(steps))
    _refuse(document.data, declared.thing, name)
    named = [declared, *_naming(document.data, declared.thing)]
    spans = document.whole()
    splices = _splices(document, spans, named, name)
    for each in _innermost_first(named):
        _put(document.data, each, name)
    return document.with_(splices, steps)


def uses(text: str, path: str | Path) -> list[Use]:
    """Where the plan names what is declared at a path, in the order of the text. Raises PlanInvalid for a text that
    cannot be read, Invalid `plan.no_such_path`."""
    document = Document(text)
    declared = _declared(document.data, steps_of(path))
    return _shown(document, _naming(document.data, declared.thing))


def uses_outside(text: str, path: str | Path) -> list[Use]:
    """Where the rest of the plan names what is declared at a path or below it, such as a mechanic with its prizes: what
    names nothing any more when that is taken out. Raises as `uses` does."""
    document, steps = Document(text), steps_of(path)
    _declared(document.data, steps)
    lost = [each.thing for each in things(document.data) if each.steps[: len(steps)] == steps]
    outside = [each for each in references(document.data) if each.steps[: len(steps)] != steps]
    return _shown(document, [each for each in outside if any(one.is_meant_by(each.thing) for one in lost)])


def _declared(data: Any, steps: Path) -> Named:
    """What is declared at a path; a key that has no meaning elsewhere is a thing of no sort."""
    for each in things(data):
        if each.steps == steps:
            return each
    try:
        around = _get(data, steps[:-1])
        around[steps[-1]]
    except (KeyError, IndexError, TypeError):
        raise Invalid(NO_SUCH_PATH, path=shown(steps)) from None
    return Named(steps, Thing("", str(steps[-1])), "key" if isinstance(around, dict) else "value")


def _naming(data: Any, thing: Thing) -> list[Named]:
    return [each for each in references(data) if thing.is_meant_by(each.thing)] if thing.sort else []


def _refuse(data: Any, thing: Thing, name: str) -> None:
    if not _NAME.fullmatch(name) or (thing.sort == "attribute" and not name.isidentifier()):
        raise Invalid(NO_NAME, name=name)
    wanted = Thing(thing.sort, name, thing.within)
    if thing.sort and any(each.thing == wanted for each in things(data)):
        raise Invalid(NAME_IN_USE, name=name)


def _innermost_first(named: list[Named]) -> list[Named]:
    """Values before the keys on the way to them; in one expression from its end on."""
    return sorted(named, key=lambda each: (each.part == "key", -len(each.steps), -each.start))


def _put(data: Any, named: Named, name: str) -> None:
    around = _get(data, named.steps[:-1])
    last, old = named.steps[-1], named.thing.name
    if named.part == "key":
        if name in around:
            raise Invalid(NAME_IN_USE, name=name)
        entries = [(name if key == last else key, of) for key, of in around.items()]
        around.clear()
        around.update(entries)
    elif named.part in ("value", "default"):
        around[last] = name
    else:
        said = around[last]
        around[last] = said[: named.start] + name + said[named.start + len(old) :]


def _splices(document: Document, top: Span, named: list[Named], name: str) -> list[Splice]:
    found: list[Splice] = []
    for each in named:
        if each.part == "key":
            found += splice.rename(document.text, top, each.steps, name)
        elif each.part == "default":
            found += splice.put(document.text, top, each.steps, name)
        else:
            found.append(_exchanged(document.text, top, each, _get(document.data, each.steps), name))
    return found


def _exchanged(text: str, top: Span, named: Named, said: str, name: str) -> Splice:
    """The characters of one name inside a value, however the value is quoted or folded: it is the same one of those
    that stand there as in what the value says."""
    span, old = _span(top, named.steps), named.thing.name
    written = text[span.start : span.end]
    if named.part == "value":
        if written == old:
            return span.start, span.end, scalar(name, "brackets")
        if written[1:-1] == old and not span.style.isalnum():
            return span.start + 1, span.end - 1, name
        raise Invalid(ONLY_BY_HAND, shown(named.steps), path=shown(named.steps))
    places, meant = list(_places(written, old)), list(_places(said, old))
    if len(places) != len(meant) or named.start not in meant:
        raise Invalid(ONLY_BY_HAND, shown(named.steps), path=shown(named.steps))
    start = span.start + places[meant.index(named.start)]
    return start, start + len(old), name


def _places(text: str, name: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + len(name))


def _span(top: Span, steps: Path) -> Span:
    for step in steps:
        top = (top.parts or {})[step].value
    return top


def _shown(document: Document, named: list[Named]) -> list[Use]:
    """The places in the order of the text; one that names it several times once."""
    top, lines = document.whole(), document.text.split("\n")
    found = {}
    for each in named:
        steps = each.steps[:-1] if each.part == "default" else each.steps
        part = (_span(top, steps[:-1]).parts or {})[steps[-1]]
        line = document.text.count("\n", 0, part.start) + 1
        found[each.steps] = Use(shown(each.steps), line, lines[line - 1].strip())
    return sorted(found.values(), key=lambda use: (use.line, use.path))


def _get(data: Any, steps: Path) -> Any:
    for step in steps:
        data = data[step]
    return data
