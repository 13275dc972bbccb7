"""Access: people, keys, and the audit trail."""

from django.urls import path

from festoon.console.access import keys, people, trail
from festoon.console.groups import Page

app_name = "access"
urlpatterns = [
    path("", people.everybody, name="people"),
    path("invite/", people.invite_somebody, name="invite"),
    path("links/<str:id>/", people.take_link_back, name="take_back"),
    path("people/<str:username>/", people.somebody, name="person"),
    path("people/<str:username>/<str:act>/", people.change, name="change"),
    path("keys/", keys.every_key, name="keys"),
    path("keys/new/", keys.make_key, name="make_key"),
    path("keys/<str:id>/", keys.revoke_key, name="revoke_key"),
    path("trail/", trail.trail, name="trail"),
]
PAGES = (
    Page("access:people", "access.people", icon="access", needs="users:manage", place=90),
    Page("access:keys", "access.keys", icon="key", needs="keys:manage", place=92),
    Page("access:trail", "access.trail", icon="trail", needs="trail:read", place=94),
)
