"""Rewards whose variant is learned: parents and the others like different packs, and the plan finds out."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from hashlib import sha256
from itertools import count

from festoon.base.events import Event
from festoon.engine.outcome import MechanicOutcome
from festoon.engine.relearning import Relearning
from festoon.insight.learned import Learning, Seen, judged
from tests.docs.pages import blocks
from tests.scenarios.story import Story

(PAGE,) = (
    block.text
    for block in blocks("docs/how-to/let-an-experiment-learn.md", "yaml")
    if "festoon:" in block.text
)
DAYS, EACH_DAY = 24, 60
TASTE = {"parents": {"parenting": 60, "reading": 15}, "": {"parenting": 20, "reading": 45}}
"""Of a hundred members how many order within a week, by context and arm."""
FLOOR = 1_000


class Season:
    """Sixty new members every day, most of whom are no parents. Who likes his pack orders two days later."""

    def __init__(self, plan: str = PAGE) -> None:
        self.story = Story(plan)
        self.made: dict[str, MechanicOutcome] = {}
        """What every member got first."""
        self.liked: set[str] = set()
        replay = self.story.replay
        relearning = Relearning.of(replay)
        assert relearning is not None
        for event, _, decided in replay.run(relearning.merged(self._events())):
            relearning.note(event, decided)
            for made in decided.outcome.mechanics:
                if made.learned and event.type == "member.registered":
                    self.made.setdefault(event.subject, made)

    def _events(self) -> Iterator[Event]:
        """The days in order; what a member does depends on what he got."""
        at, ids = self.story.instant("2027-03-01 08:00"), count()
        due: dict[int, list[str]] = {}
        for day in range(DAYS):
            now = at + timedelta(days=day)
            for who in due.pop(day, ()):
                yield Event("app", f"{next(ids)}", "order.paid", who, now, _order(who))
            for number in range(EACH_DAY):
                who = f"m{day}-{number}"
                born = now + timedelta(seconds=number + 1)
                kids = {"attributes": {"kids": int(number % 3 == 0)}}
                yield Event("app", f"{next(ids)}", "member.imported", who, born, kids)
                yield Event("app", f"{next(ids)}", "member.registered", who, born, {})
                if self._likes(who, "" if number % 3 else "parents"):
                    self.liked.add(who)
                    due.setdefault(day + 2, []).append(who)

    def _likes(self, who: str, context: str) -> bool:
        made = self.made.get(who)
        if made is None:
            return False
        taste = TASTE[context][made.variants["pack"]]
        return int.from_bytes(sha256(who.encode()).digest()[:4], "big") % 100 < taste

    def judged(self) -> Learning:
        """By those whose week is over."""
        members = [
            Seen(
                number,
                made.variants["pack"],
                made.learned["pack"].propensity,
                made.learned["pack"].context,
                who in self.liked,
            )
            for number, (who, made) in enumerate(self.made.items())
            if int(who[1:].partition("-")[0]) < DAYS - 7
        ]
        return judged(self.story.replay.program.campaigns["welcome-packs"].experiments["pack"], members)


def _order(who: str) -> dict[str, object]:
    line = {"line": "1", "amount": 5_000, "quantity": 1}
    return {"order": who, "amount": 5_000, "currency": "CNY", "lines": [line]}


@cache
def season() -> Season:
    return Season()


def test_the_policy_that_was_learned_beats_the_best_pack_for_everybody() -> None:
    found = season().judged()
    assert found.policy is not None
    assert found.gain is not None
    best = next(each for each in found.arms if each.arm == found.best)
    assert best.estimate is not None
    assert found.policy.value > best.estimate.value
    assert found.gain.low > 0
    assert found.verdict == "better"


def test_weights_lean_towards_what_each_kind_of_member_likes() -> None:
    story = season().story
    latest, *earlier = story.replay.program.policies["welcome-packs/pack"]
    assert latest.version == len(earlier) + 1 == DAYS, "every morning"
    assert dict(latest.weights["parents"])["parenting"] > 8_000
    assert dict(latest.weights[""])["reading"] > 8_000
    assert dict(earlier[-1].weights["parents"]) == {"parenting": 5_000, "reading": 5_000}, "no week is over"


def test_no_arm_is_ever_given_less_often_than_its_floor_and_each_says_how_likely_it_was() -> None:
    found = [(made.variants["pack"], made.learned["pack"]) for made in season().made.values()]
    assert len(found) == DAYS * EACH_DAY
    assert min(sight.propensity for _, sight in found) >= FLOOR
    assert {sight.policy for _, sight in found} == set(range(1, DAYS + 1))
    late = [arm for arm, sight in found if sight.policy > DAYS - 8 and sight.context == "parents"]
    assert Counter(late)["reading"] > 0, "exploration never ends"


def test_a_member_keeps_his_pack_when_the_weights_move() -> None:
    story = season().story
    policies = story.replay.program.policies["welcome-packs/pack"]
    choosing = story.replay.program.campaigns["welcome-packs"].experiments["pack"].learns
    assert choosing is not None
    would_move = [
        who
        for who, made in season().made.items()
        if choosing.choosing.choose(policies[0], made.learned["pack"].context, who)[0]
        != made.variants["pack"]
    ]
    assert would_move
    for who in would_move[:5]:
        first = season().made[who]
        again = story.happens("member.logged_in", who, "2027-03-26 10:00")["back"]
        assert (again.variants, again.learned) == (first.variants, first.learned)


def test_the_books_balance_and_the_budget_holds_while_it_learns() -> None:
    tight = Season(PAGE.replace("prizes: 60000", "prizes: 5000").replace(", total: 7500", ""))
    assert len(tight.made) == 5_000 // 8, "as many as the line can pay for"
    assert tight.story.books_balance()
    balance = tight.story.replay.world.shared.balances["welcome-packs/budget/prizes|CNY"]
    assert balance == 0


def test_when_two_accounts_become_one_the_arm_of_the_one_that_stays_counts() -> None:
    story = Story(PAGE)
    seen = {}
    for number in range(40):
        who = f"two-{number}"
        seen[who] = story.happens("member.logged_in", who, "2027-03-02")["back"].variants["pack"]
    one, other = (next(who for who in seen if seen[who] == arm) for arm in ("parenting", "reading"))
    story.send("member.merged", one, "2027-03-03", member=other, reason="one person")
    assert story.happens("member.logged_in", one, "2027-03-04")["back"].variants == {"pack": "parenting"}
    story.send("member.merged", "new", "2027-03-05", member=one, reason="one person")
    made = story.happens("member.logged_in", "new", "2027-03-06")["back"]
    assert made.variants == {"pack": "parenting"}, "who has seen none gets that of the other"
