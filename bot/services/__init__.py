"""Use cases. Each opens one unit of work, returns frozen results and raises UserError.

No cards and no platform here: how a result reads is bot.cards' business.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.context import Context, Request
from bot.clock import Clock
from bot.critics.base import Critic, Listener, SecondCritic
from bot.services.accounts import Accounts
from bot.services.agenda import AgendaBook
from bot.services.appeals import Appeals
from bot.services.broadcasts import Broadcasts
from bot.services.dialogs import KeptDialogs
from bot.services.dues import Dues
from bot.services.inbox import Inbox
from bot.services.judging import Judge
from bot.services.leaderboards import Leaderboards
from bot.services.opinions import Budgets, Opinions
from bot.services.outbox import Outbox
from bot.services.places import Places
from bot.services.practice import Practice
from bot.services.questions import QuestionBank
from bot.services.reports import ReportBox
from bot.services.streaks import Streaks
from bot.services.subscriptions import SubscriptionBook
from bot.services.tallies import Tallies
from bot.services.transcripts import Transcripts
from bot.services.twins import Twins
from bot.services.wrapups import WrapUps
from bot.store.uow import Database

NO_BUDGETS = Budgets(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Services:
    """All use cases, as commands and workers get them."""

    clock: Clock
    accounts: Accounts
    agenda: AgendaBook
    appeals: Appeals
    broadcasts: Broadcasts
    dialogs: KeptDialogs
    dues: Dues
    inbox: Inbox
    judge: Judge
    leaderboards: Leaderboards
    opinions: Opinions
    outbox: Outbox
    places: Places
    practice: Practice
    questions: QuestionBank
    reports: ReportBox
    streaks: Streaks
    subscriptions: SubscriptionBook
    tallies: Tallies
    transcripts: Transcripts
    twins: Twins
    wrap_ups: WrapUps

    async def resolve(self, request: Request) -> Context[Services]:
        """Return who asks and where, made known on first contact."""
        actor, chat, here = await self.accounts.resolve(request)
        return Context(
            actor,
            chat,
            here,
            self,
            request.key,
            request.about,
            request.at,
            request.sender.language,
            quoted=request.quoted,
        )


def build(
    database: Database,
    clock: Clock,
    critic: Critic,
    *,
    grace_s: float,
    lease_s: float,
    operators: frozenset[str] = frozenset(),
    second: SecondCritic | None = None,
    listener: Listener | None = None,
    budgets: Budgets = NO_BUDGETS,
) -> Services:
    """Return the use cases on a database.

    Args:
        database: Where everything is kept.
        clock: What time it is.
        critic: Who judges answers at once.
        grace_s: How late a scheduled question may be and still be sent.
        lease_s: How long a sender may take.
        operators: Who runs this, as "telegram:7000000001".
        second: Who is asked for a second opinion; None: nobody.
        listener: Who writes down what is spoken; None: nobody.
        budgets: What these may take.
    """
    provider = listener.provider if listener is not None else ""
    opinions = Opinions(database, clock, second, budgets, provider)
    judge = Judge(database, clock, critic, opinions)
    return Services(
        clock=clock,
        accounts=Accounts(database, clock, operators),
        agenda=AgendaBook(database, clock),
        appeals=Appeals(database, clock),
        broadcasts=Broadcasts(database, clock),
        dialogs=KeptDialogs(database, clock),
        dues=Dues(database, clock, grace_s=grace_s),
        inbox=Inbox(database, clock),
        judge=judge,
        leaderboards=Leaderboards(database, clock),
        opinions=opinions,
        outbox=Outbox(database, clock, lease_s=lease_s, grace_s=grace_s),
        places=Places(database, clock),
        practice=Practice(database, clock, judge),
        questions=QuestionBank(database, clock),
        reports=ReportBox(database, clock),
        streaks=Streaks(database, clock),
        subscriptions=SubscriptionBook(database, clock),
        tallies=Tallies(database),
        transcripts=Transcripts(database, clock, listener, opinions),
        twins=Twins(database, clock),
        wrap_ups=WrapUps(database, clock),
    )
