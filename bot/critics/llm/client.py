"""One request to the server, and what its answer means; the only module that loads `openai`.

It is imported when the first opinion is asked for: loading takes half a second and 27 MB.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx2
import openai

from bot.critics.llm.failures import Declined, Failure, ServerFailure, Unusable
from bot.critics.llm.manner import Manner
from bot.settings import LlmSettings

MAX_BODY = 1_000_000
"""Bytes of an answer from the server; replies have a few thousand."""
MAX_PACKED = 64_000
"""The same for one that is compressed, which may unpack to a thousand times as much."""
CONNECT_SHARE = 0.3
"""Share of an opinion's time that connecting may take, so that a second try is possible."""
MANNERS = frozenset((400, 404, 405, 406, 415, 422, 501))
"""Statuses with which servers turn down a field they do not know."""

_SPENT = ("insufficient_quota", "billing", "exceeded your current quota", "credit balance")
_OF_THE_ANSWER = ("content_filter", "content_policy", "content management policy")
_FIRST_WORDS = 2_000


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote, and what that took, if the server says so."""

    content: str
    tokens: int | None


class Client:
    """Speaks to one server for one model."""

    def __init__(self, settings: LlmSettings) -> None:
        """Connect to nobody yet."""
        for name in ("openai", "httpx2", "httpcore2"):  # they would log requests at DEBUG
            logging.getLogger(name).setLevel(logging.WARNING)
        self._model = settings.model
        self._reply_tokens = settings.reply_tokens
        key = settings.api_key.get_secret_value()
        # The library's own choice of a client is kept for its proxies and certificates. Following
        # a redirect could take answers to somebody whom nobody has agreed to.
        http = openai.DefaultAsyncHttpxClient(
            timeout=httpx2.Timeout(settings.total_s, connect=settings.total_s * CONNECT_SHARE),
            limits=httpx2.Limits(max_connections=settings.in_flight + 1),
            follow_redirects=False,
            headers={"Accept-Encoding": "identity"},
            event_hooks={"response": [_limited]},
        )
        self._openai = openai.AsyncOpenAI(
            base_url=settings.base_url,
            api_key=key or "none",  # the library wants one; a server of one's own does not look
            max_retries=0,
            http_client=http,
        )
        self._openai.organization = None  # from the environment, and meant for somebody else
        self._openai.project = None

    async def complete(self, messages: list[dict[str, str]], manner: Manner) -> Completion:
        """Return what the model answers to `messages`.

        Raises:
            ServerFailure: The server did not answer, or not with a completion.
            Declined: It does not take such a request.
            Unusable: It answered, but the model has written nothing.
        """
        try:
            raw = await self._openai.chat.completions.with_raw_response.create(
                model=self._model,
                messages=cast("Any", messages),
                **manner.fields(self._reply_tokens),
            )
            body = raw.content
        except openai.APIStatusError as error:
            raise _refusal(error) from None
        except openai.APITimeoutError:
            raise ServerFailure("timeout") from None
        except openai.APIConnectionError as error:
            again = isinstance(error.__cause__, httpx2.TransportError)
            raise ServerFailure("no connection", 0 if again else None) from None
        except _TooMuch:
            raise ServerFailure("an endless answer") from None
        return _completion(body)

    async def close(self) -> None:
        """Close connections."""
        await self._openai.close()


class _TooMuch(Exception):
    """A body is larger than anything we asked for."""


class _Limited(httpx2.AsyncByteStream):
    """A body that ends in an error when it grows too large."""

    def __init__(self, stream: httpx2.AsyncByteStream, most: int) -> None:
        self._stream = stream
        self._left = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self._left -= len(chunk)
            if self._left < 0:
                raise _TooMuch
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _limited(response: httpx2.Response) -> None:
    packed = response.headers.get("content-encoding", "identity") != "identity"
    stream = cast("httpx2.AsyncByteStream", response.stream)
    response.stream = _Limited(stream, MAX_PACKED if packed else MAX_BODY)


def _refusal(error: openai.APIStatusError) -> Failure:
    """Return what an error status means; the server's words stay here."""
    status = error.status_code
    about = _words(error)
    if status < 500 and any(each in about for each in _OF_THE_ANSWER):
        return Unusable("the provider refuses the answer")
    if status in (401, 403):
        return ServerFailure(f"the key is refused ({status})")
    if status == 402 or any(each in about for each in _SPENT):
        return ServerFailure("the provider's quota is used up")
    if status == 429:
        return ServerFailure("too many requests (429)", _retry_after(error.response.headers))
    if status >= 500 and status not in MANNERS:
        after = _retry_after(error.response.headers)
        wanted = "retry-after" in error.response.headers
        return ServerFailure(f"the server fails ({status})", after if wanted else 0)
    if status in MANNERS:
        return Declined(f"the request is refused ({status})", about)
    return ServerFailure(f"unexpected status ({status})")


def _words(error: openai.APIStatusError) -> str:
    """Return what the server says, in lower case, whatever shape it has."""
    body = error.body
    said = body if isinstance(body, str) else json.dumps(body, default=str)
    return said[:_FIRST_WORDS].lower()


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server wants to be left alone; None if it gives no number."""
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < 86_400 else None


def _completion(body: bytes) -> Completion:
    """Return the completion that a body is; nothing is taken for granted.

    Raises:
        ServerFailure: It is none.
        Unusable: The model has written nothing.
    """
    try:
        whole = json.loads(body)
        choices = whole["choices"]
    except (ValueError, RecursionError, TypeError, KeyError):
        raise ServerFailure("the answer is no completion") from None
    tokens = _tokens(whole.get("usage"))
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise Unusable("the model has not answered", tokens or 0)
    if message.get("refusal") or choice.get("finish_reason") == "content_filter":
        raise Unusable("the model refuses", tokens or 0)
    content = message.get("content")
    if not isinstance(content, str) or not content.strip():
        cut = choice.get("finish_reason") == "length"
        reason = "the reply was cut off" if cut else "the model has not answered"
        raise Unusable(reason, tokens or 0)
    return Completion(content, tokens)


def _tokens(usage: object) -> int | None:
    """Return what a server says a call took, if that can be."""
    total = usage.get("total_tokens") if isinstance(usage, dict) else None
    if isinstance(total, bool) or not isinstance(total, int):
        return None
    return total if 0 < total < 10_000_000 else None
