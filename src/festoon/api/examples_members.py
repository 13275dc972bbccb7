"""Examples of events, members, and what members have."""

from typing import Any

_GIVEN = {
    "kind": "asset",
    "ref": "points",
    "amount": 129,
    "cost": 129,
    "line": "spring-tea/budget/points|CNY",
}
_OUTCOME = {"status": "accepted", "mechanics": [{"mechanic": "spring-tea/spend", "given": [_GIVEN]}]}

_REQUEST = {
    "number": 5,
    "kind": "balance.adjusted",
    "member_number": 1042,
    "member": "li-hua",
    "data": {"asset": "points", "amount": 50_000},
    "reason": "a prize that was never sent",
    "maker": "wang",
    "asked": "2027-04-02T02:00:00Z",
    "status": "waiting",
    "checker": None,
    "decided": None,
    "answer": None,
}

_ANSWER = {
    "channel": "sms",
    "agreed": True,
    "at": "2027-04-02T02:00:00Z",
    "by": "member",
    "wording": "2027-01",
    "where": "page",
}

MEMBERS: dict[str, Any] = {
    "MyInvitation": {"codes": ["7QK2M9FX"]},
    "MyInvited": {"accepted": False, "code": "referral.self_invite", "text": "nobody can invite himself"},
    "CloudEvent": {
        "specversion": "1.0",
        "id": "o-1",
        "source": "shop",
        "type": "order.paid",
        "subject": "li-hua",
        "time": "2027-04-02T10:00:00+08:00",
        "data": {"order": "o-1", "amount": 12900, "currency": "CNY", "lines": []},
    },
    "EventAnswer": {"id": "o-1", "source": "shop", "status": 200, "again": False, "outcome": _OUTCOME},
    "NewMember": {"id": "li-hua", "event_id": "r-1", "source": "shop", "data": {"region": "Hangzhou"}},
    "MemberAnswer": {
        "id": "li-hua",
        "number": 1042,
        "ids": ["li-hua", "wx-7781"],
        "registered": "2027-03-28T09:12:44Z",
        "profile": {"region": "Hangzhou"},
        "balances": [
            {
                "asset": "points",
                "available": 129,
                "held": 0,
                "pending": 40,
                "owed": 0,
                "lots": [],
                "coming": [["2027-04-09T16:00:00Z", 40]],
            }
        ],
        "items": [],
        "progress": [{"mechanic": "spring-tea/spend", "given": 1}],
        "held": [],
    },
    "StatementAnswer": {
        "lines": [
            {
                "id": "2-0",
                "at": "2027-04-02T02:00:00Z",
                "asset": "points",
                "part": "@",
                "amount": 129,
                "why": "spring-tea/spend",
                "event": "shop#o-1",
                "type": "order.paid",
                "counterpart": "issuer",
                "expires": None,
            }
        ],
        "next": None,
    },
    "OddsAnswer": {
        "draw": "spring-tea/tea-draw",
        "at": "2027-04-02T02:00:00Z",
        "odds": [
            {"prize": "teapot", "weight": 2, "total": 101},
            {"prize": "leaves", "weight": 99, "total": 101},
        ],
    },
    "InviteAnswer": {
        "code": "7K3M9Q",
        "links": [
            {"campaign": "spring-tea", "mechanic": "friends", "url": "https://tea.example/i/7K3M9Q"},
        ],
    },
    "NewToken": {"seconds": 900, "campaign": "spring-tea"},
    "TokenAnswer": {"token": "eyJhbGciOi…", "member": "li-hua", "expires": "2027-04-02T02:15:00Z"},
    "MyCampaign": {
        "campaign": "spring-tea",
        "member": "li-hua",
        "number": 1042,
        "now": "2027-04-02T02:00:00Z",
        "phase": "running",
        "balances": [
            {
                "asset": "points",
                "title": "points",
                "scale": 0,
                "available": 129,
                "held": 0,
                "pending": 40,
                "owed": 0,
                "coming": [["2027-04-09T16:00:00Z", 40]],
            }
        ],
        "mechanics": [],
        "things": [],
        "held": [],
        "invite": {"code": "7K3M9Q", "links": []},
    },
    "MyPlays": {"member": 1042, "draw": "spring-tea/tea-draw", "plays": []},
    "PublicCampaign": {
        "id": "spring-tea",
        "title": "Spring tea",
        "phase": "running",
        "now": "2027-04-02T02:00:00Z",
        "timezone": "Asia/Shanghai",
        "warm_up": "2027-03-24T16:00:00Z",
        "start": "2027-03-31T16:00:00Z",
        "end": "2027-04-30T16:00:00Z",
        "settle": "2027-05-14T16:00:00Z",
        "mechanics": [],
        "assets": {},
        "things": {},
    },
    "PublicWinners": {"winners": []},
    "MyThings": {"things": [], "next": None},
    "MyStatement": {"lines": [], "next": None},
    "Page": {
        "members": [
            {
                "number": 1042,
                "id": "li-hua",
                "by": "id",
                "registered": "2027-03-28T09:12:44Z",
                "blocked": False,
                "personal": {"phone": "*******5678"},
            }
        ],
        "next": None,
    },
    "Sheet": {
        "number": 1042,
        "id": "li-hua",
        "ids": ["li-hua"],
        "registered": "2027-03-28T09:12:44Z",
        "blocked": False,
        "profile": {"region": "Hangzhou"},
        "personal": {"phone": "*******5678"},
        "balances": [],
        "progress": [],
        "campaigns": [],
        "referrals": [],
        "held": [],
        "requests": [],
    },
    "MemberEvents": {
        "events": [
            {
                "seq": 2,
                "source": "shop",
                "id": "o-1",
                "type": "order.paid",
                "time": "2027-04-02T02:00:00Z",
                "received": "2027-04-02T02:00:00Z",
                "data": {"order": "o-1", "amount": 12900, "currency": "CNY"},
                "outcome": _OUTCOME,
            }
        ],
        "next": None,
    },
    "Why": {
        "campaign": "spring-tea",
        "mechanic": "tea-draw",
        "verdict": "condition",
        "text": "He was not given it: the condition does not hold.",
        "code": "",
        "event": None,
        "checks": [],
        "events": [],
    },
    "Adjusting": {"asset": "points", "amount": 100, "reason": "a prize that was never sent", "key": "t-7"},
    "Barring": {"reason": "sells accounts"},
    "Erasing": {"confirm": "li-hua", "reason": "asked for by mail of 2 April"},
    "Compensating": {
        "campaign": "spring-tea",
        "give": [{"points": 100}],
        "reason": "the draw was down",
    },
    "MemberConsents": {
        "consents": [_ANSWER],
        "history": [
            {
                "seq": 2,
                "answer": _ANSWER,
                "event": "consent.changed",
                "id": "c-1",
                "received": "2027-04-02T02:00:00Z",
            }
        ],
        "next": None,
    },
    "Consenting": {"channel": "sms", "agreed": False, "reason": "asked for by phone on 2 April"},
    "MyConsents": {
        "consents": [
            {
                "channel": "sms",
                "title": "Text message",
                "agreed": True,
                "text": "One message a week.",
                "wording": "2027-01",
                "since": "2027-04-02T02:00:00Z",
            },
            {"channel": "email", "title": "E-mail", "agreed": None},
        ]
    },
    "Declining": {"reason": "twice too much"},
    "ActAnswer": {"request": _REQUEST},
    "Request": _REQUEST,
    "AskedPage": {"requests": [_REQUEST], "next": None},
}
