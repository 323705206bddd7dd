"""Made rows: INSERT ... SELECT of a query that reads no table, such as one of generate_series().

In: the text of one statement. Out: its parts. The catalog's worker makes the rows, which are then inserted as those of a COPY.
PostgreSQL: sql-insert
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgiris.errors import PgError
from pgiris.sql.copy_command import CopyCommand, names_in_parentheses, qualified_name
from pgiris.sql.reader import Reader
from pgiris.types import oids
from pgiris.types.codec import Oid

if TYPE_CHECKING:
    from pgiris.sql.plan import Plan

_QUERY = ("select", "with", "values")


@dataclass(frozen=True)
class InsertMadeRows:
    """target: the table and its columns. source: what makes the rows, of these values."""

    target: CopyCommand
    source: Plan
    values: tuple[bytes | None, ...]


_INTEGERS = frozenset((oids.INT2, oids.INT4, oids.INT8))
_STRINGS = frozenset((oids.TEXT, oids.VARCHAR))
# Types whose text means the same value in these others, or is out of their range.
_SAME_TEXT = (
    (_INTEGERS | {oids.OID}, _INTEGERS | {oids.NUMERIC, oids.FLOAT4, oids.FLOAT8}),
    (_STRINGS | _INTEGERS | {oids.DATE, oids.NAME, oids.CHAR, oids.OID}, _STRINGS | {oids.BPCHAR}),
)


def fits(given: Oid, target: Oid) -> bool:
    """Whether values of one type can be sent as those of another."""
    return given == target or any(given in sources and target in targets for sources, targets in _SAME_TEXT)


def read(text: str) -> tuple[CopyCommand, str] | None:
    """The table with its columns, and the text of the query; None: it is another kind of statement."""
    reader = Reader(text, 0)
    try:
        reader.expect("insert")
        reader.expect("into")
        table = qualified_name(reader)
        columns = None
        if reader.at_symbol("("):
            if reader.peek().text in _QUERY:
                return None
            columns = names_in_parentheses(reader)
    except PgError:
        return None
    if not reader.at(*_QUERY):
        return None
    return CopyCommand("from", table, columns), reader.rest()
