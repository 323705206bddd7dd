"""COMMENT ON, as a value; None of things of which nobody keeps the texts.

PostgreSQL: sql-comment
"""

from __future__ import annotations

from dataclasses import dataclass

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.function_commands import FunctionName, function_name
from pgiris.sql.reader import Reader

_RELATIONS = ("column", "index", "sequence", "table", "view")
_OTHERS = ("database", "extension", "role", "schema")


@dataclass(frozen=True)
class Comment:
    """kind: ``table``, ``column``, ``constraint`` ... name: of a column or constraint behind its relation's. text None:
    no more. function: which one."""

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
    kind = reader.accept(*_RELATIONS, *_OTHERS, "constraint", "type")
    if kind is None:
        return None
    name = (reader.name(),) if kind in _OTHERS else qualified_name(reader)
    if kind == "column" and len(name) < 2:
        raise PgError(sqlstate.SYNTAX_ERROR, "column name must be qualified")
    if kind == "constraint":
        reader.expect("on")
        name = (*qualified_name(reader), *name)
    return Comment(kind, name, _text(reader))


def _text(reader: Reader) -> str | None:
    reader.expect("is")
    return None if reader.accept("null") else reader.string() or None
