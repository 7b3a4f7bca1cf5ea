"""Requests that concern another chat than the one they are made in."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.action import pack
from bot.chat.context import (
    Actor,
    Chat,
    ChatKind,
    ChatRef,
    Context,
    Event,
    Place,
    Pressed,
    Request,
    Role,
    Said,
    Sender,
)
from bot.chat.dialog import PICK, STEP, Dialog
from bot.chat.dispatch import Dispatcher, Failures, Outcome
from bot.chat.view import Button, Card
from bot.errors import UserError
from tests.chat.kitchen import Kitchen, Memory, card, registry

GROUP = Place(ChatRef("memory", "group"), ChatKind.GROUP, "Group")
OTHER = Place(ChatRef("memory", "other"), ChatKind.GROUP, "Other")
DIRECT = Place(ChatRef("memory", "direct"), ChatKind.DM)
IDS = {"group": 4, "other": 5, "direct": 6}
ANA = 1


class House:
    """Two groups and a direct chat in which one person speaks."""

    def __init__(self) -> None:
        self.kitchen = Kitchen()
        self.dialogs = Memory()
        self.role = Role.MEMBER
        self._dispatch = Dispatcher(
            registry, self._resolve, self.dialogs, Failures(_tell, lambda ref: Card("Broken", ref))
        )

    async def _resolve(self, request: Request) -> Context[Any]:
        here = request.here or request.place
        return Context(
            Actor(ANA, request.sender.name, request.sender.role),
            _chat(request.place),
            _chat(here),
            self.kitchen,
            request.key,
            request.about,
        )

    async def __call__(
        self,
        event: Event | str,
        place: Place,
        *,
        about: str = "",
        here: Place | None = None,
        aside: Place | None = None,
        native_forms: bool = False,
    ) -> Outcome:
        said = Said(event) if isinstance(event, str) else event
        sender = Sender("ana", "Ana", self.role)
        return await self._dispatch(
            Request(sender, place, said, "key", about, here, aside, native_forms=native_forms)
        )

    def kept(self) -> dict[str, Dialog]:
        """Return Ana's forms by the name of the chat that they are asked in."""
        names = {chat_id: name for name, chat_id in IDS.items()}
        return {names[chat_id]: dialog for (chat_id, _), dialog in self.dialogs.kept.items()}


def _chat(place: Place) -> Chat:
    return Chat(IDS[place.ref.id], place.ref, place.kind)


def _tell(error: UserError) -> Card:
    return Card(error.message, error.hint, kind="error")


@pytest.fixture
def house() -> House:
    return House()


def buttons(outcome: Outcome) -> dict[str, Pressed]:
    shown = (each for row in card(outcome).rows for each in row)
    return {each.label: Pressed(each.action) for each in shown if isinstance(each, Button)}


async def test_a_private_form_asked_aside_is_kept_aside_and_goes_on_there(house: House) -> None:
    first = await house("/complain", GROUP, aside=DIRECT)
    assert (card(first).title, first.private, first.chat) == ("Complaint (1 of 2)", True, 4)
    assert list(house.kept()) == ["direct"]
    assert house.kept()["direct"].chat == IDS["group"]
    second = await house("cold", GROUP, about=STEP, here=DIRECT)
    assert (card(second).title, second.private) == ("Complaint (2 of 2)", True)
    done = await house("1", GROUP, here=DIRECT)
    assert (card(done).title, done.error, done.chat) == ("Done", "", 4)
    assert house.kitchen.orders == [{"order_id": 7, "what": "cold", "stars": 1}]
    assert house.kept() == {}


async def test_what_is_typed_in_the_group_meanwhile_is_not_the_forms(house: House) -> None:
    await house("/complain", GROUP, aside=DIRECT)
    await house("hello all", GROUP, aside=DIRECT)
    assert house.kitchen.orders == [{"text": "hello all"}]
    assert list(house.kept()) == ["direct"]


