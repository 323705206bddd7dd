"""Sizes: how much room relations and databases take, as the front has been told (session/sizes.py). NULL: it is not known.

What is stored nowhere has none: views, the system catalogs, which are made in memory, and sequences, which have no relation of
their own in IRIS. PostgreSQL: functions-admin#FUNCTIONS-ADMIN-DBSIZE
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from pgiris import sqlstate
from pgiris.catalog.registry import add, lookup
from pgiris.errors import PgError
from pgiris.sql.schemanames import shown_schema
from pgiris.types.objects import FIRST_USER_OID

if TYPE_CHECKING:
    from pgiris.catalog.facts import Facts

SIZES = "pgx.stored_size"  # the rows of StoredSizes
PREFIX = "pgf_size_of_"  # of what reads them
COLUMNS = "schema VARCHAR, relation VARCHAR, part VARCHAR, own BIGINT, streams BIGINT, indexes BIGINT"
FORKS = ("main", "fsm", "vm", "init")
_STORED = frozenset("ri")  # kinds of relations that have storage


class Size(NamedTuple):
    """Bytes of a relation itself, of values that are stored apart from its rows, and of its indexes."""

    own: int | None = None
    streams: int | None = None
    indexes: int | None = None


def of_relations(facts: Facts, rows: Iterable[tuple[Any, ...]]) -> dict[int, Size]:
    """By OID. rows: those of SIZES that have a schema."""
    classes = facts.objects("class")
    parts = {(relation, classes.by_oid[oid].name.lower()): oid for oid, (relation, *_) in facts.indexes.items()}
    found: dict[int, Size] = {}
    for schema, relation, part, own, streams, indexes in rows:
        for table in classes.find(shown_schema(schema), relation)[:1]:
            oid = parts.get((table.oid, part.lower())) if part else table.oid
            if oid is not None:
                found[oid] = Size(own, 0 if part else streams, 0 if part else indexes)
    return found


def _size(facts: Facts, oid: int) -> Size | None:
    """None where there is no such relation."""
    if oid not in facts.classes:
        return None
    kind = facts.classes[oid][0]
    if oid < FIRST_USER_OID or kind not in _STORED:
        return Size(0, 0, 0)
    return facts.sizes.get(oid) or (Size(None, 0, 0) if kind == "i" else Size())


def _together(*parts: int | None) -> int | None:
    return None if None in parts else sum(part for part in parts if part is not None)


@lookup("size_of_fork(oid, text) big")
def _of_fork(facts: Facts, oid: int, fork: str) -> int | None:
    """There is one fork only."""
    size = _size(facts, oid)
    if size is None:
        return None
    if fork not in FORKS:
        hint = 'Valid fork names are "main", "fsm", "vm", and "init".'
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "invalid fork name", hint=hint)
    return size.own if fork == "main" else 0


@lookup("size_of_table(oid) big")
def _of_table(facts: Facts, oid: int) -> int | None:
    size = _size(facts, oid)
    return None if size is None else _together(size.own, size.streams)


@lookup("size_of_indexes(oid) big")
def _of_indexes(facts: Facts, oid: int) -> int | None:
    size = _size(facts, oid)
    return None if size is None else size.indexes


@lookup("size_of_all(oid) big")
def _of_all(facts: Facts, oid: int) -> int | None:
    size = _size(facts, oid)
    return None if size is None else _together(*size)


@lookup("size_of_database(text) big")
def _of_database(facts: Facts, name: str) -> int | None:
    """Of the session's; nothing is known of others."""
    if name not in facts.databases.values():
        raise PgError(sqlstate.INVALID_CATALOG_NAME, f'database "{name}" does not exist')
    return facts.database_sizes.get(name.lower())


@lookup("size_of_database_oid(oid) big")
def _of_database_oid(facts: Facts, oid: int) -> int | None:
    return facts.database_sizes.get(facts.databases.get(oid, "").lower())


@lookup("size_of_tablespace(text) big")
def _of_tablespace(facts: Facts, name: str) -> int | None:
    """All databases are in one, and only the session's is known."""
    if (name,) not in facts.rows("SELECT spcname FROM pgc.pg_tablespace"):
        raise PgError(sqlstate.UNDEFINED_OBJECT, f'tablespace "{name}" does not exist')
    return None


add("size_of_tablespace_oid(oid) big", lambda facts, oid: None)
