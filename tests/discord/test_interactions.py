from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.discord import Interaction
from tests.discord.town import Town


def _callback(interaction: Interaction) -> str:
    return f"/interactions/{interaction.id}/{interaction.token}/callback"


def _hook(town: Town, interaction: Interaction, rest: str = "") -> str:
    return f"/webhooks/{town.api.application_id}/{interaction.token}{rest}"


def _says(text: str, **more: Any) -> dict[str, Any]:
    return {"type": 4, "data": {"content": text, **more}}


async def test_a_command_is_answered_and_seen(town: Town) -> None:
    general = town.guild.general
    asked = town.ana.types("schedule set", "zone", "europe", general)
    assert await asked.suggestions() == [
        ("Berlin", "Europe/Berlin"),
        ("Madrid", "Europe/Madrid"),
    ]
    ran = town.ana.runs("schedule set", general, time="09:00", zone="Europe/Berlin")
    card = await ran.shows("09:00 in Europe/Berlin")
    assert (ran.response, ran.private, card.v2) == ("message", False, True)
    assert [one.label for one in card.buttons] == ["Answer", "Done", "Read"]
    assert card.text.endswith("Choose a topic")
    assert general.messages == [card]
    assert ran.latency_s is not None
    assert ran.latency_s < 1
    assert town.api.breaches == []


async def test_a_form_is_opened_filled_in_and_answered_in_private(town: Town) -> None:
    ran = await town.ana.runs("schedule set", None, time="9", zone="Z").answered()
    pressed = await town.ana.presses("Answer", on=ran.messages[0]).answered()
    form = pressed.modal
    assert form is not None
    assert (form.title, form.texts) == ("Your answer", ["What is the GIL?"])
    assert [one.label for one in form.inputs] == ["Answer"]
    with pytest.raises(AssertionError, match="filled in"):
        town.ana.submits(form)
    with pytest.raises(AssertionError, match="200 characters"):
        town.ana.submits(form, answer="x" * 201)
    sent = town.ana.submits(form, answer="A lock.")
    said = await sent.shows("You said: A lock.")
    assert (sent.response, sent.private, said.ephemeral_to) == ("deferred", True, town.ana)
    assert sent.messages == [said]
    assert town.api.breaches == []


async def test_only_they_see_what_is_for_them_until_they_restart(town: Town) -> None:
    general = town.guild.general
    ran = town.ana.runs("secret", general, level=3)
    said = await ran.shows("Level 3")
    assert (general.messages, town.ana.sees_in(general)) == ([], [said])
    assert town.ben.sees_in(general) == []
    path = f"/channels/{general.id}/messages/{said.id}"
    assert (await town.call("PATCH", path, {"content": "x"}))[1]["code"] == 10008
    status, _ = await town.call("PATCH", _hook(town, ran, "/messages/@original"), {"content": "x"})
    assert (status, said.text) == (200, "x")
    town.ana.restarts_app()
    assert (town.ana.sees_in(general), ran.messages) == ([], [])


async def test_buttons_and_lists_change_the_message_or_answer(town: Town) -> None:
    general = town.guild.general
    card = await town.ana.runs("schedule set", general, time="9", zone="Z").shows("9 in Z")
    chosen = await town.ben.chooses("Databases", on=card).shows("Topic databases")
    assert chosen.ephemeral_to is town.ben
    done = town.ben.presses("Done", on=card)
    assert await done.shows("Done.") is card
    assert (done.response, card.buttons, card.edited) == ("update", [], True)
    with pytest.raises(AssertionError, match="no button"):
        town.ben.presses("Done", on=card)
    assert town.api.breaches == []


async def test_what_the_app_does_not_offer_cannot_be_done(town: Town) -> None:
    general, ana = town.guild.general, town.ana
    for line, options, wrong in (
        ("nothing", {}, "no command 'nothing'"),
        ("schedule", {}, "not a command itself"),
        ("schedule get", {}, "no 'get'"),
        ("schedule set", {"time": "9"}, "needs"),
        ("secret", {"level": 6}, "too large"),
        ("secret", {"level": 1, "tone": 2}, "no options"),
        ("secret", {"level": "1"}, "is not"),
        ("role", {}, "lacks the permissions"),
    ):
        with pytest.raises(AssertionError, match=wrong):
            ana.runs(line, general, **options)
    with pytest.raises(AssertionError, match="not available"):
        ana.runs("role")
    card = await ana.runs("schedule set", general, time="9", zone="Z").shows("9 in Z")
    with pytest.raises(AssertionError, match=r"opens https://example\.org"):
        ana.presses("Read", on=card)
    with pytest.raises(AssertionError, match="no list"):
        ana.chooses("Cooking", on=card, custom_id="other")
    town.guild.hides(general, from_=town.ben)
    with pytest.raises(AssertionError, match="does not see"):
        town.ben.presses("Done", on=card)
    with pytest.raises(AssertionError, match="does not see"):
        town.ben.runs("secret", general, level=1)


async def test_options_carry_roles_channels_people_and_files(town: Town) -> None:
    town.guild.grants(town.ana, "manage_guild")
    role = town.guild.role("drillers")
    general = town.guild.general
    ran = town.ana.runs("role", general, role=role, channel=general, who=town.ben, file=b"contents")
    await ran.shows("drillers general ben contents")
    assert town.api.breaches == []


async def test_a_message_can_be_handed_to_a_command(town: Town) -> None:
    said = town.ben.says("Why are tuples hashable?", town.guild.general)
    suggested = town.ana.suggests("Suggest as question", said)
    await suggested.shows("Noted: Why are tuples hashable?")


