"""Members tell moderators, and moderators deal with it."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from bot.cards import bank
from bot.cards import reports as cards
from bot.chat.action import pack
from bot.chat.command import Option, Pick, Registry
from bot.chat.context import Role
from bot.chat.view import Reply, Response
from bot.commands import Ctx
from bot.commands.practice import meant
from bot.errors import Conflict, NotFound
from bot.services.drafts import MAX_PROMPT, Draft
from bot.store.records import ReportKind

registry = Registry()

SHOWN = 5
"""Reports shown at once: buttons of a row."""
DIFFICULTY = 3
"""Of a suggested question, until a moderator says otherwise."""

Text = Annotated[str, Option("What is wrong with it", rest=True)]
Channel = Annotated[str, Option("Where they are to come; else here", pick=Pick.CHANNEL)]


@registry.command("report", private=True)
async def report(ctx: Ctx, text: Text) -> Response:
    """Tell the moderators what is wrong with the question."""
    served = await meant(ctx)
    question_id = served.serving.question_id
    placed = await ctx.services.reports.report(ctx.actor, ctx.chat, question_id, text)
    prompt = served.question.prompt
    return Reply(cards.thanks(ReportKind.REPORT, placed=placed, prompt=prompt))


@registry.command("suggest", private=True, on_message="Suggest as question")
async def suggest(ctx: Ctx) -> Response:
    """Suggest a question to this group's moderators."""
    prompt = " ".join(ctx.quoted.split())[:MAX_PROMPT]
    return cards.form(prompt)


@registry.action("suggested", private=True)
async def suggested(ctx: Ctx, prompt: str, points: str = "") -> Response:
    """Take the form of a suggestion."""
    placed = await ctx.services.reports.suggest(ctx.actor, ctx.chat, prompt, points)
    return Reply(cards.thanks(ReportKind.SUGGESTION, placed=placed))


@registry.command("reports place", role=Role.MODERATOR, private=True)
async def place(ctx: Ctx, channel: Channel = "") -> Response:
    """Have reports and suggestions come here, or to a channel you pick."""
    thread = channel or ctx.here.ref.thread
    await ctx.services.reports.place(ctx.actor, ctx.chat, thread)
    return Reply(cards.placed())


@registry.command("reports show", role=Role.MODERATOR, private=True)
async def show(ctx: Ctx) -> Response:
    """See what waits for the moderators."""
    found, total = await ctx.services.reports.waiting(ctx.actor, ctx.chat, SHOWN)
    return Reply(cards.waiting(found, total))


@registry.action("ropen", private=True)
async def opened(ctx: Ctx, report_id: int) -> Response:
    """Show one of what waits."""
    return Reply(cards.told(await ctx.services.reports.get(ctx.actor, ctx.chat, report_id)))


@registry.action("rsee", private=True)
async def see(ctx: Ctx, report_id: int) -> Response:
    """Show the question that was reported, with its key points."""
    told = await ctx.services.reports.get(ctx.actor, ctx.chat, report_id)
    if told.question is None:
        raise Conflict("That is about no question.")
    return Reply(bank.shown(told.question, ctx.services.questions.topic_titles()))


@registry.action("rdone")
async def done(ctx: Ctx, report_id: int) -> Response:
    """Note that it is dealt with."""
    closed = await ctx.services.reports.close(ctx.actor, ctx.chat, report_id)
    return Reply(cards.closed(closed, ctx.actor.name), edit=True)


@registry.action("rmake", private=True)
async def make(ctx: Ctx, report_id: int) -> Response:
    """Open the form of a question with what was suggested."""
    draft = await ctx.services.reports.draft(ctx.actor, ctx.chat, report_id)
    titles = ctx.services.questions.topic_titles()
    return bank.form(pack("rmade", report_id), titles, draft, title="Make it a question")


@registry.action("rmade", private=True)
async def made(
    ctx: Ctx, report_id: int, prompt: str, topic: str, points: str, answer: str, wrong: str = ""
) -> Response:
    """Take the form: the question is asked from now on, and the suggestion dealt with."""
    draft = Draft(prompt, topic, points, answer, wrong)
    stored = await ctx.services.questions.add(ctx.actor, ctx.chat, draft, DIFFICULTY)
    with suppress(Conflict, NotFound):  # what was written is kept, whoever was quicker
        await ctx.services.reports.close(ctx.actor, ctx.chat, report_id)
    return Reply(bank.kept(stored, ctx.services.questions.topic_titles(), edited=False))
