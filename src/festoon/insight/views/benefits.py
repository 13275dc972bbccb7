"""What each benefit is worth, as a page shows it: figures as text in the reader's language."""

from msgspec import Struct
from msgspec.structs import replace

from festoon.insight import charts, wording
from festoon.insight.benefits.benefit import Benefit, Benefits, Group, Tally, Uplift
from festoon.insight.compare import Measure
from festoon.insight.theme import Chart
from festoon.insight.verdict import unit_text
from festoon.insight.views.reader import Reader
from festoon.plan.money import CURRENCIES

MANY = 10
"""So many bars the chart shows; the table has the rest."""
PER = 100
"""What is no money came back for so many units of cost."""


class GiverView(Struct, frozen=True):
    """What one mechanic gave of it; `times` is empty where it never did."""

    title: str
    rewards: str
    times: str
    members: str
    cost: str


class BenefitView(Struct, frozen=True):
    """One benefit's row. `width` is its part of the dearest one's cost in per cent, for a bar."""

    id: str
    title: str
    kind: str
    amount: str
    times: str
    members: str
    share: str
    used: str
    lapsed: str
    back: str
    cost: str
    reserved: str
    each: str
    width: float
    givers: tuple[GiverView, ...]


class UpliftView(Struct, frozen=True):
    """What it did and what came back. `state` words the verdict; it is empty where there is nothing to judge."""

    title: str
    how: str
    arms: str
    extra: str
    extra_between: str
    returned: str
    returned_between: str
    verdict: str
    state: str


class UptakeView(Struct, frozen=True):
    """A group's row: of everything (`whole`), then of each benefit that somebody in it got."""

    group: str
    members: str
    what: str
    got: str
    used: str
    cost: str
    whole: bool


class AdviceView(Struct, frozen=True):
    code: str
    text: str


class BenefitsView(Struct, frozen=True):
    """Everything of the section. `said` tells what the uplifts rest on, and warns."""

    summary: str
    elsewhere: str
    rows: tuple[BenefitView, ...]
    chart: Chart | None
    uptake: tuple[UptakeView, ...]
    measure: str
    unit: str
    uplifts: tuple[UpliftView, ...]
    said: tuple[str, ...]
    warning: str
    advice: tuple[AdviceView, ...]


def benefits_view(found: Benefits, reader: Reader) -> BenefitsView:
    """The section, with its chart."""
    view = benefits_text(found, reader)
    return replace(view, chart=_chart(found, reader))


def benefits_text(found: Benefits, reader: Reader) -> BenefitsView:
    """The section without its chart, for whoever draws it otherwise or not at all."""
    given = [each for each in found.benefits if each.tally.times or each.tally.back]
    most = max((each.tally.cost for each in given), default=0)
    summary = reader.say(
        "b_summary",
        got=wording.whole(found.got),
        audience=wording.whole(found.audience),
        share=wording.share(found.got / found.audience if found.audience else None),
        cost=reader.round_money(found.cost),
    )
    elsewhere = reader.say("b_elsewhere", amount=reader.money(found.elsewhere)) if found.elsewhere else ""
    return BenefitsView(
        summary=summary if given else "",
        elsewhere=elsewhere if given else "",
        rows=tuple(_row(each, most, reader) for each in given),
        chart=None,
        uptake=tuple(_uptake(found, reader)),
        measure=reader.say("b_extra"),
        unit=reader.say("b_return", unit=_unit(found.measure, reader)),
        uplifts=tuple(_uplift(each, each.uplift, reader) for each in given if each.uplift is not None),
        said=tuple(_said(given, found.measure, reader)),
        warning=""
        if all(each.uplift is None or each.uplift.sound for each in given)
        else reader.say("b_unsound"),
        advice=tuple(AdviceView(each.code, reader.of(each.text)) for each in found.advice),
    )


def _row(each: Benefit, most: int, reader: Reader) -> BenefitView:
    tally = each.tally
    return BenefitView(
        id=each.id,
        title=reader.of(each.title),
        kind=kind_text(each.kind, reader),
        amount=reader.amount(each.kind, each.ref, tally.amount) if each.kind == "asset" else "",
        times=wording.whole(tally.times),
        members=wording.whole(tally.members),
        share=wording.share(each.share),
        used=_part(tally.used, tally.times - tally.back) if each.to_use else wording.NONE,
        lapsed=wording.whole(tally.lapsed) if each.to_use else wording.NONE,
        back=reader.amount(each.kind, each.ref, tally.back) if tally.back else wording.NONE,
        cost=reader.money(tally.cost),
        reserved=reader.say("b_of_it_reserved", amount=reader.money(tally.reserved))
        if tally.reserved
        else "",
        each=reader.money(tally.cost_per_member),
        width=round(100 * max(tally.cost, 0) / most, 1) if most > 0 else 0.0,
        givers=tuple(
            GiverView(
                reader.of(giver.title),
                reader.say("b_rewards", names=", ".join(giver.rewards)) if giver.rewards else "",
                wording.whole(giver.tally.times) if giver.tally.times or giver.tally.back else "",
                wording.whole(giver.tally.members),
                reader.money(giver.tally.cost),
            )
            for giver in each.givers
        ),
    )


