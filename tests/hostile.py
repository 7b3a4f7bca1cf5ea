"""The real cards with hostile words in them, for each platform to show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from bot.cards import (
    appeals,
    bank,
    errors,
    leaderboard,
    onboarding,
    question,
    result,
    schedule,
    streak,
    voice,
)
from bot.cards import reports as report_cards
from bot.cards import wrapup as wrapup_cards
from bot.cards.words import clip
from bot.chat.context import ChatRef
from bot.chat.dialog import Dialog, Refused, advance, ask, start
from bot.chat.view import Card, Form, Input
from bot.domain.critique import Critique, MisconceptionFound, PointState, PointVerdict, Status
from bot.domain.leaderboard import Place, Window
from bot.domain.question import FollowUp, KeyPoint, Misconception, Question, Rubric
from bot.domain.regrading import digits_of
from bot.domain.streak import Streak
from bot.errors import Invalid
from bot.services.appeals import Regrade
from bot.services.drafts import Draft
from bot.services.judging import Result, Unscored
from bot.services.leaderboards import Board, Standing
from bot.services.practice import Hint
from bot.services.reports import Told
from bot.services.streaks import Figures, StreakNow
from bot.services.views import ServingView
from bot.services.wrapups import Missed, Shared, WrapUp
from bot.store.records import Attempt, Report, ReportKind, Serving, StoredQuestion, Transcript, User

NOW = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
TITLES = {"databases": "Databases & ORM"}

HOSTILE = [
    "<b>bold</b> <a href='https://evil.example'>x</a> <a href",
    "</b></code></pre></blockquote><tg-spoiler>",
    "<tg-spoiler>x</tg-spoiler><blockquote>",
    "*bold* _it_ `code` ~s~ **x** __u__ ||spoiler|| # head",
    "[x](https://evil.example) [y](tg://user?id=7000000001)",
    "tg://user?id=7000000001 tg://resolve?domain=evil",
    "https://evil.example/?q=<x>&y http://1.2.3.4/ https://localhost:80 t.me/evil?start=1",
    "evil.com EVIL.COM/x www.evil.io. (evil.me) models.py a.b@c.org mailto:anna@evil.com",
    "@everyone @anna, (@anna) /@anna .@anna @Ben_C! a @here",
    "@everyone",
    "@\u200banna @\u2060anna @\ufeffanna",
    "ev\u200bil.com htt\u200dps://evil.example",
    "\u202eright to left\u202c \u2066isolated\u2069",
    "nul \x00 bell \x07 esc \x1b[31m",
    "\ud800 half \udfff",
    "&#x3c;b&#x3e; &#60;i&#62; &lt;u&gt; &amp;amp; &x &",
    "\\*\\`\\\\||\\[ \\> \\",
    "> quote\n> quote\n```python\nprint(1)\n```\n",
    "```\nx\n``` `",
    "👩🏽‍💻 e\u0301 Z\u0351\u036b 漢字 ﷽ 🇩🇪",
    "<@1> <@!1> <@&77> <#1> </practice:1> <:emoji:1> <t:1:R> :smile: a[:b:2]",
    "# head\n-# small\n1. one\n- # head\n>>> rest\n__under__ ~~gone~~",
    "discord.gg/evil DISCORD.COM/invite/evil",
    "[Save](d:sched:540:UTC:0) d:show:51",
    "\n\n \t x \r\n y \r",
    '"}],"reply_markup":{"inline_keyboard":[[]]}',
    "/schedule set 09:00, /question_add",
    "*" * 10_000,
    "||" * 5_000,
    "`" * 10_000,
    "&<" * 5_000,
    "@anna " * 2_000,
]
TEXTS = (
    st.sampled_from(HOSTILE)
    | st.lists(st.sampled_from(HOSTILE[:-5]), min_size=2, max_size=3).map("".join)
    | st.text(max_size=60)
    | st.text(st.sampled_from("<>&;#x3*`|[]()\\@/:._~ -=\"'ab\n"), max_size=60)
)

SERVING = Serving(51, 1, 1, 2, None, None, None, NOW, 3)
STREAK = StreakNow(Streak(3, 5, True, False, date(2026, 3, 23)), NOW, "UTC")
USER = User(3, "Ana", "UTC", True, 0, False)
HARMLESS = "harmless words"


def asked(text: str) -> Question:
    """Return a question whose every field a moderator has filled with `text`."""
    rubric = Rubric(
        (KeyPoint("a", text, 60), KeyPoint("b", text, 40)),
        (Misconception("wrong", (text,), text, "a"),),
        model_answer=text,
        hints=(text,),
        follow_ups=(FollowUp(text, None, (text,)), FollowUp(text, "list-vs-tuple")),
        versions=(text,),
    )
    return Question("g2-theirs", text, "databases", 3, rubric, author=text, licence=text)


def judged(quote: str, prompt: str = HARMLESS) -> Result:
    """Return what became of an answer that says `quote`."""
    states = (PointState.PARTLY, PointState.CONTRADICTED)
    points = tuple(PointVerdict(i, s, quote) for i, s in zip("ab", states, strict=True))
    found = Critique(30, Status.GRADED, points, (MisconceptionFound("wrong", quote),))
    attempt = Attempt(9, 3, 51, quote, NOW, NOW.date(), NOW.date(), "UTC", True, 30, 30, found)
    served = ServingView(SERVING, asked(prompt))
    return Result(served, attempt, found, Unscored.NO, STREAK, True, False, 0)


def regrade(answer: str, name: str = "Ana", reason: str = "", prompt: str = HARMLESS) -> Regrade:
    """Return a verdict that a moderator decides on."""
    of = judged(answer, prompt)
    digits = digits_of(of.question.rubric, of.critique)
    return Regrade(of.served, of.attempt, digits, of.critique, name, mine=False, reason=reason)


def board(name: str) -> Board:
    places = (Place(1, 7, name, 1000, 10), Place(2, 3, name, 990, 10))
    return Board("week", Window("2026-W13", None, None, "Week"), places, places[1], places[0], 2)


def step(text: str) -> Dialog:
    """Return a form on its way, with what stood in it before."""
    return start(bank.form("qadd:3", TITLES, Draft(text, "databases", text, text, text)))


def forms(text: str) -> list[Form]:
    """Return the forms that show what somebody has typed."""
    draft = Draft(text[:500], "databases", text[:4000], text[:4000], text[:4000])
    served_form = Form(
        "Your answer",
        "submit:51",
        (Input("text", "In your own words", multiline=True, about=text[:500]),),
    )
    return [bank.form("qadd:3", TITLES, draft), report_cards.form(text[:500]), served_form]


def refused(text: str) -> Card:
    """Return a choice that was refused; it says what was typed."""
    dialog = replace(step(HARMLESS), step=1)
    match advance(dialog, f"{text[:100]}?"):
        case Refused(same, reason):
            return ask(same, reason)
        case other:
            raise AssertionError(other)


def stored(text: str) -> StoredQuestion:
    return StoredQuestion(1, 1, 1, "published", 2, "", asked(text))


def wrapped_up(name: str, answer: str, asked_: str) -> WrapUp:
    """Return what a question has brought; somebody of that name shares that answer."""
    served = ServingView(SERVING, asked(asked_))
    missed = (Missed(served.question.rubric.points[0], 2),)
    return WrapUp(served, ChatRef("x", "1"), None, 3, missed, (Shared(name, 90, answer),))


def told(kind: ReportKind, name: str, body: str, about: str | None = None) -> Told:
    """Return what somebody of that name tells the moderators, about a question if one is given."""
    report = Report(4, 1, None if about is None else 7, kind, body, name, closed=False)
    return Told(report, None if about is None else stored(about))


Shown = tuple[Card, str]
"""A card, and what of the text can be read on it."""

PLACES: dict[str, Callable[[str], Shown]] = {
    "an answer quoted back": lambda t: (result.result(judged(t)), clip(t, result.QUOTE)),
    "a name on the board": lambda t: (leaderboard.leaderboard(board(t), "prep"), clip(t, 30)),
    "a name on one's own page": lambda t: (
        streak.me(Figures(replace(USER, name=t), STREAK, 3, 50.0, 150, (), False)),
        t,
    ),
    "a group's title over its board": lambda t: (leaderboard.leaderboard(board("Ana"), t), t),
    "a group's title among one's own": lambda t: (leaderboard.standings([Standing(t, None, 0)]), t),
    "a group's title to who joins": lambda t: (
        onboarding.joined(t, None),
        clip(f"You are in: {t}", 45),
    ),
    "a group's title when it is lost": lambda t: (schedule.lost(t), t),
    "a moderator's question": lambda t: (
        question.question(ServingView(SERVING, asked(t)), TITLES),
        t,
    ),
    "a moderator's hint": lambda t: (
        question.hint(Hint(ServingView(SERVING, asked(t)), 1, 2, t)),
        t,
    ),
    "a moderator's model answer": lambda t: (
        question.model_answer(ServingView(SERVING, asked(t))),
        t,
    ),
    "a moderator's follow-ups": lambda t: (
        question.follow_ups([(each, t) for each in asked(t).rubric.follow_ups]),
        t,
    ),
    "a moderator's warning": lambda t: (question.ask_reveal(ServingView(SERVING, asked(t))), t),
    "a moderator's question skipped": lambda t: (
        question.skipped(ServingView(SERVING, asked(t))),
        t,
    ),
    "a moderator's rubric in a critique": lambda t: (
        result.result(judged(HARMLESS, t)),
        clip(t, 120),
    ),
    "a moderator's question kept": lambda t: (bank.kept(stored(t), TITLES, edited=True), t),
    "a moderator's question retired": lambda t: (bank.retired(stored(t)), t),
    "a moderator's question shown": lambda t: (bank.shown(stored(t), TITLES), t),
    "a question that was found": lambda t: (bank.found([stored(t)], 1, "x"), clip(t, 90)),
    "a search for it": lambda t: (bank.found([], 0, t), clip(t, 40)),
    "a question wrapped up": lambda t: (
        wrapup_cards.wrap_up(wrapped_up("Ana", HARMLESS, t), TITLES),
        t,
    ),
    "a name on a shared answer": lambda t: (
        wrapup_cards.wrap_up(wrapped_up(t, HARMLESS, HARMLESS), TITLES),
        t,
    ),
    "an answer that is shared": lambda t: (
        wrapup_cards.wrap_up(wrapped_up("Ana", t, HARMLESS), TITLES),
        clip(t, wrapup_cards.SHOWN),
    ),
    "an answer that a moderator looks at": lambda t: (
        appeals.regrade(regrade(t)),
        clip(t, appeals.ANSWER),
    ),
    "a name on it": lambda t: (appeals.regrade(regrade(HARMLESS, t, HARMLESS)), t),
    "why its verdict is unfair": lambda t: (appeals.regrade(regrade(HARMLESS, reason=t)), t),
    "the question of it": lambda t: (
        appeals.regrade(regrade(HARMLESS, prompt=t)),
        clip(t, 200),
    ),
    "a name on a verdict": lambda t: (appeals.decided(regrade(HARMLESS, t)), t),
    "an appeal": lambda t: (report_cards.told(told(ReportKind.APPEAL, "Ana", t, HARMLESS)), t),
    "a name on an appeal": lambda t: (
        report_cards.told(told(ReportKind.APPEAL, t, HARMLESS, HARMLESS)),
        t,
    ),
    "what was heard": lambda t: (
        voice.heard(Transcript(1, 3, 51, t, NOW)),
        clip(t, voice.SHOWN),
    ),
    "a report": lambda t: (report_cards.told(told(ReportKind.REPORT, "Ana", t, HARMLESS)), t),
    "a reported question": lambda t: (
        report_cards.told(told(ReportKind.REPORT, "Ana", HARMLESS, t)),
        t,
    ),
    "a name on a report": lambda t: (
        report_cards.told(told(ReportKind.REPORT, t, HARMLESS, HARMLESS)),
        t,
    ),
    "a suggestion": lambda t: (
        report_cards.told(told(ReportKind.SUGGESTION, "Ana", f"Why?\n{t}")),
        t,
    ),
    "a report dealt with": lambda t: (
        report_cards.closed(told(ReportKind.REPORT, "Ana", t, HARMLESS), "Maya"),
        clip(" ".join(t.split()), 200),
    ),
    "a moderator's name": lambda t: (
        report_cards.closed(told(ReportKind.REPORT, "Ana", HARMLESS, HARMLESS), t),
        t,
    ),
    "a report among those that wait": lambda t: (
        report_cards.waiting([told(ReportKind.REPORT, t, HARMLESS, HARMLESS)], 9),
        t,
    ),
    "a form's value": lambda t: (ask(step(t)), t),
    "a choice that is none": lambda t: (refused(t), f"{t[:100]}?".strip()[:40]),
    "an error that says it": lambda t: (errors.user_error(Invalid(f"{t} is no time.", t)), t),
}
PROSE = {
    "the question of it",
    "a moderator's follow-ups",
    "a moderator's hint",
    "a moderator's model answer",
    "a moderator's rubric in a critique",
    "a moderator's question shown",
    "a question wrapped up",
}
"""Cards that show a moderator's text as prose, whose `code` stays code."""
