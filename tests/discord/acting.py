"""What people do with the bot: commands, buttons, lists and forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.discord import menu
from tests.discord.channels import Channel
from tests.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT, Interaction
from tests.discord.messages import Attachment, Button, Message, Select
from tests.discord.modals import Modal
from tests.discord.roles import Role, may
from tests.discord.rules.modals import check_submit

if TYPE_CHECKING:
    from tests.discord.api import DiscordApi
    from tests.discord.people import Person

STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 3, 5, 6, 7, 8
LINK, PREMIUM = 5, 6


class Acting:
    """The part of a person that uses the bot. `late`: the bot hears of it after its 3 s."""

    api: DiscordApi
    name: str
    dm: Channel

    if TYPE_CHECKING:

        @property
        def me(self) -> Person:
            """Return oneself as a whole."""

        def sees_message(self, message: Message) -> bool:
            """Whether a message is there for them."""

    def runs(
        self, line: str, channel: Channel | None = None, /, *, late: bool = False, **options: Any
    ) -> Interaction:
        """Run a slash command, by default in the private chat with the bot."""
        place = self._opened(channel)
        found = menu.typed(self.me, place, line, options)
        return self._does(COMMAND, place, found.data, owners=found.owners, late=late)

    def types(
        self,
        line: str,
        option: str,
        text: str,
        channel: Channel | None = None,
        /,
        *,
        late: bool = False,
        **others: Any,
    ) -> Interaction:
        """Type a text into an option that makes suggestions."""
        place = self._opened(channel)
        found = menu.typed(self.me, place, line, {**others, option: text}, option)
        return self._does(AUTOCOMPLETE, place, found.data, owners=found.owners, late=late)

    def suggests(self, name: str, message: Message, *, late: bool = False) -> Interaction:
        """Run a command from the menu of a message."""
        assert self.sees_message(message), f"{self.name} does not see {message!r}"
        command, owners = menu.find(self.me, message.channel, name, menu.ON_MESSAGE)
        data: dict[str, Any] = {
            "id": command["id"],
            "name": name,
            "type": menu.ON_MESSAGE,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): message.shown()}},
        }
        return self._does(COMMAND, message.channel, data, owners=owners, late=late)

    def looks_up(
        self, name: str, person: Person, channel: Channel, *, late: bool = False
    ) -> Interaction:
        """Run a command from the menu of a person."""
        command, owners = menu.find(self.me, channel, name, menu.ON_USER)
        resolved: dict[str, Any] = {}
        target = menu.resolve(self.me, channel, person, resolved)
        data = {"id": command["id"], "name": name, "type": menu.ON_USER, "target_id": target}
        return self._does(
            COMMAND, channel, {**data, "resolved": resolved}, owners=owners, late=late
        )

    def presses(
        self,
        label: str | None = None,
        on: Message | None = None,
        *,
        custom_id: str | None = None,
        index: int | None = None,
        late: bool = False,
    ) -> Interaction:
        """Press a button by its label, its custom_id or its place."""
        assert on is not None, "on which message?"
        assert self.sees_message(on), f"{self.name} does not see {on!r}"
        button = _button(on, label, custom_id, index)
        assert button.style not in (LINK, PREMIUM), f"{button.label!r} opens {button.url}"
        assert not button.disabled, f"{button.label!r} is disabled"
        data = {"component_type": 2, "custom_id": button.custom_id, "id": _id_of(on, button)}
        return self._does(COMPONENT, on.channel, data, message=on, late=late)

    def chooses(
        self,
        chosen: Any,
        on: Message,
        *,
        custom_id: str | None = None,
        late: bool = False,
    ) -> Interaction:
        """Choose from a list: options by their labels, or people, roles, channels."""
        assert self.sees_message(on), f"{self.name} does not see {on!r}"
        picked = list(chosen) if isinstance(chosen, list | tuple) else [chosen]
        lists = [one for one in on.selects if custom_id in (None, one.custom_id)]
        if custom_id is None and len(lists) > 1:
            lists = [one for one in lists if _offers(one, picked)]
        assert lists, f"no list in {on!r} offers {picked}; there are {on.selects}"
        assert len(lists) == 1, f"which list? {[one.custom_id for one in lists]}"
        select = lists[0]
        assert not select.disabled, f"the list {select.custom_id!r} is disabled"
        assert select.min_values <= len(picked) <= select.max_values, (
            f"{select.min_values} to {select.max_values} may be chosen"
        )
        resolved: dict[str, Any] = {}
        values = [_value(select, one, self.me, on.channel, resolved) for one in picked]
        data: dict[str, Any] = {
            "component_type": select.kind,
            "custom_id": select.custom_id,
            "values": values,
            "id": _id_of(on, select),
        }
        if resolved:
            data["resolved"] = resolved
        return self._does(COMPONENT, on.channel, data, message=on, late=late)

    def submits(self, modal: Modal, *, late: bool = False, **values: Any) -> Interaction:
        """Send a form; what is left out stays as it was shown."""
        opened_by = modal.opened_by
        assert opened_by.person is self, f"{self.name} does not have this form"
        resolved: dict[str, Any] = {}
        given = {
            key: self._given(value, opened_by.channel, resolved) for key, value in values.items()
        }
        data: dict[str, Any] = {
            "custom_id": modal.custom_id,
            "components": check_submit(modal.data, given),
        }
        if resolved:
            data["resolved"] = resolved
        return self._does(
            SUBMIT,
            opened_by.channel,
            data,
            message=opened_by.message,
            opened_by=opened_by,
            owners=opened_by.owners,
            late=late,
        )

    def _given(self, value: Any, channel: Channel, resolved: dict[str, Any]) -> Any:
        if isinstance(value, list | tuple):
            return [self._given(one, channel, resolved) for one in value]
        if isinstance(value, bytes | Attachment | Role | Channel | Acting):
            return menu.resolve(self.me, channel, value, resolved)
        return value

    def _opened(self, channel: Channel | None) -> Channel:
        place = channel or self.dm
        place.opened = True
        return place

    def _does(
        self,
        kind: int,
        channel: Channel,
        data: dict[str, Any],
        *,
        message: Message | None = None,
        opened_by: Interaction | None = None,
        owners: dict[str, str] | None = None,
        late: bool = False,
    ) -> Interaction:
        if owners is None:
            made_by = message.interaction if message else None
            owners = made_by.owners if made_by else menu.owners_for(self.me, channel, [0])
            owners = owners or menu.owners_for(self.me, channel, [1])
        interaction = Interaction(
            self.me,
            channel,
            kind,
            data,
            message=message,
            opened_by=opened_by,
            owners=owners,
            late=late,
        )
        self.api.tell(interaction)
        return interaction


def _button(on: Message, label: str | None, custom_id: str | None, index: int | None) -> Button:
    buttons = on.buttons
    labels = [one.label or one.emoji for one in buttons]
    if index is not None:
        assert -len(buttons) <= index < len(buttons), f"no button {index} in {labels}"
        return buttons[index]
    if custom_id is not None:
        named = [one for one in buttons if one.custom_id == custom_id]
        assert named, f"no button {custom_id!r} in {[one.custom_id for one in buttons]}"
        return named[0]
    assert label, "which button?"
    named = [one for one in buttons if label in (one.label, one.emoji)]
    named = named or [one for one in buttons if label in one.label]
    assert named, f"no button {label!r} in {labels} of {on!r}"
    assert len(named) == 1, f"{label!r} is on more than one button of {labels}"
    return named[0]


def _id_of(on: Message, shown: Button | Select) -> int:
    found = (one["id"] for one in on.walk() if one.get("custom_id") == shown.custom_id)
    return int(next(found, 0))


def _offers(select: Select, picked: list[Any]) -> bool:
    if select.kind != STRING_SELECT:
        return not isinstance(picked[0], str) if picked else False
    labels = [one["label"] for one in select.options]
    return all(one in labels for one in picked)


def _value(
    select: Select, chosen: Any, person: Person, channel: Channel, resolved: dict[str, Any]
) -> str:
    if select.kind == STRING_SELECT:
        labels = [one["label"] for one in select.options]
        assert chosen in labels, f"no option {chosen!r} in {labels}"
        return str(select.options[labels.index(chosen)]["value"])
    fits = {
        USER_SELECT: isinstance(chosen, Acting),
        ROLE_SELECT: isinstance(chosen, Role),
        MENTIONABLE_SELECT: isinstance(chosen, Acting | Role),
        CHANNEL_SELECT: isinstance(chosen, Channel) and may(person, chosen, "view_channel"),
    }
    assert fits[select.kind], f"{chosen!r} cannot be chosen from {select.custom_id!r}"
    return menu.resolve(person, channel, chosen, resolved)
