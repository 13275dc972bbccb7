"""From nodes to structs, with every mistake found and not only the first.

msgspec decodes fast and strictly, and stops at the first mistake. A plan is written by people, so it is
walked type by type here, and msgspec judges the leaves. What is broken is said and left out; the rest stays.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import FieldInfo, fields

from festoon.base.errors import OR, FestoonError
from festoon.plan import codes_file as codes
from festoon.plan.problems import Problem, problem, suggestion
from festoon.plan.source import Entry, Node, plain

Path = tuple[str | int, ...]

_DECIMAL = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?")


class Broken(Exception):
    """A value that could not be made; what is wrong with it has been said."""


Special = Callable[["Decoder", Node, Path], Any]


class Decoder:
    """Decodes nodes by type annotations, collecting problems. `special` decodes some structs its own way."""

    def __init__(self, special: Mapping[type, Special] | None = None) -> None:
        self.problems: list[Problem] = []
        self.special = special or {}
        self.left_out: list[Path] = []
        """Where something broken was left out of what is otherwise sound."""

    def say(self, code: str, node: Node | Entry, path: Path, /, **data: Any) -> None:
        self.problems.append(problem(code, shown(path), node.line, node.column, **data))

    def decode(self, kind: Any, node: Node, path: Path = ()) -> Any:
        """The value of a node as `kind`. Raises Broken after saying why."""
        base, metas = _bare(kind)
        if base is Any:
            return plain(node)
        if get_origin(base) in (Union, UnionType):
            choices = list(_members(base))
        else:
            choices, metas = [kind], []
        if node.value is None and any(_bare(choice)[0] in (None, NoneType) for choice in choices):
            return None
        if isinstance(node.value, dict):
            return self._mapping(choices, node, path, metas)
        if isinstance(node.value, list):
            return self._sequence(choices, node, path, metas)
        return self._leaf(choices, metas, node, path)

    def struct(self, cls: type[Struct], node: Node, path: Path, also: Iterable[str] = ()) -> Any:
        """A struct out of a mapping; fields that may be left out are left out when they are broken."""
        values = self.values(cls, node, path, also)
        if any(field.required and field.name not in values for field in fields(cls)):
            raise Broken
        return self._made(cls, values, node, path)

    def values(self, cls: type[Struct], node: Node, path: Path, also: Iterable[str] = ()) -> dict[str, Any]:
        """The sound fields of a struct, by their names. `also` are names that fit here and are read elsewhere."""
        known = {field.encode_name: field for field in fields(cls)}
        config = cls.__struct_config__
        extra = {config.tag_field} if config.tag_field else set()
        meant: set[str] = set()
        for key, entry in node.value.items():
            if key not in known and key not in extra:
                names = (*also, *known)
                near = suggestion(key, names)
                meant.update(near.values())
                self.say(codes.UNKNOWN_KEY, entry, (*path, key), key=key, known=", ".join(names), **near)
        values: dict[str, Any] = {}
        for name, field in known.items():
            self._field(name, field, node, path, values, misspelt=name in meant)
        return values

    def _field(
        self, name: str, field: FieldInfo, node: Node, path: Path, values: dict[str, Any], *, misspelt: bool
    ) -> None:
        """One field into `values`. One that is needed, and was said to be what another key probably means, is not said
        to be missing as well."""
        entry = node.value.get(name)
        if entry is None:
            if field.required and not misspelt:
                self.say(codes.MISSING_KEY, node, path, key=name)
            return
        try:
            values[field.name] = self.decode(field.type, entry.node, (*path, name))
        except Broken:
            self.left_out.append((*path, name))

    def _made(self, cls: type[Struct], values: dict[str, Any], node: Node, path: Path) -> Any:
        try:
            return cls(**values)
        except FestoonError as wrong:
            at = node.value[wrong.place].node if wrong.place in node.value else node
            self.say(wrong.code, at, (*path, wrong.place) if wrong.place else path, **wrong.data)
        except (TypeError, ValueError) as wrong:
            self.say(codes.NOT_RIGHT, node, path, reason=str(wrong))
        raise Broken

    def _mapping(self, choices: list[Any], node: Node, path: Path, metas: list[Meta]) -> Any:
        bare = [_bare(choice)[0] for choice in choices]
        structs = [choice for choice in bare if isinstance(choice, type) and issubclass(choice, Struct)]
        if cls := _tagged(structs, node):
            return (
                self.special[cls](self, node, path) if cls in self.special else self.struct(cls, node, path)
            )
        for choice in choices:
            if _bare(choice)[0] is Any:
                return plain(node)
            if get_origin(_bare(choice)[0]) in (dict, Mapping) or _bare(choice)[0] in (dict, Mapping):
                return self._dict(_bare(choice)[0], node, path, metas + _bare(choice)[1])
        if structs:
            config = structs[0].__struct_config__
            tags = ", ".join(str(each.__struct_config__.tag) for each in structs)
            self.say(codes.MISSING_KEY, node, path, key=config.tag_field or "", known=tags)
            raise Broken
        raise self._wrong_kind(choices, node, path)

    def _dict(self, kind: Any, node: Node, path: Path, metas: list[Meta]) -> dict[Any, Any]:
        key_kind, value_kind = get_args(kind) or (str, Any)
        found: dict[Any, Any] = {}
        for key, entry in node.value.items():
            at = (*path, key)
            try:
                made = self._leaf_key(key_kind, key, entry, at)
                found[made] = self.decode(value_kind, entry.node, at)
            except Broken:
                self.left_out.append(at)
        self._length(len(node.value), metas, node, path)
        return found

    def _leaf_key(self, kind: Any, key: str, entry: Entry, path: Path) -> Any:
        base, metas = _bare(kind)
        value: Any = key
        if base is int:
            value = int(key) if key.lstrip("-").isdecimal() and len(key) < 20 else key
        return self._leaf([base], metas, Node(value, entry.line, entry.column, key), path)

    def _sequence(self, choices: list[Any], node: Node, path: Path, metas: list[Meta]) -> Any:
        for choice in choices:
            base, more = _bare(choice)
            if base is Any:
                return plain(node)
            if get_origin(base) in (list, Sequence, set, frozenset) or base in (list, Sequence):
                item = (get_args(base) or (Any,))[0]
                found = list(self._items(item, node, path))
                self._length(len(node.value), metas + more, node, path)
                return (get_origin(base) or list)(found) if get_origin(base) in (set, frozenset) else found
            if get_origin(base) is tuple:
                return self._tuple(get_args(base), node, path, metas + more)
        raise self._wrong_kind(choices, node, path)

    def _items(self, kind: Any, node: Node, path: Path) -> Iterator[Any]:
        for index, item in enumerate(node.value):
            try:
                yield self.decode(kind, item, (*path, index))
            except Broken:
                self.left_out.append((*path, index))

    def _tuple(self, kinds: tuple[Any, ...], node: Node, path: Path, metas: list[Meta]) -> tuple[Any, ...]:
        if len(kinds) == 2 and kinds[1] is Ellipsis:
            self._length(len(node.value), metas, node, path)
            return tuple(self._items(kinds[0], node, path))
        if len(node.value) != len(kinds):
            self.say(codes.WRONG_LENGTH, node, path, given=len(node.value), rule=len(kinds))
            raise Broken
        pairs = zip(kinds, node.value, strict=True)
        return tuple(self.decode(kind, item, (*path, index)) for index, (kind, item) in enumerate(pairs))

    def _length(self, given: int, metas: list[Meta], node: Node, path: Path) -> None:
        for meta in metas:
            low, high = meta.min_length or 0, meta.max_length
            if given < low or (high is not None and given > high):
                rule = f"{low}–{high}" if high is not None else f"≥ {low}"
                self.say(codes.WRONG_LENGTH, node, path, given=given, rule=rule)
                raise Broken

    def _leaf(self, choices: list[Any], metas: list[Meta], node: Node, path: Path) -> Any:
        """A scalar as the first of the kinds it fits; one that it fits but for a rule says which rule."""
        broken_rule: tuple[Any, list[Meta]] | None = None
        for choice in choices:
            base, more = _bare(choice)
            value = _as(node.value, base, metas + more)
            try:
                return msgspec.convert(value, _with(base, metas + more))
            except msgspec.ValidationError:
                if _fits(value, base):
                    broken_rule = (base, metas + more)
            except TypeError:
                continue
        if broken_rule:
            self._say_rule(*broken_rule, node, path)
            raise Broken
        raise self._wrong_kind(choices, node, path)

    def _say_rule(self, base: Any, metas: list[Meta], node: Node, path: Path) -> None:
        given = node.text or str(node.value)
        if get_origin(base) is Literal:
            known = [str(choice) for choice in get_args(base)]
            self.say(
                codes.NOT_ONE_OF, node, path, given=given, known=", ".join(known), **suggestion(given, known)
            )
        elif base in (int, Decimal):
            self.say(codes.OUT_OF_RANGE, node, path, given=given, rule=_range(metas))
        else:
            described = [
                meta.description or meta.pattern for meta in metas if meta.description or meta.pattern
            ]
            self.say(codes.NOT_THIS_FORM, node, path, given=given, rule=described[-1] if described else "")

    def _wrong_kind(self, choices: list[Any], node: Node, path: Path) -> Broken:
        kinds = [choice for choice in choices if choice not in (None, NoneType)]
        code = _expected(kinds[0]) if len(kinds) == 1 else codes.EXPECTED_OTHER
        wanted = OR.join(dict.fromkeys(_KIND_NAMES.get(_expected(kind), "…") for kind in kinds))
        cls = _bare(kinds[0])[0]
        is_struct = isinstance(cls, type) and issubclass(cls, Struct)
        known = ", ".join(field.encode_name for field in fields(cls)) if is_struct else "…"
        if get_origin(cls) is Literal and code == codes.NOT_ONE_OF:
            known = ", ".join(map(str, get_args(cls)))
        self.say(code, node, path, given=node.text or "…", expected=wanted, known=known)
        return Broken()


_KIND_NAMES = {
    codes.EXPECTED_TEXT: "text",
    codes.EXPECTED_INTEGER: "123",
    codes.EXPECTED_NUMBER: "12.50",
    codes.EXPECTED_SHARE: "5%",
    codes.EXPECTED_BOOL: "true/false",
    codes.EXPECTED_DATE: "2027-02-05",
    codes.EXPECTED_LIST: "[…]",
    codes.EXPECTED_MAPPING: "{key: value}",
}


def shown(path: Path) -> str:
    """A path as people read it: `mechanics.lucky-draw.prizes[1].weight`; a key with dots is in brackets."""
    parts = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif "." in step or "[" in step:
            parts.append(f'["{step}"]')
        else:
            parts.append(f".{step}" if parts else step)
    return "".join(parts)


def _bare(kind: Any) -> tuple[Any, list[Meta]]:
    """An annotation without its `Annotated`, and the rules that stood in it."""
    metas: list[Meta] = []
    while get_origin(kind) is Annotated:
        kind, *extras = get_args(kind)
        metas = [extra for extra in extras if isinstance(extra, Meta)] + metas
    return kind, metas


def _with(base: Any, metas: list[Meta]) -> Any:
    for meta in metas:
        base = Annotated[base, meta]
    return base


def _members(union: Any) -> Iterator[Any]:
    for member in get_args(union):
        base, _ = _bare(member)
        if get_origin(base) in (Union, UnionType):
            yield from _members(base)
        else:
            yield member


def _tagged(structs: list[type[Struct]], node: Node) -> type[Struct] | None:
    """The struct a mapping is meant to be: the only one, or the one its tag names."""
    if len(structs) == 1:
        return structs[0]
    for cls in structs:
        config = cls.__struct_config__
        entry = node.value.get(config.tag_field)
        if entry is not None and entry.node.value == config.tag:
            return cls
    return None


def _as(value: Any, base: Any, metas: list[Meta]) -> Any:
    """The scalar as a leaf of this kind takes it: `35%` as 0.35, a quoted number as a number."""
    if base is Decimal and isinstance(value, str):
        percent = any((meta.extra or {}).get("percent") for meta in metas)
        number = value.removesuffix("%")
        if percent and value != number and _DECIMAL.fullmatch(number):
            return Decimal(number) / 100
        return Decimal(value) if _DECIMAL.fullmatch(value) else object()
    return value


_CARRIERS: dict[Any, tuple[type, ...]] = {
    str: (str,),
    int: (int,),
    bool: (bool,),
    Decimal: (int, Decimal),
    date: (),
    datetime: (),
}


def _fits(value: Any, base: Any) -> bool:
    """Whether a value has the right kind and breaks only a rule."""
    if get_origin(base) is Literal:
        return isinstance(value, tuple(type(choice) for choice in get_args(base)))
    carriers = _CARRIERS.get(base, ())
    return isinstance(value, carriers) and (bool in carriers or not isinstance(value, bool))


def _range(metas: list[Meta]) -> str:
    rules = [("≥", "ge"), (">", "gt"), ("≤", "le"), ("<", "lt")]
    said = [
        f"{sign} {getattr(meta, name)}"
        for meta in metas
        for sign, name in rules
        if getattr(meta, name) is not None
    ]
    return ", ".join(said) or "±2^62"


def _expected(kind: Any) -> str:
    base, metas = _bare(kind)
    origin = get_origin(base)
    if base is Decimal and any((meta.extra or {}).get("percent") for meta in metas):
        return codes.EXPECTED_SHARE
    if origin is Literal:
        return codes.NOT_ONE_OF
    if origin in (list, tuple, Sequence, set, frozenset) or base is list:
        return codes.EXPECTED_LIST
    if origin in (dict, Mapping) or base is dict or (isinstance(base, type) and issubclass(base, Struct)):
        return codes.EXPECTED_MAPPING
    simple = {
        str: codes.EXPECTED_TEXT,
        int: codes.EXPECTED_INTEGER,
        bool: codes.EXPECTED_BOOL,
        Decimal: codes.EXPECTED_NUMBER,
        date: codes.EXPECTED_DATE,
        datetime: codes.EXPECTED_DATE,
    }
    return simple.get(base, codes.EXPECTED_OTHER)
