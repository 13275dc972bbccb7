"""Deciding on held rewards: somebody releases or voids one, or it lapses. Once, and with a line in the audit trail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from festoon.base.errors import Refused, define
from festoon.base.times import FOREVER
from festoon.engine.answered import answer
from festoon.engine.apply import (
    close_grant,
    grant_timer,
    item_timer,
    keep_waiting,
    put_item,
    start_lot_timers,
    start_timer,
    take_waiting,
)
from festoon.engine.aside import PROMISE, told_of
from festoon.engine.code_shelf import Code
from festoon.engine.outcome import Given, MechanicOutcome, Refusal
from festoon.engine.price import price_back, returned
from festoon.engine.progress import Progress
from festoon.engine.take_back import granted_of, mark_of, take_back, undone_of
from festoon.engine.things import made, of_a_batch
from festoon.engine.together import uncount
from festoon.engine.view import EventView
from festoon.engine.waiting import WAITS, amount_of, begun, spendable
from festoon.engine.world import Grant, Item, Trail
from festoon.ledger.book import post
from festoon.ledger.set_aside import given_back, posted
from festoon.ledger.transfers import Transfer
from festoon.members.appeal import APPEALED, appeal_of

NOT_HELD = define(
    "grant.not_held",
    200,
    "no reward is held under '{hold}'; if one was, it has been decided",
    "没有待处理的奖励“{hold}”，或已有处理结果",
)
AWAITS_VERDICT = define(
    "grant.awaits_verdict",
    200,
    "'{hold}' waits for a verdict of {mechanic}",
    "“{hold}”需等待{mechanic}的审核结果",
    todo="approve or reject what was handed in",
    todo_zh="请对会员提交的内容作出审核",
)
APPEALED_ALREADY = define(
    "grant.appealed_already",
    200,
    "you have appealed already; somebody looks at it",
    "已提交申诉，请等待处理结果",
)
ANSWER_MISSING = define(
    "grant.answer_missing",
    200,
    "the member has appealed: say what he is to be told",
    "会员已申诉，请填写给会员的答复",
    todo="decide again, with an answer to him",
    todo_zh="请填写答复后重新处理",
)
LAPSED = "lapsed"
NO_CODE_YET = timedelta(days=1)
"""When what cannot be released for want of a code is looked at again."""
READY = "festoon/pending"
"""In whose name what was pending becomes something to spend."""

Moved = tuple[MechanicOutcome, list[Transfer]]


def _release(view: EventView) -> Moved:
    return _given(view, _to_decide(view, view.event.data["hold"]), _said(view))


def _void(view: EventView) -> Moved:
    grant = _to_decide(view, view.event.data["hold"])
    if APPEALED in grant.data and not view.event.data.get("answer"):
        raise Refused(ANSWER_MISSING)
    return void(view, grant, _said(view))


def _said(view: EventView) -> dict[str, Any]:
    data = view.event.data
    told = {"answer": data["answer"]} if data.get("answer") else {}
    return {"reason": data["reason"], "by": data["decided_by"], **told}


def _appeal(view: EventView) -> Moved:
    """The member asks that somebody looks again. What he says is kept with what is personal, and nowhere else."""
    hold = view.event.data["hold"]
    grant = _to_decide(view, hold)
    if APPEALED in grant.data:
        raise Refused(APPEALED_ALREADY)
    at = view.now.isoformat()
    view.person.open_grants()[hold] = replace(grant, data={**grant.data, APPEALED: at})
    view.person.touched_grants.add(hold)
    view.person.personal |= appeal_of(hold, view.event.data["text"])
    view.person.touched_profile = True
    object_ = f"{view.subject}/{hold}"
    view.world.trail.append(Trail(view.now, "member", "grant.appealed", object_, grant.owner))
    return MechanicOutcome(grant.owner, [], {}, {"hold": hold, "appeal": "open"}), []


DECISIONS: dict[str, Callable[[EventView], Moved]] = {
    "grant.released": _release,
    "grant.voided": _void,
    "grant.appealed": _appeal,
}


def lapse(view: EventView, id: str) -> Moved | None:
    """What becomes of what nobody has decided on: a mechanic's own goes back when its campaign is settled; one that is
    held from a member as the plan says."""
    grant = view.person.open_grants().get(id)
    if grant is None:
        return None
    if grant.why == PROMISE:
        listener = view.program.by_key.get(grant.owner)
        if listener is not None and view.now < listener.settle:  # a later version settles later
            start_timer(view.person, grant_timer(grant, listener.settle))
            return None
    if grant.why == WAITS:
        return _spendable(view, grant)
    if grant.data.get("then") != "release":
        return void(view, grant, {"reason": LAPSED})
    try:
        return _given(view, grant, {"reason": LAPSED})
    except Refused as no:  # there is no code for its coupon: it waits until there is, or somebody decides
        start_timer(view.person, grant_timer(grant, view.now + NO_CODE_YET))
        return MechanicOutcome(grant.owner, refused=Refusal(no.code, no.data)), []


def _to_decide(view: EventView, id: str) -> Grant:
    """A held reward that a person may decide on. Raises Refused."""
    grant = view.person.open_grants().get(id)
    if grant is None or grant.why == WAITS:
        raise Refused(NOT_HELD, hold=id)
    if grant.why == PROMISE and grant.owner in view.program.by_key:
        raise Refused(AWAITS_VERDICT, hold=id, mechanic=grant.owner)
    return grant


def _given(view: EventView, grant: Grant, said: dict[str, Any]) -> Moved:
    """It goes on to the member: amounts, and things made now."""
    aside, zone = grant.aside, ZoneInfo(grant.aside.zone)
    given = told_of(aside, grant.owner, view, zone)
    items, told, codes = _made(view, grant, zone)
    given += told
    moves = posted(aside.legs, grant.owner, view.now, zone, view.program.expiring)
    done = _post(view, moves)
    view.world.codes.change(codes)
    keep_waiting(view.person, grant.owner, aside.zone, begun(aside.legs, view.now, zone), view.now)
    for item in items:
        put_item(view.person, item)
        if item.expires < FOREVER:
            start_timer(view.person, item_timer(item))
    granted = granted_of(
        given, mark_of(view.event, grant.owner), view.program.by_key.get(grant.owner), _drawn(grant).keys()
    )
    taken: dict[str, int] = {}
    if undone := undone_of(grant):
        back = take_back(view.person, granted, undone, (), grant.owner)
        done += _post(view, back.moves)
        take_waiting(view.person, back.unpended)
        uncount(back.freed, view)
        granted, taken = back.kept, back.taken
        said = {**said, **back.left_over}
    if name := grant.data.get("remembers"):
        progress = _progress(view, grant.owner)
        progress.granted = {**progress.granted, name: granted}
    return _closed(view, grant, "released", given, said, taken), done


def _made(
    view: EventView, grant: Grant, zone: ZoneInfo
) -> tuple[list[Item], list[Given], list[tuple[str, Code]]]:
    """The things of what was set aside, how they are told of, and the codes that coupons take. Raises Refused when
    there is no code left."""
    items: list[Item] = []
    given: list[Given] = []
    codes: list[tuple[str, Code]] = []
    for gift in grant.aside.items:
        before = sum(1 for item in items if (item.kind, item.ref) == (gift.kind, gift.ref))
        ahead = sum(1 for owner, _ in codes if owner == gift.codes)
        item, told = made(gift, grant.owner, zone, view, len(items), before)
        item, told, code = of_a_batch(gift, view, item, told, ahead)
        items.append(item)
        given.append(told)
        codes += code
    return items, given, codes


def _spendable(view: EventView, grant: Grant) -> Moved:
    """The time of what was pending has come."""
    done = _post(view, spendable(grant, view.program.expiring))
    close_grant(view.person, grant.id)
    amounts = {leg.asset: amount_of(grant, leg.asset) for leg in grant.aside.legs}
    return MechanicOutcome(READY, note={"ready": amounts, "of": grant.owner}), done


def void(view: EventView, grant: Grant, said: dict[str, Any]) -> Moved:
    """It goes back to where it came from, and counts towards no cap. What the member has paid for it comes back to him;
    what he used up for it stays used."""
    price = price_back(grant, view)
    done = _post(view, given_back(grant.aside.legs, grant.owner) + price)
    if grant.aside.capped and view.person.progress_of(grant.owner) is not None:
        progress = _progress(view, grant.owner)
        for name, amount in grant.aside.capped.items():
            progress.capped = {**progress.capped, name: max(progress.capped.get(name, 0) - amount, 0)}
    if grant.aside.drawn:
        uncount(_drawn(grant), view)
    return _closed(view, grant, "voided", [], {**said, **returned(price)}, {}), done


def _drawn(grant: Grant) -> dict[tuple[str, str], int]:
    """What counts towards caps that campaigns share."""
    return {(cap, within): amount for cap, within, amount in grant.aside.drawn}


def _closed(
    view: EventView,
    grant: Grant,
    decision: str,
    given: list[Given],
    said: dict[str, Any],
    taken: dict[str, int],
) -> MechanicOutcome:
    close_grant(view.person, grant.id)
    answer(grant, decision, said.get("answer", ""), view)
    score: dict[str, Any] = {name: grant.data[name] for name in ("score", "rules") if name in grant.data}
    note: dict[str, Any] = {"hold": grant.id, "decision": decision, **said, **score}
    if by := said.get("by"):
        object_ = f"{view.subject}/{grant.id}"
        view.world.trail.append(Trail(view.now, by, f"grant.{decision}", object_, grant.owner, note))
    return MechanicOutcome(grant.owner, given, taken, note)


def _post(view: EventView, moves: list[Transfer]) -> list[Transfer]:
    done = post(view.person.book, view.world.shared, moves, view.program.expiring)
    start_lot_timers(view.person)
    return list(done)


def _progress(view: EventView, owner: str) -> Progress:
    """The mechanic's progress, to be changed; in the shape it has."""
    known = view.person.progress_of(owner)
    return view.person.progress_to_change(owner, 1 if known is None else known.version)
