"""A plan's text in, a plan out, or everything that is wrong with it.

`read_plan` is for a plan that somebody wants to publish, `load_plan` for one that was published.
"""

from collections.abc import Mapping

from festoon.plan.assemble import parse
from festoon.plan.check import check_plan
from festoon.plan.problems import PlanInvalid, errors_of
from festoon.plan.schema import Plan


def read_plan(text: str | bytes, *, written_for: Mapping[str, int] | None = None) -> Plan:
    """The plan a text holds. Raises PlanInvalid with every mistake that was found.

    `written_for` says for which version of each mechanic kind the text was written (the newest by default).
    """
    checked = check_plan(text, written_for=written_for)
    if checked.plan is None:
        raise PlanInvalid(checked.problems)
    return checked.plan


def load_plan(text: str | bytes, *, written_for: Mapping[str, int] | None = None) -> Plan:
    """The plan a text holds, without asking whether it makes sense: that was asked when it was published, and a
    stricter question of a later release must not stop a running campaign. Raises PlanInvalid."""
    parsed = parse(text, written_for)
    if parsed.plan is None or errors_of(parsed.problems):
        raise PlanInvalid(parsed.problems)
    return parsed.plan
