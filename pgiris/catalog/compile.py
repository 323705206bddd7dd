"""Compile: which statements the catalog answers, and their plan.

In: a tree of sql/postgres.py. Out: a Plan whose step is DuckDB SQL over the relations of fill.py.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sqlglot import exp

from pgiris import sqlstate
from pgiris.catalog import calls, known
from pgiris.catalog.calls import SESSION, SHOWN_SETTINGS
from pgiris.catalog.casts import record_text, registered_out, text_items
from pgiris.catalog.computed import DOCUMENT_KEY
from pgiris.catalog.functions import RELATION_FUNCTIONS, ROW_FUNCTIONS
from pgiris.catalog.names import SCHEMAS, UNHANDLED, Scope
from pgiris.catalog.queries import Queries
from pgiris.catalog.relations import RELATIONS
from pgiris.catalog.sizes import SIZES
from pgiris.catalog.typed import REGISTERED, VECTORS, Field, Typed, element_of, is_array
from pgiris.catalog.unhandled import Unhandled
from pgiris.errors import PgError, not_supported
from pgiris.sql.functions import FUNCTIONS
from pgiris.sql.infer import fold, type_text
from pgiris.sql.plan import Effect, Plan, Role, Step, Target
from pgiris.sql.postgres import position_of
from pgiris.sql.schemanames import is_temporary, shown_schema
from pgiris.sql.session_functions import OF_SEQUENCES, SESSION_FUNCTIONS
from pgiris.sql.statement import Statement
from pgiris.sql.trees import Census, walk
from pgiris.types import oids
from pgiris.types.rows import Column

# Relations whose rows the session tells with each query.
LIVE = frozenset(
    (
        "pg_catalog.pg_cursors",
        "pg_catalog.pg_locks",
        "pg_catalog.pg_prepared_statements",
        "pg_catalog.pg_settings",
        "pg_catalog.pg_stat_activity",
        "pg_catalog.pg_stat_gssapi",
        "pg_catalog.pg_stat_ssl",
        f"{UNHANDLED.schema}.{UNHANDLED.name}",
        SHOWN_SETTINGS,
        SESSION,
        SIZES,
    )
)
_OF_SESSION = frozenset(("pg_catalog.pg_database", "pg_catalog.pg_locks"))  # the session's database is among their rows
_REG_TYPES = frozenset(
    ("regclass", "regtype", "regproc", "regprocedure", "regnamespace", "regrole", "regoper", "regoperator", "regcollation",
     "regconfig", "regdictionary")
)  # fmt: skip


def wants_catalog(census: Census) -> bool:
    """Whether a query is one of the system catalogs. Raises 0A000 when it is one of user tables as well."""
    catalog, users = tables(census)
    if catalog and users:
        raise not_supported(
            "queries that join system catalogs and user tables are not supported",
            "Ask for the one, then for the other.",
        )
    return bool(catalog) or (not users and _calls_catalog(census))


def tables(census: Census) -> tuple[list[exp.Table], list[exp.Table]]:
    """The catalog's relations that a statement names, and all others."""
    ctes = {fold(cte.args["alias"].this) for cte in census.of(exp.CTE)}
    catalog, users = [], []
    for table in census.of(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            continue
        schema, name = fold(table.args.get("db")), fold(table.this)
        if schema in SCHEMAS or (not schema and name == UNHANDLED.name) or (not schema and ("pg_catalog", name) in RELATIONS):
            catalog.append(table)
        elif schema or name not in ctes:
            users.append(table)
    return catalog, users


def _calls_catalog(census: Census) -> bool:
    for node in census.of(exp.Anonymous, exp.Cast):
        if isinstance(node, exp.Cast):
            if isinstance(node.parent, exp.Anonymous) and fold(node.parent.this) in OF_SEQUENCES:
                continue  # the session looks up the name
            words = type_text(node.to).lower().replace('"', "").removeprefix("pg_catalog.").removesuffix("[]")
            if words in _REG_TYPES or words.startswith("information_schema."):
                return True
        else:
            name = fold(node.this)
            if name in ROW_FUNCTIONS or name in RELATION_FUNCTIONS:
                return True
            if calls.is_known(name) and name not in FUNCTIONS and name not in SESSION_FUNCTIONS:
                return True
    return False


class Catalog:
    """What the planner asks (sql/planner.py's CatalogPlanner). unhandled: where refusals are kept."""

    def __init__(self, unhandled: Unhandled | None = None) -> None:
        self.unhandled = unhandled

    def wants(self, census: Census) -> bool:
        return wants_catalog(census)

    def check_change(self, census: Census) -> None:
        tree, found = census.tree, tables(census)[0]
        if not found:
            return
        target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        if isinstance(tree, exp.Drop | exp.Alter | exp.TruncateTable) or any(table is target for table in found):
            name = fold(found[0].this)
            raise PgError(sqlstate.INSUFFICIENT_PRIVILEGE, f"permission denied for table {name}", position=position_of(found[0]))
        raise not_supported(
            "changes and definitions that read system catalogs are not supported",
            "INSERT ... SELECT that reads nothing else is.",
        )

    def may_try(self, census: Census) -> bool:
        return not tables(census)[1]

    def plan(self, tree: exp.Expr, statement: Statement, search_path: tuple[str, ...]) -> Plan:
        return plan(tree, statement, search_path)

    def failed(self, text: str, error: PgError) -> None:
        if self.unhandled is not None:
            self.unhandled.add(text, error)


def plan(tree: exp.Expr, statement: Statement, search_path: tuple[str, ...]) -> Plan:
    """Raises what PostgreSQL's parse analysis raises, and 0A000 for what the catalog cannot answer."""
    known.check(tree)
    path = ",".join(effective_path(search_path))
    inline = statement.inline or any(isinstance(node, exp.Group | exp.Distinct) for node in walk(tree))
    queries = Queries(statement, path, inline)
    sql, fields = queries.query(tree, Scope(), natural=True)
    if DOCUMENT_KEY in sql and not queries.relations:
        raise not_supported("grouping by jsonb is not supported in a catalog query")  # workers compute it, with all numbers
    columns = tuple(_column(field) for field in fields)
    names = queries.expressions.names
    steps = [_step(f"SELECT {', '.join(names)}", statement, Role.RUN)] if names else []
    steps.append(_step(_on_the_wire(sql, fields, path), statement, Role.RESULT))
    statement.fired("catalog")
    used = {f"{relation.schema}.{relation.name}" for relation in queries.relations}
    used |= queries.expressions.live
    if used & _OF_SESSION or any(relation.kind == "v" for relation in queries.relations):  # some show what their user may see
        used.add(SESSION)
    live = tuple(sorted(used & LIVE, key=lambda name: (name != SESSION, name)))  # of what is known of it others make use
    return Plan(Target.CATALOG, "SELECT", Effect.READ, tuple(steps), columns=columns, live=live)


_MOMENT = (
    "CASE WHEN isinf({0}) THEN error('infinite timestamps are not supported') ELSE make_timestamp(epoch_us({0}))::VARCHAR END"
)
_PLACES = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|\$([0-9]+)""")


def _step(sql: str, statement: Statement, role: Role) -> Step:
    """The values that the SQL mentions and no others: DuckDB wants exactly those."""
    places: dict[int, int] = {}

    def numbered(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        return f"${places.setdefault(int(match[1]), len(places) + 1)}"

    made = _PLACES.sub(numbered, sql)
    return Step(made, tuple(statement.sources[place - 1] for place in places), role)


def effective_path(search_path: tuple[str, ...]) -> tuple[str, ...]:
    """Schemas as clients know them; pg_catalog is searched first unless it is named."""
    shown = tuple(shown_schema(name) if is_temporary(name) else name for name in search_path)
    return shown if "pg_catalog" in shown else ("pg_catalog", *shown)


def _column(field: Field) -> Column:
    value = field.value
    return Column(field.name, value.oid, value.kind.typmod, value.relation, value.attribute)


def _on_the_wire(sql: str, fields: list[Field], path: str) -> str:
    """The query with its columns in the form of types/codec.py, as far as DuckDB has to make it."""
    cells = [_cell(f"c{number}", field.value, path) for number, field in enumerate(fields, 1)]
    if all(cell == f"c{number}" for number, cell in enumerate(cells, 1)):
        return sql
    return f"SELECT {', '.join(cells)} FROM ({sql})"


def _cell(name: str, value: Typed, path: str) -> str:
    oid = value.oid
    if oid in REGISTERED:
        return f"CASE WHEN {name} IS NOT NULL THEN {{'oid': {name}, 'name': {registered_out(oid, name, path)}}} END"
    if oid in VECTORS:
        return f"array_to_string({name}, ' ')"
    from_zero = is_array(oid) and value.from_zero
    if is_array(oid) and element_of(oid) in REGISTERED:
        cell = f"CASE WHEN e IS NOT NULL THEN {{'oid': e, 'name': {registered_out(element_of(oid), 'e', path)}}} END"
        lower = 0 if from_zero else 1
        return f"CASE WHEN {name} IS NOT NULL THEN {{'lower': {lower}, 'items': list_transform({name}, lambda e: {cell})}} END"
    if from_zero:
        items = f"pgf_array_out({text_items(name, oid, path)}::VARCHAR[])"
        return f"CASE WHEN len({name}) > 0 THEN '[0:' || (len({name}) - 1) || ']=' || {items} ELSE {items} END"
    if is_array(oid):
        items = f"list_transform({name}, lambda e: {_MOMENT.format('e')} || '+00')" if element_of(oid) == oids.TIMESTAMPTZ else ""
        return f"{items or text_items(name, oid, path)}::VARCHAR[]"
    if value.fields is not None:
        parts = [Field(field.name, replace(field.value, sql=f"{name}[{place}]")) for place, field in enumerate(value.fields, 1)]
        return f"CASE WHEN {name} IS NOT NULL THEN {record_text(parts, path)} END"
    if oid == oids.TIMESTAMPTZ:
        return _MOMENT.format(name)
    if oid in (oids.TIMESTAMP, oids.DATE, oids.TIME):
        return f"{name}::VARCHAR"
    return name
