"""Rows of the catalog for enums: the types, their arrays and their labels. PostgreSQL: catalog-pg-enum"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgiris.catalog import dynamic
from pgiris.catalog.dynamic import Dynamic
from pgiris.catalog.rows import NAMESPACES, TYPES, Row, Surroundings, depend
from pgiris.types import objects
from pgiris.types.enums import EnumType


def enum_rows(types: Iterable[EnumType], around: Surroundings) -> Iterator[tuple[Dynamic, Row]]:
    for type_ in types:
        _, namespace = around.schemas[type_.schema.lower()]
        yield dynamic.ENUM_TYPE, (type_.oid, type_.name, namespace, 0, type_.array)
        yield dynamic.ENUM_TYPE, (type_.array, f"_{type_.name}", namespace, type_.oid, 0)
        yield depend(TYPES, type_.oid, 0, NAMESPACES, namespace, 0, "n")
        yield depend(TYPES, type_.array, 0, TYPES, type_.oid, 0, "i")
        yield from _labels(type_)


def _labels(type_: EnumType) -> Iterator[tuple[Dynamic, Row]]:
    """Their OIDs stay what they are when others come in between."""
    names = [(str(type_.number), label.encode().hex()) for label in type_.labels]
    oids = objects.assign(objects.ENUM, names)
    for place, (label, name) in enumerate(zip(type_.labels, names, strict=True), 1):
        yield dynamic.ENUM_LABEL, (oids[name], type_.oid, place, label)
