"""Why the data of an event is not taken: the codes, and how a validator's finding becomes one of them."""

from collections.abc import Sequence
from typing import Any

from festoon.base.errors import Invalid, define

TYPE_UNKNOWN = define(
    "event.type_unknown",
    400,
    "{type} is not a type of the vocabulary.",
    "{type} 不是已知的事件类型。",
    todo="Look it up in the reference of events, or declare it in a plan.",
    todo_zh="请查阅事件参考，或在活动方案中声明。",
)
DATA_INVALID = define(
    "event.data_invalid",
    400,
    "{type} wants {expected} in {field}; there is {got}.",
    "{type} 的 {field} 应为 {expected}，实际为 {got}。",
    todo="Amounts are whole numbers of the currency's smallest unit: 12.50 CNY is 1250.",
    todo_zh="金额是货币最小单位的整数：12.50 元写作 1250。",
)
DATA_MISSING = define(
    "event.data_missing",
    400,
    "{type} needs {field}.",
    "{type} 缺少必填字段 {field}。",
)

Path = Sequence[str | int]
"""The way down into the data: names of objects, positions in lists."""


def unknown(type: str) -> Invalid:
    return Invalid(TYPE_UNKNOWN, type=type)


def missing(type: str, path: Path) -> Invalid:
    """A field that must be there is not."""
    return Invalid(DATA_MISSING, type=type, field=written(path))


def wrong(type: str, raw: Any, path: Path, expected: str) -> Invalid:
    """A field is not what it should be. `expected` says what, in JSON's own words: they need no language."""
    return Invalid(DATA_INVALID, type=type, field=written(path), expected=expected, got=_shown(raw, path))


def written(path: Path) -> str:
    """`lines[0].amount`, or `data` for the whole."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "data"


def _shown(raw: Any, path: Path) -> str:
    """A number as it is; of anything else only the kind, since it may be personal."""
    value = raw
    try:
        for step in path:
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return "another value"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"number {value}"
    return _JSON_KINDS.get(type(value), "another value")


_JSON_KINDS = {str: "string", bool: "boolean", dict: "object", list: "array", type(None): "null"}
