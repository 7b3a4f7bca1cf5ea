"""What a member may do where."""

from __future__ import annotations

from collections.abc import Iterable

_NAMES = (
    "create_instant_invite kick_members ban_members administrator manage_channels manage_guild "
    "add_reactions view_audit_log priority_speaker stream view_channel send_messages "
    "send_tts_messages manage_messages embed_links attach_files read_message_history "
    "mention_everyone use_external_emojis view_guild_insights connect speak mute_members "
    "deafen_members move_members use_vad change_nickname manage_nicknames manage_roles "
    "manage_webhooks manage_guild_expressions use_application_commands request_to_speak "
    "manage_events manage_threads create_public_threads create_private_threads "
    "use_external_stickers send_messages_in_threads use_embedded_activities moderate_members "
    "view_creator_monetization_analytics use_soundboard create_guild_expressions create_events "
    "use_external_sounds send_voice_messages"
).split()
PERMISSIONS: dict[str, int] = {name: 1 << bit for bit, name in enumerate(_NAMES)} | {
    "set_voice_channel_status": 1 << 48,
    "send_polls": 1 << 49,
    "use_external_apps": 1 << 50,
    "pin_messages": 1 << 51,
    "bypass_slowmode": 1 << 52,
}
ALL = sum(PERMISSIONS.values())


def bits(*names: str) -> int:
    """Return these permissions as Discord writes them; KeyError for a name there is not."""
    return sum({PERMISSIONS[name] for name in names})


# What @everyone may do in a new server.
DEFAULT_EVERYONE = bits(
    *"create_instant_invite change_nickname view_channel add_reactions stream send_messages "
    "embed_links attach_files read_message_history mention_everyone "
    "use_external_emojis connect speak use_vad use_application_commands request_to_speak "
    "create_public_threads create_private_threads use_external_stickers "
    "send_messages_in_threads use_embedded_activities use_soundboard create_guild_expressions "
    "create_events use_external_sounds send_voice_messages set_voice_channel_status send_polls "
    "use_external_apps".split()
)

# None of these can be done by who cannot send at all.
_NEED_SENDING = bits("mention_everyone", "send_tts_messages", "attach_files", "embed_links")


def compute(
    *,
    owner: bool,
    everyone: int,
    roles: list[int],
    overwrites: Iterable[tuple[str, int, int]],
    thread: bool = False,
) -> int:
    """Return a member's permissions in a channel, or in the server when nothing is overwritten.

    Args:
        owner: Whether the member owns the server, and may do everything.
        everyone: The permissions of @everyone.
        roles: Those of the member's other roles.
        overwrites: (kind, allow, deny) of those overwrites of the channel that concern the member;
            of a thread, its parent's. The kind is "role_everyone", "role" or "member".
        thread: Whether it is one: there `send_messages_in_threads` is what sending needs.
    """
    allowed = everyone
    for role in roles:
        allowed |= role
    if owner or allowed & PERMISSIONS["administrator"]:
        return ALL
    given = list(overwrites)
    for kind in ("role_everyone", "role", "member"):
        # All roles' denials come before all roles' grants.
        for name, _, deny in given:
            allowed &= ~deny if name == kind else ALL
        for name, allow, _ in given:
            allowed |= allow if name == kind else 0
    if not allowed & PERMISSIONS["view_channel"]:
        return 0
    if not can_send(allowed, thread=thread):
        allowed &= ~_NEED_SENDING
    return allowed


def can_send(permissions: int, *, thread: bool = False) -> bool:
    """Return whether messages may be sent."""
    return bool(
        permissions & PERMISSIONS["send_messages_in_threads" if thread else "send_messages"]
    )
