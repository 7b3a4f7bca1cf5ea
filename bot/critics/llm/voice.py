"""Writing down what was spoken, with any server that speaks OpenAI's `/audio/transcriptions`."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any

import structlog

from bot.critics.base import CriticUnavailable
from bot.settings import LlmSettings

log = structlog.get_logger(__name__)

MOST_CHARACTERS = 40_000
"""Of a transcript: four minutes of speech have four thousand."""


class VoiceListener:
    """Listens; what it hears is shown to its person before anything is made of it."""

    def __init__(self, settings: LlmSettings) -> None:
        """Load nothing and connect to nobody yet."""
        self.provider = settings.provider
        self._settings = settings
        self._turns = asyncio.Semaphore(settings.in_flight)
        self._client: Any = None

    async def transcribe(self, sound: bytes, name: str, mime: str) -> str:
        """Return the words of a recording; empty if there are none.

        Raises:
            CriticUnavailable: The server does not answer, not in time, or not with words.
        """
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._settings.total_s), self._turns:
                text = await self._heard(sound, name, mime)
        except TimeoutError:
            raise self._failed("timeout", began) from None
        except CriticUnavailable as error:
            raise self._failed(error.reason, began) from None
        except Exception as error:
            # Servers and libraries fail in ways that nobody foresees; what they say may quote
            # what was sent.
            raise self._failed(type(error).__name__, began) from None
        self._log("voice written down", "ok", began)
        return text

    async def close(self) -> None:
        """Close connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _heard(self, sound: bytes, name: str, mime: str) -> str:
        client = await self._connected()
        raw = await client.audio.transcriptions.with_raw_response.create(
            model=self._settings.transcription_model,
            file=(name, sound, mime),
            response_format="json",
        )
        if len(raw.content) > 8 * MOST_CHARACTERS:
            raise CriticUnavailable("an endless answer")
        try:
            text = json.loads(raw.content)["text"]
        except (ValueError, RecursionError, TypeError, KeyError):
            raise CriticUnavailable("the answer is no transcript") from None
        if not isinstance(text, str):
            raise CriticUnavailable("the answer is no transcript")
        return text[:MOST_CHARACTERS]

    async def _connected(self) -> Any:
        if self._client is None:
            client = await asyncio.to_thread(_client, self._settings)
            if self._client is None:  # nobody else was quicker
                self._client = client
        return self._client

    def _failed(self, reason: str, began: float) -> CriticUnavailable:
        self._log("voice not written down", reason, began)
        return CriticUnavailable(reason)

    def _log(self, event: str, outcome: str, began: float) -> None:
        ms = round((time.monotonic() - began) * 1000)
        write = log.info if outcome == "ok" else log.warning
        write(event, model=self._settings.transcription_model, outcome=outcome, ms=ms)


def _client(settings: LlmSettings) -> Any:
    """Load the library, which takes half a second, and return its client."""
    import openai

    for name in ("openai", "httpx2", "httpcore2"):  # they would log requests at DEBUG
        logging.getLogger(name).setLevel(logging.WARNING)
    key = settings.api_key.get_secret_value()
    return openai.AsyncOpenAI(
        base_url=settings.base_url,
        api_key=key or "none",  # the library wants one; a server of one's own does not look
        max_retries=0,
        # A redirect could take a voice to somebody whom nobody has agreed to.
        http_client=openai.DefaultAsyncHttpxClient(
            timeout=settings.total_s, follow_redirects=False
        ),
    )
