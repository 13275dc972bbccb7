"""A map: a small YAML file that says how the rows of a file become events."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from festoon.base.errors import Invalid, NotFound, define, text_of
from festoon.intake.files.cells import CellKind, Rounding
from festoon.intake.files.errors import FILE_MISSING
from festoon.intake.files.moments import Ambiguous, LocalTime, Skipped
from festoon.intake.files.templates import columns_of
from festoon.plan.decode import Broken, Decoder
from festoon.plan.problems import Problem
from festoon.plan.source import read_source

Scalar = str | int | float | bool

MAP_INVALID = define(
    "map.invalid",
    400,
    "the map has {count} mistake(s); the first: {first}",
    "映射有 {count} 处错误；第一处：{first}",
    todo="The how-to on importing events shows every setting of a map.",
    todo_zh="“导入事件”操作指南列出了映射的所有设置。",
)
NEEDS_ONE_ORIGIN = define(
    "map.needs_one_origin",
    400,
    "this is made from exactly one of {known}",
    "只能来自以下之一：{known}",
)
NEEDS_GROUP = define(
    "map.needs_group", 400, "this wants group_by in the map", "此处需要在映射中写明 group_by"
)
NO_SUCH_ZONE = define(
    "map.no_such_zone",
    400,
    "{given} is not the name of a time zone",
    "{given} 不是时区名称",
    todo="Use an IANA name, such as Asia/Shanghai.",
    todo_zh="请使用 IANA 名称，例如 Asia/Shanghai。",
)
NOT_A_TIME = define("map.not_a_time", 400, "{given} is not a time", "{given} 不是有效的时间")


class Rules(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of a map's parts."""


class Csv(Rules, frozen=True):
    """How a CSV file is written. `last_line: open` says that a last line without a line feed is whole."""

    delimiter: Literal[",", ";", "\t", "|"] = ","
    last_line: Literal["ended", "open"] = "ended"


class Lookup(Rules, frozen=True):
    """Another file beside the imported one, small enough for memory. Its columns are called `name.column`;
    `key` is the one that equals the row's `column` (the same name when left out).
    """

    file: str
    key: str
    column: str = ""


class Condition(Rules, frozen=True):
    """Which rows count: those that meet everything that is said."""

    column: str
    equals: Scalar | list[Scalar] | None = field(default=None, name="is")
    differs: Scalar | list[Scalar] | None = field(default=None, name="is_not")
    at_least: float | None = None
    at_most: float | None = None


class Group(Rules, frozen=True):
    """Rows with the same value in a column make one event. They stand together, unless they are `scattered`:
    then the reader sorts the file first (Parquet only).
    """

    column: str
    scattered: bool = False


class TypeOf(Rules, frozen=True):
    """The event type by a column's values. A row with another value is refused, or skipped."""

    column: str
    values: dict[str, str]
    other: Literal["refuse", "skip"] = "refuse"


class TimeOf(Rules, frozen=True):
    """The time by a column: `iso`, `s`, `ms` or `us` since 1970, or a format as strptime has it. With `at`
    the column holds a day, and this is the time of day. Or, in place of a column, one `value` for every row.
    """

    column: str = ""
    format: str = "iso"
    at: str = ""
    value: str = ""

    def __post_init__(self) -> None:
        if bool(self.column) == bool(self.value):
            raise Invalid(NEEDS_ONE_ORIGIN, known="column, value")
        self.time_of_day()
        self.constant()

    def time_of_day(self) -> time | None:
        """Raises Invalid `map.not_a_time`."""
        if not self.at:
            return None
        try:
            found = time.fromisoformat(self.at)
        except ValueError:
            raise Invalid(NOT_A_TIME, "at", given=self.at) from None
        if found.tzinfo is not None:
            raise Invalid(NOT_A_TIME, "at", given=self.at)
        return found

    def constant(self) -> datetime | None:
        """Raises Invalid `map.not_a_time`."""
        try:
            return datetime.fromisoformat(self.value) if self.value else None
        except ValueError:
            raise Invalid(NOT_A_TIME, "value", given=self.value) from None


