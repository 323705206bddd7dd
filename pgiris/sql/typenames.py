"""Type names: enums of the schema in statements, which parse_type() knows by their OIDs.

In: a tree of postgres.py. Out: the same tree, in which names of enums are ``"enum 17"``, by their OIDs (types/enums.py).
PostgreSQL: ddl-schemas-path
"""

from __future__ import annotations

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.infer.analysis import type_text
from pgiris.sql.reader import Reader
from pgiris.sql.schemanames import iris_schema, shown_schema
from pgiris.sql.setting_commands import quote_identifier
from pgiris.sql.trees import all_of
from pgiris.types.codec import Oid
from pgiris.types.enums import EnumType
from pgiris.types.relation import Snapshot
from pgiris.types.table import BY_NAME, BY_PG_NAME, parse_type


def shown_type(schema: str, name: str) -> str:
    """A type of IRIS's schema in messages."""
    own = shown_schema(schema)
    return quote_identifier(name) if own == "public" else f"{quote_identifier(own)}.{quote_identifier(name)}"


def find_enum(snapshot: Snapshot, search_path: tuple[str, ...], schema: str, name: str) -> EnumType | None:
    """schema: as the client wrote it, "" for none."""
    places = (schema,) if schema else search_path
    return next((found for place in places if (found := snapshot.enums.get((iris_schema(place).lower(), name)))), None)


def parse_named(text: str, snapshot: Snapshot, search_path: tuple[str, ...]) -> tuple[Oid, int]:
    """parse_type() that knows the schema's enums too."""
    base, bracket, rest = text.partition("[")
    noted = _noted(base, snapshot, search_path) if snapshot.enums else None
    return parse_type(text if noted is None else f"{noted}{bracket}{rest}")


def resolve(tree: exp.Expr, snapshot: Snapshot, search_path: tuple[str, ...]) -> exp.Expr:
    if snapshot.enums:
        for node in all_of(tree, exp.DataType):
            if node.this != exp.DType.ARRAY:
                _resolve(node, snapshot, search_path)
    return tree


def _resolve(node: exp.DataType, snapshot: Snapshot, search_path: tuple[str, ...]) -> None:
    noted = _noted(type_text(node), snapshot, search_path)
    if noted is not None:
        node.set("this", exp.DType.USERDEFINED)
        node.set("kind", noted)
        node.set("expressions", None)


def _noted(text: str, snapshot: Snapshot, search_path: tuple[str, ...]) -> str | None:
    """A name of an enum as parse_type() knows it; None for other names. pg_catalog is searched first."""
    reader = Reader(text, 0)
    try:
        *schema, name = qualified_name(reader)
    except PgError:
        return None
    if not schema and (name in BY_PG_NAME or name in BY_NAME):
        return None
    place = schema[-1] if schema else ""
    found = find_enum(snapshot, search_path, place, name)
    if found is not None and reader.at_symbol("("):
        raise PgError(sqlstate.SYNTAX_ERROR, f'type modifier is not allowed for type "{name}"')
    if not reader.at_end():
        return None
    if found is not None:
        return f'"{found.parsed}"'
    of_array = find_enum(snapshot, search_path, place, name[1:]) if name.startswith("_") else None
    return None if of_array is None else f'"{of_array.parsed}"[]'
