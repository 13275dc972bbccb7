"""Figures from outside: what a plan wants to reach and somebody else measures, such as awareness by market research.

One enters a figure with its date, its source and its evidence; another one signs it. What is signed is what goals and
reports show.
"""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import Conflict, Forbidden, Invalid, NotFound, define
from festoon.engine.evidence import Evidence, kind_of, plain_name
from festoon.engine.published import written_for
from festoon.plan.parse import load_plan
from festoon.plan.schema import Outside, Plan
from festoon.store.trail import record

UNKNOWN = define("figure.unknown", 404, "there is no figure {number}", "不存在编号为{number}的数据")
NO_SUCH_METRIC = define(
    "figure.not_from_outside",
    404,
    "the plan of '{campaign}' has no metric '{metric}' that is measured outside; there are: {known}",
    "活动“{campaign}”的方案中没有由外部测量的指标“{metric}”；现有：{known}",
    todo="give the goal `outside` in the plan",
    todo_zh="请在方案目标中填写 outside",
)
NOT_A_NUMBER = define(
    "figure.not_a_number",
    400,
    "'{value}' is no such number: {reason}",
    "“{value}”不是有效的数值：{reason}",
    todo="write a number such as 1250.5, or a share such as 31%",
    todo_zh="请填写数值，例如 1250.5，或比例，例如 31%",
)
NO_SOURCE = define(
    "figure.no_source",
    400,
    "say who measured it, and give a link or a file that shows it",
    "请填写测量方，并提供链接或文件作为依据",
)
LINK_INVALID = define(
    "figure.link_invalid",
    400,
    "'{link}' is no link that can be followed",
    "“{link}”不是有效的链接",
    todo="write https://, a host name and a path",
    todo_zh="请填写 https:// 开头的完整地址",
)
AHEAD = define("figure.ahead", 400, "{measured} has not come yet", "{measured}尚未到来")
SIGNS_OWN = define(
    "figure.signs_own",
    403,
    "{actor} entered this figure and cannot sign it",
    "{actor}是该数据的填报人，不能签署自己的数据",
    todo="ask somebody else to look at the evidence and sign",
    todo_zh="请由其他人核对依据后签署",
)
DECIDED = define(
    "figure.decided",
    409,
    "the figure {number} was decided on: it is {state}",
    "数据{number}已有处理结果：{state}",
)
REASON_MISSING = define("figure.reason_missing", 400, "say why it is not taken", "请说明不予采用的原因")
LONGEST_SOURCE, LONGEST_LINK = 200, 2_000
STATES = ("waiting", "signed", "declined")
EXACT = Decimal("0.000001")


class Entered(Struct, frozen=True):
    """A figure as somebody enters it. `value` is in the metric's usual unit, as it is written: `31%`, `1250.5`."""

    metric: str
    value: str
    measured: date
    source: str
    link: str = ""


class OutsideFigure(Struct, frozen=True):
    """A figure with who entered and who signed it. `value` is in the metric's usual unit, a share as a part of one;
    `file` is what its evidence is called, empty when a link shows it."""

    number: int
    campaign: str
    metric: str
    value: str
    measured: date
    source: str
    link: str
    file: str
    state: str
    maker: str
    entered: datetime
    checker: str | None
    decided: datetime | None
    reason: str


class Kept(Struct, frozen=True):
    """A file of evidence as it is handed out."""

    name: str
    kind: str
    content: bytes


def outside_metrics(plan: Plan) -> dict[str, Outside]:
    """The metrics of a plan that are measured outside, goals before criteria."""
    found = {each.metric: each.outside for each in plan.goals if each.outside is not None}
    for each in plan.evaluation.values():
        if each.outside is not None:
            found.setdefault(each.metric, each.outside)
    return found


async def enter_figure(
    connection: asyncpg.Connection,
    campaign: str,
    said: Entered,
    file: Evidence | None,
    maker: str,
    now: datetime,
) -> OutsideFigure:
    """Put a figure up for the second signature. Raises NotFound for a metric that the plan does not have measured
    outside, Invalid for what cannot be right."""
    outside = await _metric(connection, campaign, said.metric)
    value = _number(said.value, outside)
    source, link = " ".join(said.source.split())[:LONGEST_SOURCE], said.link.strip()
    if not source or (not link and file is None):
        raise Invalid(NO_SOURCE, "source")
    if link and not _is_link(link):
        raise Invalid(LINK_INVALID, "link", link=link[:200])
    if said.measured > now.date():
        raise Invalid(AHEAD, "measured", measured=said.measured.isoformat())
    name, kind = (plain_name(file.name), kind_of(file)) if file is not None else ("", "")
    async with connection.transaction():
        number: int = await connection.fetchval(
            """INSERT INTO outside_figure (campaign, metric, value, measured, source, link, file, maker, entered)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING number""",
            campaign, said.metric, value, said.measured, source, link, name, maker, now,
        )  # fmt: skip
        if file is not None:
            await connection.execute(
                "INSERT INTO outside_evidence (figure, kind, content) VALUES ($1, $2, $3)",
                number,
                kind,
                file.content,
            )
        await record(
            connection, at=now, actor=maker, act="figure.enter", object=f"{campaign}/{said.metric}",
            after={"number": number, "value": f"{value:f}", "measured": said.measured, "source": source},
        )  # fmt: skip
    return await figure(connection, number)


async def sign_figure(
    connection: asyncpg.Connection, number: int, checker: str, now: datetime
) -> OutsideFigure:
    """The second signature. Raises NotFound, Forbidden for who entered it, Conflict when it was decided."""
    return await _decide(connection, number, checker, now, "signed", "")


