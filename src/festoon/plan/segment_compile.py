"""From the segments of a plan to what computes them: conditions compiled, figures named, times read."""

from collections.abc import Iterator

from festoon.base.errors import Invalid
from festoon.base.expressions import Condition, ExpressionError, compile_condition
from festoon.plan import codes_plan as codes
from festoon.plan import codes_segments
from festoon.plan.behaviour import FIGURES, RANKED, Over, Taken, taken
from festoon.plan.build import Site
from festoon.plan.problems import suggestion
from festoon.plan.rhythm import rhythm
from festoon.plan.segment_compiled import Away, CompiledSegment, Serving
from festoon.plan.segment_cuts import Cuts, cuts_of, shares_of
from festoon.plan.segments import Absent, Order, Segment, Split, is_computed, names_of
from festoon.plan.values import texts
from festoon.plan.words import segment_vocabulary


def compiled_segments(site: Site) -> tuple[CompiledSegment, ...]:
    """The segments to compute, in the order of the plan; what is wrong goes to the site's findings."""
    plan, seen = site.plan, set[str]()
    for name, segment in plan.segments.items():
        for each in names_of(name, segment):
            if each in seen:
                site.findings.say(codes_segments.SEGMENT_TWICE, f"segments.{name}", name=each)
            seen.add(each)
    made = []
    for name, segment in plan.segments.items():
        if isinstance(segment, str) or not is_computed(segment):
            continue
        try:
            made.append(_segment(site, name, segment))
        except Invalid as wrong:
            site.findings.caught(
                wrong, "" if not isinstance(wrong, ExpressionError) else f"segments.{name}.when"
            )
    if made:
        for attribute in plan.attributes:
            if attribute in FIGURES:
                site.findings.say(codes.NAME_TAKEN, f"attributes.{attribute}", name=attribute)
    return tuple(made)


def _segment(site: Site, name: str, segment: Segment) -> CompiledSegment:
    path = f"segments.{name}"
    ways = [way for way in ("list", "absent", "split") if getattr(segment, way) is not None]
    if len(ways) > 1:
        raise Invalid(codes_segments.SEGMENT_WAYS, path, given=", ".join(f"`{way}`" for way in ways))
    when = (
        None
        if segment.when is None
        else compile_condition(segment.when, segment_vocabulary(site.plan, site.zone))
    )
    return CompiledSegment(
        name=name,
        names=names_of(name, segment),
        title=texts(segment.title, name),
        rhythm=rhythm(segment.refresh, f"{path}.refresh"),
        listed=segment.list is not None,
        when=when,
        figures=dict(_read(when, over_of(segment.over))),
        away=None if segment.absent is None else _away(segment.absent),
        cuts=None if segment.split is None else _cuts(site, segment.split, name, names_of(name, segment)),
        order=Serving() if segment.order is None else _order(site, segment.order, f"{path}.order"),
    )


def _read(when: Condition | None, over: Over) -> Iterator[tuple[str, Taken]]:
    for field in sorted(when.reads if when else ()):
        figure = field.removeprefix("member.")
        if figure in FIGURES:
            yield field, taken(figure, over)


def over_of(text: str) -> Over:
    """A stretch of time from its text."""
    if text in ("campaign", "ever"):
        return Over(campaign=text == "campaign")
    return Over(int(text.partition(" ")[0]))


def _away(absent: str | Absent) -> Away:
    if isinstance(absent, str):
        return Away(int(absent.partition(" ")[0]))
    types = (absent.without,) if isinstance(absent.without, str) else tuple(absent.without)
    return Away(absent.days, types)


def _cuts(site: Site, split: Split, name: str, names: tuple[str, ...]) -> Cuts:
    path = f"segments.{name}.split"
    _known(split.by, f"{path}.by")
    if bool(split.parts) == bool(split.cuts):
        raise Invalid(codes_segments.PARTS_OR_CUTS, path)
    return Cuts(
        by=taken(split.by, over_of(split.over)),
        names=names,
        everyone=split.of == "everyone",
        ties=split.ties,
        salt=f"{site.plan.campaign}/{name}",
        shares=shares_of(split, f"{path}.parts"),
        cuts=cuts_of(split, site.catalogue.currency, f"{path}.cuts"),
    )


def _order(site: Site, order: Order, path: str) -> Serving:
    if order.list:
        named = site.plan.segments.get(order.list)
        if not isinstance(named, Segment) or named.list is None:
            known = [
                name for name, each in site.plan.segments.items() if isinstance(each, Segment) and each.list
            ]
            raise Invalid(
                codes_segments.NOT_A_LIST,
                f"{path}.list",
                name=order.list,
                known=", ".join(known) or "-",
                **suggestion(order.list, known),
            )
    if order.by is None:
        return Serving(order.list)
    _known(order.by, f"{path}.by")
    return Serving(order.list, taken(order.by, over_of(order.over)))


def _known(figure: str, path: str) -> None:
    if figure not in RANKED:
        near = suggestion(figure, RANKED)
        raise Invalid(
            codes.UNKNOWN_NAME, path, section="figures", name=figure, known=", ".join(RANKED), **near
        )
