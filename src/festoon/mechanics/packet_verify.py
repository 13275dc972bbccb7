"""Replay a pool of red packets from what its outcomes keep: does every packet follow from the seed and the one before?

The packets are numbered in the order they were opened in. The first was opened on the coins that the plan lays
out; each later one on what the one before left. So a packet cannot be left out, moved or made larger.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from festoon.base.errors import define
from festoon.mechanics.draw_verify import (
    NOT_COMMITTED,
    UNREADABLE,
    WRONG_ROLL,
    Finding,
    Verdict,
    committed,
    seed_of,
    verdict_of,
)
from festoon.mechanics.fairness import epoch_key, roll
from festoon.mechanics.packet_split import Coins, Slot, amount
from festoon.mechanics.red_packet import HIT

NOT_NEXT = define(
    "fairness.packet_not_next",
    409,
    "packet {found} comes where packet {wanted} should",
    "此处应为第{wanted}个红包，记录却是第{found}个",
)
OTHER_COINS = define(
    "fairness.packet_other_coins",
    409,
    "packet {number} was opened on other coins than the one before left",
    "第{number}个红包开启时的余额与上一个红包之后的不符",
)
OTHER_AMOUNT = define(
    "fairness.packet_other_amount",
    409,
    "packet {number} holds {stated}, and its coins make {found}",
    "第{number}个红包记为{stated}，按其组成应为{found}",
)
OTHER_LEAST = define(
    "fairness.packet_other_least",
    409,
    "packet {number} begins with {stated}, and every packet holds at least {least}",
    "第{number}个红包以{stated}起，而每个红包至少为{least}",
)
WRONG_ODDS = define(
    "fairness.packet_wrong_odds",
    409,
    "a roll of {roll} with odds of {odds} says otherwise",
    "点数{roll}、概率{odds}与记录的结果不符",
)


class PoolHead(Struct, frozen=True):
    """The first line of a published pool: into how many packets it was split, what each holds at the `least`, and the
    coins that are dealt beyond that, as the plan lays them out."""

    draw: str
    packets: int
    least: int
    coins: tuple[Coins, ...]


class PacketRecord(Struct, frozen=True, omit_defaults=True):
    """One try, as its outcome keeps it. `number` is 0 and `coins` empty when it got no packet; `odds` are missing when
    every try gets one. `draw` is `campaign/mechanic`, `member` the internal number."""

    draw: str
    member: int
    play: int
    epoch: str = ""
    odds: tuple[int, int] = (1, 1)
    roll: int | None = None
    number: int = 0
    left: int = 0
    least: int = 0
    amount: int = 0
    coins: tuple[Slot, ...] = ()


def record_of(draw: str, member: int, note: Mapping[str, Any]) -> PacketRecord:
    """The record to publish of a try, from the note that its stored outcome keeps."""
    return msgspec.convert({**note, "draw": draw, "member": member}, PacketRecord)


def verify(
    records: Iterable[PacketRecord], key: bytes, coins: Sequence[Coins], packets: int, before: int = 0
) -> list[Finding]:
    """What does not hold, by line. `records` are all tries in the order they were decided in, `packets` how many the
    plan lays out, `coins` those that are left after the `before` packets of earlier epochs, `key` the epoch's."""
    found: list[Finding] = []
    purse = [kind.count for kind in coins]
    opened = before
    for line, record in enumerate(records, 1):
        found += (Finding(line, code, data) for code, data in _try(record, key))
        if not record.number:
            continue
        opened += 1
        found += (
            Finding(line, code, data) for code, data in _packet(record, opened, purse, packets - opened + 1)
        )
        worths = [kind.worth for kind in coins]
        if [slot.worth for slot in record.coins] != worths:
            found.append(Finding(line, OTHER_COINS, {"number": record.number}))
        purse = [slot.left - slot.full for slot in record.coins]
    return found


def _try(record: PacketRecord, key: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Whether the seed makes the rolls of a try."""
    rolls = [(HIT, record.odds[1], record.roll)]
    rolls += [(f"coin/{index}", record.left, slot.roll) for index, slot in enumerate(record.coins)]
    for label, bound, stated in rolls:
        if stated is None:
            continue
        made = roll(key, record.draw, record.member, record.play, label, bound)
        if made != stated:
            yield WRONG_ROLL, {"stated": stated, "found": made}
    over, under = record.odds
    hit = over >= under or (record.roll is not None and record.roll < over)
    if hit != bool(record.number):
        yield WRONG_ODDS, {"roll": record.roll, "odds": f"{over}/{under}"}


def _packet(
    record: PacketRecord, number: int, purse: Sequence[int], left: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Whether a packet is the next one, and holds what its coins make."""
    if record.number != number or record.left != left:
        yield NOT_NEXT, {"found": record.number, "wanted": number}
    certain = all((slot.roll is None) == (slot.left in (0, record.left)) for slot in record.coins)
    if [slot.left for slot in record.coins] != list(purse) or not certain:
        yield OTHER_COINS, {"number": record.number}
    made = amount(record.least, record.coins)
    if made != record.amount:
        yield OTHER_AMOUNT, {"number": record.number, "stated": record.amount, "found": made}


def verify_packets(
    path: Path,
    seed_hex: str,
    public: str,
    commitment: str,
    earlier: Sequence[Path] = (),
) -> Verdict:
    """Check a published pool. `earlier` are the files of its epochs before this one, in order: their packets count, and
    are not checked themselves.

    Raises Invalid for what is no seed, OSError for a file that cannot be read.
    """
    seed = seed_of(seed_hex)
    if not committed(seed, commitment):
        return verdict_of([Finding(0, NOT_COMMITTED, {"commitment": commitment})], 0)
    try:
        head, records = _read(path)
        before = [record for file in earlier for record in _read(file)[1] if record.number]
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        return verdict_of([Finding(0, UNREADABLE, {"problem": str(problem)})], 0)
    purse = [
        Coins(kind.worth, kind.count - sum(record.coins[place].full for record in before if record.coins))
        for place, kind in enumerate(head.coins)
    ]
    found = verify(records, epoch_key(seed, public), purse, head.packets, len(before))
    found += (
        Finding(line, OTHER_LEAST, {"number": record.number, "stated": record.least, "least": head.least})
        for line, record in enumerate(records, 1)
        if record.number and record.least != head.least
    )
    return verdict_of([Finding(each.line + 1, each.code, each.data) for each in found], len(records))


def _read(path: Path) -> tuple[PoolHead, list[PacketRecord]]:
    lines = path.read_bytes().splitlines()
    head = msgspec.json.decode(lines[0] if lines else b"", type=PoolHead)
    return head, [msgspec.json.decode(line, type=PacketRecord) for line in lines[1:]]


def of_a_pool(path: Path) -> bool:
    """Whether a published file is the record of a pool. Raises OSError."""
    with path.open("rb") as lines:
        try:
            msgspec.json.decode(lines.readline(), type=PoolHead)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return False
    return True
