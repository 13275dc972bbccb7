"""What is known of one event type."""

from typing import Any, Literal

from msgspec import Struct, inspect

from festoon.base.vocabulary.kinds import Data

Kind = Literal["fact", "request", "internal"]
"""A fact is always accepted, and each mechanic answers for itself. A request names what it wants and succeeds
or is refused whole. An internal event is made by Festoon or its operators."""

Trust = Literal["member", "platform", "festoon"]
"""Who may send a type: a member's own token, a platform's key, or Festoon alone. Each may send what the ones
before it may."""

_RANK = {"member": 0, "platform": 1, "festoon": 2}


class EventType(Struct, frozen=True):
    """One type. `personal` are the top-level fields that never reach journal or facts."""

    name: str
    data: type[Data]
    kind: Kind
    trust: Trust
    personal: frozenset[str]
    title: dict[str, str]
    example: dict[str, Any]

    @property
    def purpose(self) -> str:
        """What the type is for, in a sentence or two."""
        return " ".join((self.data.__doc__ or "").split())


def fact(
    name: str, data: type[Data], en: str, zh: str, example: dict[str, Any], by: Trust = "platform"
) -> EventType:
    """Declare a type for what happened. `by` is the least trusted caller that may send it."""
    return EventType(name, data, "fact", by, personal_fields(data), _title(en, zh), example)


def request(
    name: str, data: type[Data], en: str, zh: str, example: dict[str, Any], by: Trust = "platform"
) -> EventType:
    """Declare a type for what somebody asks for."""
    return EventType(name, data, "request", by, personal_fields(data), _title(en, zh), example)


def internal(name: str, data: type[Data], en: str, zh: str, example: dict[str, Any]) -> EventType:
    """Declare a type that only Festoon makes."""
    return EventType(name, data, "internal", "festoon", personal_fields(data), _title(en, zh), example)


def _title(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh-Hans": zh}


def may_send(sender: Trust, type: EventType) -> bool:
    """Whether a caller trusted as `sender` may send events of a type."""
    return _RANK[sender] >= _RANK[type.trust]


def personal_fields(data: type[Struct]) -> frozenset[str]:
    """The names of the fields marked personal."""
    known = inspect.type_info(data)
    assert isinstance(known, inspect.StructType)
    return frozenset(field.encode_name for field in known.fields if is_personal(field.type))


def is_personal(type: inspect.Type) -> bool:
    """Whether a field of that type is marked personal."""
    if isinstance(type, inspect.Metadata):
        return bool((type.extra or {}).get("personal")) or is_personal(type.type)
    if isinstance(type, inspect.UnionType):
        return any(is_personal(part) for part in type.types)
    return False
