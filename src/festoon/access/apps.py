"""People who use the console, as a Django application."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "festoon.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
