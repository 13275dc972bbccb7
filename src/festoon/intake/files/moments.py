"""From a cell to the moment an event happened: formats, named zones, hours that clocks repeat or skip."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from festoon.base.errors import Invalid
from festoon.intake.files.cells import number
from festoon.intake.files.errors import CELL_INVALID, TIME_AMBIGUOUS, TIME_SKIPPED, ZONE_MISSING, shown

Ambiguous = Literal["refuse", "earlier", "later"]
Skipped = Literal["refuse", "forward"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}


class LocalTime(Struct, frozen=True):
    """How a time without an offset is read. `zone` None: not at all."""

    zone: ZoneInfo | None = None
    ambiguous: Ambiguous = "refuse"
    skipped: Skipped = "refuse"

    def utc(self, at: datetime, column: str) -> datetime:
        """The instant in UTC.

        Raises Invalid: `file.zone_missing`, `file.time_ambiguous`, `file.time_skipped`.
        """
        if at.tzinfo is not None:
            return at.astimezone(UTC)
        if self.zone is None:
            raise Invalid(ZONE_MISSING, column=column, value=shown(at))
        first = at.replace(tzinfo=self.zone, fold=0)
        second = first.replace(fold=1)
        before, after = first.utcoffset(), second.utcoffset()
        if before != after:
            assert before is not None
            assert after is not None
            # Where an hour is repeated the offset before is the larger one; where one is skipped, the
            # smaller.
            if before > after and self.ambiguous == "refuse":
                raise Invalid(TIME_AMBIGUOUS, column=column, value=shown(at), zone=self.zone.key)
            if before < after and self.skipped == "refuse":
                raise Invalid(TIME_SKIPPED, column=column, value=shown(at), zone=self.zone.key)
            if before > after and self.ambiguous == "later":
                return second.astimezone(UTC)
        return first.astimezone(UTC)


def moment_reader(column: str, local: LocalTime, form: str, at: time | None) -> Callable[[Any], datetime]:
    """How a column's cells become aware moments in UTC.

    `form` is `iso`, a unit of time since 1970 (`s`, `ms`, `us`), or a format as `strptime` has it. With `at`,
    the column holds a day, and this is the time of day. What is returned raises Invalid: `file.cell_invalid`
    and what `LocalTime.utc` raises.
    """
    parse = _parser(form)

    def moment(cell: Any) -> datetime:
        try:
            found = parse(cell)
            if at is not None:
                found = datetime.combine(found.date(), at)
            return local.utc(found, column)
        except (ValueError, OverflowError):
            raise Invalid(CELL_INVALID, column=column, value=shown(cell), expected="time") from None

    return moment


def _parser(form: str) -> Callable[[Any], datetime]:
    if form in _UNITS:
        return lambda cell: _since_epoch(cell, _UNITS[form])

    def parse(cell: Any) -> datetime:
        if isinstance(cell, datetime):
            return cell
        if isinstance(cell, date):
            return datetime.combine(cell, time.min)
        if not isinstance(cell, str):
            raise ValueError(cell)
        text = cell.strip()
        if form == "iso":
            return datetime.fromisoformat(text)
        return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the map's to say

    return parse


def _since_epoch(cell: Any, microseconds: int) -> datetime:
    if isinstance(cell, str):
        number(cell)
        cell = Decimal(cell.strip())
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise ValueError(cell)
    digits = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
    return _EPOCH + timedelta(microseconds=int(digits * microseconds))
