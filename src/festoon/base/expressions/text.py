"""From text to a syntax tree, with everything hostile or unreadable refused first.

Python's own parser is only given text that is short, visible, balanced and free of escapes. A text literal
can therefore hold exactly the characters one sees in it.
"""

import ast
import unicodedata
from collections.abc import Iterator
from datetime import UTC, tzinfo
from io import StringIO
from tokenize import COMMENT, ERRORTOKEN, NAME, NL, NUMBER, OP, STRING, TokenError, TokenInfo, generate_tokens
from typing import Any

from msgspec import Struct

from festoon.base.expressions import errors
from festoon.base.expressions.errors import ExpressionError
from festoon.base.expressions.writing import written

MAX_LENGTH = 2_000
MAX_DEPTH = 32
MAX_PARTS = 200
MAX_TEXT = 200

_INSTEAD = {"=": "==", "&": "and", "|": "or", "!": "not", "^": "!=", "~": "not", "<>": "!="}
_NOT_ALLOWED = frozenset({"**", ":=", "=", "&", "|", "^", "~", "<<", ">>", "@", "->", ";", "..."})
_FULL_WIDTH = dict(zip("“”‘’（），：；＝＞＜！％＋－＊", "\"\"''(),:;=><!%+-*", strict=True))
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


class Source(Struct, frozen=True):
    """An expression's text and syntax tree. Moments in it are written in `zone`."""

    given: str
    tree: ast.expr
    zone: tzinfo

    def error(self, code: str, at: ast.AST, **data: Any) -> ExpressionError:
        """An error that stands at a part of the tree."""
        row, column = getattr(at, "lineno", 2), getattr(at, "col_offset", 0)
        if row < 2:
            return ExpressionError(code, **data)
        # The tree counts columns in bytes of UTF-8, and lines from the bracket put before the first one.
        line = self.given.split("\n")[row - 2].encode()
        return ExpressionError(code, line=row - 1, column=len(line[:column].decode()) + 1, **data)

    def normal(self) -> str:
        """The normal form of an expression that has been checked; it may not be longer than a text given."""
        text = written(self.tree)
        if len(text) > MAX_LENGTH:
            raise ExpressionError(errors.TOO_LONG, limit=MAX_LENGTH)
        return text

    def written(self, at: ast.AST) -> str:
        """How a part was written, on one line and not too long."""
        # A bare `a, b` takes the brackets put around it for its own.
        whole = getattr(at, "lineno", 1) < 2
        found = self.given if whole else ast.get_source_segment(_in_brackets(self.given), at) or ""
        said = " ".join(found.split())
        return said if len(said) <= 40 else f"{said[:39]}…"


def read(given: str, zone: tzinfo = UTC) -> Source:
    """The syntax tree of an expression. Raises ExpressionError for whatever cannot be one."""
    given = given.replace("\r\n", "\n")
    if len(given) > MAX_LENGTH:
        raise ExpressionError(errors.TOO_LONG, limit=MAX_LENGTH)
    _refuse_hidden(given)
    if not given.strip():
        raise ExpressionError(errors.EMPTY)
    _refuse_tokens(given)
    tree = _parse(given)
    _refuse_size(tree)
    return Source(given, tree, zone)


def _refuse_hidden(given: str) -> None:
    """Control, format and bidirectional characters, odd spaces, what is unassigned, and the backslash."""
    for line, row in enumerate(given.split("\n"), start=1):
        for column, character in enumerate(row, start=1):
            category = unicodedata.category(character)
            if (category[0] == "C" and character != "\t") or (category[0] == "Z" and character != " "):
                name = f"U+{ord(character):04X}"
                raise ExpressionError(errors.HIDDEN_CHARACTER, line=line, column=column, character=name)
            if character == "\\":
                raise ExpressionError(errors.NOT_ALLOWED, line=line, column=column, found="\\")


