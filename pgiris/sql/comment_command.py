"""COMMENT ON tables, views, sequences and their columns, as a value; None of other things, whose texts nobody keeps.

PostgreSQL: sql-comment
"""

from __future__ import annotations

from dataclasses import dataclass

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.reader import Reader

_KINDS = ("column", "sequence", "table", "view")


@dataclass(frozen=True)
class Comment:
    """kind: ``table``, ``view``, ``sequence`` or ``column``. name: of a column behind its relation's. text None: no more."""

    kind: str
    name: tuple[str, ...]
    text: str | None
    tag: str = "COMMENT"


def read(reader: Reader) -> Comment | None:
    reader.expect("on")
    kind = reader.accept(*_KINDS)
    if kind is None:
        return None
    name = qualified_name(reader)
    if kind == "column" and len(name) < 2:
        raise PgError(sqlstate.SYNTAX_ERROR, "column name must be qualified")
    reader.expect("is")
    return Comment(kind, name, None if reader.accept("null") else reader.string() or None)
