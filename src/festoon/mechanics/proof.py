"""Proofs that somebody looks at (凭证审核): what is handed in waits, and counts once it has been approved.

A proof counts for the local day on which it was handed in, whenever the verdict comes, so verdicts give the same in
whatever order they arrive. A verdict stands: a second one on the same proof is refused.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import blake2b
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from festoon.base.effects import Effect, Start, Stop
from festoon.base.errors import Refused, define
from festoon.base.events import Event
from festoon.base.times import FOREVER, end_of_day
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import Build, View
from festoon.mechanics.reading import field, text_at

APPROVED, REJECTED = "proof.approved", "proof.rejected"
VERDICTS = (APPROVED, REJECTED)

MISSING = define("proof.missing", 200, "this counts with a proof only", "需提交凭证后才能计入")
USED = define(
    "proof.used", 200, "'{proof}' has been handed in already", "凭证“{proof}”已提交过，请勿重复提交"
)
IN_REVIEW = define(
    "proof.in_review", 200, "what was handed in before is still being looked at", "之前提交的凭证正在审核中"
)
DECIDED = define("proof.decided", 200, "'{proof}' has been decided already", "凭证“{proof}”已审核过")
PHOTO_WANTED = define(
    "proof.photo_wanted",
    200,
    "this counts with a photo, and not with words alone",
    "请提交照片，仅有文字无效",
)
WORDS_WANTED = define(
    "proof.words_wanted",
    200,
    "this counts in words, and not with a photo alone",
    "请提交文字说明，仅有照片无效",
)
UNKNOWN = define("proof.unknown", 200, "'{proof}' has not been handed in here", "未找到凭证“{proof}”")

OVERDUE = "overdue/"
"""The timer of a proof that nobody has decided, with its id."""
A_PHOTO, SOME_WORDS = "photo:", "words:"
"""How the names of photos and words begin that are kept here. What another name stands for is the platform's to say."""
PHOTO = "photo"
"""The field that says where the picture is, if there is one beside what the proof is named by."""
UNREVIEWED, NOT_GIVEN = "unreviewed", "not_given"
"""The reasons of rejections that came of themselves: nobody looked, or what it would have brought was refused until the
campaign was settled."""
LONGEST = 64
"""How long a name is kept as it is; of a longer one a digest is."""
REMEMBERED = 1000
"""How many approved proofs are known again. A task without end goes on past them."""
SHOWN = 8
"""How many of the latest rejections are kept for the member."""


Wants = Literal["photo", "words", "either"]


