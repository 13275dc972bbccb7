"""From a syntax tree to a checked one: every allowed form stands here, everything else is refused."""

import ast
from collections.abc import Mapping
from types import MappingProxyType

from festoon.base.expressions import errors
from festoon.base.expressions.calls import BUILT_IN, built_in, no_function, of_member
from festoon.base.expressions.comparing import Written, align, among, chain, written_date, wrong_type
from festoon.base.expressions.names import Loop, dotted, field
from festoon.base.expressions.text import Source
from festoon.base.expressions.tree import (
    FIFTEEN_DIGITS,
    Arithmetic,
    Bounded,
    Choose,
    Const,
    Contains,
    DaysBetween,
    Each,
    Item,
    Logic,
    Negate,
    Node,
    Not,
    Part,
    Widen,
)
from festoon.base.expressions.vocabulary import (
    BOOL,
    INT,
    NUMBER,
    ROOTS,
    TEXT,
    FieldType,
    Kind,
    Vocabulary,
)

_COMPARISONS: Mapping[type[ast.cmpop], str] = MappingProxyType(
    {
        ast.Eq: "==",
        ast.NotEq: "!=",
        ast.Lt: "<",
        ast.LtE: "<=",
        ast.Gt: ">",
        ast.GtE: ">=",
        ast.In: "in",
        ast.NotIn: "not in",
    }
)
_ARITHMETIC: Mapping[type[ast.operator], str] = MappingProxyType(
    {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%"}
)
_LOOPS = frozenset({"any", "all", "sum", "count"})
_BOUNDED = (Const, Bounded, Arithmetic, Negate, Each, DaysBetween, Part)
LARGEST = 2**63 - 1


class Checker:
    """Checks one expression. `loop` is the loop whose body is being looked at, if any."""

    def __init__(self, source: Source, vocabulary: Vocabulary, loop: Loop | None = None) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.loop = loop

    def check(self, at: ast.expr) -> Node:
        """A part with its type. Raises ExpressionError for what is not allowed or does not fit."""
        match at:
            case ast.BoolOp():
                operator = "and" if isinstance(at.op, ast.And) else "or"
                return Logic(operator, tuple(self.truth(each) for each in at.values))
            case ast.UnaryOp(op=ast.Not(), operand=of):
                return Not(self.truth(of))
            case ast.UnaryOp(op=ast.USub()):
                return self._negative(at)
            case ast.Compare():
                return self._comparison(at)
            case ast.BinOp():
                return self._arithmetic(at)
            case ast.IfExp():
                return self._choice(at)
            case ast.Call():
                return self._call(at)
            case ast.Constant():
                return self._constant(at)
            case ast.Name() | ast.Attribute():
                return field(self.source, self.vocabulary, at, self.loop)
        raise self.source.error(errors.NOT_ALLOWED, at, found=self.source.written(at))

    def truth(self, at: ast.expr) -> Node:
        """A part that is true or false."""
        return self.of_kind(at, Kind.BOOL)

    def whole(self, at: ast.expr) -> Node:
        """A part that is a whole number of at most fifteen digits, or missing."""
        node = self.of_kind(at, Kind.INT)
        if isinstance(node, Const) and isinstance(node.value, int) and abs(node.value) > FIFTEEN_DIGITS:
            raise self.source.error(errors.NUMBER_TOO_LARGE, at, limit=FIFTEEN_DIGITS)
        return node if isinstance(node, _BOUNDED) else Bounded(node, type=INT.maybe())

    def wanted(self, at: ast.expr, kind: Kind) -> Node:
        """A whole expression of a kind; a written text can be a date, and a whole number a measurement."""
        if kind is Kind.INT:
            return self.whole(at)
        node = self.check(at)
        if kind is Kind.NUMBER and node.type.kind is Kind.INT:
            return Widen(node, type=FieldType(kind, optional=node.type.optional))
        if kind in (Kind.DATE, Kind.DATETIME) and isinstance(node, Const) and isinstance(node.value, str):
            return Const(written_date(self.source, at, node.value, kind), type=FieldType(kind))
        return self.of_kind(at, kind)

    def of_kind(self, at: ast.expr, kind: Kind) -> Node:
        """A part that must be of a kind."""
        node = self.check(at)
        if node.type.kind is not kind:
            raise wrong_type(self.source, at, node, kind)
        return node

    def _constant(self, at: ast.Constant) -> Const:
        match at.value:
            case bool(value):
                return Const(value, type=BOOL)
            case int(value) | float(value) if abs(value) > LARGEST:
                raise self.source.error(errors.NUMBER_TOO_LARGE, at, limit=LARGEST)
            case int(value):
                return Const(value, type=INT)
            case float(value):
                return Const(value, type=NUMBER)
            case str(value):
                return Const(value, type=TEXT)
        raise self.source.error(errors.NOT_ALLOWED, at, found=self.source.written(at))

    def _negative(self, at: ast.UnaryOp) -> Node:
        if isinstance(at.operand, ast.Constant):
            node = self._constant(at.operand)
            if isinstance(node.value, int | float) and node.type.kind is not Kind.BOOL:
                return Const(-node.value, type=node.type)
        of = self.whole(at.operand)
        return Negate(of, type=of.type)

    def _comparison(self, at: ast.Compare) -> Node:
        sides = [at.left, *at.comparators]
        operators = [_COMPARISONS.get(type(each), "is") for each in at.ops]
        for side, operator in zip(at.comparators, operators, strict=True):
            if operator == "is" or (isinstance(side, ast.Constant) and side.value is None):
                absent = isinstance(at.ops[0], ast.Is | ast.Eq)
                meant = f"{'missing' if absent else 'present'}({self.source.written(at.left)})"
                raise self.source.error(
                    errors.NOT_ALLOWED, side, found=self.source.written(at), suggestion=meant
                )
        if "in" not in operators and "not in" not in operators:
            return chain(self.source, at, [self._written(side) for side in sides], operators)
        if len(operators) > 1:
            raise self.source.error(errors.NOT_ALLOWED, at, found=self.source.written(at))
        return self._membership(at, operators[0])

    def _membership(self, at: ast.Compare, operator: str) -> Node:
        of, held = self._written(at.left), at.comparators[0]
        if isinstance(held, ast.Tuple | ast.List):
            options = [self._written(each) for each in held.elts]
            for written, node in options:
                if not isinstance(node, Const):
                    raise self.source.error(errors.NOT_ALLOWED, written, found=self.source.written(written))
            if not options:
                raise self.source.error(errors.NOT_ALLOWED, held, found=self.source.written(held))
            return among(self.source, at, of, operator, options)
        if isinstance(held, ast.Constant):
            said = self.source.written(held)
            raise self.source.error(
                errors.NOT_ALLOWED, held, found=f"{operator} {said}", suggestion=f"({said},)"
            )
        texts = self.of_kind(held, Kind.TEXTS)
        if of[1].type.kind is not Kind.TEXT:
            raise wrong_type(self.source, at.left, of[1], Kind.TEXT)
        return Contains(of[1], operator, texts)

    def _arithmetic(self, at: ast.BinOp) -> Node:
        operator = _ARITHMETIC.get(type(at.op))
        if operator is None:
            meant = {"suggestion": "//"} if isinstance(at.op, ast.Div) else {}
            raise self.source.error(errors.NOT_ALLOWED, at, found=self.source.written(at), **meant)
        left, right = self.whole(at.left), self.whole(at.right)
        divides = operator in ("//", "%")
        if divides and isinstance(right, Const) and right.value == 0:
            raise self.source.error(errors.DIVISION_BY_ZERO, at)
        unsure = left.type.optional or right.type.optional or (divides and not isinstance(right, Const))
        return Arithmetic(operator, left, right, type=INT.maybe() if unsure else INT)

    def _choice(self, at: ast.IfExp) -> Node:
        test = self.truth(at.test)
        yes, no = align(self.source, at, [self._written(at.body), self._written(at.orelse)], "if else")
        bare = FieldType(yes.type.kind)
        return Choose(test, yes, no, type=bare.maybe() if yes.type.optional or no.type.optional else bare)

    def _call(self, at: ast.Call) -> Node:
        name = dotted(at.func)
        if not name:
            raise self.source.error(errors.NOT_ALLOWED, at, found=self.source.written(at))
        if "." in name:
            return of_member(self.source, self.vocabulary, at, name)
        if name not in BUILT_IN:
            raise no_function(self.source, self.vocabulary, at, name)
        if name in _LOOPS:
            return self._loop(at, name)
        return built_in(self.source, at, name, [self._written(each) for each in at.args])

    def _loop(self, at: ast.Call, name: str) -> Node:
        match name, at.args:
            case _, [ast.GeneratorExp(generators=[ast.comprehension(is_async=0) as over]) as each]:
                return self._each(name, each.elt, over)
            case "count", [ast.Name() | ast.Attribute() as whole_list]:
                held, _ = self._elements(whole_list)
                return Each(name, held, type=INT.maybe())
        raise self.source.error(errors.WRONG_ARGUMENTS, at, name=name, usage=BUILT_IN[name])

    def _each(self, name: str, element: ast.expr, over: ast.comprehension) -> Node:
        target = over.target
        if self.loop is not None or not isinstance(target, ast.Name) or target.id in ROOTS | BUILT_IN.keys():
            raise self.source.error(errors.NOT_ALLOWED, target, found=f"for {self.source.written(target)}")
        held, type = self._elements(over.iter)
        inside = Checker(self.source, self.vocabulary, Loop(target.id, type))
        tests = tuple(inside.truth(each) for each in over.ifs)
        condition = Logic("and", tests) if len(tests) > 1 else tests[0] if tests else None
        if name == "count":
            if not isinstance(counted := inside.check(element), Item) or counted.path:
                raise self.source.error(
                    errors.WRONG_ARGUMENTS, element, name=name, usage=f"count({target.id} for …)"
                )
            return Each(name, held, condition, type=INT.maybe())
        if name == "sum":
            return Each(name, held, condition, inside.whole(element), type=INT.maybe())
        return Each(name, held, condition, inside.truth(element))

    def _elements(self, at: ast.expr) -> tuple[Node, FieldType]:
        """A list, and the type of its elements."""
        held = self.check(at)
        if held.type.kind is Kind.LINES:
            return held, FieldType(Kind.OBJECT, fields=held.type.fields)
        if held.type.kind is Kind.TEXTS:
            return held, TEXT
        raise wrong_type(self.source, at, held, f"{Kind.LINES}, {Kind.TEXTS}")

    def _written(self, at: ast.expr) -> Written:
        return at, self.check(at)
