"""A vocabulary with a field of every kind, and an event, a member and a campaign to ask about."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from festoon.base.expressions import (
    BOOL,
    CAMPAIGN,
    DATE,
    DATETIME,
    INT,
    NUMBER,
    TEXT,
    TEXTS,
    ExpressionError,
    Vocabulary,
    compile_condition,
    compile_value,
    event_fields,
    lines_of,
    member_fields,
    member_functions,
    object_of,
    one_of,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENT_DATA = {
    "amount": INT,
    "points": INT.maybe(),
    "rating": NUMBER.maybe(),
    "category": TEXT,
    "channel": one_of("app", "web", "shop"),
    "gift": BOOL,
    "tags": TEXTS,
    "lines": lines_of(category=TEXT, amount=INT.maybe(), wrapped=BOOL, tags=TEXTS),
    "address": object_of(city=TEXT, floor=INT.maybe(), geo=object_of(height=INT)),
    "departs": DATETIME,
    "booked": DATE,
}
PROFILE = {
    "level": one_of("silver", "gold", "platinum"),
    "is_staff": BOOL,
    "birthday": DATE.maybe(),
    "last_login": DATETIME.maybe(),
}
VOCABULARY = Vocabulary(
    fields={**event_fields(EVENT_DATA), **member_fields(PROFILE), **CAMPAIGN},
    functions=member_functions(
        ["registered", "last_order"], ["returning", "parents"], ["first-post", "check-in"]
    ),
    zone=SHANGHAI,
)


NEW_YEAR: Mapping[str, Any] = MappingProxyType(
    {"id": "new-year-2027", "start": date(2027, 2, 5), "end": date(2027, 2, 20)}
)


class Member(Struct):
    """What is known of a member, for the tests to change."""

    facts: dict[str, Any] = {}
    days: dict[str, int] = {}
    segments: set[str] = set()
    counts: dict[str, int] = {}
    registered: date | None = None

    def fact(self, name: str) -> Any:
        return self.facts.get(name)

    def days_since(self, name: str) -> int | None:
        return self.days.get(name)

    def in_segment(self, name: str) -> bool:
        return name in self.segments

    def count(self, key: str) -> int:
        return self.counts.get(key, 0)

    def registered_in(self, campaign: Mapping[str, Any]) -> bool:
        first: date = campaign["start"]
        last: date = campaign["end"]
        return self.registered is not None and first <= self.registered <= last


class Moment(Struct):
    """The envelope of an event, and the campaign it is looked at for."""

    time: datetime = datetime(2027, 2, 5, 18, 30, tzinfo=UTC)
    """Saturday, 6 February, 02:30 in Shanghai."""
    now: datetime = datetime(2027, 2, 5, 18, 31, tzinfo=UTC)
    type: str = "order.paid"
    source: str = "shop"
    campaign: Mapping[str, Any] = NEW_YEAR

    @property
    def local(self) -> datetime:
        return self.time.astimezone(SHANGHAI)


def holds(
    text: str, event: Mapping[str, Any] | None = None, member: Member | None = None, at: Moment | None = None
) -> bool:
    """Whether a condition holds, by both ways of asking."""
    condition = compile_condition(text, VOCABULARY)
    scope = (event or {}, member or Member(), at or Moment())
    answer: bool = condition(*scope)
    assert [condition.holds(*scope)] == [answer]
    return answer


def worth(text: str, event: Mapping[str, Any] | None = None, member: Member | None = None) -> Any:
    """What a whole-number expression yields."""
    return compile_value(text, VOCABULARY, INT)(event or {}, member or Member(), Moment())


def wrong(text: str, vocabulary: Vocabulary = VOCABULARY) -> ExpressionError:
    """The error of a condition that must not compile."""
    try:
        accepted = compile_condition(text, vocabulary)
    except ExpressionError as error:
        return error
    raise AssertionError(f"accepted: {accepted.text}")
