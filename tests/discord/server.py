"""The HTTP side: requests read, checked, refused, broken on demand, and answered."""

from __future__ import annotations

import inspect
import struct
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.discord import bodies, routes
from tests.discord.asked import ROUTES, Asked, Reply, Route
from tests.discord.channels import Channel
from tests.discord.faults import Fault
from tests.discord.rules.refused import Refused

if TYPE_CHECKING:
    from tests.discord.api import DiscordApi

LOADED = routes
PAGE = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body></html>"
)
REASONS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
VIA = {"Via": "1.1 google"}
"""What answers of Discord itself carry, other than those of the proxy before it."""


@dataclass
class Call:
    """One request of the bot, and how it was answered; status 0: not at all."""

    method: str
    path: str
    route: str
    body: Any
    at: float
    status: int = 0
    code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


class Server:
    """Listens on a free local port on behalf of one bot's Discord."""

    def __init__(self, api: DiscordApi) -> None:
        self.api = api
        self.address = ""
        self._closing = False
        app = web.Application(client_max_size=300 * 2**20)
        for route in sorted(ROUTES, key=lambda one: one.path):  # literal parts before any id
            app.router.add_route(route.method, "/api/v10" + route.path, self._of(route))
        app.router.add_get("/gateway", api.gateway_events.connect)
        app.router.add_get("/gateway/", api.gateway_events.connect)
        app.router.add_get("/attachments/{channel_id}/{file_id}/{filename}", self._file)
        app.router.add_route("*", "/{path:.*}", self._nowhere)
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1
        )

    async def start(self) -> None:
        """Listen."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Listen no more; whoever still waits is answered or cut off."""
        self._closing = True
        self.api.drops()
        self.api.pulse.beat()
        await self._runner.cleanup()

    def _of(self, route: Route) -> Any:
        async def work(request: web.Request) -> web.StreamResponse:
            return await self._request(request, route)

        return work

    async def _nowhere(self, request: web.Request) -> web.StreamResponse:
        name = f"{request.method} {request.path}"
        call = Call(request.method, request.path, name, None, self.api.loop_time(), 404)
        self.api.calls.append(call)
        return web.json_response({"message": "404: Not Found", "code": 0}, status=404)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        number = request.match_info["file_id"]
        file = self.api.files.get(int(number) if number.isdigit() else 0)
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type=file.content_type)

    async def _request(self, request: web.Request, route: Route) -> web.StreamResponse:
        api = self.api
        path = request.path.removeprefix("/api/v10")
        call = Call(request.method, path, route.name, None, api.loop_time())
        call.headers, call.query = dict(request.headers), dict(request.query)
        api.calls.append(call)
        if api.is_down:
            return self._answered(call, _page(503))
        asked = Asked(api, dict(request.match_info), dict(request.query))
        fault = api.faults.take(route.name, self._channel(asked))
        try:
            call.body, asked.files = await bodies.read(request)
            asked.body = bodies.copied(call.body)
        except Refused as refused:
            return self._answered(call, _refusal(refused))
        if fault and (broken := await self._before(request, fault)) is not None:
            return self._answered(call, broken)
        response = await self._do(request, route, call, asked)
        if fault and fault.kind == "hang_after":
            await self._rest(fault.seconds)
        if fault and fault.kind == "reset_after":
            return self._answered(call, _reset(request))
        return self._answered(call, response)

    def _answered(self, call: Call, response: web.Response) -> web.Response:
        call.status = response.status if response.status != 444 else 0
        call.code = int(response.headers.get("X-Code", 0))
        response.headers.popall("X-Code", None)
        self.api.limits.answered(call.status)
        self.api.pulse.beat()
        return response

    async def _do(
        self, request: web.Request, route: Route, call: Call, asked: Asked
    ) -> web.Response:
        api = self.api
        headers: dict[str, str] = {}
        try:
            self._authorise(request, route)
            body = asked.body if isinstance(asked.body, dict) else None
            verdict = api.limits.check(route.name, _major(asked), api.loop_time(), body)
            headers = verdict.headers
            if verdict.retry_after is not None:
                return _json(429, verdict.body, {**headers, **VIA})
            self._check_request(route, call)
            result = route.work(asked)
            if inspect.isawaitable(result):
                result = await result
        except Refused as refused:
            self._check_response(route, refused.status, refused.body)
            return _refusal(refused, headers)
        reply = (
            result if isinstance(result, Reply) else Reply(204 if result is None else 200, result)
        )
        self._check_response(route, reply.status, reply.body)
        if reply.status == 204:
            return web.Response(status=204, headers={**headers, **VIA})
        return _json(reply.status, reply.body, headers)

    def _authorise(self, request: web.Request, route: Route) -> None:
        if route.auth and request.headers.get("Authorization") != f"Bot {self.api.token}":
            raise Refused(401, 0, "401: Unauthorized")

    def _check_request(self, route: Route, call: Call) -> None:
        if self.api.spec is None or (call.body is None and call.method in ("GET", "DELETE")):
            return
        wrong = self.api.spec.of_request(route.method, route.path, call.body)
        if wrong:
            self.api.breaches += [f"{route.name}: {one}" for one in wrong]
            raise Refused(400, 50035, f"Invalid Form Body: {'; '.join(wrong)}")

    def _check_response(self, route: Route, status: int, body: Any) -> None:
        if self.api.spec is not None:
            wrong = self.api.spec.of_response(route.method, route.path, status, body)
            self.api.breaches += [f"answer to {route.name}: {one}" for one in wrong]

    def _channel(self, asked: Asked) -> Channel | None:
        """Return the channel that a request is about, for faults in one channel only."""
        if "channel_id" in asked.path and asked.path["channel_id"].isdigit():
            return self.api.channels.get(int(asked.path["channel_id"]))
        token = asked.path.get("interaction_token") or asked.path.get("webhook_token")
        found = (one.channel for one in self.api.interactions.values() if one.token == token)
        return next(found, None)

    async def _before(self, request: web.Request, fault: Fault) -> web.Response | None:
        """Return the answer of a call that does nothing; None for one that does what it should."""
        match fault.kind:
            case "too_many":
                body = {
                    "message": "You are being rate limited.",
                    "retry_after": fault.seconds,
                    "global": fault.is_global,
                }
                headers = {"Retry-After": str(max(1, round(fault.seconds))), **VIA}
                headers["X-RateLimit-Scope"] = "global" if fault.is_global else "user"
                if fault.is_global:
                    headers["X-RateLimit-Global"] = "true"
                return _json(429, body, headers)
            case "cloudflare":
                headers = {"Retry-After": f"{fault.seconds:g}", "Server": "cloudflare"}
                page = PAGE.format("Error 1015: You are being rate limited")
                return web.Response(
                    text=page, status=429, headers=headers, content_type="text/html"
                )
            case "refused":
                return _refusal(Refused(fault.status, fault.code, fault.message or "Refused"))
            case "server":
                return _page(fault.status)
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


def _major(asked: Asked) -> str:
    names = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_id")
    return "/".join(asked.path[name] for name in names if name in asked.path)


def _json(status: int, body: Any, headers: dict[str, str]) -> web.Response:
    response = web.json_response(body, status=status, headers={**VIA, **headers})
    # the library takes a body with a charset in its type for text
    response.headers["Content-Type"] = "application/json"
    return response


def _refusal(refused: Refused, headers: dict[str, str] | None = None) -> web.Response:
    return _json(refused.status, refused.body, {**(headers or {}), "X-Code": str(refused.code)})


def _page(status: int) -> web.Response:
    page = PAGE.format(f"{status} {REASONS.get(status, 'Error')}")
    return web.Response(text=page, status=status, content_type="text/html")


def _reset(request: web.Request, *, politely: bool = False) -> web.Response:
    """Cut the connection off in the middle; unless politely, with a reset."""
    if request.transport is not None:
        if not politely:
            socket = request.transport.get_extra_info("socket")
            socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response(status=444)
