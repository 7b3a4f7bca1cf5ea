"""The group's board."""

from __future__ import annotations

from bot.cards.words import clip, count
from bot.chat.action import pack
from bot.chat.markup import escape
from bot.chat.view import Button, Card, Style
from bot.domain.leaderboard import WINDOWS, Place
from bot.services.leaderboards import Board, Standing

LABELS = {"today": "Today", "week": "Week", "month": "Month", "all": "All"}


def leaderboard(board: Board, title: str) -> Card:
    """Return a board; `title` is the group's."""
    lines = [_line(each, board) for each in board.top]
    if not lines:
        lines = ["Nobody has points here yet. The first answer opens the board."]
    if board.mine and board.mine not in board.top:
        lines += ["…", _line(board.mine, board)]
    if board.mine and board.ahead:
        gap = board.ahead.points - board.mine.points + 1
        if board.mine.place > 1 and gap <= 100:
            names = clip(board.mine.name, 30), clip(board.ahead.name, 30)
            lines.append(escape(f"{names[0]} is one good answer behind {names[1]}."))
    buttons = tuple(
        Button(
            LABELS[name],
            pack("board", name),
            Style.PRIMARY if name == board.name else Style.NEUTRAL,
        )
        for name in WINDOWS
    )
    span = board.window.title
    return Card(f"{title} · {span}", "\n".join(lines), rows=(buttons,), kind="leaderboard")


def standings(found: list[Standing]) -> Card:
    """Return a person's place in each of their groups, for where there is no group."""
    if not found:
        body = "Boards belong to groups. Add me to one and set its daily question there."
        return Card("No board here", body, kind="leaderboard")
    lines = [
        f"{escape(each.title)}: "
        + (
            f"place {each.place.place} of {each.people}, {each.place.points:,} points"
            if each.place
            else "no answers this week yet"
        )
        for each in found
    ]
    return Card("You this week", "\n".join(lines), kind="leaderboard")


def _line(each: Place, board: Board) -> str:
    return line(each, mine=board.mine is not None and each.user_id == board.mine.user_id)


def line(each: Place, *, mine: bool) -> str:
    """Return a line of a board; whose card it is stands out in it."""
    name = escape(clip(each.name, 30))
    name = f"*{name}*" if mine else name
    points, answers = count(each.points, "point"), count(each.answers, "answer")
    return f"{each.place}\\. {name}  {points} from {answers}"
