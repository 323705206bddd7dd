"""Sequences: reading the one that an identity or serial column shows (``t_id_seq``) is asking for its table's largest number.

IRIS counts by itself and keeps no sequence; pg_dump reads last_value and is_called of those that the catalog shows.
PostgreSQL: sql-createsequence
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.sql.commands import quote_identifier
from pgiris.sql.infer import fold
from pgiris.sql.postgres import parse
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.scope import find_relation
from pgiris.sql.statement import Statement
from pgiris.sql.trees import Census, walk
from pgiris.types.relation import Relation, RelationColumn

_SUFFIX = "_seq"
_QUERY = """SELECT CAST(COALESCE(MAX({column}), 1) AS bigint) AS last_value, CAST(0 AS bigint) AS log_cnt,
    CASE WHEN MAX({column}) IS NULL THEN false ELSE true END AS is_called FROM {table}"""


def read(census: Census, statement: Statement) -> bool:
    """Put queries of their tables in the place of sequences in FROM; whether there were any."""
    found = False
    for table in census.of(exp.Table):
        if not isinstance(table.this, exp.Identifier) or not fold(table.this).endswith(_SUFFIX):
            continue
        name, schema = fold(table.this), fold(table.args.get("db"))
        is_cte = not schema and any(fold(cte.args["alias"].this) == name for cte in census.of(exp.CTE))
        owner = _owner(statement, schema, name) if isinstance(table.parent, exp.From | exp.Join) and not is_cte else None
        if owner is None:
            continue
        relation, column = owner
        place = f"{quote_identifier(relation.schema)}.{quote_identifier(relation.name)}"
        query = parse(_QUERY.format(column=quote_identifier(column.name), table=place))
        for node in walk(query):
            node.meta.clear()  # places in another text
        alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(name, quoted=True))
        made = exp.Subquery(this=query, alias=alias, joins=table.args.get("joins"))
        table.replace(made)
        found = True
    return found


def _owner(statement: Statement, schema: str, name: str) -> tuple[Relation, RelationColumn] | None:
    """The table and column of a sequence. None when a relation has this name."""
    analysis = statement.analysis
    if find_relation(analysis.snapshot, analysis.search_path, schema, name) is not None:
        return None
    for place in (schema,) if schema else analysis.search_path:
        for relation in analysis.snapshot.relations:
            if relation.schema.lower() != iris_schema(place).lower() or not name.startswith(f"{relation.name.lower()}_"):
                continue
            for column in relation.columns:
                if column.identity and f"{relation.name}_{column.name}{_SUFFIX}".lower() == name.lower():
                    return relation, column
    return None
