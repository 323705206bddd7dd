"""Sizes of what a namespace's file holds. SQLite: dbstat, The DBSTAT Virtual Table, which reads every page of the file."""

from __future__ import annotations

import apsw

from pgiris.backend.sandbox import storage
from pgiris.backend.sandbox.dictionary import Dictionary, TableDef
from pgiris.backend.sizes import IndexSize, Sizes, TableSize
from pgiris.errors import not_supported


def measure(db: apsw.Connection, dictionary: Dictionary) -> Sizes:
    """Raises 0A000 where SQLite was built without dbstat."""
    if "ENABLE_DBSTAT_VTAB" not in apsw.compile_options:
        raise not_supported("SQLite does not tell sizes here")
    found = {str(name): int(str(size)) for name, size in db.execute("SELECT name, pgsize FROM dbstat WHERE aggregate = 1")}
    tables = (table for table in dictionary if not table.is_view and not table.temporary)
    return Sizes(tuple(_table(table, found) for table in tables), db.pragma("page_count") * db.pragma("page_size"))


def _table(table: TableDef, found: dict[str, int]) -> TableSize:
    """What has no b-tree of its own takes no room: a key that is the RowID, an index of vectors."""
    data = found.get(table.storage)
    if data is None:  # it was dropped in this very moment
        return TableSize(table.schema, table.name, None, None, None)
    each = tuple(IndexSize(name, found.get(storage.index_name(table, name), 0)) for name in table.index_names)
    return TableSize(table.schema, table.name, data, 0, sum(index.bytes or 0 for index in each), each)
