"""What commands do, in the languages of the platforms' command menus.

One file a language, named by its code, with a line a command, and "name of COMMAND" for a name of
its own where the platform has such (Discord); what lacks is shown in English. Cards
are in English: the interviews are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources


def abouts() -> Mapping[str, Mapping[str, str]]:
    """Return the help of commands by language code."""
    return {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
        for file in resources.files(__name__).iterdir()
        if file.name.endswith(".toml")
    }
