"""The composition root: settings become a running program. The only place that knows everything."""

from __future__ import annotations

import asyncio
import zoneinfo
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import SecretStr

from bot import bundled, commands, services
from bot.cards import errors
from bot.cards.streak import toolbar
from bot.chat.adapter import Adapter
from bot.chat.command import Registry
from bot.chat.context import Request
from bot.chat.dispatch import Dispatcher, Failures
from bot.clock import Clock
from bot.critics.base import Listener, SecondCritic
from bot.critics.keypoints import KeypointsCritic
from bot.errors import Unavailable
from bot.health import Heartbeat
from bot.services import Services
from bot.services.opinions import Budgets
from bot.settings import Settings
from bot.store.lock import ProcessLock
from bot.store.migrate import place, prepare
from bot.store.uow import Database, explain
from bot.workers.jobs import engine
from bot.workers.leadership import Leadership
from bot.workers.progress import Watch, watch
from bot.workers.scheduler import Scheduler
from bot.workers.sender import Sender

log = structlog.get_logger(__name__)

BEAT_S = 5.0
"""Seconds between two signs of life."""


@dataclass(frozen=True, slots=True)
class App:
    """A program that is ready to serve."""

    services: Services
    registry: Registry
    dispatch: Dispatcher
    database: Database
    settings: Settings

    async def next_due(self) -> datetime | None:
        """Return the next instant at which there is something to do by itself."""
        due = await self.services.dues.next_due_at()
        ready = await self.services.outbox.next_open_at()
        return min((each for each in (due, ready) if each is not None), default=None)

    def leadership(self, platform: str) -> Leadership:
        """Return what decides whether this process sends for the bot on a platform."""
        token: SecretStr = getattr(self.settings, platform).token
        lock = ProcessLock(self.database, f"sender {platform} {token.get_secret_value()}")

        async def begins() -> None:
            # What the one before us had taken and not sent: it has stopped, so it is free.
            released = await self.services.outbox.release(frozenset({platform}))
            log.info("leases released", platform=platform, count=released)

        return Leadership(platform, lock, begins)

    async def status(self, request: Request) -> str:
        """Return a person's streak and what is due, in one line."""
        context = await self.services.resolve(request)
        return toolbar(await self.services.streaks.figures(context.actor, context.chat))

    def sender(self, *adapters: Adapter) -> Sender:
        """Return what sends to these platforms."""
        return Sender(self.services, *adapters)


