"""Carries out the Dockerfile on this machine, and looks at what comes out: `make image-replay`.

Needs root and debootstrap (Debian's package of that name), but no container engine. In place of the
Python image stands a fresh Debian with its own Python, so this shows that the steps work and what
they leave behind; it does not show that the program runs on the Python that the Dockerfile names.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.image.carried import Carried
from tests.image.dockerfile import Instruction, parse
from tests.image.engine import Engine, Made, run
from tests.image.ignored import Ignored

ROOT = Path(__file__).parents[2]
PACKAGES = "python3,python3-venv,ca-certificates"
BUILDERS = "ar as c++ cargo cc cmake curl gcc git g++ ld make pip pip3 rustc uv wget".split()
SHARED = {"/tmp", "/var/tmp", "/run/lock", "/dev", "/proc"}
"""Where a Debian lets everybody write; with a read-only root only /tmp is left of them."""


def main() -> int:
    """Replay, and return 1 if something is not as it should be."""
    options = argparse.ArgumentParser(description="Carry out the Dockerfile without an engine.")
    options.add_argument("--base", type=Path, help="a root that debootstrap has made before")
    options.add_argument("--keep", action="store_true", help="leave the roots where they are")
    chosen = options.parse_args()
    if os.geteuid() != 0:
        return _refuse("This changes roots and mounts folders: run it as root.")
    if not chosen.base and shutil.which("debootstrap") is None:
        return _refuse("There is no debootstrap here: install the package of that name.")
    work = Path(tempfile.mkdtemp(prefix="drillmate-image-"))
    work.chmod(0o755)  # or the image's user could not reach its own root
    try:
        return _replay(work, chosen.base)
    finally:
        if chosen.keep:
            sys.stdout.write(f"The roots are in {work}.\n")
        else:
            shutil.rmtree(work)


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


def _replay(work: Path, base: Path | None) -> int:
    dockerfile = parse((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    ignored = Ignored((ROOT / ".dockerignore").read_text(encoding="utf-8"))
    if base is None:
        base = work / "debian"
        release = dockerfile.stages[0].source.rpartition("-")[2].partition("@")[0]
        sys.stdout.write(f"debootstrap {release} with {PACKAGES}\n")
        words = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", release, str(base)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    roots = work / "stages"
    roots.mkdir()
    engine = Engine(ROOT, ignored, roots, base, Carried.from_here())
    made = engine.build(dockerfile)
    volume = work / "data"
    shutil.copytree(made.place("/data"), volume)
    shutil.chown(volume, *map(int, made.user.split(":")))
    proof = Proof(made, base, volume)
    proof.show(dockerfile.stages[0].source)
    return int(proof.wrong > 0)


@dataclass
class Proof:
    """Looks at the last root, and runs the program in it as an engine would."""

    made: Made
    base: Path
    volume: Path
    wrong: int = 0

    def show(self, named: str) -> None:
        """Print every finding."""
        python = self.inside("python3", "--version").stdout.strip()
        sys.stdout.write(
            f"\n{self.made.root}, run read-only but for /tmp and /data, without a network, as "
            f"{self.made.user}\nBase: Debian with its {python}, in place of {named}.\n\n"
        )
        self._user_and_tree()
        self._program()
        self._size()

    def say(self, fine: bool, what: str, more: str = "") -> None:
        """Print one finding."""
        self.wrong += not fine
        sys.stdout.write(f"{'ok ' if fine else 'BAD'}  {what}\n")
        for line in more.strip().splitlines():
            sys.stdout.write(f"       {line}\n")

    def inside(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run something as the image runs: read-only, without a network, as its user."""
        places = {"/tmp": None, "/data": self.volume}
        return run(self.made, words, readonly=places, stdin=stdin)

    def image(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run what the image runs with these words after its name."""
        return self.inside(*self._form("ENTRYPOINT"), *words, stdin=stdin)

    def _form(self, name: str) -> Sequence[str]:
        one = self.made.told[name]
        if name == "HEALTHCHECK":
            one = Instruction(one.line, "CMD", {}, one.rest.removeprefix("CMD "))
        form = one.form()
        assert form is not None, f"line {one.line}: {name} needs the form of a list"
        return form

    def _user_and_tree(self) -> None:
        told = self.inside("id").stdout
        self.say(told.startswith("uid=1000(drillmate) gid=1000"), f"id: {told.strip()}")
        capabilities = self.inside("grep", "CapEff", "/proc/self/status").stdout
        self.say(capabilities.split()[-1].strip("0") == "", "it has no capabilities")
        written = run(self.made, ["find", "/", "-xdev", "-writable", "-not", "-type", "l"])
        found = {line for line in written.stdout.splitlines() if not line.startswith("/dev/")}
        own = found - SHARED
        # Of a root user these are thousands.
        places = " ".join(sorted(found)[:8])
        self.say(own == {"/data"}, f"without read-only it may write in {places}")
        refused = self.inside("touch", "/program/bot/cli.py", "/venv/x", "/x", "/var/tmp/x")
        lines = refused.stderr.splitlines()
        self.say(len(lines) == 4, "with read-only it may not, not even in /var/tmp", lines[-1])
        there = [name for name in BUILDERS if self.inside("sh", "-c", f"command -v {name}").stdout]
        self.say(
            not there, f"no {', '.join(BUILDERS[:5])} ...: {' '.join(there) or 'none'} is there"
        )
        added = _files(self.made.root) - _files(self.base)
        left = sorted(
            path
            for path in added
            if re.search(r"(^|/)(\.cache|\.git|pip-?|tests?/image|src)(/|$)|\.(whl|o|env)$", path)
            or re.match(r"(tmp|root|var/(cache|log|tmp))/", path)
        )
        self.say(not left, "no cache, no sources, nothing in /tmp or /root", "\n".join(left[:5]))
        tools = "hatchling editables pathspec trove_classifiers pip setuptools".split()
        kept = [
            name for name in tools if self.inside("python3", "-c", f"import {name}").returncode == 0
        ]
        self.say(not kept, f"nothing that builds can be imported: {' '.join(kept) or 'none'}")

    def _program(self) -> None:
        self._told("--help", 0, "console")
        self._told("migrate", 0, "The database is at revision")
        stat = (self.volume / "drillmate.db").stat()
        self.say(stat.st_uid == 1000, f"/data/drillmate.db is {stat.st_size:,} bytes of its own")
        self._told("doctor", 0, "revision")
        self._told("bank check", 0, "")
        health = self._form("HEALTHCHECK")
        silent = self.inside(*health)
        polite = silent.returncode == 1 and "Traceback" not in silent.stderr
        self.say(polite, f"{' '.join(health)}, without a beat: 1", silent.stderr)
        beat = (
            "from bot.clock import SystemClock; from bot.health import Heartbeat; "
            "from bot.settings import Settings; "
            "Heartbeat(Settings().health.file, 'all').beat(SystemClock().now())"
        )
        both = self.inside("sh", "-c", f'python3 -c "{beat}" && exec {" ".join(health)}')
        alive = both.returncode == 0 and both.stdout.startswith("Alive: last beat ")
        self.say(alive, f"{' '.join(health)}, after one: {both.returncode}", both.stdout)
        chat = self.image("console", stdin="/practice core-python\n/streak\n")
        self.say(
            chat.returncode == 0 and "Core Python" in chat.stdout,
            f"console, two commands through a pipe: {chat.returncode}",
            chat.stderr,
        )
        idle = self.image(*self._form("CMD"))
        polite = idle.returncode == 1 and "Traceback" not in idle.stderr
        self.say(polite, f"{' '.join(self._form('CMD'))}, with nothing to serve: 1", idle.stderr)

    def _told(self, words: str, status: int, part: str) -> None:
        done = self.image(*words.split())
        fine = done.returncode == status and part in done.stdout
        lines = (done.stdout + done.stderr).strip().splitlines()
        shown = [line for line in lines if line.strip()][: 12 if words == "doctor" else 3]
        self.say(fine, f"drillmate {words}: {done.returncode}", "\n".join(shown))

    def _size(self) -> None:
        parts = {"all": "", "/venv": "venv", "/program": "program", "what stood in for base": None}
        sizes = [
            f"{name} {_megabytes(self.base if part is None else self.made.root / part):.1f} MB"
            for name, part in parts.items()
        ]
        sys.stdout.write(f"\nsize: {', '.join(sizes)}\n")


def _files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}


def _megabytes(folder: Path) -> float:
    told = subprocess.run(
        ["du", "--summarize", "--one-file-system", "--block-size=1K", folder],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(told.stdout.split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
