"""Random expressions over the stage's vocabulary: every form of the language, well typed, nested a little."""

from functools import cache

from hypothesis import strategies as st

Text = st.SearchStrategy[str]

_INT_FIELDS = (
    "event.amount",
    "event.points",
    "event.address.floor",
    "event.address.geo.height",
    "event.hour",
    'member.days_since("registered")',
    'member.count("first-post")',
)
_DATE_FIELDS = ("event.date", "event.booked", "member.birthday", "campaign.start", "campaign.end")
_MOMENT_FIELDS = ("event.time", "event.departs", "member.last_login")
_TEXT_FIELDS = ("event.category", "event.type", "event.address.city")
_BOOLS = ("event.gift", "member.is_staff", 'member.segment("returning")', "member.registered_in(campaign)")
_ORDER = ("==", "!=", "<", "<=", ">", ">=")
_EDGES = (0, 1, -1, 2, 3, 7, 100, 10**15 - 1, 1 - 10**15)

written_ints = st.one_of(st.sampled_from(_EDGES), st.integers(-20, 20)).map(str)
written_dates = st.sampled_from(("2027-02-05", "2027-02-06", "2024-02-29", "1990-12-31")).map('"{}"'.format)
written_moments = st.sampled_from(
    ("2027-02-05T18:30Z", "2027-02-06T02:30", "2027-02-06 02:30:00.5+08:00", "2024-02-29T23:59")
).map('"{}"'.format)
written_texts = st.sampled_from(("tea", "rice", "茶", "it's", "")).map('"{}"'.format)
written_numbers = st.sampled_from(("4", "4.5", "-0.25", "0.1", "1e9"))


def compared(
    sides: Text, operators: tuple[str, ...] = _ORDER, most: int = 3, first: Text | None = None
) -> Text:
    """A comparison of two sides, or a chain of three. Of dates, one must be more than a written text."""
    links = st.lists(st.tuples(st.sampled_from(operators), sides), min_size=1, max_size=most - 1)
    return st.tuples(sides if first is None else first, links).map(
        lambda drawn: drawn[0] + "".join(f" {operator} {side}" for operator, side in drawn[1])
    )


def _computed(drawn: tuple[str, str, str]) -> str:
    return f"({drawn[0]}) {drawn[1]} ({drawn[2]})"


@cache
def ints(depth: int) -> Text:
    """Whole numbers."""
    simple = st.one_of(st.sampled_from(_INT_FIELDS), written_ints)
    if depth == 0:
        return simple
    below, tests = ints(depth - 1), bools(depth - 1)
    # A written zero is refused; one that comes out at run time is not.
    divisors = st.one_of(
        st.sampled_from(_INT_FIELDS), st.integers(1, 9).map(str), below.map("max(-9, {})".format)
    )
    return st.one_of(
        simple,
        st.tuples(below, st.sampled_from(("+", "-", "*")), below).map(_computed),
        st.tuples(below, st.sampled_from(("//", "%")), divisors).map(_computed),
        below.map("-({})".format),
        st.tuples(st.sampled_from(("min", "max")), st.lists(below, min_size=2, max_size=3)).map(
            lambda drawn: f"{drawn[0]}({', '.join(drawn[1])})"
        ),
        st.tuples(below, tests, below).map(lambda drawn: f"({drawn[0]}) if {drawn[1]} else ({drawn[2]})"),
        st.tuples(st.sampled_from(("day", "month", "year")), dates(depth - 1)).map(
            lambda drawn: f"{drawn[0]}({drawn[1]})"
        ),
        read_moments(0).map("hour({})".format),
        st.tuples(dates(depth - 1), dates(depth - 1)).map(
            lambda drawn: f"days_between({drawn[0]}, {drawn[1]})"
        ),
        loops("sum", st.one_of(st.just("line.amount"), st.just("line.amount * 2 - 1"), written_ints)),
        loops("count", st.just("line")),
        st.sampled_from(("count(event.lines)", "count(event.tags)")),
    )


@cache
def dates(depth: int) -> Text:
    """Dates."""
    simple = st.one_of(st.sampled_from(_DATE_FIELDS), written_dates)
    if depth == 0:
        return simple
    taken = read_moments(depth - 1).map("date({})".format)
    return st.one_of(simple, taken, choices(st.sampled_from(_DATE_FIELDS), depth))


@cache
def read_moments(depth: int) -> Text:
    """Moments that are not written out."""
    simple = st.sampled_from(_MOMENT_FIELDS)
    return simple if depth == 0 else st.one_of(simple, choices(simple, depth))


def moments(depth: int) -> Text:
    """Moments."""
    return st.one_of(read_moments(depth), written_moments)


def choices(sides: Text, depth: int) -> Text:
    """`a if test else b`, in brackets."""
    return st.tuples(sides, bools(depth - 1), sides).map(
        lambda drawn: f"({drawn[0]} if {drawn[1]} else {drawn[2]})"
    )


