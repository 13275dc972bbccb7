"""The tables of Festoon as a Django application; its migrations run the SQL files beside them."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "festoon.store"
    label = "store"
    verbose_name = "Festoon"
