"""Questions, as moderators handle them."""

from __future__ import annotations

from typing import Annotated

from bot.cards import bank as cards
from bot.chat.action import pack
from bot.chat.command import Choice, Option, Registry
from bot.chat.context import Role
from bot.chat.view import Reply, Response
from bot.commands import Ctx
from bot.commands.practice import LEVELS
from bot.services.drafts import Draft, draft_of

registry = Registry()

SHOWN = 10
"""Questions that a search shows."""


async def slugs(ctx: Ctx, typed: str) -> list[Choice]:
    """Offer questions by what is typed so far."""
    found, _ = await ctx.services.questions.search(ctx.chat, typed, limit=25)
    return [Choice(each.question.prompt[:80], each.question.slug) for each in found]


Slug = Annotated[str, Option("The question's name, or its number in the roadmap", complete=slugs)]
Words = Annotated[str, Option("Words of the question or its topic", rest=True)]
Difficulty = Annotated[int, Option("How hard", choices=LEVELS)]


@registry.command("question add", role=Role.MODERATOR, private=True, by_link=True)
async def add(ctx: Ctx, difficulty: Difficulty = 3) -> Response:
    """Add a question for this group."""
    titles = ctx.services.questions.topic_titles()
    return cards.form(pack("qadd", difficulty), titles)


@registry.action("qadd", private=True)
async def added(
    ctx: Ctx, difficulty: int, prompt: str, topic: str, points: str, answer: str, wrong: str = ""
) -> Response:
    """Take the form of a new question."""
    draft = Draft(prompt, topic, points, answer, wrong)
    stored = await ctx.services.questions.add(ctx.actor, ctx.chat, draft, difficulty)
    return Reply(cards.kept(stored, ctx.services.questions.topic_titles(), edited=False))


@registry.command("question edit", role=Role.MODERATOR, private=True)
async def edit(ctx: Ctx, slug: Slug) -> Response:
    """Change a question that this group has added."""
    stored = await ctx.services.questions.own(ctx.actor, ctx.chat, slug)
    draft = draft_of(stored.question)
    titles = ctx.services.questions.topic_titles()
    return cards.form(pack("qedit", stored.question.slug), titles, draft)


@registry.action("qedit", private=True)
async def edited(
    ctx: Ctx, slug: str, prompt: str, topic: str, points: str, answer: str, wrong: str = ""
) -> Response:
    """Take the form of a changed question."""
    draft = Draft(prompt, topic, points, answer, wrong)
    stored = await ctx.services.questions.edit(ctx.actor, ctx.chat, slug, draft)
    return Reply(cards.kept(stored, ctx.services.questions.topic_titles(), edited=True))


@registry.command("question retire", role=Role.MODERATOR, private=True)
async def retire(ctx: Ctx, slug: Slug) -> Response:
    """Ask a question of this group no more; answers to it stay."""
    return Reply(cards.retired(await ctx.services.questions.retire(ctx.actor, ctx.chat, slug)))


@registry.command("question show", role=Role.MODERATOR, private=True, by_link=True)
async def show(ctx: Ctx, slug: Slug) -> Response:
    """See a question with its key points."""
    stored = await ctx.services.questions.get(ctx.chat, slug)
    return Reply(cards.shown(stored, ctx.services.questions.topic_titles()))


@registry.command("question search", role=Role.MODERATOR, private=True, by_link=True)
async def search(ctx: Ctx, text: Words) -> Response:
    """Find questions by their words."""
    found, total = await ctx.services.questions.search(ctx.chat, text, SHOWN)
    return Reply(cards.found(found, total, text))
