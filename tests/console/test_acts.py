"""The audit trail says what was done in the reader's language."""

import ast
from collections.abc import Iterator
from pathlib import Path

from festoon.base.texts import catalogue
from festoon.console.access.trail import ACTS
from festoon.engine.merging import MERGE
from festoon.engine.requests import ADJUST, ERASE
from tests.console.visitors import Visitors
from tests.house.sources import SOURCE, calls, modules

JOBS = ("backtest", "benefits", "report")
MADE = {
    ("engine/barring.py", "act"): ("member.block", "member.unblock", "member.erase"),
    ("engine/held.py", "f'grant.{decision}'"): ("grant.released", "grant.voided"),
    ("engine/merging.py", "MERGE"): (MERGE,),
    ("engine/pausing.py", "act"): ("mechanic.pause", "mechanic.resume"),
    ("engine/post.py", "line.act"): (),
    ("engine/publish.py", "act"): ("plan.withdraw", "plan.send_back"),
    ("engine/requests.py", "f'{kind}.ask'"): (f"{ADJUST}.ask", f"{ERASE}.ask"),
    ("engine/requests.py", "f\"{row['kind']}.sign\""): (f"{ADJUST}.sign", f"{ERASE}.sign"),
    ("engine/requests.py", "f\"{row['kind']}.{status}\""): tuple(
        f"{kind}.{status}" for kind in (ADJUST, ERASE) for status in ("declined", "withdrawn")
    ),
    ("engine/work.py", "f'work.{kind}'"): ("work.task", "work.risk"),
    ("insight/jobs/jobs.py", "f'{kind}.ask'"): tuple(f"{kind}.ask" for kind in JOBS),
    ("insight/jobs/jobs.py", "f'{kind}.cancel'"): tuple(f"{kind}.cancel" for kind in JOBS),
    ("insight/jobs/jobs.py", "f'{kind}.again'"): tuple(f"{kind}.again" for kind in JOBS),
    ("intake/judging.py", "act"): ("proof.approve", "proof.reject"),
    ("outbox/webhooks/endpoints.py", "f'webhook.{state}'"): ("webhook.on", "webhook.off"),
}
"""What an act is that is not written where it is recorded: by the file and how it stands there."""


def _acts(path: Path, said: ast.expr) -> Iterator[str]:
    match said:
        case ast.Constant(value=str() as act):
            yield act
        case ast.IfExp(body=one, orelse=other):
            yield from (*_acts(path, one), *_acts(path, other))
        case _:
            yield from MADE[path.relative_to(SOURCE).as_posix(), ast.unparse(said)]


def recorded() -> Iterator[str]:
    """Every act that the source writes into the audit trail."""
    for path in modules():
        for call, name in calls(path):
            if name == "record":
                yield from (
                    act for each in call.keywords if each.arg == "act" for act in _acts(path, each.value)
                )
            elif name == "Trail":
                yield from _acts(path, call.args[2])


def test_every_act_of_the_audit_trail_has_a_title_in_both_languages() -> None:
    titles = catalogue(ACTS)
    assert set(titles) == set(recorded())
    assert [
        act for act, title in titles.items() if not {"en", "zh-Hans"} <= set(filter(title.get, title))
    ] == []


def test_the_trail_says_what_was_done_in_words_and_keeps_the_code(visitors: Visitors) -> None:
    page = visitors["auditor"].page("/console/access/trail/?act=plan.publish")
    assert "Plan published<br>" in page
    assert '<code class="quiet">plan.publish</code>' in page
    assert "发布方案<br>" in visitors.fresh("auditor", "reader", "zh-hans").page("/console/access/trail/")
