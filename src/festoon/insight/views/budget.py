"""Budget lines as a page shows them: what was planned, what it cost, where it is heading, what came back."""

from datetime import timedelta

from msgspec import Struct

from festoon.base.times import local_day
from festoon.insight import charts, wording
from festoon.insight.evaluation import Evaluation
from festoon.insight.spend import LineSpend
from festoon.insight.theme import Chart
from festoon.insight.views.reader import Reader

_INSTANT = timedelta(microseconds=1)


class LineView(Struct, frozen=True):
    """One line's numbers as text; `width` is the used part in per cent, for a bar."""

    title: str
    source: str
    planned: str
    actual: str
    committed: str
    given_back: str
    remaining: str
    used: str
    width: float
    course: str
    warning: str
    chart: Chart | None


class BudgetView(Struct, frozen=True):
    lines: tuple[LineView, ...]
    total: LineView | None
    per_participant: str
    returned: str


def budget_view(found: Evaluation, reader: Reader) -> BudgetView:
    running = found.as_of < found.campaign.schedule.end
    lines = tuple(
        _line(line, found, reader, f"line-{at}", running=running) for at, line in enumerate(found.lines)
    )
    participants = found.participants
    return BudgetView(
        lines=lines,
        total=_total(found, reader) if len(lines) > 1 else None,
        per_participant=reader.round_money(found.used / participants) if participants and found.lines else "",
        returned=_returned(found, reader),
    )


def _line(line: LineSpend, found: Evaluation, reader: Reader, name: str, *, running: bool) -> LineView:
    title = reader.of(line.title)
    return LineView(
        title=title,
        source=reader.say("own") if line.source == "own" else line.source,
        planned=reader.money(line.amount),
        actual=reader.money(line.actual),
        committed=reader.money(line.committed),
        given_back=reader.money(line.given_back),
        remaining=reader.money(line.remaining),
        used=wording.share(line.used / line.amount if line.amount else None, 0),
        width=_width(line.used, line.amount),
        course=_course(line, reader) if running and line.burn_days else "",
        warning=reader.say("runs_out", day=reader.day(line.runs_out)) if running and line.runs_out else "",
        chart=_chart(line, found, reader, name, title, running=running)
        if line.used or line.given_back
        else None,
    )


def _course(line: LineSpend, reader: Reader) -> str:
    burn = reader.say("burn", amount=reader.round_money(line.burn / line.burn_days))
    end = reader.say("forecast_end", amount=reader.round_money(line.forecast))
    return f"{burn}{'; ' if reader.language == 'en' else '；'}{end}"


def _chart(
    line: LineSpend, found: Evaluation, reader: Reader, name: str, title: str, *, running: bool
) -> Chart:
    course = charts.Spend(
        days=line.days,
        actual=[reader.units(amount) for amount in line.actual_by_day],
        used=[reader.units(amount) for amount in line.used_by_day],
        limit=reader.units(line.amount),
        end=local_day(found.campaign.schedule.end - _INSTANT, found.campaign.zone),
        forecast=reader.units(line.forecast) if running else None,
    )
    labels = {
        "actual": reader.say("spent"),
        "used": reader.say("used"),
        "limit": reader.say("limit"),
        "forecast": reader.say("forecast"),
    }
    text = f"{title}: {reader.money(line.used)} / {reader.money(line.amount)}"
    return charts.spend(name, course, labels, reader.language, text)


def _total(found: Evaluation, reader: Reader) -> LineView:
    lines = found.lines
    return LineView(
        title=reader.say("total"),
        source="",
        planned=reader.money(found.budget),
        actual=reader.money(sum(line.actual for line in lines)),
        committed=reader.money(sum(line.committed for line in lines)),
        given_back=reader.money(sum(line.given_back for line in lines)),
        remaining=reader.money(sum(line.remaining for line in lines)),
        used=wording.share(found.used / found.budget if found.budget else None, 0),
        width=_width(found.used, found.budget),
        course="",
        warning="",
        chart=None,
    )


def _width(used: int, amount: int) -> float:
    return round(100 * min(max(used / amount, 0), 1), 1) if amount else 0.0


def _returned(found: Evaluation, reader: Reader) -> str:
    """What came back, in words; nothing where there is no comparison."""
    came = found.returned
    if came is None:
        return ""
    low, high = reader.round_money(came.low), reader.round_money(came.high)
    if not came.certain:
        return reader.say("return_unclear", low=low, high=high)
    unit = reader.round_money(10 ** (2 if reader.units(100) == 1 else 0))
    ratio = reader.round_money(came.extra / came.cost * (1 / reader.units(1)))
    return reader.say(
        "return_said", extra=reader.round_money(came.extra), low=low, high=high, ratio=ratio, unit=unit
    )
