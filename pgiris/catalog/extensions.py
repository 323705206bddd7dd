"""Rows of the catalog for extensions: those that were created, and pgvector's. PostgreSQL: catalog-pg-extension"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgiris.catalog import dynamic
from pgiris.catalog.dynamic import Dynamic
from pgiris.catalog.rows import NAMESPACES, Row, Surroundings, depend
from pgiris.catalog.system import EXTENSION
from pgiris.sql.extensions import EXTENSIONS
from pgiris.sql.schemanames import iris_schema


def extension_rows(created: Iterable[tuple[str, str]], around: Surroundings) -> Iterator[tuple[Dynamic, Row]]:
    """created: names and IRIS's schemas."""
    for name, schema in ({"vector": iris_schema("public")} | dict(created)).items():
        oid, (_, namespace) = around.system.extensions[name], around.schemas[schema.lower()]
        yield dynamic.EXTENSION, (oid, name, namespace, EXTENSIONS[name].version)
        yield dynamic.DESCRIPTION, (oid, EXTENSION, 0, EXTENSIONS[name].comment)
        yield depend(EXTENSION, oid, 0, NAMESPACES, namespace, 0, "n")
