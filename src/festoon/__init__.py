"""Festoon plans, runs, watches and evaluates user-engagement campaigns: the plan is the program."""

__version__ = "0.1.0"
