"""Check the data of an event against its type, fast."""

import re
from typing import Any

import msgspec

from festoon.base.errors import Invalid
from festoon.base.vocabulary import refusals
from festoon.base.vocabulary.registry import VOCABULARY

_DATA = {type.name: type.data for type in VOCABULARY.values()}
_convert = msgspec.convert


def decode_data(type: str, raw: Any) -> dict[str, Any]:
    """The data of an event of that type, checked.

    What comes back is the very object that went in: plain JSON values, dates as text, nothing filled in, and
    the platform's own fields kept as they are. Raises Invalid: `event.type_unknown`, `event.data_missing`, or
    `event.data_invalid` with the path of the first field that is not right.
    """
    known = _DATA.get(type)
    if known is None:
        raise refusals.unknown(type)
    try:
        _convert(raw, known)
    except msgspec.ValidationError as error:
        raise _invalid(type, raw, str(error)) from None
    return raw  # type: ignore[no-any-return]  # convert has just shown it to be an object


_AT = re.compile(r"(?P<said>.*?)(?: - at `\$(?P<path>.*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
_EXPECTED = re.compile(r"Expected (?P<expected>.+?)(?:, got .+)?")
_DATE = re.compile(r"Invalid RFC3339 encoded (?P<form>\w+)")
_STEP = re.compile(r"\.([^.\[]+)|\[([^\]]+)\]")
_NAMED = re.compile(r"`([^`]+)`")
_JSON_NAMES = {"int": "integer", "float": "number", "str": "string", "bool": "boolean"}


def _invalid(type: str, raw: Any, message: str) -> Invalid:
    """The library's message taken apart, so that it can be said in the reader's language."""
    found = _AT.fullmatch(message)
    assert found is not None
    said, path = found["said"], _steps(found["path"] or "")
    if absent := _MISSING.fullmatch(said):
        return refusals.missing(type, [*path, absent["field"]])
    return refusals.wrong(type, raw, path, _rule(said))


def _steps(path: str) -> list[str | int]:
    # The library writes [...] for a key of an object whose keys are free.
    return [int(key) if key.isdecimal() else name or "*" for name, key in _STEP.findall(path)]


def _rule(said: str) -> str:
    """`Expected `int` >= 0, got …` as `integer >= 0`: the kinds as JSON calls them."""
    if date := _DATE.fullmatch(said):
        return f"RFC 3339 {date['form']}"
    expected = _EXPECTED.fullmatch(said)
    return _NAMED.sub(_in_json, expected["expected"] if expected else said)


def _in_json(name: re.Match[str]) -> str:
    return " or ".join(_JSON_NAMES.get(part, part) for part in name[1].split(" | "))
