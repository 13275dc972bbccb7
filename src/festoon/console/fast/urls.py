"""The fast lane: more stock or budget with a second signature, and one mechanic paused at once."""

from django.urls import path

from festoon.console.fast import lane
from festoon.console.groups import Page

app_name = "fast"
urlpatterns = [
    path("", lane.overview, name="overview"),
    path("<slug:id>/", lane.campaign, name="campaign"),
    path("<slug:id>/<int:version>/<slug:act>/", lane.decide, name="decide"),
    path("<slug:id>/mechanics/<slug:mechanic>/<slug:act>/", lane.switch, name="switch"),
]
PAGES = (Page("fast:overview", "fast.title", icon="plus", needs="campaigns:read", place=25),)
