"""What each benefit is worth, as an example of the document."""

from typing import Any

_TITLE = {"en": "Ten off", "zh-Hans": "十元券"}
_SUMS = {
    "times": 400,
    "members": 400,
    "amount": 400,
    "back": 0,
    "used": 90,
    "lapsed": 250,
    "actual": 90_000,
    "reserved": 60_000,
    "cost": 150_000,
}
_UPLIFT = {
    "basis": "holdout",
    "measure": "spend",
    "members": 900,
    "against": 100,
    "effect": 400.0,
    "low": 150.0,
    "high": 650.0,
    "part": 1.0,
    "extra": 360_000.0,
    "extra_low": 135_000.0,
    "extra_high": 585_000.0,
    "verdict": "better",
    "certain": True,
    "sound": True,
    "experiment": "",
    "arms": [],
    "without": [],
}

BENEFITS: dict[str, Any] = {
    "BenefitsTold": {
        "campaign": "spring-tea",
        "version": 2,
        "as_of": "2027-05-15T00:00:00Z",
        "currency": "CNY",
        "measure": "spend",
        "unit": "money",
        "audience": 900,
        "got": 400,
        "cost": 150_000,
        "elsewhere": 0,
        "benefits": [
            {
                "kind": "coupon",
                "ref": "spring-tea/ten-off",
                "title": _TITLE,
                "offered": True,
                "sums": _SUMS,
                "open": 60,
                "share": 0.444,
                "cost_per_member": 375.0,
                "givers": [
                    {"mechanic": "welcome", "title": {"en": "Welcome"}, "rewards": ["hello"], "sums": _SUMS}
                ],
                "groups": [{"group": "segment:returning", "sums": {**_SUMS, "members": 120}}],
                "uplift": _UPLIFT,
                "returned": {"ratio": 2.4, "low": 0.9, "high": 3.9, "cost": 150_000.0, "certain": True},
            }
        ],
        "groups": [
            {
                "id": "segment:returning",
                "kind": "segment",
                "name": "returning",
                "title": {"en": "Returning"},
                "members": 200,
                "got": 120,
                "share": 0.6,
                "cost": 45_000,
            }
        ],
        "advice": [
            {
                "code": "benefit.hardly_used",
                "about": "coupon:spring-tea/ten-off",
                "title": _TITLE,
                "figures": {"given": 400, "used": 90, "share": 0.225, "open": 60},
                "text": {"en": "“Ten off” was given 400 times and used 90 times (22.5%). …"},
            }
        ],
    },
}