async def test_a_public_form_is_kept_where_it_was_asked_for(house: House) -> None:
    house.role = Role.MODERATOR
    asked = await house("/menu set", GROUP, aside=DIRECT)
    assert not asked.private
    assert list(house.kept()) == ["group"]
    assert house.kept()["group"].chat == 0
    done = await house("stew", GROUP, aside=DIRECT)
    assert (card(done).title, done.private) == ("Done", False)
    assert house.kitchen.orders == [{"dish": "stew"}]


async def test_a_form_begun_here_for_another_chat_is_kept_here(house: House) -> None:
    await house("/complain", GROUP, here=DIRECT)
    assert list(house.kept()) == ["direct"]
    assert house.kept()["direct"].chat == IDS["group"]


async def test_a_form_for_the_chat_itself_needs_no_other(house: House) -> None:
    await house("/complain", DIRECT, aside=DIRECT)
    assert house.kept()["direct"].chat == 0
    await house("cold", DIRECT)
    assert house.kept()["direct"].step == 1


async def test_a_platform_with_forms_of_its_own_keeps_nothing(house: House) -> None:
    await house("/complain", GROUP, aside=DIRECT, native_forms=True)
    assert house.kept() == {}


@pytest.mark.parametrize("place", [OTHER, DIRECT])
async def test_a_form_for_another_chat_is_refused_and_forgotten(house: House, place: Place) -> None:
    await house("/complain", GROUP, aside=DIRECT)
    refused = await house("cold", place, here=DIRECT)
    assert (refused.error, card(refused).title) == ("Conflict", "That form was for another chat.")
    assert house.kept() == {}
    assert house.kitchen.orders == []
    await house("cold", place, here=DIRECT)
    assert house.kitchen.orders == [{"text": "cold"}]


async def test_a_choice_of_a_form_for_another_chat_is_refused_and_forgotten(house: House) -> None:
    asked = await house("/order soup 2", OTHER)
    assert asked.error == ""
    await house("/order", GROUP, aside=DIRECT)
    house.dialogs.kept[IDS["direct"], ANA] = _choosing(chat=IDS["group"])
    refused = await house(Pressed(pack(PICK, 0, 1)), OTHER, here=DIRECT)
    assert refused.error == "Conflict"
    assert house.kept() == {}


async def test_cancel_ends_the_form_of_the_chat_that_it_is_said_in(house: House) -> None:
    await house("/complain", GROUP, aside=DIRECT)
    assert (await house("/cancel", GROUP)).error == "Conflict"
    assert list(house.kept()) == ["direct"]
    assert card(await house("/cancel", GROUP, here=DIRECT)).title == "Cancelled"
    assert house.kept() == {}


async def test_a_reply_to_a_card_is_for_that_card_and_not_for_the_form(house: House) -> None:
    await house("/complain", GROUP)
    # `order` takes no `text`, so what the reply leads to is seen in what it is refused for.
    outcome = await house("cold", GROUP, about="no such action:1")
    assert card(outcome).title == "That button is from an older version."
    assert house.kept()["group"].step == 0


async def test_a_command_is_a_command_even_in_reply_to_a_card_and_amid_a_form(
    house: House,
) -> None:
    await house("/complain", GROUP)
    for about in ("complaint:7", STEP, ""):
        await house("/menu", GROUP, about=about)
    assert house.kitchen.orders == [{}, {}, {}]
    assert house.kept()["group"].step == 0


async def test_a_reply_to_a_step_is_the_forms_next_value(house: House) -> None:
    await house("/complain", GROUP)
    await house("cold", GROUP, about=STEP)
    assert house.kept()["group"].values == (("what", "cold"),)


async def test_a_reply_to_a_step_of_a_form_that_is_over_is_told_so(house: House) -> None:
    outcome = await house("cold", GROUP, about=STEP)
    assert (outcome.error, card(outcome).title) == ("Conflict", "That form is over.")
    assert outcome.private
    assert house.kitchen.orders == [], "it is no answer to anything else"


def _choosing(*, chat: int = 0) -> Dialog:
    raise NotImplementedError
