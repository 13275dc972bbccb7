"""The first compiler: a checked expression becomes one Python function of (event, member, context).

The function is built as a syntax tree and compiled, with everything it may call bound by name and no
builtins. Each part is a value together with its guards: the tests that must hold, in their order, for the
value to be there. A comparison is then nothing but `guard and guard and a < b`, which is what makes it fast.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, tzinfo
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from festoon.base.expressions import reading, tree
from festoon.base.expressions.syntax import (
    OPERATORS,
    assign,
    attribute,
    call,
    compare,
    every,
    expression,
    function,
    get,
    is_a,
    is_there,
    negated,
    variable,
)
from festoon.base.expressions.tree import FIFTEEN_DIGITS, Node
from festoon.base.expressions.vocabulary import Kind, Reference

Compiled = Callable[[Any, Any, Any], Any]
Guards = tuple[ast.expr, ...]

_PARAMETERS = ("event", "member", "context")
_CALLABLE: Mapping[str, Any] = MappingProxyType(
    {each.__name__: each for each in (type, int, str, bool, list, dict, min, max)}
    | {each.__name__: each for each in (reading.number, reading.day, reading.moment, reading.local)}
)
_TYPES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.INT: "int",
        Kind.TEXT: "str",
        Kind.BOOL: "bool",
        Kind.TEXTS: "list",
        Kind.LINES: "list",
        Kind.OBJECT: "dict",
    }
)
_READERS: Mapping[Kind, str] = MappingProxyType(
    {Kind.NUMBER: "number", Kind.DATE: "day", Kind.DATETIME: "moment"}
)
_EVENT_OWN: Mapping[str, str] = MappingProxyType(
    {
        "event.type": "context.type",
        "event.source": "context.source",
        "event.time": "context.time",
        "event.received": "context.now",
        "event.date": "context.local.date()",
        "event.hour": "context.local.hour",
        "event.weekday": "WEEKDAYS[context.local.weekday()]",
    }
)
_READ = (tree.Read, tree.Item, tree.Call)
_FEW_OPTIONS = 6


class Piece(Struct, frozen=True):
    """A value that is there when every guard holds. Guards stand in the order they must be evaluated in."""

    guards: Guards
    value: ast.expr

    def or_none(self) -> ast.expr:
        if not self.guards:
            return self.value
        return ast.IfExp(every(self.guards), self.value, ast.Constant(None))


def condition(root: Node, zone: tzinfo) -> Compiled:
    """The function that tells whether a condition holds."""
    writer = _Writer(zone)
    return writer.function(writer.truth(root))


def value(root: Node, zone: tzinfo) -> Compiled:
    """The function that gives an expression's value, or None when it is missing."""
    writer = _Writer(zone)
    return writer.function(writer.piece(root).or_none())


