"""Takes a request to its command and back: permission, conversion, errors, and one log line.

This is the only place that catches what a command raises.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import structlog

from bot.chat.action import pack
from bot.chat.command import RUN, Command, Registry, bind
from bot.chat.context import (
    Called,
    Context,
    Pressed,
    Request,
    Role,
    Said,
    Spoken,
    Submitted,
)
from bot.chat.dialog import (
    PICK,
    REFILL,
    STEP,
    Dialog,
    Filled,
    Refused,
    advance,
    ask,
    back,
    form_of,
    picked,
    refilled,
    reply_of,
    start,
)
from bot.chat.markup import storable
from bot.chat.parse import is_command, parse
from bot.chat.route import Route, bind_action, form_for, give, kept, say, show, stale, unpack_wire
from bot.chat.view import Button, Card, Form, Reply, Response, Style
from bot.errors import (
    Away,
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    TooSoon,
    Unavailable,
    UserError,
)

log = structlog.get_logger("bot.request")


class Dialogs(Protocol):
    """Keeps at most one dialog for a person in a chat, across restarts."""

    async def get(self, chat_id: int, user_id: int) -> Dialog | None:
        """Return the dialog on its way, unless it has expired."""
        ...

    async def put(self, chat_id: int, user_id: int, dialog: Dialog) -> None:
        """Keep it, in place of any other."""
        ...

    async def drop(self, chat_id: int, user_id: int) -> bool:
        """Forget it; return whether there was one."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to show, to whom, and how it went.

    Attributes:
        response: A card, or a form (only where the platform has native ones).
        private: Whether only the sender may see it.
        error: Name of the error that it tells of; empty when all went well.
        chat: Our id of the chat that it concerns; 0 if that is not known.
    """

    response: Response
    private: bool
    error: str = ""
    chat: int = 0


@dataclass(frozen=True, slots=True)
class Failures:
    """How errors read; handed in, because words are not the kernel's."""

    user: Callable[[UserError], Card]
    incident: Callable[[str], Card]


PATIENCE_S = 10.0
FIRST_AGAIN_S = 0.2
"""Seconds for which a request is tried again while the database does not answer, and until the
first time; a failover of PostgreSQL takes a few."""

Resolve = Callable[[Request], Awaitable[Context[Any]]]


class _Again(Exception):
    """A form went back to a step, because of a value that only its submission could refuse."""

    def __init__(self, card: Card, *, private: bool) -> None:
        """Keep the card that asks for the value again, and who may see it."""
        super().__init__()
        self.card = card
        self.private = private


@dataclass(slots=True)
class _Way:
    """How far a request has come: what it is called in the log, who may see the answer."""

    label: str
    private: bool = True
    ctx: Context[Any] | None = None


