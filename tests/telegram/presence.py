"""Methods about chats and the people in them, and small signs: reactions, "is typing"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.telegram.chats import membership
from tests.telegram.params import Params
from tests.telegram.refusals import bad
from tests.telegram.registry import answers, chat_of, chat_to_write, thread_of

if TYPE_CHECKING:
    from tests.telegram.api import BotApi

ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note".split()
)
REACTIONS = frozenset(
    (
        "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 "
        "❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 "
        "😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ "
        "😡"
    ).split()
)
"""The emoji of the specification's ReactionTypeEmoji."""

GIFTS = (
    "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels".split()
)


@answers("sendChatAction")
def send_chat_action(api: BotApi, params: Params) -> Any:
    """Show that the bot is about to answer."""
    chat = chat_to_write(api, params)
    thread_of(chat, params, None)
    action = params.text("action")
    if action not in ACTIONS:
        raise bad("wrong parameter action in request")
    api.actions.append((chat.id, action))
    api.pulse.beat()
    return True


@answers("setMessageReaction")
def set_message_reaction(api: BotApi, params: Params) -> Any:
    """Put at most one reaction of the bot on a message, or take it away."""
    chat = chat_of(api, params)
    message = chat.find(params.whole("message_id"))
    if message is None:
        raise bad("message to react not found")
    if message.service:
        raise bad("message can't be reacted")
    reactions = params.json("reaction") or []
    if len(reactions) > 1:
        raise bad("REACTIONS_TOO_MANY")
    for reaction in reactions:
        allowed = reaction["type"] == "emoji" and reaction["emoji"] in REACTIONS
        if not allowed or not chat.reactions_allowed:
            raise bad("REACTION_INVALID")
    message.reactions = [reaction["emoji"] for reaction in reactions]
    api.pulse.beat()
    return True


@answers("getChat")
def get_chat(api: BotApi, params: Params) -> Any:
    """Return a chat in full."""
    chat = chat_of(api, params)
    return {
        **chat.shown(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }


@answers("getChatMember")
def get_chat_member(api: BotApi, params: Params) -> Any:
    """Return what somebody is in a chat."""
    chat, user_id = chat_of(api, params), params.whole("user_id")
    if user_id == api.me["id"]:
        return chat.bot_member()
    person = api.people.get(user_id or 0)
    if person is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return chat.member(person)


@answers("getChatAdministrators")
def get_chat_administrators(api: BotApi, params: Params) -> Any:
    """Return the administrators of a group, without other bots."""
    chat = chat_of(api, params)
    if chat.kind == "private":
        raise bad("there are no administrators in the private chat")
    people = [chat.member(person) for person in chat.admins if not person.is_bot]
    mine = chat.bot_status == "administrator"
    return people + ([membership("administrator", api.me)] if mine else [])


@answers("getChatMemberCount")
def get_chat_member_count(api: BotApi, params: Params) -> Any:
    """Return how many are in a chat, the bot as well."""
    return len(chat_of(api, params).people) + 1


@answers("leaveChat")
def leave_chat(api: BotApi, params: Params) -> Any:
    """Go out of a group."""
    chat = chat_of(api, params)
    if chat.kind == "private":
        raise bad("chat member status can't be changed in private chats")
    old = chat.bot_member()
    chat.bot_status = "left"
    body = {
        "chat": chat.shown(),
        "from": api.me,
        "date": int(api.now().timestamp()),
        "old_chat_member": old,
        "new_chat_member": chat.bot_member(),
    }
    api.push("my_chat_member", body)
    return True
