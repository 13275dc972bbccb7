"""What a prize takes from stock that others take from as well, and whether it is there."""

from collections import Counter
from collections.abc import Iterable
from functools import reduce
from operator import or_

from festoon.base.events import Event
from festoon.base.expressions import Condition
from festoon.base.rewards import Choice, Gift, ItemGift, Reward
from festoon.mechanics.base import View

Wanted = Counter[tuple[str, str]]
"""So many things from each shared account, with what their codes are codes of where those are made beforehand."""
Cases = tuple[tuple[Condition | None, Wanted], ...]
"""What is taken under the first condition that holds; the last one is none."""


class Shelves:
    """The shared accounts that a reward's things come from, of whatever a member is given of it.

    Which arm of an experiment a member is in shows only when it is given. So of a part that is on trial, every arm
    takes the most that any of them takes: what is out in one arm is out in all, and they stay alike in their odds.
    """

    def __init__(self, reward: Reward) -> None:
        self.always = _wanted(gift for gift in reward.gifts if not isinstance(gift, Choice))
        self.cases: tuple[Cases, ...] = ()
        for choice in reward.gifts:
            if isinstance(choice, Choice):
                cases = tuple((variant.when, _wanted(variant.gifts)) for variant in choice.variants)
                most = reduce(or_, (wanted for _, wanted in cases))
                if choice.split is not None:
                    self.always = self.always + most
                elif most:
                    self.cases += (cases,)
        every = (self.always, *(wanted for cases in self.cases for _, wanted in cases))
        self.accounts = tuple(dict.fromkeys(account for wanted in every for account, _ in wanted))

    def empty(self, event: Event, view: View) -> bool:
        """Whether something is not there of what the event's member would be given."""
        wanted = self.always
        for cases in self.cases:
            wanted = wanted + _case(cases, event, view)
        return any(
            view.shared(account) < count or (codes != "" and not view.has_codes(codes, count))
            for (account, codes), count in wanted.items()
        )


def _case(cases: Cases, event: Event, view: View) -> Wanted:
    return next(wanted for when, wanted in cases if when is None or when(event.data, view.member, view))


def _wanted(gifts: Iterable[Gift]) -> Wanted:
    wanted = Wanted()
    for gift in gifts:
        if isinstance(gift, ItemGift) and gift.stock:
            wanted[gift.stock, gift.codes] += gift.count
    return wanted
