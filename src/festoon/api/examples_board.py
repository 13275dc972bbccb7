"""Examples of the live board and of alerts."""

from typing import Any

_SPAN = {"hour": 40, "before": 32, "today": 310, "total": 4210}
_NONE = {"hour": 0, "before": 0, "today": 0, "total": 0}
_ALERT = {
    "key": "line/spring-tea/prizes",
    "code": "line_low",
    "severity": "notice",
    "degree": 80,
    "campaign": "spring-tea",
    "since": "2027-04-02T02:00:00Z",
    "text": {"en": "82% of the budget line Prizes is used or committed (Spring tea)"},
    "todo": {"en": "Look at what it is spent on; ask for more in the fast lane, or pause what costs most."},
    "page": "console/campaigns/spring-tea/tab/budget/",
    "open": True,
    "acknowledged": None,
}

BOARDS: dict[str, Any] = {
    "Alert": _ALERT,
    "AlertsAnswer": {"alerts": [_ALERT], "open": 1, "alarming": False},
    "Acknowledging": {"key": "line/spring-tea/prizes", "note": "more was asked for"},
    "Board": {
        "campaign": "spring-tea",
        "title": {"en": "Spring tea"},
        "version": 2,
        "phase": "running",
        "at": "2027-04-02T02:00:00Z",
        "timezone": "Asia/Shanghai",
        "rehearsal": False,
        "currency": "CNY",
        "places": 2,
        "working": True,
        "behind_seconds": 2.5,
        "waiting": 12,
        "last_event": "2027-04-02T01:59:59Z",
        "events": _SPAN,
        "came": _SPAN,
        "participants": _SPAN,
        "rewarded": _SPAN,
        "grants": _SPAN,
        "refused": _NONE,
        "minutes": [1, 0, 2],
        "minutes_before": [0, 0, 1],
        "lines": [
            {
                "name": "prizes",
                "title": {"en": "Prizes"},
                "amount": 400_000,
                "actual": 90_000,
                "committed": 12_000,
                "remaining": 298_000,
                "spent": _SPAN,
                "runs_out": None,
            }
        ],
        "stocks": [{"name": "gift:teapot", "title": {"en": "Teapot"}, "opening": 20, "left": 7}],
        "mechanics": [
            {
                "id": "tea-draw",
                "title": {"en": "Tea draw"},
                "looked": _SPAN,
                "took": _SPAN,
                "rewarded": _SPAN,
                "gave": _SPAN,
                "refused": _NONE,
            }
        ],
        "reasons": [
            {"code": "draw.no_chances", "title": {"en": "no chances left"}, "kind": "planned", "times": _SPAN}
        ],
        "goals": [
            {
                "metric": "new_members",
                "title": {"en": "New members"},
                "unit": "count",
                "direction": "up",
                "due": "2027-04-30T16:00:00Z",
                "result": 310.0,
                "target": 1000.0,
                "expected": 290.0,
                "status": "on_track",
            }
        ],
        "goals_at": "2027-04-02T01:57:00Z",
        "health": {
            "types": [
                {
                    "type": "order.paid",
                    "title": {"en": "Order paid"},
                    "state": "fine",
                    "came": _SPAN,
                    "late": _NONE,
                    "malformed": _NONE,
                    "listened": True,
                }
            ],
            "turned_away": [{"code": "queue.full", "title": {"en": "no room"}, "times": _SPAN, "ours": True}],
        },
    },
}
