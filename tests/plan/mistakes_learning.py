"""One plan for each thing that can be wrong with an experiment that learns: code, text, path."""

from festoon.base.expressions import errors
from festoon.plan import codes_file, codes_learning
from festoon.plan import codes_plan as codes
from tests.plan.mistakes_file import Mistake
from tests.plan.plans import plan

WITHIN = "experiments.pack.learns"


def learns(success: str = "{on: order.paid, within: 7 days}", beside: str = "") -> str:
    """A plan with an experiment of three arms that learns."""
    give = "{experiment: pack, arms: {a: [{points: 1}], b: [{points: 2}], c: []}}"
    return plan(
        experiments=f"{{pack: {{arms: {{a: 1, b: 1, c: 1}}, learns: {{success: {success}{beside}}}}}}}",
        mechanics=f"{{signup: {{kind: gift, on: member.registered, give: {give}, limits: {{per_member: 1}}}}}}",
        coupons=None,
        rewards=None,
    )


MISTAKES: list[Mistake] = [
    (codes_learning.FLOORS_OVER_ALL, learns(beside=", floor: ▸34%"), f"{WITHIN}.floor"),
    (codes.SHARE_OUT_OF_RANGE, learns(beside=", floor: ▸0%"), f"{WITHIN}.floor"),
    (codes.SHARE_OUT_OF_RANGE, learns(beside=", floor: ▸0.5%"), f"{WITHIN}.floor"),
    (
        codes_learning.LEARNS_TOO_LATE,
        learns("{on: order.paid, within: ▸90 days}"),
        f"{WITHIN}.success.within",
    ),
    (
        codes.UNKNOWN_EVENT_TYPE,
        learns("{on: ▸moon.risen, within: 7 days}"),
        f"{WITHIN}.success.on",
    ),
    (
        errors.UNKNOWN_FIELD,
        learns('{on: order.paid, within: 7 days, when: "▸member.kids >= 1"}'),
        f"{WITHIN}.success.when",
    ),
    (
        errors.UNKNOWN_FIELD,
        learns(beside=', contexts: {old: {when: "▸member.kidz >= 1"}}'),
        f"{WITHIN}.contexts.old.when",
    ),
    (codes_file.NOT_THIS_FORM, learns(beside=", refresh: ▸daily at 25:00"), f"{WITHIN}.refresh"),
    (codes_file.NOT_THIS_FORM, learns("{on: order.paid, within: ▸a week}"), f"{WITHIN}.success.within"),
]
