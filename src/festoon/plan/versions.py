"""What a new version of a plan changes, in words; and what it moves in or out of stock and budget.

A running campaign never changes under its members: an edit is a new version that is reviewed first. Whoever
reviews it reads here what becomes of progress, chances, stock and half-done tasks when it takes over.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from festoon.base.errors import template_of
from festoon.ledger.accounts import SharedAccount
from festoon.mechanics.base import NoState
from festoon.mechanics.registry import kind
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.learning_plan import Learning, Success
from festoon.plan.schema import BudgetLine, MechanicPlan, Plan
from festoon.plan.version_texts import TEXTS

Effect = Literal["", "carried_on", "kept_unused", "fresh", "refused"]
"""What becomes of what members have: it carries on, it is kept and has no use, it starts fresh.

`refused` is a change that cannot be made."""


class Change(Struct, frozen=True):
    """One difference. `what` names its text in `version_texts`, `data` fills it."""

    what: str
    path: str
    data: dict[str, Any] = {}
    effect: Effect = ""

    def text(self, language: str = "en") -> str:
        """The difference in one or two sentences."""
        said = template_of(TEXTS[self.what], language).format(**self.data)
        after = template_of(TEXTS[self.effect], language) if self.effect in TEXTS else ""
        return f"{said} {after}".rstrip() if not language.startswith("zh") else said + after


def compare(old: Plan, new: Plan) -> list[Change]:
    """Everything that differs, but for what concerns nobody, such as comments."""
    return [
        *_identity(old, new),
        *_schedule(old, new),
        *_audience(old, new),
        *_budget(old, new),
        *_stock(old, new),
        *_mechanics(old, new),
        *_experiments(old, new),
        *_sections(old, new),
    ]


def come_back(earlier: Sequence[Plan], old: Plan, new: Plan) -> list[Change]:
    """What `new` may not change about mechanics and experiments of earlier versions, the last one first, that `old` has
    left out: progress and arms were kept, and are carried on when their names come back."""
    mechanics = {id: each for plan in reversed(earlier) for id, each in plan.mechanics.items()}
    experiments = {name: each for plan in reversed(earlier) for name, each in plan.experiments.items()}
    before = replace(
        old,
        mechanics={id: each for id, each in mechanics.items() if id not in old.mechanics},
        experiments={name: each for name, each in experiments.items() if name not in old.experiments},
    )
    found = (*_mechanics(before, new), *_experiments(before, new))
    return [change for change in found if change.effect == "refused"]


def shared_deltas(old: CompiledCampaign | None, new: CompiledCampaign) -> list[tuple[SharedAccount, int]]:
    """What goes into each shared account (negative: comes out) when `new` takes over from `old`.

    An account that the new plan no longer has keeps what it holds.
    """
    before = {account.key: account.opening for account in old.shared} if old is not None else {}
    deltas = ((account, account.opening - before.get(account.key, 0)) for account in new.shared)
    return [(account, delta) for account, delta in deltas if delta]


def _identity(old: Plan, new: Plan) -> Iterator[Change]:
    if old.campaign != new.campaign:
        yield Change("campaign", "campaign", {"old": old.campaign, "new": new.campaign}, "refused")
    if old.budget.currency != new.budget.currency:
        data = {"old": old.budget.currency, "new": new.budget.currency}
        yield Change("currency", "budget.currency", data, "refused")
    if old.timezone != new.timezone:
        yield Change("timezone", "timezone", {"old": old.timezone, "new": new.timezone})


def _schedule(old: Plan, new: Plan) -> Iterator[Change]:
    for phase in ("warm_up", "start", "end", "settle", "archive"):
        before, after = getattr(old.schedule, phase), getattr(new.schedule, phase)
        if before != after:
            yield Change(
                "schedule", f"schedule.{phase}", {"phase": phase, "old": before or "—", "new": after or "—"}
            )
    if old.calendar != new.calendar:
        yield Change("calendar", "calendar")


def _audience(old: Plan, new: Plan) -> Iterator[Change]:
    if old.audience.when != new.audience.when:
        data = {"old": old.audience.when or "—", "new": new.audience.when or "—"}
        yield Change("audience", "audience.when", data)
    before, after = old.audience.holdout or Decimal(0), new.audience.holdout or Decimal(0)
    if before != after:
        data = {"old": f"{before:.2%}", "new": f"{after:.2%}"}
        yield Change("holdout_up" if after > before else "holdout_down", "audience.holdout", data)


def _budget(old: Plan, new: Plan) -> Iterator[Change]:
    before, after = ({name: _line(line) for name, line in plan.budget.lines.items()} for plan in (old, new))
    for name in dict.fromkeys((*before, *after)):
        path, was, is_ = f"budget.lines.{name}", before.get(name), after.get(name)
        if was is None or is_ is None:
            gone = is_ is None
            amount = f"{((was or is_) or BudgetLine(amount=Decimal(0))).amount:,f}"
            data = {"line": name, "amount": amount, "currency": new.budget.currency}
            yield Change("line_gone" if gone else "line_new", path, data, "kept_unused" if gone else "")
            continue
        if was.amount != is_.amount:
            delta = is_.amount - was.amount
            data = {
                "line": name,
                "delta": f"{delta:+,f}",
                "old": f"{was.amount:,f}",
                "new": f"{is_.amount:,f}",
            }
            yield Change("line_up" if delta > 0 else "line_down", path, data)
        if was.source != is_.source:
            yield Change("line_source", path, {"line": name, "old": was.source, "new": is_.source})


def _line(line: Decimal | BudgetLine) -> BudgetLine:
    return line if isinstance(line, BudgetLine) else BudgetLine(amount=line)


def _stock(old: Plan, new: Plan) -> Iterator[Change]:
    before, after = dict(_stocks(old)), dict(_stocks(new))
    for path in dict.fromkeys((*before, *after)):
        was, is_ = before.get(path), after.get(path)
        if path in before and path in after and was != is_ and was is not None and is_ is not None:
            data = {"name": path, "delta": f"{is_ - was:+,d}", "old": was, "new": is_}
            yield Change("stock_up" if is_ > was else "stock_down", path, data)


def _stocks(plan: Plan) -> Iterator[tuple[str, int | None]]:
    for section in ("coupons", "badges", "items", "gifts"):
        for name, thing in getattr(plan, section).items():
            yield f"{section}.{name}", getattr(thing, "edition", None) or thing.stock
    for id, mechanic in plan.mechanics.items():
        yield f"mechanics.{id}.limits.total", mechanic.limits.total
        yield f"mechanics.{id}.single", getattr(getattr(mechanic.params, "single", None), "count", None)
        for prize in getattr(mechanic.params, "prizes", ()):
            yield f"mechanics.{id}.prizes.{prize.id}", getattr(prize, "stock", getattr(prize, "count", None))


def _mechanics(old: Plan, new: Plan) -> Iterator[Change]:
    for id in dict.fromkeys((*old.mechanics, *new.mechanics)):
        path, was, is_ = f"mechanics.{id}", old.mechanics.get(id), new.mechanics.get(id)
        if was is None and is_ is not None:
            yield Change("mechanic_new", path, {"id": id, "kind": is_.kind}, "fresh")
        elif was is not None and is_ is None:
            yield Change("mechanic_gone", path, {"id": id, "kind": was.kind}, "kept_unused")
        elif was is not None and is_ is not None and was != is_:
            yield from _mechanic(id, path, was, is_)
    kept = [id for id in new.mechanics if id in old.mechanics]
    if kept != [id for id in old.mechanics if id in new.mechanics]:
        yield Change("mechanics_order", "mechanics", {"order": ", ".join(kept)})


def _mechanic(id: str, path: str, was: MechanicPlan, is_: MechanicPlan) -> Iterator[Change]:
    if was.kind != is_.kind:
        yield Change("mechanic_kind", path, {"id": id, "old": was.kind, "new": is_.kind}, "refused")
        return
    keys = list(_keys_changed(was, is_))
    for key in keys:
        if key in kind(is_.kind).for_good:
            yield Change("for_good", f"{path}.{key}", {"id": id, "key": key}, "refused")
    state = kind(is_.kind).State is not NoState
    yield Change("mechanic", path, {"id": id, "keys": ", ".join(keys)}, "carried_on" if state else "")
    for what, key in (("goal", "count"), ("goal", "sum"), ("window", "within")):
        if key in keys and state:
            yield Change(what, f"{path}.{key}", {"id": id})


def _keys_changed(was: MechanicPlan, is_: MechanicPlan) -> Iterator[str]:
    """The keys as the file has them: those every mechanic has, then the kind's own."""
    before, after = (msgspec.to_builtins(each, builtin_types=(Decimal,)) for each in (was, is_))
    before, after = (each | (each.pop("params", None) or {}) for each in (before, after))
    yield from (key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key))


