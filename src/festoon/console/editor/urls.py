"""The editor: what one writes, the editor itself, and putting it up for review."""

from django.urls import path

from festoon.console.editor import asking, beside, finish, keeping, overview, page
from festoon.console.groups import Page

app_name = "editor"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("start/", overview.start, name="start"),
    path("campaigns/<str:campaign>/", overview.go_on, name="go_on"),
    path("<int:id>/", page.editor, name="editor"),
    path("<int:id>/form/", page.form, name="form"),
    path("<int:id>/keep/", keeping.keep, name="keep"),
    path("condition/", asking.condition, name="condition"),
    path("uses/", asking.uses, name="uses"),
    path("<int:id>/beside/", beside.beside, name="beside"),
    path("<int:id>/beside/<int:other>/", beside.other, name="other"),
    path("<int:id>/submit/", finish.submit, name="submit"),
    path("<int:id>/follow/", finish.follow, name="follow"),
    path("<int:id>/throw-away/", finish.throw, name="throw"),
]
PAGES = (Page("editor:overview", "editor.title", icon="edit", needs="plan:make", place=30),)
