"""Getting a question, and everything one can do with it."""

from __future__ import annotations

from typing import Annotated

from bot.cards import question as cards
from bot.cards.onboarding import when
from bot.cards.result import result
from bot.cards.wrapup import shared, unshared
from bot.chat.action import pack, unpack
from bot.chat.command import Choice, Option, Registry
from bot.chat.view import Card, Form, Input, Reply, Response
from bot.commands import Ctx
from bot.domain.question import DIFFICULTIES
from bot.errors import Invalid, NotFound
from bot.services.practice import MAX_ANSWER
from bot.services.views import ServingView

registry = Registry()

LEVELS = tuple(Choice(word, str(number)) for number, word in DIFFICULTIES.items())


async def topics(ctx: Ctx, typed: str) -> list[Choice]:
    """Offer the topics that have questions."""
    wanted = typed.casefold()
    found = await ctx.services.questions.topics(ctx.chat)
    return [
        Choice(f"{topic.title} ({topic.count})", topic.slug)
        for topic in found
        if wanted in topic.slug or wanted in topic.title.casefold()
    ]


Topic = Annotated[str, Option("Draw from this topic", complete=topics)]
Difficulty = Annotated[int, Option("How hard", choices=LEVELS)]
Answer = Annotated[str, Option("Your answer, in your own words", rest=True)]


@registry.command("practice", private=True, by_link=True)
async def practice(ctx: Ctx, topic: Topic = "", difficulty: Difficulty = 0) -> Response:
    """Get a question now."""
    if topic:
        topic = await ctx.services.questions.topic_like(ctx.chat, topic)
    served = await ctx.services.practice.serve(
        ctx.actor, ctx.chat, topic or None, difficulty or None
    )
    return Reply(_question(ctx, served.view, again=served.again))


@registry.action("practice", private=True, by_link=True)
async def another(ctx: Ctx) -> Response:
    """Get a question by button."""
    served = await ctx.services.practice.serve(ctx.actor, ctx.chat)
    return Reply(_question(ctx, served.view, again=served.again))


@registry.action("ask", private=True)
async def ask(ctx: Ctx, slug: str) -> Response:
    """Get a certain question, as a follow-up."""
    return Reply(_question(ctx, await ctx.services.practice.serve_slug(ctx.actor, ctx.chat, slug)))


@registry.command("answer", private=True, by_link=True)
async def answer(ctx: Ctx, text: Answer = "") -> Response:
    """Answer the question that is open; only you see what is said of it."""
    served = await meant(ctx)
    return await _submit(ctx, served.serving.id, text) if text else _form(served)


@registry.text
async def typed(ctx: Ctx, text: str) -> Response:
    """Take plain text as the answer to what is open; from a newcomer, as where they are."""
    try:
        served = await meant(ctx)
    except NotFound:
        if ctx.chat.is_group or (await ctx.services.accounts.get(ctx.actor)).zone_chosen:
            raise
        return Reply(when(await _zone(ctx, text), ctx.services.clock.now()))
    return await _submit(ctx, served.serving.id, text)


@registry.action("answer", private=True, by_link=True)
async def answer_button(ctx: Ctx, serving_id: int) -> Response:
    """Ask for the answer."""
    return _form(await ctx.services.practice.get(ctx.actor, ctx.chat, serving_id))


@registry.action("submit", private=True)
async def submit(ctx: Ctx, serving_id: int, text: str) -> Response:
    """Take the form's answer."""
    return await _submit(ctx, serving_id, text)


@registry.command("hint", private=True)
async def hint(ctx: Ctx) -> Response:
    """Get a hint for the open question; each says more than the one before."""
    served = await meant(ctx)
    return await hint_button(ctx, served.serving.id)


@registry.action("hint", private=True)
async def hint_button(ctx: Ctx, serving_id: int) -> Response:
    """Show the next hint."""
    return Reply(cards.hint(await ctx.services.practice.hint(ctx.actor, ctx.chat, serving_id)))


@registry.action("hinted", private=True, by_link=True)
async def hinted(ctx: Ctx, serving_id: int, number: int) -> Response:
    """Show a hint that was taken before, once more."""
    given = await ctx.services.practice.hinted(ctx.actor, ctx.chat, serving_id, number)
    return Reply(cards.hint(given))


