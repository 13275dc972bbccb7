"""What a member's own token may ask: his campaigns, his things, his statement. All of it is about himself."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from urllib.parse import quote

import asyncpg
from starlette.requests import Request

from festoon.access.keys import Key
from festoon.access.tokens import MEMBER
from festoon.api.answers import InviteLink, Odds
from festoon.api.campaigns import CAMPAIGN, CAMPAIGN_UNKNOWN, MECHANIC, campaign_of
from festoon.api.filters import PARAMETER_INVALID, text, whole
from festoon.api.members import NAME
from festoon.api.my_answers import (
    MyAct,
    MyBalance,
    MyCampaign,
    MyHeld,
    MyInvite,
    MyLine,
    MyMechanic,
    MyPlays,
    MyStatement,
    MyThing,
    MyThings,
    MyVerdict,
)
from festoon.api.naming import Names
from festoon.api.operation import Operation, Parameter
from festoon.api.routes import spoken
from festoon.base.errors import Invalid
from festoon.base.times import FOREVER
from festoon.engine.archiving import archived, phase_now
from festoon.engine.engine import Engine
from festoon.engine.held_list import Held, held
from festoon.engine.invite_codes import invite_code
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.engine.mine import Mine, mine
from festoon.engine.own_rows import Page, Sent, himself, sent, things, verdicts
from festoon.engine.plays import plays
from festoon.engine.refusal_words import refusal_text
from festoon.engine.statement import Balance, Line, balances, statement
from festoon.engine.wearing import worn_among
from festoon.intake.own import OTHER_CAMPAIGN, TOO_OFTEN, Own, Pace, told_of
from festoon.mechanics.referral_params import ReferralParams
from festoon.mechanics.say import CHANCES
from festoon.plan.compiled import CompiledCampaign
from festoon.store.pool import lent


class Me:
    """The endpoints, with what they need of the process. `pace` is that of the events."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine, pace: Pace) -> None:
        self._pool = pool
        self._engine = engine
        self._pace = pace

    async def campaign(self, request: Request) -> MyCampaign:
        key, names = self._asked(request)
        id = request.path_params["campaign"]
        Own(key.member, key.campaign).check_campaign(id)
        program, now = self._engine.program, self._engine.now()
        campaign = campaign_of(request, program)
        async with lent(self._pool) as connection:
            row = await himself(connection, key.member)
            made = await mine(connection, program, row, campaign, now)
            owned = await balances(connection, row.number, now)
            rows = await things(connection, row.number, campaign=id)
            given = await sent(connection, row.number) if _parcels(rows) else {}
            worn = await worn_among(connection, row.number, rows, now)
            waiting = await held(connection, member=row.subject, campaign=id, limit=50)
            decided = await verdicts(connection, row.number, id)
            away = await archived(connection)
        code = invite_code(program.secret, row.number)
        return MyCampaign(
            id,
            row.subject,
            row.number,
            now,
            phase_now(campaign, now, away),
            [_balance(each, names) for each in owned if "/" not in each.asset or each.asset.startswith(id)],
            [_mechanic(each, names, id) for each in made],
            [_thing(each, names, now, given, worn) for each in rows],
            [_held(each, names) for each in waiting],
            MyInvite(code, list(_links(campaign, code))),
            [MyVerdict(hold, each.mechanic, names.mechanic(each.mechanic), each.decision, each.answer, each.at)
             for hold, each in decided],
        )  # fmt: skip

    async def things(self, request: Request) -> MyThings:
        key, names = self._asked(request)
        limit, now = whole(request, "limit", 50, 1, 200) or 50, self._engine.now()
        campaign = key.campaign or text(request, "campaign")
        async with lent(self._pool) as connection:
            row = await himself(connection, key.member)
            rows = await things(connection, row.number, campaign=campaign, kind=text(request, "kind"),
                                before=_before(request), limit=limit)  # fmt: skip
            given = await sent(connection, row.number) if _parcels(rows) else {}
            worn = await worn_among(connection, row.number, rows, now)
        further = Page(rows[-1]["given"], rows[-1]["id"]).written() if len(rows) == limit else None
        return MyThings([_thing(each, names, now, given, worn) for each in rows], further)

    async def plays(self, request: Request) -> MyPlays:
        key, _ = self._asked(request)
        Own(key.member, key.campaign).check_campaign(request.path_params["campaign"])
        draw = f"{request.path_params['campaign']}/{request.path_params['mechanic']}"
        async with lent(self._pool) as connection:
            row = await himself(connection, key.member)
            return MyPlays(row.number, draw, await plays(connection, row.number, draw, 20))

    async def statement(self, request: Request) -> MyStatement:
        key, names = self._asked(request)
        limit = whole(request, "limit", 30, 1, 100) or 30
        before = whole(request, "before", None, 1, 2**62)
        async with lent(self._pool) as connection:
            row = await himself(connection, key.member)
            lines = await statement(
                connection, row.number, asset=text(request, "asset"), before=before, limit=limit
            )
        seqs = {int(line.id.partition("-")[0]) for line in lines}
        return MyStatement([_line(each, names) for each in lines], min(seqs) if len(seqs) == limit else None)

    def _asked(self, request: Request) -> tuple[Key, Names]:
        """Whose token it is, and what things are called in his language. Raises Unavailable when he asks too often."""
        key: Key = request.state.key
        self._pace.charge(key.member)
        return key, Names(self._engine.program, spoken(request))

    def operations(self) -> tuple[Operation, ...]:
        asked = (MEMBER_UNKNOWN, TOO_OFTEN)
        return (
            Operation("GET", "/v1/me/campaigns/{campaign}",
                      "All that a member's pages of a campaign need: what he may do now, progress, things, chances.",
                      MEMBER, self.campaign, MyCampaign, parameters=(CAMPAIGN,),
                      problems=(CAMPAIGN_UNKNOWN, OTHER_CAMPAIGN, *asked), name="my_campaign", tag=TAG),
            Operation("GET", "/v1/me/campaigns/{campaign}/plays/{mechanic}",
                      "The member's latest plays of a draw, with the table and the roll, so that he can check them.",
                      MEMBER, self.plays, MyPlays, parameters=(CAMPAIGN, MECHANIC),
                      problems=(OTHER_CAMPAIGN, *asked), name="my_plays", tag=TAG),
            Operation("GET", "/v1/me/items", "The member's own coupons, badges, items and parcels, newest first.",
                      MEMBER, self.things, MyThings, problems=asked, name="my_items", tag=TAG,
                      parameters=(Parameter("campaign", "Only those of a campaign.", NAME),
                                  Parameter("kind", "Only `coupon`, `badge`, `item`, `gift` or `membership`.", NAME,
                                            example="coupon"),
                                  _most(200, 50), _BEFORE)),
            Operation("GET", "/v1/me/statement", "Every change of the member's own balances, newest first.",
                      MEMBER, self.statement, MyStatement, problems=asked, name="my_statement", tag=TAG,
                      parameters=(Parameter("asset", "Only this asset.", NAME), _most(100, 30),
                                  Parameter("before", "The `next` of the page before.",
                                            {"type": "integer", "minimum": 1, "maximum": 2**62}))),
        )  # fmt: skip


