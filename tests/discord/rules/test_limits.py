from __future__ import annotations

from typing import Any

from tests.discord.rules.limits import Limits

SEND = "POST /channels/{channel_id}/messages"
CHANGE = "PATCH /channels/{channel_id}"
ANSWER = "POST /interactions/{interaction_id}/{interaction_token}/callback"


def goes(limits: Limits, route: str, major: str, now: float, body: Any = None) -> bool:
    return limits.check(route, major, now, body).retry_after is None


def test_five_messages_fit_into_five_seconds_of_a_channel() -> None:
    limits = Limits()
    assert [goes(limits, SEND, "1", second) for second in range(5)] == [True] * 5
    refused = limits.check(SEND, "1", 4.25)
    assert refused.body == {
        "message": "You are being rate limited.",
        "retry_after": 0.75,
        "global": False,
    }
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["X-RateLimit-Scope"] == "user"
    assert goes(limits, SEND, "2", 4.25)
    assert goes(limits, SEND, "1", 5)
    assert not goes(limits, SEND, "1", 5.5)


def test_the_headers_say_what_is_left_and_until_when() -> None:
    limits = Limits()
    limits.check(SEND, "1", 0)
    headers = limits.check(SEND, "1", 2).headers
    assert headers["X-RateLimit-Limit"] == "5"
    assert headers["X-RateLimit-Remaining"] == "3"
    assert headers["X-RateLimit-Reset-After"] == "5.000"
    assert headers["X-RateLimit-Bucket"] == limits.check(SEND, "2", 2).headers["X-RateLimit-Bucket"]


def test_fifty_requests_a_second_are_all_there_is_but_for_answers() -> None:
    limits = Limits()
    assert all(goes(limits, "GET /gateway", "", 0.5) for _ in range(50))
    refused = limits.check("GET /gateway", "", 1)
    assert refused.global_
    assert refused.retry_after == 0.5
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert goes(limits, ANSWER, "", 1)
    assert goes(limits, "GET /gateway", "", 1.5)


def test_a_channel_is_renamed_twice_in_ten_minutes_and_archived_at_will() -> None:
    limits = Limits()
    name, archived = {"name": "a"}, {"archived": True}
    assert [goes(limits, CHANGE, "1", now, name) for now in (0, 1, 599, 600)] == [
        True,
        True,
        False,
        True,
    ]
    assert all(goes(limits, CHANGE, "1", 2, archived) for _ in range(5))


def test_direct_messages_old_edits_and_sessions_have_their_counts() -> None:
    limits = Limits(dm_opens=1, old_edits=1, identifies=1)
    assert [limits.opens_dm(now) for now in (0, 599, 600)] == [True, False, True]
    assert [limits.edits_old("1", now) for now in (0, 1, 3600)] == [True, False, True]
    assert limits.edits_old("2", 1)
    assert [limits.identifies_now(now) for now in (0, 1, 86400)] == [True, False, True]


def test_windows_can_be_shorter_or_away() -> None:
    quick = Limits(scale=0.1)
    assert [goes(quick, SEND, "1", now / 10) for now in range(6)] == [True] * 6
    assert all(goes(Limits(enabled=False), SEND, "1", 0) for _ in range(100))


def test_invalid_answers_are_counted() -> None:
    limits = Limits()
    for status in (200, 400, 401, 403, 404, 429, 500):
        limits.answered(status)
    assert limits.invalid == 3
