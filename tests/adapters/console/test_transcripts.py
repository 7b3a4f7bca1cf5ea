"""What a script prints, from its first line to its last."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.console.scene import DEFAULT_NAME
from bot.chat.adapter import Unreachable
from bot.chat.context import ChatRef, MessageRef, Said
from bot.chat.view import Card
from tests.adapters.console.theatre import START, Theatre, question

PREP = ChatRef("console", "#prep")


@pytest.fixture
def theatre() -> Theatre:
    return Theatre()


def said(theatre: Theatre, text: str) -> str:
    """Return the action that a text went to as a reply; empty if it was no reply."""
    return next(r.about for r in theatre.requests if r.event == Said(text))


async def test_a_whole_script_reads_like_this(theatre: Theatre) -> None:
    theatre.plan(1, "#prep", question("The day's question", 7, "no answers yet"))
    printed = await theatre.replay(
        "# A study group\n"
        "\n"
        "/practice\n"
        "!in prep\n"
        "!mod Ana\n"
        "/board drop\n"
        "1\n"
        "!clock +1d\n"
        "!as ben\n"
        "1\n"
        "It is a tuple.\\nReally.\n"
    )
    assert (
        printed
        == """\
# A study group
you> /practice
  Question for you
    Why?

    [1] Hint   [2] Again
    Docs: https://docs.python.org/3/

you> !in prep
  Now playing you in #prep.

you in #prep> !mod Ana
  Now playing Ana, moderator in #prep.

