"""The tables of the mechanics' reference pages, written from their types and codes.

`python -m festoon.mechanics.page docs/reference/mechanics` brings the pages up to date.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT, Struct, inspect
from msgspec.inspect import Type

from festoon.base.errors import CODES, Code
from festoon.mechanics.base import Mechanic
from festoon.mechanics.registry import kind
from festoon.mechanics.reward_line import RewardLine

_NAMES: dict[type[Type], str] = {
    inspect.StrType: "text",
    inspect.BoolType: "true or false",
    inspect.DecimalType: "number",
    inspect.DateType: "date",
}


def parameters(cls: type[Mechanic]) -> str:
    """A table of what a plan may say of a mechanic, and one for each part that has parameters of its own."""
    return "\n".join(_tables(cls.Params)).rstrip()


def refusals(cls: type[Mechanic]) -> str:
    """A table of the mechanic's own refusals."""
    return _codes([code for code in _own(cls) if code.status == 200], "refusal")


def mistakes(cls: type[Mechanic]) -> str:
    """A table of what a plan can get wrong with the mechanic."""
    return _codes([code for code in _own(cls) if code.status == 400], "mistake")


def written(text: str, cls: type[Mechanic]) -> str:
    """A page with its tables renewed: each stands between `<!-- parameters -->` or so and `<!-- end -->`."""
    for name, table in (("parameters", parameters), ("refusals", refusals), ("mistakes", mistakes)):
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        made = table(cls)
        text = marked.sub(lambda found, made=made: f"{found[1]}\n{made}\n\n{found[2]}", text)  # type: ignore[misc]
    return text


def _own(cls: type[Mechanic]) -> list[Code]:
    return [code for name, code in sorted(CODES.items()) if name.startswith(f"{cls.kind}.")]


def _codes(codes: list[Code], what: str) -> str:
    if not codes:
        return f"It has no {what} of its own."
    rows = [f"| `{code.code}` | {code.texts['en']} | {code.texts['zh-Hans']} |" for code in codes]
    return "\n".join(("| code | text | 中文 |", "|---|---|---|", *rows))


def _tables(params: type[Struct]) -> Iterator[str]:
    shape = inspect.type_info(params)
    assert isinstance(shape, inspect.StructType)
    yield "| parameter | takes | by default | |"
    yield "|---|---|---|---|"
    for field in shape.fields:
        yield f"| `{field.encode_name}` | {_takes(field.type)} | {_default(field)} | {_says(field.type)} |"
    yield ""
    for part in _parts(shape):
        yield f"### {part.__name__}"
        yield ""
        yield _flat(part.__doc__ or "")
        yield ""
        yield from _tables(part)


def _parts(shape: inspect.StructType) -> list[type[Struct]]:
    found = [part for field in shape.fields for part in _structs(field.type)]
    return list(dict.fromkeys(found))


def _structs(shape: Type) -> Iterator[type[Struct]]:
    match shape:
        case inspect.Metadata(type=inner):
            yield from _structs(inner)
        case inspect.UnionType(types=types):
            for one in types:
                yield from _structs(one)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            yield from _structs(item)
        case inspect.StructType(cls=cls) if cls is not RewardLine:
            yield cls


def _takes(shape: Type) -> str:
    """What a parameter takes, in words."""
    match shape:
        case inspect.Metadata(type=inner):
            return _takes(inner)
        case inspect.UnionType(types=types):
            return _either([one for one in types if not isinstance(one, inspect.NoneType)])
        case inspect.LiteralType(values=values):
            return ", ".join(f"`{value}`" for value in values if value != "")
        case inspect.IntType(ge=low, le=high):
            return _range(low, high)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return f"list of {_takes(item)}"
        case inspect.DictType(key_type=key, value_type=value):
            return f"{_takes(key)}: {_takes(value)}"
        case inspect.StructType(cls=cls):
            return "reward" if cls is RewardLine else f"[{cls.__name__}](#{cls.__name__.lower()})"
    return _NAMES[type(shape)]


def _either(types: list[Type]) -> str:
    words = [_takes(one) for one in types]
    if "reward" in words:  # by name, by one line or by lines: see `rewards` of a plan
        return "reward"
    return " or ".join(words)


def _range(low: int | None, high: int | None) -> str:
    if low is None:
        return "whole number"
    return f"whole number from {low}" if high is None else f"{low} to {high:,}"


def _default(field: inspect.Field) -> str:
    if field.required:
        return "needed"
    made = field.default if field.default is not NODEFAULT else None
    if isinstance(made, Struct):  # what it says is said in words
        return ""
    return "" if made in (None, (), "") else f"`{str(made).lower() if isinstance(made, bool) else made}`"


def _says(shape: Any) -> str:
    described = (shape.extra_json_schema or {}) if isinstance(shape, inspect.Metadata) else {}
    return str(described.get("description", "")).replace("|", "\\|")


def _flat(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


if __name__ == "__main__":
    for page in sorted(Path(sys.argv[1]).glob("*.md")):
        page.write_text(written(page.read_text(), kind(page.stem)))
