"""CloudEvents in, checked events out: structured, batched and binary JSON of the CloudEvents HTTP binding 1.0.

What the store cannot hold is turned away here: NUL, lone surrogates, whole numbers beyond 63 bits.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from festoon.base.errors import FestoonError, Invalid, define
from festoon.base.events import Event
from festoon.base.vocabulary import VOCABULARY, decode_data

NOT_JSON = define("request.not_json", 400, "the body is not JSON: {reason}", "请求体不是 JSON：{reason}")
NOT_CLOUDEVENT = define(
    "event.not_cloudevent",
    400,
    "this is not a CloudEvent: {reason}",
    "不是有效的 CloudEvent：{reason}",
    todo="an event has specversion 1.0, id, source, type, subject (the member) and data",
    todo_zh="事件须包含 specversion 1.0、id、source、type、subject（会员）和 data",
)
IN_FUTURE = define(
    "event.in_future",
    400,
    "the event's time {time} lies {seconds} s ahead of ours",
    "事件时间{time}比服务器时间早{seconds}秒",
    todo="set the sender's clock; up to {allowed} s are forgiven",
    todo_zh="请校准发送方时钟，允许误差{allowed}秒",
)
TOO_LATE = define(
    "event.too_late",
    400,
    "the event happened at {time}, longer than {days} days ago",
    "事件发生于{time}，已超过{days}天",
    todo="import it as history instead: festoon events import",
    todo_zh="请改用历史导入：festoon events import",
)
NOT_HOLDABLE = define(
    "event.not_holdable",
    400,
    "{what} cannot be stored",
    "无法保存{what}",
    todo="remove it from {field}",
    todo_zh="请从{field}中删除",
)
NOT_YOURS = define(
    "event.not_yours",
    403,
    "this key may not send '{type}'",
    "该密钥无权发送“{type}”",
    todo="use a key with the scope events:write, or events:operate for operators' own types",
    todo_zh="请使用具有 events:write 权限的密钥；运营类事件需要 events:operate",
)

LONGEST_ID = 256
LARGEST = 2**63 - 1


class CloudEvent(Struct, frozen=True):
    """The attributes of a CloudEvent that we read; others are ignored."""

    id: str
    source: str
    type: str
    subject: str
    specversion: str = "1.0"
    time: str = ""
    data: Any = None
    datacontenttype: str = "application/json"


class Lateness(Struct, frozen=True):
    """How far an event's time may lie from ours."""

    ahead: timedelta = timedelta(minutes=5)
    behind: timedelta = timedelta(days=35)


_one = msgspec.json.Decoder(CloudEvent)
_raws = msgspec.json.Decoder(list[msgspec.Raw])
_any = msgspec.json.Decoder()

OPERATORS = frozenset({"balance.adjusted", "transfer.reversed"})
"""Internal types that an operator's key may send; the others only Festoon itself makes."""


