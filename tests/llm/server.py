"""The HTTP side: completions asked for, answered by a judge, or broken on demand."""

from __future__ import annotations

import asyncio
import json
import struct
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET
from types import TracebackType
from typing import Any

from aiohttp import web

from tests.llm import judges
from tests.llm.faults import Fault, Faults
from tests.llm.judges import Judge

USAGE = {"prompt_tokens": 800, "completion_tokens": 120, "total_tokens": 920}
CHUNK = 64_000


@dataclass
class Call:
    """One request, as it came."""

    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def form(self) -> str:
        """How JSON was asked for."""
        return str(self.body.get("response_format", {"type": "text"})["type"])


@dataclass
class LlmServer:
    """Listens on a free local port; use it as an async context manager."""

    judge: Judge = judges.silent
    faults: Faults = field(default_factory=Faults)
    calls: list[Call] = field(default_factory=list)
    open: int = 0
    base: str = ""

    async def __aenter__(self) -> LlmServer:
        self._closing = asyncio.Event()
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
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

    @property
    def connections(self) -> int:
        """Connections that are open now."""
        server = self._runner.server
        assert server is not None
        return len(server.connections)

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        self.calls.append(Call(json.loads(text), dict(request.headers)))
        fault = self.faults.take(text)
        self.open += 1
        try:
            return await self._answer(request, json.loads(text), fault)
        finally:
            self.open -= 1

    async def _answer(
        self, request: web.Request, body: dict[str, Any], fault: Fault | None
    ) -> web.StreamResponse:
        if fault is None:
            return web.json_response(self._completion(body))
        match fault.kind:
            case "answer":
                return web.Response(body=fault.body, status=fault.status, headers=fault.headers)
            case "content":
                return web.json_response(self._completion(body, fault))
            case "hang":
                await self._closing.wait()
            case "slow":
                await self._rest(fault.seconds)
                return web.json_response(self._completion(body))
            case "reset":
                return _reset(request)
            case "no_choices":
                return web.json_response({"id": "x", "choices": [], "usage": USAGE})
            case "no_usage":
                return web.json_response({**self._completion(body), "usage": None})
            case "mad_usage":
                usage = {"total_tokens": -(10**30)}
                return web.json_response({**self._completion(body), "usage": usage})
            case _:
                return await self._stream(request, body, fault)
        return web.Response(status=503)

    async def _stream(
        self, request: web.Request, body: dict[str, Any], fault: Fault
    ) -> web.StreamResponse:
        """Begin to answer, and never come to a good end."""
        response = web.StreamResponse(
            status=fault.status, headers={"Content-Type": "application/json"}
        )
        await response.prepare(request)
        whole = json.dumps(self._completion(body)).encode()
        if fault.kind == "reset_inside":
            await response.write(whole[: len(whole) // 2])
            return _reset(request)
        if fault.kind == "drip":
            for byte in whole:
                await response.write(bytes([byte]))
                if await self._rest(0.05):
                    break
            return response
        while not self._closing.is_set():  # a flood
            await response.write(b" " * CHUNK)
        return response

    async def _rest(self, seconds: float) -> bool:
        """Wait; whether the server is being closed."""
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return False
        return True

    def _completion(self, body: dict[str, Any], fault: Fault | None = None) -> dict[str, Any]:
        text = json.dumps(self.judge(judges.read(body))) if fault is None else fault.text
        choice = {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": text},
            **(fault.choice if fault else {}),
        }
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [choice],
            "usage": USAGE,
            "of_a_later_version": {"unknown": True},
        }


def _reset(request: web.Request) -> web.Response:
    """Cut the connection off."""
    if request.transport is not None:
        socket = request.transport.get_extra_info("socket")
        socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
