"""What Changeover costs, measured beside something that a reader can judge it by.

`python -m benchmarks` (or `make bench`) prints a table; docs/benchmarks.md says
what each row means.
"""