class Review(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is handed in counts once it has been approved."""

    of: Annotated[
        str,
        says(
            "The field that names what is handed in; the verdict names the same. By default `event.proof`, and"
            " `event.photo` of a check-in."
        ),
    ] = ""
    wants: Annotated[
        Wants | None,
        says(
            "What is to be handed in: a photo, words, or either. By default either, and a photo for a check-in. Words"
            " may stand beside a photo."
        ),
    ] = None
    within_days: Annotated[
        Annotated[int, Meta(ge=1, le=365)] | None,
        says("How many days after the day it was handed in the verdict can take; no end by default."),
    ] = None
    overdue: Annotated[
        Literal["rejected", "approved"], says("What then becomes of what nobody has looked at.")
    ] = "rejected"
    again_days: Annotated[
        int,
        Meta(ge=1, le=365),
        says("A check-in only: so many days after the rejection another photo may come."),
    ] = 3


class Proof(Struct, frozen=True, omit_defaults=True):
    """What was handed in: its name, the ordinal of its local day, and what it counts for."""

    id: str
    day: int
    units: int = 1
    target: str = ""


class Rejected(Struct, frozen=True):
    """What was turned down: its name and day, why, and the day on which it was."""

    id: str
    day: int
    reason: str
    on: int


class Proofs(Struct, frozen=True, omit_defaults=True):
    """All that a member has handed in, as far as it is remembered."""

    open: tuple[Proof, ...] = ()
    approved: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()

    def find(self, id: str) -> Proof | None:
        """The open proof of that name."""
        for proof in self.open:
            if proof.id == id:
                return proof
        return None

    def with_approved(self, proof: Proof) -> "Proofs":
        return Proofs(
            self._others(proof),
            (*self.approved, proof.id)[-REMEMBERED:],
            tuple([other for other in self.rejected if other.id != proof.id]),
        )

    def with_rejected(self, proof: Proof, reason: str, on: date) -> "Proofs":
        turned_down = Rejected(proof.id, proof.day, reason, on.toordinal())
        return Proofs(self._others(proof), self.approved, (*self.rejected, turned_down)[-SHOWN:])

    def without_rejected(self, day: int) -> "Proofs":
        """Once a day counts, nothing more is to come for it."""
        if not self.rejected:
            return self
        rest = tuple([other for other in self.rejected if other.day != day])
        return Proofs(self.open, self.approved, rest)

    def _others(self, proof: Proof) -> tuple[Proof, ...]:
        return tuple([other for other in self.open if other is not proof])


NO_PROOFS = Proofs()


class Verdict(Struct, frozen=True):
    """What became of an open proof, and all proofs after it."""

    proof: Proof
    approved: bool
    proofs: Proofs
    reason: str = ""


class Reviewing:
    """The review of one mechanic: which field names a proof, how long it may take, and what follows."""

    def __init__(self, rule: Review, build: Build, of: str) -> None:
        self.rule = rule
        self.name = field(rule.of or of, build, "review.of")
        self.wants: Wants = rule.wants or ("photo" if of == "event.photo" else "either")
        self.zone, self.settle = build.zone, build.settle
        self.named = (build.campaign, build.mechanic)

    @property
    def fields(self) -> frozenset[str]:
        """The fields of event data that it looks at."""
        return frozenset({self.name, PHOTO, "proof", "reason", "campaign", "mechanic"})

    def concerns(self, event: Event) -> bool:
        """Whether an event names this mechanic, or none."""
        given = event.data.get("campaign"), event.data.get("mechanic")
        return all(name in (None, own) for name, own in zip(given, self.named, strict=True))

    def new(self, event: Event, proofs: Proofs) -> str:
        """The name of a proof that is handed in. Raises Refused for none, for one of the wrong kind, and for one that
        was before."""
        said = (not self.rule.of and text_at(event, "proof")) or text_at(event, self.name)
        if not said:
            raise Refused(MISSING)
        self.check_kind(said, text_at(event, PHOTO))
        id = short(said)
        if id in proofs.approved or proofs.find(id) is not None:
            raise Refused(USED, proof=id)
        return id

    def check_kind(self, said: str, photo: str) -> None:
        """Refuse words where a photo is wanted, and a photo where words are. `photo` is what stands beside."""
        if self.wants == "photo" and said.startswith(SOME_WORDS) and not photo:
            raise Refused(PHOTO_WANTED)
        if self.wants == "words" and said.startswith(A_PHOTO):
            raise Refused(WORDS_WANTED)

    def waits(self, proof: Proof, event: Event, view: View) -> Start:
        """The timer by which an undecided proof decides itself. Who looks at proofs finds it there, so one that may
        wait forever has a timer too, which never comes due."""
        days, due = self.rule.within_days, FOREVER
        if days is not None:
            due = end_of_day(view.local_date(view.now) + timedelta(days=days), self.zone)
        photo = text_at(event, PHOTO) or text_at(event, self.name)
        return Start(_timer(proof), due, {"proof": proof.id, "photo": photo})

    def verdict(self, event: Event, proofs: Proofs, view: View) -> Verdict | None:
        """What an event decides; None when it is about something else. Raises Refused for what cannot be decided."""
        if not self.concerns(event):
            return None
        id = short(text_at(event, "proof"))
        proof = proofs.find(id)
        if proof is None:
            if id in proofs.approved:
                raise Refused(DECIDED, proof=id, verdict="approved")
            if any(id == other.id for other in proofs.rejected):
                raise Refused(DECIDED, proof=id, verdict="rejected")
            if event.data.get("mechanic") is not None:
                raise Refused(UNKNOWN, proof=id)
            return None
        if event.type == APPROVED:
            return Verdict(proof, True, proofs.with_approved(proof))
        reason = text_at(event, "reason")
        return Verdict(proof, False, proofs.with_rejected(proof, reason, view.day), reason)

    def overdue(self, data: dict[str, Any], proofs: Proofs, view: View) -> Verdict | None:
        """What the timer of an undecided proof decides; None when it has been decided."""
        proof = proofs.find(data["proof"])
        if proof is None:
            return None
        if self.rule.overdue == "approved":
            return Verdict(proof, True, proofs.with_approved(proof))
        return Verdict(proof, False, proofs.with_rejected(proof, UNREVIEWED, view.day), UNREVIEWED)

    def passed_by(
        self, name: str, data: dict[str, Any], proofs: Proofs, view: View
    ) -> Start | Verdict | None:
        """What becomes of a proof that should have decided itself, and what it would have brought was refused: each
        day it is tried again, and until then somebody can look at it. When the campaign is settled, that is over."""
        proof = proofs.find(data["proof"]) if name.startswith(OVERDUE) else None
        if proof is None:
            return None
        again = end_of_day(view.local_date(view.now), self.zone)
        if again < self.settle:
            return Start(name, again, data)
        return Verdict(proof, False, proofs.with_rejected(proof, NOT_GIVEN, view.day), NOT_GIVEN)


def settled(verdict: Verdict) -> Stop:
    """The timer of what has been decided is wanted no more."""
    return Stop(_timer(verdict.proof))


def let_go(before: Iterable[Proofs], after: Proofs = NO_PROOFS) -> list[Effect]:
    """The timers of what was waiting before and does not any more, though nobody has decided it, are wanted no more:
    so that nobody is asked to look at it."""
    kept = {_timer(proof) for proof in after.open}
    gone = dict.fromkeys(_timer(proof) for proofs in before for proof in proofs.open)
    return [Stop(name) for name in gone if name not in kept]


def _timer(proof: Proof) -> str:
    """The name of a proof's timer: by it those that wait longest come first."""
    return f"{OVERDUE}{proof.day}/{proof.id}"


def short(name: str) -> str:
    """A proof's name as it is remembered: of a long one (an address with a signature) a digest."""
    return name if len(name) <= LONGEST else blake2b(name.encode(), digest_size=16).hexdigest()


def shown(proofs: Proofs) -> dict[str, Any]:
    """What a member sees of what he has handed in."""
    return {
        "in_review": [{"proof": proof.id, "day": _iso(proof.day)} for proof in proofs.open],
        "rejected": [
            {"proof": proof.id, "day": _iso(proof.day), "reason": proof.reason} for proof in proofs.rejected
        ],
    }


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
