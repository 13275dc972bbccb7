"""What the platform owes its members by day, and the same as files."""

from django.urls import path

from festoon.console.groups import Page
from festoon.console.liability import liability

app_name = "liability"
urlpatterns = [
    path("", liability.by_day, name="by_day"),
    path("days.<str:form>", liability.file, name="file"),
]
PAGES = (Page("liability:by_day", "liability.title", icon="books", needs="books:read", place=58),)
