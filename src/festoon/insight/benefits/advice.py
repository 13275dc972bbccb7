"""What to change next time: plain rules over the figures, each with a stable code and the numbers behind it.

The same figures always give the same advice. A rule says what is so and what could be done; whether it should be done,
somebody decides who knows why it was so.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from festoon.base.errors import LANGUAGES
from festoon.base.times import local_day
from festoon.insight import wording
from festoon.insight.benefits.benefit import Advice, Benefit, Group, Return, Texts, Uplift
from festoon.insight.benefits.uplift import returned
from festoon.insight.compare import AgainstHoldout, Measure
from festoon.insight.spend import LineSpend, StockLeft
from festoon.insight.texts import words
from festoon.insight.views.reader import Reader
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.schema import Plan

FEW = 20
"""Of fewer times, or fewer members, nothing is said."""
HARDLY = 0.25
"""A coupon or gift of which a smaller part was used was hardly used."""
LEFT_OVER = 0.5
"""A stock of which at the end a larger part was left was too large."""
BEHIND = 0.5
"""A group is left out when a smaller part of it got something than this of what the whole audience got."""
UNSPENT = 0.7
"""A line of which less was used by the end was not spent."""
USED_UP = 0.99
"""A line of which so much is used is used up."""

_INSTANT = timedelta(microseconds=1)


class Known(Struct, frozen=True):
    """The figures that the rules look at. `size` and `got` are those of the audience; `lines` pay for benefits."""

    plan: Plan
    campaign: CompiledCampaign
    as_of: datetime
    size: int
    got: int
    benefits: tuple[Benefit, ...]
    groups: tuple[Group, ...]
    lines: tuple[LineSpend, ...]
    stocks: tuple[StockLeft, ...]
    holdout: AgainstHoldout | None
    measure: Measure

    @property
    def over(self) -> bool:
        return self.as_of >= self.campaign.schedule.end

    @property
    def half_over(self) -> bool:
        schedule = self.campaign.schedule
        return self.as_of >= schedule.start + (schedule.end - schedule.start) / 2

    @property
    def last_day(self) -> date:
        return local_day(self.campaign.schedule.end - _INSTANT, self.campaign.zone)


Figures = Mapping[str, float | str]


def advise(known: Known) -> tuple[Advice, ...]:
    """Everything that there is to say, rule by rule, within a rule by what costs most."""
    if known.as_of <= known.campaign.schedule.start:
        return ()
    rules = (
        _below_cost, _hardly_used, _ran_out, _left_over, _never_given, _left_out, _used_up, _unspent, _paid_off,
        _comparison,
    )  # fmt: skip
    return tuple(each for rule in rules for each in rule(known))


def _below_cost(known: Known) -> Iterator[Advice]:
    """What brought back less than it cost, in money, and certainly so."""
    for about, title, basis, back in _money_back(known):
        if back.high < 1:
            yield _of_return(f"{about.code}.below_cost", about.id, title, basis, back, known)


def _paid_off(known: Known) -> Iterator[Advice]:
    for about, title, basis, back in _money_back(known):
        if back.low > 1:
            yield _of_return(f"{about.code}.paid_off", about.id, title, basis, back, known)


class _About(Struct, frozen=True):
    code: str
    id: str


def _money_back(known: Known) -> Iterator[tuple[_About, Texts, str, Return]]:
    """What came back for certain: of each benefit that was measured by itself; of those that share the hold-out only
    together, since what splits it is an assumption."""
    if known.measure.unit != "money":
        return
    shared: list[tuple[Uplift, Return]] = []
    for each in known.benefits:
        if each.uplift is None or each.returned is None or not each.returned.certain:
            continue
        if each.uplift.basis == "holdout_split":
            shared.append((each.uplift, each.returned))
        else:
            yield _About("benefit", each.id), each.title, each.uplift.basis, each.returned
    if shared:
        whole = replace(shared[0][0], part=1)
        cost = sum(each.tally.cost for each in known.benefits if _shares(each))
        together = returned(whole, cost, known.campaign.currency)
        if together is not None:
            yield _About("campaign", ""), _texts(known.campaign.title), "holdout", together


def _shares(each: Benefit) -> bool:
    return each.uplift is not None and each.uplift.basis == "holdout_split"


def _of_return(code: str, about: str, title: Texts, basis: str, back: Return, known: Known) -> Advice:
    three = {"ratio": back.ratio, "low": back.low, "high": back.high}

    def text(reader: Reader) -> dict[str, str]:
        unit = 1 / reader.units(1)
        ratios = {name: reader.round_money(figure * unit) for name, figure in three.items()}
        return {**ratios, "unit": reader.round_money(unit), "how": reader.say(f"b_how_{basis}")}

    shown = {of: text(_reader(of, known)) for of in LANGUAGES}
    return _advice(code, about, title, {**three, "cost": back.cost, "basis": basis}, shown)


def _hardly_used(known: Known) -> Iterator[Advice]:
    """Given and hardly used (a gift: hardly sent), once the campaign is over or half of them have come to an end."""
    for each in known.benefits:
        tally = each.tally
        given = tally.times - tally.back
        if not each.to_use or given < FEW:
            continue
        judged = known.over or 2 * (tally.used + tally.lapsed) >= given
        if judged and tally.used < HARDLY * given:
            figures = {"given": given, "used": tally.used, "share": tally.used / given, "open": each.open}
            shown = {"given": _whole(given), "used": _whole(tally.used), "share": _share(tally.used / given)}
            code = "benefit.hardly_sent" if each.kind == "gift" else "benefit.hardly_used"
            yield _advice(code, each.id, each.title, figures, _same(shown))


def _ran_out(known: Known) -> Iterator[Advice]:
    """Stock that was gone before the campaign's last day, and stayed gone."""
    for stock in known.stocks:
        gone = _first_day(stock.days, [left <= 0 for left in stock.left])
        if gone is not None and stock.opening > 0 and gone < known.last_day:
            days = (known.last_day - gone).days
            title = _title(known, stock.name)
            figures: Figures = {"day": gone.isoformat(), "days_without": days, "opening": stock.opening}
            yield _advice(
                "stock.ran_out",
                f"stock:{stock.name}",
                title,
                figures,
                _on_day(gone, days, stock.opening),
            )


