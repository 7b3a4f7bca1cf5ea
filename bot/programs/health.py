"""`drillmate health`: whether the program beside this one is alive, for whoever watches over it."""

from __future__ import annotations

import sys

from bot.clock import SystemClock
from bot.errors import Invalid, NotFound, Unavailable
from bot.health import Beat
from bot.programs.configuration import configured


def health() -> None:
    """Say when the running program last gave a sign of life.

    Raises:
        Invalid: No file is set, or what is in it is no heartbeat.
        NotFound: Nothing has beaten yet.
        Unavailable: The last beat is too old, or the file may not be read.
    """
    settings = configured().health
    file = settings.file
    if file is None:
        raise Invalid(
            "There is no heartbeat to look at: no file is set for it.",
            "Set DRILLMATE_HEALTH__FILE to the same file for `drillmate run` and for this command.",
        )
    try:
        last = Beat.read(file)
    except FileNotFoundError as error:
        raise NotFound(
            f"Nothing has beaten in {file} yet.",
            "Start `drillmate run` with the same DRILLMATE_HEALTH__FILE; if it runs, its log says "
            "why it cannot write there.",
        ) from error
    except OSError as error:
        raise Unavailable(
            f"The heartbeat in {file} cannot be read: {error.strerror}.",
            "Run this command as the user that the program runs as.",
        ) from error
    except ValueError as error:
        raise Invalid(
            f"What is in {file} is no heartbeat.",
            "Give the heartbeat a file of its own with DRILLMATE_HEALTH__FILE.",
        ) from error
    age_s = last.age_s(SystemClock().now())
    if age_s > settings.stale_s:
        raise Unavailable(
            f"The last beat was {age_s:.0f} s ago ({last.role}); {settings.stale_s:g} s are "
            "allowed.",
            "The program hangs or has ended: look at its log, then start it again.",
        )
    if age_s < -settings.stale_s:
        raise Unavailable(
            f"The last beat is {-age_s:.0f} s in the future ({last.role}).",
            "The clock was put back and nothing has beaten since: start the program again.",
        )
    sys.stdout.write(f"Alive: last beat {max(age_s, 0):.0f} s ago ({last.role}).\n")
