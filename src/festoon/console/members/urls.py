"""Members: found, looked at, helped; and what waits for a second signature."""

from django.urls import path

from festoon.console.groups import Page
from festoon.console.members import acts, consents, inbox, pages

app_name = "members"
urlpatterns = [
    path("", pages.search, name="search"),
    path("requests/", inbox.inbox, name="inbox"),
    path("requests/<int:number>/<str:act>/", inbox.decide, name="decide"),
    path("<int:number>/", pages.overview, name="overview"),
    path("<int:number>/statement/", pages.statement, name="statement"),
    path("<int:number>/items/", pages.items, name="items"),
    path("<int:number>/progress/", pages.progress, name="progress"),
    path("<int:number>/events/", pages.events, name="events"),
    path("<int:number>/consents/", consents.consents, name="consents"),
    path("<int:number>/do/consent/", consents.consenting, name="consent"),
    path("<int:number>/do/adjust/", acts.adjusting, name="adjust"),
    path("<int:number>/do/compensate/", acts.compensating, name="compensate"),
    path("<int:number>/do/erase/", acts.erasing, name="erase"),
    path("<int:number>/do/<str:act>/", acts.barring, name="bar"),
]
PAGES = (
    Page("members:search", "members.title", icon="members", needs="members:read", place=60),
    Page("members:inbox", "members.inbox", icon="clock", needs="members:read", place=61),
)
