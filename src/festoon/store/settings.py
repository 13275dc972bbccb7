"""Django's settings: the database by URL, three languages, UTC, and no secret in the source."""

import os
from typing import Any

from festoon.store.connection import django_database
from festoon.store.home import data_home, secret_key

SECRET_KEY = secret_key(data_home())
DEBUG = False
ALLOWED_HOSTS = os.environ.get("FESTOON_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = ["festoon.store.apps.StoreConfig"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without a URL there is no default database; `migrate` and the servers are given theirs.
_url = os.environ.get("FESTOON_DATABASE_URL", "")
DATABASES: dict[str, dict[str, Any]] = {"default": django_database(_url)} if _url else {}

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
