"""Rows of the catalog for comments on what is no relation. PostgreSQL: catalog-pg-description, catalog-pg-shdescription"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgiris.backend.metadata import Remark
from pgiris.catalog import dynamic
from pgiris.catalog.dynamic import Dynamic
from pgiris.catalog.rows import NAMESPACES, TYPES, Row, Surroundings
from pgiris.types import objects
from pgiris.types.enums import EnumType

ROLES, DATABASES = 1260, 1262  # OIDs of pg_authid, pg_database


def remark_rows(
    remarks: Iterable[Remark], types: Iterable[EnumType], databases: Iterable[str], around: Surroundings
) -> Iterator[tuple[Dynamic, Row]]:
    """Of things that are there. databases: names in lower case. Extensions have their own (extensions.py)."""
    enums = {(type_.schema.lower(), type_.name): type_.oid for type_ in types}
    roles = {name.lower(): oid for name, oid in (around.system.roles | around.roles).items()}
    numbers = objects.assign(objects.DATABASE, ((key,) for key in databases))
    for remark in remarks:
        place = remark.schema.lower()
        if remark.kind == "schema" and place in around.schemas:
            yield dynamic.DESCRIPTION, (around.schemas[place][1], NAMESPACES, 0, remark.text)
        elif remark.kind == "type" and (place, remark.name) in enums:
            yield dynamic.DESCRIPTION, (enums[place, remark.name], TYPES, 0, remark.text)
        elif remark.kind == "role" and remark.name in roles:
            yield dynamic.SHARED_DESCRIPTION, (roles[remark.name], ROLES, remark.text)
        elif remark.kind == "database" and (remark.name,) in numbers:
            yield dynamic.SHARED_DESCRIPTION, (numbers[remark.name,], DATABASES, remark.text)
