from __future__ import annotations

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.adapters.console.publish import Suggestions
from bot.adapters.console.scene import Scene
from bot.chat.command import Choice, Command, Option, Parameter, Registry
from bot.chat.context import Context, Request
from bot.chat.view import Card, Reply, Response
from bot.errors import Unavailable
from tests.adapters.console import theatre
from tests.adapters.console.theatre import Ctx, Theatre


async def offered(text: str, registry: Registry = theatre.registry) -> list[str]:
    """Return what the line becomes with each completion."""
    scene = Scene()
    scene.play("Ana Lee")
    scene.enter("prep")
    suggestions = Suggestions(registry, scene, Theatre().resolve)
    found = suggestions.get_completions_async(Document(text), CompleteEvent())
    return [text[: len(text) + one.start_position] + one.text async for one in found]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("/pr", ["/practice"]),
        ("/BOARD", ["/board add", "/board drop"]),
        ("/board d", ["/board drop"]),
        ("/board_a", ["/board add"]),
        ("/can", ["/cancel"]),
        ("/practice ", ["/practice databases", '/practice "web apps"', "/practice level="]),
        ("/practice w", ['/practice "web apps"']),
        ('/practice "we', ['/practice "web apps"']),
        ("/practice databases h", ["/practice databases hard"]),
        ("/practice level=e", ["/practice level=easy"]),
        ("/practice le", ["/practice level="]),
        ("/practice databases hard ", []),
        ("/nope x", []),
        ("!c", ["!clock "]),
        ("!d", ["!dm", "!due"]),
        ("!as a", ["!as Ana Lee"]),
        ("!in ", ["!in #prep"]),
        ("!clock +1", ["!clock +1h", "!clock +1d", "!clock +1w"]),
        ("plain text", []),
        ("/practice\nw", []),
        ("", []),
    ],
)
async def test_a_line_can_become(text: str, lines: list[str]) -> None:
    assert await offered(text) == lines


async def test_every_command_is_offered_with_its_help() -> None:
    suggestions = Suggestions(theatre.registry, Scene(), Theatre().resolve)
    found = suggestions.get_completions_async(Document("/"), CompleteEvent())
    shown = {one.display_text: one.display_meta_text async for one in found}
    assert shown["/practice [topic] [level]"] == "Get a question now."
    assert shown["/board add name"] == "Add a board. (moderators)"
    assert len(shown) == len(theatre.registry.commands) + 1


async def test_other_peoples_words_are_offered_without_control_characters() -> None:
    async def hostile(ctx: Ctx, typed: str) -> list[Choice]:
        return [Choice("l\x1b[2Jabel", "v\x1b[2J\nalue")]

    async def find(ctx: Ctx, name: str) -> Response:
        """Find something."""
        return Reply(Card(name))

    parameter = Parameter("name", str, True, Option("Whose", complete=hostile))
    registry = Registry()
    registry.commands["find"] = Command("find", "Find something.", (parameter,), find)
    suggestions = Suggestions(registry, Scene(), Theatre().resolve)
    found = suggestions.get_completions_async(Document("/find "), CompleteEvent())
    texts = [one.text + one.display_text + one.display_meta_text async for one in found]
    assert texts
    assert "\x1b" not in "".join(texts)
    assert "\n" not in "".join(texts)


async def test_values_that_cannot_be_looked_up_are_not_offered() -> None:
    async def down(request: Request) -> Context[object]:
        raise Unavailable("The database is away.")

    suggestions = Suggestions(theatre.registry, Scene(), down)
    found = suggestions.get_completions_async(Document("/practice d"), CompleteEvent())
    assert [one.text async for one in found] == []
