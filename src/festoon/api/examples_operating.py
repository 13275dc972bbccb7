"""Examples of what operators do: held rewards, draws, codes, segments, compensations, keys, the trail."""

from typing import Any

from festoon.api.examples_plans import EPOCH

_HELD = {
    "id": "9f2c41d07be3",
    "member": "li-hua",
    "mechanic": "spring-tea/tea-draw",
    "why": "risk",
    "since": "2027-04-02T02:00:00Z",
    "given": [{"kind": "gift", "ref": "teapot"}],
    "score": 80,
    "rules": ["one-device"],
}
_BATCH = {
    "campaign": "spring-tea",
    "owner": "coupon:five-off",
    "name": "flyers-march",
    "pattern": "TEA-####-####-##",
    "count": 1000,
    "made": "2027-03-20T03:10:00Z",
    "maker": "wang",
    "until": None,
    "voided": None,
}
_STATUS = {
    "id": "outage-3-april",
    "campaign": "spring-tea",
    "status": "approved",
    "maker": "wang",
    "checker": "chen",
    "members": 311,
    "done": 0,
    "refused": 0,
    "digest": "31a9c0f2f3c64d6f0e7e9f8a0a2d3f7d6c6f0f6f4ad5a2a7bb0f6f1f0e2b9c11",
}
_PREVIEW = {
    "id": "outage-3-april",
    "campaign": "spring-tea",
    "kind": "give",
    "members": 311,
    "events": 311,
    "unknown": [],
    "lines": [{"line": "spring-tea/budget/service", "currency": "CNY", "cost": 31_100, "left": 400_000}],
    "total": {"points": 31_100},
    "sample": ["li-hua"],
}
_SEGMENT = {
    "segment": "vip",
    "members": {"vip": 120},
    "last": "2027-04-01T16:00:00Z",
    "next": "2027-04-02T16:00:00Z",
}
_SIZES = {"members": {"vip": 121}, "counted": 5000, "entered": {"vip": 2}, "left": {"vip": 1}}
_SOURCE = "compensation: outage-3-april\ncampaign: spring-tea\n…"

