"""Catalog session: the backend session of a catalog worker, DuckDB in memory.

In: DuckDB SQL of compile.py and values. Out: rows in the form of types/codec.py.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling

from pgiris import sqlstate
from pgiris.backend.base import NO_SHAPE, Described, ListValue, Row, Shape
from pgiris.catalog import descriptions, fill, lookups, objectnames, privileges, sizes, zones
from pgiris.catalog.calls import CALLED, SESSION, SHOWN_SETTINGS
from pgiris.catalog.facts import Facts
from pgiris.catalog.names import UNHANDLED
from pgiris.catalog.registry import LOOKUPS
from pgiris.catalog.store import Facts as Surroundings
from pgiris.catalog.store import Store
from pgiris.catalog.typed import quoted
from pgiris.errors import PgError, not_supported
from pgiris.observe.log import get_logger
from pgiris.sql import schemanames
from pgiris.types.array import Elements
from pgiris.types.codec import Value
from pgiris.types.rows import Column
from pgiris.types.scalar import NamedOid

log = get_logger("catalog")

CACHED_RESULTS = 1000  # answers kept until the catalog changes
CACHED_ROWS = 200  # of longer answers none is kept
PARSED = 1000  # texts that DuckDB has parsed, which is a quarter of a query of one table
MACROS = """
CREATE MACRO pgf_any(l) AS CASE WHEN l IS NULL THEN NULL WHEN list_contains(l, true) THEN true
    WHEN len(list_filter(l, lambda e: e IS NULL)) > 0 THEN NULL ELSE false END;
CREATE MACRO pgf_all(l) AS CASE WHEN l IS NULL THEN NULL WHEN list_contains(l, false) THEN false
    WHEN len(list_filter(l, lambda e: e IS NULL)) > 0 THEN NULL ELSE true END;
CREATE MACRO pgf_null_if_nulls(l) AS CASE WHEN len(list_filter(l, lambda e: e IS NULL)) > 0 THEN NULL ELSE false END;
"""
# What DuckDB says -> what PostgreSQL would.
_ERRORS: tuple[tuple[type[Exception], str, str], ...] = (
    (duckdb.ConversionException, sqlstate.INVALID_TEXT_REPRESENTATION, ""),
    (duckdb.OutOfRangeException, sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, ""),
    (duckdb.InterruptException, sqlstate.QUERY_CANCELED, "canceling statement due to user request"),
)


# What RE2 says of a regular expression -> what PostgreSQL does. PostgreSQL: src/include/regex/regerrs.h
_EXPRESSIONS = (
    ("missing )", "parentheses () not balanced"),
    ("unexpected )", "parentheses () not balanced"),
    ("missing ]", "brackets [] not balanced"),
    ("no argument for repetition", "quantifier operand invalid"),
    ("bad repetition", "quantifier operand invalid"),
    ("invalid repetition size", "invalid repetition count(s)"),
    ("invalid character class range", "invalid character range"),
    ("trailing \\", "invalid escape \\ sequence"),
    ("invalid escape sequence", "invalid escape \\ sequence"),
)
# What the front cannot tell of its rows: OIDs.
_KNOWN_HERE = {
    "pg_catalog.pg_locks": "UPDATE pgc.pg_locks SET database = (SELECT oid FROM pgc.pg_database WHERE datname = pgx.database())",
    "pg_catalog.pg_stat_activity": """
        UPDATE pgc.pg_stat_activity AS a SET datid = (SELECT oid FROM pgc.pg_database WHERE datname = a.datname),
        usesysid = (SELECT oid FROM pgc.pg_authid WHERE rolname = a.usename)""",
}
MODULES = (lookups, descriptions, privileges, sizes)  # whose functions are in the registry
_OVERFLOWS = {"INT16": "smallint", "INT32": "integer", "INT64": "bigint"}
# DuckDB counts the parameters that a function declares.
_FIXED: dict[int, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    1: lambda f: lambda a: f(a),
    2: lambda f: lambda a, b: f(a, b),
    3: lambda f: lambda a, b, c: f(a, b, c),
    4: lambda f: lambda a, b, c, d: f(a, b, c, d),
}


def register(connection: duckdb.DuckDBPyConnection, called: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Make the registry's functions known, which the store's views call, too. called: what DuckDB calls for one of them."""
    for lookup in LOOKUPS:
        connection.create_function(
            lookup.name,
            _FIXED[len(lookup.arguments)](called(lookup.function)),
            list(lookup.arguments),
            lookup.result,
            null_handling=FunctionNullHandling.SPECIAL,
        )


