"""Indexes: CREATE INDEX and DROP INDEX -> steps of a plan. iris-reference 4.19, 10.4"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.ddl import ddl, existing, name, skipped
from pgiris.sql.infer import Binder, fold
from pgiris.sql.notices import warning
from pgiris.sql.plan import Plan
from pgiris.sql.postgres import position_of
from pgiris.sql.statement import Statement
from pgiris.sql.tables import bare, is_bare, names_of
from pgiris.types.relation import Relation, Snapshot


def tables_of(snapshot: Snapshot, schema: str | None, word: str) -> Iterator[Relation]:
    """Those that have an index or a key of that name. schema: IRIS's; None: any."""
    for relation in snapshot.relations:
        if schema is None or relation.schema.lower() == schema.lower():
            names = [*(index.name for index in relation.indexes), *(key for key, _ in relation.key_names)]
            if word.lower() in map(str.lower, names):
                yield relation


def create_index(tree: exp.Create, binder: Binder, statement: Statement) -> Plan:
    index = tree.this
    parameters = index.args["params"]
    table, relation = existing(index.args["table"], statement)
    using = parameters.args.get("using")
    method = using.name.lower() if using is not None else "btree"
    columns = parameters.args.get("columns") or []
    if not columns:
        raise not_supported("this index is not supported")
    beyond = _beyond_iris(method, columns)
    if beyond:
        return _left_out(beyond, columns, relation, tree, statement)
    if parameters.args.get("where") is not None:
        if tree.args.get("unique"):
            raise not_supported("partial unique indexes are not supported")
        statement.notices.append(warning("WHERE of the index is ignored: IRIS indexes all rows"))
    given = fold(index.this) if index.this is not None else _index_name(index.args["table"], columns)
    known = {index.name.lower() for index in relation.indexes} if relation is not None else set()
    if tree.args.get("exists") and given.lower() in known:
        return skipped("CREATE INDEX", statement, f'relation "{given}" already exists', sqlstate.DUPLICATE_TABLE)
    kind = _hnsw(columns, parameters) if method == "hnsw" else ""
    unique = "UNIQUE " if tree.args.get("unique") else ""
    include = parameters.args.get("include")
    stored = f" WITH DATA ({names_of(include)})" if include else ""
    _note_order(given, columns, relation, statement)
    sql = f"CREATE {unique}INDEX {name(given)} ON TABLE {table} ({names_of(columns)}){kind}{stored}"
    return ddl("CREATE INDEX", [sql], sqlstate.DUPLICATE_TABLE if tree.args.get("exists") else "")


def _note_order(given: str, columns: Sequence[exp.Expr], relation: Relation | None, statement: Statement) -> None:
    """IRIS's indexes have no order that could be declared, which is a matter of speed: the catalogs tell it to those who ask."""
    if relation is None:
        return
    order = [_order(column) for column in columns]
    facts = {"order": order} if any(order) else {}
    (statement.note if facts else statement.noted)("set_part", relation.schema, relation.name, "index", given, facts)


def _order(column: exp.Expr) -> int:
    if not isinstance(column, exp.Ordered):
        return 0
    descending = bool(column.args.get("desc"))
    first = bool(column.args.get("nulls_first")) if column.meta.get("explicit_nulls") else descending
    return descending + 2 * first


def _beyond_iris(method: str, columns: Sequence[exp.Expr]) -> str:
    """Why IRIS cannot have this index; empty when it can."""
    if method in _OTHER_METHODS:
        return f"IRIS has no {method} indexes"
    if method not in _METHODS:
        raise PgError(sqlstate.UNDEFINED_OBJECT, f'access method "{method}" does not exist')
    if not all(map(is_bare, columns)):
        return "IRIS has no indexes on expressions"
    if method == "hnsw" and _operators(columns) not in _DISTANCES:
        return f"IRIS has no HNSW indexes with {_operators(columns)}"
    return ""


def _left_out(
    reason: str, columns: Sequence[exp.Expr], relation: Relation | None, tree: exp.Create, statement: Statement
) -> Plan:
    """Without the index queries give the same rows, more slowly; a unique one would have refused rows."""
    if tree.args.get("unique") or statement.unsupported_indexes == "refuse":
        raise not_supported(f"this index is not supported: {reason}")
    if relation is not None:
        known = {column.name.lower() for column in relation.columns}
        for column in (found for item in columns for found in item.find_all(exp.Column)):
            if fold(column.this).lower() not in known:
                message = f'column "{fold(column.this)}" does not exist'
                raise PgError(sqlstate.UNDEFINED_COLUMN, message, position=position_of(column))
    message = f"the index is not created: {reason}"
    hint = "Queries work without it. The setting pgiris.unsupported_indexes makes this an error."
    statement.notices.append(PgError(sqlstate.SUCCESSFUL_COMPLETION, message, "NOTICE", hint=hint))
    return ddl("CREATE INDEX", ())


def _index_name(table: exp.Expr, columns: Sequence[exp.Expr]) -> str:
    """As PostgreSQL makes it. PostgreSQL: ChooseIndexName"""
    return "_".join([fold(table.this), *(bare(column) for column in columns), "idx"])


_METHODS = frozenset(("btree", "hash", "hnsw"))
_OTHER_METHODS = frozenset(("brin", "gin", "gist", "ivfflat", "spgist"))
_DISTANCES = {
    f"{kind}_{operators}_ops": distance
    for kind in ("vector", "halfvec")
    for operators, distance in (("cosine", "Cosine"), ("ip", "DotProduct"))
}


def _hnsw(columns: Sequence[exp.Expr], parameters: exp.Expr) -> str:
    settings = [f"Distance='{_DISTANCES[_operators(columns)]}'"]
    for option in parameters.args.get("with_storage") or ():
        word = {"m": "M", "ef_construction": "efConstruction"}.get(option.this.name.lower())
        if word is None:
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'unrecognized parameter "{option.this.name}"')
        settings.append(f"{word}={int(option.args['value'].name)}")
    return f" AS HNSW({', '.join(settings)})"


def _operators(columns: Sequence[exp.Expr]) -> str:
    """The operator class of a vector's index."""
    column = columns[0].this if isinstance(columns[0], exp.Ordered) else columns[0]
    return column.expression.name.lower() if isinstance(column, exp.Opclass) else "vector_l2_ops"


def drop_index(tree: exp.Drop, binder: Binder, statement: Statement) -> Plan:
    exists = "IF EXISTS " if tree.args.get("exists") else ""
    for node in (tree.args.get("tables") or ()) if statement.analysis.snapshot.noted else ():
        for table in tables_of(statement.analysis.snapshot, None, fold(node.this)):
            statement.noted("drop_part", table.schema, table.name, fold(node.this))
    return ddl("DROP INDEX", [f"DROP INDEX {exists}{name(fold(node.this))}" for node in tree.args.get("tables") or ()])
