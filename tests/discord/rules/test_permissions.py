from __future__ import annotations

from typing import Any

from tests.discord.rules.permissions import ALL, DEFAULT_EVERYONE, bits, can_send, compute

SEE, SEND, IN_THREADS = (
    bits("view_channel"),
    bits("send_messages"),
    bits("send_messages_in_threads"),
)
PING = bits("mention_everyone")


def may(everyone: int = SEE | SEND, *roles: int, **more: Any) -> int:
    return compute(
        **{"owner": False, "everyone": everyone, "roles": list(roles), "overwrites": [], **more}
    )


def test_what_everyone_may_is_what_a_new_server_allows() -> None:
    gone = 1 << 47  # a permission of something that is no more
    assert DEFAULT_EVERYONE | gone == 2248473465835073
    assert not DEFAULT_EVERYONE & bits("manage_guild", "manage_messages", "administrator")


def test_roles_add_to_what_everyone_may() -> None:
    assert may(SEE, SEND, PING) == SEE | SEND | PING


def test_owners_and_administrators_may_everything_everywhere() -> None:
    hidden = [("role_everyone", 0, SEE)]
    assert may(0, owner=True, overwrites=hidden) == ALL
    assert may(0, bits("administrator"), overwrites=hidden) == ALL


def test_who_does_not_see_a_channel_may_nothing_there() -> None:
    assert may(overwrites=[("role_everyone", 0, SEE)]) == 0


def test_roles_come_after_everyone_and_members_after_roles() -> None:
    everyone, role, member = ("role_everyone", 0, SEND), ("role", SEND, 0), ("member", 0, SEND)
    assert can_send(may(overwrites=[role, everyone]))
    assert not can_send(may(overwrites=[member, role, everyone]))


def test_among_roles_a_grant_beats_a_denial() -> None:
    assert can_send(may(overwrites=[("role", SEND, 0), ("role", 0, SEND)]))


def test_who_cannot_send_cannot_ping_or_attach() -> None:
    assert may(SEE | PING | bits("attach_files")) == SEE


def test_in_a_thread_the_right_to_send_in_threads_counts() -> None:
    assert may(SEE | IN_THREADS | PING, thread=True) & PING
    assert not may(SEE | SEND | PING, thread=True) & PING
    assert can_send(may(SEE | IN_THREADS, thread=True), thread=True)
    assert not can_send(may(SEE | SEND, thread=True), thread=True)
