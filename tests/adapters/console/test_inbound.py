from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.console.inbound import (
    DIRECTIVES,
    Bare,
    Entry,
    GoTo,
    MoveClock,
    Number,
    PlayAs,
    Text,
    read,
)
from bot.adapters.console.moment import stamp, target
from bot.adapters.console.script import entry_of
from bot.errors import Invalid

NOW = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("", None),
        ("  \n ", None),
        ("/practice sql ", Text("/practice sql")),
        ("  /practice", Text("/practice")),
        ("A tuple.", Text("A tuple.")),
        ("    indented = code\n", Text("    indented = code")),
        ("one\n  two", Text("one\n  two")),
        ("2", Number(2)),
        ("-2", Text("-2")),
        ("2 or 3", Text("2 or 3")),
        ("20262027", Text("20262027")),
        (r"\2", Text("2")),
        (r"\!as a rule", Text("!as a rule")),
        (r"\# no comment", Text("# no comment")),
        (r"\d+ matches digits", Text(r"\d+ matches digits")),
        (r"\1 is a group", Text(r"\1 is a group")),
        ("!= compares", Text("!= compares")),
        ("!as Ana", PlayAs("Ana")),
        ("!AS  Ana   Lee ", PlayAs("Ana Lee")),
        ("!as Zoë-2_x", PlayAs("Zoë-2_x")),
        ("!mod ben", PlayAs("ben", moderator=True)),
        ("!mod", PlayAs("", moderator=True)),
        ("!in prep", GoTo("prep")),
        ("!in #prep", GoTo("prep")),
        ("!clock +1d", MoveClock("+1d")),
        ("!clock", MoveClock("")),
        ("!due", Bare("due")),
        ("!quit", Bare("quit")),
    ],
)
def test_a_line_means_one_thing(line: str, entry: Entry | None) -> None:
    assert read(line) == entry


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("!as", "!as needs a name.", "For instance: !as Ana."),
        ("!in", "!in needs a name.", "For instance: !in prep."),
        (f"!as {'a' * 33}", "That name has 33 characters; 32 are the most.", ""),
        ("!as ana@home", '"@" cannot be in a name: it takes letters, digits, - and _, and', ""),
        ("!as a\x1b[2J", "That cannot be in a name", ""),
        ("!in two words", "A space cannot be in a name: it takes letters, digits, - and _.", ""),
        ("!due now", "!due stands alone.", "Type !due and nothing after it."),
        ("!clok +1d", "There is no !clok.", "Did you mean !clock? There are !as, !mod, !in,"),
        ("!xyzzy", "There is no !xyzzy.", "There are !as"),
    ],
)
def test_a_wrong_directive_is_told_in_sentences(line: str, message: str, hint: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read(line)
    assert refusal.value.message.startswith(message)
    assert refusal.value.hint.startswith(hint)


def test_every_directive_that_help_lists_can_be_typed() -> None:
    for name, (usage, _) in DIRECTIVES.items():
        assert usage.split()[0] == f"!{name}"
        assert read(usage) is not None


@given(st.text().filter(lambda line: not line.strip().startswith("!")))
def test_no_line_but_a_directive_is_refused(line: str) -> None:
    assert (read(line) is None) == (not line.strip())


@given(st.from_regex(r"!\w*\s?.*", fullmatch=True))
def test_a_refused_directive_says_what_to_do(line: str) -> None:
    refusal = None
    try:
        read(line)
    except Invalid as raised:
        refusal = raised
    assert refusal is None or refusal.hint


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("+1d", NOW + timedelta(days=1)),
        ("+2h30m", NOW + timedelta(hours=2, minutes=30)),
        ("+ 2h 30m", NOW + timedelta(hours=2, minutes=30)),
        ("-1W", NOW - timedelta(weeks=1)),
        ("+90s", NOW + timedelta(seconds=90)),
        ("2026-04-01", datetime(2026, 4, 1, tzinfo=UTC)),
        ("2026-04-01 17:30", datetime(2026, 4, 1, 17, 30, tzinfo=UTC)),
        ("2026-04-01T17:30Z", datetime(2026, 4, 1, 17, 30, tzinfo=UTC)),
        ("2026-04-01T17:30+02:00", datetime(2026, 4, 1, 15, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_a_step_or_a_date_in_utc(typed: str, instant: datetime) -> None:
    assert target(typed, NOW) == instant
    assert target(typed, NOW).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "typed", ["tomorrow", "+", "+1", "1d", "+1y", "+999999w", "-999999w", "2026-02-30", "09:00"]
)
def test_a_wrong_time_is_answered_with_examples(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        target(typed, NOW)
    assert typed in refusal.value.message
    assert "!clock +1d" in refusal.value.hint


def test_the_year_before_the_calendar_is_refused_too() -> None:
    with pytest.raises(Invalid):
        target("0001-01-01T00:00+14:00", NOW)


def test_an_instant_is_written_in_utc() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert stamp(there) == "Fri 27 Mar 2026 09:00 UTC"


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("one\\ntwo\n", "one\ntwo"),
        ("print('\\\\n')\r\n", "print('\\n')"),
        ("plain", "plain"),
    ],
)
def test_backslash_n_in_a_script_is_a_line_break(line: str, entry: str) -> None:
    assert entry_of(line) == entry
