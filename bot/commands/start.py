"""The first words, in private and in groups: three taps to the first question."""

from __future__ import annotations

from bot.cards import onboarding as cards
from bot.cards import question as questions
from bot.cards.help import help_card, welcome
from bot.cards.streak import streak_line
from bot.chat.command import Registry
from bot.chat.context import Role
from bot.chat.view import Reply, Response
from bot.commands import Ctx
from bot.commands import registry as everything
from bot.domain.cadence import EVERY_DAY, Cadence
from bot.domain.nearby import REGIONS, likely
from bot.domain.when import parse_time
from bot.errors import Conflict
from bot.services.practice import Served

registry = Registry()


@registry.command("start", private=True, by_link=True)
async def start(ctx: Ctx) -> Response:
    """Say hello and get going."""
    user = await ctx.services.accounts.get(ctx.actor)
    if ctx.chat.is_group:
        shown = await ctx.services.subscriptions.show(ctx.chat)
        moderator = ctx.actor.role >= Role.MODERATOR
        return Reply(welcome(moderator=moderator, schedule=shown, zone=user.zone))
    if not user.zone_chosen:
        return await _where(ctx, edit=False)
    figures = await ctx.services.streaks.figures(ctx.actor, ctx.chat)
    schedule = await ctx.services.subscriptions.show(ctx.chat)
    return Reply(cards.again(streak_line(figures.now), schedule, open_question=figures.open))


@registry.command("help", private=True, by_link=True)
async def help_(ctx: Ctx) -> Response:
    """See what I can do."""
    return Reply(help_card(everything().commands.values(), ctx.actor.may))


@registry.action("hello")
async def hello(ctx: Ctx) -> Response:
    """Introduce ourselves to a group that lets us in, with the one command it needs."""
    return Reply(welcome(moderator=True))


@registry.action("join", private=True, by_link=True)
async def join(ctx: Ctx) -> Response:
    """Tell somebody in private what a group does, and ask what it is asked.

    They are known in the group by having asked.
    """
    if not ctx.chat.is_group:
        return await start(ctx)
    waiting = await ctx.services.practice.waiting(ctx.actor, ctx.chat)
    schedule = await ctx.services.subscriptions.show(ctx.chat)
    if waiting is None or not waiting.group:
        return Reply(cards.joined(ctx.chat.title, schedule))
    note = cards.joined_to(ctx.chat.title, schedule)
    titles = ctx.services.questions.topic_titles()
    return Reply(questions.question(waiting, titles, note=note))


@registry.action("where", private=True)
async def where(ctx: Ctx) -> Response:
    """Ask where somebody is."""
    return await _where(ctx, edit=True)


@registry.action("region", private=True)
async def region(ctx: Ctx, key: str) -> Response:
    """Show a region's cities."""
    if key not in REGIONS:
        raise Conflict("That button is from an older version.", "/start shows what there is now.")
    return Reply(cards.region(key, ctx.services.clock.now()), edit=True)


@registry.action("askcity", private=True)
async def ask_city(ctx: Ctx) -> Response:
    """Ask for a city."""
    return cards.ask_city()


@registry.action("zone", private=True)
async def zone(ctx: Ctx, zone: str) -> Response:
    """Take a zone, and ask for the time."""
    return await _when(ctx, zone, edit=True)


@registry.action("city", private=True)
async def city(ctx: Ctx, zone: str) -> Response:
    """Take a zone that was typed, and ask for the time."""
    return await _when(ctx, zone, edit=False)


@registry.action("when", private=True)
async def when(ctx: Ctx) -> Response:
    """Ask for the time."""
    user = await ctx.services.accounts.get(ctx.actor)
    if not user.zone_chosen:
        return await _where(ctx, edit=False)
    return Reply(cards.when(user.zone, ctx.services.clock.now()))


@registry.action("asktime", private=True)
async def ask_time(ctx: Ctx) -> Response:
    """Ask for a time of the person's own."""
    return cards.ask_time()


@registry.action("hour", private=True)
async def hour(ctx: Ctx, minute: str) -> Response:
    """Take the time, and ask about what; without a daily question ask the first one."""
    if minute == cards.NEVER:
        schedule = await ctx.services.subscriptions.show(ctx.chat)
        served = await ctx.services.practice.serve(ctx.actor, ctx.chat)
        return _ask(ctx, served, cards.without(schedule, still_open=served.again))
    return await _topics(ctx, minute, edit=True)


@registry.action("attime", private=True)
async def at_time(ctx: Ctx, time: str) -> Response:
    """Take a time that was typed, and ask about what."""
    at = parse_time(time)
    return await _topics(ctx, f"{'~' if at.around else ''}{at.minute}", edit=False)


@registry.action("about", private=True)
async def about(ctx: Ctx, minute: str, topic: str) -> Response:
    """Save it all, and ask the first question at once."""
    cadence = await _cadence(ctx, minute)
    slug = "" if topic == cards.ANY else await ctx.services.questions.topic_like(ctx.chat, topic)
    user = await ctx.services.accounts.get(ctx.actor)
    if not user.zone_chosen:
        return await _where(ctx, edit=False)
    # The question first: where there is none, it says so, and nothing has been saved.
    served = await ctx.services.practice.serve(ctx.actor, ctx.chat, slug or None)
    saved = await ctx.services.subscriptions.save(
        ctx.actor, ctx.chat, cadence, user.zone, topic=slug
    )
    now = ctx.services.clock.now()
    return _ask(ctx, served, cards.begins(saved, now, still_open=served.again))


async def _where(ctx: Ctx, *, edit: bool) -> Response:
    user = await ctx.services.accounts.get(ctx.actor)
    zones = likely(ctx.language, user.zone)
    return Reply(cards.where(zones, ctx.services.clock.now()), edit=edit)


async def _when(ctx: Ctx, zone: str, *, edit: bool) -> Response:
    user = await ctx.services.accounts.change(ctx.actor, zone=zone, day_starts="", board="")
    return Reply(cards.when(user.zone, ctx.services.clock.now()), edit=edit)


async def _topics(ctx: Ctx, minute: str, *, edit: bool) -> Response:
    chosen = cards.chosen_time(await _cadence(ctx, minute))
    if not (await ctx.services.accounts.get(ctx.actor)).zone_chosen:
        return await _where(ctx, edit=edit)
    found = await ctx.services.questions.topics(ctx.chat)
    pairs = [(each.slug, each.title) for each in found]
    return Reply(cards.topics(minute, pairs, chosen), edit=edit)


def _ask(ctx: Ctx, served: Served, note: str) -> Response:
    titles = ctx.services.questions.topic_titles()
    return Reply(questions.question(served.view, titles, note=note))


async def _cadence(ctx: Ctx, minute: str) -> Cadence:
    """Return the cadence that a button carries: daily, or on the days that were chosen before.

    Raises:
        Conflict: It is a button that nobody was shown.
    """
    before = await ctx.services.subscriptions.show(ctx.chat)
    days = before.cadence.days if before is not None else EVERY_DAY
    try:
        return Cadence(int(minute.lstrip("~")), days, minute.startswith("~"))
    except ValueError:
        raise Conflict("That button cannot be read.", "/start begins again.") from None