class Field(Rules, frozen=True):
    """One field of the data, made from exactly one of: `column`; `first`, the first of several columns that
    is not empty; `sum` of several columns; `total` of one or several columns over the rows of the group;
    `text`, a template such as `till-{till}`; `value`, always the same; `fields`, an object.

    `scale` turns decimals into whole numbers of the smallest unit. `values` translates cells. What is empty
    is left out, and so is a value in `leave_out`.
    """

    column: str = ""
    first: list[str] = []
    sum: list[str] = []
    total: str | list[str] = ""
    text: str = ""
    value: Scalar | None = None
    fields: dict[str, "str | Field"] = {}
    type: CellKind | None = None
    scale: int | None = None
    rounding: Rounding = "exact"
    values: dict[str, Scalar] = {}
    leave_out: list[Scalar] = []

    def __post_init__(self) -> None:
        origins = (self.column, self.first, self.sum, self.total, self.text, self.fields)
        if sum(map(bool, origins)) + (self.value is not None) != 1:
            raise Invalid(NEEDS_ONE_ORIGIN, known="column, first, sum, total, text, value, fields")
        if self.text:
            _check_template(self.text, "text")


Fields = dict[str, str | Field]


class FileMap(Rules, frozen=True):
    """A whole map. Under `data` and `lines` a bare text is short for a `Field` of that column or template."""

    festoon_map: Literal[1]
    source: str
    id: str
    member: str
    type: str | TypeOf
    time: str | TimeOf
    data: Fields = {}
    lines: Fields = {}
    group_by: str | Group | None = None
    where: list[Condition] = []
    lookups: dict[str, Lookup] = {}
    format: Literal["csv", "ndjson", "parquet"] | None = None
    encoding: Literal["utf-8", "gb18030", "big5"] = "utf-8"
    csv: Csv = Csv()
    missing: tuple[str, ...] = ("",)
    zone: str = ""
    ambiguous: Ambiguous = "refuse"
    skipped: Skipped = "refuse"

    def __post_init__(self) -> None:
        self.local_time()
        _check_template(self.id, "id")
        _check_template(self.member, "member")
        if self.group_by is None and (self.lines or any(_totals(self.data))):
            raise Invalid(NEEDS_GROUP, "lines" if self.lines else "data")

    @property
    def group(self) -> Group | None:
        return Group(self.group_by) if isinstance(self.group_by, str) else self.group_by

    @property
    def clock(self) -> TimeOf:
        return TimeOf(self.time) if isinstance(self.time, str) else self.time

    def local_time(self) -> LocalTime:
        """How times without an offset are read. Raises Invalid `map.no_such_zone`."""
        try:
            zone = ZoneInfo(self.zone) if self.zone else None
        except (KeyError, ValueError, OSError):  # unknown, a path, a folder of zones
            raise Invalid(NO_SUCH_ZONE, "zone", given=self.zone) from None
        return LocalTime(zone, self.ambiguous, self.skipped)


def _check_template(template: str, place: str) -> None:
    try:
        columns_of(template)
    except Invalid as error:
        error.place = place
        raise


def _totals(fields: Mapping[str, str | Field]) -> Iterable[bool]:
    for made in fields.values():
        if isinstance(made, Field):
            yield bool(made.total)
            yield from _totals(made.fields)


class MapInvalid(Invalid):
    """A map that says nothing usable. `problems` are all that were found, in the order of the file."""

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.line, problem.column, problem.path))
        self.first = self.problems[0]
        super().__init__(
            MAP_INVALID, f"{name}:{self.first.line}", count=len(self.problems), first=self.first.text()
        )

    def text(self, language: str = "en") -> str:
        data = {"count": self.data["count"], "first": self.first.shown(language)}
        return f"{self.place.split(':')[0]}: {text_of(MAP_INVALID, data, language)}"


def load_map(path: Path) -> FileMap:
    """Read a map from a file. Raises NotFound `file.missing`, and what `parse_map` raises."""
    try:
        given = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(FILE_MISSING, file=path.name) from None
    return parse_map(given, path.name)


def parse_map(given: str | bytes, name: str = "map") -> FileMap:
    """A map from its text; `name` is what errors call it. Raises MapInvalid with all mistakes."""
    node, problems = read_source(given)
    if node is None or problems:
        raise MapInvalid(name, problems)
    decoder = Decoder()
    try:
        made: FileMap = decoder.decode(FileMap, node)
    except Broken:
        raise MapInvalid(name, decoder.problems) from None
    if decoder.problems:
        raise MapInvalid(name, decoder.problems)
    return made
