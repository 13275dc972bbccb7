"""What a batch has read of one member, kept apart from what its decisions change."""

from typing import TYPE_CHECKING, Any

from festoon.engine.progress import Part
from festoon.engine.world import Grant, Hold, Item, Member, Place, Timer
from festoon.ledger.book import NO_LOTS, MemberBook
from festoon.ledger.lots import Lots


class Rows:
    """What has been read of one member. Decisions work on copies: what stands here is never changed, only added to.
    `beside` as for `world.Member`."""

    __slots__ = (
        "balances", "beside", "due", "grants", "holds", "items", "lots", "owing", "parts", "places", "sightings",
        "whole",
    )  # fmt: skip

    def __init__(self) -> None:
        self.balances: dict[str, int] = {}
        self.lots: dict[str, Lots] = NO_LOTS
        self.places: dict[str, str] = {}
        """Where the store has his accounts, by their key in the book."""
        self.parts: dict[str, Part] = {}
        """What is stored of his progress, by campaign."""
        self.owing: tuple[str, ...] = ()
        """The assets of which he owes something."""
        self.whole = False
        """Whether everything was read."""
        self.beside = False

    def unfold(self) -> None:
        """Make room for everything beside points and progress."""
        self.beside = True
        self.items: dict[str, Item | None] = {}
        self.holds: dict[str, Hold | None] = {}
        self.grants: dict[str, Grant] | None = None
        self.sightings: dict[Place, int] | None = None
        self.due: list[Timer] = []

    def book(self, number: int, *, fresh: bool) -> MemberBook:
        """What his accounts hold; `fresh` is who has nothing else. The book copies lots when it changes them."""
        book = MemberBook(number, complete=fresh or self.whole, balances=self.balances.copy())
        book.owing = self.owing
        book.lots = self.lots
        return book

    def put_into(self, member: Member) -> None:
        """Give the rest of it to a member who has nothing yet: what decisions change is a copy."""
        member.whole = member.book.complete
        member.places, member.parts = self.places, self.parts
        if self.beside:
            self._put_beside(member)

    def _put_beside(self, member: Member) -> None:
        member.room()
        member.items = self.items.copy()
        member.holds = self.holds.copy()
        member.due = self.due.copy()
        if self.grants is not None:
            member.grants = self.grants.copy()
        if self.sightings is not None:
            member.sightings = self.sightings

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name not in Rows.__slots__ or self.beside:
                raise AttributeError(name)
            self.unfold()
            return getattr(self, name)
