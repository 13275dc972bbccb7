"""Sources of events that say who is behind them."""

MEMBER = "member"
"""What a member does by his own token."""
ACTS = "festoon/acts"
"""What an operator does to one member."""
