"""The group's board: points over a window, read off totals that answers keep up to date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.chat.context import Actor, Chat
from bot.clock import Clock
from bot.domain.leaderboard import WINDOWS, Place, Window, rank, window
from bot.store.uow import Database, UnitOfWork

TOP = 10
"""Places a board shows; whoever asks sees their own below, if it is further down."""


@dataclass(frozen=True, slots=True)
class Board:
    """A board as somebody sees it.

    Attributes:
        name: The window's name ("week").
        top: The first places.
        mine: The asker's place, if they have one.
        ahead: Who stands directly before the asker, if anybody does.
        people: How many have points.
    """

    name: str
    window: Window
    top: tuple[Place, ...]
    mine: Place | None
    ahead: Place | None
    people: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's place in one of their groups."""

    title: str
    place: Place | None
    people: int


class Leaderboards:
    """Boards of groups."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def board(self, actor: Actor, chat: Chat, name: str) -> Board:
        """Return a group's board over a window.

        Raises:
            Invalid: There is no window of that name.
        """
        async with self._database.read() as unit:
            stored = await unit.chats.get(chat.id)
            today = self._clock.now().astimezone(ZoneInfo(stored.zone)).date()
            span = window(name, today)
            places = rank(await unit.boards.board(chat.id, span.key))
        at = next((n for n, p in enumerate(places) if p.user_id == actor.user_id), None)
        mine = None if at is None else places[at]
        better = [] if mine is None else [p for p in places if p.points > mine.points]
        ahead = better[-1] if better else None
        return Board(name, span, tuple(places[:TOP]), mine, ahead, len(places))

    async def standings(self, actor: Actor) -> list[Standing]:
        """Return a person's place this week in each of their groups."""
        found = []
        async with self._database.read() as unit:
            for group in await unit.chats.groups_of(actor.user_id):
                today = self._clock.now().astimezone(ZoneInfo(group.zone)).date()
                places = rank(await unit.boards.board(group.id, window("week", today).key))
                mine = next((p for p in places if p.user_id == actor.user_id), None)
                found.append(Standing(group.title, mine, len(places)))
        return found

    async def chats(self) -> list[int]:
        """Return the chats that have answers that score."""
        async with self._database.read() as unit:
            return await unit.boards.chats()

    async def differences(self, chat_id: int) -> list[str]:
        """Return in which periods totals and attempts disagree; they never should."""
        async with self._database.read() as unit:
            kept, true = await unit.boards.sums(chat_id), await _recount(unit, chat_id)
        return sorted({period for (period, _), _ in set(kept.items()) ^ set(true.items())})

    async def rebuild(self, chat_id: int) -> None:
        """Make a chat's totals anew from its attempts."""
        async with self._database.write() as unit:
            true = await _recount(unit, chat_id)
            await unit.boards.clear(chat_id)
            for (period, user_id), (points, answers) in sorted(true.items()):
                await unit.boards.put(chat_id, user_id, period, points, answers)
            await unit.commit()


def periods(day: date) -> list[str]:
    """Return the keys of all windows that a date falls in."""
    return [window(name, day).key for name in WINDOWS]


Sums = dict[tuple[str, int], tuple[int, int]]


async def _recount(unit: UnitOfWork, chat_id: int) -> Sums:
    sums: defaultdict[tuple[str, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for user_id, points, day in await unit.attempts.for_board(chat_id):
        for period in periods(day):
            before_points, before_answers = sums[period, user_id]
            sums[period, user_id] = (before_points + points, before_answers + 1)
    return dict(sums)
