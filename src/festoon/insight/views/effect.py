"""The two comparisons as a page shows them: against the hold-out, and before against after."""

from msgspec import Struct

from festoon.insight import charts, wording
from festoon.insight.arms import AgainstFirst, Trial
from festoon.insight.before_after import BeforeAfter
from festoon.insight.compare import AgainstHoldout, Comparison
from festoon.insight.evaluation import Evaluation
from festoon.insight.theme import GREEN, GREY, VERMILION, Chart
from festoon.insight.verdict import sentence, value_text
from festoon.insight.views.reader import Reader

_COLOURS = {"better": GREEN, "worse": VERMILION, "cannot_tell": GREY}


class ComparedView(Struct, frozen=True):
    """One measure on both sides, as text."""

    title: str
    side: str
    other: str
    difference: str
    interval: str
    verdict: str
    state: str


class EffectView(Struct, frozen=True):
    """A whole comparison. `sound` is False when it must not be trusted."""

    sentence: str
    how: str
    notes: tuple[str, ...]
    sound: bool
    rows: tuple[ComparedView, ...]
    chart: Chart | None


def holdout_view(found: Evaluation, reader: Reader) -> EffectView | None:
    if found.holdout is None:
        return None
    ratio, compared = found.holdout.ratio, found.holdout.comparisons
    notes = [_ratio(found.holdout, reader), reader.say("one_verdict")]
    if any(one.adjusted for one in compared):
        notes.insert(1, reader.say("adjusted"))
    return EffectView(
        sentence=sentence(compared[0], reader.language, reader.campaign.currency),
        how=reader.say(
            "holdout_how", inside=wording.whole(ratio.inside), outside=wording.whole(ratio.held_out)
        ),
        notes=tuple(notes),
        sound=ratio.sound,
        rows=_rows(compared, reader),
        chart=_chart("holdout", compared, reader),
    )


def before_view(found: Evaluation, reader: Reader) -> EffectView | None:
    known: BeforeAfter | None = found.before_after
    if known is None:
        return None
    compared = known.comparisons
    during, earlier = (window.days(found.campaign.zone) for window in (known.after, known.before))
    return EffectView(
        sentence=sentence(compared[0], reader.language, reader.campaign.currency),
        how=reader.say(
            "before_how",
            members=wording.whole(compared[0].side.members),
            known=reader.day(known.known_by),
            first=reader.day(during[0]),
            last=reader.day(during[-1]),
            earlier=reader.day(earlier[0]),
            until=reader.day(earlier[-1]),
        ),
        notes=(reader.say("before_limits"),),
        sound=True,
        rows=_rows(compared, reader),
        chart=None,
    )


class ArmView(Struct, frozen=True):
    """An arm that was seen, as text."""

    arm: str
    members: str
    expected: str
    cost: str
    each: str


class TrialView(Struct, frozen=True):
    """An experiment: its arms, and each of the others against the first (the name of the other side, and the
    comparison)."""

    title: str
    first: str
    arms: tuple[ArmView, ...]
    compared: tuple[tuple[str, EffectView], ...]
    note: str
    sound: bool


def trial_views(found: Evaluation, reader: Reader) -> tuple[TrialView, ...]:
    return tuple(_trial(trial, reader) for trial in found.trials)


def _trial(trial: Trial, reader: Reader) -> TrialView:
    first = trial.arms[0].arm
    return TrialView(
        title=reader.of(trial.experiment.title),
        first=first,
        arms=tuple(
            ArmView(
                seen.arm,
                wording.whole(seen.members),
                wording.share(seen.expected),
                wording.round_money(seen.cost, reader.campaign.currency),
                wording.round_money(seen.cost / seen.members, reader.campaign.currency)
                if seen.members
                else wording.NONE,
            )
            for seen in trial.arms
        ),
        compared=tuple((one.arm, _arm(one, first, reader)) for one in trial.compared),
        note=reader.say("arms_sound" if trial.sound else "arms_wrong"),
        sound=trial.sound,
    )


def _arm(one: AgainstFirst, first: str, reader: Reader) -> EffectView:
    return EffectView(
        sentence=sentence(
            one.comparisons[0], reader.language, reader.campaign.currency, arms=(one.arm, first)
        ),
        how="",
        notes=(),
        sound=True,
        rows=_rows(one.comparisons, reader),
        chart=None,
    )


def _ratio(found: AgainstHoldout, reader: Reader) -> str:
    ratio = found.ratio
    share = wording.share(ratio.held_out / (ratio.inside + ratio.held_out))
    name = "ratio_sound" if ratio.sound else "ratio_wrong"
    return reader.say(name, share=share, expected=wording.share(ratio.expected))


def _rows(compared: tuple[Comparison, ...], reader: Reader) -> tuple[ComparedView, ...]:
    currency = reader.campaign.currency
    return tuple(
        ComparedView(
            title=reader.of(one.measure.title),
            side=value_text(one, one.side.value, currency),
            other=value_text(one, one.other.value, currency),
            difference=_difference(one, currency),
            interval=_interval(one, currency),
            verdict=one.verdict,
            state=reader.say(one.verdict),
        )
        for one in compared
    )


def _difference(one: Comparison, currency: str) -> str:
    return value_text(one, one.effect, currency) if one.relative is None else wording.change(one.relative)


def _interval(one: Comparison, currency: str) -> str:
    if not one.enough:
        return wording.NONE
    if one.relative_low is None or one.relative_high is None:
        return f"{value_text(one, one.low, currency)} … {value_text(one, one.high, currency)}"
    return f"{wording.change(one.relative_low)} … {wording.change(one.relative_high)}"


def _chart(name: str, compared: tuple[Comparison, ...], reader: Reader) -> Chart | None:
    rows = [
        charts.Interval(
            label=reader.of(one.measure.title),
            value=one.relative,
            low=one.relative_low,
            high=one.relative_high,
            text=wording.change(one.relative),
            colour=_COLOURS[one.verdict],
        )
        for one in compared
        if one.enough
        and one.relative is not None
        and one.relative_low is not None
        and one.relative_high is not None
    ]
    if not rows:
        return None
    text = "; ".join(
        f"{row.label} {row.text} ({wording.change(row.low)} … {wording.change(row.high)})" for row in rows
    )
    return charts.intervals(name, rows, reader.language, text)
