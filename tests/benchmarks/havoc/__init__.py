"""The parts of the chaos test of delivery; `tests.benchmarks.chaos` puts them together."""
