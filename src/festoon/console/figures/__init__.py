"""Figures from outside: entered with their evidence, signed by another."""
