"""A person who uses the console, and the one-time links that let people in. Read by Django; changed, with an entry in
the audit trail, by `access/people.py` and `access/invitations.py`."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models

from festoon.access import roles

USERNAME = r"^[a-z0-9][a-z0-9._-]{1,31}$"


class Person(AbstractBaseUser):
    """Who signs in. `username` never changes: what he signed carries it."""

    username: "models.CharField[str, str]" = models.CharField(
        max_length=32, unique=True, validators=[RegexValidator(USERNAME)]
    )
    name: "models.CharField[str, str]" = models.CharField(max_length=80)
    roles: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=20), default=list)
    language: "models.CharField[str, str]" = models.CharField(max_length=8, default="", blank=True)
    is_active: "models.BooleanField[bool, bool]" = models.BooleanField(default=True)
    created: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    objects: BaseUserManager["Person"] = BaseUserManager()

    USERNAME_FIELD = "username"

    class Meta:
        db_table = "person"

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def actor(self) -> str:
        return roles.actor(self.username)

    @property
    def capabilities(self) -> frozenset[str]:
        return roles.may(self.roles)

    def may(self, capability: str) -> bool:
        return self.is_active and capability in self.capabilities


class Invitation(models.Model):
    """A link that works once: for a new person with roles, or for a known one who sets a new password."""

    digest: "models.BinaryField[bytes, bytes]" = models.BinaryField(primary_key=True)
    roles: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=20), default=list)
    person: "models.ForeignKey[Person | None, Person | None]" = models.ForeignKey(
        Person, null=True, on_delete=models.CASCADE
    )
    made: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    by: "models.CharField[str, str]" = models.CharField(max_length=80)
    expires: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    used: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True)

    class Meta:
        db_table = "invitation"
