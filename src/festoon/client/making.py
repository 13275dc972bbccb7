"""Writes the methods of both clients, one for each operation, from what the operations are declared as.

`python -m festoon.client.making` writes `client/parts` anew; then `ruff check --fix` and `ruff format` put it in order.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from festoon.api.operation import Operation
from festoon.api.operations import declared

FOLDER = Path(__file__).with_name("parts")
BY_HAND = frozenset({"register"})
"""Methods that the clients have of their own."""
_PLAIN = {"integer": "int", "boolean": "bool", "string": "str"}
_HEAD = '''"""{tag}: methods of both clients. Written by `python -m festoon.client.making`."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal

{imports}
from festoon.client.calls import Call, body, given, quoted
from festoon.client.sending import Awaiting, Waiting


class {name}(Waiting):
    """{tag}."""

{waiting}

class Async{name}(Awaiting):
    """{tag}."""

{awaiting}'''


class Said(Struct):
    """A parameter of a method: as it is declared, and where its value goes."""

    name: str
    type: str
    default: str | None
    goes: str
    wire: str


def parts() -> dict[str, str]:
    """The text of every module, by its file's name."""
    by_tag: dict[str, list[Operation]] = defaultdict(list)
    for each in declared():
        if each.name and each.name not in BY_HAND:
            by_tag[each.tag].append(each)
    return {f"{_module(tag)}.py": _part(tag, known) for tag, known in by_tag.items()}


def class_name(tag: str) -> str:
    """What the class of a part is called."""
    return "".join(word.title() for word in re.findall(r"\w+", tag.replace("'s", "")))


def _module(tag: str) -> str:
    return "_".join(re.findall(r"\w+", tag.replace("'s", "").lower().replace("-", "")))


def _part(tag: str, known: list[Operation]) -> str:
    imports: set[str] = set()
    waiting = "\n".join(_method(each, imports, "") for each in known)
    awaiting = "\n".join(_method(each, imports, "await ") for each in known)
    return _HEAD.format(
        tag=tag, name=class_name(tag), imports="\n".join(sorted(imports)), waiting=waiting, awaiting=awaiting
    )


def _method(each: Operation, imports: set[str], wait: str) -> str:
    said = list(_parameters(each, imports))
    assert len({one.name for one in said}) == len(said), each.name
    needed = [one for one in said if one.default is None]
    first = [f"{one.name}: {one.type}" for one in needed if one.type != "bool"]
    then = [f"{one.name}: {one.type}" for one in needed if one.type == "bool"]  # a bare True says nothing
    then += [f"{one.name}: {one.type} = {one.default}" for one in said if one.default is not None]
    if each.once:
        then.append('idempotency_key: str = ""')
    declared_ = ", ".join(["self", *first, *(["*", *then] if then else [])])
    answers = _type(each.answers, imports)
    call = _call(each, said, answers)
    if each.pages:
        item = _type(get_args(get_type_hints(each.answers)[each.pages])[0], imports)
        kind = "AsyncIterator" if wait else "Iterator"
        head, does = f"def {each.name}({declared_}) -> {kind}[{item}]:", f'self.pages({call}, "{each.pages}")'
    else:
        head = f"{'async ' if wait else ''}def {each.name}({declared_}) -> {answers}:"
        does = f"{wait}self.call({call})"
    return f'    {head}\n        """{each.about}"""\n        return {does}\n'


def _call(each: Operation, said: list[Said], answers: str) -> str:
    path = each.shown_path
    for one in said:
        if one.goes == "path":
            path = path.replace(f"{{{one.wire}}}", f"{{quoted({one.name})}}")
    text = f'f"{path}"' if "{" in path else f'"{path}"'
    asked = [f'"{each.method}"', text, answers]
    if query := [one for one in said if one.goes == "query"]:
        asked.append("given(" + ", ".join(f"{one.wire}={one.name}" for one in query) + ")")
    if each.takes is not None:
        fields = ", ".join(f"{one.wire}={one.name}" for one in said if one.goes == "body")
        asked.append(f"body=body({fields})")
    if each.bodies:
        asked.append("body=content, media=media")
    if each.once:
        asked.append("once=True, key=idempotency_key")
    elif each.method != "GET" and not each.repeatable:
        asked.append("repeatable=False")
    return f"Call({', '.join(asked)})"


def _parameters(each: Operation, imports: set[str]) -> Iterator[Said]:
    for one in each.parameters:
        if each.pages and one.name == "after":
            continue
        kind = _PLAIN[one.schema["type"]]
        if one.schema.get("format") == "date-time":
            kind = _type(datetime, imports)
        if one.where == "path":
            yield Said(one.name, "int" if kind == "int" else "str", None, "path", one.name)
        elif one.required:
            yield Said(one.name, kind, None, "query", one.name)
        else:
            usual = str(one.schema["default"]) if "default" in one.schema and not each.pages else "None"
            kind = f"{kind} | None" if usual == "None" else kind
            yield Said(one.name, kind, usual, "query", one.name)
    if each.bodies:
        yield Said("content", "bytes", None, "", "")
        yield Said("media", "str", repr(each.bodies[0]), "", "")
    if each.takes is not None:
        hints = get_type_hints(each.takes)
        for field in msgspec.structs.fields(each.takes):
            kind = _type(hints[field.name], imports)
            if field.required:
                yield Said(field.name, kind, None, "body", field.encode_name)
            elif isinstance(field.default, str | int | bool):
                yield Said(field.name, kind, repr(field.default), "body", field.encode_name)
            else:
                kind = kind if "None" in kind.split(" | ") else f"{kind} | None"
                yield Said(field.name, kind, "None", "body", field.encode_name)


def _type(kind: Any, imports: set[str]) -> str:
    """A type as it is written, with what has to be imported for it."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return " | ".join(_type(each, imports) for each in inside)
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, inside))}]"
    if origin is not None:
        named = ", ".join("..." if each is ... else _type(each, imports) for each in inside)
        return f"{origin.__name__}[{named}]"
    if kind is NoneType:
        return "None"
    if kind in (str, bytes, int, bool, float, dict, list):
        return str(kind.__name__)
    if kind is Any:
        return "Any"
    if kind in (date, datetime):
        imports.add(f"from datetime import {kind.__name__}")
    else:
        imports.add(f"from {kind.__module__} import {kind.__name__}")
    return str(kind.__name__)


if __name__ == "__main__":
    for name, text in parts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
