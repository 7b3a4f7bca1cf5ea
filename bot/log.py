"""Logging: structlog over the standard library, pretty on a terminal, one JSON object a line else.

Answers, names and tokens are never given to a logger; ids and figures are.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_NOISY = (
    "aiosqlite",
    "alembic",
    "apscheduler",
    "discord",
    "httpcore",
    "httpx",
    "procrastinate",
    "telegram",
    "tornado",
)
"""Loggers that tell every step; aiosqlite's would tell the answers too."""
_TOKEN = re.compile(
    r"\d{3,}:[A-Za-z0-9_-]{16,}"
    r"|[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{25,}"
    r"|(?<=/)[A-Za-z0-9_-]{60,}"
)
"""What tokens look like: Telegram's, which stand in the address of every request, Discord's, and
those of Discord's interactions, which stand in addresses too."""


def without_tokens(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Take tokens out of everything that is about to be written."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _TOKEN.sub("[token]", value)
    return event


def configure(level: str = "INFO", *, json_lines: bool | None = None) -> None:
    """Send all logging to stderr.

    Args:
        level: Least level that is written.
        json_lines: One JSON object a line; None: exactly when stderr is not a terminal.
    """
    stream: TextIO = sys.stderr
    as_json = not stream.isatty() if json_lines is None else json_lines
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    # Exceptions become text before tokens are taken out: they too quote addresses.
    pretty = structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    last: list[Any] = [
        structlog.processors.format_exc_info,
        without_tokens,
        structlog.processors.JSONRenderer() if as_json else pretty,
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
