"""Something that somebody did with the bot, and what it answered."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from tests.discord.messages import Message
from tests.discord.modals import Modal
from tests.discord.roles import IN_PRIVATE, permissions_in

if TYPE_CHECKING:
    from tests.discord.channels import Channel
    from tests.discord.people import Person

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
IN_GUILD, IN_BOT_DM, IN_PRIVATE_CHANNEL = 0, 1, 2
ATTACHMENT_LIMIT = 10 * 2**20


def context_of(channel: Channel) -> int:
    """Return what kind of place a channel is for commands."""
    if channel.guild is not None:
        return IN_GUILD
    return IN_BOT_DM if channel.of_bot else IN_PRIVATE_CHANNEL


class Interaction:
    """One interaction from the person's side."""

    def __init__(
        self,
        person: Person,
        channel: Channel,
        kind: int,
        data: dict[str, Any],
        *,
        message: Message | None = None,
        opened_by: Interaction | None = None,
        owners: dict[str, str] | None = None,
        late: bool = False,
    ) -> None:
        api = person.api
        self.api = api
        self.person = person
        self.channel = channel
        self.kind = kind
        self.data = data
        self.message = message
        self.edits_before = message.edits if message else 0
        self.opened_by = opened_by
        self.owners = owners or {}
        behind = api.interaction_deadline_s + 0.5 if late else 0.0
        self.id = api.snowflakes.next(behind)
        self.token = secrets.token_urlsafe(96)
        self.started = api.loop_time() - behind
        self.response: str | None = None
        self.private = False
        self.responded_at: float | None = None
        self.original: Message | None = None
        self.followups: list[Message] = []
        self.modal: Modal | None = None
        self.choices: list[dict[str, Any]] = []
        self.is_expired = False
        api.interactions[self.id] = self

    @property
    def name(self) -> str:
        """Return the command's name or the component's or form's custom_id."""
        return str(self.data.get("name") or self.data.get("custom_id"))

    @property
    def latency_s(self) -> float | None:
        """Return how long the first response took; None before it."""
        return None if self.responded_at is None else self.responded_at - self.started

    @property
    def overdue(self) -> bool:
        """Whether a first response would come too late."""
        return self.api.loop_time() - self.started > self.api.interaction_deadline_s

    @property
    def timed_out(self) -> bool:
        """Whether the person read that the application did not respond."""
        return self.response is None and self.overdue

    @property
    def token_is_valid(self) -> bool:
        """Whether the bot may still follow up."""
        age = self.api.loop_time() - self.started
        unanswered = self.response is None and age > self.api.interaction_deadline_s
        return not self.is_expired and not unanswered and age <= self.api.token_lifetime_s

    @property
    def user_install_only(self) -> bool:
        """Whether it happens where the bot itself is not."""
        return "0" not in self.owners

    @property
    def messages(self) -> list[Message]:
        """Return the original response, if it is a message, and the follow-ups, as now."""
        own = [self.original] if self.original and self.response in ("message", "deferred") else []
        return [
            one
            for one in [*own, *self.followups]
            if not one.deleted and not one.loading and one.id not in self.person.forgotten
        ]

    async def answered(self, timeout: float = 5) -> Interaction:
        """Wait for the first response."""
        await self.api.pulse.until(
            lambda: True if self.response or self.timed_out else None,
            min(timeout, max(0.0, self._left()) + 0.05),
        )
        assert self.response is not None, (
            f"{self!r} was not answered in {self.api.loop_time() - self.started:.1f} s"
            f"{': the application did not respond' if self.timed_out else ''}; {self._log()}"
        )
        return self

    def _left(self) -> float:
        return self.started + self.api.interaction_deadline_s - self.api.loop_time()

    async def shows(self, text: str, timeout: float = 5) -> Message:
        """Wait until the response, a follow-up, or the message it changed contains a text."""

        def look() -> Message | None:
            changed = self.message
            seen = list(self.messages)
            if changed and changed.edits > self.edits_before and not changed.deleted:
                seen.append(changed)
            return next((one for one in seen if text in one.text), None)

        found = await self.api.pulse.until(look, timeout)
        if found is None:
            seen = "\n".join(f"- {one!r}: {one.text}" for one in self.messages)
            raise AssertionError(
                f"{self!r} does not show {text!r} after {timeout} s; response {self.response}, "
                f"it shows:\n{seen}\n{self._log()}"
            )
        return found

    async def suggestions(self, timeout: float = 5) -> list[tuple[str, Any]]:
        """Wait for what the bot suggests: what is shown, and what it stands for."""
        await self.answered(timeout)
        assert self.response == "autocomplete"
        return [(one["name"], one["value"]) for one in self.choices]

    def _log(self) -> str:
        calls = [
            f"{one.method} {one.path.partition(self.token)[0]} {one.status} {one.code}"
            for one in self.api.calls[-5:]
        ]
        return f"last calls: {calls}"

    # As the API shows it

    def payload(self) -> dict[str, Any]:
        """Return the event."""
        channel, person, guild = self.channel, self.person, self.channel.guild
        permissions = permissions_in(person, channel)
        mine = permissions_in(self.api.me, channel) if channel.of_bot else IN_PRIVATE
        place = {**channel.shown(), "permissions": str(permissions)}
        place.pop("recipients", None)  # the library says so: no recipient in private chats
        shown: dict[str, Any] = {
            "id": str(self.id),
            "application_id": str(self.api.application_id),
            "type": self.kind,
            "data": self.data,
            "token": self.token,
            "version": 1,
            "channel": place,
            "channel_id": str(channel.id),
            "app_permissions": str(mine),
            "locale": person.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": self.owners,
            "context": context_of(channel),
            "attachment_size_limit": ATTACHMENT_LIMIT,
        }
        if guild is None:
            shown["user"] = person.shown()
        else:
            shown["guild_id"] = str(guild.id)
            shown["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
            shown["guild_locale"] = guild.locale
            shown["member"] = {**guild.full_member(person), "permissions": str(permissions)}
        if self.message is not None:
            shown["message"] = self.message.shown()
        return shown

    def metadata(self) -> dict[str, Any]:
        """Return how messages tell what they answer."""
        shown: dict[str, Any] = {
            "id": str(self.id),
            "type": self.kind,
            "user": self.person.shown(),
            "authorizing_integration_owners": self.owners,
        }
        if self.kind == COMPONENT and self.message is not None:
            shown["interacted_message_id"] = str(self.message.id)
        if self.kind == SUBMIT and self.opened_by is not None:
            shown["triggering_interaction_metadata"] = self.opened_by.metadata()
        return shown

    def __repr__(self) -> str:
        kind = {COMMAND: "runs", COMPONENT: "presses", AUTOCOMPLETE: "types", SUBMIT: "submits"}
        return f"<{self.person.name} {kind[self.kind]} {self.name!r} in {self.channel!r}>"