def _left_over(known: Known) -> Iterator[Advice]:
    for stock in known.stocks:
        if known.over and stock.opening >= FEW and stock.now > LEFT_OVER * stock.opening:
            figures = {"opening": stock.opening, "left": stock.now, "share": stock.now / stock.opening}
            shown = {name: _whole(figures[name]) for name in ("opening", "left")}
            title = _title(known, stock.name)
            yield _advice("stock.left_over", f"stock:{stock.name}", title, figures, _same(shown))


def _never_given(known: Known) -> Iterator[Advice]:
    """What a mechanic could have given and has not, once half of the campaign is over."""
    if not known.half_over:
        return
    schedule = known.campaign.schedule
    days = (min(known.as_of, schedule.end) - schedule.start).days
    ids = {each.id for each in known.campaign.mechanics}
    for each in known.benefits:
        for giver in each.givers:
            if giver.mechanic in ids and each.offered and not (giver.tally.times or giver.tally.back):
                shown = {of: {"mechanic": giver.title[of], "days": _whole(days)} for of in LANGUAGES}
                yield _advice(
                    "benefit.never_given",
                    each.id,
                    each.title,
                    {"mechanic": giver.mechanic, "days": days},
                    shown,
                )


def _left_out(known: Known) -> Iterator[Advice]:
    overall = known.got / known.size if known.size else 0.0
    for each in known.groups:
        if each.members >= FEW and each.share is not None and each.share < BEHIND * overall:
            figures = {"members": each.members, "got": each.got, "share": each.share, "overall": overall}
            shown = {
                "members": _whole(each.members), "share": _share(each.share), "overall": _share(overall),
            }  # fmt: skip
            yield _advice("group.left_out", each.id, each.title, figures, _same(shown))


