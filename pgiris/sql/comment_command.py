"""COMMENT ON tables, views, sequences, their columns and functions, as a value; None of other things, whose texts nobody keeps.

PostgreSQL: sql-comment
"""

from __future__ import annotations

from dataclasses import dataclass

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.function_commands import FunctionName, function_name
from pgiris.sql.reader import Reader

_KINDS = ("column", "sequence", "table", "view")


@dataclass(frozen=True)
class Comment:
    """kind: ``table``, ``view``, ``sequence``, ``column`` or ``function``. name: of a column behind its relation's.
    text None: no more. function: which one."""

    kind: str
    name: tuple[str, ...]
    text: str | None
    function: FunctionName | None = None
    tag: str = "COMMENT"


def read(reader: Reader) -> Comment | None:
    reader.expect("on")
    if reader.accept("function", "routine"):
        function = function_name(reader)
        return Comment("function", function.name, _text(reader), function)
    kind = reader.accept(*_KINDS)
    if kind is None:
        return None
    name = qualified_name(reader)
    if kind == "column" and len(name) < 2:
        raise PgError(sqlstate.SYNTAX_ERROR, "column name must be qualified")
    return Comment(kind, name, _text(reader))


def _text(reader: Reader) -> str | None:
    reader.expect("is")
    return None if reader.accept("null") else reader.string() or None
