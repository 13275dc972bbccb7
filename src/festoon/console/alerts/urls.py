"""Alerts: what is wrong right now, and who has seen it."""

from django.urls import path

from festoon.console.alerts import alerts
from festoon.console.groups import Page

app_name = "alerts"
urlpatterns = [
    path("", alerts.every_alert, name="alerts"),
    path("count/", alerts.count, name="count"),
    path("acknowledge/", alerts.acknowledge_one, name="acknowledge"),
]
PAGES = (
    Page(
        "alerts:alerts", "alerts.title", icon="alert", needs="campaigns:read", place=12, count="alerts:count"
    ),
)
