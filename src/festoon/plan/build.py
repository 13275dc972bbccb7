"""What a plan offers a mechanic that is being made ready (`Build` of mechanics/base.py).

A mistake is noted and something harmless returned in its place, so that one mechanic can report several; a
mechanic with mistakes is never run.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from festoon.base.calendar import WorkingCalendar
from festoon.base.channels import CHANNELS
from festoon.base.errors import FestoonError, Invalid
from festoon.base.expressions import (
    INT,
    Condition,
    ExpressionError,
    ValueExpression,
    Vocabulary,
    compile_condition,
    compile_value,
)
from festoon.base.rewards import AssetGift, Reserved, Reward, SetAside
from festoon.mechanics.reward_line import GiveSpec
from festoon.plan import codes_plan as codes
from festoon.plan import moments
from festoon.plan.catalogue import Catalogue
from festoon.plan.compiled import Schedule
from festoon.plan.places import Findings, joined
from festoon.plan.pools import Pool, set_aside
from festoon.plan.problems import suggestion
from festoon.plan.reserves import reserve
from festoon.plan.schema import Plan
from festoon.plan.words import vocabulary

_Expression = TypeVar("_Expression", Condition, ValueExpression)


class Site(Struct, frozen=True):
    """What all mechanics of a plan are built with."""

    plan: Plan
    zone: ZoneInfo
    schedule: Schedule
    calendar: WorkingCalendar
    catalogue: Catalogue
    findings: Findings


class PlanBuild:
    """`Build` for one mechanic. `stocks` are the accounts it asked for, with what goes in."""

    def __init__(self, site: Site, mechanic: str, types: Sequence[str]) -> None:
        self.site = site
        self.campaign = site.plan.campaign
        self.mechanic = mechanic
        self.zone = site.zone
        self.start: datetime = site.schedule.start
        self.end: datetime = site.schedule.end
        self.settle: datetime = site.schedule.settle
        # A mechanic may keep this; it shall not keep the whole plan with it.
        self.is_working_day: Callable[[date], bool] = site.calendar.is_working_day
        self.stocks: dict[str, int] = {}
        self.reads: set[str] = set()
        self.within = f"mechanics.{mechanic}"
        self.vocabulary: Vocabulary = vocabulary(site.plan, types, site.zone)

    def reward(self, give: GiveSpec | None, path: str = "give") -> Reward:
        if not give:
            self._say(Invalid(codes.EMPTY_REWARD, path))
            return Reward("")
        catalogue, made, broken = self.site.catalogue, [], False
        name = give if isinstance(give, str) else ""
        try:
            lines = catalogue.lines_of(give, joined(self.within, path))
        except Invalid as wrong:
            self.site.findings.caught(wrong, "")
            return Reward(name)
        for line, at in lines:
            try:
                made.append(catalogue.line(line, at, self._judged))
            except Invalid as wrong:
                self.site.findings.caught(wrong, "")
                broken = True
        return Reward(name, () if broken else tuple(made))

    def condition(self, text: str, path: str = "when", types: Sequence[str] = ()) -> Condition:
        return self._judged(text, joined(self.within, path), types)

    def _judged(self, text: str, at: str, types: Sequence[str] = ()) -> Condition:
        """A condition that stands anywhere in the plan."""
        try:
            return self._noted(compile_condition(text, self._known(types)))
        except ExpressionError as wrong:
            self.site.findings.caught(wrong, at)
            return compile_condition("True", self.vocabulary)

    def value(self, text: str, path: str, types: Sequence[str] = ()) -> ValueExpression:
        try:
            return self._noted(compile_value(text, self._known(types), INT))
        except ExpressionError as wrong:
            self.site.findings.caught(wrong, joined(self.within, path))
            return compile_value("0", self.vocabulary, INT)

    def _known(self, types: Sequence[str]) -> Vocabulary:
        """The fields of some event types, or of all that the mechanic listens to."""
        return vocabulary(self.site.plan, types, self.zone) if types else self.vocabulary

    def _noted(self, made: _Expression) -> _Expression:
        """Remember what an expression reads, for whoever wants to read no more than that."""
        self.reads |= made.reads
        return made

    def stock(self, name: str, amount: int | None, path: str = "stock") -> str:
        if amount is None:
            return ""
        account = self.site.catalogue.stock(f"{self.mechanic}/{name}")
        self.stocks[account] = amount
        return account

    def numbered(self, name: str, amount: int, path: str = "stock") -> str:
        account = self.stock(name, amount, path)
        self.site.catalogue.numbered.add(account)
        return account

    def pool(self, asset: str, amount: int, shares: int, line: str = "", path: str = "pool") -> SetAside:
        try:
            return set_aside(self.site.catalogue, self.mechanic, Pool(asset, amount, shares, line))
        except Invalid as wrong:
            self._say(Invalid(wrong.code, joined(path, wrong.place), **wrong.data))
            return SetAside(AssetGift(asset, amount, amount))

    def reserved(self, reward: Reward, times: int, path: str) -> Reserved:
        try:
            return reserve(self.site.catalogue, self.mechanic, reward, times)
        except Invalid as wrong:
            self._say(Invalid(wrong.code, joined(path, wrong.place), **wrong.data))
            return Reserved(reward)

    def begins(self, moment: str, path: str) -> datetime:
        return self._moment(moments.begins, moment, path)

    def ends(self, moment: str, path: str) -> datetime:
        return self._moment(moments.ends, moment, path)

    def _moment(self, read: Callable[..., datetime], moment: str, path: str) -> datetime:
        site = self.site
        try:
            return read(moment, site.schedule, self.zone, site.calendar, joined(self.within, path))
        except Invalid as wrong:
            site.findings.caught(wrong, "")
            return site.schedule.end

    def asset(self, code: str, path: str = "asset") -> str:
        try:
            return self.site.catalogue.asset(code, path)
        except Invalid as wrong:
            self._say(wrong)
            return code

    def chances(self, mechanic: str = "", path: str = "chances") -> str:
        try:
            return self.site.catalogue.chances(mechanic or self.mechanic, path)
        except Invalid as wrong:
            self._say(wrong)
            return self.site.catalogue.chances(self.mechanic)

    def channel(self, name: str, path: str = "channel") -> str:
        known = (*CHANNELS, *self.site.plan.consents)
        if name not in known:
            near = suggestion(name, known)
            listed = ", ".join(dict.fromkeys(known))
            self._say(Invalid(codes.UNKNOWN_NAME, path, section="consents", name=name, known=listed, **near))
        return name

    def sibling(self, mechanic: str, path: str) -> str:
        known = self.site.plan.mechanics
        if mechanic not in known:
            listed = ", ".join(known)
            near = suggestion(mechanic, known)
            self._say(
                Invalid(codes.UNKNOWN_NAME, path, section="mechanics", name=mechanic, known=listed, **near)
            )
        return mechanic

    def followers(self) -> tuple[str, ...]:
        return self._naming("after")

    def sets(self) -> tuple[str, ...]:
        return self._naming("tasks")

    def _naming(self, parameter: str) -> tuple[str, ...]:
        """The mechanics that name this one in a parameter of theirs."""
        named = ((id, _names(plan.params, parameter)) for id, plan in self.site.plan.mechanics.items())
        return tuple(id for id, names in named if self.mechanic in names)

    def _say(self, wrong: FestoonError) -> None:
        self.site.findings.caught(wrong, self.within)


def waits_for(params: object) -> tuple[str, ...]:
    """The mechanics that must be done first, by a mechanic's own `after` or `tasks`."""
    return _names(params, "after") + _names(params, "tasks")


def _names(params: object, parameter: str) -> tuple[str, ...]:
    named = getattr(params, parameter, ())
    return (named,) if isinstance(named, str) else tuple(named)
