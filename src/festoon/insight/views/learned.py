"""An experiment that learns, as a page shows it: its arms, what it has learned, and whether that was worth it."""

from msgspec import Struct

from festoon.insight import wording
from festoon.insight.evaluation import Evaluation
from festoon.insight.learned import Estimate, Learning
from festoon.insight.views.reader import Reader

_SENTENCES = {"better": "learned_better", "worse": "learned_worse", "cannot_tell": "learned_cannot_tell"}


class LearnedArmView(Struct, frozen=True):
    """An arm, as text: who saw it, with how many it was a success, and the rate if everybody got it."""

    arm: str
    members: str
    successes: str
    estimate: str
    interval: str


class ContextView(Struct, frozen=True):
    """A kind of member: how many were learned from, and how often each arm is given from now on."""

    title: str
    members: str
    shares: tuple[str, ...]


class LearningView(Struct, frozen=True):
    """An experiment that learns. `verdict` is `better`, `worse` or `cannot_tell`."""

    title: str
    sentence: str
    verdict: str
    arms: tuple[LearnedArmView, ...]
    contexts: tuple[ContextView, ...]
    how: str


def learning_views(found: Evaluation, reader: Reader) -> tuple[LearningView, ...]:
    return tuple(_learning(each, reader) for each in found.learnings)


def _learning(found: Learning, reader: Reader) -> LearningView:
    learns = found.experiment.learns
    assert learns is not None, "only those that learn are here"
    arms = tuple(
        LearnedArmView(
            each.arm,
            wording.whole(each.members),
            wording.whole(each.successes),
            wording.NONE if each.estimate is None else wording.share(each.estimate.value),
            _interval(each.estimate),
        )
        for each in found.arms
    )
    contexts = tuple(
        ContextView(
            reader.of(learns.titles[context]),
            wording.whole(sum(members for members, _ in found.counts.get(context, {}).values())),
            tuple(wording.share(share / 10_000) for _, share in weights),
        )
        for context, weights in found.weights.items()
    )
    how = reader.say(
        "learned_how",
        event=", ".join(learns.types),
        days=learns.within.days,
        waiting=wording.whole(found.waiting),
    )
    return LearningView(
        reader.of(found.experiment.title), _sentence(found, reader), found.verdict, arms, contexts, how
    )


def _sentence(found: Learning, reader: Reader) -> str:
    if found.policy is None or found.gain is None:
        return reader.say("learned_nothing")
    return reader.say(
        _SENTENCES[found.verdict],
        policy=wording.share(found.policy.value),
        best=found.best,
        gain=wording.decimal(100 * found.gain.value, 1),
        low=wording.decimal(100 * found.gain.low, 1),
        high=wording.decimal(100 * found.gain.high, 1),
    )


def _interval(estimate: Estimate | None) -> str:
    if estimate is None:
        return wording.NONE
    return f"{wording.share(estimate.low)} … {wording.share(estimate.high)}"
