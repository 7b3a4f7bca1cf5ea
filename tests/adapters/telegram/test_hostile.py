"""The real cards with hostile words in them, among members who are called like the mentions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.adapters.telegram.render import JOINER
from bot.cards import bank, errors, leaderboard, onboarding, question, result, schedule, streak
from bot.cards.words import clip
from bot.chat.dialog import Dialog, Refused, advance, ask, start
from bot.chat.markup import visible
from bot.chat.view import Button, Card
from bot.commands import registry
from bot.domain.critique import Critique, MisconceptionFound, PointState, PointVerdict, Status
from bot.domain.leaderboard import Place, Window
from bot.domain.question import FollowUp, KeyPoint, Misconception, Question, Rubric
from bot.domain.streak import Streak
from bot.errors import Invalid
from bot.services.drafts import Draft
from bot.services.judging import Result, Unscored
from bot.services.leaderboards import Board, Standing
from bot.services.practice import Hint
from bot.services.streaks import Figures, StreakNow
from bot.services.views import ServingView
from bot.store.records import Attempt, Serving, StoredQuestion, User
from tests.adapters.telegram.sight import card as looked_at
from tests.adapters.telegram.sight import keys, seen
from tests.telegram import BotApi, Message

EXAMPLES = 40
NOW = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
NAMES = ("anna", "everyone", "analitica", "Ben_C", "here")
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


def board(name: str) -> Board:
    places = (Place(1, 7, name, 1000, 10), Place(2, 3, name, 990, 10))
    return Board("week", Window("2026-W13", None, None, "Week"), places, places[1], places[0], 2)


def step(text: str) -> Dialog:
    """Return a form on its way, with what stood in it before."""
    return start(bank.form("qadd:3", TITLES, Draft(text, "databases", text, text, text)))


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
        question.follow_ups(ServingView(SERVING, asked(t))),
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
    "a form's value": lambda t: (ask(step(t)), t),
    "a choice that is none": lambda t: (refused(t), f"{t[:100]}?".strip()[:40]),
    "an error that says it": lambda t: (errors.user_error(Invalid(f"{t} is no time.", t)), t),
}
PROSE = {
    "a moderator's hint",
    "a moderator's model answer",
    "a moderator's rubric in a critique",
    "a moderator's question shown",
}
"""Cards that show a moderator's text as prose, whose `code` stays code."""


@pytest.fixture(scope="module")
def crowd() -> BotApi:
    """Return a Telegram with a group of people who could be mentioned."""
    api = BotApi(now=lambda: NOW)
    people = [api.person(name, username=name) for name in NAMES]
    api.group("prep", owner=people[0], members=people[1:])
    return api


def pinged(api: BotApi, text: str, entities: list[dict[str, object]]) -> list[str]:
    """Return whom a message in the group would notify."""
    group = next(chat for chat in api.chats.values() if chat.title == "prep")
    return [p.name for p in Message(group, 1, None, NOW, text, list(entities)).pings]


def bare(text: str) -> str:
    """Return what is read of a text: no white space, nothing invisible, each command one way."""
    for name in registry().commands:
        text = text.replace(name, name.replace(" ", "_"))
    return re.sub(r"\s+", "", visible(text)).replace("`", "")


def _harmlessly(name: str) -> tuple[set[str], list[str]]:
    """Return the marks and the buttons of a card whose words do no harm."""
    card, _ = PLACES[name](HARMLESS)
    _, messages = looked_at(card)
    marks = {e["type"] for each in messages for e in each.marked}
    actions = [item.action for row in card.rows for item in row if isinstance(item, Button)]
    return marks | ({"code"} if name in PROSE else set()), actions


HARMLESSLY = {name: _harmlessly(name) for name in PLACES}


@settings(deadline=None, max_examples=EXAMPLES)
@given(text=TEXTS)
@example("@anna")
@example("/@anna")
@example("models.py")
@example("a\n> b")
@example("&" * 1900)
@example("\ud800")
def test_hostile_words_are_read_and_do_nothing(crowd: BotApi, text: str) -> None:
    for name, make in PLACES.items():
        card, part = make(text)
        made, messages = looked_at(card)
        own, actions = HARMLESSLY[name]
        for each in messages:
            assert {e["type"] for e in each.marked} <= own, name
            assert {e["type"] for e in each.found} <= {"bot_command", "hashtag"}, (name, each)
            assert pinged(crowd, each.text, [*each.marked, *each.found]) == []
        shown = "".join(each.text for each in messages).replace(JOINER, "")
        assert bare(part) in bare(shown), name
        pressed = [key for row in keys(made) for key in row]
        assert [key.data for key in pressed if key.data] == [f"d:{each}" for each in actions]
        assert [key.url for key in pressed if key.url] == []


def test_the_crowd_would_be_pinged_if_a_mention_got_through(crowd: BotApi) -> None:
    for text in ("@anna", "/@anna", "(@Ben_C)"):
        mentioned = seen(text)
        assert pinged(crowd, mentioned.text, mentioned.found) != []
    assert seen("models.py evil.com").found != []
