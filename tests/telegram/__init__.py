"""Telegram for tests: a Bot API server that enforces its limits, and people who use the app."""

from __future__ import annotations

from tests.telegram.api import BotApi
from tests.telegram.chats import Chat, Topic
from tests.telegram.faults import Fault
from tests.telegram.messages import Message
from tests.telegram.people import Person
from tests.telegram.presses import Answer, Press

__all__ = ["Answer", "BotApi", "Chat", "Fault", "Message", "Person", "Press", "Topic"]
