"""A form filled in: what a screen shows for each key of a section, with what stands there and what is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from festoon.base.errors import LANGUAGES
from festoon.plan.decode import Path, shown
from festoon.plan.form.changes import fresh
from festoon.plan.form.field_at import alternative, mechanic_fields
from festoon.plan.form.fields import Field
from festoon.plan.form.known import names_of
from festoon.plan.form.marks import Look
from festoon.plan.form.sections import section_fields
from festoon.plan.form.words import choice_label, help_of, kind_label, label, lead, metric_label
from festoon.plan.problems import Problem
from festoon.plan.references import things
from festoon.plan.values import texts

LONG = ("background", "text", "response", "evidence", "steps")
_WITH_PARTS = ("group", "items", "entries")


class Row(Struct, frozen=True):
    """One key as a screen shows it.

    `help` is what it is for, in a sentence, and `more` the rest. `value` is what stands there as text, `values` the
    same of several; `rows` are what is inside. `key` names an entry, `title` says which one it is; `thing` says that
    the value is a name by which the plan refers to it. `new` is what another one begins with, `blank` what a group
    begins with; `line` is where it stands in the text.
    """

    kind: str
    path: str
    label: str
    help: str = ""
    more: str = ""
    needed: bool = False
    there: bool = False
    value: str = ""
    values: tuple[str, ...] = ()
    data: Any = None
    choices: tuple[tuple[str, str], ...] = ()
    rows: tuple["Row", ...] = ()
    problems: tuple[str, ...] = ()
    wrong: bool = False
    key: str = ""
    title: str = ""
    first: bool = False
    last: bool = False
    new: Any = None
    blank: Any = None
    default: str = ""
    line: int = 0
    named: bool = False
    thing: bool = False
    long: bool = False

    @property
    def id(self) -> str:
        return "f-" + "".join(each if each.isalnum() or each in "-_" else "." for each in self.path)

    @property
    def holds(self) -> bool:
        """Whether anything is said in it."""
        return self.there or self.wrong


class _Form:
    """Fills in one section of one plan in one language."""

    def __init__(self, look: Look, language: str) -> None:
        self.data: Mapping[str, Any] = look.data or {}
        self.language = language
        self.places = look.places()
        self.things = {each.steps for each in things(self.data) if each.part == "value"}
        self.said: dict[str, list[Problem]] = {}
        for problem in look.checked.problems:
            self.said.setdefault(problem.path, []).append(problem)

    def row(self, field: Field, steps: Path, value: Any, here: Any) -> Row:
        field = alternative(field, value)
        path = shown(steps)
        help, more = lead(help_of(field, self.language))
        problems = tuple(each.text(self.language) for each in self.said.get(path, ()))
        shared: dict[str, Any] = {
            "path": path,
            "label": label(field, self.language),
            "help": help,
            "more": more,
            "needed": field.needed,
            "there": value is not None,
            "line": self.places[path].line if path in self.places else 0,
            "problems": problems,
            "long": field.name in LONG,
            "thing": steps in self.things,
        }
        rows = self._rows(field, steps, value, here)
        wrong = bool(problems) or any(each.wrong for each in rows)
        kind = self._kind(field, value)
        return Row(kind=kind, rows=rows, wrong=wrong, **shared, **self._own(field, kind, value, here))

    def _kind(self, field: Field, value: Any) -> str:
        """How the value is shown: one that does not fit its field is shown as text."""
        if field.kind == "either":
            return "text" if not isinstance(value, dict | list) else "anything"
        if isinstance(value, dict) and field.kind not in ("group", "entries", "words", "reward"):
            return "anything"
        if isinstance(value, list) and field.kind not in ("items", "texts", "names", "events", "reward"):
            return "anything"
        if field.kind in _WITH_PARTS and value is not None and not isinstance(value, dict | list):
            return "anything"
        return "names" if field.kind == "names" else field.kind

    def _own(self, field: Field, kind: str, value: Any, here: Any) -> dict[str, Any]:
        """What only some kinds have."""
        found: dict[str, Any] = {"value": _text(value), "default": self._default(field)}
        if kind in ("texts", "names", "events"):
            found["values"] = tuple(
                map(_text, value if isinstance(value, list) else [] if value is None else [value])
            )
        if kind in ("reward", "condition", "anything", "words"):
            found["data"] = value
        if kind == "words":
            found["named"] = isinstance(value, str)
        if kind in ("items", "entries") and field.each is not None:
            found["new"] = fresh(field.each)
            found["named"] = kind == "entries"
        groups = [each for each in field.either if each.kind == "group"]
        if groups and not isinstance(value, dict):
            found["blank"] = fresh(groups[0])
        found["choices"] = tuple(self._choices(field, here, value))
        return found

    def _choices(self, field: Field, here: Any, value: Any) -> Iterator[tuple[str, str]]:
        if field.kind == "truth":
            yield from (("true", ""), ("false", ""))
        for each in field.choices or next((one.choices for one in field.either if one.choices), ()):
            yield each, choice_label(field, each, self.language)
        of = "event" if field.kind == "events" else field.of
        known = names_of(of, self.data, here) if of and of != "zone" else ()
        for name in known:
            yield name, self.called(of, name)
        if known and isinstance(value, str) and value not in known:
            yield value, value

    def called(self, of: str, name: str) -> str:
        """What something of the plan is called, beside its name."""
        if of == "metric":
            return metric_label(name, self.language)
        sections = {
            "line": ("budget", "lines"),
            "mechanic": ("mechanics",),
            "segment": ("segments",),
            "asset": ("assets",),
        }
        at: Any = self.data
        for step in (*sections.get(of, (f"{of}s",)), name):
            at = at.get(step) if isinstance(at, dict) else None
        title = at.get("title") if isinstance(at, dict) else None
        return f"{texts(title)[self.language]} · {name}" if title and _sound(title) else name

    def _default(self, field: Field) -> str:
        if field.default in (None, "", (), []) or isinstance(field.default, Struct | dict | list | tuple):
            return ""
        said = _text(field.default)
        return choice_label(field, said, self.language) if field.kind == "choice" else said

    def _rows(self, field: Field, steps: Path, value: Any, here: Any) -> tuple[Row, ...]:
        if field.kind == "group" and (value is None or isinstance(value, dict)):
            if value is None and len(steps) > 8:
                return ()
            return tuple(self.rows(field.parts, steps, value or {}, here))
        if field.kind == "words" and not isinstance(value, str):
            said = value if isinstance(value, dict) else {}
            return tuple(
                Row("text", shown((*steps, each)), each, value=_text(said.get(each)), long=field.name in LONG)
                for each in sorted(
                    LANGUAGES, key=lambda each: each != "zh-Hans" if self.language != "en" else each
                )
                if each != "zh-Hant" or said.get(each) or self.language == "zh-Hant"
            )
        if field.each is not None and field.kind == "items" and isinstance(value, list):
            return tuple(self._several(field.each, steps, list(enumerate(value)), here))
        if field.each is not None and field.kind == "entries" and isinstance(value, dict):
            return tuple(self._several(field.each, steps, list(value.items()), here))
        return ()

    def rows(self, parts: Iterable[Field], steps: Path, value: Mapping[str, Any], here: Any) -> Iterator[Row]:
        for part in parts:
            if part.name == "tasks" and part.owner == "Task" and part.name not in value:
                continue  # sub-tasks of sub-tasks, without an end
            yield self.row(part, (*steps, part.name), value.get(part.name), here)

    def _several(
        self, each: Field, steps: Path, found: Sequence[tuple[str | int, Any]], here: Any
    ) -> Iterator[Row]:
        for place, (key, value) in enumerate(found):
            row = self.row(each, (*steps, key), value, here)
            changed = {name: getattr(row, name) for name in row.__struct_fields__}
            changed |= {
                "key": str(key) if isinstance(key, str) else "",
                "title": self._titled(key, value),
                "help": "",
                "more": "",
                "first": place == 0,
                "last": place == len(found) - 1,
            }
            yield Row(**changed)

    def _titled(self, key: str | int, value: Any) -> str:
        """Which one it is: by its title, or its id, or the metric, or its number."""
        said = value if isinstance(value, dict) else {}
        if _sound(title := said.get("title")):
            return texts(title)[self.language]
        if "metric" in said:
            return metric_label(str(said["metric"]), self.language)
        for name in ("id", "name", "what", "prize", "from"):
            if isinstance(said.get(name), str):
                return str(said[name])
        return key if isinstance(key, str) else f"{key + 1}"


def section_rows(look: Look, section: str, language: str) -> list[Row]:
    """The form of a section; of one mechanic for `mechanics.<id>`."""
    form = _Form(look, language)
    name, _, id = section.partition(".")
    if name == "mechanics" and id:
        said = (form.data.get("mechanics") or {}).get(id)
        steps: Path = ("mechanics", id)
        return list(
            form.rows(_shown(mechanic_fields(said)), steps, said if isinstance(said, dict) else {}, said)
        )
    fields = [field for field in section_fields(name) if field.name != "mechanics"]
    return list(form.rows(fields, (), form.data, form.data))


class Listed(Struct, frozen=True):
    """A mechanic in the outline."""

    id: str
    title: str
    kind: str
    errors: int


def mechanics_of(look: Look, language: str) -> list[Listed]:
    """The mechanics of a plan in their order."""
    said = (look.data or {}).get("mechanics")
    if not isinstance(said, dict):
        return []
    return [
        Listed(
            id,
            texts(one["title"], id)[language] if isinstance(one, dict) and _sound(one.get("title")) else id,
            kind_label(str(one.get("kind", "")), language) if isinstance(one, dict) else "",
            sum(
                each.severity == "error" and _within(each.path, f"mechanics.{id}")
                for each in look.checked.problems
            ),
        )
        for id, one in said.items()
    ]


def _within(path: str, above: str) -> bool:
    return path == above or path.startswith((f"{above}.", f"{above}["))


def _shown(fields: list[Field]) -> list[Field]:
    return [field for field in fields if field.name != "kind"]


def _sound(title: Any) -> bool:
    """Whether something can be read as a title."""
    if isinstance(title, dict):
        return (
            bool(title)
            and set(title) <= set(LANGUAGES)
            and all(isinstance(each, str) for each in title.values())
        )
    return isinstance(title, str) and bool(title)


def _text(value: Any) -> str:
    """A value as one types it."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value}"
