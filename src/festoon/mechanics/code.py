"""Codes (兑换码): whoever types one gets what it stands for. Codes of which each is used once, or one that many use."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct

from festoon.base.code_pattern import CodePattern, checked, normal
from festoon.base.effects import Effect, FromShared, Give, Note, UseCode
from festoon.base.errors import Invalid, define
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.base.vocabulary.kinds import says
from festoon.mechanics import code_refusals  # noqa: F401  # so that they are known with the mechanic
from festoon.mechanics.base import Build, Mechanic, Needs, View
from festoon.mechanics.giving import Giving, spec

ENTERED = "code.entered"

WHICH = define(
    "code.which",
    400,
    "say either `codes`, which many use, or `single`, of which each is used once",
    "请二选一：`codes`（多人共用）或 `single`（每码一次）",
)
TWICE = define("code.twice", 400, "the code {code} is there twice", "兑换码 {code} 重复")

CommonCode = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{4,64}$")]


class SinglePlan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Codes of which each is used once, by whoever types it first."""

    count: Annotated[
        Annotated[int, Meta(ge=1, le=100_000_000)],
        says("How many there may be in all, over all batches. `festoon codes make` makes them."),
    ]
    pattern: Annotated[
        CodePattern,
        says(
            "How they look: capitals, digits and hyphens as they stand, `#` for a sign, the last for the check sign."
        ),
    ]


class CodeParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of codes."""

    give: Annotated[Giving, says("What a code stands for.")]
    single: Annotated[SinglePlan | None, says("Codes that are used once each.")] = None
    codes: Annotated[
        tuple[CommonCode, ...],
        says("Codes that many use, each member as often and all together as often as `limits` says."),
    ] = ()


class Code(Mechanic, kind="code"):
    """Gives a reward for a code. Whether the code is right, free and in time, is answered before it is asked."""

    request: ClassVar[bool] = True
    Params = CodeParams

    params: CodeParams

    def __init__(self, params: CodeParams, build: Build) -> None:
        super().__init__(params, build)
        if (params.single is None) == (not params.codes):
            raise Invalid(WHICH, "codes")
        known: set[str] = set()
        for index, code in enumerate(params.codes):
            if normal(code) in known:
                raise Invalid(TWICE, f"codes[{index}]", code=code)
            known.add(normal(code))
        self.give = Give(build.reward(spec(params.give)))
        self.stock = ""
        self.count = 0 if params.single is None else params.single.count
        if params.single is not None:
            checked(params.single.pattern, self.count, "single.pattern")
            self.stock = build.stock("codes", self.count, "single.count")

    @classmethod
    def listens(cls, params: CodeParams) -> tuple[str, ...]:
        return (ENTERED,)

    def needs(self) -> Needs:
        return Needs(shared=(self.stock,) if self.stock else ())

    def stocks(self) -> Mapping[str, int]:
        return {self.stock: self.count} if self.stock else {}

    def fields(self) -> frozenset[str]:
        return frozenset({"code"})

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        return ((self.give.reward, self.count or None),)

    def decide(self, event: Event, view: View) -> Iterator[Effect]:
        note: dict[str, Any] = {"code": view.code()}
        yield Note(note)
        if self.stock:
            yield FromShared(self.stock)
            yield UseCode()
        yield self.give
