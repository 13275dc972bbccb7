"""What each place of a plan takes, read off the types that read a plan: one field for every key, whatever its mechanic.

A mechanic of another package has its form as soon as it is installed. What a plain text refers to is told by its name
(`asset`, `line`, `when`), or by `Meta(extra={"form": "asset"})` in its annotation.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import FieldInfo, fields

from festoon.mechanics.reward_line import RewardLine
from festoon.plan.decode import _bare, _members
from festoon.plan.json_schema import field_texts
from festoon.plan.values import LocalTime, Moment, Money, Share

Kind = Literal[
    "text", "code", "condition", "words", "whole", "number", "share", "money", "truth", "choice", "moment", "day",
    "reward", "events", "names", "texts", "group", "items", "entries", "either", "anything",
]  # fmt: skip


class Field(Struct, frozen=True):
    """What stands behind a key.

    `owner` is the struct it belongs to and `name` the key, by which its words are found. `struct` is that of a group,
    `each` what an item or entry is, `key` what entries are named by, `either` the forms among which its writer chooses.
    `of` says what a name refers to: an asset, a budget line, a mechanic.
    """

    name: str
    kind: Kind
    owner: str = ""
    needed: bool = False
    default: Any = None
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()
    of: str = ""
    about: str = ""
    each: "Field | None" = None
    key: "Field | None" = None
    either: tuple["Field", ...] = ()
    struct: type[Struct] | None = None
    label: Mapping[str, str] = {}
    help: Mapping[str, str] = {}

    @property
    def parts(self) -> tuple["Field", ...]:
        """The fields of a group. They are looked up when they are wanted: work has sub-tasks, which have sub-tasks."""
        return fields_of(self.struct) if self.struct is not None else ()


REFERS: Mapping[str, str] = {
    "asset": "asset", "tickets": "asset", "line": "line", "metric": "metric", "timezone": "zone", "prize": "prize",
    "swap": "prize", "applies_to": "mechanic", "tasks": "mechanic", "after": "mechanic", "pause": "mechanic",
    "segments": "segment", "experiment": "experiment", "at_risk": "threshold", "caps": "asset",
    "attribute": "attribute", "born": "attribute",
}  # fmt: skip
_EVENTS = ("on", "actions", "without")
_CODE = ("of", "by", "distinct", "refresh", "pattern", "batch", "link", "over")
_OWN = {"Task.after": "task", "Order.list": "listed"}


@cache
def fields_of(struct: type[Struct]) -> tuple[Field, ...]:
    """The fields of a struct, in the order they are declared."""
    texts = field_texts_of(struct)
    return tuple(_field(struct, info, texts.get(info.encode_name, "")) for info in fields(struct))


def field_texts_of(struct: type[Struct]) -> Mapping[str, str]:
    """What the source says of each field; of a package without its source nothing."""
    try:
        return field_texts(struct)
    except (OSError, TypeError):
        return {}


def _field(struct: type[Struct], info: FieldInfo, text: str) -> Field:
    name = info.encode_name
    found = field_of(info.type, name, struct.__name__)
    default = info.default if info.default is not NODEFAULT else None
    about = text or found.about
    return msgspec.structs.replace(
        found, needed=info.required, default=default, about=" ".join(about.split())
    )


def field_of(kind: Any, name: str, owner: str) -> Field:
    """The field for an annotation."""
    base, metas = _bare(kind)
    about = next((meta.description for meta in reversed(metas) if meta.description), "")
    refers = next((extra["form"] for meta in metas if "form" in (extra := meta.extra or {})), None)
    several = get_origin(base) in (Union, UnionType)
    found = _union(base, name, owner) if several else _single(base, metas, name, owner)
    if refers is not None:
        told: Kind = refers if refers in get_args(Kind) else found.kind
        found = msgspec.structs.replace(found, kind=told, of="" if told == refers else str(refers))
    told_words = next((extra for meta in metas if "label" in (extra := meta.extra or {})), {})
    return msgspec.structs.replace(
        found, about=about or found.about, label=told_words.get("label", {}), help=told_words.get("help", {})
    )


def _union(base: Any, name: str, owner: str) -> Field:
    members = [each for each in _members(base) if each not in (None, NoneType)]
    bare = [_bare(each)[0] for each in members]
    if any(each is RewardLine or get_args(each) == (RewardLine,) for each in bare):
        return Field(name, "reward", owner)
    if set(bare) == {str, dict[Any, Any]} or _is_words(bare):
        return Field(name, "words", owner)
    if len(members) == 1:
        return field_of(members[0], name, owner)
    lists = [each for each in bare if get_origin(each) in (list, tuple)]
    if len(members) == 2 and str in bare and lists:
        return field_of(lists[0], name, owner)
    return Field(name, "either", owner, either=tuple(field_of(each, name, owner) for each in members))


def _is_words(bare: list[Any]) -> bool:
    dicts = [each for each in bare if get_origin(each) is dict]
    return len(bare) == 2 and str in bare and len(dicts) == 1 and get_origin(get_args(dicts[0])[0]) is Literal


def _single(base: Any, metas: list[Meta], name: str, owner: str) -> Field:
    origin = get_origin(base)
    if base is RewardLine:
        return Field(name, "reward", owner)
    if isinstance(base, type) and issubclass(base, Struct):
        return Field(name, "group", owner, struct=base, about=_first(base.__doc__))
    if origin is Literal:
        return Field(name, "choice", owner, choices=tuple(str(each) for each in get_args(base) if each != ""))
    if origin in (list, tuple):
        return _list(get_args(base)[0], name, owner)
    if origin is dict:
        return _entries(base, name, owner)
    return _leaf(base, metas, name, owner)


def _list(item: Any, name: str, owner: str) -> Field:
    each = field_of(item, name, owner)
    if each.kind == "reward":
        return Field(name, "reward", owner)
    if each.kind in ("events", "text", "code") and name in _EVENTS:
        return Field(name, "events", owner)
    if each.kind == "text":
        of = _OWN.get(f"{owner}.{name}", REFERS.get(name, ""))
        return Field(name, "names" if of else "texts", owner, of=of)
    return Field(name, "texts" if each.kind in ("day", "moment") else "items", owner, each=each)


def _entries(base: Any, name: str, owner: str) -> Field:
    key_type, value_type = get_args(base)
    if value_type is Any:
        return Field(name, "anything", owner)
    key = msgspec.structs.replace(field_of(key_type, name, owner), of=REFERS.get(name, ""))
    return Field(name, "entries", owner, each=field_of(value_type, name, owner), key=key)


def _leaf(base: Any, metas: list[Meta], name: str, owner: str) -> Field:
    if base is bool:
        return Field(name, "truth", owner)
    if base is int:
        return Field(name, "whole", owner, low=_bound(metas, "ge"), high=_bound(metas, "le"))
    if base is Decimal:
        return Field(name, _decimal(metas), owner)
    if base is str:
        return _text(metas, name, owner)
    return Field(name, "day" if getattr(base, "__name__", "") in ("date", "datetime") else "anything", owner)


def _text(metas: list[Meta], name: str, owner: str) -> Field:
    if _is(metas, Moment) or _is(metas, LocalTime):
        return Field(name, "moment" if _is(metas, Moment) else "day", owner)
    schemas = [meta.extra_json_schema or {} for meta in metas]
    if enum := next((each["enum"] for each in schemas if "enum" in each), ()):
        return Field(name, "choice", owner, choices=tuple(enum))
    if name == "when":
        return Field(name, "condition", owner)
    if name in _EVENTS:
        return Field(name, "events", owner)
    of = _OWN.get(f"{owner}.{name}", REFERS.get(name, ""))
    return Field(name, "code" if name in _CODE and not of else "text", owner, of=of)


def _decimal(metas: list[Meta]) -> Kind:
    if _is(metas, Money):
        return "money"
    return "share" if _is(metas, Share) else "number"


def _is(metas: list[Meta], alias: Any) -> bool:
    return get_args(alias)[1] in metas


def _bound(metas: list[Meta], name: str) -> int | None:
    found = [getattr(meta, name) for meta in metas if getattr(meta, name) is not None]
    return int(found[0]) if found else None


def _first(doc: str | None) -> str:
    return " ".join((doc or "").split())
