"""Corpus: files of statements that PostgreSQL and pgiris must answer alike, one file per theme.

One file is one session. ``-- schema: shop`` in its first lines loads ``schemas/shop.sql`` before it; whatever tables and views
the schema and the file make are dropped first, so every file starts alike. A statement ends with ``;`` at the end of a line or
before a comment there, and that comment may say:

    -- with: 5 | abc | NULL     values of $1, $2, $3 in text format; such a statement is left out in simple mode

Differences that are accepted stand in ``accepted.txt`` with their reasons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DIRECTORY = Path(__file__).parent / "corpus"
VECTORS = Path(__file__).parent / "vectors"
SCHEMAS = Path(__file__).parent / "schemas"
ACCEPTED = Path(__file__).parent / "accepted.txt"
_END = re.compile(r";\s*(?:--\s*(?:with:\s*(?P<values>.*)|.*))?$")
_SCHEMA = re.compile(r"^-- schema: *(\w+)$", re.MULTILINE)
_MADE = re.compile(
    r"^\s*CREATE (?:UNLOGGED |OR REPLACE )?(?P<kind>TABLE|VIEW|SEQUENCE|TYPE) (?:IF NOT EXISTS )?(?P<name>\"[^\"]+\"|\w+)",
    re.M | re.I,
)


@dataclass(frozen=True)
class Statement:
    line: int
    sql: str
    values: tuple[bytes | None, ...] | None = None

    @property
    def key(self) -> str:
        """What ``accepted.txt`` names it by: its text with single spaces."""
        return " ".join(self.sql.split())


@dataclass(frozen=True)
class Theme:
    """One file of the corpus. setup: statements to run before it. own_types: types have OIDs of each server's own."""

    name: str
    setup: tuple[str, ...]
    script: tuple[Statement, ...]
    own_types: bool = False


def themes() -> list[Theme]:
    return [_theme(path) for path in sorted(DIRECTORY.glob("*.sql"))]


def vector_themes() -> list[Theme]:
    """Those that ask for pgvector."""
    return [_theme(path) for path in sorted(VECTORS.glob("*.sql"))]


def accepted() -> dict[tuple[str, str], str]:
    """(theme, key of the statement) -> why its answers may differ."""
    found: dict[tuple[str, str], str] = {}
    reason = ""
    for line in ACCEPTED.read_text().splitlines():
        if line.startswith("    "):
            theme, _, sql = line.strip().partition(": ")
            found[theme, sql] = reason
        elif line.strip() and not line.startswith("#"):
            reason = line.strip()
    return found


def _theme(path: Path) -> Theme:
    text = path.read_text()
    schema = _SCHEMA.search(text)
    prepared = (SCHEMAS / f"{schema[1]}.sql").read_text() if schema else ""
    made = [(match["kind"].upper(), match["name"]) for match in _MADE.finditer(prepared + text)]
    drops = [f"DROP {kind} IF EXISTS {name} CASCADE" for kind, name in dict.fromkeys(reversed(made))]
    drops.sort(key=lambda drop: 0 if drop.startswith("DROP VIEW") else 2 if drop.startswith("DROP TYPE") else 1)
    setup = (*drops, *(statement.sql for statement in statements(prepared)))
    return Theme(path.stem, setup, tuple(statements(text)), path.parent == VECTORS or ("TYPE" in dict(made)))


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
        values = end["values"]
        yield Statement(start, sql, None if values is None else tuple(_value(part.strip()) for part in values.split("|")))
    if lines:
        raise ValueError(f"the statement that begins at line {start} has no end")


def _value(text: str) -> bytes | None:
    return None if text == "NULL" else text.encode()
