"""Whom an invitation names as the inviter: by his id, or by his code."""

from festoon.base.errors import Refused, define
from festoon.base.events import Event
from festoon.mechanics.base import View
from festoon.mechanics.reading import text_at

INVITED = "invite.accepted"
NAMING = frozenset({"inviter", "code", "invite_code"})
"""The fields that name an inviter."""

UNKNOWN = define(
    "referral.inviter_unknown", 200, "nobody here is called '{inviter}'", "邀请人“{inviter}”不存在"
)
CODE_UNKNOWN = define("referral.code_unknown", 200, "'{code}' is nobody's invite code", "邀请码“{code}”无效")


def inviter_named(event: Event, view: View) -> int | None:
    """The number of whom the event names; None when it names nobody. An id or a code of an account that has become part
    of another leads to who stays. Raises Refused for who is not there."""
    if inviter := text_at(event, "inviter"):
        number = view.number_of(inviter)
        if number is None:
            raise Refused(UNKNOWN, inviter=inviter)
        return number
    code = text_at(event, "code") or text_at(event, "invite_code")
    if not code:
        return None
    number = view.number_of_code(code)
    if number is None:
        raise Refused(CODE_UNKNOWN, code=code)
    return number


def names_himself(event: Event, view: View) -> bool:
    """Whether the event names its own subject as the inviter."""
    try:
        return inviter_named(event, view) == view.member.number
    except Refused:
        return False
