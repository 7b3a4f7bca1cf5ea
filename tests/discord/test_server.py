from __future__ import annotations

import io

import discord
import pytest

from tests.discord.town import Card, Town


def _text(town: Town, name: str = "general") -> discord.TextChannel:
    found = discord.utils.get(town.bot.get_all_channels(), name=name)
    assert isinstance(found, discord.TextChannel)
    return found


async def test_a_message_with_an_embed_and_a_file_is_seen(town: Town) -> None:
    embed = discord.Embed(title="Question", description="What is the GIL?")
    embed.add_field(name="Level", value="3").set_footer(text="No. 7").set_author(name="Bank")
    file = discord.File(io.BytesIO(b"all of it"), "notes.txt", description="Notes")
    sent = await _text(town).send("Hello", embed=embed, file=file)
    seen = await town.guild.general.sees("What is the GIL?")
    assert seen.text == "Hello\nBank\nQuestion\nWhat is the GIL?\nLevel\n3\nNo. 7"
    assert [(one.filename, one.content, one.description) for one in seen.attachments] == [
        ("notes.txt", b"all of it", "Notes")
    ]
    assert await sent.attachments[0].read() == b"all of it"
    assert town.api.breaches == []


async def test_what_breaks_a_rule_is_refused_and_not_posted(town: Town) -> None:
    path = f"/channels/{town.guild.general.id}/messages"
    for body, code in (
        ({"content": "x" * 2001}, 50035),
        ({"content": " "}, 50006),
        ({"content": "x", "flags": 64}, 50035),
        ({"content": "x", "flags": 32768, "components": [{"type": 10, "content": "y"}]}, 50035),
        ({"content": "x", "message_reference": {"message_id": "1"}}, 50035),
    ):
        status, answer = await town.call("POST", path, body)
        assert (status, answer["code"]) == (400, code), body
    assert town.guild.general.messages == []


async def test_a_token_that_is_wrong_is_refused(town: Town) -> None:
    status, answer = await town.call("GET", "/users/@me", token="wrong")
    assert (status, answer) == (401, {"message": "401: Unauthorized", "code": 0})
    assert town.api.limits.invalid == 1


async def test_a_nonce_lets_the_same_message_through_once(town: Town) -> None:
    path = f"/channels/{town.guild.general.id}/messages"
    body = {"content": "Only once", "nonce": "q7", "enforce_nonce": True}
    first, second = [(await town.call("POST", path, body))[1] for _ in range(2)]
    assert first["id"] == second["id"]
    assert len(town.guild.general.messages) == 1
    town.api.nonce_window_s = 0
    assert (await town.call("POST", path, body))[1]["id"] != first["id"]


async def test_messages_are_read_changed_and_taken_away(town: Town) -> None:
    channel = _text(town)
    sent = [await channel.send(f"No. {number}") for number in range(4)]
    assert [one.content async for one in channel.history(limit=2)] == ["No. 3", "No. 2"]
    after = [one.content async for one in channel.history(after=sent[1], limit=5)]
    assert after == ["No. 2", "No. 3"]
    await sent[0].edit(content="Changed")
    seen = town.guild.general.messages[0]
    assert (seen.text, seen.edited, seen.pings) == ("Changed", True, [])
    assert (await channel.fetch_message(sent[0].id)).edited_at is not None
    await sent[0].delete()
    assert seen.deleted
    with pytest.raises(discord.NotFound) as gone:
        await sent[0].edit(content="Again")
    assert gone.value.code == 10008
    assert town.api.breaches == []


async def test_an_edit_may_not_leave_nothing_nor_take_the_layout_back(town: Town) -> None:
    path = f"/channels/{town.guild.general.id}/messages"
    plain = (await town.call("POST", path, {"content": "Words"}))[1]["id"]
    layout = {"flags": 32768, "components": [{"type": 10, "content": "Words"}]}
    card = (await town.call("POST", path, layout))[1]["id"]
    assert (await town.call("PATCH", f"{path}/{plain}", {"content": ""}))[1]["code"] == 50006
    for body in ({"flags": 0}, {"content": "Words"}):
        assert (await town.call("PATCH", f"{path}/{card}", body))[1]["code"] == 50035
    others = town.ana.says("Mine", town.guild.general)
    assert (await town.call("PATCH", f"{path}/{others.id}", {"content": "x"}))[1]["code"] == 50005


