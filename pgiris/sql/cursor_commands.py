"""Cursor commands: DECLARE, FETCH, MOVE and CLOSE, as values.

PostgreSQL: sql-declare and its kin
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.reader import QUERY_WORDS, Reader, statement_text
from pgiris.sql.scanner import Kind


@dataclass(frozen=True)
class DeclareCursor:
    """DECLARE name CURSOR FOR text; scroll None: neither SCROLL nor NO SCROLL was given. start: where text begins."""

    name: str
    text: str
    scroll: bool | None = None
    hold: bool = False
    binary: bool = False
    start: int = field(default=0, compare=False)


class Direction(Enum):
    FORWARD = "FORWARD"  # count rows onwards; NEXT is FORWARD 1
    BACKWARD = "BACKWARD"  # PRIOR is BACKWARD 1
    ABSOLUTE = "ABSOLUTE"  # FIRST is ABSOLUTE 1, LAST is ABSOLUTE -1
    RELATIVE = "RELATIVE"


@dataclass(frozen=True)
class Fetch:
    """FETCH and MOVE; count None is ALL."""

    cursor: str
    direction: Direction = Direction.FORWARD
    count: int | None = 1
    move: bool = False


@dataclass(frozen=True)
class CloseCursor:
    """CLOSE name; None is ALL."""

    name: str | None


CursorCommand = DeclareCursor | Fetch | CloseCursor
T = TypeVar("T")


def _declare(reader: Reader) -> CursorCommand:
    name = reader.name()
    scroll: bool | None = None
    binary = False
    sensitivity: str | None = None
    while not reader.at("cursor"):
        word = reader.expect("no", "scroll", "binary", "insensitive", "asensitive")
        if word == "no":
            reader.expect("scroll")
        if word in ("no", "scroll"):
            scroll = _agreed(scroll, word == "scroll", "SCROLL and NO SCROLL")
        elif word == "binary":
            binary = True
        else:
            sensitivity = _agreed(sensitivity, word, "ASENSITIVE and INSENSITIVE")
    reader.expect("cursor")
    hold = reader.accept("with", "without")
    if hold:
        reader.expect("hold")
    reader.expect("for")
    start = reader.token.start
    return DeclareCursor(name, statement_text(reader, QUERY_WORDS), scroll, hold == "with", binary, start)


def _agreed(before: T | None, now: T, both: str) -> T:
    if before is not None and before != now:
        raise PgError(sqlstate.INVALID_CURSOR_DEFINITION, f"cannot specify both {both}")
    return now


def _fetch(reader: Reader) -> CursorCommand:
    return _fetch_or_move(reader, move=False)


def _move(reader: Reader) -> CursorCommand:
    return _fetch_or_move(reader, move=True)


def _fetch_or_move(reader: Reader, move: bool) -> CursorCommand:
    direction, count = Direction.FORWARD, 1
    whole = False
    if reader.at(*_FETCH_WORDS) and not reader.at_end(reader.peek()):
        direction, fixed = _FETCH_WORDS[reader.take().text]
        if fixed is not None:
            count = fixed
        elif direction in (Direction.ABSOLUTE, Direction.RELATIVE):
            count = reader.signed_integer()
        elif reader.accept("all"):
            whole = True
        elif reader.token.kind is Kind.INTEGER or reader.at_symbol("+", "-"):
            count = reader.signed_integer()
    elif reader.accept("all"):
        whole = True
    elif reader.token.kind is Kind.INTEGER or reader.at_symbol("+", "-"):
        count = reader.signed_integer()
    reader.accept("from", "in")
    if count < 0 and direction in _OPPOSITE:
        direction, count = _OPPOSITE[direction], -count
    return Fetch(reader.name(), direction, None if whole else count, move)


_FETCH_WORDS: dict[str, tuple[Direction, int | None]] = {
    "next": (Direction.FORWARD, 1),
    "prior": (Direction.BACKWARD, 1),
    "first": (Direction.ABSOLUTE, 1),
    "last": (Direction.ABSOLUTE, -1),
    "absolute": (Direction.ABSOLUTE, None),
    "relative": (Direction.RELATIVE, None),
    "forward": (Direction.FORWARD, None),
    "backward": (Direction.BACKWARD, None),
}


_OPPOSITE = {Direction.FORWARD: Direction.BACKWARD, Direction.BACKWARD: Direction.FORWARD}


def _close(reader: Reader) -> CursorCommand:
    return CloseCursor(None if reader.accept("all") else reader.name())


PARSERS: dict[str, Callable[[Reader], CursorCommand]] = {
    "close": _close,
    "declare": _declare,
    "fetch": _fetch,
    "move": _move,
}
