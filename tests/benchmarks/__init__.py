"""Benchmarks: `make bench`, or `python -m tests.benchmarks NAME`. Speed is never asserted.

Each figure stands beside a baseline measured in the same run, so that ratios can be compared
between machines. `python -m tests.benchmarks.delivery` is a program of its own: the load test.
"""
