"""What a serving process is made of: the server, and the sides it shows."""

from festoon.api.server import Server, Serving
from festoon.console.side import console
from festoon.site.side import Site


def serving_application(serving: Serving) -> Server:
    """The whole ASGI application of a serving process."""
    return Server(serving, (console, Site(serving.sign_in)))
