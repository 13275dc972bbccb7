"""Figures from outside: entered with their evidence, signed by another."""

from django.urls import path

from festoon.console.figures import figures
from festoon.console.groups import Page

app_name = "figures"
urlpatterns = [
    path("", figures.every_figure, name="figures"),
    path("new/<slug:campaign>/", figures.enter, name="enter"),
    path("<int:number>/evidence/", figures.file, name="evidence"),
    path("<int:number>/<slug:act>/", figures.decide, name="decide"),
]
PAGES = (Page("figures:figures", "figures.title", icon="check", needs="campaigns:read", place=45),)
