"""A plan's text in, a plan out, or everything that is wrong with it."""

from collections.abc import Mapping

from festoon.plan.check import check_plan
from festoon.plan.problems import PlanInvalid
from festoon.plan.schema import Plan


def read_plan(text: str | bytes, *, written_for: Mapping[str, int] | None = None) -> Plan:
    """The plan a text holds. Raises PlanInvalid with every mistake that was found.

    `written_for` says for which version of each mechanic kind the text was written (the newest by default).
    """
    checked = check_plan(text, written_for=written_for)
    if checked.plan is None:
        raise PlanInvalid(checked.problems)
    return checked.plan