async def decline_figure(
    connection: asyncpg.Connection, number: int, actor: str, now: datetime, reason: str
) -> OutsideFigure:
    """Do not take a figure: another one, or who entered it himself. Raises Invalid without a reason."""
    if not reason.strip():
        raise Invalid(REASON_MISSING, "reason")
    return await _decide(connection, number, actor, now, "declined", reason.strip()[:1_000])


async def _decide(
    connection: asyncpg.Connection, number: int, actor: str, now: datetime, state: str, reason: str
) -> OutsideFigure:
    async with connection.transaction():
        row = await connection.fetchrow("SELECT * FROM outside_figure WHERE number = $1 FOR UPDATE", number)
        if row is None:
            raise NotFound(UNKNOWN, number=number)
        if state == "signed" and row["maker"] == actor:
            raise Forbidden(SIGNS_OWN, actor=actor)
        if row["state"] != "waiting":
            raise Conflict(DECIDED, number=number, state=row["state"])
        await connection.execute(
            "UPDATE outside_figure SET state = $2, checker = $3, decided = $4, reason = $5 WHERE number = $1",
            number, state, actor, now, reason,
        )  # fmt: skip
        await record(
            connection, at=now, actor=actor, act="figure.sign" if state == "signed" else "figure.decline",
            object=f"{row['campaign']}/{row['metric']}", after={"number": number, "reason": reason},
        )  # fmt: skip
    return await figure(connection, number)


_COLUMNS = """number, campaign, metric, value, measured, source, link, file, state, maker, entered, checker, decided,
              reason"""


async def figure(connection: asyncpg.Connection, number: int) -> OutsideFigure:
    """One of them. Raises NotFound."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM outside_figure WHERE number = $1", number)
    if row is None:
        raise NotFound(UNKNOWN, number=number)
    return _figure(row)


async def figures(
    connection: asyncpg.Connection,
    campaign: str | None = None,
    state: str | None = None,
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[OutsideFigure]:
    """A page of figures, the newest first, with numbers below `before`."""
    rows = await connection.fetch(
        f"""SELECT {_COLUMNS} FROM outside_figure
            WHERE ($1::text IS NULL OR campaign = $1) AND ($2::text IS NULL OR state = $2)
              AND ($3::bigint IS NULL OR number < $3) ORDER BY number DESC LIMIT $4""",
        campaign, state, before, limit,
    )  # fmt: skip
    return [_figure(row) for row in rows]


async def signed_figures(
    connection: asyncpg.Connection, campaign: str, as_of: datetime
) -> dict[str, OutsideFigure]:
    """By metric, the figure measured last of those that were signed by an instant; a rehearsal lives in a time of its
    own, and has all of them."""
    rows = await connection.fetch(
        f"""SELECT DISTINCT ON (metric) {_COLUMNS} FROM outside_figure
            WHERE campaign = $1 AND state = 'signed'
              AND (decided <= $2 OR (SELECT mode = 'rehearsal' FROM installation))
            ORDER BY metric, measured DESC, number DESC""",
        campaign, as_of,
    )  # fmt: skip
    return {row["metric"]: _figure(row) for row in rows}


async def evidence(connection: asyncpg.Connection, number: int) -> Kept:
    """The file that shows a figure. Raises NotFound when there is none."""
    row = await connection.fetchrow(
        """SELECT f.file, e.kind, e.content FROM outside_evidence e JOIN outside_figure f ON f.number = e.figure
           WHERE e.figure = $1""",
        number,
    )
    if row is None:
        raise NotFound(UNKNOWN, number=number)
    return Kept(row["file"], row["kind"], row["content"])


async def _metric(connection: asyncpg.Connection, campaign: str, metric: str) -> Outside:
    row = await connection.fetchrow(
        """SELECT v.source, v.kinds FROM campaign c JOIN plan_version v ON v.campaign = c.id AND v.version = c.version
           WHERE c.id = $1""",
        campaign,
    )
    known = (
        {}
        if row is None
        else outside_metrics(load_plan(row["source"], written_for=written_for(row["kinds"])))
    )
    if metric not in known:
        raise NotFound(NO_SUCH_METRIC, campaign=campaign, metric=metric, known=", ".join(known) or "—")
    return known[metric]


def _number(said: str, outside: Outside) -> Decimal:
    """What was written as a number of the metric's unit; a share as a part of one."""
    text = said.strip().replace("%", "%")
    try:
        value = Decimal(text.removesuffix("%").replace(",", "").strip())
    except InvalidOperation:
        raise Invalid(NOT_A_NUMBER, "value", value=said[:40], reason="—") from None
    if text.endswith("%"):
        if outside.unit != "share":
            raise Invalid(NOT_A_NUMBER, "value", value=said[:40], reason=outside.unit)
        value /= 100
    if (
        not value.is_finite()
        or abs(value) >= Decimal(10) ** 15
        or (outside.unit == "share" and not 0 <= value <= 1)
    ):
        raise Invalid(
            NOT_A_NUMBER, "value", value=said[:40], reason="0–100%" if outside.unit == "share" else "±10¹⁵"
        )
    return value.quantize(EXACT).normalize()


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return (
        parts.scheme in ("https", "http") and bool(parts.hostname) and parts.username is None
        and link.isprintable() and " " not in link and len(link) <= LONGEST_LINK
    )  # fmt: skip


def _figure(row: asyncpg.Record) -> OutsideFigure:
    return msgspec.convert({**row, "value": f"{row['value']:f}"}, OutsideFigure)
