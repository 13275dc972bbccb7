"""The fields of an event's data, as conditions may speak of them.

Left out is what a condition cannot judge: personal fields (journal and facts do not have them, so a back-test
could not either), objects whose keys the platform chooses, and fields of no one kind.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from msgspec import Struct, inspect

from festoon.base.expressions.vocabulary import (
    BOOL,
    DATE,
    DATETIME,
    INT,
    NUMBER,
    TEXT,
    TEXTS,
    FieldType,
    Kind,
    lines_of,
    object_of,
    one_of,
)
from festoon.base.vocabulary import refusals
from festoon.base.vocabulary.event_type import is_personal
from festoon.base.vocabulary.registry import VOCABULARY


@cache
def fields(type: str) -> Mapping[str, FieldType]:
    """The fields of a type's data. Dates and datetimes are ISO text in the data itself.

    A field that may be left out is optional even where the schema shows a default: the data is not filled in.
    Raises Invalid `event.type_unknown`.
    """
    known = VOCABULARY.get(type)
    if known is None:
        raise refusals.unknown(type)
    return MappingProxyType(_of_struct(known.data))


def _of_struct(data: type[Struct]) -> dict[str, FieldType]:
    shape = inspect.type_info(data)
    assert isinstance(shape, inspect.StructType)
    found = {}
    for field in shape.fields:
        if not is_personal(field.type) and (known := _of_type(field.type)) is not None:
            found[field.encode_name] = known if field.required else known.maybe()
    return found


_SIMPLE: dict[type[inspect.Type], FieldType] = {
    inspect.IntType: INT,
    inspect.FloatType: NUMBER,
    inspect.StrType: TEXT,
    inspect.BoolType: BOOL,
    inspect.DateType: DATE,
    inspect.DateTimeType: DATETIME,
}


def _of_type(shape: inspect.Type) -> FieldType | None:
    if isinstance(shape, inspect.Metadata):
        return _of_type(shape.type)
    if isinstance(shape, inspect.UnionType):
        parts = [part for part in shape.types if not isinstance(part, inspect.NoneType)]
        return _of_type(parts[0]) if len(parts) == 1 else None
    if isinstance(shape, inspect.StructType):
        return object_of(**_of_struct(shape.cls))
    if isinstance(shape, inspect.ListType):
        return _list_of(_of_type(shape.item_type))
    if isinstance(shape, inspect.LiteralType) and all(isinstance(each, str) for each in shape.values):
        return one_of(*map(str, shape.values))
    return _SIMPLE.get(type(shape))


def _list_of(item: FieldType | None) -> FieldType | None:
    if item is not None and item.kind is Kind.OBJECT:
        return lines_of(**item.fields)
    return TEXTS if item == TEXT else None


def schema_fields(schema: Mapping[str, Any]) -> Mapping[str, FieldType]:
    """The same for a type that a plan declares by a JSON Schema: what its `properties` say of themselves.

    A property that does not name its one type (a reference, a choice of several) is left out.
    """
    return MappingProxyType(dict(_of_properties(schema)))


def _of_properties(schema: Mapping[str, Any]) -> Iterator[tuple[str, FieldType]]:
    required = schema.get("required", ())
    for name, said in schema.get("properties", {}).items():
        if not isinstance(said, Mapping) or said.get("x-personal"):
            continue
        if (known := _of_schema(said)) is not None:
            yield name, known if name in required and not _nullable(said) else known.maybe()


_JSON_KINDS = {"integer": INT, "number": NUMBER, "boolean": BOOL}
_FORMATS = {"date": DATE, "date-time": DATETIME}


def _of_schema(schema: Mapping[str, Any]) -> FieldType | None:
    said = schema.get("type")
    kinds = [kind for kind in said if kind != "null"] if isinstance(said, list) else [said]
    if len(kinds) != 1:
        return None
    kind = kinds[0]
    if kind == "object":
        inner = dict(_of_properties(schema))
        return object_of(**inner) if inner else None
    if kind == "array":
        items = schema.get("items")
        return _list_of(_of_schema(items)) if isinstance(items, Mapping) else None
    if kind == "string":
        return _text(schema)
    return _JSON_KINDS.get(str(kind))


def _text(schema: Mapping[str, Any]) -> FieldType:
    choices = [choice for choice in schema.get("enum", ()) if isinstance(choice, str)]
    return one_of(*choices) if choices else _FORMATS.get(schema.get("format", ""), TEXT)


def _nullable(schema: Mapping[str, Any]) -> bool:
    return isinstance(schema.get("type"), list) and "null" in schema["type"]
