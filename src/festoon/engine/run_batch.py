"""Run a batch of events: lock, read, decide, post, answer. Read this file first.

A batch is one database transaction. What comes back is, for every event, the stored outcome: the one just written,
or the one it got the first time it was sent. If the transaction does not commit, nothing has happened at all.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from itertools import groupby

import asyncpg
from msgspec import Struct
from msgspec.structs import replace

from festoon.base.errors import FestoonError, Unavailable, define
from festoon.base.events import Event
from festoon.engine import load
from festoon.engine.answer import Answer
from festoon.engine.deciding import Deciding, horizon
from festoon.engine.engine import Engine
from festoon.engine.hints import keys_for, keys_of
from festoon.engine.joining import named
from festoon.engine.keys import Keys
from festoon.engine.kin import name_all, read_ids
from festoon.engine.members import Found, Unnamed, known, look_up, with_new
from festoon.engine.merged_rows import forward_timers
from festoon.engine.merging import MERGE, NotLocked
from festoon.engine.missing import Missing
from festoon.engine.post import STATEMENTS, GuardFailed, post
from festoon.engine.selects import Locking
from festoon.store.script import COMMIT, prepare

POISON = define(
    "event.not_storable",
    400,
    "the store cannot hold this event: {reason}",
    "数据库无法保存该事件：{reason}",
    todo="correct the event's data and send it again",
    todo_zh="请修正事件数据后重新发送",
)
CONTENDED = define(
    "engine.contended",
    503,
    "too many events want the same accounts right now",
    "当前同一账户上的请求过多",
    todo="send the event again; nothing has happened",
    todo_zh="请重新发送，本次没有产生任何影响",
)
MEMBER_BUSY = define(
    "engine.member_busy",
    503,
    "another process is deciding events of this member",
    "另一进程正在处理该会员的事件",
    todo="send the event again; nothing has happened",
    todo_zh="请重新发送，本次没有产生任何影响",
)
BUSY = Unavailable(MEMBER_BUSY)
"""What becomes of an event whose member was not free, when only free ones were asked for."""
TRIES = 12


class Manner(Struct, frozen=True):
    """How a batch treats those beside it. With `only_free`, members whom another process has locked are not looked at,
    and their events are turned away as `BUSY`. `end` is how its transaction ends: see `store/script.py`."""

    only_free: bool = False
    end: str = COMMIT


PATIENT = Manner()


class Learned(Struct):
    """What earlier attempts at the same batch have taught."""

    apart: bool = False
    """Whether members have to be looked up before they are locked."""
    numbers: dict[str, int] = {}
    """The numbers of members made in an attempt: they keep them."""
    hot: frozenset[str] = frozenset()
    """Shared accounts to lock from the start."""
    merging: frozenset[int] = frozenset()
    """Members who are about to become part of others."""


class ProgramMoved(Exception):
    """What runs was published anew since this process last looked."""


async def run_batch(
    engine: Engine,
    connection: asyncpg.Connection,
    events: Sequence[Event],
    wake: Sequence[int] = (),
    manner: Manner = PATIENT,
) -> list[Answer]:
    """Decide and store a batch, and return one answer per event, in order. `wake` are members whose timers are due.

    Raises what the connection raises when the store is gone; then nothing was stored that was not answered.
    """
    await prepare(connection, STATEMENTS)
    learned = Learned()
    for attempt in range(TRIES):
        try:
            return await _once(engine, connection, events, wake, manner, learned)
        except NotLocked as other:
            if len(events) > 1:
                return await _one_by_one(engine, connection, events, wake, manner)
            wake, manner = [*wake, *other.numbers], PATIENT
            learned.merging |= other.numbers
        except NoMore as gone:
            engine.forget(gone.numbers)
            wake = [
                await forward_timers(connection, number) if number in gone.numbers else number
                for number in wake
            ]
            learned.merging = frozenset()
        except Unnamed:
            learned.apart = True
        except ProgramMoved:
            await engine.reload(connection)
        except WantsLocks as wants:
            learned.hot |= wants.accounts
        except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.LockNotAvailableError):
            await asyncio.sleep(random.random() * 0.01 * (attempt + 1))
        except asyncpg.CheckViolationError as full:
            if "no partition" not in str(full):
                raise
            await connection.fetchval("SELECT journal_extend(2)")
        except (asyncpg.DataError, asyncpg.UniqueViolationError, UnicodeEncodeError, OverflowError) as bad:
            return await _split(engine, connection, events, wake, manner, bad)
    busy = Unavailable(CONTENDED)
    return [Answer("turned_away", error=busy) for _ in events]


class WantsLocks(Exception):
    """Decide again with these shared accounts locked from the start."""

    def __init__(self, accounts: frozenset[str]) -> None:
        super().__init__(accounts)
        self.accounts = accounts


class NoMore(Exception):
    """These members have become part of others since somebody last looked, or were erased."""

    def __init__(self, numbers: frozenset[int]) -> None:
        super().__init__(numbers)
        self.numbers = numbers


async def _once(
    engine: Engine,
    connection: asyncpg.Connection,
    events: Sequence[Event],
    wake: Sequence[int],
    manner: Manner,
    learned: Learned,
) -> list[Answer]:
    try:
        # 1 lock, and read in a later statement of the same call
        names = [event.key for event in events]
        found, keys, first = await _lock_and_read(engine, connection, events, names, wake, manner, learned)
        _check(engine, first.version, first.members, found.numbers)

        # 2 what that turned up: members who are busy elsewhere, accounts that are one by now, timers
        now = engine.now()
        loaded = load.Loaded(engine.program, first.members, found.fresh, now)
        loaded.merging = learned.merging
        free, refused = _free(found, loaded)
        deciding = Deciding(engine, loaded, free, events, names, now)
        if keys.rare and (refused or first.named):
            keys = keys_for(engine.program, deciding.named(), found.fresh)
        await loaded.take_first(connection, keys, first)
        if learned.hot:  # after whatever was read of them without a lock
            await loaded.lock_shared(connection, learned.hot)
        if loaded.kin:
            await loaded.read_claims(connection, deciding.wanted())
            await read_ids(connection, loaded)
            deciding.join_claims()
        if timers := loaded.timers():
            await loaded.read(connection, keys_of(engine.program, timers, found.fresh))

        # 3 decide: pure; what turns out to be missing is read, and everything decided again from what was read
        asked = Keys()
        while missing := await _decide(deciding, loaded):
            if missing.locks:
                raise WantsLocks(missing.locks | loaded.exact() | deciding.touched_shared())
            if missing.keys == asked:
                raise LookupError(f"a mechanic asks for what there is not: {asked}")
            asked = missing.keys
            await _read(connection, loaded, asked)

        # 4 post: the journal, members' rows, last of all the shared accounts, and commit
        try:
            await post(connection, engine.program, deciding.world, deciding.rows, deciding.fired, manner.end)
        except GuardFailed:
            raise WantsLocks(deciding.touched_shared()) from None
    except BaseException:
        if not connection.is_closed():
            await asyncio.shield(connection.execute("ROLLBACK"))
        raise

    # 5 answer
    engine.remember(found.numbers)
    return deciding.answers(refused)


async def _lock_and_read(
    engine: Engine,
    connection: asyncpg.Connection,
    events: Sequence[Event],
    names: Sequence[bytes],
    wake: Sequence[int],
    manner: Manner,
    learned: Learned,
) -> tuple[Found, Keys, load.First]:
    """The program is locked, shared, then the batch's members in id order; then what was decided before is read, due
    timers, and what the events will probably look at. Who turns out to be new is made."""
    await load.begin(connection)
    numbers, unnamed = known(engine, events)
    if unnamed and learned.apart:
        numbers, unnamed = await look_up(connection, numbers, unnamed)
    numbered = [numbers[event.subject] for event in events]
    keys = keys_for(engine.program, zip(numbered, events, strict=True), frozenset())
    members = {number for number in numbers.values() if number > 0}.union(wake)
    until = horizon(engine, events, engine.now())
    locking = Locking(members, unnamed, until, manner.only_free)
    claims = [*zip(numbered, names, strict=True)]
    first = await load.lock_and_read(connection, engine.program, locking, keys, claims)
    found = Found(numbers, frozenset(), {})
    if unnamed:
        found = await _all_named(engine, connection, events, found, first, unnamed, learned)
    return found, keys, first


async def _all_named(
    engine: Engine,
    connection: asyncpg.Connection,
    events: Sequence[Event],
    found: Found,
    first: load.First,
    unnamed: Sequence[str],
    learned: Learned,
) -> Found:
    """The numbers of everybody. Who is new has nothing that could have been read."""
    named = dict(zip(unnamed, first.named, strict=True))
    numbers = {
        subject: number
        for subject, given in found.numbers.items()
        if (number := named.get(subject, given)) is not None
    }
    found = replace(found, numbers=numbers)
    new = [subject for subject, number in named.items() if number is None]
    if new:
        found = await with_new(engine, connection, events, found, new, learned.numbers)
        first.members.extend(
            load.new_member(subject, found.numbers[subject]) for subject in new if subject in found.numbers
        )
    return found


def _check(engine: Engine, version: int, members: Sequence[load.Locked], numbers: Mapping[str, int]) -> None:
    """Raises ProgramMoved and NoMore: what was known before the locks were granted no longer holds. Who was erased has
    timers still, and no name."""
    if version != engine.program.version:
        raise ProgramMoved
    if odd := [member for member in members if member.merged_into or member.erased]:
        named = set(numbers.values())
        gone = [member.number for member in odd if member.merged_into or member.number in named]
        if gone:
            raise NoMore(frozenset(gone))


async def _decide(deciding: Deciding, loaded: load.Loaded) -> Missing:
    """An appointment may look at everybody: then beside the loop, which goes on with other batches."""
    return await asyncio.to_thread(deciding.decide) if loaded.lists.large else deciding.decide()


async def _read(connection: asyncpg.Connection, loaded: load.Loaded, asked: Keys) -> None:
    if asked.whole:
        await name_all(connection, loaded, asked)
    await loaded.read(connection, asked)


def _free(found: Found, loaded: load.Loaded) -> tuple[dict[str, int], dict[str, FestoonError]]:
    """The members who were locked; and who is turned away, because he is not known or was not free."""
    locked = loaded.members.keys()
    if locked >= set(found.numbers.values()):
        return found.numbers, found.refused
    free = {subject: number for subject, number in found.numbers.items() if number in locked}
    return free, found.refused | dict.fromkeys(found.numbers.keys() - free.keys(), BUSY)


async def _one_by_one(
    engine: Engine,
    connection: asyncpg.Connection,
    events: Sequence[Event],
    wake: Sequence[int],
    manner: Manner,
) -> list[Answer]:
    """A merge wants its batch to itself: the events before it, each merge alone, and those after it."""
    answers: list[Answer] = []
    for _, part in groupby(enumerate(events), lambda each: each[0] if _merges(each[1]) else -1):
        answers += await run_batch(engine, connection, [event for _, event in part], wake, manner)
        wake = ()
    return answers


def _merges(event: Event) -> bool:
    """Whether an event may make another member part of its own."""
    return event.type == MERGE or bool(named(event))


async def _split(
    engine: Engine,
    connection: asyncpg.Connection,
    events: Sequence[Event],
    wake: Sequence[int],
    manner: Manner,
    bad: Exception,
) -> list[Answer]:
    """The store would not take the batch: halve it until the bad event stands alone, and its neighbours go in."""
    if len(events) == 1:
        return [Answer("turned_away", error=FestoonError(POISON, reason=str(bad).partition("\n")[0]))]
    if not events:
        raise bad
    half = len(events) // 2
    first = await run_batch(engine, connection, events[:half], wake, manner)
    return first + await run_batch(engine, connection, events[half:], (), manner)
