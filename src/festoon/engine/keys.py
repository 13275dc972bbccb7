"""What a batch reads of the store."""

from msgspec import Struct

from festoon.engine.world import Place


class Keys(Struct):
    """What to read, as (member, key) pairs; of progress a whole campaign; what is set aside for a member, and where he
    was seen, is read whole."""

    accounts: set[tuple[int, str]] = set()
    progress: set[tuple[int, str]] = set()
    items: set[tuple[int, str]] = set()
    holds: set[tuple[int, str]] = set()
    grants: set[int] = set()
    sightings: set[int] = set()
    seen_at: set[Place] = set()
    transfers: set[tuple[int, str]] = set()
    shared: set[str] = set()
    numbers: set[str] = set()
    files: set[str] = set()
    holders: set[str] = set()
    no_more: set[str] = set()
    """Whether to read which accounts are no more; the key says nothing."""
    whole: set[tuple[int, str]] = set()
    """Members of whose books, progress and holds everything is read; the key says nothing."""
    codes: set[str] = set()
    """Codes that somebody typed."""
    to_give: dict[str, int] = {}
    """How many codes to set aside in all, by what they are codes of."""

    @property
    def rare(self) -> bool:
        """Whether there is more than nearly every batch reads."""
        return bool(
            self.items or self.holds or self.grants or self.sightings or self.seen_at or self.transfers
            or self.numbers or self.files or self.holders or self.no_more or self.codes
            or self.to_give
        )  # fmt: skip

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)