def _refuse_tokens(given: str) -> None:
    """Brackets that do not match or go too deep, and words that no expression has."""
    depth, before = 0, TokenInfo(NL, "", (0, 0), (0, 0), "")
    for token in _tokens(given):
        depth += _BRACKETS.get(token.string, 0) if token.type == OP else 0
        if depth > MAX_DEPTH + 1:
            raise _at(token, errors.TOO_DEEP, limit=MAX_DEPTH)
        if depth == 0 and token.start[0] == given.count("\n") + 3:
            return
        if depth == 0:
            raise _at(token, errors.SYNTAX, found=token.string)
        if token.type != NL:
            _refuse_token(token, before)
            before = token


def _tokens(given: str) -> Iterator[TokenInfo]:
    """The tokens, inside the brackets that let an expression run over several lines."""
    try:
        yield from generate_tokens(StringIO(_in_brackets(given)).readline)
    except (TokenError, SyntaxError):
        raise _unfinished(given) from None


def _in_brackets(given: str) -> str:
    return f"(\n{given}\n)"


def _refuse_token(token: TokenInfo, before: TokenInfo) -> None:
    said = token.string
    if token.type == COMMENT or (token.type == OP and said in _NOT_ALLOWED):
        raise _at(token, errors.NOT_ALLOWED, found=said, **_suggestion(_INSTEAD.get(said)))
    if token.type == ERRORTOKEN and not said.isspace():
        instead = _FULL_WIDTH.get(said, _INSTEAD.get(said))
        raise _at(token, errors.CHARACTER, character=said, **_suggestion(instead))
    if token.type == NAME:
        plain = unicodedata.normalize("NFKC", said)
        if plain != said or said.startswith("_"):
            raise _at(token, errors.NOT_ALLOWED, found=said, **_suggestion(plain if plain != said else None))
        if before.type == NUMBER and before.end == token.start:
            raise _at(token, errors.SYNTAX, found=said)
    if token.type == STRING:
        if said[0] not in "'\"" or said[:3] in ('"""', "'''") or before.type == STRING:
            raise _at(token, errors.NOT_ALLOWED, found=said[:3])
        if len(said) > MAX_TEXT + 2:
            raise _at(token, errors.TEXT_TOO_LONG, limit=MAX_TEXT)


def _parse(given: str) -> ast.expr:
    try:
        return ast.parse(_in_brackets(given), mode="eval").body
    except SyntaxError as wrong:
        rows, row = given.split("\n"), max((wrong.lineno or 2) - 2, 0)
        column = max(wrong.offset or 1, 1)
        found = rows[row][column - 1 :].split() if row < len(rows) else []
        if not found:
            raise _unfinished(given) from None
        raise ExpressionError(errors.SYNTAX, line=row + 1, column=column, found=found[0]) from None
    except (ValueError, OverflowError, RecursionError, MemoryError):
        raise ExpressionError(errors.TOO_DEEP, limit=MAX_DEPTH) from None


def _refuse_size(tree: ast.expr) -> None:
    """Too many parts, or nested too deep. Operators and contexts are not counted."""
    level: list[ast.AST] = [tree]
    parts = depth = 0
    while level:
        parts, depth = parts + len(level), depth + 1
        if depth > MAX_DEPTH:
            raise ExpressionError(errors.TOO_DEEP, limit=MAX_DEPTH)
        if parts > MAX_PARTS:
            raise ExpressionError(errors.TOO_MANY_PARTS, limit=MAX_PARTS)
        below = (child for node in level for child in ast.iter_child_nodes(node))
        level = [child for child in below if isinstance(child, ast.expr | ast.comprehension)]


def _unfinished(given: str) -> ExpressionError:
    rows = given.rstrip().split("\n")
    return ExpressionError(errors.UNFINISHED, line=len(rows), column=len(rows[-1]) + 1)


def _at(token: TokenInfo, code: str, **data: Any) -> ExpressionError:
    return ExpressionError(code, line=max(token.start[0] - 1, 1), column=token.start[1] + 1, **data)


def _suggestion(instead: str | None) -> dict[str, str]:
    return {"suggestion": instead} if instead else {}
