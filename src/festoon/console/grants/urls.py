"""Grants to a list and compensations: uploaded, looked at, signed, run, with their results."""

from django.urls import path

from festoon.console.grants import making, running
from festoon.console.groups import Page

app_name = "grants"
urlpatterns = [
    path("", running.overview, name="overview"),
    path("new/", making.new, name="new"),
    path("draft/<str:id>/", making.look, name="draft"),
    path("<slug:id>/", running.one, name="one"),
    path("<slug:id>/sign/", running.sign_it, name="sign"),
    path("<slug:id>/run/", running.run_it, name="run"),
    path("<slug:id>/results.xlsx", running.results, name="results"),
]
PAGES = (Page("grants:overview", "grants.title", icon="grant", needs="members:read", place=64),)
