"""The shapes of what the API takes and answers, as the OpenAPI document and the client show them."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from festoon.engine.campaign_list import PlanVersion
from festoon.engine.epochs import Epoch
from festoon.engine.held_list import Held
from festoon.engine.outcome import Outcome
from festoon.engine.remarks import Remark
from festoon.engine.statement import Balance, Line
from festoon.members.consents import Answer


class Problem(Struct, frozen=True, omit_defaults=True):
    """An error (RFC 9457). `code` is stable, and `type` is where it is explained. `title` is in the reader's
    language; `place` is the field; `data` is what stands behind the title; `detail` says what to do."""

    type: str
    title: str
    status: int
    code: str
    place: str = ""
    data: dict[str, Any] = {}
    detail: str = ""
    problems: list[dict[str, Any]] = []
    """Every mistake of a plan, when there are several: its place, code and text."""


class EventAnswer(Struct, frozen=True, omit_defaults=True):
    """What came of one event. `again` says that it had been sent before. `error` stands in place of an outcome
    when the event was turned away. A refusal inside the outcome also has a `text` in the reader's language."""

    status: int
    id: str = ""
    source: str = ""
    again: bool = False
    outcome: Outcome | None = None
    error: Problem | None = None


class Item(Struct, frozen=True, omit_defaults=True):
    """A thing the member owns or owned, and whether he wears it."""

    id: str
    kind: str
    ref: str
    state: str
    given: datetime
    campaign: str
    mechanic: str
    expires: datetime | None = None
    code: str | None = None
    serial: int | None = None
    worn: bool = False


class MechanicProgress(Struct, frozen=True, omit_defaults=True):
    """How far a member is with one mechanic: how often it gave him something, and its own state."""

    mechanic: str
    given: int
    state: Any = None


class MemberAnswer(Struct, frozen=True):
    """A member with everything he has. Personal fields are not shown here."""

    id: str
    number: int
    ids: list[str]
    registered: datetime | None
    profile: dict[str, Any]
    balances: list[Balance]
    items: list[Item]
    progress: list[MechanicProgress]
    held: list[Held]
    consents: list[Answer] = []
    """Where he may be written to, and where not, by channel; of others he was never asked."""
    priority: bool = False
    """Whether his level brings priority support."""


class StatementAnswer(Struct, frozen=True):
    """A page of a statement, newest first."""

    lines: list[Line]
    next: str | None


class NewMember(Struct, frozen=True, omit_defaults=True):
    """A member to make known. `source` and `event_id` name the event it becomes; sending it again is safe.

    `imported` is somebody who was a member before: no registration gift fires for him.
    """

    id: str
    event_id: str
    source: str = "api/members"
    time: str | None = None
    imported: bool = False
    data: dict[str, Any] = {}


class CampaignAnswer(Struct, frozen=True):
    """A published campaign."""

    id: str
    version: int
    title: dict[str, str]
    phase: str
    timezone: str
    start: datetime
    end: datetime
    settle: datetime
    mechanics: list[str]


class AccountAnswer(Struct, frozen=True):
    """A shared account of a campaign: a budget line, its commitments and costs, a stock, a quota."""

    holder: str
    asset: str
    balance: int


class CampaignDetail(CampaignAnswer, frozen=True):
    """A campaign with its shared accounts and the published sides of its draws."""

    accounts: list[AccountAnswer]
    draws: list[Epoch]


class CampaignPage(Struct, frozen=True):
    """Campaigns that run, by id."""

    campaigns: list[CampaignAnswer]
    next: str | None


class Odds(Struct, frozen=True):
    """One row of the table: it would be given `weight` times in `total`. `nothing` is a row like any other."""

    prize: str
    weight: int
    total: int


class OddsAnswer(Struct, frozen=True):
    """The odds of the member's next play if it came at this moment. What comes to its stock or to him changes them."""

    draw: str
    at: datetime
    odds: list[Odds]


class InviteLink(Struct, frozen=True):
    """Where the invitations of one running referral lead."""

    campaign: str
    mechanic: str
    url: str


class InviteAnswer(Struct, frozen=True):
    """What a member invites others with. The code is the same in all campaigns, and stays his."""

    code: str
    links: list[InviteLink]


class PlanText(Struct, frozen=True, forbid_unknown_fields=True):
    """A plan file's text. `note` says what is new, for who signs."""

    source: str
    note: str = ""


class Reason(Struct, frozen=True, forbid_unknown_fields=True):
    """Why something is done; it is kept in the trail."""

    reason: str = ""


class Comment(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody says beside his signature; who signs next reads it."""

    comment: Annotated[str, Meta(max_length=4000)] = ""


class NeededReason(Struct, frozen=True, forbid_unknown_fields=True):
    """Why something is decided; it is kept in the journal and the trail."""

    reason: Annotated[str, Meta(min_length=1, max_length=1000)]


class Pausing(Struct, frozen=True, forbid_unknown_fields=True):
    """The mechanics that are paused from now on, and no others; none named is the whole campaign."""

    mechanics: list[str] = []


class PlanProblem(Struct, frozen=True):
    """A mistake or a warning in a plan, with its place. Lines and columns count from 1; 0 when it has no place."""

    code: str
    severity: str
    path: str
    line: int
    column: int
    text: str
    todo: str
    data: dict[str, Any]


class PlanCheck(Struct, frozen=True):
    """What a check found. `ok` says that the plan could run; `campaign` is whose plan it is, when that can be read."""

    ok: bool
    campaign: str
    problems: list[PlanProblem]


class PlanChange(Struct, frozen=True):
    """A difference from the version that runs. `effect` is what becomes of what members have: `carried_on`,
    `kept_unused`, `fresh`, or `refused` when it cannot be made."""

    path: str
    text: str
    effect: str


class PlanVersionDetail(PlanVersion, frozen=True):
    """A version with its text, what it would change about the one that runs, what there is to say about it, and what
    was said while it was signed."""

    source: str
    changes: list[PlanChange]
    problems: list[PlanProblem]
    remarks: list[Remark]


class PlanVersions(Struct, frozen=True):
    """Versions, by campaign and number."""

    versions: list[PlanVersion]
    next: str | None


class Pause(Struct, frozen=True):
    """Which mechanics of a campaign are paused; `*` is all of it. `stopped` is when it was stopped for good."""

    campaign: str
    paused: list[str]
    stopped: datetime | None


class PutAway(Struct, frozen=True):
    """Whether a campaign is put away, and since when."""

    campaign: str
    archived: datetime | None


class Opening(Struct, frozen=True, forbid_unknown_fields=True):
    """How far to open a campaign: members in ten thousand."""

    share: Annotated[int, Meta(ge=0, le=10_000)]


class OpeningStep(Struct, frozen=True):
    """From when on so many members in ten thousand may take part."""

    at: datetime
    share: int


class OpeningAnswer(Struct, frozen=True):
    """How far a campaign is open: members in ten thousand now, testers by name beside them, and the steps to come."""

    campaign: str
    share: int
    testers: int
    to_come: list[OpeningStep]
