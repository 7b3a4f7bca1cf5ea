"""A stand-in for servers that write down what was spoken: `/audio/transcriptions` over a socket."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import web


@dataclass
class VoiceServer:
    """Hears in a recording what the recording's bytes say.

    Attributes:
        faults: What the next requests get instead: a status and a body; a status of 0 hangs.
        heard: Model, file name and sound of each request.
    """

    faults: list[tuple[int, bytes]] = field(default_factory=list)
    heard: list[tuple[str, str, bytes]] = field(default_factory=list)
    base: str = ""

    async def __aenter__(self) -> Self:
        self._closing = asyncio.Event()
        app = web.Application(client_max_size=30 * 2**20)
        app.router.add_post("/v1/audio/transcriptions", self._transcribe)
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._closing.set()
        await self._runner.cleanup()

    async def _transcribe(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        with file.file as opened:
            sound = opened.read()
        self.heard.append((str(form["model"]), file.filename, sound))
        if self.faults:
            status, body = self.faults.pop(0)
            if not status:
                await self._closing.wait()
            return web.Response(status=status or 503, body=body)
        return web.json_response({"text": sound.decode(), "usage": {"seconds": 1}})
