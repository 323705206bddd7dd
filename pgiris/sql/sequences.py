"""Sequences in FROM: of one that CREATE SEQUENCE has made the session tells the row; that of an identity or serial column
(``t_id_seq``), which IRIS counts by itself, is asking for its table's largest number. pg_dump reads last_value and is_called.

PostgreSQL: sql-createsequence
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.errors import PgError
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.infer import fold
from pgiris.sql.postgres import parse
from pgiris.sql.reader import Reader
from pgiris.sql.schemanames import iris_schema, shown_schema
from pgiris.sql.scope import find_relation
from pgiris.sql.setting_commands import quote_identifier
from pgiris.sql.statement import Statement
from pgiris.sql.trees import Census, copied, walk
from pgiris.types.relation import Relation, RelationColumn, Snapshot

_SUFFIX = "_seq"
_QUERY = """SELECT CAST(COALESCE(MAX({column}), 1) AS bigint) AS last_value, CAST(0 AS bigint) AS log_cnt,
    CASE WHEN MAX({column}) IS NULL THEN false ELSE true END AS is_called FROM {table}"""


_STATE = """SELECT pgiris_last_value({name}) AS last_value, CAST(0 AS bigint) AS log_cnt, pgiris_is_called({name}) AS is_called"""


def read(census: Census, statement: Statement) -> bool:
    """Put queries of their tables in the place of sequences in FROM; whether there were any.

    setval() of a sequence whose column IRIS counts gets that column's largest number besides, to be compared with.
    """
    found = _read_settings(census, statement)
    for table in census.of(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            continue
        if not statement.analysis.snapshot.noted and not fold(table.this).endswith(_SUFFIX):
            continue
        name, schema = fold(table.this), fold(table.args.get("db"))
        is_cte = not schema and any(fold(cte.args["alias"].this) == name for cte in census.of(exp.CTE))
        text = _row_of(statement, schema, name) if isinstance(table.parent, exp.From | exp.Join) and not is_cte else ""
        if not text:
            continue
        query = parse(text)
        for node in walk(query):
            node.meta.clear()  # places in another text
        alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(name, quoted=True))
        made = exp.Subquery(this=query, alias=alias, joins=table.args.get("joins"))
        table.replace(made)
        found = True
    return found


def _read_settings(census: Census, statement: Statement) -> bool:
    found = False
    for call in census.of(exp.Anonymous):
        if fold(call.this) != "setval" or len(call.expressions) not in (2, 3):
            continue
        counted = _counted(call.expressions[0], statement)
        if counted is None:
            continue
        table, column = counted
        place = f"{quote_identifier(shown_schema(table.schema))}.{quote_identifier(name_of(table, column))}"
        arguments = [exp.Literal.string(place), *call.expressions[1:]]
        arguments += [exp.Boolean(this=True)] if len(arguments) == 2 else []
        made = exp.Anonymous(this="pgiris_setval_counted", expressions=[*arguments, _largest(call, table, column)])
        holder = call
        while isinstance(holder.parent, exp.Paren | exp.Cast | exp.Dot):
            holder = holder.parent
        shown = isinstance(holder.parent, exp.Select)
        call.replace(made)
        if shown:
            item = made if holder is call else holder
            item.replace(exp.Alias(this=copied(item), alias=exp.to_identifier("setval")))
        found = True
    return found


def _counted(node: exp.Expr, statement: Statement) -> tuple[Relation, RelationColumn] | None:
    """The table and column that IRIS counts, of a sequence's name or pg_get_serial_sequence(), when they are constants."""
    while isinstance(node, exp.Paren | exp.Cast):
        node = node.this
    snapshot, path = statement.analysis.snapshot, statement.analysis.search_path
    if isinstance(node, exp.Literal) and node.is_string:
        *_, schema, name = ("", *_parts(node.name))
        return None if find_relation(snapshot, path, schema, name) is not None else owner(snapshot, path, schema, name)
    if isinstance(node, exp.Anonymous) and fold(node.this) == "pg_get_serial_sequence" and len(node.expressions) == 2:
        table, column = node.expressions
        if isinstance(table, exp.Literal) and isinstance(column, exp.Literal):
            *_, schema, name = ("", *_parts(table.name))
            relation = find_relation(snapshot, path, schema, name)
            entry = relation.by_name.get(column.name.lower()) if relation is not None else None
            if relation is not None and entry is not None and entry[1].identity:
                return relation, entry[1]
    return None


def _parts(text: str) -> tuple[str, ...]:
    try:
        return qualified_name(Reader(text, 0))
    except PgError:  # whoever looks it up says so
        return ("",)


def _largest(call: exp.Expr, table: Relation, column: RelationColumn) -> exp.Expr:
    """The column's largest number: of the query at hand where that asks for aggregates of the table, else of one within."""
    place = f"{quote_identifier(table.schema)}.{quote_identifier(table.name)}"
    made = parse(f"SELECT max({quote_identifier(column.name)}) FROM {place}")
    for node in walk(made):
        node.meta.clear()  # places in another text
    around = call.find_ancestor(exp.Select)
    source = around.args.get("from_") if around is not None else None
    plain = around is not None and not any(around.args.get(part) for part in ("where", "joins", "group", "having"))
    if (
        source is not None
        and plain
        and isinstance(source.this, exp.Table)
        and fold(source.this.this).lower() == table.name.lower()
    ):
        largest: exp.Expr = made.expressions[0]
        return largest
    return exp.Subquery(this=made)


def _row_of(statement: Statement, schema: str, name: str) -> str:
    """The query of a sequence's row; "" for what is none."""
    snapshot, path = statement.analysis.snapshot, statement.analysis.search_path
    relation = find_relation(snapshot, path, schema, name)
    if relation is not None:
        if relation.kind != "sequence":
            return ""
        place = f"{quote_identifier(shown_schema(relation.schema))}.{quote_identifier(relation.name)}"
        return _STATE.format(name=exp.Literal.string(place).sql())
    found = owner(snapshot, path, schema, name) if name.endswith(_SUFFIX) else None
    if found is None:
        return ""
    table, column = found
    place = f"{quote_identifier(table.schema)}.{quote_identifier(table.name)}"
    return _QUERY.format(column=quote_identifier(column.name), table=place)


def name_of(relation: Relation, column: RelationColumn) -> str:
    """The sequence that a column shows which IRIS counts."""
    return f"{relation.name}_{column.name}{_SUFFIX}"


def owner(snapshot: Snapshot, search_path: tuple[str, ...], schema: str, name: str) -> tuple[Relation, RelationColumn] | None:
    """The table and column that IRIS counts and that shows a sequence of this name, which no relation has."""
    for place in (schema,) if schema else search_path:
        within = iris_schema(place).lower()
        candidates = (known for known in snapshot.names if known[0] == within and name.lower().startswith(f"{known[1]}_"))
        for relation in filter(None, (snapshot.find(*known) for known in candidates)):
            for column in relation.columns:
                if column.identity and name_of(relation, column).lower() == name.lower():
                    return relation, column
    return None