class _Writer:
    """Writes one function. What cannot be written as a constant, and every loop, gets a name of its own."""

    def __init__(self, zone: tzinfo) -> None:
        self.names: dict[str, Any] = {
            **_CALLABLE, "WEEKDAYS": tree.WEEKDAYS, "zone": zone, "__builtins__": {}
        }  # fmt: skip
        self.loops: list[ast.stmt] = []
        self.temporaries = 0

    def function(self, body: ast.expr) -> Compiled:
        """Compile the function, and the loops it calls."""
        main = function("expression", _PARAMETERS, [ast.Return(body)])
        module = ast.fix_missing_locations(ast.Module([*self.loops, main], []))
        exec(compile(module, "<expression>", "exec"), self.names)
        compiled: Compiled = self.names["expression"]
        return compiled

    def truth(self, node: Node) -> ast.expr:
        """A node that is true or false, as a Python expression that is never anything else."""
        match node:
            case tree.Const(value=bool(known)):
                return ast.Constant(known)
            case tree.Logic(operator=operator, parts=parts):
                join = ast.And() if operator == "and" else ast.Or()
                return ast.BoolOp(join, [self.truth(part) for part in parts])
            case tree.Not(of=of):
                return negated(self.truth(of))
            case tree.Choose(test=test, yes=yes, no=no):
                return ast.IfExp(self.truth(test), self.truth(yes), self.truth(no))
            case tree.Present(of=of):
                return every(self.piece(of).guards)
            case tree.Compare(operands=operands, operators=operators):
                return self._comparison(operands, operators)
            case tree.Among(of=of, operator=operator, options=options):
                return self._among(of, operator, options)
            case tree.Contains(of=of, operator=operator, texts=texts):
                left, right = self.piece(of), self.piece(texts)
                return every((*left.guards, *right.guards, compare(left.value, [operator], [right.value])))
            case tree.Each():
                return self._loop(node)
        guards, raw = self._raw(node)
        return every((*guards, compare(raw, ["is"], [ast.Constant(True)])))

    def piece(self, node: Node) -> Piece:
        """A node as a value and its guards."""
        match node:
            case tree.Const(value=known):
                return Piece((), self._constant(known))
            case tree.Read(name=own) if own in _EVENT_OWN:
                return Piece((), expression(_EVENT_OWN[own]))
            case tree.Read() | tree.Item() | tree.Call():
                return self._typed(*self._raw(node), node.type.kind)
            case tree.Widen(of=of):
                inner = self.piece(of)
                return self._there(inner.guards, call("number", inner.value))
            case tree.Bounded(of=of):
                return self._bounded(self.piece(of))
            case tree.Arithmetic() | tree.Negate() | tree.Extreme() | tree.DaysBetween():
                return self._computed(node)
            case tree.Part(part=part, of=of):
                return self._part(part, of)
            case tree.Each(what="sum" | "count"):
                return self._there((), self._loop(node))
            case tree.Choose(test=test, yes=yes, no=no):
                left, right = self.piece(yes), self.piece(no)
                chosen = ast.IfExp(self.truth(test), left.or_none(), right.or_none())
                return self._there((), chosen) if left.guards or right.guards else Piece((), chosen)
        return Piece((), self.truth(node))

    def _comparison(self, operands: Sequence[Node], operators: Sequence[str]) -> ast.expr:
        match operands, operators:
            # Whatever is read, it only equals a text if it is that text: no guard is needed.
            case ((tree.Read() | tree.Item() | tree.Call()) as read, tree.Const(value=str(known))), ("==",):
                guards, raw = self._raw(read)
                return every((*guards, compare(raw, operators, [ast.Constant(known)])))
        pieces = [self.piece(each) for each in operands]
        compared = compare(pieces[0].value, operators, [each.value for each in pieces[1:]])
        return every((*_guards(pieces), compared))

    def _among(self, of: Node, operator: str, options: Sequence[tree.Value]) -> ast.expr:
        if len(options) > _FEW_OPTIONS:
            held: ast.expr = self._named(frozenset(options))
        else:
            held = ast.Tuple([self._constant(each) for each in options], ast.Load())
            if operator == "in" and isinstance(options[0], str) and isinstance(of, _READ):
                guards, raw = self._raw(of)
                return every((*guards, compare(raw, [operator], [held])))
        piece = self.piece(of)
        return every((*piece.guards, compare(piece.value, [operator], [held])))

    def _computed(self, node: Node) -> Piece:
        match node:
            case tree.Negate(of=of):
                inner = self.piece(of)
                return Piece(inner.guards, ast.UnaryOp(ast.USub(), inner.value))
            case tree.Extreme(operator=operator, parts=parts):
                pieces = [self.piece(part) for part in parts]
                return Piece(_guards(pieces), call(operator, *(each.value for each in pieces)))
            case tree.DaysBetween(first=first, last=last):
                start, end = self.piece(first), self.piece(last)
                days = attribute(ast.BinOp(end.value, ast.Sub(), start.value), "days")
                return Piece((*start.guards, *end.guards), days)
            case tree.Arithmetic():
                return self._arithmetic(node)
        raise AssertionError(f"{type(node).__name__} is not computed")

    def _arithmetic(self, node: tree.Arithmetic) -> Piece:
        left, right = self.piece(node.left), self.piece(node.right)
        guards, divisor = (*left.guards, *right.guards), right.value
        if node.operator in ("//", "%") and not isinstance(node.right, tree.Const):
            name = self._temporary()
            guards = (*guards, compare(assign(name, divisor), ["!="], [ast.Constant(0)]))
            divisor = variable(name)
        result = Piece(guards, ast.BinOp(left.value, OPERATORS[node.operator](), divisor))
        # A quotient or a remainder is never larger than what it is made from.
        return result if node.operator in ("//", "%") else self._bounded(result)

    def _part(self, part: str, of: Node) -> Piece:
        inner = self.piece(of)
        match part:
            case "date" | "hour":
                there = self._there(inner.guards, call("local", inner.value, variable("zone")))
                own = attribute(there.value, part)
                return Piece(there.guards, call(own) if part == "date" else own)
            case "weekday":
                index = call(attribute(inner.value, "weekday"))
                return Piece(inner.guards, ast.Subscript(variable("WEEKDAYS"), index, ast.Load()))
        return Piece(inner.guards, attribute(inner.value, part))

    def _raw(self, node: Node) -> tuple[Guards, ast.expr]:
        """What is read before anyone looks at its type; the guards are those of the objects on the way."""
        match node:
            case tree.Call(method=method, arguments=arguments):
                return (), call(attribute(variable("member"), method), *map(_argument, arguments))
            case tree.Item(path=()):
                return (), variable("item")
            case tree.Item(path=(first, *rest)):
                return self._descend(get(variable("item"), first), rest)
            case tree.Read(name=own) if own in _EVENT_OWN:
                return (), expression(_EVENT_OWN[own])
            case tree.Read(name=name, path=path):
                return self._descend(_root(name), path)
        raise AssertionError(f"{type(node).__name__} is not read")

    def _descend(self, raw: ast.expr, path: Sequence[str]) -> tuple[Guards, ast.expr]:
        guards: Guards = ()
        for word in path:
            held = self._typed(guards, raw, Kind.OBJECT)
            guards, raw = held.guards, get(held.value, word)
        return guards, raw

    def _typed(self, guards: Guards, raw: ast.expr, kind: Kind) -> Piece:
        """What was read, when it is of its kind."""
        if kind in _READERS:
            found = self._there(guards, raw)  # most often nothing is there, and then nothing is called
            return self._there(found.guards, call(_READERS[kind], found.value))
        if isinstance(raw, ast.Name):
            return Piece((*guards, is_a(raw, _TYPES[kind])), raw)
        name = self._temporary()
        return Piece((*guards, is_a(assign(name, raw), _TYPES[kind])), variable(name))

    def _there(self, guards: Guards, raw: ast.expr) -> Piece:
        """A value that may be None."""
        name = self._temporary()
        return Piece((*guards, is_there(assign(name, raw))), variable(name))

    def _bounded(self, piece: Piece) -> Piece:
        """A whole number, when it has at most fifteen digits."""
        held, value = piece.value, piece.value
        if not isinstance(value, ast.Name):
            name = self._temporary()
            held, value = assign(name, value), variable(name)
        low, high = ast.Constant(-FIFTEEN_DIGITS), ast.Constant(FIFTEEN_DIGITS)
        return Piece((*piece.guards, compare(low, ["<=", "<="], [held, high])), value)

    def _constant(self, known: tree.Value) -> ast.expr:
        return self._named(known) if isinstance(known, date) else ast.Constant(known)

    def _named(self, known: object) -> ast.expr:
        name = f"known_{len(self.names)}"
        self.names[name] = known
        return variable(name)

    def _temporary(self) -> str:
        self.temporaries += 1
        return f"v{self.temporaries}"

    def _loop(self, node: tree.Each) -> ast.expr:
        """A call of a function of its own that runs through the list."""
        name = f"loop_{len(self.loops)}"
        self.loops.append(function(name, _PARAMETERS, list(self._loop_body(node))))
        return call(name, *map(variable, _PARAMETERS))

    def _loop_body(self, node: tree.Each) -> Iterator[ast.stmt]:
        over, item, total = self.piece(node.over), variable("item"), variable("total")
        end: ast.expr
        meets = [is_a(item, "str" if node.over.type.kind is Kind.TEXTS else "dict")]
        if node.condition is not None:
            meets.append(self.truth(node.condition))
        if node.what in ("any", "all") and node.element is not None:
            found, held = node.what == "any", self.truth(node.element)
            meets.append(held if found else negated(held))
            nothing, end = ast.Constant(False), ast.Constant(not found)
            step: ast.stmt = ast.Return(ast.Constant(found))
        else:
            piece = self.piece(node.element) if node.element is not None else Piece((), ast.Constant(1))
            meets.extend(piece.guards)
            yield ast.Assign([ast.Name("total", ast.Store())], ast.Constant(0))
            nothing, end = ast.Constant(None), self._bounded(Piece((), total)).or_none()
            step = ast.AugAssign(ast.Name("total", ast.Store()), ast.Add(), piece.value)
        yield ast.If(negated(every(over.guards)), [ast.Return(nothing)], [])
        yield ast.For(ast.Name("item", ast.Store()), over.value, [ast.If(every(meets), [step], [])], [])
        yield ast.Return(end)


def _root(name: str) -> ast.expr:
    root, _, rest = name.partition(".")
    if root == "member":
        return call(attribute(variable("member"), "fact"), ast.Constant(rest))
    if root == "campaign":
        return get(expression("context.campaign"), rest)
    return get(variable("event"), rest.removeprefix("data."))


def _argument(told: str | int | Reference) -> ast.expr:
    return expression(f"context.{told.name}") if isinstance(told, Reference) else ast.Constant(told)


def _guards(pieces: Sequence[Piece]) -> Guards:
    return tuple(guard for piece in pieces for guard in piece.guards)
