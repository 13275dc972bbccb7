"""A map: a small YAML file that says how the rows of a file become events."""

from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct, field
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from festoon.base.errors import Invalid, NotFound
from festoon.intake.files.cells import CellKind, Rounding
from festoon.intake.files.errors import FILE_MISSING, MAP_INVALID, MAP_UNREADABLE
from festoon.intake.files.moments import Ambiguous, Skipped

Scalar = str | int | float | bool


class Rules(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of a map's parts: what is not known is a mistake."""


class Csv(Rules, frozen=True):
    """How a CSV file is written. `last_line: open` says that a last line without a line feed is whole."""

    delimiter: str = ","
    last_line: Literal["ended", "open"] = "ended"


class Lookup(Rules, frozen=True):
    """Another file beside the imported one. Its columns are called `name.column`; `key` is its column that equals
    the row's `column` (the same name when left out). It has to fit into memory.
    """

    file: str
    key: str
    column: str = ""


class Condition(Rules, frozen=True):
    """Which rows count. A row has to meet everything that is said."""

    column: str
    equals: Scalar | list[Scalar] | None = field(default=None, name="is")
    differs: Scalar | list[Scalar] | None = field(default=None, name="is_not")
    at_least: int | float | None = None
    at_most: int | float | None = None


class Group(Rules, frozen=True):
    """Rows with the same value in a column make one event. They stand together unless they are `scattered`; then
    the reader sorts the file first (Parquet only).
    """

    column: str
    scattered: bool = False


class TypeOf(Rules, frozen=True):
    """The event type by a column's values. Rows with another value are refused, or skipped."""

    column: str
    values: dict[str, str]
    other: Literal["refuse", "skip"] = "refuse"


class TimeOf(Rules, frozen=True):
    """The time by a column: `iso`, `s`, `ms`, `us` since 1970, or a format as strptime has it. With `at` the column
    holds a day, and this is the time of day.
    """

    column: str
    format: str = "iso"
    at: str = ""


class Field(Rules, frozen=True):
    """One field of the data. It is made from exactly one of `column`, `first` (the first of several columns that
    is not empty), `sum` (of several columns), `total` (of one or several columns over the group's rows), `text` (a
    template such as `till-{till}`), `value` (always the same) or `fields` (an object).

    `scale` turns decimals into whole numbers of the smallest unit. `values` translates cells. A value that is in
    `leave_out` is left out, as is what is empty.
    """

    column: str = ""
    first: list[str] = []
    sum: list[str] = []
    total: str | list[str] = ""
    text: str = ""
    value: Scalar | None = None
    fields: dict[str, Any] = {}
    type: CellKind | None = None
    scale: int | None = None
    rounding: Rounding = "exact"
    values: dict[str, Scalar] = {}
    leave_out: list[Scalar] = []


_SOURCES = ("column", "first", "sum", "total", "text", "value", "fields")


class FileMap(Rules, frozen=True):
    """A whole map. In `data` and `lines` every field is a `Field`; a bare column name is short for one."""

    festoon_map: Literal[1]
    source: str
    id: str
    member: str
    type: str | TypeOf
    time: str | TimeOf
    data: dict[str, Any] = {}
    lines: dict[str, Any] = {}
    group_by: str | Group | None = None
    where: list[Condition] = []
    lookups: dict[str, Lookup] = {}
    format: Literal["csv", "ndjson", "parquet"] | None = None
    encoding: Literal["utf-8", "gb18030", "big5"] = "utf-8"
    csv: Csv = Csv()
    missing: list[str] = [""]
    zone: str = ""
    ambiguous: Ambiguous = "refuse"
    skipped: Skipped = "refuse"

    @property
    def group(self) -> Group | None:
        return Group(self.group_by) if isinstance(self.group_by, str) else self.group_by

    @property
    def clock(self) -> TimeOf:
        return TimeOf(self.time) if isinstance(self.time, str) else self.time


def load_map(path: Path) -> FileMap:
    """Read a map from a file.

    Raises NotFound `file.missing`; Invalid `map.unreadable` or `map.invalid` with the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFound(FILE_MISSING, file=path.name) from None
    except UnicodeDecodeError:
        raise Invalid(MAP_UNREADABLE, path.name, reason="it is not UTF-8") from None
    return parse_map(text, path.name)


def parse_map(text: str, name: str = "map") -> FileMap:
    """A map from its text; `name` is what errors call it."""
    try:
        tree = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Invalid(MAP_UNREADABLE, f"{name}:{line}", reason=str(error.problem)) from None
    except (YAMLError, ValueError) as error:
        raise Invalid(MAP_UNREADABLE, name, reason=str(error).split("\n")[0]) from None
    try:
        return _checked(msgspec.convert(tree, FileMap))
    except _Mistake as mistake:
        place = f"{name}:{_line(tree, mistake.path)}"
        raise Invalid(MAP_INVALID, place, field=".".join(mistake.path) or "the map", reason=mistake.reason) from None
    except msgspec.ValidationError as error:
        reason, path = _taken_apart(str(error))
        place = f"{name}:{_line(tree, path)}"
        raise Invalid(MAP_INVALID, place, field=".".join(path) or "the map", reason=reason) from None
