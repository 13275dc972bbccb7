"""What every template knows: the navigation, the language, and whether this is a rehearsal."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from festoon.console.navigation import pages_for, sections_of
from festoon.console.texts import language


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Small and without a query: what is dear is asked for by the page that shows it."""
    bridge = getattr(request, "bridge", None)
    return {
        "language": language(),
        "languages": settings.LANGUAGES,
        "language_chosen": get_language(),
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "nav_sections": sections_of(pages_for(request)),
        "may": _may(request),
        "rehearsal": bridge is not None and bridge.rehearsal,
    }


def _may(request: HttpRequest) -> dict[str, bool]:
    """What the reader may do, for templates: `may.plan_approve` is the capability `plan:approve`."""
    user: Any = getattr(request, "user", None)
    held = user.capabilities if user is not None and user.is_authenticated else ()
    return {capability.replace(":", "_").replace("-", "_"): True for capability in held}
