"""Bots as one writes them with the libraries alone, to compare with; each is a program.

They do less than ours does: no database, always the same question, nothing kept. They are started
with one JSON object as their argument, say "ready" when they serve, read one line that tells when
the question is due and where, and say "registered" when all jobs are.
"""
