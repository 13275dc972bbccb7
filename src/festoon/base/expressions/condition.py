"""Conditions and value expressions: text in, a checked and compiled thing out."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from festoon.base.expressions import text as texts
from festoon.base.expressions import to_python, tree
from festoon.base.expressions.check import Checker
from festoon.base.expressions.scope import Context, EventData, MemberFacts
from festoon.base.expressions.standard import EVENT
from festoon.base.expressions.vocabulary import FieldType, Kind, Vocabulary

Equality = tuple[str, str | int]


class Condition(Struct, frozen=True, eq=False):
    """A condition that was checked, ready to be asked.

    `text` is its normal form. `reads` are the fields and functions it looks at, such as `event.amount` and
    `member.segment:returning`. `on_event_alone` says that it needs to know nothing of the member.
    `equalities` are the event's data fields that must have one certain value for it to hold, as (name in the
    data, value): an index over many conditions. `holds` is the compiled function; calling it directly saves a
    call.
    """

    text: str
    vocabulary: Vocabulary
    tree: tree.Node
    reads: frozenset[str]
    on_event_alone: bool
    equalities: tuple[Equality, ...]
    holds: to_python.Compiled

    def __call__(self, event: EventData, member: MemberFacts, context: Context) -> bool:
        """Whether it holds. A comparison with something missing does not, and nothing raises."""
        answer: bool = self.holds(event, member, context)
        return answer

    def __reduce__(self) -> tuple[Any, ...]:
        return compile_condition, (self.text, self.vocabulary)


class ValueExpression(Struct, frozen=True, eq=False):
    """An expression that yields a value. `type.optional` says that it may come out missing."""

    text: str
    vocabulary: Vocabulary
    tree: tree.Node
    type: FieldType
    reads: frozenset[str]
    on_event_alone: bool
    value: to_python.Compiled

    def __call__(self, event: EventData, member: MemberFacts, context: Context) -> Any:
        """The value, or None when it is missing. A whole number has at most fifteen digits."""
        return self.value(event, member, context)

    def __reduce__(self) -> tuple[Any, ...]:
        return compile_value, (self.text, self.vocabulary, self.type)


def compile_condition(text: str, vocabulary: Vocabulary) -> Condition:
    """Read, check and compile a condition. Raises ExpressionError, which says where and what is wrong."""
    source = texts.read(text, vocabulary.zone)
    root = Checker(source, vocabulary).truth(source.tree)
    reads = _reads(root)
    return Condition(
        text=source.normal(),
        vocabulary=vocabulary,
        tree=root,
        reads=reads,
        on_event_alone=_on_event_alone(reads),
        equalities=tuple(_equalities(root)),
        holds=to_python.condition(root, vocabulary.zone),
    )


def compile_value(text: str, vocabulary: Vocabulary, want: FieldType) -> ValueExpression:
    """Read, check and compile an expression of the kind of `want`. Raises ExpressionError."""
    source = texts.read(text, vocabulary.zone)
    root = Checker(source, vocabulary).wanted(source.tree, want.kind)
    reads = _reads(root)
    return ValueExpression(
        text=source.normal(),
        vocabulary=vocabulary,
        tree=root,
        type=root.type,
        reads=reads,
        on_event_alone=_on_event_alone(reads),
        value=to_python.value(root, vocabulary.zone),
    )


def _reads(root: tree.Node) -> frozenset[str]:
    parts = list(tree.parts_of(root))
    fields = {part.name for part in parts if isinstance(part, tree.Read)}
    return frozenset(fields | {part.key for part in parts if isinstance(part, tree.Call)})


def _on_event_alone(reads: frozenset[str]) -> bool:
    return not any(name.startswith("member.") for name in reads)


def _equalities(node: tree.Node) -> Iterator[Equality]:
    """`event.<name> == <text or whole number>`, where the condition cannot hold without it."""
    match node:
        case tree.Logic(operator="and", parts=parts):
            for part in parts:
                yield from _equalities(part)
        case tree.Compare(operands=(left, right), operators=("==",)):
            for read, known in ((left, right), (right, left)):
                match read, known:
                    case tree.Read(name=name, path=()), tree.Const(value=str() | int() as value):
                        root, _, rest = name.partition(".")
                        if root == "event" and name not in EVENT and read.type.kind is not Kind.BOOL:
                            yield rest.removeprefix("data."), value
