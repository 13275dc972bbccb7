"""What a dotted name stands for, and what was probably meant when it stands for nothing."""

import ast
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from msgspec import Struct

from festoon.base.expressions import errors
from festoon.base.expressions.errors import ExpressionError
from festoon.base.expressions.text import Source
from festoon.base.expressions.tree import Item, Node, Read
from festoon.base.expressions.vocabulary import FieldType, Kind, Literal, Reference, Vocabulary

_OTHER_LANGUAGES = {"true": "True", "false": "False", "null": "missing(…)"}
_MOST_KNOWN = 20


class Loop(Struct, frozen=True):
    """The loop whose body is being checked: its variable, and the type of the elements."""

    name: str
    type: FieldType


def dotted(node: ast.expr) -> str:
    """`event.address.city` for the attributes that spell it, "" for anything else."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(words)]) if isinstance(node, ast.Name) else ""


def field(source: Source, vocabulary: Vocabulary, at: ast.expr, loop: Loop | None) -> Node:
    """The field that a dotted name reads. Raises ExpressionError with a suggestion when there is none."""
    name = dotted(at)
    if not name:
        raise source.error(errors.NOT_ALLOWED, at, found=source.written(at))
    if loop is not None and name.split(".")[0] == loop.name:
        return _item(source, at, name, loop)
    words = name.split(".")
    for length in range(len(words), 0, -1):
        declared = vocabulary.fields.get(".".join(words[:length]))
        if declared is not None:
            path = tuple(words[length:])
            type = _descend(declared, path)
            if type is None:
                break
            return Read(".".join(words[:length]), path, type=type)
    raise _no_field(source, vocabulary, at, name)


def unknown(name: str, known: Iterable[str], **data: Any) -> dict[str, Any]:
    """The data of an error about a name that is not known: what is, and what is closest to it."""
    choices = sorted(known)
    shown = ", ".join(choices[:_MOST_KNOWN]) + (", …" if len(choices) > _MOST_KNOWN else "")
    data |= {"known": shown or "-"}
    if close := closest(name, choices):
        data["suggestion"] = close
    return data


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that `name` was probably meant to be, or ""."""
    choices = list(known)
    parent, _, last = name.rpartition(".")
    beside = {
        end: choice for choice in choices for root, _, end in [choice.rpartition(".")] if root == parent
    }
    if found := get_close_matches(last, beside, n=1):
        return beside[found[0]]
    # It may stand somewhere else; and where the way to it is right, only its last word can be wrong.
    ends = {choice.rpartition(".")[2]: choice for choice in choices}
    if found := get_close_matches(last, ends, n=1, cutoff=0.8):
        return ends[found[0]]
    return "" if beside else next(iter(get_close_matches(name, choices, n=1, cutoff=0.75)), "")


def _descend(type: FieldType, path: tuple[str, ...]) -> FieldType | None:
    """The type at the end of a path into an object; it may be missing when anything on the way may be."""
    optional = type.optional
    for word in path:
        below = type.fields.get(word) if type.kind is Kind.OBJECT else None
        if below is None:
            return None
        type, optional = below, optional or below.optional
    return type.maybe() if optional else type


def _item(source: Source, at: ast.expr, name: str, loop: Loop) -> Node:
    path = tuple(name.split(".")[1:])
    type = _descend(loop.type, path)
    if type is None:
        known = _paths(loop.name, loop.type)
        raise source.error(errors.UNKNOWN_FIELD, at, name=name, **unknown(name, known))
    return Item(path, type=type)


def _no_field(source: Source, vocabulary: Vocabulary, at: ast.expr, name: str) -> ExpressionError:
    if name in vocabulary.partial:
        partial = vocabulary.partial[name]
        if not partial.without:
            return source.error(errors.FIELD_DIFFERS, at, name=name, types=", ".join(partial.known_to))
        known_to, unknown_to = ", ".join(partial.known_to), ", ".join(partial.without)
        return source.error(errors.FIELD_IN_SOME, at, name=name, known_to=known_to, unknown_to=unknown_to)
    if name in vocabulary.functions:
        return source.error(
            errors.UNKNOWN_FIELD,
            at,
            name=name,
            known=usage(vocabulary, name),
            suggestion=usage(vocabulary, name),
        )
    known = [path for key, type in vocabulary.fields.items() for path in _paths(key, type)]
    told = unknown(name, known)
    if name in _OTHER_LANGUAGES:
        told["suggestion"] = _OTHER_LANGUAGES[name]
    return source.error(errors.UNKNOWN_FIELD, at, name=name, **told)


def _paths(name: str, type: FieldType) -> Iterable[str]:
    """Every name that can be written for a field and what is in it."""
    if type.kind is not Kind.OBJECT:
        yield name
    else:
        below: Mapping[str, FieldType] = type.fields
        for word, each in below.items():
            yield from _paths(f"{name}.{word}", each)


def usage(vocabulary: Vocabulary, name: str) -> str:
    """How a function of the vocabulary is written."""
    return f"{name}({', '.join(map(_shown, vocabulary.functions[name].parameters))})"


def _shown(parameter: Literal | Reference) -> str:
    if isinstance(parameter, Reference):
        return parameter.name
    if parameter.kind is Kind.INT:
        return "1"
    return f'"{min(parameter.choices)}"' if parameter.choices else '"…"'
