"""The generated parts of the plan's reference pages, from the same structs that read a plan.

`python -m festoon.plan.reference docs/reference` writes them anew. In the page, what stands between a line
`<!-- keys: coupons.* -->` and the next `<!-- end -->` is a table of the keys there (`plan`: at the top).
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from festoon.base.errors import CODES
from festoon.plan import codes_file, codes_learning, codes_overlap, codes_plan, codes_segments
from festoon.plan.behaviour import FIGURES
from festoon.plan.goals import METRICS
from festoon.plan.json_schema import Schema, plan_schema
from festoon.plan.sense import typed

PAGE = "plan.md"
SCHEMA = "plan.schema.json"

_BLOCK = re.compile(r"(<!-- (\w+)(?:: ([\w.*\[\]-]+))? -->\n).*?(<!-- end -->)", re.DOTALL)


def schema_text() -> str:
    """The JSON Schema as the file has it."""
    return msgspec.json.format(msgspec.json.encode(plan_schema()), indent=2).decode() + "\n"


def renewed(page: str) -> str:
    """The page with its generated parts as they should be."""
    schema = plan_schema()
    return _BLOCK.sub(lambda block: f"{block[1]}\n{_part(schema, block[2], block[3])}\n\n{block[4]}", page)


def write(folder: Path) -> None:
    """Write the schema, and the generated parts of the page."""
    (folder / SCHEMA).write_text(schema_text())
    (folder / PAGE).write_text(renewed((folder / PAGE).read_text()))


def _part(schema: Schema, what: str, place: str | None) -> str:
    if what == "keys":
        return "\n".join(_keys(schema, place or ""))
    if what == "figures":
        return "\n".join(_figures())
    if what == "metrics":
        return "\n".join(_metrics())
    return "\n".join(_problems())


def _keys(schema: Schema, place: str) -> Iterator[str]:
    at = _at(schema, place)
    yield "| key | value | what it says |"
    yield "|---|---|---|"
    for name, of in at["properties"].items():
        needed = " (needed)" if name in at.get("required", ()) else ""
        yield f"| `{name}`{needed} | {_kind(schema, of)} | {_text(schema, of)} |"


def _at(schema: Schema, place: str) -> Schema:
    """The mapping at a place such as `goals[]` or `coupons.*`."""
    at = schema
    for step in re.findall(r"\[\]|\*|[\w-]+", place.removeprefix("plan")):
        at = _mapping(schema, at)
        at = (
            at["items"]
            if step == "[]"
            else at["additionalProperties"]
            if step == "*"
            else at["properties"][step]
        )
    return _mapping(schema, at)


def _mapping(schema: Schema, at: Schema) -> Schema:
    """The alternative that has keys, with references followed."""
    at = _followed(schema, at)
    for choice in at.get("anyOf", ()):
        of = _followed(schema, choice)
        if "properties" in of or "items" in of:
            return of
    return at


def _followed(schema: Schema, at: Schema) -> Schema:
    if "$ref" not in at:
        return at
    found: Schema = schema["$defs"][at["$ref"].rpartition("/")[2]]
    return found


def _kind(schema: Schema, of: Schema) -> str:
    """A value's kind in a few words."""
    if "anyOf" in of:
        kinds = dict.fromkeys(_kind(schema, each) for each in of["anyOf"] if each.get("type") != "null")
        return " or ".join(kinds)
    if "$ref" in of:
        return "keys of its own"
    if "enum" in of or "const" in of:
        return " ".join(f"`{choice}`" for choice in of.get("enum", [of.get("const")]))
    match of.get("type"):
        case "array":
            return f"list of {_kind(schema, of.get('items', {}))}"
        case "object":
            inner = of.get("additionalProperties")
            return "text per language" if inner == {"type": "string"} else "by name" if inner else "anything"
        case ["number", "string"]:
            return "number or share"
        case "string":
            return "text"
        case "integer":
            return "whole number"
        case "boolean":
            return "`true` or `false`"
        case kind:
            return str(kind or "anything")


def _text(schema: Schema, of: Schema) -> str:
    said = [
        of.get("description")
        or next((_text(schema, each) for each in of.get("anyOf", ()) if _text(schema, each)), "")
    ]
    if not said[0] and "$ref" in of:
        said = [_followed(schema, of).get("description", "").partition(". ")[0]]
    default = of.get("default")
    if default not in (None, "", [], {}, False):
        said.append(f"Default: `{_written(default)}`.")
    return " ".join(filter(None, said)).replace("|", "\\|")


def _written(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _metrics() -> Iterator[str]:
    yield "| metric | | what it is | better |"
    yield "|---|---|---|---|"
    for metric in METRICS.values():
        title = f"{metric.title['en']} · {metric.title['zh-Hans']}"
        yield f"| `{metric.id}` | {title} | {metric.formula['en']} | {metric.direction} |"


_COUNTED = {
    "count": "accepted events of {types}",
    "days": "local days with {types}",
    "amount": "smallest units of {types}",
    "since": "whole local days since the last of {types}; missing when there was none",
}


def _figures() -> Iterator[str]:
    yield "| figure | | what it is |"
    yield "|---|---|---|"
    for figure in FIGURES.values():
        types = ", ".join(f"`{type_}`" for type_ in figure.types) or "whatever the member did himself"
        types += "".join(f", less `{type_}`" for type_ in figure.minus)
        said = _COUNTED[figure.what].format(types=types)
        yield f"| `{figure.name}` | {figure.title['en']} · {figure.title['zh-Hans']} | {said} |"


def _problems() -> Iterator[str]:
    """Every problem code of a plan. Those of conditions and of mechanics have pages of their own."""
    yield "| code | what it says | what to do |"
    yield "|---|---|---|"
    modules = (codes_file, codes_plan, typed, codes_overlap, codes_segments, codes_learning)
    declared = {code for module in modules for code in vars(module).values() if isinstance(code, str)}
    for code in sorted(name for name in CODES if name in declared):
        known = CODES[code]
        severity = "" if known.status >= 400 else " (warning)"
        said, todo = (text.replace("|", "\\|") for text in (known.texts["en"], known.todo.get("en", "")))
        yield f"| `{code}`{severity} | {said} | {todo} |"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
