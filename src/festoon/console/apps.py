"""The console as a Django application: its template tags and static files."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "festoon.console"
    label = "console"
