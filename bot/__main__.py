"""python -m bot is drillmate."""

from bot.cli import main

main()
