"""Participation, grants, stock, refusals and retention as a page shows them."""

from msgspec import Struct

from festoon.insight import charts, wording
from festoon.insight.evaluation import Evaluation
from festoon.insight.reasons import reason_of
from festoon.insight.results import Cohorts
from festoon.insight.theme import AMBER, Chart
from festoon.insight.views.reader import Reader

MANY = 8
"""So many bars a chart shows; the table has the rest."""
SMALLEST = 10
"""Cohorts of fewer members are left out of the chart: their percentages would say nothing."""
LINES = 6
"""So many stocks a chart shows: those with the smallest part left."""


class FunnelView(Struct, frozen=True):
    mechanic: str
    reached: str
    took_part: str
    given: str
    times: str
    width: float


class GrantView(Struct, frozen=True):
    what: str
    kind: str
    mechanic: str
    times: str
    members: str
    amount: str
    cost: str


class StockView(Struct, frozen=True):
    title: str
    opening: str
    out: str
    left: str
    width: float


class RefusalView(Struct, frozen=True):
    reason: str
    kind: str
    state: str
    mechanic: str
    times: str
    members: str
    code: str


class TakingPartView(Struct, frozen=True):
    days: Chart | None
    funnel: tuple[FunnelView, ...]
    given: Chart | None
    grants: tuple[GrantView, ...]
    stock: Chart | None
    stocks: tuple[StockView, ...]
    refused: Chart | None
    refusals: tuple[RefusalView, ...]
    retention: Chart | None
    retention_said: str


def taking_part_view(found: Evaluation, reader: Reader) -> TakingPartView:
    return TakingPartView(
        days=_days(found, reader),
        funnel=_funnel(found, reader),
        given=_given(found, reader),
        grants=_grants(found, reader),
        stock=_stock(found, reader),
        stocks=_stocks(found, reader),
        refused=_refused(found, reader),
        refusals=_refusals(found, reader),
        retention=_retention(found, reader),
        retention_said=_retention_said(found, reader),
    )


def _days(found: Evaluation, reader: Reader) -> Chart | None:
    if not any(found.days.series["active"]):
        return None
    labels = {name: reader.say(name) for name in ("active", "participants")}
    return charts.lines("days", found.days, labels, reader.language, reader.say("taking_part"))


def _funnel(found: Evaluation, reader: Reader) -> tuple[FunnelView, ...]:
    return tuple(
        FunnelView(
            mechanic=reader.mechanic(row.key[0]),
            reached=wording.whole(row.numbers["reached"]),
            took_part=wording.whole(row.numbers["took_part"]),
            given=wording.whole(row.numbers["given"]),
            times=wording.whole(row.numbers["times"]),
            width=round(100 * row.numbers["given"] / row.numbers["reached"], 1)
            if row.numbers["reached"]
            else 0.0,
        )
        for row in found.funnel.rows
    )


def _given(found: Evaluation, reader: Reader) -> Chart | None:
    times: dict[str, int] = {}
    for row in found.grants.rows:
        times[row.key[0]] = times.get(row.key[0], 0) + row.numbers["times"]
    if not times:
        return None
    rows = [
        charts.Bar(reader.mechanic(id), n, wording.whole(n))
        for id, n in sorted(times.items(), key=lambda pair: -pair[1])[:MANY]
    ]
    return charts.bars("given", rows, reader.language, _spoken(rows))


def _grants(found: Evaluation, reader: Reader) -> tuple[GrantView, ...]:
    return tuple(
        GrantView(
            what=reader.thing(row.key[1], row.key[2]),
            kind=_kind(row.key[1], reader),
            mechanic=reader.mechanic(row.key[0]),
            times=wording.whole(row.numbers["times"]),
            members=wording.whole(row.numbers["members"]),
            amount=reader.amount(row.key[1], row.key[2], row.numbers["amount"]),
            cost=reader.money(row.numbers["cost"]),
        )
        for row in found.grants.rows
    )


def _kind(kind: str, reader: Reader) -> str:
    if kind == "asset":
        return ""
    known = ("coupon", "badge", "item", "gift", "membership")
    return reader.say(f"kind_{kind}") if kind in known else kind


def _stock(found: Evaluation, reader: Reader) -> Chart | None:
    stocks = [stock for stock in found.stocks if stock.opening and stock.days and stock.now < stock.opening]
    stocks.sort(key=lambda stock: stock.now / stock.opening)
    if not stocks:
        return None
    left = {
        reader.stock(stock.name): [number / stock.opening for number in stock.left]
        for stock in stocks[:LINES]
    }
    text = "; ".join(f"{name} {wording.share(parts[-1], 0)}" for name, parts in left.items())
    return charts.stock("stock", stocks[0].days, left, reader.language, text)


def _stocks(found: Evaluation, reader: Reader) -> tuple[StockView, ...]:
    return tuple(
        StockView(
            title=reader.stock(stock.name),
            opening=wording.whole(stock.opening),
            out=wording.whole(stock.opening - stock.now),
            left=wording.whole(stock.now),
            width=round(100 * max(stock.now, 0) / stock.opening, 1) if stock.opening else 0.0,
        )
        for stock in found.stocks
    )


def _refused(found: Evaluation, reader: Reader) -> Chart | None:
    times: dict[str, int] = {}
    for row in found.refusals.rows:
        text = reason_of(row.key[0], row.note, reader.language).text
        times[text] = times.get(text, 0) + row.numbers["times"]
    if not times:
        return None
    rows = [
        charts.Bar(text, n, wording.whole(n))
        for text, n in sorted(times.items(), key=lambda pair: -pair[1])[:MANY]
    ]
    return charts.bars("refused", rows, reader.language, _spoken(rows), AMBER)


def _refusals(found: Evaluation, reader: Reader) -> tuple[RefusalView, ...]:
    states = {"look": "look", "planned": "planned_rule", "misuse": "misuse"}
    views = []
    for row in found.refusals.rows:
        reason = reason_of(row.key[0], row.note, reader.language)
        views.append(
            RefusalView(
                reason=reason.text,
                kind=reason.kind,
                state=reader.say(states[reason.kind]),
                mechanic=reader.mechanic(row.key[1]),
                times=wording.whole(row.numbers["times"]),
                members=wording.whole(row.numbers["members"]),
                code=row.key[0],
            )
        )
    return tuple(views)


def _retention(found: Evaluation, reader: Reader) -> Chart | None:
    shown = [one for one in found.cohorts.cohorts if one.size >= SMALLEST]
    if not any(len(cohort.kept) > 1 for cohort in shown):
        return None
    cohorts = Cohorts(found.cohorts.every, tuple(shown))
    return charts.retention("retention", cohorts, reader.language, _retention_said(found, reader))


def _retention_said(found: Evaluation, reader: Reader) -> str:
    name = "retention_said" if found.cohorts.every == "week" else "retention_said_month"
    return reader.say(name, least=SMALLEST)


def _spoken(rows: list[charts.Bar]) -> str:
    return "; ".join(f"{row.label} {row.text}" for row in rows)