def loops(name: str, elements: Text) -> Text:
    """A loop over the lines."""
    tests = st.one_of(st.just(""), line_tests().map(" if {}".format))
    return st.tuples(elements, tests).map(
        lambda drawn: f"{name}({drawn[0]} for line in event.lines{drawn[1]})"
    )


def line_tests() -> Text:
    """What can be asked of a line."""
    return st.one_of(
        compared(st.one_of(st.just("line.category"), written_texts), ("==", "!="), most=2),
        compared(st.one_of(st.just("line.amount"), st.just("event.amount"), written_ints), most=2),
        st.just("line.wrapped"),
        st.sampled_from(("missing(line.amount)", "present(line.tags)", "True", "event.gift")),
        written_texts.map("{} in line.tags".format),
        written_texts.map("{} not in line.tags".format),
        st.tuples(st.just("line.category"), st.lists(written_texts, min_size=1, max_size=8)).map(
            lambda drawn: f"{drawn[0]} in ({', '.join(drawn[1])},)"
        ),
    ).flatmap(lambda test: st.sampled_from((test, f"not ({test})")))


@cache
def bools(depth: int) -> Text:
    """Conditions, in brackets where they would otherwise run together."""
    fields = [*_INT_FIELDS, *_DATE_FIELDS[:3], *_MOMENT_FIELDS, "event.category", "event.gift", "event.lines"]
    simple = st.one_of(
        st.sampled_from((*_BOOLS, "True", "False")),
        st.sampled_from((*fields, "event.tags", "event.address", "event.address.geo.height")).flatmap(
            lambda name: st.sampled_from((f"missing({name})", f"present({name})"))
        ),
        membership(),
        compared(st.one_of(st.sampled_from(_TEXT_FIELDS), written_texts), ("==", "!=")).map("({})".format),
        compared(st.sampled_from(("member.level", '"gold"', '"silver"')), ("==", "!=")).map("({})".format),
        compared(st.sampled_from((*_BOOLS[:2], "True")), ("==", "!=")).map("({})".format),
        numbers(),
    )
    if depth == 0:
        return simple
    below = bools(depth - 1)
    return st.one_of(
        simple,
        below.map("(not {})".format),
        st.tuples(below, st.sampled_from(("and", "or")), below).map(" ".join).map("({})".format),
        choices(below, depth),
        compared(ints(depth - 1).map("({})".format)).map("({})".format),
        compared(dates(depth - 1), first=st.sampled_from(_DATE_FIELDS)).map("({})".format),
        compared(moments(depth - 1), first=st.sampled_from(_MOMENT_FIELDS)).map("({})".format),
        st.tuples(ints(0), ints(depth - 1), ints(depth - 1)).map(
            lambda drawn: f"between({', '.join(drawn)})"
        ),
        st.tuples(st.sampled_from(("any", "all")), line_tests()).flatmap(lambda drawn: loops(*_just(drawn))),
        st.tuples(st.sampled_from(("any", "all")), written_texts).map(
            lambda drawn: f"{drawn[0]}(tag != {drawn[1]} for tag in event.tags)"
        ),
    )


def _just(drawn: tuple[str, str]) -> tuple[str, Text]:
    return drawn[0], st.just(drawn[1])


def membership() -> Text:
    """`in` and `not in`, with what is written out and with lists."""
    word = st.sampled_from(("in", "not in"))

    def among(sides: Text, options: Text) -> Text:
        held = st.lists(options, min_size=1, max_size=9).map(lambda drawn: f"({', '.join(drawn)},)")
        return st.tuples(sides, word, held).map(" ".join).map("({})".format)

    return st.one_of(
        among(st.sampled_from(("event.category", "event.address.city")), written_texts),
        among(st.just("event.weekday"), st.sampled_from(('"sat"', '"sun"', '"mon"'))),
        among(st.just("weekday(event.booked)"), st.sampled_from(('"sat"', '"wed"'))),
        among(st.sampled_from(_INT_FIELDS), written_ints),
        among(st.sampled_from(_DATE_FIELDS), written_dates),
        among(st.sampled_from(_MOMENT_FIELDS), written_moments),
        among(st.just("event.rating"), written_numbers),
        st.tuples(st.one_of(written_texts, st.just("event.category")), word, st.just("event.tags"))
        .map(" ".join)
        .map("({})".format),
    )


def numbers() -> Text:
    """Comparisons of measurements, each with a field that a written decimal can go by."""
    others = st.one_of(
        written_numbers, st.sampled_from(("event.amount", "event.rating", "event.amount % 10"))
    )
    return (
        st.tuples(st.just("event.rating"), st.sampled_from(_ORDER), others).map(" ".join).map("({})".format)
    )


conditions = bools(3)
values = ints(3)
