"""Codes that many use: each is one mechanic's, however it is written."""

from collections.abc import Iterator

from msgspec import Struct

from festoon.base.code_pattern import normal
from festoon.mechanics.code import Code
from festoon.plan.build import Site
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.problems import error

CODE_OF_TWO = error(
    "plan.code_of_two",
    "the code {code} is one of `{mechanic}` as well, and whoever enters it can mean only one of them",
    "兑换码 {code} 同时属于 `{mechanic}`，会员输入时无法区分",
    todo="Use another code in one of them. Hyphens, spaces and small letters make no difference.",
    todo_zh="请更换其中一个兑换码；连字符、空格和大小写不作区分。",
)


class CommonCode(Struct, frozen=True):
    """A code that many use: as it is looked up and as it is shown, the mechanic that it is one of, and where it stands
    in the plan."""

    code: str
    shown: str
    mechanic: str
    path: str


def common_codes(compiled: CompiledCampaign) -> Iterator[CommonCode]:
    """All of a campaign, in plan order."""
    for plan in compiled.mechanics:
        if isinstance(plan.mechanic, Code):
            for index, shown in enumerate(plan.mechanic.params.codes):
                yield CommonCode(normal(shown), shown, plan.id, f"mechanics.{plan.id}.codes[{index}]")


def check(site: Site, compiled: CompiledCampaign) -> None:
    """Note codes that are those of two mechanics. Twice in one mechanic is said by the mechanic itself."""
    first: dict[str, str] = {}
    for each in common_codes(compiled):
        mechanic = first.setdefault(each.code, each.mechanic)
        if mechanic != each.mechanic:
            site.findings.say(CODE_OF_TWO, each.path, code=each.shown, mechanic=mechanic)