async def test_an_installed_app_works_everywhere(town: Town) -> None:
    other = town.api.guild("elsewhere", town.ben, [town.ana])
    between = town.ana.dm_with(town.ben)
    with pytest.raises(AssertionError, match="not installed"):
        town.ana.runs("secret", other.general, level=1)
    town.ana.installs_app()
    for place in (other.general, between, None):
        ran = town.ana.runs("secret", place, level=2)
        await ran.shows("Level 2")
        assert ran.owners.get("1") == str(town.ana.id)
    assert town.api.breaches == []


async def test_where_only_the_person_installed_it_five_more_messages_are_all(town: Town) -> None:
    between = town.ana.dm_with(town.ben)
    town.ana.installs_app()
    ran = await town.ana.runs("secret", between, level=2).answered()
    codes = [
        (await town.call("POST", _hook(town, ran), {"content": "x"}))[1].get("code")
        for _ in range(6)
    ]
    assert codes == [None] * 5 + [40094]
    assert len(ran.messages) == 6


async def test_the_first_response_has_three_seconds(town: Town) -> None:
    town.api.interaction_deadline_s = 0.05
    ran = town.ana.runs("quiet", town.guild.general)
    with pytest.raises(AssertionError, match="did not respond"):
        await ran.answered()
    assert ran.timed_out
    for path, body in ((_callback(ran), _says("Late")), (_hook(town, ran), {"content": "Late"})):
        status, answer = await town.call("POST", path, body)
        assert (status, answer["code"]) in ((404, 10062), (401, 50027))
    town.api.interaction_deadline_s = 3
    late = town.ana.runs("secret", town.guild.general, level=1, late=True)
    with pytest.raises(AssertionError, match="did not respond"):
        await late.answered()
    calls = town.api.calls
    await town.api.pulse.until(lambda: True if calls[-1].path == _callback(late) else None, 1)
    await town.api.pulse.until(lambda: True if calls[-1].status else None, 1)
    assert (calls[-1].status, calls[-1].code) == (404, 10062)


async def test_a_response_comes_once_and_then_its_token_is_for_more(town: Town) -> None:
    ran = town.ana.runs("quiet", town.guild.general)
    assert (await town.call("POST", _hook(town, ran), {"content": "x"}))[1]["code"] == 10015
    for wrong in ({"type": 6}, {"type": 8, "data": {"choices": []}}, _says(""), _says("x" * 2001)):
        assert (await town.call("POST", _callback(ran), wrong))[0] == 400
    status, told = await town.call("POST", _callback(ran) + "?with_response=true", _says("One"))
    assert (status, told["resource"]["message"]["content"]) == (200, "One")
    again = await town.call("POST", _callback(ran), _says("Two"))
    assert (again[0], again[1]["code"]) == (400, 40060)
    more = (await town.call("POST", _hook(town, ran), {"content": "Three", "flags": 64}))[1]
    status, _ = await town.call(
        "PATCH", _hook(town, ran, f"/messages/{more['id']}"), {"content": "3"}
    )
    assert [one.text for one in ran.messages] == ["One", "3"]
    assert ran.messages[1].ephemeral_to is town.ana
    assert (await town.call("DELETE", _hook(town, ran, "/messages/@original")))[0] == 204
    assert [one.text for one in ran.messages] == ["3"]
    town.api.expires(ran)
    status, answer = await town.call("POST", _hook(town, ran), {"content": "Four"})
    assert (status, answer["code"]) == (401, 50027)
    assert (await town.call("GET", "/webhooks/99/x/messages/@original"))[1]["code"] == 10015


async def test_what_was_deferred_keeps_who_sees_it(town: Town) -> None:
    general = town.guild.general
    ran = town.ana.runs("quiet", general)
    await town.call("POST", _callback(ran), {"type": 5, "data": {"flags": 64}})
    assert (ran.response, ran.messages, general.messages) == ("deferred", [], [])
    await town.call("POST", _hook(town, ran), {"content": "Thought about it"})
    assert (ran.messages[0].text, ran.messages[0].ephemeral_to) == ("Thought about it", town.ana)
    other = town.ana.runs("quiet", general)
    await town.call("POST", _callback(other), {"type": 5})
    await town.call("PATCH", _hook(town, other, "/messages/@original"), {"content": "For all"})
    assert [one.text for one in general.messages] == ["For all"]


async def test_a_form_may_be_sent_much_later_and_does_not_open_another(town: Town) -> None:
    card = await town.ana.runs("schedule set", None, time="9", zone="Z").shows("9 in Z")
    pressed = await town.ana.presses("Answer", on=card).answered()
    assert (await town.call("POST", _hook(town, pressed), {"content": "x"}))[1]["code"] == 10015
    town.api.expires(pressed)
    assert pressed.modal is not None
    sent = town.ana.submits(pressed.modal, answer="Much later")
    with pytest.raises(AssertionError, match="does not have this form"):
        town.ben.submits(pressed.modal, answer="Not mine")
    form = {"title": "x", "custom_id": "x", "components": []}
    status, _ = await town.call("POST", _callback(sent), {"type": 9, "data": form})
    assert status == 400
    await sent.shows("You said: Much later")


async def test_many_at_once_are_all_answered(town: Town) -> None:
    ran = [town.ana.runs("secret", None, level=1 + number % 5) for number in range(60)]
    await asyncio.gather(*(one.answered() for one in ran))
    assert {call.status for call in town.api.calls} == {200}
