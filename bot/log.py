"""Logs: what happened and to which row, never tokens and never what people said."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.settings import Settings

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")


def set_up_logs(settings: Settings) -> None:
    """To stderr; levels below `log_level` are dropped. Libraries speak only of warnings."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    logging.basicConfig(level=max(level, logging.WARNING), format="%(levelname)s %(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(_NoToken())
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if not settings.log_json:
        renderer = structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_token,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _without_token(logger: object, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: TOKEN.sub("***", value) if isinstance(value, str) else value for key, value in event.items()}


class _NoToken(logging.Filter):
    """Addresses of the Bot API carry the token; no line of any library may show it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = TOKEN.sub("***", record.getMessage())
        record.args = None
        return True