async def test_mentions_notify_only_whom_they_may(town: Town) -> None:
    guild, channel = town.guild, _text(town)
    role = guild.role("drillers", [town.ana])
    parse = discord.AllowedMentions(users=True, roles=True, everyone=True)
    text = f"{town.ben.mention} {role.mention}"
    await channel.send(text)
    await channel.send(text, allowed_mentions=parse)
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay(f"Look, {town.ana.mention}"))
    await channel.send(view=view, allowed_mentions=parse)
    await channel.send(embed=discord.Embed(title=town.ana.mention), allowed_mentions=parse)
    quiet, loud, shown, embedded = guild.general.messages
    assert quiet.pings == []
    assert loud.pings == [town.ana, town.ben]  # everyone here may mention roles
    assert shown.pings == [town.ana]
    assert embedded.pings == []
    guild.denies("mention_everyone", in_=guild.general)
    await channel.send(text, allowed_mentions=parse)
    assert guild.general.messages[-1].pings == [town.ben]


async def test_content_is_empty_for_a_bot_that_is_not_spoken_to(town: Town) -> None:
    general = town.guild.general
    town.ana.says("among people", general)
    town.ana.says(f"<@{town.api.bot_id}> you", general)
    mine = await _text(town).send("What is a lock?")
    seen = await general.sees("lock")
    town.ana.says("a quiet reply", general, reply_to=seen, ping=False)
    town.ana.says("a loud reply", general, reply_to=seen)
    town.ana.says("in private")
    await town.api.pulse.until(lambda: True if len(town.bot.heard) == 5 else None, 2)
    assert [text for _, text in town.bot.heard] == [
        "",
        f"<@{town.api.bot_id}> you",
        "",
        "a loud reply",
        "in private",
    ]
    assert mine.id == seen.id


async def test_private_messages_reach_only_whom_they_may(town: Town) -> None:
    ana = await town.bot.fetch_user(town.ana.id)
    await ana.send("Your question")
    await town.ana.sees("Your question")
    town.ana.closes_dms()
    with pytest.raises(discord.Forbidden) as closed:
        await ana.send("Another")
    assert closed.value.code == 50007
    stranger = town.api.person("Zoe")
    with pytest.raises(discord.Forbidden) as unknown:
        await (await town.bot.fetch_user(stranger.id)).send("Hello")
    assert unknown.value.code == 50278
    stranger.installs_app()
    await (await town.bot.fetch_user(stranger.id)).send("Hello")
    await stranger.sees("Hello")
    with pytest.raises(discord.NotFound) as nobody:
        await town.bot.fetch_user(5)
    assert nobody.value.code == 10013
    assert town.api.breaches == []


async def test_permissions_decide_what_the_bot_may_do(town: Town) -> None:
    guild, general, channel = town.guild, town.guild.general, _text(town)
    guild.denies("embed_links", in_=general)
    await channel.send("Words", embed=discord.Embed(title="Not shown"))
    assert general.messages[-1].embeds == []
    with pytest.raises(discord.Forbidden) as nothing_left:
        await channel.send(embed=discord.Embed(title="Nothing else"))
    assert nothing_left.value.code == 50013
    for denied, work in (
        ("attach_files", channel.send(file=discord.File(io.BytesIO(b"x"), "x.txt"))),
        (
            "create_public_threads",
            channel.create_thread(name="x", type=discord.ChannelType.public_thread),
        ),
        ("send_messages", channel.send("Words")),
    ):
        guild.denies(denied, in_=general)
        with pytest.raises(discord.Forbidden) as forbidden:
            await work
        assert forbidden.value.code == 50013, denied
    guild.allows("send_messages", in_=general)
    await channel.send("Back")
    guild.hides(general)
    with pytest.raises(discord.Forbidden) as hidden:
        await channel.send("Words")
    assert hidden.value.code == 50001
    guild.deletes(general)
    with pytest.raises(discord.NotFound) as gone:
        await channel.send("Words")
    assert gone.value.code == 10003


