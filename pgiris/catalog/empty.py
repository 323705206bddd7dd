"""Empty: relations of pg_catalog that have no row, since PostgreSQL has none of itself in them and IRIS no such thing."""

from __future__ import annotations

from importlib import resources

from pgiris.catalog import dynamic
from pgiris.catalog.relations import RELATIONS, CatalogRelation

_FILLED = {table.name.partition(".")[2] for table in vars(dynamic).values() if isinstance(table, dynamic.Dynamic)}


def _has_rows(relation: CatalogRelation) -> bool:
    data = resources.files("pgiris.catalog").joinpath(f"data/{relation.name}.parquet")
    return relation.kind != "r" or relation.name in _FILLED or data.is_file()


EMPTY = frozenset(relation.name for relation in RELATIONS.values() if relation.schema == "pg_catalog" and not _has_rows(relation))
