"""The door: a CloudEvent becomes an event that the engine can take, or it is said why not, and nothing is stored.

Who may send what is checked here, how far its time lies from ours, its data against its type, and that the store
can hold it: no NUL, no half characters, no numbers beyond 63 bits, no bottomless nesting.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import isfinite
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from festoon.access.tokens import MEMBER
from festoon.base.errors import FestoonError, Forbidden, Invalid
from festoon.base.events import Event
from festoon.base.vocabulary import VOCABULARY, decode_data, may_send
from festoon.base.vocabulary.refusals import wrong
from festoon.engine.program import Program
from festoon.intake import refusals
from festoon.intake.cloudevents import LONGEST_ID, CloudEvent, decode_member, placed
from festoon.intake.own import Own
from festoon.members.consents import CHANGED as CONSENT
from festoon.members.consents import TELLING

LARGEST = 2**63 - 1
OPERATORS = frozenset(
    {
        "balance.adjusted",
        "transfer.reversed",
        "grant.released",
        "grant.voided",
        "member.merged",
        "gift.cancelled",
    }
)
"""Internal types that an operator's key may send; the others only Festoon itself makes."""
REGISTRARS = frozenset({"member.registered", "member.imported", "member.profile_changed", CONSENT})
"""Types that a key for members may send without being trusted with all of the platform's."""


class _Sent(Struct, array_like=True):
    """A time as it is sent. The library looks a class up faster than what `typing` makes."""

    time: Annotated[datetime, Meta(tz=True)]


class Lateness(Struct, frozen=True):
    """How far an event's time may lie from ours."""

    ahead: timedelta = timedelta(minutes=5)
    behind: timedelta = timedelta(days=35)


class Door:
    """One per process. `program` gives what runs now: is it a rehearsal, and which types do its plans declare."""

    def __init__(self, lateness: Lateness, program: Callable[[], Program]) -> None:
        self.lateness = lateness
        self._program = program
        self.turned_away: Counter[tuple[str, str]] = Counter()
        """How many events were turned away, by code and type ("" where it is none that is known); taken away by whoever
        writes it down."""

    def admit(self, given: CloudEvent, now: datetime, scopes: frozenset[str]) -> Event:
        """A checked event with an aware time. Raises Invalid or Forbidden."""
        try:
            return self._admitted(given, now, scopes)
        except FestoonError as error:
            self.note(error, given.type)
            raise

    def note(self, error: FestoonError, type_: str = "") -> None:
        """Count an event that was turned away."""
        self.turned_away[error.code, type_ if self.knows(type_) else ""] += 1

    def _admitted(self, given: CloudEvent, now: datetime, scopes: frozenset[str]) -> Event:
        if not given.plain:
            _check_attributes(given)
        if not (may_be_sent(given.type, scopes) or (MEMBER in scopes and self._of_members(given.type))):
            raise Forbidden(refusals.NOT_YOURS, type=given.type)
        data = _data(given)
        if not given.plain:
            _check_holdable(data, "data", refusals.DEEPEST)
        if given.type in VOCABULARY:
            decode_data(given.type, data)
            if given.type == CONSENT and given.source in TELLING and MEMBER not in scopes:
                raise Invalid(refusals.SOURCE_TAKEN, "source", source=given.source)
        elif (declared := self._program().declared.get(given.type)) is not None:
            declared.check(data)
        elif not isinstance(data, dict):
            raise wrong(given.type, data, (), "object")
        time = self._time(given.time, now)
        return Event(given.source, given.id, given.type, given.subject, time, data, given.time or "")

    def admit_each(
        self, members: Sequence[Any], now: datetime, scopes: frozenset[str], own: Own | None = None
    ) -> list[Event | FestoonError]:
        """Each member of a batch as an event, or why it is not one. With a member's token, as `own`, each is his."""
        admitted: list[Event | FestoonError] = []
        for index, member in enumerate(members):
            try:
                given = self._decoded(member, own)
                admitted.append(self.admit(given, now, scopes))
            except FestoonError as error:
                admitted.append(placed(error, index))
        return admitted

    def _decoded(self, member: Any, own: Own | None) -> CloudEvent:
        try:
            given = decode_member(member)
            return own.stamped(given) if own else given
        except FestoonError as error:
            self.note(error)
            raise

    def knows(self, type_: str) -> bool:
        """Whether anybody declared this type. What nobody did is recorded and has no effect."""
        return type_ in VOCABULARY or type_ in self._program().declared

    def _of_members(self, type_: str) -> bool:
        """Whether members may send a type for themselves."""
        known = VOCABULARY.get(type_) or self._program().declared.get(type_)
        return known is not None and known.trust == MEMBER

    def _time(self, sent: str | None, now: datetime) -> datetime:
        if not sent:
            return now
        try:
            at = msgspec.convert((sent,), _Sent).time.astimezone(UTC)
        except (msgspec.ValidationError, UnicodeEncodeError, OverflowError):
            raise Invalid(refusals.TIME_INVALID, "time", time=_shown(sent)) from None
        if self._program().rehearsal:
            return at
        if at - now > self.lateness.ahead:
            ahead, allowed = at - now, self.lateness.ahead
            raise Invalid(
                refusals.IN_FUTURE,
                "time",
                time=sent,
                seconds=int(ahead.total_seconds()),
                allowed=int(allowed.total_seconds()),
            )
        if now - at > self.lateness.behind:
            raise Invalid(refusals.TOO_LATE, "time", time=sent, days=self.lateness.behind.days)
        return min(at, now)