async def test_what_is_denied_everywhere_is_denied_in_every_channel(town: Town) -> None:
    town.guild.text("daily")
    town.guild.denies("send_messages")
    await town.api.pulse.until(
        lambda: True if discord.utils.get(town.bot.get_all_channels(), name="daily") else None, 2
    )
    with pytest.raises(discord.Forbidden):
        await _text(town, "daily").send("Words")
    town.guild.allows("send_messages")
    await _text(town, "daily").send("Words")


async def test_pins_and_reactions(town: Town) -> None:
    town.guild.allows("pin_messages")
    sent = await _text(town).send("Keep this")
    await sent.pin()
    seen = town.guild.general.messages[0]
    assert seen.pinned
    assert [one.id async for one in _text(town).pins()] == [sent.id]
    await sent.unpin()
    await sent.add_reaction("👍")
    town.ana.reacts(seen, "👍")
    assert seen.reactions == {"👍": [town.api.me, town.ana]}
    await sent.remove_reaction("👍", town.bot.user)  # type: ignore[arg-type]
    await town.api.pulse.until(lambda: True if "raw_reaction_add" in town.bot.events else None, 2)
    assert (seen.reactions, seen.pinned) == ({"👍": [town.ana]}, False)
    assert town.api.breaches == []


async def test_what_the_library_asks_about_guilds_is_there(town: Town) -> None:
    guild = await town.bot.fetch_guild(town.guild.id)
    assert guild.approximate_member_count == 4
    assert [one.name for one in await guild.fetch_channels()] == ["general"]
    assert "Drillmate" in [one.name for one in await guild.fetch_roles()]
    assert (await guild.fetch_member(town.ana.id)).name == "ana"
    assert await guild.active_threads() == []
    with pytest.raises(discord.NotFound) as nobody:
        await guild.fetch_member(town.api.owner.id)
    assert nobody.value.code == 10007
    assert (await town.bot.application_info()).bot_public
    found = await town.bot.fetch_channel(town.guild.general.id)
    assert isinstance(found, discord.TextChannel)
    async with found.typing():
        pass
    assert town.guild.general.typing_at
    await guild.leave()
    assert not town.guild.has_bot
    status, answer = await town.call("GET", f"/guilds/{guild.id}")
    assert (status, answer["code"]) == (404, 10004)
    assert town.api.breaches == []


async def test_commands_keep_their_ids_and_bad_ones_are_refused(town: Town) -> None:
    before = {one["name"]: one["id"] for one in town.api.commands}
    await town.bot.tree.sync()
    assert {one["name"]: one["id"] for one in town.api.commands} == before
    assert town.api.syncs == 2
    path = f"/applications/{town.api.application_id}/commands"
    status, answer = await town.call("PUT", path, [{"name": "Upper", "description": "x"}])
    assert (status, answer["code"]) == (400, 50035)
    status, answer = await town.call("POST", path, {"name": "one", "description": "One more"})
    assert status == 201
    status, _ = await town.call("PATCH", f"{path}/{answer['id']}", {"description": "Changed"})
    assert town.api.commands[-1]["description"] == "Changed"
    assert (await town.call("DELETE", f"{path}/{answer['id']}"))[0] == 204
    assert {one["name"] for one in town.api.commands} == set(before)


async def test_a_card_may_hold_everything_that_layouts_can(town: Town) -> None:
    view = Card("Intro")
    file = discord.File(io.BytesIO(b"png"), "tree.png")
    container: discord.ui.Container[Card] = discord.ui.Container(accent_color=0x336699)
    button: discord.ui.Button[Card] = discord.ui.Button(label="Hint", custom_id="hint")
    container.add_item(discord.ui.Section("A section", accessory=button))
    container.add_item(discord.ui.Separator())
    container.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://tree.png")))
    view.add_item(container)
    sent = await _text(town).send(view=view, file=file)
    assert (await town.guild.general.sees("A section")).buttons[-1].label == "Hint"
    await sent.edit(view=view)
    assert town.api.breaches == []


async def test_what_is_nowhere_is_not_found(town: Town) -> None:
    assert await town.call("GET", "/nowhere") == (404, {"message": "404: Not Found", "code": 0})
