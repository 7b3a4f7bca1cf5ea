"""Streaks and a person's own figures."""

from __future__ import annotations

from bot.cards.words import at, count, midnight, on, place
from bot.chat.markup import escape
from bot.chat.view import Card
from bot.domain.when import describe
from bot.services.streaks import Figures, StreakNow


def streak(now: StreakNow) -> Card:
    """Return a person's streak."""
    return Card(_title(now), "\n".join([*_state(now), _longest(now)]).strip(), kind="streak")


def me(of: Figures) -> Card:
    """Return all of a person's figures on one page."""
    answers = count(of.answers, "answer")
    mean = f", {of.mean:.0f} of 100 on average" if of.mean is not None else ""
    day = "midnight" if not of.user.day_starts_at else f"{of.user.day_starts_at:02d}:00"
    schedule = [
        f"{describe(each.cadence)} ({place(each.zone)})"
        + (", in a group" if each.user_id is None else "")
        for each in of.running
    ]
    fields = [
        ("Streak", escape(_title(of.now))),
        ("Answers", escape(f"{answers}{mean}")),
        ("Points", f"{of.points:,}"),
        ("Schedule", escape("; ".join(schedule)) or "none yet: /schedule set 09:00"),
        ("Your days", escape(f"{of.user.zone}, begin at {day}")),
    ]
    if of.user.hidden:
        fields.append(("Boards", "you are hidden from them"))
    return Card(of.user.name, fields=tuple(fields), kind="me")


def toolbar(of: Figures) -> str:
    """Return the streak and what is due in one line."""
    parts = [_title(of.now)]
    parts.append("a question is open" if of.open else "nothing open")
    dues = [each for each in of.running if each.next_due_at is not None]
    if dues:
        first = min(dues, key=lambda each: each.next_due_at or of.now.day_ends_at)
        assert first.next_due_at is not None
        parts.append(f"next {at(first.next_due_at, first.zone)}")
    return " · ".join(parts)


def streak_line(now: StreakNow) -> str:
    """Return a person's streak in a line, plain."""
    return _title(now) if now.streak.current else "A streak begins with one answer."


def _title(now: StreakNow) -> str:
    return f"🔥 {_current(now)}" if now.streak.current else _current(now)


def _current(now: StreakNow) -> str:
    return count(now.streak.current, "day") if now.streak.current else "No streak yet"


def _state(now: StreakNow) -> list[str]:
    found, ends = now.streak, midnight(now.day_ends_at, now.zone)
    if found.answered_today and not found.scheduled_today:
        return ["Nothing is scheduled today: your answer is a bonus, and nothing can be missed."]
    if found.answered_today:
        return [escape(f"Today counts. Your day ends at {ends} ({place(now.zone)}).")]
    if found.open_today and found.current:
        return [
            escape(f"Today is still open: one answer before {ends} ({place(now.zone)}) keeps it.")
        ]
    if found.previous and not found.current and found.last_day:
        was = count(found.previous, "day")
        best = ", your longest yet" if found.previous == found.longest else ""
        again = "Today is day 1." if found.scheduled_today else "The next scheduled day is day 1."
        line = f"Your last streak ended at {was}{best}, on {on(found.last_day)}. {again}"
        return [escape(line)]
    if found.open_today:
        return [escape(f"One answer before {ends} ({place(now.zone)}) makes today day 1.")]
    return ["Nothing is scheduled today, so nothing can be missed."]


def _longest(now: StreakNow) -> str:
    return escape(f"Longest: {count(now.streak.longest, 'day')}.") if now.streak.longest else ""
