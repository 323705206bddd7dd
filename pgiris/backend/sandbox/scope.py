"""Scope: which columns a name may mean at one place of a query. iris-reference 4.2, 4.7"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pgiris.backend.sandbox.dictionary import TableDef
from pgiris.backend.sandbox.iristypes import BIGINT, STRING
from pgiris.backend.sandbox.typed import Binds, Typed, quoted
from pgiris.backend.sqlcode import pg_error


@dataclass
class Source:
    """A table, view, subquery or CTE in FROM. name: what qualifies its columns."""

    name: str
    storage: str  # SQLite's alias
    columns: list[tuple[str, Typed]]
    table: TableDef | None = None
    schema: str = ""
    hidden: dict[str, Typed] = field(default_factory=dict)  # upper-case name -> what no star shows
    merged: set[str] = field(default_factory=set)  # columns of USING and NATURAL that another source shows

    def find(self, name: str) -> Typed | None:
        upper = name.upper()
        for column_name, typed in self.columns:
            if column_name.upper() == upper:
                return typed
        return self._pseudo(upper)

    def _pseudo(self, upper: str) -> Typed | None:
        table = self.table
        if table is None or table.is_view:
            return self.hidden.get(upper)
        if upper == "%ID" or upper == table.rowid_name.upper():
            return Typed(f"{self.storage}.rid", BIGINT, label=table.rowid_name)
        if upper in ("%TABLENAME", "%CLASSNAME"):
            return Typed(quoted(table.name), STRING, label=upper[1:])
        return None


@dataclass
class Scope:
    parent: Scope | None = None
    sources: list[Source] = field(default_factory=list)
    aliases: dict[str, Typed] = field(default_factory=dict)  # upper-case alias of a select item -> item
    merged: dict[str, Typed] = field(default_factory=dict)  # upper-case name -> value of a USING or NATURAL column
    over: bool = False  # aggregates are of all rows, and stand beside the fields of each row
    having: str = ""  # SQL of HAVING, for aggregates that say %AFTERHAVING
    grouped: dict[str, str] = field(default_factory=dict)  # SQL of a grouped string -> SQL of its collated form

    def column(self, name: str, table: str, schema: str) -> Typed:
        """Raises SQLCODE -29, -27, -23."""
        scope: Scope | None = self
        while scope is not None:
            found = scope._own(name, table, schema)
            if found is not None:
                return found
            scope = scope.parent
        if table and not self._has_source(table):
            raise pg_error(-23, f"Label '{table}' is not listed among the applicable tables", table=table)
        shown = f"{table}.{name}" if table else name
        text = f"column {shown} does not exist" if table else None
        raise pg_error(-29, f"Field '{shown.upper()}' not found in the applicable tables", column=name, text=text)

    def _own(self, name: str, table: str, schema: str) -> Typed | None:
        if not table and name.upper() in self.merged:
            return self.merged[name.upper()]
        found = [typed for source in self.sources if _names(source, table, schema) and (typed := source.find(name)) is not None]
        if len(found) > 1:
            raise pg_error(-27, f"Field '{name}' is ambiguous among the applicable tables", column=name)
        return found[0] if found else None

    def _has_source(self, table: str) -> bool:
        scope: Scope | None = self
        while scope is not None:
            if any(_names(source, table, "") for source in scope.sources):
                return True
            scope = scope.parent
        return False


class Borrowed(Scope):
    """The scope around a LATERAL subquery: what is found in it reaches the subquery as an argument."""

    def __init__(self, around: Scope, binds: Binds) -> None:
        super().__init__(parent=around.parent)
        self._around, self._binds = around, binds

    def _own(self, name: str, table: str, schema: str) -> Typed | None:
        found = self._around._own(name, table, schema)
        return None if found is None else replace(found, sql=self._binds.argument(found.sql))


def _names(source: Source, table: str, schema: str) -> bool:
    if not table:
        return True
    if source.name.upper() != table.upper():
        return False
    return not schema or schema.upper() == source.schema.upper()
