"""Requests that concern another chat than the one they are made in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.chat.command import Registry
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
from bot.chat.dialog import STEP, Dialog, start
from bot.chat.dispatch import Dispatcher, Failures, Outcome
from bot.chat.view import Button, Card, Form, Input, Reply, Response
from bot.errors import UserError
from tests.chat.kitchen import Ctx, Kitchen, Memory, Size, card
from tests.chat.kitchen import registry as kitchen

GROUP = Place(ChatRef("memory", "group"), ChatKind.GROUP, "Group")
OTHER = Place(ChatRef("memory", "other"), ChatKind.GROUP, "Other")
DIRECT = Place(ChatRef("memory", "direct"), ChatKind.DM)
IDS = {"group": 4, "other": 5, "direct": 6}
ANA, BEN = 1, 2

SIZES = Input("size", "Size", choices=(("Small", "small"), ("Large", "large")))
COUNT = Input("count", "Count", choices=(("One", "1"), ("Two", "2")))
CHOICES = start(Form("Order", "run:order", (COUNT, SIZES), (("dish", "soup"),)))
"""A form whose steps are choices, as it is kept."""

registry = Registry()
registry.include(kitchen)


@registry.action("note", private=True)
async def note(ctx: Ctx, order_id: int, text: str) -> Response:
    ctx.services.take(order_id=order_id, text=text, about=ctx.about)
    return Reply(Card("Noted"))


@registry.action("sign")
async def sign(ctx: Ctx) -> Response:
    return Form("Sign", "signed", (Input("one", "One"), Input("two", "Two")))


class House:
    """Two groups and a direct chat in which Ana speaks, unless another is named."""

    def __init__(self) -> None:
        self.kitchen = Kitchen()
        self.dialogs = Memory()
        self.role = Role.MEMBER
        self.speaker = ANA
        self._dispatch = Dispatcher(
            registry, self._resolve, self.dialogs, Failures(_tell, lambda ref: Card("Broken", ref))
        )

    async def _resolve(self, request: Request) -> Context[Any]:
        here = request.here or request.place
        return Context(
            Actor(self.speaker, request.sender.name, request.sender.role),
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

    def keep(self, place: Place, dialog: Dialog) -> None:
        """Let Ana be asked a form in a chat."""
        self.dialogs.kept[IDS[place.ref.id], ANA] = dialog

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
    second = await house("cold", GROUP, about=card(first).reply, here=DIRECT)
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


async def test_a_platforms_own_form_is_kept_but_takes_no_typed_text(house: House) -> None:
    await house("/complain", GROUP, native_forms=True)
    [kept] = house.kept().values()
    assert kept.native
    await house("cold", GROUP)
    assert house.kitchen.orders == [{"text": "cold"}]


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
    house.keep(DIRECT, replace(CHOICES, chat=IDS["group"]))
    refused = await house(Pressed("pick::0:1"), OTHER, here=DIRECT)
    assert (refused.error, card(refused).title) == ("Conflict", "That form was for another chat.")
    assert house.kept() == {}
    assert house.kitchen.orders == []


async def test_cancel_ends_the_form_of_the_chat_that_it_is_said_in(house: House) -> None:
    await house("/complain", GROUP, aside=DIRECT)
    assert (await house("/cancel", GROUP)).error == "Conflict"
    assert list(house.kept()) == ["direct"]
    assert card(await house("/cancel", GROUP, here=DIRECT)).title == "Cancelled"
    assert house.kept() == {}


async def test_a_reply_to_a_card_is_for_that_card_and_not_for_the_form(house: House) -> None:
    await house("/complain", GROUP)
    outcome = await house(" much too cold ", GROUP, about="note:7")
    assert (card(outcome).title, outcome.private) == ("Noted", True)
    [taken] = house.kitchen.orders
    assert taken == {"order_id": 7, "text": " much too cold ", "about": "note:7"}
    assert house.kept()["group"].step == 0, "the form waits"


async def test_a_reply_made_aside_is_for_the_chat_that_the_card_concerns(house: House) -> None:
    house.keep(DIRECT, CHOICES)
    outcome = await house("cold", GROUP, here=DIRECT, about="note:7")
    assert outcome.chat == IDS["group"]
    assert house.kitchen.orders[0]["order_id"] == 7
    assert house.kept()["direct"] == CHOICES


async def test_a_reply_to_a_card_of_an_older_version_is_told_and_the_form_waits(
    house: House,
) -> None:
    await house("/complain", GROUP)
    for about in ("gone:1", "note", "note:x", "complaint:7", "not an action"):
        outcome = await house("cold", GROUP, about=about)
        assert (outcome.error, outcome.private) == ("Conflict", True), about
    assert house.kitchen.orders == []
    assert house.kept()["group"].step == 0


async def test_a_command_is_a_command_even_in_reply_to_a_card_and_amid_a_form(
    house: House,
) -> None:
    asked = await house("/complain", GROUP)
    for about in ("complaint:7", card(asked).reply, ""):
        await house("/menu", GROUP, about=about)
    assert house.kitchen.orders == [{}, {}, {}]
    assert house.kept()["group"].step == 0


async def test_a_reply_to_a_step_is_the_forms_next_value(house: House) -> None:
    asked = await house("/complain", GROUP)
    await house("cold", GROUP, about=card(asked).reply)
    assert house.kept()["group"].values == (("what", "cold"),)


async def test_a_reply_to_a_step_of_a_form_that_is_over_is_told_so(house: House) -> None:
    asked = await house("/complain", GROUP)
    await house("/cancel", GROUP)
    outcome = await house("cold", GROUP, about=card(asked).reply)
    assert (outcome.error, outcome.private) == ("Conflict", True)
    assert card(outcome).title == "That form is over, or further on."
    assert house.kitchen.orders == [], "it is no answer to anything else"


async def test_a_reply_to_an_earlier_step_or_to_another_form_is_not_taken_for_this_step(
    house: House,
) -> None:
    other = await house("/complain", GROUP)
    first = await house("/complain", GROUP)
    await house("cold", GROUP)
    waiting = house.kept()["group"]
    for asked in (other, first):
        outcome = await house("5", GROUP, about=card(asked).reply)
        assert outcome.error == "Conflict"
        assert house.kept()["group"] == waiting
    assert house.kitchen.orders == []


async def test_a_choice_by_button_is_the_steps_value(house: House) -> None:
    house.keep(GROUP, CHOICES)
    second = await house(Pressed("pick::0:1"), GROUP)
    assert card(second).title == "Order (2 of 2)"
    done = await house(buttons(second)["Large"], GROUP)
    assert (card(done).title, done.error) == ("Done", "")
    assert house.kitchen.orders == [{"dish": "soup", "count": 2, "size": Size.LARGE}]
    assert house.kept() == {}


async def test_a_choice_by_button_goes_on_aside_for_the_chat_it_concerns(house: House) -> None:
    house.keep(DIRECT, replace(CHOICES, chat=IDS["group"]))
    second = await house(Pressed("pick::0:0"), GROUP, here=DIRECT)
    assert second.private
    done = await house("small", GROUP, here=DIRECT)
    assert done.chat == IDS["group"]
    assert house.kitchen.orders == [{"dish": "soup", "count": 1, "size": Size.SMALL}]


@pytest.mark.parametrize(
    "action",
    [
        "pick::1:0",
        "pick::0:2",
        "pick::0:-1",
        "pick::0:x",
        "pick::0:",
        "pick::0",
        "pick:other:0:0",
        "pick::",
    ],
)
async def test_a_choice_that_is_not_the_steps_changes_nothing(house: House, action: str) -> None:
    house.keep(GROUP, CHOICES)
    outcome = await house(Pressed(action), GROUP)
    assert (outcome.error, outcome.private) == ("Conflict", True)
    assert house.kept() == {"group": CHOICES}
    assert house.kitchen.orders == []


async def test_a_button_of_an_earlier_step_does_not_answer_the_next_one(house: House) -> None:
    house.keep(GROUP, CHOICES)
    await house(Pressed("pick::0:1"), GROUP)
    twice = await house(Pressed("pick::0:1"), GROUP)
    assert (twice.error, card(twice).title) == (
        "Conflict",
        "That form has moved on, or was not yours.",
    )
    assert house.kept()["group"].step == 1


async def test_a_choice_of_somebody_elses_form_changes_neither_theirs_nor_ones_own(
    house: House,
) -> None:
    hers, his = replace(CHOICES, id="hers"), replace(CHOICES, id="his")
    house.keep(GROUP, hers)
    house.speaker = BEN
    assert (await house(Pressed("pick:hers:0:1"), GROUP)).error == "Conflict"
    house.dialogs.kept[IDS["group"], BEN] = his
    assert (await house(Pressed("pick:hers:0:1"), GROUP)).error == "Conflict"
    assert house.dialogs.kept == {(IDS["group"], ANA): hers, (IDS["group"], BEN): his}


async def test_a_choice_without_a_form_is_told_so_wherever_it_is_pressed(house: House) -> None:
    assert (await house(Pressed("pick::0:0"), GROUP)).error == "Conflict"
    house.keep(DIRECT, CHOICES)
    assert (await house(Pressed("pick::0:0"), GROUP)).error == "Conflict"
    assert house.kept() == {"direct": CHOICES}


async def test_the_steps_of_a_private_form_are_private_to_the_end(house: House) -> None:
    steps = [
        await house("/complain", GROUP),
        await house("", GROUP),  # refused
        await house("cold", GROUP),
        await house("not a number", GROUP),  # asked again
        await house("1", GROUP),
    ]
    assert [card(step).kind for step in steps] == [STEP, STEP, STEP, STEP, ""]
    assert [step.private for step in steps] == [True] * 5


async def test_the_steps_of_a_public_form_are_public_and_its_action_is_what_it_says(
    house: House,
) -> None:
    steps = [
        await house(Pressed("sign"), GROUP, aside=DIRECT),
        await house("", GROUP, aside=DIRECT),
        await house("Ana", GROUP, aside=DIRECT),
    ]
    assert [card(step).title for step in steps] == [
        "Sign (1 of 2)",
        "Sign (1 of 2)",
        "Sign (2 of 2)",
    ]
    assert [step.private for step in steps] == [False] * 3
    assert not house.kept()["group"].private
    assert (await house("/cancel", GROUP)).private
