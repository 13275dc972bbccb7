"""People of the console for tests: made in the store, signed in through the pages' own session."""

import re
import time
from datetime import UTC, datetime
from typing import Any

import httpx
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore

from festoon.console.database import OwnDatabase
from festoon.store.migrate import setup
from tests.serving import PATIENCE

setup()

from allauth.account.internal.userkit import user_id_to_str  # noqa: E402 (models need Django to be ready)
from allauth.mfa.adapter import get_adapter  # noqa: E402
from allauth.mfa.models import Authenticator  # noqa: E402

from festoon.access.models import Person  # noqa: E402

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor(httpx.Client):
    """A browser without scripts: keeps cookies, and sends the token of the page it last looked at."""

    session_key = ""

    def page(self, path: str, status: int = 200) -> str:
        """The text of a page, after redirects. Fails the test unless it answers with `status`."""
        answer = self.get(path)
        assert answer.status_code == status, f"{path}: {answer.status_code}\n{answer.text[:2000]}"
        return answer.text

    def submit(self, path: str, /, _from: str = "", **fields: Any) -> httpx.Response:
        """Post a form of a page: the one at `_from`, or at the path itself."""
        token = CSRF.search(self.get(_from or path).text)
        assert token is not None, f"there is no form at {_from or path}"
        return self.post(path, data={"csrfmiddlewaretoken": token[1], **fields})


class Visitors:
    """Clients by role, or by several joined with `+`; made when they are first asked for. "" is a stranger."""

    def __init__(self, dsn: str, port: int) -> None:
        self._port = port
        self._database = OwnDatabase(dsn)
        self._known: dict[str, Visitor] = {}

    def __getitem__(self, roles: str) -> Visitor:
        if roles not in self._known:
            self._known[roles] = self.fresh(roles)
        return self._known[roles]

    def fresh(self, roles: str = "", username: str = "", language: str = "en") -> Visitor:
        """A client of somebody new with these roles, or of a stranger."""
        visitor = Visitor(
            base_url=f"http://127.0.0.1:{self._port}",
            follow_redirects=True,
            timeout=PATIENCE,
            headers={"accept-language": language},
        )
        if roles:
            person = self.person(username or roles.replace("+", "-")[:32], *roles.split("+"))
            visitor.session_key = self.session(person)
            visitor.cookies.set(settings.SESSION_COOKIE_NAME, visitor.session_key)
        return visitor

    def person(self, username: str, *roles: str, second_factor: bool = True) -> Person:
        """Somebody with a password and, unless it is said otherwise, a second factor."""
        self._database.lend()
        person = Person.objects.create(
            username=username, name=username.title(), roles=list(roles), created=datetime.now(UTC),
            password=make_password(PASSWORD),
        )  # fmt: skip
        if second_factor:
            data = {"secret": get_adapter().encrypt(SECRET)}
            Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data=data)
        return person

    def session(self, person: Person) -> str:
        """The key of a session in which somebody has just signed in."""
        self._database.lend()
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = user_id_to_str(person)
        session.create()
        assert session.session_key is not None
        return session.session_key

    def close(self) -> None:
        for each in self._known.values():
            each.close()
        self._database.close()
