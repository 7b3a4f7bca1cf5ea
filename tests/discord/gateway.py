"""The websocket side: identify, resume, heartbeats, and events to the shards they belong to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.discord import intents
from tests.discord.sessions import Line, Session

if TYPE_CHECKING:
    from tests.discord.api import DiscordApi
    from tests.discord.guilds import Guild

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11


class Gateway:
    """All sessions of the bot."""

    def __init__(self, api: DiscordApi) -> None:
        self.api = api
        self.sessions: list[Session] = []
        self.identifies = 0
        self.resumes = 0
        self.lines: set[Line] = set()

    def dispatch(
        self,
        name: str,
        data: dict[str, Any],
        *,
        guild: Guild | None = None,
        needs: int = 0,
        seen: Callable[[Session], dict[str, Any]] | None = None,
    ) -> None:
        """Send an event to the shard of a guild, if it asked for such; `seen`: as it may see it."""
        for session in self.sessions:
            wanted = not needs or session.intents & needs
            if wanted and not session.dead and session.holds(guild.id if guild else None):
                session.add(name, seen(session) if seen else data)
        self.api.pulse.beat()

    @property
    def is_connected(self) -> bool:
        """Whether every shard has a connection."""
        ready = [one for one in self.sessions if one.open and not one.dead]
        return bool(ready) and {one.shard for one in ready} >= set(range(ready[-1].shards))

    def drop(self, code: int | None, resumable: bool) -> None:
        """End all connections."""
        for session in self.sessions:
            session.drop(code)
            session.dead = session.dead or not resumable
        for line in self.lines:
            line.close(code)
        self.api.pulse.beat()

    def ask_to_reconnect(self) -> None:
        """Ask every connected shard to come again."""
        for session in self.sessions:
            if session.line is not None:
                session.line.send(RECONNECT, None)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection of the bot until it ends."""
        if self.api.is_down:
            return web.Response(
                status=503, text="<html>no gateway</html>", content_type="text/html"
            )
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        line = Line()
        self.lines.add(line)
        line.send(HELLO, {"heartbeat_interval": self.api.heartbeat_ms, "_trace": []})
        writing = asyncio.ensure_future(self._write(request, socket, line))
        try:
            await self._read(socket, line)
        finally:
            writing.cancel()
            self.lines.discard(line)
            for session in self.sessions:
                if session.line is line:
                    session.line = None
                    # who says goodbye properly has no session any more
                    session.dead = session.dead or socket.close_code in (1000, 1001)
            self.api.pulse.beat()
        return socket

    async def _write(self, request: web.Request, socket: web.WebSocketResponse, line: Line) -> None:
        while True:
            out = await line.outbox.get()
            if isinstance(out, str):
                await socket.send_str(out)
            elif out is None:
                if request.transport is not None:
                    request.transport.abort()
                return
            else:
                await socket.close(code=out)
                return

    async def _read(self, socket: web.WebSocketResponse, line: Line) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                frame = json.loads(message.data)
                op, data = frame["op"], frame.get("d")
            except (ValueError, KeyError, TypeError):
                line.close(4002)
                continue
            if op == HEARTBEAT:
                line.send(ACK, None)
            elif op == IDENTIFY:
                self._identify(line, data)
            elif op == RESUME:
                self._resume(line, data)
            elif op > ACK:
                line.close(4001)

    def _identify(self, line: Line, data: dict[str, Any]) -> None:
        api = self.api
        shard, shards = data.get("shard") or (0, 1)
        asked = data.get("intents")
        allowed = intents.PRIVILEGED if api.privileged else 0
        if api.message_content_allowed:
            allowed |= intents.MESSAGE_CONTENT
        if any(session.line is line for session in self.sessions):
            return line.close(4005)
        if str(data.get("token", "")).removeprefix("Bot ") != api.token:
            return line.close(4004)
        if not isinstance(asked, int):
            return line.close(4013)
        if asked & intents.PRIVILEGED & ~allowed:
            return line.close(4014)
        if not 0 <= shard < shards:
            return line.close(4010)
        if not api.limits.identifies_now(api.loop_time()):
            return line.send(INVALID, False)
        self.identifies += 1
        session = Session(shard, shards, asked, api.loop_time(), line=line)
        self.sessions.append(session)
        self._greet(session)
        api.pulse.beat()
        return None

    def _greet(self, session: Session) -> None:
        api = self.api
        guilds = [one for one in api.guilds.values() if one.has_bot and session.holds(one.id)]
        ready = {
            "v": 10,
            "user": {**api.me.shown(), "mfa_enabled": False, "verified": True, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": api.gateway,
            "shard": [session.shard, session.shards],
            "application": {"id": str(api.application_id), "flags": api.application_flags},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "user_settings": {},
        }
        session.add("READY", ready)
        if session.intents & intents.GUILDS:
            for guild in guilds:
                if guild.available:
                    session.add("GUILD_CREATE", guild.created())

    def _resume(self, line: Line, data: dict[str, Any]) -> None:
        if str(data.get("token", "")).removeprefix("Bot ") != self.api.token:
            return line.close(4004)
        sequence = data.get("seq")
        for session in self.sessions:
            if session.id == data.get("session_id") and not session.dead:
                if not isinstance(sequence, int) or not 0 <= sequence <= len(session.frames):
                    return line.close(4007)
                session.drop(4000)
                self.resumes += 1
                session.resume(line, sequence)
                self.api.pulse.beat()
                return None
        return line.send(INVALID, False)
