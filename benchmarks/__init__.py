"""Measurements of Festoon against others doing the same work: `python -m benchmarks`.

Both sides run in one go, in turns, on one PostgreSQL with the same durability. Machines differ and are noisy, so a
figure counts only as a ratio of the two. What is measured, and what it should come to, stands in the cases.
"""