def kind_text(kind: str, reader: Reader) -> str:
    """What people call a kind of thing; nothing for an asset, whose name says what it is."""
    known = ("coupon", "badge", "item", "gift", "membership")
    return reader.say(f"kind_{kind}") if kind in known else ""


def _part(top: int, bottom: int) -> str:
    return f"{wording.whole(top)} ({wording.share(top / bottom, 0)})" if bottom > 0 else wording.whole(top)


def _uptake(found: Benefits, reader: Reader) -> list[UptakeView]:
    rows = []
    for group in found.groups:
        tally = Tally(members=group.got, actual=group.cost)
        rows.append(_taken(group, reader.say("b_anything"), tally, wording.NONE, reader, whole=True))
        for each in found.benefits:
            for uptake in each.uptake:
                if uptake.group == group.id and uptake.tally.members:
                    used = wording.whole(uptake.tally.used) if each.to_use else wording.NONE
                    rows.append(_taken(group, reader.of(each.title), uptake.tally, used, reader, whole=False))
    return rows


def _taken(group: Group, what: str, tally: Tally, used: str, reader: Reader, *, whole: bool) -> UptakeView:
    return UptakeView(
        group=reader.of(group.title),
        members=wording.whole(group.members),
        what=what,
        got=_part(tally.members, group.members),
        used=used,
        cost=reader.money(tally.cost),
        whole=whole,
    )


def _uplift(each: Benefit, uplift: Uplift, reader: Reader) -> UpliftView:
    arms = ""
    if uplift.basis == "arms":
        arms = reader.say("b_arms_of", arms=" + ".join(uplift.arms), without=" + ".join(uplift.without))
    extra = back = wording.NONE
    between = back_between = ""
    if uplift.basis != "none":
        extra = _measured(uplift.extra, uplift.measure, reader)
        between = _between(uplift.extra_low, uplift.extra_high, uplift.measure, reader)
    if each.returned is not None:
        times = 10 ** CURRENCIES.get(reader.campaign.currency, 2) if uplift.measure.unit == "money" else PER
        back, low, high = (
            _measured(number * times, uplift.measure, reader)
            for number in (each.returned.ratio, each.returned.low, each.returned.high)
        )
        back_between = reader.say("b_between", low=low, high=high)
    judged = uplift.basis in ("holdout", "holdout_split", "arms")
    verdict = uplift.verdict if uplift.certain else "cannot_tell"
    state = reader.say(verdict)
    if uplift.basis == "holdout_split":
        state = reader.say("b_together", state=state)
    return UpliftView(
        title=reader.of(each.title),
        how=reader.say(f"b_how_{uplift.basis}"),
        arms=arms,
        extra=extra,
        extra_between=between,
        returned=back,
        returned_between=back_between,
        verdict=verdict if judged else "",
        state=state if judged else "",
    )


def _measured(number: float, measure: Measure, reader: Reader) -> str:
    return unit_text(measure, number, reader.campaign.currency)


def _between(low: float, high: float, measure: Measure, reader: Reader) -> str:
    return reader.say("b_between", low=_measured(low, measure, reader), high=_measured(high, measure, reader))


def _unit(measure: Measure, reader: Reader) -> str:
    units = 1 if measure.unit == "money" else PER
    return reader.round_money(units * 10 ** CURRENCIES.get(reader.campaign.currency, 2))


def _said(given: list[Benefit], measure: Measure, reader: Reader) -> list[str]:
    """What the uplifts rest on, each said once."""
    told: dict[str, str] = {}
    for each in given:
        uplift = each.uplift
        if uplift is not None and uplift.basis not in told:
            whole = {
                name: _measured(number * uplift.members, measure, reader)
                for name, number in (("extra", uplift.effect), ("low", uplift.low), ("high", uplift.high))
            }
            told[uplift.basis] = reader.say(f"b_said_{uplift.basis}", **whole)
    if told.keys() - {"none"}:
        told["measured"] = reader.say("b_measured", measure=reader.of(measure.title))
    if measure.unit == "money" and any(each.returned is not None for each in given):
        told["margin"] = reader.say("b_margin")
    return list(told.values())


def _chart(found: Benefits, reader: Reader) -> Chart | None:
    dear = [each for each in found.benefits if each.tally.cost > 0][:MANY]
    if not dear:
        return None
    rows = [
        charts.Bar(reader.of(each.title), reader.units(each.tally.cost), reader.money(each.tally.cost))
        for each in dear
    ]
    text = f"{reader.say('b_chart')}: " + "; ".join(f"{row.label} {row.text}" for row in rows)
    return charts.bars("benefits", rows, reader.language, text)
