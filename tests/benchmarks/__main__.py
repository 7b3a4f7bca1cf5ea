"""Runs the benchmarks named on the command line, or all of them, and prints a line a figure."""

from __future__ import annotations

import asyncio
import sys

from bot import log
from tests.benchmarks import discord, due, grading, idle, second, startup, telegram

BENCHMARKS = {
    "due": due.main,
    "idle": idle.main,
    "grading": grading.main,
    "startup": startup.main,
    "telegram": telegram.main,
    "discord": discord.main,
    "second": second.main,
}


def main() -> None:
    """Run them."""
    log.configure("WARNING")
    names = sys.argv[1:] or list(BENCHMARKS)
    if unknown := set(names) - BENCHMARKS.keys():
        sys.exit(f"No benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.")
    for name in names:
        for figure in asyncio.run(BENCHMARKS[name]()):
            print(figure)  # noqa: T201 - a program for the terminal


main()
