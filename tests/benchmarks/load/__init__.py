"""The parts of the load test of delivery; `tests.benchmarks.delivery` puts them together."""
