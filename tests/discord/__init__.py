"""Discord for tests: a server that enforces its rules, and people who use the app."""

from __future__ import annotations

from tests.discord.api import DiscordApi
from tests.discord.channels import Channel, Thread
from tests.discord.faults import Fault
from tests.discord.guilds import Guild
from tests.discord.interactions import Interaction
from tests.discord.messages import Message
from tests.discord.modals import Modal
from tests.discord.people import Person
from tests.discord.roles import Role
from tests.discord.rules.refused import Refused

__all__ = [
    "Channel",
    "DiscordApi",
    "Fault",
    "Guild",
    "Interaction",
    "Message",
    "Modal",
    "Person",
    "Refused",
    "Role",
    "Thread",
]
