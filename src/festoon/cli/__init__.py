"""The command line: every main job, with progress, help with an example, and exit codes.

Exit codes: 0 done; 1 done, and what was looked at is not right (a plan with mistakes, an audit that does not hold);
2 the command was not written right; 3 it could not be done.
"""
