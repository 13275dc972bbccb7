"""Webhooks: endpoints, and what was sent to them."""

from django.urls import path

from festoon.console.groups import Page
from festoon.console.webhooks import endpoints, sent

app_name = "webhooks"
urlpatterns = [
    path("", endpoints.every_endpoint, name="overview"),
    path("new/", endpoints.make_endpoint, name="make"),
    path("deliveries/", sent.every_delivery, name="deliveries"),
    path("deliveries/<int:number>/", sent.one, name="delivery"),
    path("deliveries/<int:number>/replay/", sent.again, name="again"),
    path("<str:id>/", endpoints.one, name="endpoint"),
    path("<str:id>/<str:act>/", endpoints.change_it, name="change"),
]
PAGES = (Page("webhooks:overview", "webhooks.title", icon="hook", needs="webhooks:manage", place=80),)
