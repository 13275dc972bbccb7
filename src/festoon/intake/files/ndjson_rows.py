"""Rows of an NDJSON file: one JSON object a line. A column is a key, or a way down such as `customer.id`."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from festoon.base.errors import Invalid
from festoon.intake.files.errors import CUT_OFF, EMPTY, ROW_UNREADABLE
from festoon.intake.files.rows import Chunks, Row, chunked
from festoon.intake.files.text_lines import TextLines
from festoon.intake.nesting import is_deeper
from festoon.intake.refusals import DEEPEST, too_deep

_BUFFER = 1024 * 1024
# Numbers with a point stay decimal, so that money never passes through a float.
_decoder = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)


def ndjson_rows(path: Path, columns: Sequence[str], missing: frozenset[str], encoding: str) -> Chunks:
    """The values of these columns, as JSON has them; None where a key is not there.

    Raises Invalid: `file.empty`, `file.encoding`, `file.line_too_long`, `file.row_unreadable` for a line with
    NUL, and `file.cut_off` at half a line. A row nested too deeply is handed on as such (`event.too_deep`).
    """
    with path.open("rb", buffering=_BUFFER) as file:
        yield from chunked(_records(file, path.name, columns, encoding), len(columns), missing)


def _records(
    file: BinaryIO, name: str, columns: Sequence[str], encoding: str
) -> Iterator[tuple[int, Row | Invalid]]:
    lines = TextLines(file, name, encoding)
    getters = [getter(column) for column in columns]
    for line in lines:
        if line.isspace():
            continue
        try:
            found = _decoder.decode(line)
            if line.count("{") + line.count("[") > DEEPEST and is_deeper(found, DEEPEST):
                raise RecursionError
        except RecursionError:
            yield lines.number, too_deep("row")
            continue
        except (msgspec.DecodeError, ArithmeticError) as error:
            if not lines.ended:
                raise Invalid(CUT_OFF, lines.place, events=0) from None
            yield lines.number, Invalid(ROW_UNREADABLE, reason=str(error))
            continue
        yield lines.number, tuple([get(found) for get in getters])
    if lines.number == 0:
        raise Invalid(EMPTY, name)


def getter(column: str) -> Callable[[dict[str, Any]], Any]:
    """The value of a key; of a dotted name the key as written, else the way down."""
    if "." not in column:
        return lambda found: found.get(column)
    steps = column.split(".")

    def down(found: dict[str, Any]) -> Any:
        if column in found:
            return found[column]
        value: Any = found
        for step in steps:
            value = value.get(step) if isinstance(value, dict) else None
        return value

    return down
