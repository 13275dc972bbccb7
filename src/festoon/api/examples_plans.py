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
EPOCH = {
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
    "reviewer": "li",
    "reviewed": "2027-03-20T05:00:00Z",
    "checker": None,
    "approved": None,
    "published": None,
    "note": "more teapots",
}
_SOURCE = "festoon: 1\ncampaign: spring-tea\n…"

_MORE: dict[str, Any] = {
    "campaign": "spring-tea",
    "version": 3,
    "base": 2,
    "adds": {"coupons.ten-off.stock": "200"},
    "reason": "twice as many came",
    "maker": "user:lin",
    "asked": "2027-04-03T08:00:00Z",
    "status": "in_review",
    "checker": None,
}
_REMARK = {
    "number": 2,
    "at": "2027-03-20T05:00:00Z",
    "actor": "li",
    "act": "review",
    "text": "stock is enough",
}
_FIGURE = {
    "number": 4,
    "campaign": "spring-tea",
    "metric": "awareness",
    "value": "0.31",
    "measured": "2027-04-20",
    "source": "Tea Research Ltd., 1,200 interviews",
    "link": "https://research.example/spring-tea",
    "file": "",
    "state": "signed",
    "maker": "wang",
    "entered": "2027-04-22T02:00:00Z",
    "checker": "chen",
    "decided": "2027-04-22T08:00:00Z",
    "reason": "",
}
PLANS: dict[str, Any] = {
    "PutAway": {"campaign": "spring-tea", "archived": "2027-06-01T02:00:00Z"},
    "OutsideFigure": _FIGURE,
    "Kept": {"name": "survey.pdf", "kind": "application/pdf", "content": "JVBERi0xLjc="},
    "OutsidePage": {"figures": [_FIGURE], "next": None},
    "FigureEntered": {
        "campaign": "spring-tea",
        "metric": "awareness",
        "value": "31%",
        "measured": "2027-04-20",
        "source": "Tea Research Ltd., 1,200 interviews",
        "link": "https://research.example/spring-tea",
    },
    "Comment": {"comment": "stock is enough"},
    "Remark": _REMARK,
    "CampaignPage": {"campaigns": [_CAMPAIGN], "next": None},
    "CampaignDetail": {
        **_CAMPAIGN,
        "accounts": [{"holder": "spring-tea/budget/prizes", "asset": "CNY", "balance": 2_871_000}],
        "draws": [EPOCH],
    },
    "Epoch": EPOCH,
    "PlanText": {"source": _SOURCE, "note": "more teapots"},
    "PlanCheck": {"ok": True, "campaign": "spring-tea", "problems": []},
    "PlanVersions": {"versions": [_VERSION], "next": None},
    "PlanVersionDetail": {**_VERSION, "source": _SOURCE, "changes": [], "problems": [], "remarks": [_REMARK]},
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
    "MoreAsked": {"adds": {"coupons.ten-off.stock": "200"}, "reason": "twice as many came"},
    "MoreAnswer": {
        "amendable": [{"path": "coupons.ten-off.stock", "name": "ten-off", "kind": "stock", "now": "200"}],
        "waiting": [_MORE],
    },
    "Amendment": _MORE,
    "PausedOne": {"reason": "odd results"},
    "PausedAnswer": {"campaign": "spring-tea", "paused": ["tea-draw"]},
    "Alive": {"status": "ok"},
    "Ready": {"status": "ready", "waiting": 0, "program": 12},
}
