"""Cells: one row's columns between the wire and types/, and how errors tell where they happened.

PostgreSQL: src/backend/commands/copyfrom.c, CopyFromErrorCallback
"""

from __future__ import annotations

from enum import Enum
from typing import Final

_SHOWN_BYTES = 100  # PostgreSQL: MAX_COPY_DATA_DISPLAY
ROW_LIMIT_BYTES = 0x3FFFFFFF  # PostgreSQL: MaxAllocSize


class Default(Enum):
    """The cell of a column that is to take its default."""

    DEFAULT = "default"


DEFAULT: Final = Default.DEFAULT
Cell = bytes | None | Default
Row = list[Cell]


def in_line(relation: str, line: int, text: bytes | None = None) -> str:
    """CONTEXT of an error about a whole line, from 1. text: the line where it is known."""
    place = f"COPY {relation}, line {line}"
    return place if text is None else f'{place}: "{_shown(text)}"'


def in_column(relation: str, line: int, column: str, cell: bytes | None, *, binary: bool = False) -> str:
    """CONTEXT of an error about one cell; binary cells are not shown."""
    place = f"COPY {relation}, line {line}, column {column}"
    if binary:
        return place
    return f"{place}: null input" if cell is None else f'{place}: "{_shown(cell)}"'


def _shown(text: bytes) -> str:
    if len(text) <= _SHOWN_BYTES:
        return text.decode("utf-8", "replace")
    return text[:_SHOWN_BYTES].decode("utf-8", "ignore") + "..."
