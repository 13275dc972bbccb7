"""Examples of back-tests."""

from typing import Any

_BACKTEST = {
    "number": 7,
    "title": "spring-tea@2",
    "campaign": "spring-tea",
    "state": "running",
    "progress": 40,
    "actor": "wang",
    "asked": "2027-03-20T03:12:00Z",
    "started": "2027-03-20T03:12:05Z",
    "finished": None,
}
_PAIR = {
    "titles": [{"en": "Prizes", "zh-Hans": "奖品"}],
    "code": "",
    "first": {"low": 90, "middle": 100, "high": 110},
    "second": {"low": 80, "middle": 85, "high": 95},
}

BACKTESTS: dict[str, Any] = {
    "Question": {
        "campaign": "spring-tea",
        "version": 2,
        "history": {"from": "facts", "since": "2026-04-01", "until": "2026-04-30"},
        "seeds": 5,
    },
    "BacktestAnswer": _BACKTEST,
    "BacktestList": {"backtests": [_BACKTEST], "worker": True, "next": None},
    "Difference": {
        "currency": "CNY",
        "reached": _PAIR,
        "costs": [_PAIR],
        "given": [],
        "taking_part": [],
        "refusals": [],
        "run_outs": [],
    },
    "HistoryList": {
        "histories": [
            {
                "name": "last-spring",
                "events": 120_000,
                "first": "2026-04-01T00:00:03Z",
                "last": "2026-04-30T15:59:58Z",
            }
        ]
    },
}
