"""Every mechanic that remembers something says what becomes of two states of one person."""

from festoon.mechanics.base import Mechanic, NoState
from festoon.mechanics.registry import kinds


def test_every_mechanic_with_a_memory_says_how_two_of_them_come_together() -> None:
    remembering = [cls for cls in kinds().values() if cls.State is not NoState]
    assert len(remembering) >= 7
    assert [cls.kind for cls in remembering if cls.merge is Mechanic.merge] == []