def _experiments(old: Plan, new: Plan) -> Iterator[Change]:
    """Other arms or weights would put members who have seen one arm into another; what an experiment has learned is
    about its contexts and its success."""
    for name, was in old.experiments.items():
        is_ = new.experiments.get(name)
        if is_ is not None and is_.arms != was.arms:
            yield Change("experiment", f"experiments.{name}.arms", {"name": name}, "refused")
        elif is_ is not None and _learned(is_.learns) != _learned(was.learns):
            yield Change("learning", f"experiments.{name}.learns", {"name": name}, "refused")


def _learned(learns: Learning | None) -> tuple[Success, list[tuple[str, str]]] | None:
    """What stands for good, once something was learned."""
    if learns is None:
        return None
    return learns.success, [(name, context.when) for name, context in learns.contexts.items()]


_HELD = ("assets", "coupons", "badges", "items", "gifts", "memberships")
"""Sections whose things members may hold: one that is no longer declared stays theirs."""

_NAMED = (
    *_HELD,
    "shared_caps",
    "experiments",
    "rewards",
    "segments",
    "attributes",
    "consents",
    "events",
    "promotion",
    "work",
    "risks",
    "evaluation",
)
_WHOLE = (
    "title",
    "background",
    "goals",
    "exclusive",
    "risk",
    "rollout",
    "competitors",
    "alerts",
    "communication",
)


def _sections(old: Plan, new: Plan) -> Iterator[Change]:
    for section in _NAMED:
        before: Mapping[str, Any] = getattr(old, section)
        after: Mapping[str, Any] = getattr(new, section)
        for what, names in (
            ("added", [name for name in after if name not in before]),
            ("removed", [name for name in before if name not in after]),
            ("changed", [name for name in after if name in before and before[name] != after[name]]),
        ):
            for name in names:
                effect: Effect = "kept_unused" if what == "removed" and section in _HELD else ""
                yield Change(what, f"{section}.{name}", {"name": name, "section": section}, effect)
    for section in _WHOLE:
        if getattr(old, section) != getattr(new, section):
            yield Change("section", section, {"section": section})
