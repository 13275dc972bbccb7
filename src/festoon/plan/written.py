"""Plain data as YAML, in the shape that people write plans in: on one line where it fits, else line by line."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Where = Literal["lines", "brackets"]
"""Whether a value stands in lines of its own or within brackets, where fewer signs can do without quotes."""

WIDTH = 64
"""A map or list that is not wider stands on one line."""
FOLD = 116
"""How wide the lines of a folded text are."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LIKE_A_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:$|[T ]\d)")
_NUMBER = re.compile(r"[-+.]?[0-9][0-9_,.:eoO+-]*|[-+]?0x[0-9a-f_]*|[-+]?\.(?:inf|nan)", re.IGNORECASE)
_WORD = re.compile(r"~|null|true|false|yes|no|on|off|y|n", re.IGNORECASE)
_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_NOT_PLAIN = re.compile(
    r"""^[?:,\[\]{}#&*!|>'"%@`\s=<]|^-(?![0-9A-Za-z])|:(?:\s|$)|\s#|\s$|[\x00-\x1f\x7f]"""
)
_NOT_IN_BRACKETS = re.compile(r"[,\[\]{}]|:(?=[,\[\]{}\"'])")


def scalar(value: Any, where: Where, style: str = "") -> str:
    """A text, number or truth on one line, in the given style of quotes where that can be."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if not isinstance(value, str):
        return str(value)
    if style == "'" and _quotable(value):
        return _single(value)
    if style != '"' and is_plain(value, where):
        return value
    return json.dumps(value, ensure_ascii=False)


def is_plain(text: str, where: Where) -> bool:
    """Whether a text can stand without quotes and is read as that text by everybody."""
    if (
        not text
        or _WORD.fullmatch(text)
        or _NOT_PLAIN.search(text)
        or (where == "brackets" and _NOT_IN_BRACKETS.search(text))
    ):
        return False
    if _LIKE_A_DATE.match(text):
        return _is_date(text) or len(text) > 10
    return not _NUMBER.fullmatch(text) or "-" in text[1:]


def _is_date(text: str) -> bool:
    """Whether it is a day that there is; another one could not stand without quotes."""
    try:
        return _DATE.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def key_of(name: Any) -> str:
    """A key; words and numbers are read as they stand there."""
    said = str(name)
    if _KEY.fullmatch(said) and said.lower() not in ("null", "true", "false"):
        return said
    return scalar(said, "brackets")


def on_one_line(value: Any) -> str:
    """Everything in brackets."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key_of(key)}: {on_one_line(of)}' for key, of in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(on_one_line, value))}]"
    return scalar(value, "brackets")


def fits(value: Any) -> bool:
    """Whether a map or list stands on one line."""
    return not value or len(on_one_line(value)) <= WIDTH


def beside(value: Any, indent: int, style: str = "") -> str:
    """What stands behind `key:`, with the space or line feed before it. `indent` is that of the key."""
    if isinstance(value, dict | list | tuple):
        return (
            f" {on_one_line(value)}" if fits(value) else f"\n{' ' * (indent + 2)}{below(value, indent + 2)}"
        )
    if isinstance(value, str):
        return f" {_text(value, indent, style)}"
    return f" {scalar(value, 'lines', style)}"


def below(value: Any, indent: int) -> str:
    """A map or list line by line, and how its first line goes on; `indent` is that of its keys or dashes."""
    between = "\n" + " " * indent
    if isinstance(value, dict):
        return between.join(f"{key_of(key)}:{beside(of, indent)}" for key, of in value.items())
    return between.join(f"- {item(of, indent)}" for of in value)


def item(value: Any, indent: int, style: str = "") -> str:
    """What stands behind a dash; `indent` is that of the dash."""
    if isinstance(value, dict | list | tuple):
        return on_one_line(value) if fits(value) else below(value, indent + 2)
    return _text(value, indent, style) if isinstance(value, str) else scalar(value, "lines", style)


def _text(value: str, indent: int, style: str) -> str:
    """A text behind a key or dash: long ones folded, several lines as they are, if that says the same."""
    room = " " * (indent + 2)
    lines = value.removesuffix("\n").split("\n")
    end = "" if value.endswith("\n") else "-"
    sound = all(line == line.rstrip() and _visible(line) for line in lines) and lines[0][:1] not in ("", " ")
    if len(lines) > 1 and sound and lines[-1]:
        return "\n".join((f"|{end}", *(room + line if line else "" for line in lines)))
    words = lines[0].split(" ")
    long = style == ">" or (not style and len(value) > FOLD)
    if len(lines) == 1 and sound and all(words) and long and (style == ">" or len(words) > 8):
        return f">{end}\n" + _folded(words, room)
    return scalar(value, "lines", style)


def _folded(words: list[str], room: str) -> str:
    lines = [room + words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= FOLD:
            lines[-1] += f" {word}"
        else:
            lines.append(room + word)
    return "\n".join(lines)


def _quotable(value: str) -> bool:
    return _visible(value) and "\n" not in value


def _visible(value: str) -> bool:
    return re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", value) is None


def _single(value: str) -> str:
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
