"""Sizes: the globals of a namespace, and which of them hold what of a table.

In: a function that runs a query. Out: Sizes. Nothing of this was tried on a server.

Globals. Class %SYS.GlobalQuery, whose queries SQL reads as table functions: NameSpaceList(namespace, mask, system globals) tells
in which database each global is, Size(directory, system, mask, system globals, -, fast) how much space is allocated for it there,
in MB: whole blocks, most often of 8 kB. fast is 2 for estimates, which cost least, from 2024.1 on, and 1 before for a count by
the blocks that point to others. Sources: class reference; community article "Determining Global and Table Sizes in InterSystems
IRIS" (CALL %SYS.GlobalQuery_Size('directory', '', '*', , , 2)); that its columns are Name, Allocated MB and Used MB, that names
have no caret, and that earlier releases take 1, is from public programs that use the query. Open: whether arguments may be NULL
where the article leaves them out, how Location is written (read here: ``directory`` or ``system^directory``, as %SYS.Namespace's
GetGlobalDest() does), to how many digits MB are told, and which privileges are needed besides EXECUTE of the two procedures and
SELECT on %Dictionary. Somebody has written that 2026.x has another query of the class no longer.

Tables. %Dictionary.CompiledStorage names the globals of a class: DataLocation, StreamLocation, IndexLocation. With USEEXTENTSET,
as CREATE TABLE has it, all are under ExtentLocation, and each index has one of its own, which %Dictionary.CompiledStorageIndex
names, as CompiledStorageData does those of columns that are stored by column. Sources: class reference, DocBook GSOD_classes and
GSOD_storage, community article "Creating Class With a Certain Global Name For Data Storage".

What is not told. The size of a global that several classes use, as superclasses and their subclasses do, belongs to none of
them; nor does that of one of which a class uses but a part, as all indexes of a class without USEEXTENTSET share one. Rows of
children are in the global of their parent, and count with it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pgiris.backend.sizes import IndexSize, Sizes, TableSize
from pgiris.errors import PgError

Query = Callable[..., list[Sequence[Any]]]
Place = tuple[str, str]  # a database: its system, empty for the local one, and directory

BLOCK_BYTES = 8192
_BLOCKS_PER_MB = (1 << 20) // BLOCK_BYTES
_ESTIMATES = (2024, 1)  # the release that knows them
_VERSION = re.compile(r"\b(\d{4})\.(\d+)")
_GLOBAL = re.compile(r"\^([^(|\[{]+)")
_KEEPING = frozenset(("%Storage.Persistent", "%Library.CacheStorage", "%CacheStorage"))  # storage classes with these locations

_OWN = "NOT {} %STARTSWITH '%'"
_TABLES = (
    "SELECT TABLE_SCHEMA, TABLE_NAME, CLASSNAME FROM INFORMATION_SCHEMA.TABLES"
    f" WHERE TABLE_TYPE = 'BASE TABLE' AND {_OWN.format('TABLE_SCHEMA')} AND TABLE_SCHEMA <> 'INFORMATION_SCHEMA'"
)
_STORAGES = (
    "SELECT s.parent, s.Name, s.Type, s.DataLocation, s.ExtentLocation, s.IndexLocation, s.StreamLocation, s.CounterLocation,"
    " s.VersionLocation FROM %Dictionary.CompiledStorage s JOIN %Dictionary.CompiledClass c"
    f" ON c.ID = s.parent AND c.StorageStrategy = s.Name WHERE {_OWN.format('s.parent')}"
)
_LOCATIONS = f"SELECT parent, Name, Location FROM %Dictionary.CompiledStorageIndex WHERE {_OWN.format('parent')}"
_COLUMNS = f"SELECT parent, ColumnarGlobal FROM %Dictionary.CompiledStorageData WHERE {_OWN.format('parent')}"
_INDEXES = f"SELECT parent, Name, SqlName FROM %Dictionary.CompiledIndex WHERE {_OWN.format('parent')}"
_GLOBALS = "SELECT Name, Location FROM %SYS.GlobalQuery_NameSpaceList(?, '*', 0)"
_ALLOCATED = "SELECT Name, \"Allocated MB\" FROM %SYS.GlobalQuery_Size(?, ?, '*', 0, NULL, {fast})"


def measure(query: Query, namespace: str, version: str) -> Sizes:
    """version: $ZVERSION. Raises the error of a release that has no such queries, or of a user who may not run them."""
    stored = _globals(query, namespace, version)
    extents = _extents(query)
    owners: dict[str, int] = defaultdict(int)
    for extent in extents:
        for name in extent.globals:
            owners[name] += 1
    classes = {extent.class_name: extent for extent in extents}
    tables = [
        classes[class_name].measured(str(schema), str(name), stored, owners)
        for schema, name, class_name in query(_TABLES)
        if class_name in classes
    ]
    return Sizes(tuple(tables), stored.total)


# Globals


class Globals:
    """places: the databases in which parts of a global are. told: sizes in a database by name; None: it is not told."""

    def __init__(self, places: dict[str, set[Place]], told: dict[Place, dict[str, int] | None]) -> None:
        self._places, self._told = places, told
        self._under: dict[str, list[str]] = defaultdict(list)
        for name in places:
            self._under[name.rpartition(".")[0]].append(name)

    def size(self, name: str) -> int | None:
        """Nothing is stored in a global that the namespace has not."""
        return _sum(self._size_in(place, name) for place in self._places.get(name, ()))

    def _size_in(self, place: Place, name: str) -> int | None:
        told = self._told[place]
        return None if told is None else told.get(name, 0)

    def under(self, base: str) -> list[str]:
        """Those whose names have one part more."""
        return self._under.get(base, [])

    @property
    def total(self) -> int | None:
        return _sum(map(self.size, self._places))


def _globals(query: Query, namespace: str, version: str) -> Globals:
    places: dict[str, set[Place]] = defaultdict(set)
    for name, location in query(_GLOBALS, namespace):
        system, _, directory = str(location or "").rpartition("^")
        places[str(name).lstrip("^").partition("(")[0]].add((system.strip("^"), directory))
    sql = _ALLOCATED.format(fast=_fast(version))
    told: dict[Place, dict[str, int] | None] = {}
    refused: PgError | None = None
    for place in sorted({place for found in places.values() for place in found}):
        system, directory = place
        try:
            told[place] = {str(name).lstrip("^"): _bytes(mb) for name, mb in query(sql, directory, system or None)}
        except PgError as error:
            told[place], refused = None, error
    if refused is not None and all(sizes is None for sizes in told.values()):
        raise refused
    return Globals(places, told)


def _fast(version: str) -> int:
    found = _VERSION.search(version)
    return 2 if found is not None and (int(found[1]), int(found[2])) >= _ESTIMATES else 1


def _bytes(allocated_mb: Any) -> int:
    """Whole blocks, of which a global that is there has one at least."""
    return max(1, round(float(allocated_mb) * _BLOCKS_PER_MB)) * BLOCK_BYTES


# Tables


def _extents(query: Query) -> list[_Extent]:
    locations: dict[str, dict[str, str]] = defaultdict(dict)
    for parent, name, location in query(_LOCATIONS):
        locations[str(parent)][str(name)] = str(location or "")
    columns: dict[str, list[str]] = defaultdict(list)
    for parent, location in _columns(query):
        if location:
            columns[str(parent)].append(str(location))
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for parent, name, sql_name in query(_INDEXES):
        names[str(parent)].append((str(name), str(sql_name or name)))
    extents = []
    for row in query(_STORAGES):
        class_name, name, type_, data, base, indexes, streams, counters, versions = (str(value or "") for value in row)
        storage = f"{class_name}||{name}"
        rows = (data, *columns[storage], *filter(None, (counters, versions)))
        indexes, streams = indexes or f"^{class_name}I", streams or f"^{class_name}S"  # what they are by default
        keeps = type_ in _KEEPING
        extents.append(_Extent(class_name, keeps, rows, base, streams, indexes, locations[storage], tuple(names[class_name])))
    return extents


def _columns(query: Query) -> list[Sequence[Any]]:
    """None where the release does not know of any: tables that have such columns are not told then."""
    try:
        return query(_COLUMNS)
    except PgError:
        return []


def _global_of(location: str) -> str:
    """Its name without caret; empty when it cannot be told."""
    found = _GLOBAL.match(location)
    return found[1] if found is not None else ""


@dataclass(frozen=True)
class _Extent:
    """Where a class keeps what. Locations are references to globals, ``^Sample.PersonD``, or to a part of one.

    keeps: in a way that is known. rows: locations, the rows' own first. base: under which other globals of the extent are.
    locations: of indexes, by their names in the class. names: of the indexes, in the class and in SQL.
    """

    class_name: str
    keeps: bool
    rows: tuple[str, ...]
    base: str
    streams: str
    indexes: str
    locations: dict[str, str]
    names: tuple[tuple[str, str], ...]

    @property
    def globals(self) -> set[str]:
        """Of which it uses all or a part."""
        return {_global_of(one) for one in (*self.rows, self.streams, self.indexes, *self.locations.values())} - {""}

    def measured(self, schema: str, name: str, stored: Globals, owners: dict[str, int]) -> TableSize:
        """owners: how many extents use a global."""
        if not self.keeps:
            return TableSize(schema, name, None, None, None)

        def own(location: str) -> int | None:
            """What nothing is stored in has no size, whoever shares it."""
            found = _global_of(location)
            size = stored.size(found) if found else None
            is_own = location == f"^{found}" and owners[found] == 1
            return size if size == 0 or is_own else None

        unclaimed = [found for found in stored.under(_global_of(self.base)) if not owners.get(found)] if self.base else ()
        unknown = any(stored.size(found) != 0 for found in unclaimed)
        rows = None if unknown else _sum(map(own, self.rows))
        each = tuple(IndexSize(sql_name, self._index(index, own)) for index, sql_name in self.names)
        return TableSize(schema, name, rows, own(self.streams), self._all_indexes(own), each)

    def _index(self, name: str, own: Callable[[str], int | None]) -> int | None:
        """The rows' own order is no index of its own."""
        location = self.locations.get(name, f'{self.indexes}("{name}")')
        return 0 if location == self.rows[0] else own(location)

    def _all_indexes(self, own: Callable[[str], int | None]) -> int | None:
        found = {_global_of(one) for one in (self.indexes, *self.locations.values())} - {_global_of(self.rows[0])}
        return _sum(own(f"^{name}") if name else None for name in found)


def _sum(sizes: Iterable[int | None]) -> int | None:
    found = list(sizes)
    return None if None in found else sum(size for size in found if size is not None)
