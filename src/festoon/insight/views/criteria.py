"""The questions of the evaluation as a page shows them: what was judged, and what is still to come."""

from datetime import timedelta

from msgspec import Struct

from festoon.insight.criteria import CriterionResult
from festoon.insight.views.reader import Reader
from festoon.insight.wording import NONE

_HOW = {
    "target": "c_target",
    "before_after": "c_before_after",
    "holdout": "c_holdout",
    "survey": "c_survey",
    "outside": "c_outside",
}
_OTHER = {"before_after": "c_before", "holdout": "c_held_out"}


class CriterionView(Struct, frozen=True):
    """One criterion, as text."""

    title: str
    measure: str
    on: str
    how: str
    source: str
    result: str
    against: str
    interval: str
    status: str
    state: str


def criterion_views(criteria: tuple[CriterionResult, ...], reader: Reader) -> tuple[CriterionView, ...]:
    return tuple(_view(each, reader) for each in criteria)


def _view(found: CriterionResult, reader: Reader) -> CriterionView:
    judged = found.judged
    measure = judged.measure
    return CriterionView(
        title=reader.of(found.title),
        measure=reader.of(measure.title) if measure else "",
        on=reader.day(found.at - timedelta(microseconds=1)),
        how=reader.say(_HOW[found.method]),
        source=found.source,
        result=reader.value(judged.value, found.unit),
        against=_against(found, reader),
        interval=_interval(found, reader),
        status=found.status,
        state=reader.say(found.status),
    )


def _against(found: CriterionResult, reader: Reader) -> str:
    """What the result is held to, or stands beside."""
    said = []
    if found.target is not None and found.judged.measure is None:
        said.append(reader.say("c_held_to", value=reader.value(found.target, found.unit)))
    if found.judged.other is not None:
        said.append(reader.say(_OTHER[found.method], value=reader.value(found.judged.other, found.unit)))
    return " · ".join(said) or NONE


def _interval(found: CriterionResult, reader: Reader) -> str:
    judged = found.judged
    if judged.low is None or judged.high is None:
        return ""
    return f"{reader.value(judged.low, found.unit)} … {reader.value(judged.high, found.unit)}"