def decode_one(body: bytes) -> CloudEvent:
    """A structured-mode event. Raises Invalid."""
    try:
        return _one.decode(body)
    except msgspec.ValidationError as error:
        raise Invalid(NOT_CLOUDEVENT, reason=str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(NOT_JSON, reason=str(error)) from None


def split_batch(body: bytes) -> list[msgspec.Raw]:
    """The members of a batch, undecoded, so that a bad one does not spoil the others. Raises Invalid."""
    try:
        return _raws.decode(body)
    except msgspec.ValidationError as error:
        raise Invalid(NOT_CLOUDEVENT, reason=str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(NOT_JSON, reason=str(error)) from None


def from_binary(headers: Mapping[str, str], body: bytes) -> CloudEvent:
    """A binary-mode event: attributes in `ce-` headers, the body is the data. Raises Invalid."""
    attributes: dict[str, Any] = {
        name: headers[f"ce-{name}"]
        for name in ("id", "source", "type", "subject", "specversion", "time")
        if f"ce-{name}" in headers
    }
    try:
        attributes["data"] = _any.decode(body) if body else {}
        return msgspec.convert(attributes, CloudEvent)
    except msgspec.ValidationError as error:
        raise Invalid(NOT_CLOUDEVENT, reason=str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(NOT_JSON, reason=str(error)) from None


class Door:
    """Turns CloudEvents into events, or says why not. One per process; `declared` are the plans' own types."""

    def __init__(self, lateness: Lateness, *, rehearsal: bool = False) -> None:
        self.lateness = lateness
        self.rehearsal = rehearsal
        self.declared: Mapping[str, Any] = {}

    def admit(self, given: CloudEvent, now: datetime, scopes: frozenset[str]) -> Event:
        """A checked event with an aware time. Raises Invalid or Forbidden; nothing is stored then."""
        _check_attributes(given)
        known = VOCABULARY.get(given.type)
        if known is not None and known.kind == "internal":
            if given.type not in OPERATORS or "events:operate" not in scopes:
                raise FestoonError(NOT_YOURS, type=given.type)
        data = {} if given.data is None else given.data
        if known is not None:
            decode_data(given.type, data)
        elif (declared := self.declared.get(given.type)) is not None:
            declared.check(data)
        elif not isinstance(data, dict):
            raise Invalid(NOT_CLOUDEVENT, "data", reason="data is an object")
        _check_holdable(data, "data")
        return Event(
            given.source, given.id, given.type, given.subject, self._time(given, now), data, given.time
        )

    def _time(self, given: CloudEvent, now: datetime) -> datetime:
        if not given.time:
            return now
        try:
            at = datetime.fromisoformat(given.time)
            at = at.astimezone(UTC) if at.tzinfo is not None else None  # type: ignore[assignment]
        except (ValueError, OverflowError):
            at = None  # type: ignore[assignment]
        if at is None:
            raise Invalid(NOT_CLOUDEVENT, "time", reason="time is an RFC 3339 timestamp with an offset")
        if self.rehearsal:
            return at
        if at - now > self.lateness.ahead:
            ahead = int((at - now).total_seconds())
            allowed = int(self.lateness.ahead.total_seconds())
            raise Invalid(IN_FUTURE, "time", time=given.time, seconds=ahead, allowed=allowed)
        if now - at > self.lateness.behind:
            raise Invalid(TOO_LATE, "time", time=given.time, days=self.lateness.behind.days)
        return min(at, now)


def _check_attributes(given: CloudEvent) -> None:
    if given.specversion != "1.0":
        raise Invalid(NOT_CLOUDEVENT, "specversion", reason="specversion is 1.0")
    for name in ("id", "source", "type", "subject"):
        value = getattr(given, name)
        if not value or len(value) > LONGEST_ID:
            raise Invalid(NOT_CLOUDEVENT, name, reason=f"{name} has from 1 to {LONGEST_ID} characters")
        _check_holdable(value, name)


def _check_holdable(value: Any, field: str) -> None:
    """Refuse what PostgreSQL's text or bigint cannot hold."""
    kind = type(value)
    if kind is str:
        if "\0" in value:
            raise Invalid(NOT_HOLDABLE, field, what="the character NUL", field=field)
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Invalid(NOT_HOLDABLE, field, what="half of a surrogate pair", field=field) from None
    elif kind is int:
        if not -LARGEST <= value <= LARGEST:
            raise Invalid(NOT_HOLDABLE, field, what="a whole number beyond 63 bits", field=field)
    elif kind is dict:
        for name, item in value.items():
            _check_holdable(name, field)
            _check_holdable(item, f"{field}.{name}")
    elif kind is list:
        for index, item in enumerate(value):
            _check_holdable(item, f"{field}[{index}]")


def admit_each(
    door: Door, raws: Sequence[msgspec.Raw], now: datetime, scopes: frozenset[str]
) -> list[Event | FestoonError]:
    """Each member of a batch as an event, or why it is not one; its place is its index."""
    admitted: list[Event | FestoonError] = []
    for index, raw in enumerate(raws):
        try:
            admitted.append(door.admit(decode_one(bytes(raw)), now, scopes))
        except FestoonError as error:
            error.place = f"[{index}]" + (f".{error.place}" if error.place else "")
            admitted.append(error)
    return admitted
