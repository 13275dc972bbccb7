"""为什么没发给我: one search from a member and a mechanic to the answer."""

from django.urls import path

from festoon.console.groups import Page
from festoon.console.why import ask

app_name = "why"
urlpatterns = [path("", ask.ask, name="ask")]
PAGES = (Page("why:ask", "why.title", icon="why", needs="members:read", place=62),)
