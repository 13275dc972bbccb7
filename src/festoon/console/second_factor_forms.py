"""Forms of second factors whose labels allauth leaves in English."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm

from festoon.console.texts import later


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey, under a name by which its owner knows it again."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["name"].label = later("passkey_name")
