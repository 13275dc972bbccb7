"""`python -m festoon.cli`, for where the entry point is not on the path."""

from festoon.cli.app import main

main()
