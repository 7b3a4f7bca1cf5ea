"""What a bot may send, edit and delete, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from telegram import (
    ForceReply,
)
from telegram.error import (
    BadRequest,
)

from bot.clock import MovableClock
from tests.telegram.town import Town, below, keys, refused

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x02\x00\x00\x00\x03"

LONG_CODE = "".join(f"<code>{number:02}</code> " for number in range(101))
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"text": " \n "}, "message text is empty"),
    ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
    ({"text": "x" * 4097}, "message is too long"),
    ({"text": "😀" * 2049}, "message is too long"),
    ({"text": "<b>é</b>" + "ж" * 4090 + "<i>д</i>" * 95, "parse_mode": "HTML"}, "too long"),
    ({"text": LONG_CODE, "parse_mode": "HTML"}, "more than 100 entities"),
    ({"text": "<p>x</p>", "parse_mode": "HTML"}, 'Unsupported start tag "p" at byte offset 0'),
    ({"text": "é <b>x", "parse_mode": "HTML"}, "Can't find end tag corresponding to start tag"),
    ({"text": "<b>x</i>", "parse_mode": "HTML"}, 'expected "</b>", found "</i>"'),
    ({"text": "x</i>", "parse_mode": "HTML"}, "Unexpected end tag at byte offset 1"),
    ({"text": "a < b", "parse_mode": "HTML"}, "can't parse entities: Unclosed start tag"),
    ({"text": "a &nbsp; b", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "a & b", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "<span>x</span>", "parse_mode": "HTML"}, 'must have class "tg-spoiler"'),
    ({"text": "<code><b>x</b></code>", "parse_mode": "HTML"}, "inside of code"),
    ({"text": "<b><pre>x</pre></b>", "parse_mode": "HTML"}, 'inside of "b"'),
    ({"text": '<a href="javascript:x">y</a>', "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    ({"text": "x", "message_thread_id": 999}, "message thread not found"),
    ({"text": "x", "reply_markup": below(callback_data="x" * 65)}, "BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": below(callback_data="é" * 33)}, "BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": below(callback_data="")}, "BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": below(url="ftp://a.b")}, "BUTTON_URL_INVALID"),
    ({"text": "x", "reply_markup": below(url="http://localhost")}, "BUTTON_URL_INVALID"),
    ({"text": "x", "reply_markup": below()}, "Text buttons are unallowed"),
    ({"text": "x", "reply_markup": below(url="https://a.b", callback_data="x")}, "unallowed"),
    ({"text": "x", "reply_markup": below(callback_data="x", style="blue")}, "unknown style"),
    ({"text": "x", "reply_markup": below(text=" ", callback_data="x")}, "must be non-empty"),
    (
        {
            "text": "x",
            "reply_markup": {"inline_keyboard": below(url="https://a.b")["inline_keyboard"] * 101},
        },
        "REPLY_MARKUP_TOO_LONG",
    ),
    (
        {
            "text": "x",
            "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 9]},
        },
        "REPLY_MARKUP_TOO_LONG",
    ),
    (
        {"text": "x", "reply_markup": {"force_reply": True, "input_field_placeholder": "x" * 65}},
        "placeholder must be 1-64",
    ),
    ({"text": "x", "chat_id": 12345}, "chat not found"),
]


async def test_what_send_message_refuses(town: Town) -> None:
    for params, told in REFUSED:
        status, description = await town.asks("sendMessage", **{"chat_id": town.ana.id, **params})
        assert (status, description[:13]) == (400, "Bad Request: "), params
        assert told in description, params
    assert [message.text for message in town.ana.dm.messages] == ["/start"]
    assert town.api.breaches == []


async def test_html_becomes_text_and_entities(town: Town) -> None:
    source = (
        ' <b>Hi</b> <i><u>you</u></i> &lt;&amp;&gt;&quot;&#39; <a href="https://a.b/?x=1&amp;y">a</a>'
        '<pre><code class="language-py">x = 1</code></pre><blockquote expandable>q</blockquote>'
        '<span class="tg-spoiler">s</span><tg-spoiler>t</tg-spoiler>😀<s>z</s> '
    )
    sent = await town.bot.send_message(town.ana.id, source, parse_mode="HTML")
    assert sent.text == "Hi you <&>\"' ax = 1qst😀z"
    kinds = [(entity.type, entity.offset, entity.length) for entity in sent.entities]
    assert kinds == [
        ("bold", 0, 2),
        ("italic", 3, 3),
        ("underline", 3, 3),
        ("text_link", 13, 1),
        ("pre", 14, 5),
        ("expandable_blockquote", 19, 1),
        ("spoiler", 20, 1),
        ("spoiler", 21, 1),
        ("strikethrough", 24, 1),
    ]
    assert (sent.entities[3].url, sent.entities[4].language) == ("https://a.b/?x=1&y", "py")
    assert town.ana.dm.messages[-1].html_source == source


async def test_a_mention_pings_members_only_where_telegram_finds_one(town: Town) -> None:
    ana, ben = town.ana, town.ben
    texts = {
        "hi @ana_b, and (@BEN_C)": [ana, ben],
        "mail@ana_b @ana_bb @ab": [],
        "<code>@ana_b</code> <pre>@ben_c</pre>": [],
        f'<a href="tg://user?id={ben.id}">you</a> <a href="https://a.b">@ana_b</a>': [ben],
    }
    for text, pinged in texts.items():
        await town.bot.send_message(town.group.id, text, parse_mode="HTML")
        assert set(town.group.messages[-1].pings) == set(pinged), text


async def test_plain_text_gets_its_entities(town: Town) -> None:
    sent = await town.bot.send_message(town.ana.id, "see /help, https://a.b/c. or main.py #x")
    assert [sent.parse_entity(entity) for entity in sent.entities] == [
        "/help",
        "https://a.b/c",
        "main.py",
        "#x",
    ]


async def test_what_cannot_be_edited(town: Town) -> None:
    ana, bot = town.ana, town.bot
    sent = await bot.send_message(ana.id, "<b>one</b>", parse_mode="HTML", reply_markup=keys("A"))
    with refused("message is not modified: specified new message content"):
        await sent.edit_text("<strong>one</strong>", parse_mode="HTML", reply_markup=keys("A"))
    await sent.edit_text("two")
    assert (await ana.sees("two")).keyboard == []
    await sent.edit_reply_markup(keys("B"))
    assert ana.dm.messages[-1].labels == ["B"]
    with refused("not modified"):
        await sent.edit_reply_markup(keys("B"))
    hers = ana.says("mine")
    with refused("message can't be edited"):
        await bot.edit_message_text("x", ana.id, hers.id)
    asked = await bot.send_message(ana.id, "?", reply_markup=ForceReply())
    with refused("message can't be edited"):
        await asked.edit_text("x")
    assert await sent.delete()
    with refused("message to edit not found"):
        await sent.edit_text("x")
    with refused("message to delete not found"):
        await sent.delete()


async def test_a_message_cannot_be_deleted_after_two_days(town: Town, clock: MovableClock) -> None:
    sent = await town.bot.send_message(town.ana.id, "x")
    assert sent.date == clock.now()
    clock.advance(timedelta(hours=48))
    with refused("message can't be deleted"):
        await sent.delete()


async def test_files_come_and_go(town: Town) -> None:
    bot, ana = town.bot, town.ana
    await bot.send_document(
        ana.id, b"a,b", filename="a.csv", caption="<b>it</b>", parse_mode="HTML"
    )
    await bot.send_photo(ana.id, PNG, caption="p")
    assert [one.media[0][:3] for one in ana.dm.messages[-2:]] == [
        ("document", "a.csv", b"a,b"),
        ("photo", "application.octet-stream", PNG),
    ]
    assert ana.dm.messages[-2].text == "it"
    with refused("image_process_failed"):
        await bot.send_photo(ana.id, b"no picture")
    with refused("caption is too long"):
        await bot.send_document(ana.id, b"x", caption="x" * 1025)
    ana.sends_file("mine.toml", b"slug", "/import")
    told = (await town.told())[-1].message
    assert told
    assert told.document
    assert (told.caption, told.document.file_name) == ("/import", "mine.toml")
    assert await (await told.document.get_file()).download_as_bytearray() == b"slug"
    assert town.api.breaches == []


async def test_quizzes(town: Town) -> None:
    bot, ana, group = town.bot, town.ana, town.group

    async def quiz(question: str = "q", options: tuple[str, ...] = ("a", "b"), **more: Any) -> None:
        asked = {"type": "quiz", "correct_option_ids": [1], "is_anonymous": False, **more}
        await bot.send_poll(group.id, question, options, **asked)

    mistakes: list[dict[str, Any]] = [
        {"question": "x" * 301},
        {"options": ("a",)},
        {"options": ("a",) * 13},
        {"options": ("a", "x" * 101)},
        {"correct_option_ids": [2]},
        {"correct_option_ids": []},
        {"explanation": "x" * 201},
        {"explanation": "a\nb\nc\nd"},
    ]
    for wrong in mistakes:
        with pytest.raises(BadRequest):
            await quiz(**wrong)
    await quiz(explanation="<i>why</i>", explanation_parse_mode="HTML")
    message = await group.sees("q")
    ana.votes(message, [1])
    with pytest.raises(AssertionError, match="cannot be changed"):
        ana.votes(message, [0])
    told = await town.told()
    assert told[0].poll
    assert told[1].poll_answer
    assert told[1].poll_answer.option_ids == (1,)
    assert (await bot.stop_poll(group.id, message.id)).total_voter_count == 1
    with refused("already been closed"):
        await bot.stop_poll(group.id, message.id)
    with pytest.raises(AssertionError, match="is closed"):
        town.ben.votes(message, [0])
    assert town.api.breaches == []
