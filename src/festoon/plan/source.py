"""From the text of a plan to plain values that remember their line, column and path.

YAML 1.2, read event by event, so that hostile files stop early: deep nesting, aliases, tags and huge numbers
never get as far as being built. Numbers with a point stay decimal; dates stay text, and must exist.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

import ruamel.yaml
from msgspec import Struct
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from festoon.base.amounts import MAX_AMOUNT
from festoon.plan import codes_file as codes
from festoon.plan.chunks import chunks_of
from festoon.plan.problems import Problem, problem

MAX_BYTES = 1024 * 1024
MAX_LINE = 10_000
MAX_DEPTH = 32
MAX_VALUES = 20_000
MAX_PROBLEMS = 50
_MAX_DIGITS = 30
_MAX_CHUNK = 65_536

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
_LONG_LINE = re.compile(rf"^.{{{MAX_LINE + 1},}}", re.MULTILINE)
_INTEGER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?=$|[T ]\d)")

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

Scalar = str | int | bool | Decimal | None


class Node(Struct, frozen=True):
    """A value and where it stands. `value` is a scalar, a list of nodes, or a dict of entries by key.

    `style` is how a scalar is written: "" plain, a quote, or `|` and `>` for blocks.
    """

    value: Any
    line: int
    column: int
    text: str = ""
    style: str = ""


class Entry(Struct, frozen=True):
    """A key of a mapping, where it stands, and its value."""

    line: int
    column: int
    node: Node


class _Open(Struct):
    """A collection that is being read."""

    line: int
    column: int
    items: Any
    key: Node | None = None


def read_source(given: str | bytes) -> tuple[Node | None, list[Problem]]:
    """The nodes of a plan's text, as far as it can be read, and what is wrong with the text. Never raises."""
    text, problems = _readable(given)
    if problems:
        return None, problems
    return _in_chunks(text) or _whole(text)


def _whole(text: str) -> tuple[Node | None, list[Problem]]:
    reader = _Reader()
    try:
        reader.read(text)
    except _Stop:
        return None, reader.problems
    except MarkedYAMLError as wrong:
        return None, [*reader.problems, *_syntax(wrong, text)]
    except Exception as wrong:  # the parser's own slips on hostile text are the text's fault
        return None, [*reader.problems, problem(codes.YAML, "", 1, 1, reason=type(wrong).__name__)]
    if reader.top is None and not reader.problems:
        return None, [problem(codes.EMPTY, "", 1, 1)]
    return reader.top, reader.problems


def _in_chunks(text: str) -> tuple[Node, list[Problem]] | None:
    """The same by top-level keys, each read once however often the others change; None when anything is amiss."""
    chunks = chunks_of(text)
    if len(chunks) == 1 or max(len(chunk.text) for chunk in chunks) > _MAX_CHUNK:
        return None
    whole: dict[str, Entry] = {}
    values = 1
    for chunk in chunks:
        found = _one_key(chunk.text)
        if found is None or found.key in whole:
            return None
        values += found.values
        whole[found.key] = _lower(found.entry, chunk.line)
    first = next(iter(whole.values()))
    return (Node(whole, first.line, first.column), []) if values <= MAX_VALUES else None


class _OneKey(Struct, frozen=True):
    """What one part of a text says: a key, its entry with lines counted from the part's first, how many values."""

    key: str
    entry: Entry
    values: int


@lru_cache(maxsize=256)
def _one_key(text: str) -> _OneKey | None:
    reader = _Reader()
    try:
        reader.read(text)
    except Exception:  # read as a whole it says why
        return None
    top = reader.top
    if reader.problems or top is None or not isinstance(top.value, dict) or len(top.value) != 1:
        return None
    ((key, entry),) = top.value.items()
    return _OneKey(key, entry, reader.values - 1) if (entry.column, top.column) == (1, 1) else None


def _lower(entry: Entry, by: int) -> Entry:
    """The entry so many lines further down."""
    return Entry(entry.line + by, entry.column, _lowered(entry.node, by)) if by else entry


def _lowered(node: Node, by: int) -> Node:
    value = node.value
    if isinstance(value, dict):
        value = {key: _lower(entry, by) for key, entry in value.items()}
    elif isinstance(value, list):
        value = [_lowered(item, by) for item in value]
    return Node(value, node.line + by, node.column, node.text, node.style)


def plain(node: Node) -> Any:
    """The value without its places: dicts, lists and scalars."""
    if isinstance(node.value, dict):
        return {key: plain(entry.node) for key, entry in node.value.items()}
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    return node.value


def planted(value: Any, at: Node) -> Node:
    """Plain data as nodes that all stand where `at` does."""
    if isinstance(value, dict):
        entries = {str(key): Entry(at.line, at.column, planted(inner, at)) for key, inner in value.items()}
        return Node(entries, at.line, at.column)
    if isinstance(value, list | tuple):
        return Node([planted(item, at) for item in value], at.line, at.column)
    return Node(value, at.line, at.column, str(value))


def _readable(given: str | bytes) -> tuple[str, list[Problem]]:
    if isinstance(given, bytes):
        try:
            text = given.decode()
        except UnicodeDecodeError as wrong:
            before = given[: wrong.start].decode()
            return "", [problem(codes.NOT_UTF8, "", *_place(before, len(before)))]
    else:
        text = given
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return "", [problem(codes.TOO_LARGE, "", 1, 1, limit=MAX_BYTES)]
    hidden = [
        problem(codes.HIDDEN_CHARACTER, "", *_place(text, found.start()), character=_name(found[0]))
        for found in islice(_HIDDEN.finditer(text), MAX_PROBLEMS)
    ]
    long = [
        problem(codes.LINE_TOO_LONG, "", *_place(text, found.start()), limit=MAX_LINE)
        for found in islice(_LONG_LINE.finditer(text), MAX_PROBLEMS)
    ]
    return text, hidden + long