OPERATING: dict[str, Any] = {
    "HeldPage": {"held": [_HELD], "next": None},
    "NeededReason": {"reason": "a family of four"},
    "Verdict": {"reason": "a family of four", "answer": "Thank you for explaining: it is yours."},
    "ItemPage": {
        "items": [
            {
                "id": "i-31",
                "kind": "coupon",
                "ref": "five-off",
                "state": "owned",
                "given": "2027-04-02T02:00:00Z",
                "campaign": "spring-tea",
                "mechanic": "welcome",
                "code": "TEA-7K3M-9QXP",
            }
        ],
        "next": None,
    },
    "Merging": {"member": "wx-7781", "reason": "the same phone number"},
    "TakingBack": {"transfer": "2-0", "reason": "given by mistake"},
    "EpochPage": {"draws": [EPOCH], "next": None},
    "PublicValue": {"value": "3,251.76"},
    "VerdictAnswer": {"holds": True, "plays": 812, "found": 0, "findings": []},
    "WinnerList": {
        "winners": [
            {
                "place": 1,
                "prize": "teapot",
                "member": 1042,
                "subject": "li-hua",
                "ticket": 77,
                "state": "given",
            },
        ]
    },
    "BatchPage": {"batches": [_BATCH], "next": None},
    "BatchState": {**_BATCH, "free": 990, "given": 8, "used": 2, "withdrawn": 0},
    "NewBatch": {"owner": "five-off", "name": "flyers-march", "count": 1000},
    "Voiding": {"code": "TEA-7K3M-9QXP"},
    "Voided": {"campaign": "spring-tea", "name": "flyers-march", "withdrawn": 1},
    "SegmentList": {"campaign": "spring-tea", "segments": [_SEGMENT]},
    "SegmentMembers": {"members": [{"number": 1042, "id": "li-hua"}], "next": None},
    "Chosen": {"segments": ["vip"]},
    "CountedList": {"segments": [{"segment": "vip", "sizes": _SIZES}]},
    "NewList": {"members": ["li-hua", "wx-7781"]},
    "Uploaded": {"version": 3, "ids": 2, "repeated": 0, "members": 2, "unknown": 0},
    "ListVersions": {
        "versions": [
            {
                "version": 3,
                "entries": 2,
                "digest": "31a9c0f2f3c64d6f0e7e9f8a0a2d3f7d6c6f0f6f4ad5a2a7bb0f6f1f0e2b9c11",
                "maker": "wang",
                "submitted": "2027-03-20T03:10:00Z",
                "checker": None,
                "approved": None,
            }
        ],
        "next": None,
    },
    "CompensationText": {"source": _SOURCE, "members": []},
    "CompensationPage": {"compensations": [_STATUS], "next": None},
    "Status": _STATUS,
    "Submitted": {
        "status": _STATUS,
        "submitted": "2027-04-03T04:00:00Z",
        "approved": "2027-04-03T05:00:00Z",
        "done": None,
        "source": _SOURCE,
        "preview": _PREVIEW,
    },
    "PartPage": {
        "members": [
            {
                "number": 1042,
                "member": "li-hua",
                "state": "done",
                "given": [{"kind": "asset", "ref": "points", "amount": 100}],
            }
        ],
        "next": None,
    },
    "Preview": _PREVIEW,
    "KeyPage": {
        "keys": [
            {
                "id": "3f9a1c22d0e4",
                "actor": "shop",
                "owner": None,
                "scopes": ["events:write"],
                "created": "2027-03-20T03:10:00Z",
                "revoked": None,
            }
        ],
        "next": None,
    },
    "NewKey": {"actor": "shop", "scopes": ["events:write"]},
    "KeyAnswer": {
        "id": "3f9a1c22d0e4",
        "key": "fst_3f9a1c22d0e4_…",
        "actor": "shop",
        "scopes": ["events:write"],
    },
    "Revoked": {"id": "3f9a1c22d0e4"},
    "TrailPage": {
        "entries": [
            {
                "number": 77,
                "at": "2027-03-20T03:10:00Z",
                "actor": "wang",
                "act": "plan.submit",
                "object": "spring-tea@2",
                "origin": "",
                "differences": [],
            }
        ],
        "next": None,
    },
    "ProgramAnswer": {
        "festoon": "0.1.0",
        "mode": "live",
        "version": 12,
        "now": "2027-04-02T02:00:00Z",
        "campaigns": ["spring-tea"],
        "mechanics": 6,
        "declared": [],
    },
    "EventTypes": {
        "types": [
            {
                "name": "order.paid",
                "kind": "fact",
                "sender": "platform",
                "purpose": "An order was paid.",
                "title": {"en": "Order paid", "zh-Hans": "订单支付"},
                "personal": [],
                "example": {"order": "o-1", "amount": 12900, "currency": "CNY"},
                "schema": {"type": "object"},
            }
        ]
    },
    "Liability": {
        "asset": "points",
        "zone": "Asia/Shanghai",
        "opening": 120_000,
        "days": [
            {
                "day": "2027-04-02",
                "issued": 5_200,
                "taken_back": 120,
                "spent": 3_400,
                "lapsed": 80,
                "outstanding": 121_600,
                "pending": 1_900,
                "held": 0,
                "owed": 40,
                "worth": 121_600,
            }
        ],
        "lapsing": [{"month": "2028-04", "amount": 119_740, "worth": 119_740}],
        "worth": {"currency": "CNY", "amount": 1, "per": 1, "campaign": "spring-tea"},
        "accounts": [
            {"name": "members", "ledger": 121_600, "facts": 121_600},
            {"name": "issuer", "ledger": -410_000, "facts": -410_000},
        ],
    },
    "EvaluationAnswer": {
        "campaign": "spring-tea",
        "version": 2,
        "as_of": "2027-05-15T00:00:00Z",
        "phase": "settled",
        "events": 120_000,
        "figures": [{"id": "participants", "value": 4100.0, "before": None}],
        "goals": [],
        "criteria": [],
        "lines": [
            {
                "name": "prizes",
                "amount": 3_000_000,
                "actual": 2_100_000,
                "committed": 40_000,
                "forecast": 2_140_000,
                "runs_out": None,
            }
        ],
    },
}
