"""What people write on Discord while the program is dead, right after a power cut."""

from __future__ import annotations

from pathlib import Path

from bot.store.uow import Database
from tests.adapters.discord.test_guild import good
from tests.discord import DiscordApi, Fault
from tests.e2e.program import Program
from tests.rows import rows

SEND = "POST /channels/{channel_id}/messages"


async def test_an_answer_to_a_question_that_was_just_being_posted_is_not_lost(
    tmp_path: Path,
) -> None:
    database = f"sqlite:///{tmp_path / 'run.db'}"
    async with DiscordApi() as api:
        ana = api.person("Ana")
        api.guild("backend-prep", ana, bot=True)
        program = await Program.starts(api, database)
        await program.serves()
        api.fail(SEND, Fault.HANG_AFTER(30))
        ana.says("/practice")
        asked = await ana.dm.sees("Reply to this message")
        await program.dies()  # it has not heard that the question is there
        ana.says(good(asked))
        program = await Program.starts(api, database)
        await ana.dm.sees("100 / 100", timeout=20)
        assert await program.leaves() == 0
    kept = Database(database)
    assert await rows(kept, "SELECT score FROM attempts") == [(100,)]
    await kept.close()
