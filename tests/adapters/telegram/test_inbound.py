"""Whole updates, as Telegram sends them: who is heard, where, and what is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from telegram import Update

from bot.adapters.telegram import inbound, wire
from bot.adapters.telegram.inbound import Belonging, Press, Wrote
from bot.chat.context import ChatKind, Role

US = "drillmate_bot"
ME = {"id": 4200, "is_bot": True, "first_name": "Drillmate", "username": US}
ANA = {"id": 7_000_000_001, "is_bot": False, "first_name": "Ana", "language_code": "pt-br"}
BEN = {"id": 7_000_000_002, "is_bot": False, "first_name": "Ben", "username": "ben_c"}
QUIZ = {"id": 4300, "is_bot": True, "first_name": "Quiz", "username": "quizbot"}
NOBODY = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
AS_CHANNEL = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
SERVICE = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
DM = {"id": ANA["id"], "type": "private", "first_name": "Ana"}
SMALL = {"id": -4_000_000_001, "type": "group", "title": "prep"}
BIG = {"id": -1_002_000_000_001, "type": "supergroup", "title": "backend-prep"}
FORUM = BIG | {"is_forum": True}
CHANNEL = {"id": -1_003_000_000_001, "type": "channel", "title": "News"}
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
FILE = {"file_id": "f", "file_unique_id": "u"}
STICKER = FILE | {
    "type": "regular",
    "width": 9,
    "height": 9,
    "is_animated": False,
    "is_video": False,
}


def said(
    chat: dict[str, Any] = BIG, by: dict[str, Any] | None = ANA, **more: Any
) -> dict[str, Any]:
    """Return a message as Telegram writes it."""
    return {"message_id": 12, "date": 1_774_252_800, "chat": chat, "from": by} | more


def hear(kind: str, raw: dict[str, Any]) -> Update:
    update = Update.de_json({"update_id": 1, kind: raw}, None)
    assert update is not None
    return update


def read(chat: dict[str, Any] = BIG, by: dict[str, Any] | None = ANA, **more: Any) -> Wrote | None:
    message = hear("message", said(chat, by, **more)).message
    assert message is not None
    found = inbound.message(message, US)
    assert found is None or isinstance(found, Wrote)
    return found


def wrote(chat: dict[str, Any] = BIG, by: dict[str, Any] | None = ANA, **more: Any) -> Wrote:
    found = read(chat, by, **more)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("chat", "kind", "title"),
    [
        (DM, ChatKind.DM, ""),
        (SMALL, ChatKind.GROUP, "prep"),
        (BIG, ChatKind.GROUP, "backend-prep"),
        (BIG | {"title": None}, ChatKind.GROUP, ""),
    ],
)
def test_each_kind_of_chat_is_a_place(chat: dict[str, Any], kind: ChatKind, title: str) -> None:
    found = wrote(chat, text="hello")
    assert (found.place.ref.id, found.place.kind) == (str(chat["id"]), kind)
    assert found.place.title == title
    assert found.in_group is (kind is ChatKind.GROUP)
    assert inbound.direct(found.sender).ref.id == str(ANA["id"])


def test_a_post_of_a_channel_is_none_of_our_business() -> None:
    post = hear(
        "channel_post", said(CHANNEL, None, sender_chat=CHANNEL, text="/start")
    ).channel_post
    assert post is not None
    assert inbound.message(post, US) is None


@pytest.mark.parametrize(
    ("by", "more"),
    [
        (QUIZ, {}),
        (SERVICE, {"sender_chat": CHANNEL, "is_automatic_forward": True}),
        (SERVICE, {}),
        (AS_CHANNEL, {"sender_chat": CHANNEL}),
        (ANA, {"via_bot": QUIZ}),
        (ANA, {"via_bot": ME}),
        (None, {}),
    ],
    ids=["bot", "linked channel", "Telegram", "as a channel", "via a bot", "via us", "nobody"],
)
def test_only_people_are_heard(by: dict[str, Any] | None, more: dict[str, Any]) -> None:
    assert read(by=by, text="/practice", **more) is None


def test_an_anonymous_administrator_is_the_group_and_nobody_in_it() -> None:
    found = wrote(by=NOBODY, sender_chat=BIG, text="/schedule_show")
    assert found.anonymous
    assert (found.sender.id, found.sender.name) == (str(BIG["id"]), "backend-prep")
    assert found.sender.role is Role.MODERATOR
    assert not wrote(text="/schedule_show").anonymous


def test_a_group_without_a_title_has_a_name_for_its_administrators() -> None:
    untitled = BIG | {"title": None}
    assert wrote(untitled, NOBODY, sender_chat=untitled, text="x").sender.name == "the group"


@pytest.mark.parametrize(
    "service",
    [
        {"new_chat_members": [ANA, ME]},
        {"left_chat_member": BEN},
        {"new_chat_title": "new"},
        {"new_chat_photo": PHOTO},
        {"delete_chat_photo": True},
        {"group_chat_created": True},
        {"supergroup_chat_created": True},
        {"pinned_message": said(text="the pinned one")},
        {"pinned_message": said(photo=PHOTO)},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
        {"forum_topic_created": {"name": "sql", "icon_color": 7322096}, "is_topic_message": True},
        {"forum_topic_closed": {}},
        {"forum_topic_reopened": {}},
        {"general_forum_topic_hidden": {}},
        {"video_chat_started": {}},
        {"video_chat_ended": {"duration": 3}},
        {"boost_added": {"boost_count": 1}},
        {"write_access_allowed": {}},
    ],
    ids=lambda service: next(iter(service)),
)
def test_service_messages_say_nothing(service: dict[str, Any]) -> None:
    assert read(**service) is None


@pytest.mark.parametrize(
    "content",
    [
        {"photo": PHOTO},
        {"sticker": STICKER},
        {"voice": FILE | {"duration": 1}},
        {"document": FILE},
        {"location": {"latitude": 1.0, "longitude": 1.0}},
        {"contact": {"phone_number": "1", "first_name": "Ana"}},
        {"dice": {"emoji": "🎲", "value": 3}},
    ],
    ids=lambda content: next(iter(content)),
)
def test_what_is_no_text_is_heard_as_nothing_said(content: dict[str, Any]) -> None:
    found = wrote(**content)
    assert (found.text, found.command) == ("", "")


def test_a_caption_is_as_good_as_a_text() -> None:
    found = wrote(photo=PHOTO, caption="/answer Tuples cannot be changed.")
    assert found.text == "/answer Tuples cannot be changed."
    assert found.command == "answer"
    assert read(photo=PHOTO, caption="/answer@quizbot x") is None


@pytest.mark.parametrize("chat", [DM, SMALL, BIG])
@pytest.mark.parametrize("text", ["/practice@quizbot", "/start@QuizBot x", "/x@a"])
def test_what_is_said_to_another_bot_is_left_to_it(chat: dict[str, Any], text: str) -> None:
    assert read(chat, text=text) is None


@pytest.mark.parametrize("text", ["/PRACTICE@DRILLMATE_BOT sql", f"/practice@{US}\nsql"])
def test_a_command_may_name_us_in_any_case(text: str) -> None:
    found = wrote(text=text)
    assert (found.command, found.addressed) == ("practice", True)


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("/start", ""),
        ("/start ", ""),
        ("/start 1-am9pbg", "1-am9pbg"),
        ("/START@Drillmate_Bot  1-am9pbg ", "1-am9pbg"),
        ("/start two words", ""),
        ("/start 1-am9pbg\nmore", ""),
        ("/start " + "a" * 64, "a" * 64),
        ("/start " + "a" * 65, ""),
        ("/start пример", ""),
        ("/started 1-am9pbg", ""),
        ("say /start 1-am9pbg", ""),
    ],
)
def test_a_links_parameter_is_taken_from_start_alone(text: str, payload: str) -> None:
    assert wrote(DM, text=text).payload == payload


def test_in_a_group_start_carries_no_parameter_for_a_person() -> None:
    assert wrote(text="/start drill").payload == ""


def test_a_topic_is_a_thread_and_general_is_none() -> None:
    topic = wrote(FORUM, text="x", message_thread_id=9, is_topic_message=True)
    general = wrote(FORUM, text="x")
    assert topic.place.ref.thread == topic.message.chat.thread == "9"
    assert general.place.ref.thread == ""
    assert topic.place.ref == general.place.ref, "it is the same chat"
    replies = wrote(BIG, text="x", message_thread_id=3)
    assert replies.place.ref.thread == "", "a thread of replies is no topic"


def test_in_a_topic_the_message_that_opened_it_is_no_reply_to_us() -> None:
    opened = said(FORUM, BEN, message_id=9, forum_topic_created={"name": "sql", "icon_color": 1})
    found = wrote(
        FORUM, text="x", message_thread_id=9, is_topic_message=True, reply_to_message=opened
    )
    assert found.replied is None


@pytest.mark.parametrize(
    ("by", "sender_chat", "ours"),
    [(ME, None, True), (BEN, None, False), (QUIZ, None, False), (NOBODY, BIG, False)],
)
def test_only_a_reply_to_us_leads_to_a_card(
    by: dict[str, Any], sender_chat: dict[str, Any] | None, *, ours: bool
) -> None:
    card = said(by=by, message_id=11, text="card", sender_chat=sender_chat)
    found = wrote(text="Tuples.", reply_to_message=card)
    if ours:
        assert found.replied is not None
        assert (found.replied.chat.id, found.replied.id) == (str(BIG["id"]), "11")
    else:
        assert found.replied is None


def test_a_reply_to_a_card_in_another_chat_is_none() -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Drillmate"}
    elsewhere = {"origin": origin, "chat": SMALL, "message_id": 11}
    assert wrote(DM, text="x", external_reply=elsewhere).replied is None


def test_an_edited_message_has_the_key_of_the_first_telling() -> None:
    first = wrote(text="Tuples.")
    edited = hear("edited_message", said(text="Tuples!", edit_date=1_774_252_900)).edited_message
    assert edited is not None
    found = inbound.message(edited, US)
    assert isinstance(found, Wrote)
    assert found.key == first.key
    assert (found.text, found.at) == ("Tuples!", first.at)


@given(st.text(max_size=60), st.sampled_from([DM, SMALL, BIG, FORUM]))
@example("/", BIG)
@example("/@drillmate_bot", BIG)
@example("/a@", DM)
@example("\x00", DM)
def test_whatever_is_typed_is_heard_as_it_is(text: str, chat: dict[str, Any]) -> None:
    found = read(chat, text=text)
    if not text or "@" in text:
        assert found is None or found.text == text
    else:
        assert found is not None
        assert found.text == text


def pressed(data: str | None = "d:hint:7", **more: Any) -> Press | None:
    raw = {"id": "99", "from": ANA, "chat_instance": "c", "data": data}
    query = hear("callback_query", raw | {"message": said(by=ME)} | more).callback_query
    assert query is not None
    return inbound.press(query)


def test_a_press_says_who_where_and_what() -> None:
    found = pressed(wire.data("hint:7", 36))
    assert found is not None
    assert (found.sender.id, found.sender.language) == (str(ANA["id"]), "pt-br")
    assert (found.id, found.chat, found.action) == ("99", 36, "hint:7")
    assert (found.message.chat.id, found.message.id) == (str(BIG["id"]), "12")
    assert found.in_group


def test_a_press_in_a_topic_stays_in_it() -> None:
    card = said(FORUM, ME, message_thread_id=9, is_topic_message=True)
    found = pressed(message=card)
    assert found is not None
    assert found.place.ref.thread == "9"


@pytest.mark.parametrize("chat", [DM, BIG, FORUM])
def test_a_press_on_a_message_too_old_to_be_shown_still_tells_which(chat: dict[str, Any]) -> None:
    found = pressed(message={"chat": chat, "message_id": 4, "date": 0})
    assert found is not None
    assert (found.place.ref.id, found.message.id) == (str(chat["id"]), "4")
    assert found.place.ref.thread == ""


@pytest.mark.parametrize(
    "more",
    [
        {"message": None, "inline_message_id": "i"},
        {"message": said(CHANNEL, None, sender_chat=CHANNEL)},
        {"message": {"chat": CHANNEL, "message_id": 4, "date": 0}},
        {"from": QUIZ},
        {"data": None, "game_short_name": "g"},
        {"data": ""},
        {"data": "d:Not An Action"},
        {"data": "d:" + "a" * 62},
    ],
)
def test_other_presses_are_none_of_ours(more: dict[str, Any]) -> None:
    assert pressed(**more) is None


RIGHTS = {
    f"can_{what}": True
    for what in (
        *("send_messages send_audios send_documents send_photos send_videos".split()),
        *("send_video_notes send_voice_notes send_polls send_other_messages".split()),
        *("add_web_page_previews change_info invite_users pin_messages manage_topics".split()),
        *("edit_tag react_to_messages".split()),
    )
}
ADMIN = {
    f"can_{what}": False
    for what in (
        *("be_edited manage_chat delete_messages manage_video_chats restrict_members".split()),
        *("promote_members change_info invite_users post_stories edit_stories".split()),
        *("delete_stories".split()),
    )
} | {"is_anonymous": False}
OUT, IN = {"status": "left"}, {"status": "member"}
KICKED = {"status": "kicked", "until_date": 0}
LEADS = {"status": "administrator"} | ADMIN
MUTED = {"status": "restricted", "is_member": True, "until_date": 0} | RIGHTS
MUTED["can_send_messages"] = False
HELD = {"status": "restricted", "is_member": True, "until_date": 0} | RIGHTS
AWAY = HELD | {"is_member": False}


def belongs(old: dict[str, Any], new: dict[str, Any], chat: dict[str, Any]) -> Belonging | None:
    states = {"old_chat_member": old | {"user": ME}, "new_chat_member": new | {"user": ME}}
    change = hear("my_chat_member", {"chat": chat, "from": ANA, "date": 1} | states).my_chat_member
    assert change is not None
    return inbound.belonging(change)


@pytest.mark.parametrize(
    ("old", "new", "reachable", "fresh"),
    [
        (OUT, IN, True, True),
        (KICKED, IN, True, True),
        (OUT, LEADS, True, True),
        (IN, LEADS, True, False),
        (LEADS, IN, True, False),
        (IN, OUT, False, False),
        (IN, KICKED, False, False),
        (IN, MUTED, False, False),
        (MUTED, IN, True, False),
        (IN, HELD, True, False),
        (OUT, MUTED, False, True),
        (HELD, AWAY, False, False),
        (AWAY, IN, True, True),
    ],
)
def test_a_change_tells_whether_we_may_write_and_whether_we_are_new(
    old: dict[str, Any], new: dict[str, Any], *, reachable: bool, fresh: bool
) -> None:
    for chat in (SMALL, BIG, DM):
        found = belongs(old, new, chat)
        assert found is not None
        assert (found.reachable, found.new) == (reachable, fresh)
        assert found.by.id == str(ANA["id"])
    assert belongs(old, new, CHANNEL) is None
