"""Effects that give nothing: what a mechanic keeps, starts, stops, notes, and says of a member."""

from festoon.base.effects import Fact, Keep, Note, Start, Stop, Tell, UseCode, Write
from festoon.base.errors import define
from festoon.base.events import derived_id
from festoon.engine.code_shelf import Code
from festoon.engine.posting import Posting
from festoon.engine.program import GRANTED, OWNERS
from festoon.engine.view import EventView
from festoon.engine.world import Message, Timer
from festoon.members.consents import may_be_written

UNTOLD = "untold"
"""Where an outcome says that a message was not made, and why."""
NO_CONSENT = define(
    "message.no_consent",
    200,
    "not written to by {channel}: the member has not agreed to it",
    "会员未同意通过{channel}接收消息，未发送",
)


def keep(posting: Posting, effect: Keep, _view: EventView) -> None:
    """The mechanic's new state."""
    posting.state = effect.state


def start(posting: Posting, effect: Start, view: EventView) -> None:
    """A timer of the member, or of another."""
    own = effect.member is None or effect.member == view.number
    owner = posting.listener.key
    if effect.mechanic:
        owner = f"{posting.listener.campaign.campaign}/{effect.mechanic}"
    id = f"{owner}/{effect.name}"
    if not own:
        # The id follows from the cause and from whom it is for: each has his own, even when two become one member.
        id += "#" + derived_id(view.event.source, view.event.id, view.number, effect.member)
    data = effect.data
    if view.event.type == GRANTED:  # so that what it gives is not shown to who brought it about
        data = {**data, OWNERS: (*view.event.data[OWNERS], posting.listener.key)}
    timer = Timer(id, effect.due, owner, effect.name, data)
    posting.started += ((None if own else effect.member, timer),)
    posting.aside = True


def stop(posting: Posting, effect: Stop, _view: EventView) -> None:
    """A timer is wanted no more."""
    posting.stopped += (f"{posting.listener.key}/{effect.name}",)
    posting.aside = True


def fact(posting: Posting, effect: Fact, _view: EventView) -> None:
    """Something is known of the member from now on."""
    posting.facts += (effect,)
    posting.aside = True


def note(posting: Posting, effect: Note, _view: EventView) -> None:
    """Something that the outcome keeps."""
    posting.note = {**posting.note, **effect.data} if posting.note else effect.data


def tell(posting: Posting, effect: Tell, view: EventView) -> None:
    """A message to the member, once for its cause; none by a channel that he has not agreed to, and the outcome says
    so."""
    data = effect.data
    if effect.channel:
        if not (effect.service or may_be_written(view.person.profile, effect.channel)):
            untold = {"code": NO_CONSENT, "channel": effect.channel, "template": effect.template}
            posting.note = {**posting.note, UNTOLD: untold}
            return
        data = {**data, "channel": effect.channel, "service": effect.service}
    cause = derived_id(view.event.source, view.event.id, posting.listener.key, effect.template)
    posting.messages += (Message(cause, effect.template, data),)
    posting.aside = True


def write(posting: Posting, effect: Write, _view: EventView) -> None:
    """A file of the mechanic's."""
    posting.files += (effect,)
    posting.aside = True


def use_code(posting: Posting, _effect: UseCode, view: EventView) -> None:
    """The code that was entered is used up."""
    code = view.world.codes.code(view.entered.code)
    assert code is not None, "an entered code has been looked up"
    posting.codes += (("", Code(code.code, code.batch, view.number, view.now)),)
    posting.aside = True
