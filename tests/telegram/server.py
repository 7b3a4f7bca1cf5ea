"""The HTTP side: requests read, checked, refused, broken on demand, and answered."""

from __future__ import annotations

import inspect
import struct
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.telegram import params as parameters
from tests.telegram import presence, profile, sending, uploads
from tests.telegram.faults import Fault
from tests.telegram.params import Params
from tests.telegram.refusals import Refused, bad
from tests.telegram.registry import METHODS

if TYPE_CHECKING:
    from tests.telegram.api import BotApi

LOADED = (presence, profile, sending, uploads)
"""Modules whose methods are registered by importing them."""

BY_NAME = {name.lower(): name for name in METHODS}
NGINX = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body></html>"
)
REASONS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}


@dataclass
class Call:
    """One request of the bot, and how it was answered; status 0: not at all."""

    method: str
    params: dict[str, Any]
    at: float
    status: int = 0
    description: str = ""


class Server:
    """Listens on a free local port on behalf of one bot's Telegram."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.base = ""
        self._closing = False
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        app.router.add_route("*", "/bot{token}/{method}", self._request)
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1
        )

    async def start(self) -> None:
        """Listen."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Listen no more; whoever still waits is answered or cut off."""
        self._closing = True
        self.api.pulse.beat()
        await self._runner.cleanup()

    async def _request(self, request: web.Request) -> web.StreamResponse:
        api = self.api
        asked = request.match_info["method"]
        method = BY_NAME.get(asked.lower(), asked)
        params = await parameters.read(request)
        call = Call(method, params.decoded(), api.loop_time())
        api.calls.append(call)
        chat_id = call.params.get("chat_id")
        token_fits = request.match_info["token"] == api.token
        fault = api.faults.take(method, chat_id) if token_fits else None
        kind = fault.kind if fault else ""
        if fault and (broken := await self._before(request, fault)) is not None:
            call.status = broken.status if kind in ("refuse", "server", "garbage") else 0
            call.description = fault.refusal.description if fault.refusal else kind
            return broken
        try:
            result = await self._do(method, params, chat_id, token_fits)
        except Refused as refused:
            body, status = refused.body, refused.code
            call.description = refused.description
        else:
            body, status = {"ok": True, "result": result}, 200
        if fault and kind == "hang_after":
            await self._rest(fault.seconds)
        if kind == "reset_after":
            return _reset(request)
        call.status = status
        return web.json_response(body, status=status)

    async def _do(self, method: str, params: Params, chat_id: Any, token_fits: bool) -> Any:
        api = self.api
        if not token_fits:
            raise Refused(401, "Unauthorized")
        if method not in METHODS:
            raise Refused(404, "Not Found")
        if api.spec and (wrong := api.spec.of_request(method, params)):
            api.breaches += wrong
            raise bad(f"spec: {'; '.join(wrong)}")
        counted = is_counted(method) and isinstance(chat_id, int)
        if counted:
            api.limits.check(chat_id, api.loop_time())
        result = METHODS[method](api, params)
        if inspect.isawaitable(result):
            result = await result
        if counted:
            api.limits.count(chat_id, api.loop_time())
        if api.spec:
            api.breaches += api.spec.of_result(method, result)
        return result

    async def _before(self, request: web.Request, fault: Fault) -> web.StreamResponse | None:
        """Return the answer of a call that does nothing; None for one that does what it should."""
        match fault.kind:
            case "refuse":
                assert fault.refusal
                return web.json_response(fault.refusal.body, status=fault.refusal.code)
            case "server":
                reason = REASONS.get(fault.code, "Error")
                if fault.code == 500:
                    refused = Refused(500, reason)
                    return web.json_response(refused.body, status=500)
                page = NGINX.format(f"{fault.code} {reason}")
                return web.Response(text=page, status=fault.code, content_type="text/html")
            case "garbage":
                return web.Response(text="<html>not what you think</html>")
            case "reset_before":
                return _reset(request)
            case "hang_before":
                await self._rest(fault.seconds)
                return _reset(request, politely=True)
            case "slow":
                await self._rest(fault.seconds)
        return None

    async def _rest(self, seconds: float) -> None:
        await self.api.pulse.until(lambda: True if self._closing else None, seconds)

    async def _file(self, request: web.Request) -> web.Response:
        media = self.api.files.get(request.match_info["path"].rpartition("/")[2])
        if request.match_info["token"] != self.api.token or media is None:
            return web.json_response(Refused(404, "Not Found").body, status=404)
        return web.Response(body=media.content)


def is_counted(method: str) -> bool:
    """Whether a method counts towards the limits: all that show something new."""
    shows = method.startswith(("send", "editMessage")) or method == "copyMessage"
    return shows and method != "sendChatAction"


def _reset(request: web.Request, *, politely: bool = False) -> web.Response:
    """Cut the connection off in the middle; unless politely, with a reset."""
    if request.transport is not None:
        if not politely:
            socket = request.transport.get_extra_info("socket")
            socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
