"""The rules of a mechanic in plain words (活动规则): a sentence each, made from the plan, in the reader's language.

A mechanic of another package tells its own by `Mechanic.rules`. For the kinds that come with Festoon there is a
function each, beside this one, found by the mechanic's class.
"""

from collections.abc import Iterator
from functools import singledispatch

from festoon.mechanics.base import Mechanic
from festoon.mechanics.say import Say


def rules(mechanic: Mechanic, say: Say) -> list[str]:
    """The rules of a mechanic itself; what the plan holds it to beside (limits, conditions) is not among them."""
    own = mechanic.rules(say)
    return list(told(mechanic, say) if own is None else own)


@singledispatch
def told(_mechanic: Mechanic, _say: Say) -> Iterator[str]:
    """The rules of one kind; nothing of a kind that does not tell."""
    yield from ()
