"""What pip of this machine is told, carried into a root: options as variables, and what they name.

A machine may reach the package index through a mirror, a folder or a proxy of its own. None of it
stands in the Dockerfile, and none of it stays in the root.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_OPTION = re.compile(r"^(?:\S*[.])?([\w-]+)='(.*)'$", re.MULTILINE)
_PROXY = re.compile(r"(https?|no|all)_proxy", re.IGNORECASE)


@dataclass(frozen=True)
class Carried:
    """Variables for a step, and folders and files that must stand in its root meanwhile."""

    variables: dict[str, str]
    paths: list[Path]

    @classmethod
    def from_here(cls) -> Carried:
        """Ask pip of this Python how it is set up."""
        told = subprocess.run(
            [sys.executable, "-m", "pip", "config", "list"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        variables = {name: value for name, value in os.environ.items() if _PROXY.fullmatch(name)}
        paths = {Path("/etc/resolv.conf")}
        # ":env:" comes first in pip's list and before everything else in its mind.
        for option, value in reversed(_OPTION.findall(told)):
            variables[f"PIP_{option.upper().replace('-', '_')}"] = value
            paths |= set(_named(option, value))
        return cls(variables, sorted(path for path in paths if path.exists()))


def _named(option: str, value: str) -> list[Path]:
    """Return the folders and files of this machine that an option's value names."""
    found = []
    for word in value.split():
        path = Path(word.removeprefix("file://"))
        if path.is_absolute():
            # The pages of an index in a folder lead to files beside it.
            found.append(path.parent if option.endswith("index-url") else path)
    return found
