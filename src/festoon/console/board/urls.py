"""The live board: what campaigns are doing, for a desk, a phone and a screen on the wall."""

from django.urls import path

from festoon.console.board import board
from festoon.console.groups import Page

app_name = "board"
urlpatterns = [
    path("", board.choose, name="choose"),
    path("<str:campaign>/", board.live, name="live"),
    path("<str:campaign>/wall/", board.wall, name="wall"),
]
PAGES = (Page("board:choose", "board.title", icon="board", needs="campaigns:read", place=40),)
