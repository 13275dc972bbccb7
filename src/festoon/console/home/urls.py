"""The first page: what runs now, and what needs the reader."""

from django.urls import path

from festoon.console.groups import Page
from festoon.console.home import page

app_name = "home"
urlpatterns = [path("", page.home, name="home")]
PAGES = (Page("home:home", "home.title", icon="home", needs="campaigns:read", place=10),)
