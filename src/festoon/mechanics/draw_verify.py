"""Replay a published draw: does every number, every prize and every ordinal follow from what was published?

What cannot be seen from a record alone is whether a prize was really out when it says so. The verdict
therefore counts what was given and lists the rules that were played by, to be held against what was promised.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from festoon.base.errors import Invalid, define, text_of
from festoon.mechanics.draw_record import PlayRecord
from festoon.mechanics.draw_table import Miss, Row, Settled, SoldOut, misses_after, pick, settle
from festoon.mechanics.fairness import SEED_BYTES, commit, epoch_key, gift_label, roll

SEED_MALFORMED = define(
    "fairness.seed_malformed", 400, "a seed is written as 64 hexadecimal digits", "种子应为 64 位十六进制数"
)
NOT_COMMITTED = define(
    "fairness.not_committed",
    409,
    "this seed is not the one that was committed to: its SHA-256 is not {commitment}",
    "该种子与事先公布的承诺不符：其 SHA-256 不是 {commitment}",
)
UNREADABLE = define(
    "fairness.unreadable",
    409,
    "this line is not the record of a play: {problem}",
    "该行不是有效的抽奖记录：{problem}",
)
OTHER_DRAW = define(
    "fairness.other_draw",
    409,
    "this play is of {draw} in epoch {epoch}, unlike the first of the file",
    "该记录属于 {draw} 的周期 {epoch}，与文件首条不同",
)
PLAY_MISSING = define(
    "fairness.play_missing",
    409,
    "play {play} of member {member} follows play {last}: what lies between was left out",
    "会员 {member} 的第 {play} 次紧接第 {last} 次，中间的记录缺失",
)
PLAY_REPEATED = define(
    "fairness.play_repeated",
    409,
    "play {play} of member {member} comes after play {last}: it was played twice or put in another order",
    "会员 {member} 的第 {play} 次出现在第 {last} 次之后：重复或顺序被改动",
)
WRONG_TABLE = define(
    "fairness.wrong_table", 409, "the record is not sound: {problem}", "该记录自相矛盾：{problem}"
)
WRONG_ROLL = define(
    "fairness.wrong_roll",
    409,
    "the roll is {stated}, and the seed makes it {found}",
    "记录的点数是 {stated}，按种子应为 {found}",
)
WRONG_ROW = define(
    "fairness.wrong_row",
    409,
    "roll {roll} falls on {found}, not on {stated}",
    "点数 {roll} 对应 {found}，而不是 {stated}",
)
WRONG_PRIZE = define(
    "fairness.wrong_prize",
    409,
    "by the policy {policy} this play gives {found}, not {stated}",
    "按规则 {policy} 应得 {found}，而不是 {stated}",
)
WRONG_MISSES = define(
    "fairness.wrong_misses",
    409,
    "{stated} misses are stated before this play, and there were {found}",
    "记录此前连续未中 {stated} 次，实际为 {found} 次",
)
WRONG_AMOUNT = define(
    "fairness.wrong_amount",
    409,
    "the amount of gift {gift} is {stated}, and the seed makes it {found}",
    "第 {gift} 项赠品数量记为 {stated}，按种子应为 {found}",
)

LISTED = 1000
"""So many findings are kept of a file; all are counted."""


class Finding(Struct, frozen=True):
    """Something that does not hold. `line` counts from 1; 0 is the whole."""

    line: int
    code: str
    data: dict[str, Any] = {}

    def text(self, language: str = "en") -> str:
        """One sentence for the reader; the line comes first when there is one."""
        said = text_of(self.code, self.data, language)
        if not self.line:
            return said
        return f"line {self.line}: {said}" if language == "en" else f"第 {self.line} 行：{said}"


class Rules(Struct, frozen=True):
    """What some plays went by. `guarantee` is the prize, the misses it takes, and what a miss is."""

    policy: SoldOut
    table: tuple[Row, ...]
    guarantee: tuple[str, int, Miss] | None


class Verdict(Struct):
    """What came of checking a file. `findings` are the first of the `found` there were.

    `given` counts what was given, `rules` the plays by each set of rules.
    """

    plays: int = 0
    found: int = 0
    findings: list[Finding] = []
    given: dict[str, int] = {}
    rules: list[tuple[Rules, int]] = []

    @property
    def holds(self) -> bool:
        return self.found == 0


def verdict_of(findings: list[Finding], plays: int) -> Verdict:
    """The verdict on a file that was looked at whole."""
    return Verdict(plays, len(findings), findings[:LISTED])


class Verifier:
    """Checks plays one after another. `earlier` are the plays of the draw's epochs before this one."""

    def __init__(self, key: bytes, earlier: Iterable[PlayRecord] = ()) -> None:
        self.key = key
        self.first: tuple[str, str] | None = None
        self.last: dict[int, tuple[int, int | None]] = {}
        """By member: his last play, and his misses in a row after it (None: not to be told)."""
        for record in earlier:
            self._remember(record)
        self.from_the_start = bool(self.last)

    def check(self, line: int, record: PlayRecord) -> Iterator[Finding]:
        """What does not hold of one play."""
        for code, data in self._problems(record):
            yield Finding(line, code, {"member": record.member, "play": record.play, **data})
        self._remember(record)

    def _problems(self, record: PlayRecord) -> Iterator[tuple[str, dict[str, Any]]]:
        yield from self._order(record)
        if problem := record.problem():
            yield WRONG_TABLE, {"problem": problem}
            return  # nothing can be said of a roll on a table that is none
        rolled = self._roll(record, "", record.total)
        if rolled != record.roll:
            yield WRONG_ROLL, {"stated": record.roll, "found": rolled}
        if (row := pick(record.table, rolled)) != record.rolled:
            yield WRONG_ROW, {"roll": rolled, "stated": record.rolled, "found": row}
        settled = settle(record.table, row, record.policy, record.out.get, record.guarantee, record.swaps)
        if settled != record.settled:
            yield (
                WRONG_PRIZE,
                {"policy": record.policy, "stated": _said(record.settled), "found": _said(settled)},
            )
        for gift, low, high, amount in record.amounts:
            found = low + self._roll(record, gift_label(gift), high - low + 1)
            if found != amount:
                yield WRONG_AMOUNT, {"gift": gift, "stated": amount, "found": found}

    def _order(self, record: PlayRecord) -> Iterator[tuple[str, dict[str, Any]]]:
        draw = (record.draw, record.epoch)
        if self.first is None:
            self.first = draw
            self.from_the_start |= record.epoch == "campaign"
        if draw != self.first:
            yield OTHER_DRAW, {"draw": record.draw, "epoch": record.epoch}
        known = self.last.get(record.member, (0, 0) if self.from_the_start else None)
        if known is None:
            return
        last, misses = known
        if record.play > last + 1:
            yield PLAY_MISSING, {"last": last}
        elif record.play <= last:
            yield PLAY_REPEATED, {"last": last}
        elif record.guarantee is not None and misses not in (None, record.guarantee.misses):
            yield WRONG_MISSES, {"stated": record.guarantee.misses, "found": misses}

    def _roll(self, record: PlayRecord, label: str, bound: int) -> int:
        return roll(self.key, record.draw, record.member, record.play, label, bound)

    def _remember(self, record: PlayRecord) -> None:
        last, misses = self.last.get(record.member, (0, 0))
        if record.problem():
            misses = None
        elif record.guarantee is not None:
            misses = misses_after(record.table, record.settled, record.guarantee)
        self.last[record.member] = (max(last, record.play), misses)