def _place(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _name(character: str) -> str:
    return f"U+{ord(character):04X}"


class _Stop(Exception):
    """Nothing after this can be read with any sense."""


class _Reader:
    """Builds nodes from the parser's events with a stack of its own, so that no file can exhaust Python's."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.top: Node | None = None
        self.open: list[_Open] = []
        self.values = 0
        self.documents = 0

    def read(self, text: str) -> None:
        for event in ruamel.yaml.YAML(typ="safe", pure=True).parse(text):
            if isinstance(event, DocumentStartEvent):
                self._document(event)
            elif isinstance(event, NodeEvent):
                self._node(event)
            elif self.open and type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent"):
                done = self.open.pop()
                self._put(Node(done.items, done.line, done.column))

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self._stop(codes.SEVERAL_DOCUMENTS, event)

    def _node(self, event: Any) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            self._stop(codes.TOO_MANY_VALUES, event, limit=MAX_VALUES)
        if isinstance(event, AliasEvent) or event.anchor is not None:
            self._wrong(codes.ANCHOR, event)
        elif event.tag is not None:
            self._wrong(codes.TAG, event)
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            if len(self.open) >= MAX_DEPTH:
                self._stop(codes.TOO_DEEP, event, limit=MAX_DEPTH)
            self.open.append(_Open(line, column, {} if isinstance(event, MappingStartEvent) else []))
        elif isinstance(event, ScalarEvent):
            style = event.style or ""
            value = self._scalar(event, line, column) if not style else self._visible(event)
            self._put(Node(value, line, column, event.value, style))
        else:
            self._put(Node(None, line, column))

    def _put(self, node: Node) -> None:
        if not self.open:
            self.top = node
            return
        inside = self.open[-1]
        if isinstance(inside.items, list):
            inside.items.append(node)
        elif inside.key is None:
            inside.key = node
        else:
            self._pair(inside, inside.key, node)
            inside.key = None

    def _pair(self, inside: _Open, key: Node, node: Node) -> None:
        if isinstance(key.value, dict | list) or (key.value is None and not key.text):
            self._say(codes.KEY_NOT_TEXT, key.line, key.column)
        elif key.text == "<<" and not key.style:
            self._say(codes.ANCHOR, key.line, key.column)
        elif key.text in inside.items:
            self._say(
                codes.DUPLICATE_KEY, key.line, key.column, key=key.text, first=inside.items[key.text].line
            )
        else:
            inside.items[key.text] = Entry(key.line, key.column, node)

    def _scalar(self, event: Any, line: int, column: int) -> Scalar:
        """What a plain scalar means (YAML 1.2 core schema, with decimals and dates kept exact)."""
        text: str = event.value
        if text in _WORDS:
            return _WORDS[text]
        number = _INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text)
        if number:
            if len(text) > _MAX_DIGITS or abs(Decimal(text)) > MAX_AMOUNT:
                self._say(codes.NUMBER_TOO_LARGE, line, column, limit=MAX_AMOUNT)
                return 0
            return int(text) if _INTEGER.fullmatch(text) else Decimal(text)
        if (found := _DATE.match(text)) and not _exists(found):
            self._say(codes.NO_SUCH_DATE, line, column, value=found[0])
        return text

    def _visible(self, event: Any) -> str:
        """A quoted text; escapes in it may not make what could not stand in the file."""
        text: str = event.value
        if found := _HIDDEN.search(text):
            self._wrong(codes.HIDDEN_CHARACTER, event, character=_name(found[0]))
            return ""
        return text

    def _wrong(self, code: str, event: Any, **data: Any) -> None:
        self._say(code, event.start_mark.line + 1, event.start_mark.column + 1, **data)

    def _stop(self, code: str, event: Any, **data: Any) -> None:
        self._wrong(code, event, **data)
        raise _Stop

    def _say(self, code: str, line: int, column: int, **data: Any) -> None:
        self.problems.append(problem(code, "", line, column, **data))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Stop


def _exists(found: re.Match[str]) -> bool:
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return len(found[2]) == len(found[3]) == 2


_REASONS = (
    ("found unexpected end of stream", codes.CUT_OFF),
    ("but found '<stream end>'", codes.CUT_OFF),
    ("mapping values are not allowed here", codes.INDENTATION),
    ("expected <block end>", codes.INDENTATION),
    ("could not find expected ':'", codes.COLON_MISSING),
    ("found unknown escape character", codes.ESCAPE),
    ("did not find expected alphabetic or numeric character", codes.ANCHOR),
)


def _syntax(wrong: MarkedYAMLError, text: str) -> list[Problem]:
    """The parser stops at its first mistake; tabs in the indentation are all reported, being easy to find."""
    mark = wrong.problem_mark or wrong.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    reason = " ".join(str(wrong.problem or "").split())
    if "'\\t'" in reason:
        indents = islice(_TAB_INDENT.finditer(text), MAX_PROBLEMS)
        tabs = [_place(text, found.end() - 1) for found in indents]
        return [problem(codes.TAB, "", *place) for place in tabs or [(line, column)]]
    if "cannot start any token" in reason:
        character = text.split("\n")[line - 1][column - 1 : column]
        return [problem(codes.RESERVED_CHARACTER, "", line, column, character=character)]
    code = next((code for part, code in _REASONS if part in reason), codes.YAML)
    return [problem(code, "", line, column, reason=reason)]
