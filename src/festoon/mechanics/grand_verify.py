"""Draw a published grand draw again, from the list of tickets and the revealed seed, and compare."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from festoon.base.errors import define
from festoon.mechanics.draw_verify import (
    NOT_COMMITTED,
    UNREADABLE,
    Finding,
    Verdict,
    committed,
    seed_of,
    verdict_of,
)
from festoon.mechanics.fairness import epoch_key, roll
from festoon.mechanics.grand_record import GrandHead, GrandWin
from festoon.mechanics.lots import TICKET, Holders, digest, draw, read_list

OTHER_LIST = define(
    "fairness.other_list",
    409,
    "this is not the list of tickets that was frozen: its SHA-256 is {found}, and {stated} was published",
    "奖券名单与冻结时公布的不符：其 SHA-256 为 {found}，公布的是 {stated}",
)
LIST_UNREADABLE = define(
    "fairness.list_unreadable",
    409,
    "this is no list of tickets: {problem}",
    "这不是有效的奖券名单：{problem}",
)
OTHER_COUNT = define(
    "fairness.other_count",
    409,
    "{stated} tickets of {holders} members are stated, and the list has {found} of {members}",
    "记录为{holders}位会员的{stated}张奖券，名单中为{members}位会员的{found}张",
)
MERGED_TWICE = define(
    "fairness.merged_twice",
    409,
    "the account {account} is said to be part of two others, or of one that is part of another itself",
    "账号{account}被记录为并入两个账号，或并入了已被合并的账号",
)
OTHER_WINNER = define(
    "fairness.other_winner",
    409,
    "place {place} goes to {found}, not to {stated}",
    "第{place}名应为{found}，而不是{stated}",
)
WINNERS_MISSING = define(
    "fairness.winners_missing",
    409,
    "{found} winners are stated, and there are {wanted}",
    "记录了{found}位中奖者，应有{wanted}位",
)


def verify_grand(record: Path, tickets: Path, seed_hex: str, public: str, commitment: str) -> Verdict:
    """Check a published grand draw.

    `record` is the file of the winners, `tickets` the list as it was frozen. Raises Invalid for what is no seed,
    OSError for a file that cannot be read.
    """
    seed = seed_of(seed_hex)
    if not committed(seed, commitment):
        return verdict_of([Finding(0, NOT_COMMITTED, {"commitment": commitment})], 0)
    lines = record.read_bytes().splitlines()
    try:
        head = msgspec.json.decode(lines[0] if lines else b"", type=GrandHead)
        won = [msgspec.json.decode(line, type=GrandWin) for line in lines[1:]]
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        return verdict_of([Finding(0, UNREADABLE, {"problem": str(problem)})], 0)
    text = tickets.read_bytes().decode(errors="replace")
    try:
        if (found := digest(text)) != head.list:
            return verdict_of([Finding(0, OTHER_LIST, {"found": found, "stated": head.list})], len(won))
        return verdict_of(list(_compared(head, won, read_list(text), epoch_key(seed, public))), len(won))
    except ValueError as problem:
        return verdict_of([Finding(0, LIST_UNREADABLE, {"problem": str(problem)})], len(won))


def _compared(head: GrandHead, stated: list[GrandWin], holders: Holders, key: bytes) -> Iterator[Finding]:
    if (holders.tickets, len(holders.members)) != (head.tickets, head.members):
        counts: dict[str, Any] = {"stated": head.tickets, "holders": head.members}
        yield Finding(1, OTHER_COUNT, {**counts, "found": holders.tickets, "members": len(holders.members)})
    yield from _merged_twice(head)
    due = [prize for prize, count in head.prizes for _ in range(count)]
    again = draw(
        holders,
        lambda bound, play: roll(key, head.draw, head.member, play, TICKET, bound),
        len(due),
        dict(head.merged),
        head.erased,
    )
    wanted = [
        GrandWin(place, prize, ticket.play, ticket.ticket, ticket.member)
        for place, (prize, ticket) in enumerate(zip(due, again, strict=False), 1)
    ]
    for line, (found, said) in enumerate(zip(wanted, stated, strict=False), 2):
        if found != said:
            yield Finding(
                line, OTHER_WINNER, {"place": found.place, "found": _said(found), "stated": _said(said)}
            )
    if len(wanted) != len(stated):
        yield Finding(0, WINNERS_MISSING, {"found": len(stated), "wanted": len(wanted)})


def _merged_twice(head: GrandHead) -> Iterator[Finding]:
    """Accounts that stand twice where each stands once, with the one that stays in the end."""
    often = Counter(gone for gone, _ in head.merged)
    for gone, stay in head.merged:
        if often[gone] > 1 or stay in often:
            yield Finding(1, MERGED_TWICE, {"account": gone})


def _said(win: GrandWin) -> str:
    return f"{win.member} ({win.prize}, {win.ticket})"
