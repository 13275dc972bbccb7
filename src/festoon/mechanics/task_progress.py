"""What a task remembers of one member."""

from msgspec import Struct

from festoon.mechanics.counting import Marks
from festoon.mechanics.proof import NO_PROOFS, Proofs


class Beside(Struct, frozen=True, omit_defaults=True):
    """What few tasks need to remember beside what counts: the day of the invitation, the tasks that have said they
    are done and gave nothing, what was handed in, and how many rounds' rewards are set aside for it."""

    invited: int = 0
    told: tuple[str, ...] = ()
    proofs: Proofs = NO_PROOFS
    held: int = 0


_NONE = Marks()
_NOTHING = Beside()


class TaskProgress(Struct, frozen=True, omit_defaults=True, gc=False):
    """What a member has done. `given` are the rounds that were rewarded."""

    given: int = 0
    marks: Marks = _NONE
    beside: Beside = _NOTHING
