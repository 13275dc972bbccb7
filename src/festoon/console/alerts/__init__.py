"""Alerts: what is wrong right now, and who has seen it."""
