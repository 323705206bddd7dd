"""Rows of the catalog for extensions: those that were created, and pgvector's. PostgreSQL: catalog-pg-extension"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgiris.backend.metadata import Remark
from pgiris.catalog import dynamic
from pgiris.catalog.dynamic import Dynamic
from pgiris.catalog.rows import NAMESPACES, Row, Surroundings, depend
from pgiris.catalog.system import EXTENSION
from pgiris.sql.extensions import EXTENSIONS
from pgiris.sql.schemanames import iris_schema


def extension_rows(
    created: Iterable[tuple[str, str]], remarks: Iterable[Remark], around: Surroundings
) -> Iterator[tuple[Dynamic, Row]]:
    """created: names and IRIS's schemas. The row of plpgsql is PostgreSQL's own."""
    said = {remark.name: remark.text for remark in remarks if remark.kind == "extension"}
    there = {"vector": iris_schema("public")} | dict(created)
    for name in ("plpgsql", *there):
        comment = said.get(name, EXTENSIONS[name].comment)
        if comment:
            yield dynamic.DESCRIPTION, (around.system.extensions[name], EXTENSION, 0, comment)
    for name, schema in there.items():
        oid, (_, namespace) = around.system.extensions[name], around.schemas[schema.lower()]
        yield dynamic.EXTENSION, (oid, name, namespace, EXTENSIONS[name].version)
        yield depend(EXTENSION, oid, 0, NAMESPACES, namespace, 0, "n")
