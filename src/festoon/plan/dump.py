"""A plan as text again: for one that was made by a program rather than written by hand."""

from decimal import Decimal
from typing import Any

import msgspec

from festoon.plan.schema import FORMAT, Plan
from festoon.plan.written import below


def plain_plan(plan: Plan) -> dict[str, Any]:
    """The plan as plain data in the shape of the file: a mechanic's parameters beside its other keys."""
    data: dict[str, Any] = {"festoon": FORMAT, **msgspec.to_builtins(plan, builtin_types=(Decimal,))}
    for mechanic in data.get("mechanics", {}).values():
        mechanic |= mechanic.pop("params", None) or {}
    return data


def dump(plan: Plan) -> str:
    """The plan as YAML. Reading it gives the same plan."""
    return written(plain_plan(plan))


def written(data: dict[str, Any]) -> str:
    """Plain data as YAML, as a person would lay it out."""
    return below(data, 0) + "\n"
