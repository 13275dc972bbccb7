"""What a platform owes its members: by day what was issued, spent, lapsed and taken back, and what stands."""
