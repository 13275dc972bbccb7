"""What only appointments read: who held how much of an asset at an instant, which accounts are no more, and files that
mechanics have written."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime

import asyncpg

from festoon.base.effects import Write
from festoon.engine.holders import holders_at
from festoon.ledger.book import NotLoaded

FILE, HOLDERS, NO_MORE = "file", "holders", "no_more"


class Lists:
    """Files by `campaign/mechanic/name`, holders by `asset@instant`; `no_more` are accounts that have become part of
    others, or whose person was erased, once they are read, and `written` are the files of this batch."""

    __slots__ = ("files", "holders", "no_more", "written")

    def __init__(
        self,
        files: Mapping[str, str | None] = {},
        holders: Mapping[str, str] = {},
        no_more: Mapping[int, int] | None = None,
    ) -> None:
        self.files = dict(files)
        self.holders = dict(holders)
        self.no_more = no_more
        self.written: dict[str, str] = {}

    @property
    def large(self) -> bool:
        """Whether something was read that may be of everybody."""
        return bool(self.files or self.holders or self.no_more)

    def copy(self) -> "Lists":
        """The same, with nothing written yet."""
        return Lists(self.files, self.holders, self.no_more)

    def write(self, owner: str, files: Iterable[Write]) -> None:
        """Keep a mechanic's files with the batch."""
        self.written |= {f"{owner}/{file.name}": file.text for file in files}

    def file(self, key: str) -> str | None:
        """A file, or None when there is none. Raises NotLoaded."""
        if key in self.written:
            return self.written[key]
        if key not in self.files:
            raise NotLoaded(FILE, 0, key)
        return self.files[key]

    def held(self, asset: str, at: datetime) -> str:
        """Who held how much. Raises NotLoaded."""
        key = holders_key(asset, at)
        if key not in self.holders:
            raise NotLoaded(HOLDERS, 0, key)
        return self.holders[key]

    def gone(self) -> Mapping[int, int]:
        """Accounts that are no more, with those that they have become part of; 0 for nobody. Raises NotLoaded."""
        if self.no_more is None:
            raise NotLoaded(NO_MORE, 0, "")
        return self.no_more

    async def read(
        self,
        connection: asyncpg.Connection,
        files: Iterable[str],
        holders: Iterable[str],
        no_more: Iterable[str],
    ) -> None:
        """Read what has not been read yet."""
        for key in files:
            if key not in self.files:
                self.files[key] = await read_file(connection, *key.split("/"))
        for key in holders:
            if key not in self.holders:
                asset, _, at = key.rpartition("@")
                self.holders[key] = await holders_at(connection, asset, datetime.fromisoformat(at))
        if no_more and self.no_more is None:
            self.no_more = await members_no_more(connection)


async def members_no_more(connection: asyncpg.Connection) -> dict[int, int]:
    """The numbers of accounts that are no more, with the one that stays in the end; 0 where that person was erased."""
    merged = await merged_members(connection)
    erased = {row[0] for row in await connection.fetch("SELECT id FROM member WHERE erased")}
    return gone_of(merged, erased)


def gone_of(merged: Mapping[int, int], erased: AbstractSet[int]) -> dict[int, int]:
    """Accounts that have become part of others or whose person was erased, with the one that stays; 0 for nobody."""
    stay = {number: 0 if stays in erased else stays for number, stays in merged.items()}
    return stay | dict.fromkeys(erased, 0)


async def merged_members(connection: asyncpg.Connection) -> dict[int, int]:
    """The numbers of accounts that have become part of another, with the one that stays in the end; events go on naming
    the old ones."""
    # Who became part of somebody that later became part of another himself is named by both.
    rows = await connection.fetch(
        "SELECT unnest(absorbed), id FROM member WHERE absorbed IS NOT NULL AND merged_into IS NULL"
    )
    return {row[0]: row[1] for row in rows}


def holders_key(asset: str, at: datetime) -> str:
    return f"{asset}@{at.isoformat()}"


async def read_file(connection: asyncpg.Connection, campaign: str, mechanic: str, name: str) -> str | None:
    """A file that a mechanic has written, or None."""
    found: str | None = await connection.fetchval(
        "SELECT body FROM mechanic_file WHERE campaign = $1 AND mechanic = $2 AND name = $3",
        campaign, mechanic, name,
    )  # fmt: skip
    return found


async def write_files(connection: asyncpg.Connection, written: Mapping[str, str]) -> None:
    """Keep the files of a batch."""
    if written:
        await connection.executemany(
            "INSERT INTO mechanic_file (campaign, mechanic, name, body) VALUES ($1, $2, $3, $4)",
            [(*key.split("/"), text) for key, text in written.items()],
        )
