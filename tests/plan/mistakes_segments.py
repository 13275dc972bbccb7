"""One plan for each thing that can be wrong with a segment: code, text, path."""

from festoon.base.expressions import errors
from festoon.plan import codes_file, codes_segments
from festoon.plan import codes_plan as codes
from tests.plan.mistakes_file import Mistake
from tests.plan.plans import plan


def segment(**keys: str) -> str:
    """Segments of one segment with these keys."""
    told = {"title": "S", **keys}
    return plan(segments="{one: {" + ", ".join(f"{key}: {value}" for key, value in told.items()) + "}}")


def split(said: str) -> str:
    return segment(split="{by: spend, over: 30 days, " + said + "}")


def marked(text: str) -> str:
    """The same, with the whole segment as the place of the mistake."""
    return text.replace("{one: {", "{one: ▸{")


MISTAKES: list[Mistake] = [
    (codes_segments.SEGMENT_WAYS, marked(segment(list="uploaded", absent="3 days")), "segments.one"),
    (
        codes_segments.SEGMENT_TWICE,
        plan(
            segments="{top: S, one: ▸{title: S, split: {by: spend, over: ever, parts: {top: 20%}, rest: low}}}"
        ),
        "segments.one",
    ),
    (
        codes_segments.PARTS_OR_CUTS,
        segment(split="▸{by: spend, over: ever, parts: {a: 20%}, cuts: {b: 3}}"),
        "segments.one.split",
    ),
    (codes_segments.PARTS_OR_CUTS, segment(split="▸{by: spend, over: ever}"), "segments.one.split"),
    (codes_segments.SHARES_TOO_LARGE, split("parts: ▸{a: 60%, b: 50%}"), "segments.one.split.parts"),
    (codes.SHARE_OUT_OF_RANGE, split("parts: {a: ▸0%}"), "segments.one.split.parts.a"),
    (codes.SHARE_OUT_OF_RANGE, split("parts: {a: ▸101%}"), "segments.one.split.parts.a"),
    (codes_segments.CUTS_TURNED, split("cuts: {a: 10, b: ▸10}"), "segments.one.split.cuts.b"),
    (codes.TOO_MANY_DECIMALS, split("cuts: {a: ▸10.001}"), "segments.one.split.cuts.a"),
    (
        codes_segments.NOT_WHOLE,
        segment(split="{by: posts, over: ever, cuts: {a: ▸1.5}}"),
        "segments.one.split.cuts.a",
    ),
    (codes.UNKNOWN_NAME, segment(split="{by: ▸spent, over: ever, parts: {a: 20%}}"), "segments.one.split.by"),
    (codes.UNKNOWN_NAME, segment(list="uploaded", order="{by: ▸post}"), "segments.one.order.by"),
    (
        codes.UNKNOWN_NAME,
        segment(split="{by: ▸days_since_order, over: ever, parts: {a: 20%}}"),
        "segments.one.split.by",
    ),
    (codes_segments.NOT_A_LIST, segment(absent="3 days", order="{list: ▸one}"), "segments.one.order.list"),
    (codes_file.NOT_THIS_FORM, segment(list="uploaded", refresh="▸daily at 25:00"), "segments.one.refresh"),
    (codes_file.NOT_THIS_FORM, segment(absent="▸a week"), "segments.one.absent"),
    (errors.UNKNOWN_FIELD, segment(when='"▸member.spent >= 3"'), "segments.one.when"),
    (errors.UNKNOWN_FIELD, segment(when='"▸event.amount >= 3"'), "segments.one.when"),
    (codes.NEVER_HOLDS, segment(when='▸"False"'), "segments.one.when"),
    (
        codes.UNKNOWN_EVENT_TYPE,
        segment(absent="{days: 3, without: ▸moon.risen}"),
        "segments.one.absent.without",
    ),
    (
        codes.NAME_TAKEN,
        plan(attributes="{spend: ▸int}", segments="{one: {title: S, list: uploaded}}"),
        "attributes.spend",
    ),
]
