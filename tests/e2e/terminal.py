"""A terminal program in a process of its own, which can be killed at any moment."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue

SMALL_BANK = Path(__file__).parent.parent / "small_bank"
ENVIRONMENT = {**os.environ, "PYTHONUTF8": "1", "DRILLMATE_BANK__FOLDER": str(SMALL_BANK)}
PATIENCE_S = 60.0


class Terminal:
    """`drillmate console` reading a pipe."""

    def __init__(self, database: Path, clock: str) -> None:
        self.lines: list[str] = []
        self._seen: Queue[str] = Queue()
        command = [sys.executable, "-m", "bot", "console"]
        self._process = subprocess.Popen(
            [*command, "--database", f"sqlite:///{database}", "--clock", clock],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            bufsize=1,
            env=ENVIRONMENT,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._asked = 0

    def sends(self, *entries: str) -> None:
        """Type entries, without waiting."""
        assert self._process.stdin is not None
        self._process.stdin.write("".join(f"{entry}\n" for entry in entries))
        self._process.stdin.flush()

    def finishes(self) -> None:
        """Wait until all that was typed has been answered."""
        self._asked += 1
        mark = f"# done {self._asked}"
        self.sends(mark)
        while True:
            try:
                line = self._seen.get(timeout=PATIENCE_S)
            except Empty:
                raise AssertionError("\n".join(self.lines[-30:])) from None
            if line.strip() == mark:
                return
            if line == "":
                raise AssertionError("the program ended: " + "\n".join(self.lines[-30:]))

    def dies(self) -> None:
        """Kill it, as a power cut does."""
        self._process.send_signal(signal.SIGKILL)
        self._end()

    def leaves(self) -> int:
        """End the input and return the exit status."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        status = self._process.wait(PATIENCE_S)
        self._end()
        return status

    def _end(self) -> None:
        self._process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None and not stream.closed:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))
            self._seen.put(line.rstrip("\n") or " ")
        self._seen.put("")