def _used_up(known: Known) -> Iterator[Advice]:
    for line in known.lines:
        gone = _first_day(line.days, [used >= USED_UP * line.amount for used in line.used_by_day])
        if gone is not None and line.amount > 0 and gone < known.last_day:
            days = (known.last_day - gone).days
            figures: Figures = {"day": gone.isoformat(), "days_without": days, "amount": line.amount}
            shown = _on_day(gone, days, line.amount)
            yield _advice("line.used_up", f"line:{line.name}", _texts(line.title), figures, shown)


def _unspent(known: Known) -> Iterator[Advice]:
    for line in known.lines:
        if known.over and line.amount > 0 and line.used < UNSPENT * line.amount:
            figures = {"amount": line.amount, "used": line.used, "left": line.remaining}
            shown = {
                of: {
                    name: _reader(of, known).round_money(figures[name]) for name in ("amount", "used", "left")
                }
                for of in LANGUAGES
            }
            yield _advice("line.unspent", f"line:{line.name}", _texts(line.title), figures, shown)


def _comparison(known: Known) -> Iterator[Advice]:
    """How to know more next time."""
    rests_on = {each.uplift.basis for each in known.benefits if each.uplift is not None}
    title = {language: known.measure.title[language] for language in LANGUAGES}
    figures: dict[str, float | str]
    shown: Shown
    sharing = [each for each in known.benefits if _shares(each)]
    if len(sharing) > 1:
        figures = {"benefits": len(sharing), "dearest": sharing[0].id, "cost": sharing[0].tally.cost}
        dearest, many = sharing[0].title, _whole(len(sharing))
        shown = {of: {"benefits": many, "dearest": dearest[of]} for of in LANGUAGES}
        yield _advice("uplift.shared", "", title, figures, shown)
    if rests_on & {"before_after", "none"}:
        yield _advice("uplift.no_comparison", "", title, {}, _same({}))
    if known.holdout is None or not rests_on & {"holdout", "holdout_split"}:
        return
    (found,) = (one for one in known.holdout.comparisons if one.measure.id == known.measure.id)
    if found.verdict != "cannot_tell":
        return
    inside, held_out = found.side.members, found.other.members
    sides = {"inside": _whole(inside), "held_out": _whole(held_out)}
    figures = {"inside": inside, "held_out": held_out}
    if found.noticeable is None:
        yield _advice("uplift.cannot_tell", "", title, figures, _same(sides))
    else:
        figures |= {"noticeable": found.noticeable}
        shown = _same({**sides, "noticeable": _share(found.noticeable)})
        yield _advice("uplift.too_small_to_see", "", title, figures, shown)


Shown = Mapping[str, Mapping[str, str]]
"""What fills in a text, by language."""


def _advice(code: str, about: str, title: Texts, figures: Figures, shown: Shown) -> Advice:
    key = f"b_do_{code.replace('.', '_')}"
    text = {of: words(of)[key].format(what=title[of], **shown[of]) for of in LANGUAGES}
    return Advice(code, about, title, figures, text)


def _same(shown: Mapping[str, str]) -> Shown:
    return dict.fromkeys(LANGUAGES, shown)


def _on_day(gone: date, days: int, amount: int) -> Shown:
    return {
        of: {"day": wording.day(gone, of), "days": _whole(days), "amount": _whole(amount)} for of in LANGUAGES
    }


def _first_day(days: tuple[date, ...], gone: list[bool]) -> date | None:
    """The day from which on it was always so."""
    since = None
    for day, so in zip(reversed(days), reversed(gone), strict=True):
        if not so:
            break
        since = day
    return since


def _title(known: Known, stock: str) -> Texts:
    return {of: _reader(of, known).stock(stock) for of in LANGUAGES}


def _texts(title: Mapping[str, str]) -> Texts:
    return {of: title.get(of) or title.get("en") or next(iter(title.values()), "") for of in LANGUAGES}


def _reader(language: str, known: Known) -> Reader:
    return Reader(language, known.campaign)


def _whole(number: float) -> str:
    return wording.whole(number)


def _share(number: float) -> str:
    return wording.share(number)
