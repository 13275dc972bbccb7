"""Campaigns: all of them, and one with its plan as tabs."""

from django.urls import path

from festoon.console.campaigns import acts, overview, sheet, work, worth
from festoon.console.groups import Page

app_name = "campaigns"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("calendar/", overview.calendar, name="calendar"),
    path("put-away/", overview.away, name="put_away"),
    path("<slug:id>/", sheet.sheet, name="sheet"),
    path("<slug:id>/versions/", sheet.versions_page, name="versions"),
    path("<slug:id>/tab/<slug:tab>/", sheet.sheet, name="tab"),
    path("<slug:id>/versions/<int:version>/<slug:act>/", acts.sign, name="sign"),
    path("<slug:id>/run/<slug:act>/", acts.run, name="run"),
    path("<slug:id>/mechanics/<slug:mechanic>/<slug:act>/", acts.run_mechanic, name="run_mechanic"),
    path("<slug:id>/tasks/<slug:task>/", work.task, name="task"),
    path("<slug:id>/risks/<slug:risk>/", work.risk, name="risk"),
    path("<slug:id>/benefits/now/", worth.ask, name="worth"),
    path("<slug:id>/benefits/jobs/<int:number>/", worth.progress, name="worth_progress"),
    path("<slug:id>/open/", acts.open_further, name="open"),
]
PAGES = (Page("campaigns:overview", "campaigns.title", icon="campaign", needs="campaigns:read", place=20),)
