"""Event types that a plan declares itself, by a JSON Schema of their data."""

import re
from collections.abc import Mapping
from typing import Any

import jsonschema_rs
import msgspec
from msgspec import Struct

from festoon.base.errors import Invalid, define
from festoon.base.vocabulary import refusals
from festoon.base.vocabulary.event_type import Trust
from festoon.base.vocabulary.registry import VOCABULARY
from festoon.base.vocabulary.schema import DIALECT

NAME_INVALID = define(
    "event_type.name_invalid",
    400,
    "{name} cannot be the name of an event type.",
    "{name} 不能作为事件类型的名称。",
    todo="Use lower-case words with dots between, such as lesson.finished.",
    todo_zh="请使用以点分隔的小写单词，例如 lesson.finished。",
)
NAME_TAKEN = define(
    "event_type.name_taken",
    409,
    "{name} is a type of the vocabulary and cannot be declared again.",
    "{name} 是内置事件类型，不能重复声明。",
    todo="Choose another name; fields of your own may be added to {name} without declaring it.",
    todo_zh="请换一个名称；无需声明即可在 {name} 中添加自有字段。",
)
SCHEMA_INVALID = define(
    "event_type.schema_invalid",
    400,
    "the JSON Schema of {name} is not right; wanted: {wanted}.",
    "{name} 的 JSON Schema 有误，应满足：{wanted}。",
)
SCHEMA_TOO_LONG = define(
    "event_type.schema_too_long",
    400,
    "the JSON Schema of {name} is longer than {most} bytes.",
    "{name} 的 JSON Schema 超过 {most} 字节。",
)
DIALECT_UNKNOWN = define(
    "event_type.dialect_unknown",
    400,
    "the JSON Schema of {name} is written for a dialect that is not read.",
    "{name} 的 JSON Schema 所用的规范版本不受支持。",
    todo="Leave out `$schema`, or write {dialect}.",
    todo_zh="请去掉 `$schema`，或写作 {dialect}。",
)
REFERENCE_UNKNOWN = define(
    "event_type.reference_unknown",
    400,
    "the JSON Schema of {name} refers to what is not in it; nothing is fetched.",
    "{name} 的 JSON Schema 引用了其中不存在的内容；系统不会从外部获取。",
    todo="Write what `$ref` names under `$defs` of the same schema.",
    todo_zh="请把 `$ref` 引用的内容写在同一 Schema 的 `$defs` 中。",
)

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", re.ASCII)
_MAX_NAME = 100
_MAX_SCHEMA_BYTES = 64 * 1024
_TYPES = " | ".join(
    f'"{name}"' for name in ("array", "boolean", "integer", "null", "number", "object", "string")
)
_PATTERNS = jsonschema_rs.RegexOptions()
"""Patterns run in time linear in the text: a schema cannot be used to stall intake."""


class DeclaredType(Struct, frozen=True, forbid_unknown_fields=True):
    """A type as a plan writes it. Fields marked `"x-personal": true` never reach journal or facts.

    JSON Schema calls 12.0 an integer, so `DataCheck` does too; declare `maximum` to bound what comes in.
    """

    name: str
    json_schema: dict[str, Any]
    trust: Trust = "platform"
    title: Mapping[str, str] = {}

    @property
    def personal(self) -> frozenset[str]:
        """The top-level fields marked personal."""
        said = self.json_schema.get("properties", {})
        return frozenset(name for name, of in said.items() if isinstance(of, dict) and of.get("x-personal"))


class DataCheck:
    """Checks the data of a declared type; made once per type, which is when the type itself is checked.

    Raises Invalid with one of the codes `event_type.…`.
    Nothing is ever fetched: a schema that refers to another document is refused.
    """

    def __init__(self, declared: DeclaredType) -> None:
        _check_name(declared.name)
        self.name = declared.name
        self.trust = declared.trust
        self._validator = _compiled(declared)

    def check(self, raw: Any) -> dict[str, Any]:
        """The data that was given, when it is right. Raises Invalid as `decode_data` does."""
        if not isinstance(raw, dict):
            raise refusals.wrong(self.name, raw, (), "object")
        try:
            self._validator.validate(raw)
        except jsonschema_rs.ValidationError as error:
            raise _invalid(self.name, raw, error) from None
        return raw


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _MAX_NAME:
        raise Invalid(NAME_INVALID, name=name)
    if name in VOCABULARY or name.startswith("festoon."):
        raise Invalid(NAME_TAKEN, name=name)


def _compiled(declared: DeclaredType) -> jsonschema_rs.Validator:
    """The schema, read as 2020-12, with the formats it names checked."""
    name, schema = declared.name, declared.json_schema
    if len(msgspec.json.encode(schema)) > _MAX_SCHEMA_BYTES:
        raise Invalid(SCHEMA_TOO_LONG, name=name, most=_MAX_SCHEMA_BYTES)
    if schema.get("type") != "object":
        raise Invalid(SCHEMA_INVALID, "type", name=name, wanted='"object"')
    if schema.get("$schema", DIALECT) != DIALECT:
        raise Invalid(DIALECT_UNKNOWN, "$schema", name=name, dialect=DIALECT)
    try:
        return jsonschema_rs.Draft202012Validator(
            schema, validate_formats=True, pattern_options=_PATTERNS, offline=True
        )
    except jsonschema_rs.ValidationError as error:
        place = refusals.written(error.instance_path)
        if error.kind.name == "$ref":
            raise Invalid(REFERENCE_UNKNOWN, name=name) from None
        raise Invalid(SCHEMA_INVALID, place, name=name, wanted=_wanted(error.kind)) from None
    except (jsonschema_rs.ReferencingError, ValueError):
        raise Invalid(REFERENCE_UNKNOWN, name=name) from None


def _wanted(kind: Any) -> str:
    """The rule that does not hold, in JSON Schema's own words: they need no language."""
    if kind.name == "anyOf":  # of a schema there is one such rule: a type is one of these, or a list of them
        return _TYPES
    if kind.name == "uniqueItems":
        return "uniqueItems true"
    return f"{kind.name} {msgspec.json.encode(kind.value).decode()}"


def _invalid(type: str, raw: Any, error: jsonschema_rs.ValidationError) -> Invalid:
    path, rule, value = error.instance_path, error.kind.name, error.kind.value
    if rule == "required":
        return refusals.missing(type, [*path, str(value)])
    return refusals.wrong(type, raw, path, f"{rule} {msgspec.json.encode(value).decode()}")
