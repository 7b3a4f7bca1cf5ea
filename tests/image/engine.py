"""Carries out a Dockerfile without a container engine: each stage in a root folder, with chroot.

Every step runs in a mount namespace of its own, so what is mounted for it (proc, folders with
packages) is gone when it ends, however it ends.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.image.carried import Carried
from tests.image.dockerfile import Dockerfile, Instruction, Stage, expand
from tests.image.ignored import Ignored

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Made:
    """A stage as it came out: its root, and what its instructions set."""

    root: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": PATH})
    arguments: dict[str, str] = field(default_factory=dict)
    user: str = "0:0"
    folder: str = "/"
    told: dict[str, Instruction] = field(default_factory=dict)
    """What is only noted: ENTRYPOINT, CMD, HEALTHCHECK and the like."""

    def copy(self, root: Path) -> Made:
        """Return the same in another root; the arguments of a stage are its own."""
        subprocess.run(["cp", "--archive", self.root, root], check=True)
        return Made(root, dict(self.environment), {}, self.user, self.folder, dict(self.told))

    @property
    def values(self) -> dict[str, str]:
        """Return what a step finds in its environment."""
        return {**self.arguments, **self.environment}

    def place(self, path: str) -> Path:
        """Return where a path of the image is on this machine."""
        return self.root / str(Path(self.folder) / path).lstrip("/")


@dataclass
class Engine:
    """Makes all stages of one Dockerfile."""

    context: Path
    ignored: Ignored
    work: Path
    """A folder for the roots."""
    base: Path
    """The root that stands in for every image that comes from outside."""
    carried: Carried
    made: dict[str, Made] = field(default_factory=dict)

    def build(self, dockerfile: Dockerfile) -> Made:
        """Make every stage, in order, and return the last one."""
        for stage in dockerfile.stages:
            self.made[stage.name] = self._stage(stage)
        return self.made[dockerfile.image.name]

    def _stage(self, stage: Stage) -> Made:
        sys.stdout.write(f"FROM {stage.source} AS {stage.name}\n")
        below = self.made.get(stage.source) or Made(self.base)
        made = below.copy(self.work / stage.name)
        for one in stage.instructions:
            began = time.monotonic()
            self._step(made, one)
            took = time.monotonic() - began
            sys.stdout.write(f"  {one.line:>3} {one.name} {_short(one)}  ({took:.1f} s)\n")
            sys.stdout.flush()
        return made

    def _step(self, made: Made, one: Instruction) -> None:
        match one.name:
            case "ARG":
                for name, value in one.pairs().items():
                    made.arguments[name] = expand(value, made.values)
            case "ENV":
                made.environment |= {k: expand(v, made.values) for k, v in one.pairs().items()}
            case "USER":
                made.user = expand(one.rest, made.values)
            case "WORKDIR":
                made.folder = str(Path(made.folder) / expand(one.rest, made.values))
                made.place(".").mkdir(parents=True, exist_ok=True)
            case "RUN":
                words = one.form() or ["/bin/sh", "-c", one.rest]
                run(made, words, carried=self.carried, check=True)
            case "COPY":
                self._copy(made, one)
            case "CMD" | "ENTRYPOINT" | "HEALTHCHECK" | "LABEL" | "STOPSIGNAL" | "VOLUME":
                made.told[one.name] = one
            case other:
                raise ValueError(f"line {one.line}: {other} cannot be carried out here")

    def _copy(self, made: Made, one: Instruction) -> None:
        """Copy as COPY does: of a folder what is in it, owned by root."""
        unknown = set(one.flags) - {"from"}
        if unknown:
            raise ValueError(f"line {one.line}: --{min(unknown)} cannot be carried out here")
        *sources, last = (expand(word, made.values) for word in one.words())
        target = made.place(last)
        several = last.endswith("/") or len(sources) > 1
        for source in sources:
            if "from" in one.flags:
                above = self.made[one.flags["from"]].root
                _copy(above / source.lstrip("/"), target, several, frozenset())
            else:
                origin = self.context / source
                _copy(origin, target, several, self._hidden(origin))

    def _hidden(self, origin: Path) -> frozenset[Path]:
        below = [origin, *origin.rglob("*")] if origin.is_dir() else [origin]
        return frozenset(
            path for path in below if self.ignored.hides(path.relative_to(self.context).as_posix())
        )


def _copy(origin: Path, target: Path, several: bool, hidden: frozenset[Path]) -> None:
    """Copy a file, or what is in a folder, without what is hidden."""
    if origin in hidden:
        raise FileNotFoundError(f"{origin} is hidden by .dockerignore")
    if origin.is_dir():

        def hides(folder: str, names: list[str]) -> list[str]:
            return [name for name in names if Path(folder, name) in hidden]

        shutil.copytree(origin, target, symlinks=True, dirs_exist_ok=True, ignore=hides)
        return
    into = target / origin.name if several else target
    into.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(origin, into)


def run(
    made: Made,
    words: Sequence[str],
    *,
    carried: Carried | None = None,
    readonly: Mapping[str, Path | None] | None = None,
    stdin: str = "",
    check: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a program in a stage's root as its user.

    Args:
        made: The stage.
        words: The program and its arguments.
        carried: What building needs of this machine; without it there is no network either.
        readonly: Where, in a root that is otherwise read-only, may be written: a folder of this
            machine for each path, or None for an empty one in memory. None: everywhere.
        stdin: What is typed.
        check: Whether to raise if the program fails.

    Raises:
        CalledProcessError: It failed, and `check` was asked for.
    """
    root = shlex.quote(str(made.root))
    script = ["set -e", f"mount --bind {root} {root}", f"mount -t proc proc {root}/proc"]
    stood_in: list[Path] = []
    for path in carried.paths if carried else ():
        inside = made.root / str(path).lstrip("/")
        if not inside.exists():
            stood_in += _stand_in(path, inside)
        script.append(f"mount --bind {shlex.quote(str(path.resolve()))} {shlex.quote(str(inside))}")
    if readonly is not None:
        script.append(f"mount -o remount,bind,ro {root}")
        for inside_path, folder in readonly.items():
            target = shlex.quote(str(made.root / inside_path.lstrip("/")))
            script.append(
                f"mount --bind {shlex.quote(str(folder))} {target}"
                if folder
                else f"mount -t tmpfs -o mode=1777,noexec,nosuid,nodev,size=16m tmpfs {target}"
            )
    uid, _, gid = made.user.partition(":")
    inner = ["cd", shlex.quote(made.folder), "&&", "exec", *map(shlex.quote, words)]
    drop = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"] if uid != "0" else []
    script.append(
        f"exec chroot {root} /usr/bin/setpriv --reuid={uid} --regid={gid or uid} --clear-groups "
        + " ".join([*drop, "/bin/sh", "-c", shlex.quote(" ".join(inner))])
    )
    variables = {"HOME": _home(made, uid), **made.values, **(carried.variables if carried else {})}
    apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    try:
        done = subprocess.run(
            [*apart, *([] if carried else ["--net"]), "/bin/sh", "-c", "\n".join(script)],
            env=variables,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        for path in reversed(stood_in):
            path.rmdir() if path.is_dir() else path.unlink()
    if check and done.returncode:
        sys.stdout.write(done.stdout + done.stderr)
        done.check_returncode()
    return done


def _stand_in(path: Path, inside: Path) -> list[Path]:
    """Make an empty folder or file to mount on; return all that was made, the outermost first."""
    missing = [above for above in reversed(inside.parents) if not above.exists()]
    for above in missing:
        above.mkdir()
    if path.is_dir():
        inside.mkdir()
    else:
        inside.touch()
    return [*missing, inside]


def _home(made: Made, uid: str) -> str:
    """Return the user's home folder, as the root's own list of users says."""
    for line in (made.root / "etc/passwd").read_text(encoding="utf-8").splitlines():
        fields = line.split(":")
        if uid in (fields[0], fields[2]):
            return fields[5]
    return "/"


def _short(one: Instruction) -> str:
    text = " ".join([*(f"--{name}={value}" for name, value in one.flags.items()), one.rest])
    return text if len(text) <= 76 else f"{text[:73]}..."