@registry.command("skip", private=True)
async def skip(ctx: Ctx) -> Response:
    """Let the open question pass; it costs nothing."""
    served = await meant(ctx)
    return await skip_button(ctx, served.serving.id)


@registry.action("skip", private=True)
async def skip_button(ctx: Ctx, serving_id: int) -> Response:
    """Let a question pass."""
    return Reply(cards.skipped(await ctx.services.practice.skip(ctx.actor, ctx.chat, serving_id)))


@registry.command("reveal", private=True, by_link=True)
async def reveal(ctx: Ctx) -> Response:
    """See the model answer; before you have answered, that forfeits the score."""
    served = await meant(ctx)
    return await reveal_button(ctx, served.serving.id)


@registry.action("reveal", private=True, by_link=True)
async def reveal_button(ctx: Ctx, serving_id: int) -> Response:
    """Show the model answer, after a warning if it costs the score."""
    if await ctx.services.practice.forfeits(ctx.actor, ctx.chat, serving_id):
        served = await ctx.services.practice.get(ctx.actor, ctx.chat, serving_id)
        return Reply(cards.ask_reveal(served))
    return await show(ctx, serving_id)


@registry.action("show", private=True)
async def show(ctx: Ctx, serving_id: int) -> Response:
    """Show the model answer, whatever it costs."""
    served = await ctx.services.practice.reveal(ctx.actor, ctx.chat, serving_id)
    return Reply(cards.model_answer(served))


@registry.action("followup", private=True, by_link=True)
async def follow_up(ctx: Ctx, serving_id: int) -> Response:
    """Show what an interviewer would ask next."""
    chosen = await ctx.services.practice.follow_ups(ctx.actor, ctx.chat, serving_id)
    return Reply(cards.follow_ups(chosen))


@registry.action("result", private=True, by_link=True)
async def again(ctx: Ctx, attempt_id: int) -> Response:
    """Show what became of an answer once more."""
    return Reply(result(await ctx.services.practice.result(ctx.actor, attempt_id)))


@registry.action("share", private=True)
async def share(ctx: Ctx, attempt_id: int) -> Response:
    """Let the group see an answer once its question is wrapped up."""
    return Reply(shared(await ctx.services.practice.share(ctx.actor, attempt_id, shared=True)))


@registry.action("unshare", private=True)
async def unshare(ctx: Ctx, attempt_id: int) -> Response:
    """Keep an answer to oneself after all."""
    return Reply(unshared(await ctx.services.practice.share(ctx.actor, attempt_id, shared=False)))


async def _zone(ctx: Ctx, text: str) -> str:
    """Return the zone that a newcomer has typed instead of pressing one.

    Raises:
        NotFound: It is neither a zone nor an answer to anything.
    """
    try:
        user = await ctx.services.accounts.change(ctx.actor, zone=text, day_starts="", board="")
    except Invalid:
        # Often just "hello", so it is not told what is wrong with it as a city.
        hint = "Say where you are, like Berlin, to begin; /practice gets you a question now."
        raise NotFound("No question is open here.", hint) from None
    return user.zone


async def meant(ctx: Ctx) -> ServingView:
    """Return the question that a person replies to, or else the one that is open."""
    name, args = unpack(ctx.about) if ctx.about else ("", ())
    if name == "submit" and args and args[0].isdecimal():
        return await ctx.services.practice.get(ctx.actor, ctx.chat, int(args[0]))
    return await ctx.services.practice.current(ctx.actor, ctx.chat, ctx.at)


async def _submit(ctx: Ctx, serving_id: int, text: str) -> Response:
    judged = await ctx.services.practice.submit(
        ctx.actor, ctx.chat, serving_id, text, ctx.key, ctx.at
    )
    return Reply(result(judged))


def _form(served: ServingView) -> Form:
    inputs = (
        Input(
            "text",
            "In your own words",
            multiline=True,
            max_length=MAX_ANSWER,
            about=served.question.prompt,
        ),
    )
    return Form("Your answer", pack("submit", served.serving.id), inputs)


def _question(ctx: Ctx, served: ServingView, *, again: bool = False) -> Card:
    return cards.question(served, ctx.services.questions.topic_titles(), again=again)
