"""Moderators' tools on Discord: a question in a modal, suggestions, reports, their channel."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import MovableClock
from tests.adapters.discord.stage import Stage
from tests.adapters.discord.test_guild import daily, good
from tests.discord import DiscordApi, Guild, Person

PROMPT = "How would you slice a melon for twelve guests?"


async def test_a_message_becomes_a_suggestion_and_that_a_question(
    stage: Stage, guild: Guild, maya: Person, ana: Person, ben: Person
) -> None:
    den = guild.text("moderators")
    told = await maya.runs("reports place", guild.general, channel=den).shows("place is set")
    assert told.ephemeral_to is maya
    said = ben.says(PROMPT, guild.general)
    opened = await ana.suggests("Suggest as question", said).answered()
    assert opened.modal is not None
    assert opened.modal.inputs[0].value == PROMPT
    thanks = await ana.submits(opened.modal, prompt=PROMPT, points="Cut it in half first").shows(
        "Suggested, thank you"
    )
    assert thanks.ephemeral_to is ana
    await stage.sends()
    card = await den.sees("Suggested by Ana.")
    refused = await ben.presses("Make it a question", on=card).shows("Only a group's moderators")
    assert refused.ephemeral_to is ben
    made = await maya.presses("Make it a question", on=card).answered()
    assert made.modal is not None
    values = {each.custom_id: each.value for each in made.modal.inputs}
    assert (values["prompt"], values["points"]) == (PROMPT, "Cut it in half first")
    kept = await maya.submits(
        made.modal,
        prompt=PROMPT,
        topic="core-python",
        points="Cut it in half first",
        answer="I cut it in half first.",
    ).shows("Question added")
    assert kept.ephemeral_to is maya
    late = await maya.presses("Decline", on=card).shows("dealt with that already")
    assert late.ephemeral_to is maya


async def test_a_report_comes_to_the_moderators_channel_and_is_done_there(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    den = guild.text("moderators")
    await maya.runs("reports place", den).shows("place is set")
    await daily(stage, clock, guild, maya)
    text = "The second point is wrong @everyone"
    thanks = await ana.runs("report", guild.general, text=text).shows("Reported, thank you")
    assert thanks.ephemeral_to is ana
    await stage.sends()
    card = await den.sees("The second point is wrong")
    assert card.pings == []
    shown = await maya.presses("See the question", on=card).shows("Key points")
    assert shown.ephemeral_to is maya
    await maya.presses("Done", on=card).answered()
    await den.sees("Dealt with by Maya.")
    assert card.buttons == []


async def test_who_only_installed_the_app_suggests_nothing_to_a_server_it_is_not_in(
    stage: Stage, api: DiscordApi, ana: Person, ben: Person
) -> None:
    other = api.guild("not ours", ben, [ana])
    ana.installs_app()
    opened = await ana.runs("suggest", other.general).answered()
    assert opened.modal is not None
    told = await ana.submits(opened.modal, prompt=PROMPT).shows("There are no moderators here.")
    assert told.ephemeral_to is ana


async def test_the_tally_is_edited_every_few_seconds_at_most_and_ends_right(
    stage: Stage, clock: MovableClock, api: DiscordApi, guild: Guild, maya: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    sender = stage.app.sender(stage.adapter)
    people = [api.person(f"P{number}") for number in range(4)]
    for person in people:
        person.joins(guild)
        pressed = await person.presses("Answer", on=question).answered()
        assert pressed.modal is not None
        await person.submits(pressed.modal, text=good(question)).shows("/ 100")
        await sender.settle()
        clock.advance(timedelta(seconds=1))
    edits = [c for c in api.calls if c.route.startswith("PATCH /channels/{channel_id}/messages")]
    assert len(edits) == 2
    clock.advance(timedelta(seconds=3))
    await sender.settle()
    assert "4 answers" in question.text


async def test_the_moderators_channel_is_gone_and_what_waits_comes_to_the_next_one(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    den = guild.text("moderators")
    await maya.runs("reports place", den).shows("place is set")
    await daily(stage, clock, guild, maya)
    guild.deletes(den)
    await ana.runs("report", guild.general, text="It is wrong").shows("Reported, thank you")
    await stage.sends()
    told = await ana.runs("report", guild.general, text="And this").shows("Reported, thank you")
    assert "/reports show" in told.text
    other = guild.text("new-den")
    await maya.runs("reports place", other).shows("place is set")
    await stage.sends()
    await other.sees("It is wrong")


async def test_here_must_be_a_place_where_we_can_write(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    await daily(stage, clock, guild, maya)
    place = guild.text("daily")
    guild.denies("send_messages", in_=place)
    for command in ("schedule place", "reports place"):
        told = await maya.runs(command, place).shows("I could not post here.")
        assert 'Allow me "Send Messages" in #daily.' in told.text


async def test_a_question_written_from_a_suggestion_is_kept_though_somebody_was_quicker(
    stage: Stage, guild: Guild, maya: Person, ana: Person
) -> None:
    den = guild.text("moderators")
    await maya.runs("reports place", den).shows("place is set")
    opened = await ana.runs("suggest", guild.general).answered()
    assert opened.modal is not None
    await ana.submits(opened.modal, prompt=PROMPT).shows("Suggested, thank you")
    await stage.sends()
    card = await den.sees("Suggested by Ana.")
    made = await maya.presses("Make it a question", on=card).answered()
    assert made.modal is not None
    await maya.presses("Decline", on=card).answered()
    await den.sees("Left aside by Maya.")
    await maya.submits(
        made.modal,
        prompt=PROMPT,
        topic="core-python",
        points="Cut it in half first",
        answer="I cut it in half first.",
    ).shows("Question added")
