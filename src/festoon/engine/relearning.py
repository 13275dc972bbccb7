"""Experiments that learn, in a back-test or a simulation: their weights are learned anew at the instants of the plan's
rhythm, from what has happened so far, with the function that learns live."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from festoon.base.events import Event
from festoon.base.learned import OTHERS, Policy, Tried, Weights, learn
from festoon.base.times import FOREVER
from festoon.base.visitors import is_visitor
from festoon.engine.decide import Decided
from festoon.engine.replay import Replay
from festoon.plan.compiled import CompiledCampaign, Experiment, Learns

_NOBODY: Tried = (0, 0)


def learned(experiment: Experiment, counts: Mapping[str, Mapping[str, Tried]]) -> dict[str, Weights]:
    """The weights of every context, by what was counted in it (by context and arm)."""
    learns = experiment.learns
    assert learns is not None, "only those that learn are learned"
    arms = [arm for arm, _ in learns.choosing.first]
    found: dict[str, Weights] = {}
    for context in (*(name for name, _ in learns.choosing.contexts), OTHERS):
        tried = counts.get(context, {})
        weights = learn([tried.get(arm, _NOBODY) for arm in arms], learns.floor)
        found[context] = tuple(zip(arms, weights, strict=True))
    return found


class _Seen(Struct):
    """A member who has seen an arm: when, in which context, and whether it was a success."""

    at: datetime
    context: str
    arm: str
    success: bool = False


class Relearning:
    """The experiments of a replay that learn. `merged` learns between the events of a history, `note` hears what became
    of each."""

    def __init__(self, trials: Iterable["_Trial"]) -> None:
        self._trials = list(trials)

    @classmethod
    def of(cls, replay: Replay) -> "Relearning | None":
        """Those of the replay's campaigns; None when there are none."""
        found = [
            _Trial(replay, campaign, experiment, experiment.learns)
            for campaign in replay.program.campaigns.values()
            for experiment in campaign.experiments.values()
            if experiment.learns is not None
        ]
        return cls(found) if found else None

    def merged(self, history: Iterable[Event]) -> Iterator[Event]:
        """The history; before each event is learned what was due by then."""
        for event in history:
            for trial in self._trials:
                while trial.due <= event.time:
                    trial.learn()
            yield event

    def note(self, event: Event, decided: Decided) -> None:
        """Take note of arms that were seen, and of successes."""
        for trial in self._trials:
            trial.note(event, decided)


class _Trial:
    """One experiment, what it has seen, and when it learns next."""

    def __init__(
        self, replay: Replay, campaign: CompiledCampaign, experiment: Experiment, learns: Learns
    ) -> None:
        self._campaign, self._experiment, self._learns = campaign, experiment, learns
        policies = replay.program.policies[learns.choosing.name]
        assert isinstance(policies, list), "a program in memory keeps them in lists"
        self._policies: list[Policy] = policies
        self._seen: dict[str, _Seen] = {}
        self.due = self._after(campaign.schedule.start)

    def _after(self, at: datetime) -> datetime:
        following = self._learns.rhythm.following(at, self._campaign.zone)
        return FOREVER if following is None or following >= self._campaign.schedule.settle else following

    def learn(self) -> None:
        """What is due now. The latest policy stands first."""
        at = self.due
        weights = learned(self._experiment, self._counts(at - self._learns.within))
        self._policies.insert(0, Policy(len(self._policies) + 1, at, weights))
        self.due = self._after(at)

    def _counts(self, until: datetime) -> dict[str, dict[str, Tried]]:
        """Of members whose time for success is over."""
        tried: Counter[tuple[str, str]] = Counter()
        won: Counter[tuple[str, str]] = Counter()
        for seen in self._seen.values():
            if seen.at <= until:
                tried[seen.context, seen.arm] += 1
                won[seen.context, seen.arm] += seen.success
        found: dict[str, dict[str, Tried]] = defaultdict(dict)
        for (context, arm), members in tried.items():
            found[context][arm] = (members, won[context, arm])
        return found

    def note(self, event: Event, decided: Decided) -> None:
        """What an event says of it. Visitors are learned from once they are members."""
        if is_visitor(event.subject):
            return
        seen, learns = self._seen.get(event.subject), self._learns
        if (
            seen is not None
            and event.type in learns.types
            and decided.outcome.status == "accepted"
            and timedelta(0) < event.time - seen.at < learns.within
            and (learns.when is None or learns.when.holds(event.data, None, None))
        ):
            seen.success = True
        if seen is None and self._campaign.campaign not in decided.outcome.tests:
            name = self._experiment.name
            for made in decided.outcome.mechanics:
                if name in made.learned and made.mechanic.startswith(f"{self._campaign.campaign}/"):
                    self._seen[event.subject] = _Seen(
                        event.time, made.learned[name].context, made.variants[name]
                    )
                    return
