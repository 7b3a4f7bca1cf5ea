"""What a person has set, and what they have just changed."""

from __future__ import annotations

from bot.chat.markup import plain
from bot.testing import World


async def test_a_change_says_what_it_changed_and_nothing_else(world: World) -> None:
    ana = world.person("Ana")
    card = await ana.says("/settings zone=Berlin")
    assert card.title == "Settings saved"
    assert plain(card.body) == "Zone: Europe/Berlin, where it is 09:00 now"
    assert card.fields == ()
    card = await ana.says("/settings day_starts=4 board=hide")
    assert plain(card.body) == "Your day begins at: 04:00\nBoards: you are hidden"


async def test_settings_alone_show_all_of_them_and_how_to_change_one(world: World) -> None:
    card = await world.person("Ana").says("/settings")
    assert [name for name, _ in card.fields] == ["Zone", "Your day begins at", "Boards"]
    assert "/settings zone=Berlin" in plain(card.body)
