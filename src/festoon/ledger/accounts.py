"""Accounts by name. An account is a holder and an asset, written `holder|asset`.

Members hold assets under four parts: what they can spend (`@`), what is held (`@held`), what is pending
(`@pending`), and what they owe (`@owed`, never above zero: what was taken back and had been spent). Every other
account is shared: stock on the shelf, budget lines, quotas, pools, and the issuers on the far side of every grant, so
that for each asset all balances sum to zero.
"""

from functools import lru_cache

from msgspec import Struct

MEMBER = "@"
HELD = "@held"
PENDING = "@pending"
OWED = "@owed"
PARTS = (MEMBER, HELD, PENDING, OWED)

ISSUER = "issuer"
"""Where every unit of points, growth or chances comes from; its balance is minus what was ever issued."""
SPENT = "spent"
LAPSED = "lapsed"
SHELF = "shelf"
MAKER = "maker"
"""Where stock comes from when it is put on the shelf."""
GIVEN = "given"
RESERVED = "reserved"
"""Where stock stands that left the shelf for a reward which is not given yet."""


class SharedAccount(Struct, frozen=True):
    """A shared account that a plan wants: its opening comes from `source`, in the transaction that publishes."""

    holder: str
    asset: str
    floor: int | None = None
    opening: int = 0
    source: str = ""
    exact: bool = False
    """Its balance is read under its lock, because what is decided depends on the very number (serials)."""

    @property
    def key(self) -> str:
        return shared(self.holder, self.asset)


@lru_cache(65_536)
def shared(holder: str, asset: str) -> str:
    """The name of a shared account. Kept, since every transfer asks for two of a few."""
    return f"{holder}|{asset}"


@lru_cache(65_536)
def holder_and_asset(key: str) -> tuple[str, str]:
    """The two halves of a shared account's name."""
    holder, _, asset = key.partition("|")
    return holder, asset


def stock_asset(campaign: str, name: str) -> str:
    return f"{campaign}/stock/{name}"


def chances_asset(campaign: str, mechanic: str) -> str:
    return f"{campaign}/chances/{mechanic}"


def budget_line(campaign: str, line: str, currency: str) -> str:
    """What is left of a budget line."""
    return shared(f"{campaign}/budget/{line}", currency)


def home_of(holder: str) -> str:
    """Where what comes back to a holder goes: of a line that was set apart for a mechanic (`prizes.journey`), the line
    it was taken from."""
    return holder.partition(".")[0] if "/budget/" in holder else holder


def committed(campaign: str, line: str, currency: str) -> str:
    """What was reserved for rewards that are granted and not used yet."""
    return shared(f"{campaign}/committed/{line}", currency)


def cost(campaign: str, line: str, currency: str) -> str:
    """What a line really cost."""
    return shared(f"{campaign}/cost/{line}", currency)
