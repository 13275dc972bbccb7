"""Examples of campaigns and of plans on their way."""

from typing import Any

_CAMPAIGN = {
    "id": "spring-tea",
    "version": 2,
    "title": {"en": "Spring tea", "zh-Hans": "春茶节"},
    "phase": "running",
    "timezone": "Asia/Shanghai",
    "start": "2027-03-31T16:00:00Z",
    "end": "2027-04-30T16:00:00Z",
    "settle": "2027-05-14T16:00:00Z",
    "mechanics": ["spend", "tea-draw"],
}
_EPOCH = {
    "mechanic": "tea-draw",
    "name": "campaign",
    "opens": "2027-03-31T16:00:00Z",
    "closes": "2027-04-30T16:00:00Z",
    "commitment": "31a9c0f2f3c64d6f0e7e9f8a0a2d3f7d6c6f0f6f4ad5a2a7bb0f6f1f0e2b9c11",
    "public_name": "",
    "public_value": None,
    "seed": None,
}
_VERSION = {
    "campaign": "spring-tea",
    "version": 2,
    "status": "in_review",
    "maker": "wang",
    "submitted": "2027-03-20T03:10:00Z",
    "checker": None,
    "approved": None,
    "published": None,
    "note": "more teapots",
}
_SOURCE = "festoon: 1\ncampaign: spring-tea\n…"

PLANS: dict[str, Any] = {
    "CampaignPage": {"campaigns": [_CAMPAIGN], "next": None},
    "CampaignDetail": {
        **_CAMPAIGN,
        "accounts": [{"holder": "spring-tea/budget/prizes", "asset": "CNY", "balance": 2_871_000}],
        "draws": [_EPOCH],
    },
    "Epoch": _EPOCH,
    "LiveBoard": {
        "campaign": "spring-tea",
        "title": {"en": "Spring tea"},
        "version": 2,
        "phase": "running",
        "at": "2027-04-02T02:00:00Z",
        "timezone": "Asia/Shanghai",
        "rehearsal": False,
        "currency": "CNY",
        "places": 2,
        "lines": [],
        "stocks": [],
        "recent": {
            "events": 1,
            "by_minute": [1],
            "counted_since": "2027-04-02T01:00:00Z",
            "inspected": 1,
            "inspected_since": "2027-04-02T01:00:00Z",
            "participants": 1,
            "given": 1,
            "refused": 0,
            "grants": [{"id": "points", "title": {"en": "points"}, "times": 1}],
            "refusals": [],
        },
        "last_event": "2027-04-02T02:00:00Z",
        "behind_seconds": 0.4,
        "facts_behind": 0,
    },
    "PlanText": {"source": _SOURCE, "note": "more teapots"},
    "PlanCheck": {"ok": True, "campaign": "spring-tea", "problems": []},
    "PlanVersions": {"versions": [_VERSION], "next": None},
    "PlanVersionDetail": {**_VERSION, "source": _SOURCE, "changes": [], "problems": []},
    "Reason": {"reason": "too dear"},
    "Pausing": {"mechanics": ["tea-draw"]},
    "Pause": {"campaign": "spring-tea", "paused": ["tea-draw"], "stopped": None},
    "Opening": {"share": 2500},
    "OpeningAnswer": {
        "campaign": "spring-tea",
        "share": 2500,
        "testers": 3,
        "to_come": [{"at": "2027-04-10T16:00:00Z", "share": 10000}],
    },
    "Preview": {
        "id": "outage-3-april",
        "campaign": "spring-tea",
        "kind": "give",
        "members": 311,
        "events": 311,
        "unknown": [],
        "lines": [
            {"line": "spring-tea/budget/service", "currency": "CNY", "cost": 31_100, "left": 400_000},
        ],
        "total": {"points": 31_100},
        "sample": ["li-hua"],
    },
    "Alive": {"status": "ok"},
    "Ready": {"status": "ready", "waiting": 0, "program": 12},
}
