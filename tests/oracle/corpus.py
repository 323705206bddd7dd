"""Corpus: files of statements that PostgreSQL and pgiris must answer alike.

One file is one session. A statement ends with ``;`` at the end of a line or before a comment there, and that comment may say:

    -- with: 5 | abc | NULL     values of $1, $2, $3 in text format; such a statement is left out in simple mode
    -- unlike: reason           the answers differ, for this reason; that they no longer do is an error too
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DIRECTORY = Path(__file__).parent / "corpus"
_END = re.compile(r";\s*(?:--\s*(?:(?P<word>with|unlike):)?\s*(?P<rest>.*))?$")


@dataclass(frozen=True)
class Statement:
    line: int
    sql: str
    values: tuple[bytes | None, ...] | None = None
    unlike: str | None = None


def files() -> list[Path]:
    return sorted(DIRECTORY.glob("*.sql"))


def statements(text: str) -> Iterator[Statement]:
    """The statements of a file, without their ``;``."""
    lines: list[str] = []
    start = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not lines and (not line.strip() or line.startswith("--")):
            continue
        start = start if lines else number
        end = _END.search(line)
        if end is None:
            lines.append(line)
            continue
        sql = "\n".join([*lines, line[: end.start()]])
        lines = []
        word, rest = end["word"], end["rest"] or ""
        if word == "with":
            rest, _, unlike = rest.partition("-- unlike:")
            yield Statement(start, sql, tuple(_value(part.strip()) for part in rest.split("|")), unlike.strip() or None)
        else:
            yield Statement(start, sql, unlike=rest.strip() if word == "unlike" else None)
    if lines:
        raise ValueError(f"the statement that begins at line {start} has no end")


def _value(text: str) -> bytes | None:
    return None if text == "NULL" else text.encode()
