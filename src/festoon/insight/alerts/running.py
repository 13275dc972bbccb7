"""What is wrong with a campaign that runs: budget lines and stocks that run out, mechanics that refuse more than they
did."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from festoon.base.errors import LANGUAGES
from festoon.insight.alerts.alert import Finding, Severity
from festoon.insight.board.counters import Counters, Span
from festoon.insight.views.reader import Reader
from festoon.plan.compiled import CompiledCampaign, Line

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SLACK = 10
"""A stock that lasts but for a tenth of the time left is no alert: paces are not that exact."""


def of_campaign(
    campaign: CompiledCampaign, balances: Mapping[str, int], counters: Counters, at: datetime
) -> Iterator[Finding]:
    """What is wrong with a campaign between its start and its end."""
    for line in campaign.lines.values():
        yield from _line(line, campaign, balances, counters, at)
    yield from _stocks(campaign, balances, at)
    yield from _refusals(campaign, counters)


def _line(
    line: Line, campaign: CompiledCampaign, balances: Mapping[str, int], counters: Counters, at: datetime
) -> Iterator[Finding]:
    if not line.amount:
        return
    left = balances.get(line.account, line.amount)
    percent = 100 * (line.amount - left) // line.amount
    steps = sorted(campaign.alerts.budget)
    passed = [step for step in steps if line.amount - left >= step * line.amount]
    an_hour = counters.amounts.get((campaign.campaign, "spent", line.name), Span()).hour
    data = {"line": line.title, "campaign": campaign.title, "percent": percent}
    page = f"campaigns/{campaign.campaign}/tab/budget/"

    def found(code: str, severity: Severity, degree: int, **more: str) -> Finding:
        return Finding(
            key=f"line/{campaign.campaign}/{line.name}", code=code, severity=severity, degree=degree,
            campaign=campaign.campaign, page=page, data=data | more,
        )  # fmt: skip

    if left <= 0:
        yield found("line_out", "alarm", 100)
    elif an_hour > 0 and left / an_hour < (campaign.schedule.end - at) / HOUR:
        hours = left // an_hour
        severity: Severity = "alarm" if hours < DAY // HOUR else "warning"
        yield found("line_runs_out", severity, -hours.bit_length(), **_when(at + hours * HOUR, campaign))
    elif passed:
        last = passed[-1] == steps[-1]
        yield found("line_low", "warning" if last else "notice", int(passed[-1] * 100))


def _stocks(campaign: CompiledCampaign, balances: Mapping[str, int], at: datetime) -> Iterator[Finding]:
    prefix, schedule = f"{campaign.campaign}/stock/", campaign.schedule
    gone, ahead = at - schedule.start, schedule.end - at
    for account in campaign.stocks:
        name = account.asset.removeprefix(prefix)
        opening, left = account.opening, balances.get(account.key, account.opening)
        if not opening:
            continue
        used = opening - left
        lasts = left * gone // used if used > 0 else None
        data = {
            "stock": {language: Reader(language, campaign).stock(name) for language in LANGUAGES},
            "campaign": campaign.title, "left": left, "opening": opening,
        }  # fmt: skip
        key, page = f"stock/{campaign.campaign}/{name}", f"campaigns/{campaign.campaign}/tab/rewards/"
        severity: Severity
        if left <= 0:
            code, severity, degree = "stock_out", "warning", 2
        elif left <= opening * campaign.alerts.stock:
            code, severity, degree = "stock_low", "warning", 1
        elif lasts is not None and gone >= DAY and lasts < ahead - ahead / SLACK:
            code, severity, degree = "stock_runs_out", "notice", 0
            data |= _when(at + lasts, campaign)
        else:
            continue
        yield Finding(
            key=key, code=code, severity=severity, degree=degree, campaign=campaign.campaign, page=page, data=data
        )  # fmt: skip


def _refusals(campaign: CompiledCampaign, counters: Counters) -> Iterator[Finding]:
    took = dict(counters.of(campaign.campaign, "took"))
    refused = counters.by(campaign.campaign, "refused", lambda key: key.partition(" ")[2])
    for mechanic, times in refused.items():
        did = took.get(mechanic, Span())
        if times.hour < campaign.alerts.refusals or not times.before + did.before:
            continue  # too few, or nothing yesterday to compare it with
        now = 100 * times.hour // (times.hour + did.hour)
        before = 100 * times.before // (times.before + did.before)
        if now < before + 100 * campaign.alerts.refusals_rise or now < 2 * before:
            continue
        yield Finding(
            key=f"refused/{campaign.campaign}/{mechanic}", code="refused_more", severity="warning",
            degree=times.hour.bit_length(), campaign=campaign.campaign, page=f"board/{campaign.campaign}/",
            data={
                "mechanic": {each: Reader(each, campaign).mechanic(mechanic) for each in LANGUAGES},
                "campaign": campaign.title, "now": now, "before": before, "times": times.hour,
            },
        )  # fmt: skip


def _when(at: datetime, campaign: CompiledCampaign) -> dict[str, str]:
    return {"at": f"{at.astimezone(campaign.zone):%Y-%m-%d %H:%M}", "zone": campaign.zone.key}
