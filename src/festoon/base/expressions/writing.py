"""The normal form of an expression: the same for everything that reads the same, on any version of Python.

One space around operators, texts in double quotes, brackets only where they are needed. Reading the normal
form gives the same tree again.
"""

import ast
from collections.abc import Mapping
from types import MappingProxyType

# How tightly each form binds; what binds less than its place wants goes into brackets.
_CHOICE, _OR, _AND, _NOT, _COMPARED, _SUM, _PRODUCT, _NEGATIVE = range(8)

_OPERATORS: Mapping[type[ast.AST], tuple[str, int]] = MappingProxyType(
    {
        ast.Or: ("or", _OR),
        ast.And: ("and", _AND),
        ast.Add: ("+", _SUM),
        ast.Sub: ("-", _SUM),
        ast.Mult: ("*", _PRODUCT),
        ast.FloorDiv: ("//", _PRODUCT),
        ast.Mod: ("%", _PRODUCT),
    }
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


def written(at: ast.expr, place: int = _CHOICE) -> str:
    """The normal form of a checked tree, for a place that wants it to bind at least so tightly."""
    said, binds = _form(at)
    return f"({said})" if binds < place else said


def _form(at: ast.expr) -> tuple[str, int]:
    """How a part is written, and how tightly that binds."""
    match at:
        case ast.IfExp(test=test, body=yes, orelse=no):
            return f"{written(yes, _OR)} if {written(test, _OR)} else {written(no)}", _CHOICE
        case ast.BoolOp(op=op, values=values):
            word, binds = _OPERATORS[type(op)]
            return f" {word} ".join(written(each, binds + 1) for each in values), binds
        case ast.UnaryOp(op=ast.Not(), operand=of):
            return f"not {written(of, _NOT)}", _NOT
        case ast.UnaryOp(operand=of):
            return f"-{written(of, _NEGATIVE)}", _NEGATIVE
        case ast.Compare(left=left, ops=ops, comparators=rest):
            words = (_COMPARISONS[type(op)] for op in ops)
            sides = (f" {word} {written(side, _SUM)}" for word, side in zip(words, rest, strict=True))
            return written(left, _SUM) + "".join(sides), _COMPARED
        case ast.BinOp(left=left, op=op, right=right):
            word, binds = _OPERATORS[type(op)]
            return f"{written(left, binds)} {word} {written(right, binds + 1)}", binds
    return _atom(at), _NEGATIVE + 1


def _atom(at: ast.expr) -> str:
    match at:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=of, attr=name):
            return f"{written(of)}.{name}"
        case ast.Constant(value=str(text)):
            return f"'{text}'" if '"' in text else f'"{text}"'
        case ast.Constant(value=known):
            return repr(known)
        case ast.Tuple(elts=[one]) | ast.List(elts=[one]):
            return f"({written(one)},)"
        case ast.Tuple(elts=several) | ast.List(elts=several):
            return f"({', '.join(map(written, several))})"
        case ast.Call(func=function, args=arguments):
            return f"{written(function)}({', '.join(map(written, arguments))})"
        case ast.GeneratorExp(elt=element, generators=[over]):
            tests = "".join(f" if {written(test, _OR)}" for test in over.ifs)
            return f"{written(element)} for {written(over.target)} in {written(over.iter, _OR)}{tests}"
    raise AssertionError(f"{type(at).__name__} is not part of any expression")