def _said(settled: Settled) -> str:
    chance = "" if settled.uses_chance else ", chance kept"
    return f"{settled.given} ({settled.reason or 'as rolled'}{chance})"


def verify(
    published: Iterable[PlayRecord],
    seed: bytes,
    public: str,
    commitment: str,
    earlier: Iterable[PlayRecord] = (),
) -> list[Finding]:
    """Everything that does not hold of an epoch's plays; empty when all of it does.

    `seed` is the revealed one, `public` the public value it was mixed with, `commitment` what was published
    before. With a seed that was not committed to, nothing else is looked at.
    """
    if not committed(seed, commitment):
        return [Finding(0, NOT_COMMITTED, {"commitment": commitment})]
    verifier = Verifier(epoch_key(seed, public), earlier)
    return [found for line, record in enumerate(published, 1) for found in verifier.check(line, record)]


def committed(seed: bytes, commitment: str) -> bool:
    """Whether a seed is the one whose hash was published."""
    return len(seed) == SEED_BYTES and commit(seed) == commitment.strip().lower()


OnProgress = Callable[[int, int], None]
"""Called now and then with the bytes read and the bytes there are."""


def verify_file(
    path: Path,
    seed_hex: str,
    public: str,
    commitment: str,
    on_progress: OnProgress,
    earlier: Sequence[Path] = (),
) -> Verdict:
    """Check a published file (NDJSON, one play a line) without reading it into memory at once.

    `earlier` are the files of the draw's epochs before this one, in order: with them it is also checked that
    every member's plays go on where they had stopped (they are not checked themselves). Raises Invalid for a
    seed that is not 64 hexadecimal digits, OSError for a file that cannot be read.
    """
    seed = seed_of(seed_hex)
    verdict = Verdict()
    if not committed(seed, commitment):
        _note(verdict, [Finding(0, NOT_COMMITTED, {"commitment": commitment})])
        return verdict
    before = (record for file in earlier for _, record in _records(file) if isinstance(record, PlayRecord))
    verifier = Verifier(epoch_key(seed, public), before)
    rules: Counter[Rules] = Counter()
    size, done = path.stat().st_size, 0
    for line, (length, record) in enumerate(_records(path), 1):
        done += length
        if isinstance(record, str):
            _note(verdict, [Finding(line, UNREADABLE, {"problem": record})])
        else:
            _note(verdict, verifier.check(line, record))
            verdict.plays += 1
            verdict.given[record.given] = verdict.given.get(record.given, 0) + 1
            rules[_rules(record)] += 1
        if line % 1000 == 0:
            on_progress(done, size)
    on_progress(done, size)
    verdict.rules = rules.most_common()
    return verdict


def _rules(record: PlayRecord) -> Rules:
    promise = record.guarantee
    guarantee = None if promise is None else (promise.prize, promise.after, promise.miss)
    return Rules(record.policy, record.table, guarantee)


def seed_of(seed_hex: str) -> bytes:
    """A seed from its 64 hexadecimal digits. Raises Invalid."""
    try:
        seed = bytes.fromhex(seed_hex)
    except ValueError:
        raise Invalid(SEED_MALFORMED) from None
    if len(seed) != SEED_BYTES:
        raise Invalid(SEED_MALFORMED)
    return seed


def _records(path: Path) -> Iterator[tuple[int, PlayRecord | str]]:
    """The length of each line, and its record or what is wrong with it."""
    decoder = msgspec.json.Decoder(PlayRecord)
    with path.open("rb") as lines:
        for line in lines:
            try:
                yield len(line), decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as problem:
                yield len(line), str(problem)


def _note(verdict: Verdict, findings: Iterable[Finding]) -> None:
    for finding in findings:
        verdict.found += 1
        if len(verdict.findings) < LISTED:
            verdict.findings.append(finding)
