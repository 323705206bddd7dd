"""Scalar calls: functions of one value in FROM, as JDBC's CallableStatement asks for them: plainer.py's rules of them.

``SELECT * FROM lower($1) AS x`` is ``SELECT lower($1) AS x``; beside other tables it is a derived table of one row.
PostgreSQL: queries-table-expressions#QUERIES-TABLEFUNCTIONS
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.compute.rowsets import ROW_SETS
from pgiris.errors import PgError
from pgiris.sql.aggregates import is_aggregate
from pgiris.sql.infer import fold
from pgiris.sql.postgres import position_of
from pgiris.sql.trees import all_of, copied
from pgiris.types import oids
from pgiris.types.codec import Oid

_OTHER_CLAUSES = (
    "with_", "joins", "laterals", "where", "group", "having", "windows", "distinct", "order", "limit", "offset", "locks", "into",
)  # fmt: skip


def alone(node: exp.Select) -> bool:
    """A query of nothing but the function's value: it is that value."""
    clause = node.args.get("from_")
    source = clause.this if clause is not None else None
    if not isinstance(source, exp.Table) or source.args.get("joins") or source.args.get("ordinality") or len(_given(source)) > 1:
        return False
    if not _is_scalar_call(source.this) or any(node.args.get(other) for other in _OTHER_CLAUSES) or len(node.expressions) != 1:
        return False
    _check(source.this, source)
    table, column = _names(source)
    (item,) = node.expressions
    asked = item.this if isinstance(item, exp.Alias) else item
    if not isinstance(asked, exp.Star):
        if not isinstance(asked, exp.Column) or fold(asked.args.get("table")) not in ("", table):
            return False
        if not isinstance(asked.this, exp.Star) and fold(asked.this) != column:
            return False
    shown = fold(item.args["alias"]) if isinstance(item, exp.Alias) else column
    node.set("expressions", [exp.alias_(source.this, shown, quoted=True, copy=False)])
    node.set("from_", None)
    return True


def beside_others(node: exp.Table | exp.Lateral) -> bool:
    """An entry of FROM: a derived table, which sees those before it where its arguments do."""
    listed = node.args.get("rows_from")
    calls = [entry.this for entry in listed] if listed else [node.this]
    if not all(map(_is_scalar_call, calls)) or isinstance(node.parent, exp.Lateral):
        return False
    depends = any(call.find(exp.Column) for call in calls)
    if depends and isinstance(node.parent, exp.From):  # on the query around this one, which IRIS's LATERAL may not see
        return False
    for call in calls:
        _check(call, node)
    table, first = _names(node)
    items = [exp.alias_(call, fold(call.this), quoted=True, copy=False) for call in calls]
    if len(calls) == 1:
        items[0].set("alias", exp.to_identifier(first, quoted=True))
    if node.args.get("ordinality"):
        items.append(exp.alias_(exp.cast(exp.Literal.number(1), "bigint"), "ordinality", quoted=True, copy=False))
    columns = [copied(column) for column in _given(node)]
    derived = exp.Subquery(this=exp.Select(expressions=items))
    alias = exp.TableAlias(this=exp.to_identifier(table, quoted=True), columns=columns)
    joins = node.args.get("joins")
    made = exp.Lateral(this=derived) if depends else derived
    made.set("alias", alias)
    if joins:
        made.set("joins", joins)
    node.replace(made)
    return True


def without_out_parameters(tree: exp.Expr, declared: Sequence[Oid]) -> None:
    """Arguments that are parameters of type void are none: JDBC sends them for out parameters.

    PostgreSQL: ParseFuncOrColumn()
    """
    for call in all_of(tree, exp.Anonymous):
        kept = [argument for argument in call.expressions if not _is_void(argument, declared)]
        if len(kept) < len(call.expressions):
            call.set("expressions", kept)


def _is_void(node: exp.Expr, declared: Sequence[Oid]) -> bool:
    if not isinstance(node, exp.Parameter):
        return False
    place = int(node.this.name) - 1
    return place < len(declared) and declared[place] == oids.VOID


def _is_scalar_call(node: exp.Expr | None) -> bool:
    return isinstance(node, exp.Anonymous) and fold(node.this) not in ROW_SETS


def _names(node: exp.Expr) -> tuple[str, str]:
    """Of the table and of its first column. PostgreSQL calls that by the function's alias, or by the function's name."""
    alias = node.args.get("alias")
    call = node.this
    table = fold(alias.this) if alias is not None and alias.this is not None else fold(call.this) if call is not None else ""
    columns = _given(node)
    return table, fold(columns[0]) if columns else table


def _given(node: exp.Expr) -> list[exp.Expr]:
    """The names, or definitions, of columns that stand behind the alias."""
    alias = node.args.get("alias")
    return list(alias.args.get("columns") or ()) if alias is not None else []


def _check(call: exp.Anonymous, node: exp.Expr) -> None:
    """Raises 42803 for an aggregate, 42601 for a list of typed columns."""
    if is_aggregate(call):
        message = "aggregate functions are not allowed in functions in FROM"
        raise PgError(sqlstate.GROUPING_ERROR, message, position=position_of(call))
    if any(isinstance(column, exp.ColumnDef) for column in _given(node)):
        message = 'a column definition list is only allowed for functions returning "record"'
        raise PgError(sqlstate.SYNTAX_ERROR, message)
