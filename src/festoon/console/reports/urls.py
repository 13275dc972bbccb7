"""Reports of evaluations: those that were written, those that fall due, and one made now."""

from django.urls import path

from festoon.console.groups import Page
from festoon.console.reports import reports

app_name = "reports"
urlpatterns = [
    path("", reports.overview, name="overview"),
    path("now/", reports.ask, name="ask"),
    path("jobs/<int:number>/", reports.progress, name="progress"),
    path("files/<str:name>", reports.download, name="download"),
]
PAGES = (Page("reports:overview", "reports.title", icon="trail", needs="campaigns:read", place=55),)
