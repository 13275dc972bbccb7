"""What rewards come to."""

from festoon.base.effects import Give
from festoon.base.rewards import AssetGift, Reward
from festoon.engine.replay import opened_world, program_in_memory
from festoon.engine.settle import MOST_FIXED, settle
from festoon.engine.view import EventView
from festoon.engine.world import Member
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan
from tests.live import HEAD, NOW, order

PLAN = HEAD + "mechanics:\n  hello: {kind: gift, on: order.paid, give: [{points: 5}]}\n"


def test_a_mechanic_that_makes_its_rewards_anew_is_right_and_takes_no_memory() -> None:
    program = program_in_memory([compile_plan(read_plan(PLAN))])
    listener = program.by_key["spring/hello"]
    view = EventView(
        program, opened_world(program), Member(1, "ann", complete=True), order("ann", 1, "o"), NOW
    )
    view.listener = listener
    for amount in range(1, 3 * MOST_FIXED):
        posting = settle(listener, [Give(Reward("one", (AssetGift("points", amount, amount),)), 2)], view)
        assert [given.amount for given in posting.given] == [2 * amount]
    assert len(listener.fixed) == MOST_FIXED
