"""Back-tests: plans tried on past events or made-up members."""

from django.urls import path

from festoon.console.backtests import comparing, overview, question, result
from festoon.console.groups import Page

app_name = "backtests"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("new/", question.ask, name="ask"),
    path("compare/", comparing.compare, name="compare"),
    path("<int:number>/", result.one, name="one"),
    path("<int:number>/progress/", result.progress, name="progress"),
    path("<int:number>/cancel/", result.cancel, name="cancel"),
    path("<int:number>/again/", result.again, name="again"),
]
PAGES = (Page("backtests:overview", "backtests.title", icon="test", needs="campaigns:read", place=50),)
