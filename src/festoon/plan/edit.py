"""Change one value of a plan's text and leave everything else as it was written: comments, order, spacing.

The YAML library keeps comments through a round trip, and rewrites some spacing. So the change is made there,
and only the lines that it really changed are taken over into the text.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from io import StringIO
from typing import Any

import ruamel.yaml
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from festoon.base.errors import Invalid, define
from festoon.plan.decode import Path, shown
from festoon.plan.problems import PlanInvalid, errors_of
from festoon.plan.source import plain, read_source

NO_SUCH_PATH = define(
    "plan.no_such_path",
    404,
    "there is no `{path}` in the plan",
    "方案中没有 `{path}`",
)

_DATE = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])")
_STEP = re.compile(r'\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.\[\]]+)')


def edit(text: str, path: str | Path, value: Any) -> str:
    """The text with `value` (plain data) at a path, such as `mechanics.lucky-draw.prizes[1].weight`.

    The last step of the path may be a new key, or the index after the last one of a list. Raises PlanInvalid
    when the text cannot be read, before the change or with it, and Invalid `plan.no_such_path` when the way to
    the last step is not there.
    """
    steps = steps_of(path)
    document = _Document(text)
    around = document.around(steps)
    last = steps[-1]
    if isinstance(around, CommentedSeq) and last == len(around):
        around.append(laid_out(value))
    elif isinstance(around, CommentedMap) or (isinstance(last, int) and last < len(around)):
        around[last] = laid_out(value)
    else:
        raise Invalid(NO_SUCH_PATH, path=shown(steps))
    return document.changed()


def remove(text: str, path: str | Path) -> str:
    """The text without a key or an item of a list. Raises as `edit` does."""
    steps = steps_of(path)
    document = _Document(text)
    around = document.around(steps)
    try:
        del around[steps[-1]]
    except (KeyError, IndexError, TypeError):
        raise Invalid(NO_SUCH_PATH, path=shown(steps)) from None
    return document.changed()


def steps_of(path: str | Path) -> Path:
    """The steps of a path as `shown` writes it. Raises Invalid for what is no path."""
    if not isinstance(path, str):
        return path
    steps: list[str | int] = []
    at = 0
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None:
            raise Invalid(NO_SUCH_PATH, path=path)
        index, quoted, word = found.groups()
        steps.append(int(index) if index is not None else quoted if quoted is not None else word)
        at = found.end()
    if not steps:
        raise Invalid(NO_SUCH_PATH, path=path)
    return tuple(steps)


class _Document:
    """A text, and its tree with comments."""

    def __init__(self, text: str) -> None:
        _said(text)
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        self.tree: Any = writer().load(self.text)
        self.before = _dumped(self.tree)

    def around(self, steps: Path) -> Any:
        """The map or list that holds the last step."""
        at = self.tree
        try:
            for step in steps[:-1]:
                at = at[step]
        except (KeyError, IndexError, TypeError):
            raise Invalid(NO_SUCH_PATH, path=shown(steps)) from None
        if not isinstance(at, CommentedMap | CommentedSeq):
            raise Invalid(NO_SUCH_PATH, path=shown(steps))
        return at

    def changed(self) -> str:
        """The text with the changes to the tree; if that said something else, the tree as it is dumped."""
        after = _dumped(self.tree)
        wanted = _said(after)
        merged = _merged(self.text, self.before, after)
        try:
            return merged if _said(merged) == wanted else after
        except PlanInvalid:
            return after


def writer() -> ruamel.yaml.YAML:
    """The library, set to leave comments, quotes and long lines alone."""
    yaml = ruamel.yaml.YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.width = 10**6
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.Representer = _Representer
    return yaml


class _Representer(RoundTripRepresenter):
    """Writes decimals as they are."""


def _decimal(representer: Any, number: Decimal) -> Any:
    written = f"{number:f}"
    return representer.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in written else 'int'}", written)


_Representer.add_representer(Decimal, _decimal)


def laid_out(value: Any) -> Any:
    """Plain data as the library takes it, with what fits on a line on one line."""
    made: CommentedMap | CommentedSeq
    if isinstance(value, dict):
        made = CommentedMap((laid_out(key), laid_out(inner)) for key, inner in value.items())
    elif isinstance(value, list | tuple):
        made = CommentedSeq(laid_out(inner) for inner in value)
    elif isinstance(value, str) and _DATE.fullmatch(value):
        return date.fromisoformat(value)  # so that it is written without quotes
    elif isinstance(value, str) and value.startswith(("?", "-", ":")):
        return SingleQuotedScalarString(
            value
        )  # the library writes these plain and cannot read them in a `{…}`
    else:
        return value
    if len(str(value)) <= 80:
        made.fa.set_flow_style()
    return made


def _dumped(tree: Any) -> str:
    out = StringIO()
    writer().dump(tree, out)
    return out.getvalue()


def _said(text: str) -> Any:
    node, problems = read_source(text)
    if node is None or errors_of(problems):
        raise PlanInvalid(problems)
    return plain(node)


def _merged(text: str, before: str, after: str) -> str:
    """`text` with the lines that differ between `before` and `after` exchanged."""
    own, old, new = (each.splitlines(keepends=True) for each in (text, before, after))
    place = _places(own, old)
    merged: list[str] = []
    at = 0
    for kind, old_from, old_to, new_from, new_to in _opcodes(old, new):
        if kind == "equal":
            continue
        beside = old_from if old_from < old_to else max(old_from - 1, 0)
        shift = _indent(own, place[beside]) - _indent(old, beside)
        merged += own[at : place[old_from]]
        merged += [_shifted(line, shift) for line in new[new_from:new_to]]
        at = max(at, place[old_to])
    return "".join([*merged, *own[at:]])


def _places(own: Sequence[str], old: Sequence[str]) -> list[int]:
    """For every line of the rewritten text (and its end) the line of one's own it stands for."""
    place = [0] * (len(old) + 1)
    words = [[" ".join(line.split()) for line in lines] for lines in (own, old)]
    for _, own_from, own_to, old_from, old_to in _opcodes(*words):
        for line in range(old_from, old_to):
            place[line] = min(own_from + line - old_from, own_to)
        place[old_to] = own_to
    return place


def _opcodes(first: Sequence[str], second: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, first, second, autojunk=False).get_opcodes()


def _indent(lines: Sequence[str], at: int) -> int:
    return len(lines[at]) - len(lines[at].lstrip(" ")) if at < len(lines) else 0


def _shifted(line: str, by: int) -> str:
    return " " * by + line if by >= 0 else line.removeprefix(" " * -by)
