"""How the installation does, for whoever runs it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chat.markup import escape
from bot.chat.view import Card
from bot.services.broadcasts import PlatformStatus, Status
from bot.services.opinions import Usage


def status(found: Status, usage: Usage | None = None) -> Card:
    """Return what waits, what is being sent and how fast, and what second opinions take."""
    fields = [(each.name.capitalize(), _platform(each, found.now)) for each in found.platforms]
    fields.append(("Schedules", _schedules(found)))
    fields.append(("Slow jobs", _jobs(found)))
    if usage is not None and usage.provider:
        fields.append((f"Second opinions of {usage.provider}", _opinions(usage)))
    return Card("Status", "", tuple(fields), kind="status")


def _platform(each: PlatformStatus, now: datetime) -> str:
    if each.progress is None or not each.sends:
        waits = f"{each.waiting:,} questions wait; " if each.waiting else ""
        return f"⚠️ {waits}no sender has spoken for a minute"
    lines = []
    if each.waiting:
        since = _span((now - each.oldest_due_at).total_seconds()) if each.oldest_due_at else "now"
        lines.append(f"📨 {each.waiting:,} wait, the first since {since}")
        left = each.left_s
        rate = f"{each.progress.sent:,} sent, {each.progress.per_second:.1f} a second"
        lines.append(rate if left is None else f"{rate}, about {_span(left)} to go")
    else:
        lines.append(f"✅ Nothing waits. Up to {each.progress.allowed:.0f} requests a second")
    if each.progress.failed:
        lines.append(f"{each.progress.failed:,} not sent: chats that are gone, or tried again")
    if each.progress.paused_s:
        lines.append(f"⏸️ The platform asked for {_span(each.progress.paused_s)} of silence")
    return "\n".join(lines)


def _schedules(found: Status) -> str:
    count = f"{found.subscriptions:,} run"
    if found.next_due_at is None:
        return count
    wait = (found.next_due_at - found.now).total_seconds()
    return f"{count}, the next is due {'now' if wait <= 0 else f'in {_span(wait)}'}"


def _jobs(found: Status) -> str:
    waiting = f"{found.jobs:,} to do" if found.jobs else "None to do"
    return f"{waiting}, ⚠️ {found.given_up:,} given up: see the log" if found.given_up else waiting


def _opinions(usage: Usage) -> str:
    spent, most = usage.bot
    lines = [f"{spent:,} of {most:,} tokens today"]
    if usage.waiting and usage.oldest is not None:
        since = _span((usage.now - usage.oldest).total_seconds())
        lines.append(f"⏳ {usage.waiting:,} wait, the first since {since}")
    if usage.state:
        lines.append(f"⚠️ {escape(usage.state)}")
    return "\n".join(lines)


def _span(seconds: float) -> str:
    """Return a time span in the two units that matter: "3 min 5 s"."""
    rest = timedelta(seconds=round(max(0.0, seconds)))
    units = (
        ("d", rest.days),
        ("h", rest.seconds // 3600),
        ("min", rest.seconds // 60 % 60),
        ("s", rest.seconds % 60),
    )
    first = next((at for at, (_, count) in enumerate(units) if count), len(units) - 1)
    return " ".join(f"{count} {unit}" for unit, count in units[first : first + 2] if count) or "0 s"
