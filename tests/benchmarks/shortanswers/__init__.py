"""How well the critic's comparisons predict what people gave short answers.

`python -m tests.benchmarks.grading --data FILE.jsonl` runs it: always on answers to a question that
nothing was learned from, and beside plain baselines on the same answers.
"""
