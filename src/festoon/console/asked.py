"""A request as views of the console get it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from festoon.access.models import Person
from festoon.console.bridge import Bridge


class Asked(HttpRequest):
    """With who is asking, the way to the engine, and what htmx says. `user` is somebody once `stranger` said no."""

    bridge: Bridge
    user: Person
    htmx: HtmxDetails


def stranger(request: HttpRequest) -> bool:
    """Whether nobody is signed in."""
    return not request.user.is_authenticated
