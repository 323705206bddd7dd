"""Trace: one line per message, as libpq's PQtrace writes it without timestamps; secrets are hidden.

    F<tab>22<tab>Query<tab> "SELECT 1"
    B<tab>11<tab>DataRow<tab> 1 1 '1'

Direction (F from the frontend), length as the message states it, name, fields.
PostgreSQL: libpq-control#LIBPQ-PQTRACE
"""

from __future__ import annotations

from collections.abc import Iterator

from pgiris.wire.frontend import Frontend
from pgiris.wire.messages import (
    AuthenticationGSSContinue,
    AuthenticationSASLContinue,
    AuthenticationSASLFinal,
    BackendKeyData,
    CancelRequest,
    GSSResponse,
    Message,
    PasswordMessage,
    SASLInitialResponse,
    SASLResponse,
    StartupMessage,
    protocol_version,
)

HIDDEN = "***"
# Message -> its fields that nobody may read in a log.
SECRETS: dict[type[Message], frozenset[str]] = {
    PasswordMessage: frozenset({"password"}),
    SASLInitialResponse: frozenset({"response"}),
    SASLResponse: frozenset({"data"}),
    GSSResponse: frozenset({"data"}),
    AuthenticationSASLContinue: frozenset({"data"}),
    AuthenticationSASLFinal: frozenset({"data"}),
    AuthenticationGSSContinue: frozenset({"data"}),
    BackendKeyData: frozenset({"secret"}),
    CancelRequest: frozenset({"secret"}),
}
_NOTHING_HIDDEN: frozenset[str] = frozenset()


def frontend_line(message: Message) -> str:
    return _line("F", message)


def backend_line(message: Message) -> str:
    return _line("B", message)


def backend_lines(data: bytes) -> Iterator[str]:
    """Lines of whole messages. Raises Malformed and ProtocolError."""
    frontend = Frontend()
    frontend.feed(data)
    while (message := frontend.next_message()) is not None:
        yield backend_line(message)


def _line(direction: str, message: Message) -> str:
    length = len(message.encode()) - len(message.tag)
    shown = "".join(f" {text}" for text in _fields(message))
    return f"{direction}\t{length}\t{type(message).__name__}" + (f"\t{shown}" if shown else "")


def _fields(message: Message) -> Iterator[str]:
    if isinstance(message, StartupMessage):
        yield from map(str, message.version)
        yield from (f'"{word}"' for pair in message.parameters.items() for word in pair)
        yield '""'
        return
    if message.code is not None:
        yield from map(str, [message.code] if message.tag else protocol_version(message.code))
    hidden = SECRETS.get(type(message), _NOTHING_HIDDEN)
    for name, kind in zip(message.names, message.kinds, strict=True):
        yield HIDDEN if name in hidden else kind.show(getattr(message, name))
