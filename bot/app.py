"""The composition root: settings become a running program. The only place that knows everything."""

from __future__ import annotations

import asyncio
import zoneinfo
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot import bundled, commands, services
from bot.cards import errors
from bot.cards.streak import toolbar
from bot.chat.adapter import Adapter
from bot.chat.command import Registry
from bot.chat.context import Request
from bot.chat.dispatch import Dispatcher, Failures
from bot.clock import Clock
from bot.critics.keypoints import KeypointsCritic
from bot.services import Services
from bot.settings import Settings
from bot.store.migrate import place, prepare
from bot.store.uow import Database, explain
from bot.workers.scheduler import Scheduler
from bot.workers.sender import Sender

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """A program that is ready to serve."""

    services: Services
    registry: Registry
    dispatch: Dispatcher

    async def next_due(self) -> datetime | None:
        """Return the next instant at which there is something to do by itself."""
        due = await self.services.dues.next_due_at()
        ready = await self.services.outbox.next_open_at()
        return min((each for each in (due, ready) if each is not None), default=None)

    async def status(self, request: Request) -> str:
        """Return a person's streak and what is due, in one line."""
        context = await self.services.resolve(request)
        return toolbar(await self.services.streaks.figures(context.actor, context.chat))

    def sender(self, *adapters: Adapter) -> Sender:
        """Return what sends to these platforms."""
        return Sender(self.services, {adapter.name: adapter for adapter in adapters})


@asynccontextmanager
async def start(settings: Settings, clock: Clock) -> AsyncIterator[App]:
    """Open the database, bring schema and bank up to date, and finish what a crash left.

    Raises:
        Unavailable: The database cannot be used.
        BankFaults: The question bank has faults.
    """
    # The pinned rules, not whatever the machine has: both sides of a schedule must agree on them.
    zoneinfo.reset_tzpath(to=())
    database = Database(settings.database_url)
    try:
        await prepare(database)
        try:
            app = _compose(database, clock, settings)
            await _catch_up(app, database, settings)
        except OSError as error:
            raise explain(error, place(database)) from error
        yield app
    finally:
        await database.close()


async def serve(app: App, sender: Sender, *adapters: Adapter) -> None:
    """Run platforms, and the workers beside them, until the platforms end or it is cancelled."""
    async with asyncio.TaskGroup() as group:
        running = [
            group.create_task(adapter.run(app.dispatch), name=adapter.name) for adapter in adapters
        ]
        beating = group.create_task(Scheduler(sender).run(), name="scheduler")
        try:
            await asyncio.wait(running)
        finally:
            # First who sends, then what is sent with: a send that is cut off may arrive twice.
            beating.cancel()
            await asyncio.wait({beating})


def _compose(database: Database, clock: Clock, settings: Settings) -> App:
    built = services.build(
        database,
        clock,
        KeypointsCritic(),
        grace_s=settings.delivery.grace_s,
        lease_s=settings.delivery.lease_s,
    )
    registry = commands.registry()
    failures = Failures(errors.user_error, errors.incident)
    return App(built, registry, Dispatcher(registry, built.resolve, built.dialogs, failures))


async def _catch_up(app: App, database: Database, settings: Settings) -> None:
    folder = settings.bank.folder or bundled.questions_folder()
    imported = await app.services.questions.import_bank(folder)
    due = await app.services.dues.refresh()
    judged = await app.services.judge.recover()
    await app.services.inbox.sweep()
    await app.services.places.sweep()
    # One process is the rule on SQLite, so whatever is leased was leased by a process that died.
    released = await app.services.outbox.release() if database.is_sqlite else 0
    log.info(
        "ready",
        database=database.url.get_backend_name(),
        questions_added=imported.added,
        questions_revised=imported.revised,
        questions_retired=imported.retired,
        due_times_changed=due,
        answers_judged=judged,
        leases_released=released,
    )
