"""A transfer moves a whole number of an asset from one account to another, once, forever."""

from datetime import datetime

from msgspec import Struct


class Transfer(Struct, frozen=True, array_like=True, gc=False):
    """`amount` > 0 of `asset` from `debit` to `credit`.

    Either side is a part of the event's subject (`@`, `@held`, `@pending`, `@owed`) or the holder of a shared account.
    `lot` is the expiry of the lot it was taken from or put into, when the asset expires: whatever is spent
    remembers which grant it came from. `why` is the mechanic (`campaign/mechanic`) or standing rule that moved it.
    """

    asset: str
    debit: str
    credit: str
    amount: int
    lot: datetime | None = None
    why: str = ""