Ana, moderator in #prep> /board drop
  (everyone in #prep sees this)
  Sure?
    [1] Drop it

Ana, moderator in #prep> 1
  pressed [1] Drop it
  (everyone in #prep sees this)
  Dropped

Ana, moderator in #prep> !clock +1d

[Fri 27 Mar 2026 09:00 UTC] to #prep
  The day's question
    Why?

    So far  no answers yet

    [1] Hint   [2] Again
    Docs: https://docs.python.org/3/

  It is Sat 28 Mar 2026 08:00 UTC.

Ana, moderator in #prep> !as ben
  Now playing ben in #prep.

ben in #prep> 1
  pressed [1] Hint
  (only ben sees this)
  A hint on 7
    Look closer.

ben in #prep> It is a tuple.
    Really.

  (only ben sees this)
  You said
    It is a tuple.
    Really.
    to question 7
"""
    )
    assert not theatre.console.failed


async def test_the_same_script_prints_the_same_twice(theatre: Theatre) -> None:
    script = "something\n!in prep\n/practice\n1\n!clock +2h\n!who\n!help\n"
    assert await theatre.replay(script) == await Theatre().replay(script)


async def test_keys_are_new_for_every_entry(theatre: Theatre) -> None:
    await theatre.replay("one\none\n/practice\n1\n")
    assert len({request.key for request in theatre.requests}) == 4


async def test_every_line_that_fails_is_named_at_the_end(theatre: Theatre) -> None:
    printed = await theatre.replay("/practice\n/nope\n# fine\n!as a@b\n9\n/broken\n!who\n")
    assert theatre.console.failed
    assert theatre.console.failed_lines == [2, 4, 5, 6]
    assert printed.endswith("\n\n# Lines 2, 4, 5, 6 failed.\n")
    assert "There is no button 9: the last card has buttons 1 to 2. To say" in printed


async def test_quit_ends_a_script_before_its_end(theatre: Theatre) -> None:
    printed = await theatre.replay("!quit\n/practice\n")
    assert "practice" not in printed


async def test_a_script_from_windows_reads_as_any_other(theatre: Theatre) -> None:
    printed = await theatre.replay("\ufeff!who\r\n")
    assert printed.startswith("you> !who\n  Playing you in a direct chat. It is Fri 27 Mar 2026")
    assert not theatre.console.failed


async def test_each_person_presses_the_buttons_that_they_have_seen(theatre: Theatre) -> None:
    printed = await theatre.replay(
        "!in prep\n!mod ana\n/board drop\n!as ben\n/practice\n!dm\n1\n!in prep\n1\n"
    )
    assert theatre.console.failed_lines == [7]  # ben's direct chat has shown no buttons
    assert "ben in #prep> 1\n  pressed [1] Hint\n" in printed
    assert "Dropped" not in printed


async def test_a_card_that_one_person_sees_gives_no_buttons_to_others(theatre: Theatre) -> None:
    printed = await theatre.replay("!in prep\n!mod ana\n/survey\n!as ben\n2\n!as ana\n2\nfun\n")
    assert theatre.console.failed_lines == [5]
    assert "2 years, because fun" in printed


async def test_a_button_that_was_replaced_is_gone(theatre: Theatre) -> None:
    printed = await theatre.replay("!in prep\n!mod ana\n/board drop\n1\n1\n")
    assert theatre.console.failed_lines == [5]
    assert "There is no button 1: no card here has buttons yet." in printed


async def test_a_number_is_a_value_while_a_form_waits_for_one(theatre: Theatre) -> None:
    printed = await theatre.replay("/practice\n/survey\n12\n2\n1\n")
    assert "12 years, because 2" in printed
    assert printed.endswith("  pressed [1] Hint\n  A hint on 1\n    Look closer.\n")
    assert not theatre.console.failed


async def test_a_refused_value_leaves_the_form_open_for_numbers(theatre: Theatre) -> None:
    printed = await theatre.replay("/practice\n/survey\nmany\nwhy\n3\n-\n")
    assert theatre.console.failed_lines == [4]  # "many" is no whole number; it is asked for again
    assert "pressed" not in printed
    assert "3 years, because why" in printed


async def test_after_cancel_a_number_presses_again(theatre: Theatre) -> None:
    printed = await theatre.replay("/practice\n/survey\n/cancel\n1\n")
    assert "pressed [1] Hint" in printed


async def test_a_backslash_says_a_number(theatre: Theatre) -> None:
    await theatre.replay("/practice\n\\42\n")
    assert said(theatre, "42")


async def test_text_replies_to_the_last_question_of_that_chat(theatre: Theatre) -> None:
    theatre.plan(1, "#prep", question("Scheduled", 7))
    theatre.plan(1, "#prep", Card("The week", kind="leaderboard"))
    await theatre.replay(
        "before\n/practice\nto mine\n!clock +1h\nstill mine\n!in prep\nto all\n/practice\nnewer\n"
    )
    assert said(theatre, "before") == ""
    assert said(theatre, "to mine") == "reply:1"
    assert said(theatre, "still mine") == "reply:1"
    assert said(theatre, "to all") == "reply:7"
    assert said(theatre, "newer") == "reply:1"


async def test_a_command_replies_to_nothing(theatre: Theatre) -> None:
    await theatre.replay("/practice\n/secret\n")
    assert said(theatre, "/secret") == ""


async def test_what_is_hidden_is_shown_when_asked_for(theatre: Theatre) -> None:
    printed = await theatre.replay("!show\n/secret\n!show\n!as ana\n!show\n")
    assert theatre.console.failed_lines == [1, 5]
    assert printed.count("forty-two") == 1
    assert "A secret\n    Look: [hidden: type !show]\n" in printed
    assert "you> !show\n  Hidden in: A secret\n    forty-two\n" in printed


async def test_only_who_saw_it_can_show_what_is_hidden_in_a_group(theatre: Theatre) -> None:
    printed = await theatre.replay("!in prep\n/secret\n!as ana\n!show\n!as you\n!dm\n!show\n")
    assert theatre.console.failed_lines == [4]
    assert "(only you see this)\n  A secret" in printed
    assert printed.endswith("Hidden in: A secret\n    forty-two\n\n# Line 4 failed.\n")


async def test_a_moderator_stays_one_in_that_group_only(theatre: Theatre) -> None:
    printed = await theatre.replay(
        "!in prep\n!mod Ana\n!as Ben\n/board add x\n!as ana\n/board add y\n!in work\n/board add z\n"
    )
    assert theatre.console.failed_lines == [4, 8]
    assert "ana, moderator in #prep> /board add y" in printed
    assert "Board y added" in printed


async def test_a_direct_chat_has_no_moderators(theatre: Theatre) -> None:
    printed = await theatre.replay("!mod ana\n!who\n")
    assert theatre.console.failed_lines == [1]
    assert "A direct chat has no moderators." in printed
    assert "Playing you in a direct chat." in printed


async def test_names_that_differ_in_capitals_are_one_person(theatre: Theatre) -> None:
    await theatre.replay("!as Ana\none\n!as ANA\ntwo\n!in Prep\nthree\n")
    people = [(r.sender.id, r.sender.name, r.place.ref.id, r.place.title) for r in theatre.requests]
    assert people == [
        ("ana", "Ana", "dm:ana", ""),
        ("ana", "ANA", "dm:ana", ""),
        ("ana", "ANA", "#prep", "#prep"),
    ]


async def test_the_clock_plays_all_that_becomes_due_on_the_way(theatre: Theatre) -> None:
    for hours in (30, 1, 5, 24):
        theatre.plan(hours, "dm:ana", Card(f"after {hours}"))
    printed = await theatre.replay("!as Ana\n!clock +1d\n")
    assert [(at - START).total_seconds() / 3600 for at in theatre.played] == [1, 5, 24]
    assert "[Sat 28 Mar 2026 08:00 UTC] to Ana\n  after 24\n" in printed


async def test_the_clock_goes_back_and_sends_nothing_twice(theatre: Theatre) -> None:
    theatre.plan(1, "#prep", Card("Once"))
    printed = await theatre.replay("!clock +2h\n!clock -2h\n!clock +2h\n!clock\n")
    assert printed.count("Once") == 1
    assert "It is Fri 27 Mar 2026 08:00 UTC." in printed
    assert printed.endswith("you> !clock\n  It is Fri 27 Mar 2026 10:00 UTC.\n")


async def test_what_cannot_be_sent_does_not_hold_the_clock(theatre: Theatre) -> None:
    theatre.plan(1, "#prep", Card("Never"))
    theatre.stuck = True
    printed = await theatre.replay("!clock +1d\n")
    assert printed == "you> !clock +1d\n  It is Sat 28 Mar 2026 08:00 UTC.\n"


async def test_due_says_when_there_is_nothing(theatre: Theatre) -> None:
    assert "Nothing is due. Nothing is planned." in await theatre.replay("!due\n")
    theatre.plan(1, "#prep", Card("Later"))
    assert "Nothing is due. Next: Fri 27 Mar 2026 09:00 UTC." in await theatre.replay("!due\n")


async def test_what_was_due_before_the_first_line_comes_first(theatre: Theatre) -> None:
    theatre.plan(-1, "#prep", Card("Overdue"))
    printed = await theatre.replay("!who\n")
    assert printed.startswith("[Fri 27 Mar 2026 08:00 UTC] to #prep\n  Overdue\n\nyou> !who\n")


async def test_a_tally_is_told_on_one_line(theatre: Theatre) -> None:
    asked = question("Scheduled", 7, "no answers yet")
    theatre.plan(0, "#prep", asked)
    await theatre.replay("!in prep\n")
    theatre.changed.append((MessageRef(PREP, "d1"), replace(asked, fields=(("So far", "1"),))))
    await theatre.stage.settle()
    assert theatre.out.getvalue().endswith("\n\n#prep · question updated: So far: 1\n")


async def test_a_tally_does_not_take_the_buttons_of_a_newer_card(theatre: Theatre) -> None:
    asked = question("Scheduled", 7, "no answers yet")
    theatre.plan(0, "#prep", asked)
    theatre.plan(0, "#prep", question("Newer", 8))
    theatre.changed.append((MessageRef(PREP, "d1"), question("Scheduled", 7, "1 answer")))
    printed = await theatre.replay("!in prep\n1\n")
    assert "A hint on 8" in printed


async def test_a_message_that_became_another_is_printed_whole(theatre: Theatre) -> None:
    theatre.plan(0, "#prep", question("Scheduled", 7))
    await theatre.replay("!in prep\n")
    await theatre.console.edit(MessageRef(PREP, "d1"), Card("Closed", "No more answers."))
    assert theatre.out.getvalue().endswith(
        "#prep · message updated:\n  Closed\n    No more answers.\n"
    )


async def test_an_edit_from_before_a_restart_takes_no_buttons(theatre: Theatre) -> None:
    theatre.changed.append((MessageRef(PREP, "old"), question("Older", 3, "2 answers")))
    printed = await theatre.replay("!in prep\n/practice\n1\n")
    assert printed.startswith("#prep · question updated: So far: 2 answers\n\nyou> !in prep\n")
    assert "A hint on 1" in printed


async def test_the_same_key_is_printed_once(theatre: Theatre) -> None:
    await theatre.replay("")
    first = await theatre.console.send(PREP, Card("Once"), key="k")
    assert await theatre.console.send(PREP, Card("Once"), key="k") == first
    assert first == MessageRef(PREP, "k")
    assert theatre.out.getvalue().count("Once") == 1


@pytest.mark.parametrize("chat", [ChatRef("discord", "#prep"), ChatRef("console", "42")])
async def test_a_chat_that_is_not_the_terminals_cannot_be_reached(
    theatre: Theatre, chat: ChatRef
) -> None:
    with pytest.raises(Unreachable):
        await theatre.console.send(chat, Card("Lost"), key="k")


async def test_pictures_are_written_under_names_that_stay_in_the_folder(
    theatre: Theatre, tmp_path: Path
) -> None:
    folder = tmp_path / "media"
    printed = await theatre.replay("/chart\n/chart\n", folder)
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["001-chart-1.svg", "002-chart-1.svg"]
    assert (folder / names[0]).read_bytes() == b"<svg/>"
    assert "[picture: A chart of your week]" in printed


async def test_without_a_folder_a_picture_is_only_described(theatre: Theatre) -> None:
    printed = await theatre.replay("/chart\n")
    assert printed.endswith("  Your week\n    [picture: A chart of your week]\n")


async def test_what_people_type_cannot_reach_the_terminal(theatre: Theatre) -> None:
    printed = await theatre.replay("a\x1b[31mred\x07\n# b\x1b]0;title\x07\n!as x\x1b[2J\n")
    assert "\x1b" not in printed
    assert "\x07" not in printed


async def test_who_names_everybody_so_far(theatre: Theatre) -> None:
    printed = await theatre.replay("!in prep\n!mod Ana\n!in work\n!as ben\n!who\n")
    assert printed.endswith(
        "  Playing ben in #work. It is Fri 27 Mar 2026 08:00 UTC.\n"
        "  People: Ana, ben, you\n"
        "  Groups: #prep, #work\n"
        "  Moderators: Ana in #prep\n"
    )
    assert DEFAULT_NAME == "you"