@asynccontextmanager
async def start(
    settings: Settings,
    clock: Clock,
    second: SecondCritic | None = None,
    listener: Listener | None = None,
) -> AsyncIterator[App]:
    """Open the database, bring schema and bank up to date, and finish what a crash left.

    Args:
        settings: All settings.
        clock: What time it is.
        second: Who is asked for second opinions; None: whoever the settings name.
        listener: Who writes down what is spoken; None: whoever the settings name.

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
            second, listener = second or _second(settings), listener or _listener(settings)
            app = _compose(database, clock, settings, second, listener)
            await _catch_up(app, database, settings)
        except OSError as error:
            raise explain(error, place(database)) from error
        with _metrics(settings.metrics.listen):
            yield app
    finally:
        if second is not None:
            await second.close()
        if listener is not None:
            await listener.close()
        await database.close()


async def serve(app: App, sender: Sender, *adapters: Adapter) -> None:
    """Do what this process' role says, until the platforms end or it is cancelled.

    Those who listen and those who only send run their platforms; who sends runs the scheduler, on
    PostgreSQL for as long as no other process does; whoever works runs slow jobs.
    """
    role = app.settings.role
    async with asyncio.TaskGroup() as group:
        beside = [group.create_task(_beat(app), name="heartbeat")]
        if role in ("all", "worker"):
            beside.append(group.create_task(engine(app.database, app.services).run(), name="jobs"))
        running = [
            group.create_task(
                adapter.run_sending() if role == "sender" else adapter.run(app.dispatch),
                name=adapter.name,
            )
            for adapter in adapters
            if role != "worker"
        ]
        sending = []
        if role in ("all", "sender"):
            beside += _lead(app, sender, adapters, group)
            sending = [group.create_task(Scheduler(sender).run(), name="scheduler")]
        try:
            await asyncio.wait(running or beside)
        finally:
            # First who sends, then what is sent with: a send that is cut off may arrive twice. And
            # while something is being sent, no other process may begin.
            for tasks in (sending, beside):
                for task in tasks:
                    # Not twice: a connection that is being closed would be closed under itself, and
                    # its driver waits for ever then.
                    if not task.cancelling():
                        task.cancel()
                if tasks:
                    await asyncio.wait(tasks)


def _lead(
    app: App, sender: Sender, adapters: Sequence[Adapter], group: asyncio.TaskGroup
) -> list[asyncio.Task[None]]:
    """Strive to be the one that sends, and say how that goes."""
    beside = []
    if not app.database.is_sqlite:
        leading = {each.name: app.leadership(each.name) for each in adapters}
        sender.leads = lambda platform: leading[platform].leads()
        beside = [group.create_task(each.run(), name="leadership") for each in leading.values()]
    watches = [
        (sender.deliveries[each.name], Watch(app.services, each, sender.deliveries[each.name]))
        for each in adapters
    ]
    return [*beside, group.create_task(watch(watches), name="progress")]


async def _beat(app: App) -> None:
    """Show that this process lives: a loop that hangs does not."""
    heartbeat = Heartbeat(app.settings.health.file, app.settings.role)
    while True:
        heartbeat.beat(app.services.clock.now())
        await asyncio.sleep(BEAT_S)


@contextmanager
def _metrics(listen: str) -> Iterator[None]:
    """Show the metrics at an address while inside.

    Raises:
        Unavailable: The address is taken or not ours.
    """
    if not listen:
        yield
        return
    from prometheus_client import start_http_server

    host, _, port = listen.rpartition(":")
    try:
        server, thread = start_http_server(int(port), host.strip("[]"))
    except OSError as error:
        message = f"The metrics cannot be shown at {listen}: {error.strerror}."
        raise Unavailable(message, "Set DRILLMATE_METRICS__LISTEN to a free address.") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _second(settings: Settings) -> SecondCritic | None:
    """Return who is asked for second opinions, if the settings name somebody."""
    if not settings.llm.judges:
        return None
    from bot.critics.llm.critic import LlmCritic

    return LlmCritic(settings.llm)


def _listener(settings: Settings) -> Listener | None:
    """Return who writes down what is spoken, if the settings name somebody."""
    if not settings.llm.listens:
        return None
    from bot.critics.llm.voice import VoiceListener

    return VoiceListener(settings.llm)


def _compose(
    database: Database,
    clock: Clock,
    settings: Settings,
    second: SecondCritic | None,
    listener: Listener | None,
) -> App:
    built = services.build(
        database,
        clock,
        KeypointsCritic(),
        grace_s=settings.delivery.grace_s,
        lease_s=settings.delivery.lease_s,
        operators=settings.operator_ids,
        second=second,
        listener=listener,
        budgets=Budgets(
            settings.llm.tokens_a_person, settings.llm.tokens_a_chat, settings.llm.tokens_a_day
        ),
    )
    registry = commands.registry()
    failures = Failures(errors.user_error, errors.incident)
    dispatch = Dispatcher(registry, built.resolve, built.dialogs, failures)
    return App(built, registry, dispatch, database, settings)


async def _catch_up(app: App, database: Database, settings: Settings) -> None:
    folder = settings.bank.folder or bundled.questions_folder()
    imported = await app.services.questions.import_bank(folder)
    due = await app.services.dues.refresh()
    # What one that died left: on PostgreSQL it may still be at work elsewhere, and is judged once.
    judged = await app.services.judge.recover() if settings.role in ("all", "worker") else 0
    # There one process is the rule, so what is leased was leased by one that died.
    released = await app.services.outbox.release() if database.is_sqlite else 0
    log.info(
        "ready",
        role=settings.role,
        database=database.url.get_backend_name(),
        questions_added=imported.added,
        questions_revised=imported.revised,
        questions_retired=imported.retired,
        due_times_changed=due,
        answers_judged=judged,
        leases_released=released,
    )
