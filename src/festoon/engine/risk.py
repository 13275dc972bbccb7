"""Who is at risk: the score of a member for one event, and what a mechanic does about it."""

from festoon.base.errors import Refused, define
from festoon.engine.posting import Posting, Verdict
from festoon.engine.signals import Signals
from festoon.engine.view import EventView
from festoon.plan.compiled import Risk, RiskList

BLOCKED = define("risk.blocked", 200, "you cannot take part in this", "您暂时无法参与本活动")
TOO_RISKY = define(
    "risk.refused",
    200,
    "this cannot be given to you now",
    "当前账号存在风险，暂不能发放",
    todo="Ask support, who can look into it.",
    todo_zh="如有疑问请联系客服核实。",
)
ALLOWED = Verdict("allow")


def judged(posting: Posting, view: EventView) -> Verdict:
    """What is done with the member; asked once a posting. Raises Refused for who is blocked or refused."""
    if posting.verdict is None:
        posting.verdict = _judged(posting, view)
    return posting.verdict


def _judged(posting: Posting, view: EventView) -> Verdict:
    listener = posting.listener
    risk, steps = listener.risk, listener.plan.at_risk
    assert risk is not None, "only who has rules judges"
    if _listed(risk.block, view):
        raise Refused(BLOCKED)
    if not steps or _listed(risk.allow, view):
        return ALLOWED
    score, rules = scored(risk, view)
    action = next((action for least, action in steps if score >= least), "allow")
    if action == "refuse":
        raise Refused(TOO_RISKY, score=score, rules=list(rules))
    return Verdict(action, score, rules)


def _listed(listed: RiskList, view: EventView) -> bool:
    return view.subject in listed.members or any(view.in_segment(name) for name in listed.segments)


def scored(risk: Risk, view: EventView) -> tuple[int, tuple[str, ...]]:
    """The points of the rules that hold, and which ones do."""
    data = view.event.data
    member = Signals(view, risk.days) if risk.asks else view
    holding = [rule for rule in risk.rules if rule.when.holds(data, member, view)]
    return sum(rule.points for rule in holding), tuple(rule.id for rule in holding)
