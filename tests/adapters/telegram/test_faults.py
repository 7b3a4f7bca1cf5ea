"""What each failed request means: done, not done, or nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from bot.adapters.telegram import faults
from bot.adapters.telegram.faults import meaning
from bot.chat.adapter import Delayed, Unreachable, Unsure


@pytest.mark.parametrize(
    ("wait", "seconds"), [(7, 7.0), (timedelta(seconds=2.5), 2.5), (0, faults.AGAIN_S)]
)
def test_a_flood_names_how_long_to_wait(wait: int | timedelta, seconds: float) -> None:
    error = RetryAfter(wait)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PTB_TIMEDELTA", "1")
        meant = meaning(error)
    assert isinstance(meant, Delayed)
    assert meant.retry_after_s == seconds


def test_a_group_that_has_moved_tells_where_to() -> None:
    meant = meaning(ChatMigrated(-1001234567890))
    assert isinstance(meant, faults.Moved)
    assert meant.new_id == "-1001234567890"


@pytest.mark.parametrize(
    "text",
    [
        "bot was blocked by the user",
        "bot was kicked from the supergroup chat",
        "bot is not a member of the supergroup chat",
        "user is deactivated",
        "bot can't initiate conversation with a user",
    ],
)
def test_what_is_forbidden_is_out_of_reach(text: str) -> None:
    assert type(meaning(Forbidden(text))) is Unreachable


Cause = Callable[[], Exception]

NOT_SENT: list[Cause] = [
    lambda: httpx.ConnectError("refused"),
    lambda: httpx.ConnectTimeout("no answer to the connect"),
    lambda: httpx.PoolTimeout("all connections are in use"),
    lambda: httpx.ProxyError("the proxy says no"),
]
UNSURE: list[Cause] = [
    lambda: httpx.ReadTimeout("sent, and no answer"),
    lambda: httpx.WriteTimeout("half sent"),
    lambda: httpx.ReadError("cut off"),
    lambda: httpx.WriteError("cut off"),
    lambda: httpx.RemoteProtocolError("Server disconnected without sending a response."),
    lambda: httpx.LocalProtocolError("what we sent was odd"),
    lambda: httpx.CloseError("cut off"),
    lambda: httpx.DecodingError("an answer that cannot be read"),
]


async def failed(cause: Exception) -> TelegramError:
    """Return what the library makes of a cause."""

    def break_down(request: httpx.Request) -> httpx.Response:
        raise cause

    request = HTTPXRequest(httpx_kwargs={"transport": httpx.MockTransport(break_down)})
    return await _error(request)


async def answered(status: int, body: bytes) -> TelegramError:
    """Return what the library makes of an answer."""
    transport = httpx.MockTransport(lambda request: httpx.Response(status, content=body))
    return await _error(HTTPXRequest(httpx_kwargs={"transport": transport}))


async def _error(request: HTTPXRequest) -> TelegramError:
    async with request:
        with pytest.raises(TelegramError) as caught:
            await request.post("https://api.telegram.org/bot1:a/sendMessage")
    return caught.value


@pytest.mark.parametrize("cause", NOT_SENT, ids=lambda each: type(each()).__name__)
async def test_what_never_left_is_tried_again(cause: Cause) -> None:
    error = await failed(cause())
    assert isinstance(error, NetworkError)
    assert isinstance(meaning(error), Delayed)


@pytest.mark.parametrize("cause", UNSURE, ids=lambda each: type(each()).__name__)
async def test_what_may_have_arrived_is_not_tried_again(cause: Cause) -> None:
    error = await failed(cause())
    assert isinstance(error, NetworkError)
    meant = meaning(error)
    assert isinstance(meant, Unsure)
    assert type(cause()).__name__ in str(meant)


async def test_the_librarys_timeout_is_told_apart_by_its_cause() -> None:
    assert isinstance(await failed(httpx.ReadTimeout("")), TimedOut)
    assert isinstance(await failed(httpx.ConnectTimeout("")), TimedOut)
    assert isinstance(await failed(httpx.PoolTimeout("")), TimedOut)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, b"<html><head><title>502 Bad Gateway</title></head></html>"),
        (502, b'{"ok":false,"error_code":502,"description":"Bad Gateway"}'),
        (500, b'{"ok":false,"error_code":500,"description":"Internal Server Error"}'),
        (503, b""),
        (504, b"<html>504 Gateway Time-out</html>"),
    ],
)
async def test_a_gateways_answer_is_tried_again(status: int, body: bytes) -> None:
    meant = meaning(await answered(status, body))
    assert isinstance(meant, Delayed)
    assert meant.retry_after_s == faults.AGAIN_S


async def test_the_servers_own_answers_mean_what_they_say() -> None:
    flood = b'{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":9}}'
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PTB_TIMEDELTA", "1")
        meant = meaning(await answered(429, flood))
    assert isinstance(meant, Delayed)
    assert meant.retry_after_s == 9
    moved = (
        b'{"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":-7}}'
    )
    assert isinstance(meaning(await answered(400, moved)), faults.Moved)
    gone = b'{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}'
    assert isinstance(meaning(await answered(403, gone)), Unreachable)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "Message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message",
            faults.Unchanged,
        ),
        (
            "Query is too old and response timeout expired or query id is invalid",
            faults.TooOld,
        ),
        ("QUERY_ID_INVALID", faults.TooOld),
        ("Message thread not found", faults.NoTopic),
        ("TOPIC_CLOSED", faults.NoTopic),
        ("TOPIC_DELETED", faults.NoTopic),
        ("TOPIC_ID_INVALID", faults.NoTopic),
        ("Message to edit not found", faults.NoMessage),
        ("Message can't be edited", faults.NoMessage),
        ("MESSAGE_ID_INVALID", faults.NoMessage),
        ("Message to delete not found", faults.NoMessage),
        ("Chat not found", Unreachable),
        ("Not enough rights to send text messages to the chat", Unreachable),
        ("Have no rights to send a message", Unreachable),
        ("CHAT_WRITE_FORBIDDEN", Unreachable),
        ("CHAT_SEND_PLAIN_FORBIDDEN", Unreachable),
        ("Need administrator rights in the channel chat", Unreachable),
        ("User not found", Unreachable),
        ("PEER_ID_INVALID", Unreachable),
        ("Group chat was deactivated", Unreachable),
        ("CHAT_RESTRICTED", Unreachable),
        ("Can't parse entities: unsupported start tag", faults.Unreadable),
        ("Message is too long", faults.Unreadable),
    ],
)
def test_each_refusal_has_its_meaning(text: str, kind: type[Exception]) -> None:
    assert type(meaning(BadRequest(text))) is kind


def test_a_lost_message_is_a_kind_of_being_out_of_reach() -> None:
    assert issubclass(faults.NoMessage, Unreachable)


@pytest.mark.parametrize(
    "error",
    [
        BadRequest("Message text is empty"),
        BadRequest("BUTTON_DATA_INVALID"),
        Conflict("terminated by other getUpdates request"),
        InvalidToken("no such bot"),
        TelegramError("something new"),
    ],
    ids=str,
)
def test_what_we_do_not_expect_stays_what_it_is(error: TelegramError) -> None:
    assert meaning(error) is error
