"""Indexes: CREATE INDEX and DROP INDEX -> steps of a plan. iris-reference 4.19, 10.4"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.ddl import ddl, existing, name, warn
from pgiris.sql.infer import Binder, fold
from pgiris.sql.plan import Plan
from pgiris.sql.statement import Statement
from pgiris.sql.tables import bare, names_of


def create_index(tree: exp.Create, binder: Binder, statement: Statement) -> Plan:
    index = tree.this
    parameters = index.args["params"]
    table, _ = existing(index.args["table"], statement)
    using = parameters.args.get("using")
    method = using.name.lower() if using is not None else "btree"
    columns = parameters.args.get("columns") or []
    if parameters.args.get("where") is not None:
        if tree.args.get("unique"):
            raise not_supported("partial unique indexes are not supported")
        warn(statement, "WHERE of the index is ignored: IRIS indexes all rows")
    if not columns:
        raise not_supported("this index is not supported")
    given = fold(index.this) if index.this is not None else _index_name(index.args["table"], columns)
    kind = _hnsw(columns, parameters) if method == "hnsw" else ""
    if method not in ("btree", "hash", "hnsw"):
        raise not_supported(f'access method "{method}" is not supported', "There are btree, hash and hnsw.")
    unique = "UNIQUE " if tree.args.get("unique") else ""
    include = parameters.args.get("include")
    stored = f" WITH DATA ({names_of(include)})" if include else ""
    sql = f"CREATE {unique}INDEX {name(given)} ON TABLE {table} ({names_of(columns)}){kind}{stored}"
    return ddl("CREATE INDEX", [sql], sqlstate.DUPLICATE_TABLE if tree.args.get("exists") else "")


def _index_name(table: exp.Expr, columns: Sequence[exp.Expr]) -> str:
    """As PostgreSQL makes it. PostgreSQL: ChooseIndexName"""
    return "_".join([fold(table.this), *(bare(column) for column in columns), "idx"])


_DISTANCES = {"vector_cosine_ops": "Cosine", "vector_ip_ops": "DotProduct"}


def _hnsw(columns: Sequence[exp.Expr], parameters: exp.Expr) -> str:
    column = columns[0].this if isinstance(columns[0], exp.Ordered) else columns[0]
    operators = column.expression.name.lower() if isinstance(column, exp.Opclass) else "vector_l2_ops"
    distance = _DISTANCES.get(operators)
    if distance is None:
        raise not_supported(f"hnsw indexes with {operators} are not supported", "There are vector_cosine_ops and vector_ip_ops.")
    settings = [f"Distance='{distance}'"]
    for option in parameters.args.get("with_storage") or ():
        word = {"m": "M", "ef_construction": "efConstruction"}.get(option.this.name.lower())
        if word is None:
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'unrecognized parameter "{option.this.name}"')
        settings.append(f"{word}={int(option.args['value'].name)}")
    return f" AS HNSW({', '.join(settings)})"


def drop_index(tree: exp.Drop, binder: Binder, statement: Statement) -> Plan:
    exists = "IF EXISTS " if tree.args.get("exists") else ""
    return ddl("DROP INDEX", [f"DROP INDEX {exists}{name(fold(node.this))}" for node in tree.args.get("tables") or ()])
