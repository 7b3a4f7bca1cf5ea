"""The routes of the REST API, by what they are about. Importing them registers them."""

from __future__ import annotations

from tests.discord.routes import (
    accounts,
    callbacks,
    channels,
    commands,
    guilds,
    messages,
    pins,
    reactions,
    threads,
    webhooks,
)

LOADED = (
    accounts,
    callbacks,
    channels,
    commands,
    guilds,
    messages,
    pins,
    reactions,
    threads,
    webhooks,
)
