"""What each subcommand does. bot.cli declares them, and imports from here only what is run."""
