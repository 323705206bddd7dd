"""Log: one line per event on standard error, as text for people or JSON for machines.

An event is a short constant phrase; what varies stands in fields: ``log.info("client connected", address=..., user=...)``.
Secrets never belong into fields; those whose names say so are masked all the same. Values cannot forge lines: text escapes
them, and JSON does so anyway. In text a traceback follows its event, indented.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import FilteringBoundLogger, Processor

Event = MutableMapping[str, Any]

LEVELS: Mapping[str, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}

_SECRET = ("password", "passwd", "secret", "verifier", "credential", "token", "proof", "private_key", "cancel_key")
MASK = "***"

# Without local variables: they hold passwords and data.
_TRACE = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def setup(level: str = "info", format: str = "text", stream: TextIO | None = None) -> None:
    """Every process calls it once, before it logs; again to change the level. level: one of LEVELS. format: text or json."""
    lines: tuple[Processor, ...] = (structlog.processors.format_exc_info, _text)
    if format == "json":
        lines = (_TRACE, structlog.processors.JSONRenderer(_json))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _mask,
            *lines,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def get_logger(name: str, **fields: object) -> FilteringBoundLogger:
    """A logger whose events carry the fields, and its name as ``part``. May be made before setup(), and follows later ones."""
    log: FilteringBoundLogger = structlog.get_logger(part=name, **fields)
    return log


def _mask(_: object, __: str, event: Event) -> Event:
    for name in event:
        if any(word in name.lower() for word in _SECRET):
            event[name] = MASK
    return event


def _json(event: Event, **options: Any) -> str:
    """fields of other types become text: a log line never fails."""
    return json.dumps(event, default=str)  # ASCII: no reader takes U+2028 for the end of a line


def _text(_: object, __: str, event: Event) -> str:
    time, level, phrase = (event.pop(name, "") for name in ("timestamp", "level", "event"))
    trace = event.pop("exception", None)
    fields = "".join(f" {name}={_value(value)}" for name, value in event.items())
    line = f"{time} {level.upper():<7} {_escaped(str(phrase))}{fields}"
    return line if trace is None else line + "".join(f"\n    {_escaped(part)}" for part in trace.splitlines())


def _value(value: object) -> str:
    text = str(value)
    plain = text.isprintable() and not any(c in ' "=' for c in text) and text
    return text if plain else json.dumps(text, ensure_ascii=not text.isprintable())


def _escaped(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