TAG = "A member's own side"
_BEFORE = Parameter(
    "before", "The `next` of the page before.", NAME, example="2027-04-02T02:00:00+00:00_9f2c"
)


def _most(most: int, usual: int) -> Parameter:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": usual}
    return Parameter("limit", f"How many at the most, 1 to {most}.", schema, example=usual)


def _before(request: Request) -> Page | None:
    said = text(request, "before")
    if said is None:
        return None
    try:
        page = Page.read(said)
    except ValueError:
        page = None
    if page is None or page.given.tzinfo is None:
        raise Invalid(PARAMETER_INVALID, "before", name="before", reason="next")
    return page


def _parcels(rows: Iterable[asyncpg.Record]) -> bool:
    return any(row["kind"] == "gift" for row in rows)


def _links(campaign: CompiledCampaign, code: str) -> Iterator[InviteLink]:
    """Where the invitations of the campaign's referrals lead; one without a link of its own leads to the campaign's
    page."""
    for each in campaign.mechanics:
        params = each.mechanic.params
        if isinstance(params, ReferralParams):
            link = params.link or f"/m/{campaign.campaign}?by={{code}}"
            yield InviteLink(campaign.campaign, each.id, link.replace("{code}", quote(code)))


def _named(asset: str, names: Names) -> tuple[str, int]:
    """What an asset is called in a list of several, where a chance does not stand beside its draw."""
    title, scale = names.asset(asset)
    if CHANCES in asset:
        title = names.said({"en": "{title}: chances", "zh-Hans": "{title}机会"}).format(title=title)
    return title, scale


def _balance(each: Balance, names: Names) -> MyBalance:
    title, scale = _named(each.asset, names)
    return MyBalance(
        each.asset, title, scale, each.available, each.held, each.pending, each.owed, each.coming
    )


def _mechanic(each: Mine, names: Names, campaign: str) -> MyMechanic:
    acts = [
        MyAct(act.type, ok=True)
        if act.refused is None
        else MyAct(
            act.type, False, act.refused.code,
            refusal_text(act.refused.code, act.refused.data, names.language, names.program, own=True),
            told_of(act.refused),
        )
        for act in each.acts
    ]  # fmt: skip
    title = names.mechanic(f"{campaign}/{each.id}")
    odds = [Odds(*row) for row in each.odds]
    return MyMechanic(each.id, each.kind, title, each.given, each.shows, acts, odds, each.chances)


def _thing(
    row: asyncpg.Record, names: Names, now: datetime, parcels: Mapping[str, Sent], worn: frozenset[str]
) -> MyThing:
    """A thing as it is now, also in the moment before its timer has noted that it lapsed."""
    expires = row["expires"] if row["expires"].year < 9999 else None
    state = row["state"]
    if expires is not None and expires <= now and state in ("owned", "awaiting"):
        state = "expired"
    parcel, address = parcels.get(row["id"], Sent()), ""
    if row["kind"] == "gift" and state == "awaiting":
        address = "given" if parcel.addressed else "wanted"
    return MyThing(
        row["id"], row["kind"], row["ref"], names.thing(row["campaign"], row["kind"], row["ref"]), state,
        row["given"], row["campaign"], names.mechanic(f"{row['campaign']}/{row['mechanic']}"), expires,
        row["code"] or "", row["serial"], address, parcel.carrier, parcel.number,
        names.program.wardrobe.place(row["kind"], row["ref"]) if state == "owned" else "", row["id"] in worn,
    )  # fmt: skip


def _held(each: Held, names: Names) -> MyHeld:
    campaign = each.mechanic.partition("/")[0]
    gives = [names.given(campaign, given) for given in each.given]
    return MyHeld(
        each.id,
        each.mechanic,
        names.mechanic(each.mechanic),
        each.why,
        each.since,
        gives,
        each.lapses,
        each.appealed,
    )


def _line(each: Line, names: Names) -> MyLine:
    title, scale = _named(each.asset, names)
    expires = each.expires if each.expires is not None and each.expires < FOREVER else None
    return MyLine(
        each.id, each.at, each.asset, title, scale, each.amount, names.mechanic(each.why),
        each.part.removeprefix("@"), expires,
    )  # fmt: skip
