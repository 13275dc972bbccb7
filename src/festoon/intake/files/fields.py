"""From the rows of one event to its data."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from festoon.intake.files.derived import Derived
from festoon.intake.files.mapping import Field, Fields
from festoon.intake.files.rows import Row
from festoon.intake.files.templates import columns_of

OfRow = Callable[[Row], dict[str, Any]]
OfRows = Callable[[Sequence[Row]], dict[str, Any]]


def of_row(fields: Fields, derived: Derived) -> OfRow:
    """An object out of one row. What is missing is left out."""
    plain: list[tuple[str, int]] = []
    objects: list[tuple[str, OfRow]] = []
    for name, field in _spelt_out(fields):
        if field.fields:
            objects.append((name, of_row(field.fields, derived)))
        else:
            plain.append((name, derived.position(field)))

    def make(row: Row) -> dict[str, Any]:
        made = {name: value for name, position in plain if (value := row[position]) is not None}
        for name, inner in objects:
            made[name] = inner(row)
        return made

    return make


def of_rows(fields: Fields, derived: Derived) -> OfRows:
    """An object out of the rows of one event: totals over all of them, everything else from the first."""
    first = of_row({name: field for name, field in _spelt_out(fields) if not field.total}, derived)
    totals = [
        (name, derived.position(_each_row(field)), field.leave_out)
        for name, field in _spelt_out(fields)
        if field.total
    ]

    def make(rows: Sequence[Row]) -> dict[str, Any]:
        made = first(rows[0])
        for name, position, unwanted in totals:
            total = sum([row[position] or 0 for row in rows])
            if total not in unwanted:
                made[name] = total
        return made

    return make


def _each_row(field: Field) -> Field:
    """What one row adds to a total."""
    if isinstance(field.total, list):
        return replace(field, total="", sum=field.total, leave_out=[])
    kind = "int" if field.scale is None else field.type
    return replace(field, total="", column=field.total, type=kind, leave_out=[])


def columns_read(fields: Fields, *, totals: bool) -> Iterator[str]:
    """The columns that fields read: those that are totalled, or those that are not."""
    for _, field in _spelt_out(fields):
        if totals:
            yield from [field.total] if isinstance(field.total, str) else field.total
        else:
            yield field.column
            yield from field.first
            yield from field.sum
            yield from columns_of(field.text)
        yield from columns_read(field.fields, totals=totals)


def _spelt_out(fields: Fields) -> Iterator[tuple[str, Field]]:
    """A bare text is short for the column of that name, or for a template."""
    for name, field in fields.items():
        if isinstance(field, str):
            yield name, Field(text=field) if "{" in field else Field(column=field)
        else:
            yield name, field
