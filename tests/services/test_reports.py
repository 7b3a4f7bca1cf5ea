"""What members tell moderators, from the first word to the moderator's last."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.adapter import Delayed, Unreachable
from bot.chat.context import Called, ChatRef, Request, Role
from bot.chat.markup import plain
from bot.chat.view import Card, Reply
from bot.testing import Person, World


async def fills(person: Person, *values: str) -> Card:
    """Answer a form's steps, one by one; return what comes in the end."""
    card = Card("")
    for value in values:
        card = await person.says(value)
    return card


async def suggests(person: Person, prompt: str, points: str = "-") -> Card:
    """Suggest a question."""
    await person.says("/suggest")
    return await fills(person, prompt, points)


PROMPT = "How would you slice a melon for twelve guests?"


async def test_a_report_comes_to_the_moderators_place_and_is_dealt_with_there(
    world: World, maya: Person, ben: Person
) -> None:
    assert (await maya.says("/reports place")).title == "The moderators' place is set"
    asked = await ben.says("/practice")
    told = await ben.says("/report The second key point is wrong.")
    assert told.title == "Reported, thank you"
    assert world.adapter.sent == []
    await world.settle()
    [(place, card, key)] = world.adapter.sent
    assert (place, key) == (maya.place.ref, "r1")
    assert "Ben: The second key point is wrong." in plain(card.body)
    prompt = plain(asked.body).splitlines()[0]
    assert prompt in plain(card.body)
    maya.sees(card)
    assert "Key points" in (await maya.presses("See the question")).body
    maya.sees(card)
    done = await maya.presses("Done")
    assert "Dealt with by Maya." in done.body
    assert isinstance(maya.last and maya.last.response, Reply)
    maya.sees(card)
    assert "dealt with that already" in (await maya.presses("Done")).title
    await world.settle()
    assert len(world.adapter.sent) == 1


async def test_a_suggestion_becomes_a_question_that_is_asked(
    world: World, maya: Person, ben: Person
) -> None:
    await suggests(ben, PROMPT, "Cut it in half first\nRemove the seeds")
    assert (await maya.says("/reports show")).title == "1 thing to look at"
    shown = await maya.presses("Open 1")
    assert PROMPT in plain(shown.body)
    assert "Suggested by Ben." in plain(shown.body)
    step = await maya.presses("Make it a question")
    assert PROMPT in plain(step.body), "what was suggested stands in the form"
    kept = await fills(maya, "-", "core-python", "-", "I cut it in half and remove the seeds.", "-")
    assert kept.title == "Question added"
    assert PROMPT in plain(kept.body)
    found = await maya.says("/question search melon")
    assert found.title == "1 question"
    assert (await maya.says("/reports show")).title == "Nothing waits"


async def test_what_waits_is_told_when_the_moderators_get_a_place(
    world: World, maya: Person, ben: Person
) -> None:
    await suggests(ben, PROMPT)
    await world.settle()
    assert world.adapter.sent == []
    await maya.says("/reports place")
    await world.settle()
    assert [card.title for _, card, _ in world.adapter.sent] == ["A question is suggested"]


async def test_a_command_given_on_a_message_begins_with_its_words(
    world: World, ben: Person
) -> None:
    request = ben.request(Called("suggest"))
    on_message = Request(
        request.sender, request.place, request.event, "k1", quoted=f"{PROMPT}\n\nAnybody?"
    )
    outcome = await world.dispatch(on_message)
    assert isinstance(outcome.response, Reply)
    assert f"{PROMPT} Anybody?" in plain(outcome.response.card.body)


async def test_only_moderators_deal_with_what_waits(world: World, ben: Person) -> None:
    await suggests(ben, PROMPT)
    for line in ("/reports show", "/reports place"):
        assert "for moderators" in (await ben.says(line)).title
    request = ben.request("x")
    context = await world.app.services.resolve(request)
    reports = world.app.services.reports
    for deed in (
        reports.close(context.actor, context.chat, 1),
        reports.draft(context.actor, context.chat, 1),
        reports.get(context.actor, context.chat, 1),
        reports.waiting(context.actor, context.chat, 5),
        reports.place(context.actor, context.chat, ""),
    ):
        with pytest.raises(Exception, match="Only a group's moderators"):
            await deed


async def test_another_groups_moderators_see_nothing_of_it(world: World, ben: Person) -> None:
    await suggests(ben, PROMPT)
    eva = world.person("Eva", group="other", role=Role.MODERATOR)
    assert (await eva.says("/reports show")).title == "Nothing waits"
    context = await world.app.services.resolve(eva.request("x"))
    with pytest.raises(Exception, match="no such report"):
        await world.app.services.reports.close(context.actor, context.chat, 1)


async def test_nobody_floods_the_moderators(world: World, ben: Person, chi: Person) -> None:
    for number in range(5):
        told = await suggests(ben, f"{PROMPT} Number {number}?")
        assert told.title == "Suggested, thank you"
    assert "5 of yours wait" in (await suggests(ben, PROMPT)).title
    assert (await suggests(chi, PROMPT)).title == "Suggested, thank you"


async def test_the_same_said_twice_is_kept_once(maya: Person, ben: Person) -> None:
    await ben.says("/practice")
    await ben.says("/report It is wrong.")
    assert (await ben.says("/report It is wrong.")).title == "Reported, thank you"
    assert (await maya.says("/reports show")).title == "1 thing to look at"


async def test_alone_there_are_no_moderators(ana: Person) -> None:
    await ana.says("/practice")
    assert "no moderators here" in (await ana.says("/report Wrong.")).title


async def test_too_much_or_nothing_is_refused_in_a_sentence(ben: Person) -> None:
    await ben.says("/practice")
    assert "1,000 are the most" in (await ben.says(f"/report {'x' * 1001}")).title


async def test_a_place_that_must_wait_is_told_later_and_one_that_is_gone_is_not_asked_for_ever(
    world: World, maya: Person, ben: Person
) -> None:
    await maya.says("/reports place")
    await suggests(ben, PROMPT)
    world.adapter.faults = [Delayed(30), Unreachable()]
    sender = world.app.sender(world.adapter)
    await sender.settle()
    await sender.settle()
    assert len(world.adapter.faults) == 1, "it is left alone for a while"
    world.clock.advance(timedelta(seconds=31))
    await sender.settle()
    await sender.settle()
    assert world.adapter.faults == []
    assert world.adapter.sent == []
    assert (await maya.says("/reports show")).title == "1 thing to look at"


async def test_hostile_words_stay_words(world: World, maya: Person, ben: Person) -> None:
    words = "*bold* [x](https://evil.example) @everyone `code` ||hidden||"
    await maya.says("/reports place")
    await suggests(ben, f"{PROMPT} {words}")
    await world.settle()
    [(_, card, _)] = world.adapter.sent
    assert words in plain(card.body)
    assert words in plain((await maya.says("/reports show")).body)


async def test_a_question_asked_in_the_group_stays_where_the_moderators_put_it(
    world: World, maya: Person
) -> None:
    elsewhere = Person(world, maya.sender, maya.place)
    await maya.says("/schedule set 09:00 UTC")
    await maya.presses("Save")
    object.__setattr__(
        elsewhere.place, "ref", ChatRef(maya.place.ref.platform, maya.place.ref.id, "topic 7")
    )
    shown = await elsewhere.says("/schedule show")
    assert "another place" in shown.body
    shown = await elsewhere.says("/schedule place")
    assert "another place" not in shown.body