@lru_cache(4096)
def may_be_sent(type_: str, scopes: frozenset[str]) -> bool:
    """Whether a key with these scopes may send events of a type."""
    known = VOCABULARY.get(type_)
    if known is not None and not may_send("platform", known):
        return type_ in OPERATORS and "events:operate" in scopes
    return "events:write" in scopes or (type_ in REGISTRARS and "members:write" in scopes)


def _check_attributes(given: CloudEvent) -> None:
    if given.specversion != "1.0":
        raise Invalid(refusals.WRONG_VERSION, "specversion", given=_shown(given.specversion))
    for name in ("id", "source", "type", "subject"):
        value = getattr(given, name)
        if not value or len(value) > LONGEST_ID:
            raise Invalid(refusals.ATTRIBUTE_LENGTH, name, attribute=name, longest=LONGEST_ID)
        _check_text(value, name)


def _data(given: CloudEvent) -> Any:
    """The data, which is JSON; none at all is an empty object. Raises Invalid."""
    if given.datacontenttype:
        kind = given.datacontenttype.partition(";")[0].strip().lower()
        if kind != "application/json" and not kind.endswith("+json"):
            raise Invalid(refusals.DATA_NOT_JSON, "datacontenttype", kind=_shown(kind))
    if given.data_base64 is not None:
        raise Invalid(refusals.DATA_NOT_JSON, "data_base64", kind="data_base64")
    return {} if given.data is None else given.data


def _shown(text: str) -> str:
    """What was sent, short and fit to be sent back."""
    return text[:100].encode(errors="replace").decode()


def _check_holdable(value: Any, field: str, levels: int) -> None:
    """Refuse what PostgreSQL's text or bigint cannot hold, and what is nested without end."""
    kind = type(value)
    if kind is str:
        _check_text(value, field)
    elif kind is int:
        if not -LARGEST <= value <= LARGEST:
            raise Invalid(refusals.NUMBER_TOO_LARGE, field, field=field)
    elif kind is float:
        if not isfinite(value):
            raise Invalid(refusals.NUMBER_TOO_LARGE, field, field=field)
    elif kind is dict or kind is list:
        if levels == 0:
            raise refusals.too_deep()
        _check_parts(value, field, levels - 1)


def _check_parts(value: dict[str, Any] | list[Any], field: str, levels: int) -> None:
    if isinstance(value, dict):
        for name, item in value.items():
            _check_text(name, field)
            _check_holdable(item, f"{field}.{name}", levels)
    else:
        for index, item in enumerate(value):
            _check_holdable(item, f"{field}[{index}]", levels)


def _check_text(value: str, field: str) -> None:
    if "\0" in value:
        raise Invalid(refusals.NUL, field, field=field)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Invalid(refusals.HALF_CHARACTER, field, field=field) from None
