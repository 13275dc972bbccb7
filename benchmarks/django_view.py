# mypy: disable-error-code="var-annotated, no-any-return"
"""The same rules as B1's plan, written as a Django project usually writes them: models, one view, one transaction an
event, `select_for_update` on whatever is counted down. Served by Django's own threaded server."""

import json
import logging
import os
import sys
from typing import Any

import django
from django.conf import settings

from festoon.store.connection import django_database

settings.configure(
    DATABASES={"default": django_database(os.environ["BENCH_DATABASE_URL"]) | {"CONN_MAX_AGE": None}},
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],  # says the length, which keeps connections open
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models, transaction  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils.dateparse import parse_datetime  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402


class Row(models.Model):
    class Meta:
        abstract = True
        app_label = "bench"


class Member(Row):
    subject = models.TextField(unique=True)

    class Meta(Row.Meta):
        db_table = "member"


class Event(Row):
    member = models.ForeignKey(Member, models.PROTECT)
    key = models.TextField(unique=True)
    type = models.TextField()
    time = models.DateTimeField()
    data = models.JSONField()
    outcome = models.JSONField()

    class Meta(Row.Meta):
        db_table = "event"


class Progress(Row):
    member = models.ForeignKey(Member, models.PROTECT)
    mechanic = models.TextField()
    count = models.BigIntegerField(default=0)

    class Meta(Row.Meta):
        db_table = "progress"


class Account(Row):
    member = models.OneToOneField(Member, models.PROTECT)
    points = models.BigIntegerField(default=0)

    class Meta(Row.Meta):
        db_table = "account"


class Counter(Row):
    name = models.TextField(primary_key=True)
    left = models.BigIntegerField()

    class Meta(Row.Meta):
        db_table = "counter"


def counted(member: Member, mechanic: str) -> int:
    """One more for a mechanic of a member."""
    progress, _ = Progress.objects.select_for_update().get_or_create(member=member, mechanic=mechanic)
    progress.count += 1
    progress.save(update_fields=["count"])
    return progress.count


def decided(member: Member, data: dict[str, Any]) -> dict[str, Any]:
    """The three rules: points by amount, a task, and a gift while the stock lasts; points cost the budget."""
    earned = data["amount"] // 100
    counted(member, "spend")
    done = counted(member, "shopping")
    stock = Counter.objects.select_for_update().get(name="stock")
    budget = Counter.objects.select_for_update().get(name="budget")
    if stock.left > 0:
        counted(member, "thanks")
        stock.left -= 1
        stock.save(update_fields=["left"])
        earned += 5
    budget.left -= earned
    budget.save(update_fields=["left"])
    account, _ = Account.objects.select_for_update().get_or_create(member=member)
    account.points += earned
    account.save(update_fields=["points"])
    return {"status": "accepted", "points": earned, "counted": done}


@csrf_exempt
def events(request: HttpRequest) -> JsonResponse:
    given = json.loads(request.body)
    key = f"{given['source']}/{given['id']}"
    with transaction.atomic():
        member = Member.objects.select_for_update().get(subject=given["subject"])
        before = Event.objects.filter(key=key).first()
        if before is not None:
            return JsonResponse(before.outcome)
        outcome = decided(member, given["data"])
        Event.objects.create(
            member=member, key=key, type=given["type"], time=parse_datetime(given["time"]), data=given["data"],
            outcome=outcome,
        )  # fmt: skip
    return JsonResponse(outcome)


urlpatterns = [path("v1/events", events), path("ready", lambda _: JsonResponse({"status": "ready"}))]


class Handler(WSGIRequestHandler):
    """Django's handler without Nagle's wait, which would have it idle for most of the time."""

    disable_nagle_algorithm = True


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    server = ThreadedWSGIServer(("127.0.0.1", int(sys.argv[1])), Handler)
    server.set_app(get_wsgi_application())
    server.serve_forever()