class Dispatcher:
    """Answers requests."""

    def __init__(
        self, registry: Registry, resolve: Resolve, dialogs: Dialogs, failures: Failures
    ) -> None:
        self._registry = registry
        self._resolve = resolve
        self._dialogs = dialogs
        self._failures = failures

    async def __call__(self, request: Request) -> Outcome:
        """Return what to show for `request`; raises nothing but cancellation."""
        started = time.perf_counter()
        way = _Way(type(request.event).__name__.lower())
        response: Response
        error = ""
        try:
            response = await self._answer_patiently(request, way)
        except _Again as again:
            error, way.private, response = Invalid.__name__, again.private, Reply(again.card)
        except UserError as failure:
            error, way.private = type(failure).__name__, True
            response = Reply(self._failures.user(failure))
            if isinstance(failure, (Conflict, Invalid, TooSoon, Unavailable)):
                response = await self._offer_again(response, request, way.ctx)
        except Exception:  # the last fence: a person always gets an answer, we always get a trace
            error, way.private = secrets.token_hex(3).upper(), True
            log.exception("incident", ref=error, request=way.label)
            response = Reply(self._failures.incident(error))
            response = await self._offer_again(response, request, way.ctx)
        ids = {} if way.ctx is None else {"user": way.ctx.actor.user_id, "chat": way.ctx.chat.id}
        log.info(
            "request",
            request=way.label,
            platform=request.place.ref.platform,
            **ids,
            outcome=error or "ok",
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return Outcome(response, way.private, error, ids.get("chat", 0))

    async def _answer_patiently(self, request: Request, way: _Way) -> Response:
        """Answer, and again while the database is out of reach: it may be back in a moment.

        What was done before it went is done once: a deed is recognised by its request's key.
        """
        wait, until = FIRST_AGAIN_S, time.perf_counter() + PATIENCE_S
        while True:
            try:
                return await self._answer(request, way)
            except Away:
                if time.perf_counter() + wait > until:
                    raise
                log.warning("database out of reach", request=way.label, again_s=wait)
            await asyncio.sleep(wait)
            wait *= 2

    async def _answer(self, request: Request, way: _Way) -> Response:
        ctx = way.ctx = await self._resolve(request)
        route = await self._route(request, ctx)
        way.label, way.private = route.label, route.private
        response = await route.run(replace(ctx, private=way.private))
        if isinstance(response, Form):
            response = await self._begin(response, request, ctx, private=way.private)
        return response

    async def _begin(
        self, form: Form, request: Request, ctx: Context[Any], *, private: bool
    ) -> Response:
        """Keep a form as steps, in the chat where they will be seen; return the first.

        A platform's own form is shown as it is. One of several inputs is kept too, because it
        cannot be made again from what is sent in.
        """
        own = _own(request)
        if request.native_forms:
            if len(form.inputs) > 1:
                dialog = replace(start(form), native=True, id=own)
                await self._dialogs.put(ctx.here.id, ctx.actor.user_id, dialog)
            return form
        here = ctx.here
        if private and request.aside is not None:
            alone = replace(request, place=request.aside, here=None, aside=None)
            here = (await self._resolve(alone)).chat
        elsewhere = ctx.chat.id if here.id != ctx.chat.id else 0
        dialog = replace(start(form), chat=elsewhere, private=private, id=own)
        await self._dialogs.put(here.id, ctx.actor.user_id, dialog)
        return Reply(ask(dialog))

    async def _offer_again(
        self, refusal: Reply, request: Request, ctx: Context[Any] | None
    ) -> Reply:
        """Return a refusal of a native form with a way back to what was typed into it."""
        event = request.event
        if ctx is None or not request.native_forms or not isinstance(event, Submitted):
            return refusal
        chat_id, user_id = ctx.here.id, ctx.actor.user_id
        try:
            shown = await self._dialogs.get(chat_id, user_id)
            kept_ = refilled(shown, event.action, kept(event.values), _own(request))
            await self._dialogs.put(chat_id, user_id, kept_)
        except Exception:  # the refusal itself must reach the person
            log.exception("form not kept")
            return refusal
        button = Button("Open the form again", pack(REFILL, kept_.id), Style.PRIMARY)
        return Reply(replace(refusal.card, rows=(*refusal.card.rows, (button,))))

    async def _route(self, request: Request, ctx: Context[Any]) -> Route:
        match request.event:
            case Said(text):
                return await self._route_text(storable(text), ctx)
            case Spoken() as spoken:
                if (heard := self._registry.on_voice) is None:
                    raise NotFound("There is nothing to say here.", "/help lists all commands.")
                return Route("voice", True, lambda ctx: heard(ctx, spoken))
            case Called(name, args):
                if (command := self._registry.commands.get(name)) is None:
                    raise NotFound(f"There is no command /{name}.", "/help lists all commands.")
                return self._route_command(command, kept(args), ctx)
            case Pressed(wire):
                if wire.startswith(f"{PICK}:"):
                    return await self._route_pick(wire, ctx)
                if wire.startswith(f"{REFILL}:"):
                    return await self._route_refill(wire, ctx)
                return self._route_action(wire, {}, ctx)
            case Submitted(wire, values):
                return self._route_action(wire, kept(values), ctx)

    async def _route_text(self, text: str, ctx: Context[Any]) -> Route:
        chat_id, user_id = ctx.here.id, ctx.actor.user_id
        if re.fullmatch(r"/cancel(@\w+)?", text.strip(), re.IGNORECASE):
            if not await self._dialogs.drop(chat_id, user_id):
                raise Conflict("There is nothing to cancel.")
            return Route("cancel", True, say("Cancelled", "Nothing was saved."))
        if is_command(text):
            line = parse(self._registry, text)
            return self._route_command(line.command, line.values, ctx)
        to_step = ctx.about.startswith(f"{STEP}:")
        if ctx.about and not to_step:
            return self._route_action(ctx.about, {"text": text}, ctx)
        dialog = await self._dialogs.get(chat_id, user_id)
        if to_step and (dialog is None or ctx.about != reply_of(dialog)):
            raise Conflict("That form is over, or further on.", "Nothing of it was changed.")
        if dialog is not None and not dialog.native:
            return await self._route_step(dialog, text, ctx)
        if (handler := self._registry.on_text) is None:
            raise NotFound("There is nothing to answer here.", "/help lists all commands.")
        return Route("text", True, lambda ctx: handler(ctx, text))

    async def _route_pick(self, wire: str, ctx: Context[Any]) -> Route:
        _, args = unpack_wire(wire)
        dialog = await self._dialogs.get(ctx.here.id, ctx.actor.user_id)
        value = picked(dialog, *args) if dialog is not None and len(args) == 3 else None
        if dialog is None or value is None:
            raise Conflict("That form has moved on, or was not yours.", "Nothing was changed.")
        return await self._route_step(dialog, value, ctx)

    async def _route_refill(self, wire: str, ctx: Context[Any]) -> Route:
        _, args = unpack_wire(wire)
        dialog = await self._dialogs.get(ctx.here.id, ctx.actor.user_id)
        if dialog is None or not dialog.native or args != (dialog.id,):
            raise Conflict("That form is over, or was not yours.", "Start it anew.")
        return Route(REFILL, True, give(form_of(dialog)))

    async def _route_step(self, dialog: Dialog, text: str, ctx: Context[Any]) -> Route:
        if dialog.chat not in (0, ctx.chat.id):
            await self._dialogs.drop(ctx.here.id, ctx.actor.user_id)
            raise Conflict("That form was for another chat.", "Nothing was saved; start it anew.")
        match advance(dialog, text):
            case Refused(same, reason):
                return Route("step", dialog.private, show(ask(same, reason)))
            case Filled() as filled:
                return await self._route_filled(dialog, filled, ctx)
            case Dialog() as onward:
                await self._dialogs.put(ctx.here.id, ctx.actor.user_id, onward)
                return Route("step", dialog.private, show(ask(onward)))

    async def _route_filled(self, dialog: Dialog, filled: Filled, ctx: Context[Any]) -> Route:
        try:
            route = self._route_action(filled.submit, filled.values, ctx)
        except UserError as error:
            await self._settle(dialog, filled, ctx, error)
            raise

        async def submit(ctx: Context[Any]) -> Response:
            # Dropped only after the values are in: a crash in between repeats the step,
            # and what was submitted already is recognised as the same.
            try:
                response = await route.run(ctx)
            except UserError as error:
                await self._settle(dialog, filled, ctx, error)
                raise
            await self._dialogs.drop(ctx.here.id, ctx.actor.user_id)
            return response

        return replace(route, run=submit)

    async def _settle(
        self, dialog: Dialog, filled: Filled, ctx: Context[Any], error: UserError
    ) -> None:
        """Decide what becomes of a form that was refused: else it would swallow all that follows.

        Raises:
            _Again: A value is wrong, so it is asked for again.
        """
        chat_id, user_id = ctx.here.id, ctx.actor.user_id
        if isinstance(error, Invalid):
            again = back(dialog, filled, error.field)
            await self._dialogs.put(chat_id, user_id, again)
            card = ask(again, f"{error.message} {error.hint}".strip())
            raise _Again(card, private=dialog.private) from error
        if not isinstance(error, (TooSoon, Unavailable)):  # those two may be tried again as it is
            await self._dialogs.drop(chat_id, user_id)

    def _route_command(self, command: Command, values: dict[str, str], ctx: Context[Any]) -> Route:
        if not ctx.actor.may(command.role):
            if command.role is Role.OPERATOR:
                raise NotAllowed(
                    f"/{command.name} is for whoever runs this bot.",
                    "They name themselves in its setting DRILLMATE_OPERATORS.",
                )
            raise NotAllowed(
                f"/{command.name} is for moderators of this group.",
                "Ask one of them, or use it in a group that you moderate.",
            )
        keywords = bind(command.parameters, {name: v for name, v in values.items() if v})
        if missing := command.missing(values):
            form = form_for(command, missing, values)
            return Route(command.name, command.private, give(form))
        return Route(command.name, command.private, lambda ctx: command.handler(ctx, **keywords))

    def _route_action(self, wire: str, values: dict[str, str], ctx: Context[Any]) -> Route:
        name, args = unpack_wire(wire)
        if name == RUN:
            command = self._registry.commands.get(args[0].replace("_", " ")) if args else None
            if command is None:
                raise stale()
            names = [parameter.name for parameter in command.parameters]
            if len(args) - 1 > len(names):  # it was made for values that the command once took
                raise stale()
            return self._route_command(
                command, dict(zip(names, args[1:], strict=False)) | values, ctx
            )
        action = self._registry.actions.get(name)
        if action is None:
            raise stale()
        keywords = bind_action(action, args, values)
        return Route(name, action.private, lambda ctx: action.handler(ctx, **keywords))


def _own(request: Request) -> str:
    """Return the id of the form that a request opens."""
    return hashlib.sha256(request.key.encode()).hexdigest()[:6]
