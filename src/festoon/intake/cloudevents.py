"""CloudEvents in: structured, batched and binary JSON of the CloudEvents HTTP binding 1.0.

What comes out is a CloudEvent as it was sent; whether it is taken is for the door.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import unquote_to_bytes

import msgspec
from msgspec import Meta, Struct

from festoon.base.errors import FestoonError, Invalid
from festoon.intake import refusals
from festoon.intake.nesting import closes, members_of

LARGEST_EVENT = 256 * 1024
"""Bytes of one event. CloudEvents asks that 64 KiB pass everywhere."""
LONGEST_ID = 256


class CloudEvent(Struct, frozen=True):
    """The attributes of a CloudEvent that we read; others are ignored."""

    id: str
    source: str
    type: str
    subject: str
    specversion: str
    time: str | None = None
    data: Any = None
    datacontenttype: str | None = None
    data_base64: Any = None

    plain: ClassVar[bool] = False
    """Whether its attributes are as they should be, and its text showed that the store can hold it."""


Attribute = Annotated[str, Meta(min_length=1, max_length=LONGEST_ID)]


class PlainEvent(CloudEvent, frozen=True):
    """One with nothing wrong about its attributes, whose text held no escaped character, no number that could be too
    large, and few brackets."""

    id: Attribute
    source: Attribute
    type: Attribute
    subject: Attribute
    specversion: Literal["1.0"]

    plain: ClassVar[bool] = True


_one = msgspec.json.Decoder(CloudEvent)
_plain = msgspec.json.Decoder(PlainEvent)
_ALL_ZERO = bytes.maketrans(b"123456789", b"000000000")
_LONG = b"0" * 19
"""As many digits as the largest number of 63 bits has, once all of them are zero: found without a regular expression,
which takes six times as long."""
_raws = msgspec.json.Decoder(list[msgspec.Raw])
_any = msgspec.json.Decoder()
_ATTRIBUTES = ("specversion", "id", "source", "type", "subject", "time")
_LONGEST_NAME = 1024
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def decode_one(body: bytes) -> CloudEvent:
    """A structured-mode event. Raises Invalid."""
    _check_size(len(body))
    brackets = body.count(b"{") + body.count(b"[")
    if not (brackets > refusals.DEEPEST or b"\\u" in body or _LONG in body.translate(_ALL_ZERO)):
        try:
            return _plain.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # what is wrong is found out below
    try:
        return _one.decode(body)
    except msgspec.ValidationError as error:
        raise refusals.not_an_event(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _converted(_read_slowly(body))


def split_batch(body: bytes) -> Sequence[Any]:
    """The members of a batch, each by itself, so that a bad one does not spoil the others. Raises Invalid."""
    try:
        return _raws.decode(body)
    except msgspec.ValidationError:
        raise Invalid(refusals.NOT_CLOUDEVENT) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        members = _split_slowly(body)
    if not isinstance(members, list):
        raise Invalid(refusals.NOT_CLOUDEVENT)
    return members


def _split_slowly(body: bytes) -> Any:
    """A member that is nested too deeply for the decoders is left as it is, to be refused alone. Raises Invalid."""
    try:
        return _read(body)
    except RecursionError as error:
        members = members_of(body)
        if members is None:
            raise refusals.not_json(error) from None
        return [msgspec.Raw(member) for member in members]


def decode_member(member: Any) -> CloudEvent:
    """A member of a batch as `split_batch` gave it. Raises Invalid."""
    return decode_one(bytes(member)) if isinstance(member, msgspec.Raw) else _converted(member)


def named(member: Any) -> dict[str, str]:
    """What a member of a batch that was refused calls itself, as far as that can be read: its `id` and `source`."""
    try:
        given = msgspec.json.decode(member) if isinstance(member, msgspec.Raw) else member
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    names = given if isinstance(given, dict) else {}
    return {name: names[name] for name in ("id", "source") if _shown(names.get(name))}


def _shown(name: Any) -> bool:
    """Whether it can be said again in an answer."""
    return isinstance(name, str) and len(name) <= _LONGEST_NAME and name.isprintable()


def from_binary(headers: Mapping[bytes, bytes], body: bytes) -> CloudEvent:
    """A binary-mode event: attributes in `ce-` headers, the body is the data. Raises Invalid."""
    _check_size(len(body))
    attributes: dict[str, Any] = {}
    for name in _ATTRIBUTES:
        value = headers.get(b"ce-" + name.encode())
        if value is not None:
            attributes[name] = header_value(f"ce-{name}", value)
    try:
        attributes["data"] = _any.decode(body) if body else {}
    except msgspec.ValidationError:
        raise Invalid(refusals.NUMBER_TOO_LARGE, "data", field="data") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        attributes["data"] = _read_slowly(body)
    return _converted(attributes)


def header_value(name: str, value: bytes) -> str:
    """What a header says: quotes taken off, percent signs decoded (HTTP binding 3.1.3.2). Raises Invalid."""
    if value[:1] == b'"' and (quoted := _QUOTED.fullmatch(value)):
        value = re.sub(rb"\\(.)", rb"\1", quoted[1])
    try:
        return unquote_to_bytes(value).decode()
    except UnicodeDecodeError:
        raise Invalid(refusals.HEADER_UNREADABLE, name, name=name) from None


def _read_slowly(body: bytes) -> Any:
    """What `_read` reads of one event. Raises Invalid, also for what is nested deeper than any decoder follows."""
    try:
        return _read(body)
    except RecursionError as error:
        if closes(body):
            raise refusals.too_deep() from None
        raise refusals.not_json(error) from None


def _read(body: bytes) -> Any:
    """Read again what the fast decoder would not: half characters pass, to be named where they stand, and what
    is no JSON at all gets a reason with a line and a column. Raises Invalid, and RecursionError."""
    try:
        return json.loads(body.decode(), parse_constant=_no_constant)
    except ValueError as error:
        raise refusals.not_json(error) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _converted(given: Any) -> CloudEvent:
    try:
        return msgspec.convert(given, CloudEvent)
    except msgspec.ValidationError as error:
        raise refusals.not_an_event(error) from None
    except RecursionError:
        raise refusals.too_deep() from None


def _check_size(size: int) -> None:
    if size > LARGEST_EVENT:
        raise Invalid(refusals.TOO_LARGE, size=size, limit=LARGEST_EVENT)


def placed(error: FestoonError, index: int) -> FestoonError:
    """An error of a batch's member, with its index as its place."""
    error.place = f"[{index}]" + (f".{error.place}" if error.place else "")
    return error
