"""Webhooks: endpoints, their secrets, what was sent to them."""
