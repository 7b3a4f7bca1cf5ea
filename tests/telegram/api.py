"""Telegram for one bot: what is there, what a test may ask of it and bring about."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from bot.clock import SystemClock
from tests.telegram import spec
from tests.telegram.chats import Chat
from tests.telegram.faults import Fault, Faults
from tests.telegram.limits import Limits
from tests.telegram.messages import Media, Message
from tests.telegram.people import PAYLOAD, Person
from tests.telegram.polls import Poll
from tests.telegram.presses import Answer, Press
from tests.telegram.pulse import Pulse
from tests.telegram.server import Call, Server
from tests.telegram.updates import Pushed, Updates

FIRST_PERSON = 7_000_000_001
"""People's ids have more than 32 bits."""

FIRST_SUPERGROUP = -1_002_000_000_001
FIRST_GROUP = -4_000_000_001


class BotApi:
    """A Telegram with nobody in it yet. Used as a context it listens on a free local port."""

    def __init__(
        self,
        token: str = "4200:TEST-token_for_the_tests",
        username: str = "drillmate_bot",
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.token = token
        self.username = username
        self.now = now or SystemClock().now
        self.me: dict[str, Any] = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Drillmate",
            "username": username,
        }
        self.privacy = True
        self.callback_lifetime_s = 15.0
        self.pulse = Pulse()
        self.limits = Limits()
        self.faults = Faults()
        self.spec = spec.load()
        self.breaches: list[str] = []
        self.calls: list[Call] = []
        self.actions: list[tuple[int, str]] = []
        self.chats: dict[int, Chat] = {}
        self.people: dict[int, Person] = {}
        self.presses: dict[str, Press] = {}
        self.polls: dict[str, Poll] = {}
        self.files: dict[str, Media] = {}
        self.menus: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.described: dict[tuple[str, str], str] = {}
        self.updates = Updates(self.pulse, self._check)
        self._server = Server(self)
        self._shared_ids = 0

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.updates.set_webhook({})
        await self._server.stop()

    @property
    def base(self) -> str:
        """Return the address it listens on, without the `/bot` that the library is given."""
        return self._server.base

    # Who and what there is

    def person(self, name: str, language: str | None = "en", username: str | None = None) -> Person:
        """Bring somebody who has never written to the bot."""
        person = Person(self, FIRST_PERSON + len(self.people), name, username, language)
        self.people[person.id] = person
        self.chats[person.id] = person.dm
        return person

    def other_bot(self, username: str, chat: Chat) -> Person:
        """Bring somebody else's bot into a group. What it says reaches no bot, unless forced."""
        other = self.person(username, None, username)
        other.is_bot = True
        chat.people.append(other)
        return other

    def group(
        self,
        title: str,
        owner: Person,
        members: list[Person] | tuple[Person, ...] = (),
        kind: str = "supergroup",
        forum: bool = False,
    ) -> Chat:
        """Open a group without the bot."""
        assert kind in ("group", "supergroup")
        assert not forum or kind == "supergroup", "only supergroups have topics"
        first = FIRST_GROUP if kind == "group" else FIRST_SUPERGROUP
        people = list(dict.fromkeys((owner, *members)))
        group = Chat(self, first - len(self.chats), kind, title, people, owner=owner, forum=forum)
        self.chats[group.id] = group
        return group

    def next_message_id(self, chat: Chat) -> int:
        """Return the next id: supergroups count for themselves, all other chats together."""
        if chat.kind == "supergroup":
            return len(chat.every) + 1
        self._shared_ids += 1
        return self._shared_ids

    def store(self, kind: str, filename: str, content: bytes, caption: str, mime: str) -> Media:
        """Keep a file, so that it can be fetched by its id."""
        number = len(self.files) + 1
        shown: dict[str, Any] = {
            "file_id": f"FILE{number:04}",
            "file_unique_id": f"UNIQUE{number:04}",
            "file_size": len(content),
        }
        if kind == "photo":
            wide, high = _size(content)
            media = Media(
                kind, filename, content, caption, [{**shown, "width": wide, "height": high}]
            )
        else:
            named = {**shown, "file_name": filename, "mime_type": mime}
            media = Media(kind, filename, content, caption, named)
        self.files[shown["file_id"]] = media
        return media

    # Presses

    def press(self, person: Person, message: Message, data: str, stale: bool) -> Press:
        """Tell the bot that a button was pressed."""
        number = str((person.id << 20) + len(self.presses) + 1)
        press = Press(self, number, person, message, data, self.loop_time(), stale)
        self.presses[number] = press
        gone = {"chat": message.chat.shown(), "message_id": message.id, "date": 0}
        query = {
            "id": number,
            "from": person.shown(),
            "message": gone if message.deleted else message.shown(),
            "chat_instance": str(-7919 * abs(message.chat.id) - 1),
            "data": data,
        }
        press.pushed = self.push("callback_query", query)
        return press

    def answer(self, press: Press, text: str, alert: bool, url: str) -> None:
        """Show somebody what came back after a press."""
        press.answer, press.answered_at = Answer(text, alert, url), self.loop_time()
        self.pulse.beat()

    def is_start_link(self, url: str) -> bool:
        """Whether a link opens this bot with a payload."""
        parts = urlsplit(url)
        payload = parse_qs(parts.query).get("start", [""])[0]
        right = (parts.scheme, parts.netloc, parts.path.lower()) == (
            "https",
            "t.me",
            f"/{self.username}".lower(),
        )
        return right and bool(PAYLOAD.fullmatch(payload)) and parts.query == f"start={payload}"

    # Updates

    def push(self, kind: str, body: dict[str, Any]) -> Pushed | None:
        """Queue an update for the bot; None if it asked not to get this kind."""
        pushed = self.updates.push(kind, body)
        self.pulse.beat()
        return pushed

    def _check(self, update: dict[str, Any]) -> None:
        if self.spec:
            self.breaches += self.spec.of_update(update)

    @property
    def pushed(self) -> int:
        """Return how many updates there have been."""
        return self.updates.count

    @property
    def unconfirmed(self) -> int:
        """Return how many updates the bot has not confirmed; those held back do not count."""
        return len(self.updates.queue)

    async def drained(self, timeout: float = 5) -> None:
        """Wait until the bot has confirmed everything."""
        done = await self.pulse.until(lambda: None if self.updates.queue else True, timeout)
        assert done, f"{self.unconfirmed} updates are not confirmed after {timeout} s"

    def again(self, what: Message | Press) -> None:
        """Deliver the update of a message or a press once more."""
        assert what.pushed is not None, "the bot was never told of it"
        self.updates.again(what.pushed)

    def hold(self) -> None:
        """Keep updates back."""
        self.updates.hold()

    def release(self, order: str = "") -> None:
        """Deliver what was kept back; `reversed`: the last first."""
        self.updates.release(order)

    async def post_update(self, update: dict[str, Any], secret: str | None = None) -> int:
        """Post an update to the webhook as somebody who may not know the secret."""
        return await self.updates.post(update, secret)

    # What a test asks for

    def fail(
        self,
        method: str,
        fault: Fault,
        times: int | None = 1,
        chat: Chat | Person | None = None,
    ) -> None:
        """Let calls of a method fail (`*`: of any), in one chat or in all; `times` None: always."""
        self.faults.plan(method, fault, times, chat.id if chat else None)

    def commands(
        self, scope: str | dict[str, Any] = "default", language: str = ""
    ) -> list[dict[str, Any]]:
        """Return the menu of commands that was set for a scope and a language."""
        place = {"type": scope} if isinstance(scope, str) else scope
        return self.menus.get((json.dumps(place, sort_keys=True), language), [])

    @property
    def description(self) -> str:
        """Return what people read before they press START."""
        return self.described.get(("description", ""), "")

    @property
    def short_description(self) -> str:
        """Return what people read on the bot's profile."""
        return self.described.get(("short_description", ""), "")

    @property
    def webhook(self) -> dict[str, Any]:
        """Return where updates are posted to: url, secret_token, ...; empty if nowhere."""
        return self.updates.webhook

    @staticmethod
    def loop_time() -> float:
        """Return real time, in seconds."""
        return asyncio.get_running_loop().time()


def _size(content: bytes) -> tuple[int, int]:
    """Return how large a picture is, where that is easy to tell."""
    if content.startswith(b"\x89PNG") and len(content) >= 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    return 640, 480
