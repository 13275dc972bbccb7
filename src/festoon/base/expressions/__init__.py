"""Conditions and values in Python syntax: checked against known fields when written, compiled to be fast.

`compile_condition` and `compile_value` are the way in; a `Vocabulary` says what an expression may speak of,
and `scope` what the compiled function is called with. The same expressions compile to Ibis in `to_ibis`,
which is imported on its own. See `docs/reference/conditions.md`.
"""

from festoon.base.expressions.calls import BUILT_IN
from festoon.base.expressions.condition import Condition, ValueExpression, compile_condition, compile_value
from festoon.base.expressions.errors import ExpressionError
from festoon.base.expressions.scope import Context, EventData, MemberFacts
from festoon.base.expressions.standard import CAMPAIGN, EVENT, event_fields, member_fields, member_functions
from festoon.base.expressions.vocabulary import (
    BOOL,
    DATE,
    DATETIME,
    INT,
    NUMBER,
    TEXT,
    TEXTS,
    FieldType,
    FunctionType,
    Kind,
    Literal,
    Partial,
    Reference,
    Vocabulary,
    lines_of,
    object_of,
    one_of,
)

__all__ = [
    "BOOL",
    "BUILT_IN",
    "CAMPAIGN",
    "DATE",
    "DATETIME",
    "EVENT",
    "INT",
    "NUMBER",
    "TEXT",
    "TEXTS",
    "Condition",
    "Context",
    "EventData",
    "ExpressionError",
    "FieldType",
    "FunctionType",
    "Kind",
    "Literal",
    "MemberFacts",
    "Partial",
    "Reference",
    "ValueExpression",
    "Vocabulary",
    "compile_condition",
    "compile_value",
    "event_fields",
    "lines_of",
    "member_fields",
    "member_functions",
    "object_of",
    "one_of",
]
