"""The few forms of Python syntax that compiled expressions are made of."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

OPERATORS: Mapping[str, type[ast.operator]] = MappingProxyType(
    {"+": ast.Add, "-": ast.Sub, "*": ast.Mult, "//": ast.FloorDiv, "%": ast.Mod}
)
COMPARISONS: Mapping[str, type[ast.cmpop]] = MappingProxyType(
    {
        "==": ast.Eq,
        "!=": ast.NotEq,
        "<": ast.Lt,
        "<=": ast.LtE,
        ">": ast.Gt,
        ">=": ast.GtE,
        "in": ast.In,
        "not in": ast.NotIn,
        "is": ast.Is,
        "is not": ast.IsNot,
    }
)


def expression(text: str) -> ast.expr:
    """A piece of syntax from text of our own."""
    return ast.parse(text, mode="eval").body


def variable(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def attribute(of: ast.expr, word: str) -> ast.expr:
    return ast.Attribute(of, word, ast.Load())


def call(function: str | ast.expr, *arguments: ast.expr) -> ast.expr:
    return ast.Call(variable(function) if isinstance(function, str) else function, list(arguments), [])


def get(of: ast.expr, key: str) -> ast.expr:
    """`of.get("key")`"""
    return call(attribute(of, "get"), ast.Constant(key))


def assign(to: str, value: ast.expr) -> ast.expr:
    """`(to := value)`"""
    return ast.NamedExpr(ast.Name(to, ast.Store()), value)


def compare(left: ast.expr, operators: Sequence[str], rest: Sequence[ast.expr]) -> ast.expr:
    return ast.Compare(left, [COMPARISONS[each]() for each in operators], list(rest))


def is_a(value: ast.expr, type: str) -> ast.expr:
    """`type(value) is type`: exactly that, so that True is not a number."""
    return compare(call("type", value), ["is"], [variable(type)])


def is_there(value: ast.expr) -> ast.expr:
    return compare(value, ["is not"], [ast.Constant(None)])


def negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def every(tests: Iterable[ast.expr]) -> ast.expr:
    """`test and test and …`; True when there are none."""
    held = list(tests)
    if len(held) > 1:
        return ast.BoolOp(ast.And(), held)
    return held[0] if held else ast.Constant(True)


def function(called: str, parameters: Sequence[str], body: Sequence[ast.stmt]) -> ast.FunctionDef:
    arguments = ast.arguments([], [ast.arg(each) for each in parameters], None, [], [], None, [])
    return ast.FunctionDef(called, arguments, list(body), [])
