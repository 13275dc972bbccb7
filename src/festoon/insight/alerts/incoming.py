"""What is wrong with what comes in and goes on: types of events that are missing, late or malformed, a relay that is
behind."""

from collections.abc import Iterable, Iterator

from festoon.insight.alerts.alert import Finding, Severity
from festoon.insight.board.health import TypeHealth
from festoon.insight.board.waiting import Waiting

BEHIND_MINUTES = 2
FAR_BEHIND_MINUTES = 15
_SEVERITIES: dict[str, Severity] = {
    "missing": "alarm",
    "never": "notice",
    "late": "warning",
    "malformed": "warning",
}


def of_types(types: Iterable[TypeHealth], awaited: frozenset[str]) -> Iterator[Finding]:
    """The types that something is wrong with. A type that no campaign listens to can be malformed or late, and nobody
    misses it. That a type never came is told of those that are `awaited`: for a day at least."""
    for each in types:
        missed = each.listened if each.state == "missing" else each.type in awaited
        if each.state == "fine" or (each.state in ("missing", "never") and not missed):
            continue
        yield Finding(
            key=f"event/{each.type}",
            code=f"event_{each.state}",
            severity=_SEVERITIES[each.state],
            degree=(each.malformed.hour if each.state == "malformed" else each.late.hour).bit_length(),
            page="board/",
            data={
                "type": each.title, "before": each.came.before, "came": each.came.hour, "late": each.late.hour,
                "bad": each.malformed.hour,
            },
        )  # fmt: skip


def of_relay(waiting: Waiting, behind_seconds: float, *, working: bool) -> Iterator[Finding]:
    """A relay that nobody runs while something waits for it, or that is behind. In a rehearsal it is by no seconds."""
    minutes, rows = int(behind_seconds // 60), waiting.rows
    if rows and not working:
        yield Finding(
            key="relay", code="relay_stopped", severity="alarm", degree=minutes.bit_length(), page="board/",
            began=waiting.oldest, data={"rows": rows},
        )  # fmt: skip
    elif minutes >= BEHIND_MINUTES:
        yield Finding(
            key="relay", code="relay_behind", severity="alarm" if minutes >= FAR_BEHIND_MINUTES else "warning",
            degree=minutes.bit_length(), page="board/", began=waiting.oldest,
            data={"minutes": minutes, "rows": rows},
        )  # fmt: skip
