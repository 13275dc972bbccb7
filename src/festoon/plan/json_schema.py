"""The JSON Schema (2020-12) of plan files, for editors: completion, hints and red lines while one types.

It comes from the structs the reader uses. An editor judges the shape; names, money and sense are judged by
`check_plan`, which knows more.
"""

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from inspect import cleandoc, getsource
from textwrap import dedent
from typing import Any

import msgspec
from msgspec import Struct

from festoon.mechanics.base import Mechanic
from festoon.mechanics.registry import kinds
from festoon.plan.schema import MechanicPlan, Plan

ID = "https://festoon.dev/schemas/plan-1.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def plan_schema() -> Schema:
    """The schema of a whole plan, with one alternative for every kind of mechanic there is."""
    known = kinds()
    structs: list[type[Struct]] = [Plan, *(cls.Params for cls in known.values())]
    tops, parts = msgspec.json.schema_components(structs, ref_template="#/$defs/{name}")
    names = [top["$ref"].rpartition("/")[2] for top in tops]
    for cls in _structs(structs):
        if cls.__name__ in parts:
            _describe(cls, parts[cls.__name__])
    plan = parts.pop(names[0])
    common = parts.pop(MechanicPlan.__name__)["properties"]
    common.pop("params")
    for (name, mechanic), params in zip(known.items(), names[1:], strict=True):
        parts[f"mechanic.{name}"] = _alternative(name, mechanic, common, parts.pop(params))
    parts[MechanicPlan.__name__] = {
        "title": "Mechanic",
        "description": "What members can do, and what they get for it. Its keys depend on its `kind`.",
        "type": "object",
        "required": ["kind"],
        "properties": common | {"kind": {**common["kind"], "enum": list(known)}},
        "allOf": [
            {"if": {"properties": {"kind": {"const": name}}}, "then": {"$ref": f"#/$defs/mechanic.{name}"}}
            for name in known
        ],
    }
    whole = {
        "$schema": DIALECT,
        "$id": ID,
        **plan,
        "title": "Festoon plan",
        "$defs": dict(sorted(parts.items())),
    }
    made: Schema = _readable(whole)
    return made


def _alternative(name: str, mechanic: type[Mechanic], common: Schema, params: Schema) -> Schema:
    """One kind: the keys every mechanic has, and its own."""
    return {
        "title": name,
        "description": cleandoc(mechanic.__doc__ or ""),
        "type": "object",
        "properties": {**common, "kind": {"const": name}, **params["properties"]},
        "required": ["kind", *params["required"]],
        "additionalProperties": False,
    }


def _structs(tops: Iterable[type[Struct]]) -> list[type[Struct]]:
    """The structs, and every struct in their fields."""
    found: dict[type[Struct], None] = {}
    rest: list[Any] = [msgspec.inspect.type_info(top) for top in tops]
    while rest:
        at = rest.pop()
        if isinstance(at, msgspec.inspect.StructType):
            if at.cls in found:
                continue
            found[at.cls] = None
            rest += [field.type for field in at.fields]
        elif isinstance(at, msgspec.inspect.Type):
            inner = [getattr(at, name) for name in at.__struct_fields__]
            rest += [each for each in inner if isinstance(each, msgspec.inspect.Type)]
            rest += [each for group in inner if isinstance(group, tuple) for each in group]
    return list(found)


def _describe(cls: type[Struct], schema: Schema) -> None:
    """Put the docstring under each field into the schema."""
    for name, text in field_texts(cls).items():
        if name in schema["properties"]:
            schema["properties"][name]["description"] = text


@cache
def field_texts(cls: type[Struct]) -> Mapping[str, str]:
    """What the source says of each field, in the string right below it, by the field's name in the file."""
    (body,) = ast.parse(dedent(getsource(cls))).body
    assert isinstance(body, ast.ClassDef)
    written = {field.name: field.encode_name for field in msgspec.structs.fields(cls)}
    texts: dict[str, str] = {}
    last = ""
    for statement in body.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)):
                last = name
            case ast.Expr(value=ast.Constant(value=str(text))) if last in written:
                texts[written[last]] = cleandoc(text)
                last = ""
    return texts


def _readable(schema: Any) -> Any:
    """Decimals are numbers in YAML; where a share is meant, `5%` as well."""
    if isinstance(schema, list):
        return [_readable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _readable(of) for key, of in schema.items()}
    if made.get("format") == "decimal":
        made.pop("format")
        made["type"] = ["number", "string"] if "pattern" in made else "number"
        if isinstance(made.get("default"), str):
            made.pop("default")
    if isinstance(made.get("description"), str):
        made["description"] = " ".join(made["description"].split())
    return made