class CatalogRows:
    """All rows of an answer, at hand."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.columns: tuple[Column, ...] | None = ()
        self.row_count = -1
        self._rows = rows
        self._at = 0

    def fetch(self, limit: int) -> Sequence[Row]:
        taken = self._rows[self._at : self._at + limit]
        self._at += len(taken)
        return taken

    def close(self) -> None:
        self._rows = ()


class CatalogSession:
    """Call load() before the first query."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(":memory:", config={"threads": 1})
        self._raised: PgError | None = None
        self._user = ""  # whose queries these are
        self._broken: set[str] = set()  # whose rows could not be taken
        self._live: dict[str, Sequence[Sequence[Any]]] = {}  # rows given by replace()
        self._lock = threading.Lock()
        self._calls: list[tuple[str, int]] = []  # that the queries have made
        self._results: OrderedDict[tuple[str, tuple[Any, ...]], Sequence[Row]] = OrderedDict()
        self._parsed: OrderedDict[str, duckdb.Statement] = OrderedDict()
        self.facts = Facts(self.connection)
        register(self.connection, self._guarded)
        self.connection.create_function(
            CALLED.rstrip("("),
            self._called,
            ["VARCHAR", "INTEGER"],
            "BOOLEAN",
            side_effects=True,  # else DuckDB computes it once
        )
        self._store = Store(self.connection)
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute(MACROS)
        self.connection.execute(f"CREATE TABLE {SHOWN_SETTINGS} (name VARCHAR, value VARCHAR)")
        self.connection.execute(f"CREATE TABLE {sizes.SIZES} ({sizes.COLUMNS})")
        columns = ", ".join(f'"{column.name}" {column.duckdb}' for column in UNHANDLED.columns)
        self.connection.execute(f"CREATE TABLE {UNHANDLED.duckdb} ({columns})")
        self._keywords()

    def _called(self, function: str, pid: int) -> bool:
        """What the front will carry out. True for a session that there is."""
        self._calls.append((function, pid))
        return any(row[2] == pid for row in self._live.get("pg_catalog.pg_stat_activity", ()))

    def take_calls(self) -> Sequence[tuple[str, int]]:
        calls, self._calls = self._calls, []
        return calls

    def _keywords(self) -> None:
        self.connection.execute(
            "CREATE TABLE pgx.keywords (word VARCHAR, catcode VARCHAR, barelabel BOOLEAN, catdesc VARCHAR, baredesc VARCHAR)"
        )
        self.connection.executemany(
            "INSERT INTO pgx.keywords VALUES (?, ?, ?, ?, ?)", [list(row) for row in objectnames.keywords()]
        )

    def _guarded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with the present facts; DuckDB would only keep the text of what it raises."""

        def called(*arguments: Any) -> Any:
            if None in arguments:
                return None
            try:
                return function(self.facts, *arguments)
            except PgError as error:
                self._raised = error
                raise

        return called

    def changed(self) -> None:
        """The relations have other rows now."""
        self.facts = Facts(self.connection)
        self._results.clear()

    # CatalogSession

    def load(self, data: bytes, databases: Sequence[str], users: Sequence[str]) -> None:
        self._store.load(data, Surroundings(tuple(databases), tuple(users)))
        self.changed()
        self.facts.prepare()
        self._hold_back()

    def replace(self, relation: str, rows: Sequence[Sequence[Any]]) -> None:
        """Nobody waits for an answer: what fails is told by the next query."""
        if self._live.get(relation) == rows:
            return
        self._live.pop(relation, None)
        self._forget_answers(relation)
        try:
            if relation == SESSION:
                self._become(*rows[0])
            elif relation.startswith("pgx."):
                self._fill_own(relation, rows)
                self.facts.forget_sizes()
            else:
                fill.replace_rows(self.connection, relation, rows)
                self.connection.execute(_KNOWN_HERE.get(relation, "SELECT 1"))
        except duckdb.Error:
            log.exception("rows of a live relation are not what it holds", relation=relation)
            self._broken.add(relation)
        else:
            self._broken.discard(relation)
            self._live[relation] = rows

    def _forget_answers(self, relation: str) -> None:
        """Those that show its rows, as far as that is seen."""
        if relation != sizes.SIZES:
            self._results.clear()
            return
        for key in [key for key in self._results if sizes.PREFIX in key[0]]:
            del self._results[key]

    def _become(self, database: str, user: str, *path: str) -> None:
        """Views show what this user may see, and names as this search_path wants them."""
        self._store.learn_database(database)
        self.connection.execute(f"SET VARIABLE pgiris_database = {quoted(database)}")
        self.connection.execute(f"SET VARIABLE pgiris_user = {quoted(user)}")
        self.connection.execute(f"SET VARIABLE pgiris_path = [{', '.join(map(quoted, path))}]::VARCHAR[]")
        self._user = user
        self._hold_back()

    def _hold_back(self) -> None:
        """What information_schema shows of relations, of a user who has but what was granted."""
        held_back = self.facts.is_held_back(self._user)
        self.connection.execute(f"SET VARIABLE pgiris_held_back = {held_back}")
        if held_back:
            self.connection.execute("SET VARIABLE pgiris_relations = (SELECT list(oid) FROM pgx.granted_relation)")
            columns = "SELECT list(attrelid::BIGINT * 65536 + attnum) FROM pgx.granted_column"
            self.connection.execute(f"SET VARIABLE pgiris_columns = ({columns})")

    def _fill_own(self, relation: str, rows: Sequence[Sequence[Any]]) -> None:
        self.connection.execute(f"DELETE FROM {relation}")
        if rows:
            places = ", ".join("unnest(?)" for _ in rows[0])
            self.connection.execute(
                f"INSERT INTO {relation} SELECT {places}", [list(column) for column in zip(*rows, strict=True)]
            )

    # BackendSession

    def prepare(self, sql: str) -> Described:
        raise not_supported("catalog queries are described without a worker")

    def execute(self, sql: str, values: Sequence[Value | ListValue], shape: Shape = NO_SHAPE) -> CatalogRows:
        if self._broken:
            raise PgError(sqlstate.INTERNAL_ERROR, f"{min(self._broken)} cannot be shown")
        if "pg_timezone_names" in sql:  # what it shows depends on the time
            fill.replace_rows(self.connection, "pg_catalog.pg_timezone_names", zones.names(datetime.now(UTC)))
            return CatalogRows(self._run(sql, values))
        if CALLED in sql:
            return CatalogRows(self._run(sql, values))
        key = (sql, tuple(values))
        known = self._results.get(key)
        if known is None:
            known = self._run(sql, values)
            self._remember(key, known)
        else:
            self._results.move_to_end(key)
        return CatalogRows(known)

    def execute_many(self, sql: str, rows: Sequence[Row], shape: Shape = NO_SHAPE) -> None:
        raise not_supported("the system catalogs cannot be copied into")

    def _remember(self, key: tuple[str, tuple[Any, ...]], rows: Sequence[Row]) -> None:
        if len(rows) <= CACHED_ROWS:
            self._results[key] = rows
            if len(self._results) > CACHED_RESULTS:
                self._results.popitem(last=False)

    def _run(self, sql: str, values: Sequence[Any]) -> Sequence[Row]:
        self._raised = None
        self._calls = []
        try:
            self.connection.execute(self._statement(sql), list(values))
            kinds = [str(column[1]) for column in self.connection.description or ()]
            rows = self.connection.fetchall()
        except duckdb.Error as error:
            raise self._error(error) from None
        converted = [
            place for place, kind in enumerate(kinds) if kind in ("list", "dict") or kind.endswith("]") or kind[:6] == "STRUCT"
        ]
        return [_plain(row, converted) for row in rows] if converted else rows

    def _statement(self, sql: str) -> duckdb.Statement:
        """Parsed, and not yet bound: what it means is looked up at each execution."""
        known = self._parsed.get(sql)
        if known is None:
            (known,) = self.connection.extract_statements(sql)
            self._parsed[sql] = known
            if len(self._parsed) > PARSED:
                self._parsed.popitem(last=False)
        else:
            self._parsed.move_to_end(sql)
        return known

    def _error(self, error: duckdb.Error) -> PgError:
        if self._raised is not None:
            return self._raised
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        if "cannot contain aggregates" in text:
            clause = "WHERE" if "WHERE" in text else "GROUP BY"
            return PgError(sqlstate.GROUPING_ERROR, f"aggregate functions are not allowed in {clause}")
        expression = next((shown for word, shown in _EXPRESSIONS if word in text), None)
        if isinstance(error, duckdb.InvalidInputException) and expression is not None:
            return PgError(sqlstate.INVALID_REGULAR_EXPRESSION, f"invalid regular expression: {expression}")
        for message in ("OID out of range", '"char" out of range'):
            if message in text:
                return PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, message)
        overflow = next((name for kind, name in _OVERFLOWS.items() if f"of {kind} " in text), None)
        if overflow is not None:
            return PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f"{overflow} out of range")
        if "division by zero" in text:
            return PgError(sqlstate.DIVISION_BY_ZERO, "division by zero")
        for kind, code, message in _ERRORS:
            if isinstance(error, kind):
                return PgError(code, message or text)
        if "must appear in the GROUP BY clause" in text:
            name = text.partition('"')[2].partition('"')[0]
            message = f'column "{name}" must appear in the GROUP BY clause or be used in an aggregate function'
            return PgError(sqlstate.GROUPING_ERROR, message)
        if "More than one row returned by a subquery" in text:
            return PgError(sqlstate.CARDINALITY_VIOLATION, "more than one row returned by a subquery used as an expression")
        return not_supported(f"the catalog cannot answer this query: {text}")

    def last_identity(self) -> int | None:
        return None

    def begin(self, isolation: str, read_only: bool) -> None:
        pass

    def commit(self) -> None:
        pass

    def rollback(self) -> None:
        pass

    def savepoint(self, name: str) -> None:
        pass

    def rollback_to(self, name: str) -> None:
        pass

    def set_lock_timeout(self, seconds: float | None) -> None:
        pass

    def introspect(self) -> Any:
        raise not_supported("a catalog worker has no schema of its own")

    def describe(self, known: bytes) -> Any:
        raise not_supported("a catalog worker has no schema of its own")

    def schema_version(self) -> str:
        raise not_supported("a catalog worker has no schema of its own")

    def sizes(self) -> Any:
        raise not_supported("a catalog worker stores nothing")

    def reset(self) -> None:
        pass

    def interrupt(self) -> None:
        self.connection.interrupt()

    def close(self) -> None:
        self.connection.close()


def _plain(row: Row, places: Sequence[int]) -> Row:
    """Lists as array literals, and what reg* types show."""
    cells = list(row)
    for place in places:
        value = cells[place]
        if isinstance(value, list):
            cells[place] = lookups.array_text(value)
        elif isinstance(value, dict):
            cells[place] = _registered(value) if "oid" in value else Elements(map(_registered, value["items"]), value["lower"])
    return cells


def _registered(value: dict[str, Any] | None) -> NamedOid | None:
    return None if value is None else NamedOid(value["oid"], value["name"])


class CatalogBackend:
    """schemas: IRIS's names -> the client's."""

    name = "catalog"

    def __init__(self, schemas: Mapping[str, str] = schemanames.USUAL) -> None:
        schemanames.use(schemas)

    def connect(self, database: str, user: str, password: str | None) -> CatalogSession:
        return CatalogSession()
