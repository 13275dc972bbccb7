"""What a serving process is made of: the server, and the sides it shows."""

from festoon.api.server import Server, Serving
from festoon.api.sides import Side
from festoon.console.side import console
from festoon.site.side import Site


def serving_application(serving: Serving, *beside: Side) -> Server:
    """The whole ASGI application of a serving process; `beside` are sides that only some processes have."""
    return Server(serving, (console, Site(serving.sign_in), *beside))
