"""Change one value of a plan's text and leave everything else as it was written, to the byte.

What stands where is found by `spans`; only the characters of the value (or of its key and line, when one is added or
taken away) are exchanged. The result is read again, and must say exactly what was wanted.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from festoon.base.errors import Invalid, define
from festoon.plan import splice
from festoon.plan.chunks import chunks_of
from festoon.plan.decode import Path, shown
from festoon.plan.problems import PlanInvalid, errors_of
from festoon.plan.source import plain, read_source
from festoon.plan.spans import Span, spans_of
from festoon.plan.splice import Splice
from festoon.plan.written import below

NO_SUCH_PATH = define(
    "plan.no_such_path",
    404,
    "there is no `{path}` in the plan",
    "方案中没有 `{path}`",
)
ONLY_BY_HAND = define(
    "plan.only_by_hand",
    409,
    "`{path}` is written in a way that only its writer can change",
    "`{path}` 的写法较特殊，只能在文本中修改",
    todo="change it in the text",
    todo_zh="请直接在文本中修改",
)

_STEP = re.compile(r'\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.\[\]]+)')


def edit(text: str, path: str | Path, value: Any, order: Sequence[str] = ()) -> str:
    """The text with `value` (plain data) at a path, such as `mechanics.lucky-draw.prizes[1].weight`.

    The last step of the path may be a new key, or the index after the last one of a list. A new key comes after those
    that stand before it in `order`, or last. Raises PlanInvalid when the text cannot be read, before the change or
    with it, and Invalid `plan.no_such_path` when the way to the last step is not there.
    """
    steps = steps_of(path)
    document = Document(text)
    around = document.around(steps)
    last = steps[-1]
    if isinstance(around, list) and isinstance(last, int) and last <= len(around):
        around[last : last + 1] = [value]
    elif isinstance(around, dict) and isinstance(last, str):
        entries = list(around.items())
        if last not in around:
            entries.insert(splice.place_of(list(around), last, order), (last, value))
        around.clear()
        around.update(entries, **{last: value})
    else:
        raise Invalid(NO_SUCH_PATH, path=shown(steps))
    return document.with_(splice.put(document.chunk, document.spans, steps, value, order), steps)


def remove(text: str, path: str | Path) -> str:
    """The text without a key or an item of a list. Raises as `edit` does."""
    steps = steps_of(path)
    document = Document(text)
    around = document.around(steps)
    try:
        del around[steps[-1]]
    except (KeyError, IndexError, TypeError):
        raise Invalid(NO_SUCH_PATH, path=shown(steps)) from None
    return document.with_(splice.take_out(document.chunk, document.spans, steps), steps)


def rename(text: str, path: str | Path, name: str) -> str:
    """The text with another name for a key; who refers to it still has the old one. Raises as `edit` does, and the
    same for a name that is taken."""
    steps = steps_of(path)
    document = Document(text)
    around = document.around(steps)
    if not isinstance(around, dict) or steps[-1] not in around or (name in around and name != steps[-1]):
        raise Invalid(NO_SUCH_PATH, path=shown((*steps[:-1], name)))
    entries = [(name if key == steps[-1] else key, of) for key, of in around.items()]
    around.clear()
    around.update(entries)
    return document.with_(splice.rename(document.chunk, document.spans, steps, name), steps)


def move_up(text: str, path: str | Path) -> str:
    """The text with an entry or item before the one that stood before it, comments above it included. Raises as
    `edit` does."""
    steps = steps_of(path)
    document = Document(text)
    around = document.around(steps)
    keys = list(around) if isinstance(around, dict) else list(range(len(around)))
    if steps[-1] not in keys[1:]:
        raise Invalid(NO_SUCH_PATH, path=shown(steps))
    at = keys.index(steps[-1])
    if isinstance(around, list):
        around[at - 1], around[at] = around[at], around[at - 1]
    else:
        keys[at - 1], keys[at] = keys[at], keys[at - 1]
        entries = [(key, around[key]) for key in keys]
        around.clear()
        around.update(entries)
    return document.with_(splice.move_up(document.chunk, document.spans, steps), steps)


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


class Document:
    """A text, what it says, and the part of it in which a change is made."""

    def __init__(self, text: str) -> None:
        self.given = text
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        self.data = _said(text)

    def around(self, steps: Path) -> Any:
        """The map or list that holds the last step, to be changed; finds the part of the text with it."""
        at = self.data
        try:
            for step in steps[:-1]:
                at = at[step]
        except (KeyError, IndexError, TypeError):
            raise Invalid(NO_SUCH_PATH, path=shown(steps)) from None
        if not isinstance(at, dict | list):
            raise Invalid(NO_SUCH_PATH, path=shown(steps))
        self._find(steps)
        return at

    def whole(self) -> Span:
        """The spans of all of the text, for changes in several of its parts."""
        self.chunk, self.start, self.spans = self.text, 0, spans_of(self.text)
        return self.spans

    def _find(self, steps: Path) -> None:
        chunks = chunks_of(self.text) if len(steps) > 1 else []
        chosen = [
            chunk for chunk in chunks if re.match(rf"(?:#.*\n|\s*\n)*{re.escape(str(steps[0]))}:", chunk.text)
        ]
        try:
            self.chunk, self.start = (chosen[0].text, chosen[0].start) if chosen else (self.text, 0)
            self.spans = spans_of(self.chunk)
        except Exception:  # a part that cannot be read by itself
            self.chunk, self.start = self.text, 0
            self.spans = spans_of(self.chunk)

    def with_(self, splices: Sequence[Splice], steps: Path) -> str:
        """The text with the changes. Raises Invalid `plan.only_by_hand` when it then said anything else."""
        bom = len(self.given) - len(self.given.removeprefix("\ufeff"))
        crlf = [found.start() - before - bom for before, found in enumerate(re.finditer("\r\n", self.given))]
        feed = "\r\n" if crlf else "\n"
        made, at = [], 0
        for start, end, new in sorted(splices):
            since, until = (
                bom + place + bisect_left(crlf, place) for place in (start + self.start, end + self.start)
            )
            made += [self.given[at:since], new.replace("\n", feed)]
            at = until
        after = "".join([*made, self.given[at:]])
        try:
            if _meant(_said(after)) == _meant(self.data):
                return after
        except PlanInvalid:
            _said(below(self.data, 0))  # says what no plan can hold
        raise Invalid(ONLY_BY_HAND, shown(steps), path=shown(steps))


def _meant(value: Any) -> Any:
    """Data to compare: the order of keys counts, how a number is written does not."""
    if isinstance(value, dict):
        return [(str(key), _meant(of)) for key, of in value.items()]
    if isinstance(value, list | tuple):
        return ("list", [_meant(of) for of in value])
    return repr(value) if isinstance(value, bool) else value


def _said(text: str) -> Any:
    node, problems = read_source(text)
    if node is None or errors_of(problems):
        raise PlanInvalid(problems)
    return plain(node)
