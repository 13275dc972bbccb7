"""A grant is taken back once, whoever takes it back, and also when it was still held."""

from collections.abc import Mapping
from typing import Any

from festoon.base.events import Event
from festoon.engine.amends import granted_by
from tests.scenarios.story import SPRING, Story

HEAD = (
    SPRING
    + """assets: {points: {cost: 0.01, line: prizes}}
coupons: {ten-off: {value: 10, cost: 10, line: prizes, valid: {days: 20}}}
"""
)
RISK = """
segments: {watched: {title: Watched}}
risk:
  rules: {w: {when: member.segment("watched"), points: 40}}
  thresholds: {doubtful: 30}
"""
EARN = "\nmechanics:\n  spend: {kind: earn, on: order.paid, per: 100, clawback: {within_days: 30}%s}\n"
WELCOME = """
mechanics:
  welcome: {kind: gift, on: page.viewed, give: [{points: 100}, {coupon: ten-off}], limits: {per_member: 1},
            merged: take_back%s}
"""
HELD = ", at_risk: {doubtful: hold}"
LINE = "spring/budget/prizes|CNY"


class Told(Story):
    """A story that knows what each mechanic gave by which event, as the journal does."""

    def __init__(self, plan: str) -> None:
        super().__init__(plan)
        self._given: dict[str, dict[str, list[Any]]] = {}
        self._seq = 0

    def gives(self, type: str, who: str, at: str, mechanic: str, **data: Any) -> None:
        """An event by which a mechanic gives something."""
        self._seq += 1
        event = Event("app", f"e{self._seq}", type, who, self.instant(at), data)
        *_, (_, _, decided) = self.replay.run([event])
        granted = granted_by(decided.outcome.mechanics, f"spring/{mechanic}", self.replay.program, event)
        self._given.setdefault(who, {})[str(self._seq)] = granted

    def made_good(
        self, whose: str, who: str, at: str, name: str = "mistake", spent: str = "to_zero"
    ) -> Mapping[str, int]:
        """An operator takes back what events of `whose` gave; what was."""
        outcome = self.send(
            "compensation.taken", who, at, compensation=name, campaign="spring", reason="twice", spent=spent,
            granted=self._given[whose],
        )  # fmt: skip
        assert outcome.status == "accepted", outcome
        return outcome.mechanics[-1].taken

    def ends_with(self, who: str, points: int, coupons: int = 0) -> None:
        """The member has so much, and that is all that the line has paid for."""
        assert self.points(who) == points
        assert self.replay.world.shared.balances[LINE] == 500_000 - points - 1_000 * coupons
        assert self.books_balance()


def shop(mechanics: str, *, held: bool = False) -> Told:
    told = Told(HEAD + RISK + mechanics % (HELD if held else ""))
    if held:
        told.send("segment.entered", "ann", "2027-03-02", segment="watched")
    return told


def holds(story: Story, who: str) -> list[str]:
    return [id for id, each in story.replay.world.members[who].open_grants().items() if each.why == "risk"]


def released(story: Story, hold: str, at: str) -> Mapping[str, int]:
    outcome = story.send("grant.released", "ann", at, hold=hold, reason="fine", decided_by="lin")
    assert outcome.status == "accepted", outcome
    return outcome.mechanics[0].taken


def test_what_an_operator_took_back_a_refund_does_not_take_again() -> None:
    story = shop(EARN)
    story.gives("order.paid", "ann", "2027-03-02", "spend", order="other", amount=100_000)
    story.gives("order.paid", "bob", "2027-03-03", "spend", order="o1", amount=50_000)
    assert story.made_good("bob", "bob", "2027-03-04") == {"points": 500}
    refund = story.send("order.refunded", "bob", "2027-03-05", order="o1", amount=50_000)
    assert refund.mechanics[0].taken == {}
    story.ends_with("ann", 1_000)


def test_what_a_refund_took_back_in_part_an_operator_takes_back_the_rest_of() -> None:
    story = shop(EARN)
    story.gives("order.paid", "ann", "2027-03-03", "spend", order="o1", amount=50_000)
    story.send("order.refunded", "ann", "2027-03-04", order="o1", amount=20_000)
    story.ends_with("ann", 300)
    assert story.made_good("ann", "ann", "2027-03-05") == {"points": 300}
    assert story.made_good("ann", "ann", "2027-03-06", "again") == {}
    story.send("order.refunded", "ann", "2027-03-07", order="o1", amount=30_000)
    story.ends_with("ann", 0)


def test_that_an_order_was_refunded_is_known_when_its_time_is_over() -> None:
    story = shop(EARN)
    story.gives("order.paid", "ann", "2027-03-01", "spend", order="o1", amount=50_000)
    story.send("order.refunded", "ann", "2027-03-02", order="o1", amount=50_000)
    story.send("order.paid", "ann", "2027-04-05", order="late", amount=0)
    story.replay.until(story.instant("2027-04-05"))
    assert story.made_good("ann", "ann", "2027-04-06") == {}
    story.ends_with("ann", 0)


def test_what_a_merge_took_back_an_operator_does_not_take_again() -> None:
    story = shop(WELCOME)
    story.gives("page.viewed", "ann", "2027-03-02", "welcome")
    story.gives("page.viewed", "bob", "2027-03-03", "welcome")
    story.send("member.merged", "ann", "2027-03-04", member="bob")
    story.ends_with("ann", 100, coupons=1)
    assert story.made_good("bob", "ann", "2027-03-05") == {}
    story.ends_with("ann", 100, coupons=1)
    assert story.made_good("ann", "ann", "2027-03-06", "all of it") == {"points": 100, "spring/ten-off": 1}
    story.ends_with("ann", 0)


def test_a_reward_of_an_order_that_was_refunded_while_it_was_held_is_let_go() -> None:
    story = shop(EARN, held=True)
    story.gives("order.paid", "ann", "2027-03-03", "spend", order="o1", amount=50_000)
    assert len(holds(story, "ann")) == 1
    refund = story.send("order.refunded", "ann", "2027-03-04", order="o1", amount=50_000)
    assert refund.mechanics[0].note["decision"] == "voided"
    assert holds(story, "ann") == []
    story.ends_with("ann", 0)
    story.set_aside()


def test_of_a_reward_that_was_held_while_half_was_refunded_half_stays() -> None:
    story = shop(EARN, held=True)
    story.gives("order.paid", "ann", "2027-03-03", "spend", order="o1", amount=50_000)
    story.send("order.refunded", "ann", "2027-03-04", order="o1", amount=10_000)
    story.send("order.refunded", "ann", "2027-03-05", order="o1", amount=15_000)
    (hold,) = holds(story, "ann")
    assert released(story, hold, "2027-03-06") == {"points": 250}
    story.ends_with("ann", 250)
    story.send("order.refunded", "ann", "2027-03-07", order="o1", amount=25_000)
    story.ends_with("ann", 0)
    story.set_aside()


def test_a_merge_lets_go_of_the_later_of_two_rewards_when_it_is_held() -> None:
    story = shop(WELCOME, held=True)
    story.gives("page.viewed", "bob", "2027-03-02", "welcome")
    story.gives("page.viewed", "ann", "2027-03-03", "welcome")
    assert len(holds(story, "ann")) == 1
    merged = story.send("member.merged", "ann", "2027-03-04", member="bob")
    assert "over_limit" not in merged.mechanics[0].note
    assert holds(story, "ann") == []
    story.ends_with("ann", 100, coupons=1)
    story.set_aside()
