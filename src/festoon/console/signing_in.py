"""How allauth signs people in here: nobody signs himself up, and the language a person has chosen comes with him."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """People of the console have no mail address; nothing is sent."""

    def send_notification_mail(self, *args: Any, **named: Any) -> None:
        """The same: what happened to an account stands in the audit trail."""


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """The secret behind the codes of a second factor is kept encrypted: who reads the database cannot make codes."""

    def encrypt(self, text: str) -> str:
        return self._box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._box().decrypt(encrypted_text.encode()).decode()

    def _box(self) -> Fernet:
        return Fernet(urlsafe_b64encode(sha256(f"second-factor:{settings.SECRET_KEY}".encode()).digest()))
