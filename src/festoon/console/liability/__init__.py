"""What the platform owes its members, for its accountants."""
