"""Rowcalls: functions of rows in select lists and in FROM, as lists of VALUES or in FROM: plainer.py's rules of them.

PostgreSQL: xfunc-sql#XFUNC-SQL-FUNCTIONS-RETURNING-SET, queries-table-expressions#QUERIES-TABLEFUNCTIONS
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.compute.rowsets import ROW_SETS
from pgiris.errors import PgError, not_supported
from pgiris.sql.aggregates import has_aggregate, is_aggregate
from pgiris.sql.expansions import constant_rows
from pgiris.sql.infer import column_name, fold, unwrapped
from pgiris.sql.trees import copied, entries, walk

MOST_SERIES_ROWS = 1000  # of generate_series with constant bounds: each becomes a SELECT of a UNION ALL


def series(node: exp.Table) -> bool:
    """generate_series of constants beside tables: a list of VALUES."""
    call = node.this
    if not isinstance(call, exp.Anonymous) or str(call.this).lower() != "generate_series" or node.args.get("joins"):
        return False
    bounds = [integer_of(argument) for argument in call.expressions]
    known = [bound for bound in bounds if bound is not None]
    if len(known) != len(bounds) or len(known) not in (2, 3) or node.args.get("ordinality"):
        return False
    start, stop, step = (*known, 1)[:3]
    if step == 0:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "step size cannot equal zero")
    numbers = range(start, stop + (1 if step > 0 else -1), step)
    if not numbers or len(numbers) > MOST_SERIES_ROWS:
        return False
    rows = [[literal_of(number)] for number in numbers]
    return _listed(node, "generate_series", [], rows)


def rows_in_select(node: exp.Select) -> bool:
    """Functions of rows in the select list stand side by side in FROM. PostgreSQL: xfunc-sql#XFUNC-SQL-FUNCTIONS-RETURNING-SET"""
    calls = [call for item in node.expressions for call in row_calls(item)]
    check_row_calls(node, calls)
    if not calls or any(node.args.get(clause) for clause in ("group", "having", "windows")):
        return False
    if any(len(one.columns) > 1 for call in calls for one in ROW_SETS[fold(call.this)]):
        return False
    if any(item.find(exp.Window) for item in node.expressions):
        return False
    if any(has_aggregate(item, (exp.Query,)) for item in node.expressions) and not _aggregates_to_from(node, calls):
        return False
    alias = f"pgiris_rows_{_depth(node)}"
    names = [f"pgiris_row_{place}" for place in range(1, len(calls) + 1)]
    for item in list(node.expressions):
        if not isinstance(item, exp.Alias) and row_calls(item):
            shown = exp.alias_(copied(item), column_name(item), quoted=True, copy=False)
            item.replace(shown)
    calls = [call for item in node.expressions for call in row_calls(item)]
    for call, name in zip(calls, names, strict=True):
        call.replace(column_of(alias, name))
    columns = [exp.to_identifier(name) for name in names]
    table = exp.Table(this=calls[0]) if len(calls) == 1 else exp.Table(rows_from=[exp.Table(this=call) for call in calls])
    table.set("alias", exp.TableAlias(this=exp.to_identifier(alias), columns=columns))
    if node.args.get("from_") is None:
        node.set("from_", exp.From(this=table))
    else:
        node.append("joins", exp.Join(this=table))
    if len(calls) == 1:
        queries_to_from(table)
    return True


def check_row_calls(node: exp.Select, calls: Sequence[exp.Anonymous]) -> None:
    """0A000 for functions of rows in a select list where their rows would be others than PostgreSQL's.

    In CASE and COALESCE PostgreSQL refuses them as well; DISTINCT ON chooses before, or after, they make rows.
    """
    distinct = node.args.get("distinct")
    if calls and distinct is not None and distinct.args.get("on") is not None:
        raise not_supported("DISTINCT ON with functions that return rows in the select list is not supported")
    for call in calls:
        outer = call.parent
        while outer is not None and outer is not node:
            name = fold(outer.this) if isinstance(outer, exp.Anonymous) else ""
            if isinstance(outer, exp.Case) or name == "coalesce":
                raise not_supported(f"set-returning functions are not allowed in {name.upper() or 'CASE'}")
            if name in ROW_SETS:
                raise not_supported("functions that return rows as arguments of others are not supported")
            outer = outer.parent


def row_calls(item: exp.Expr) -> list[exp.Anonymous]:
    """Functions of rows that a select item calls."""
    return [part for part in walk(item, (exp.Query,)) if isinstance(part, exp.Anonymous) and fold(part.this) in ROW_SETS]


def _aggregates_to_from(node: exp.Select, calls: Sequence[exp.Anonymous]) -> bool:
    """``SELECT generate_series(min(a), max(a)) FROM t``: the aggregates are columns of a table with one row."""
    if any(node.args.get(clause) for clause in ("distinct", "laterals", "locks")):
        return False
    found = [part for item in node.expressions for part in walk(item, (exp.Query,)) if is_aggregate(part)]
    if not all(any(part is inner for call in calls for inner in call.walk()) for part in found):
        return False
    alias = f"pgiris_bounds_{_depth(node)}"
    inner = exp.Select()
    for place, part in enumerate(found, 1):
        part.replace(column_of(alias, f"pgiris_bound_{place}"))
        inner.append("expressions", exp.alias_(part, f"pgiris_bound_{place}", copy=False))
    for clause in ("from_", "joins", "where"):
        inner.set(clause, node.args.get(clause))
        node.set(clause, None)
    node.set("from_", exp.From(this=exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(alias)))))
    return True


def queries_to_from(node: exp.Table) -> bool:
    """``FROM generate_series((SELECT ...), (SELECT ...))``: a table of its own, whose arguments are columns of one row."""
    call, alias = node.this, node.args.get("alias")
    if not isinstance(call, exp.Anonymous) or not isinstance(node.parent, exp.From | exp.Join) or node.args.get("ordinality"):
        return False
    queries = [part for part in call.expressions if isinstance(unwrapped(part), exp.Subquery)]
    name = fold(call.this)
    if not queries or node.args.get("joins") or not _is_of_one_column(name):
        return False
    bounds = exp.Select()
    for place, part in enumerate(queries, 1):
        column = f"pgiris_bound_{place}"
        part.replace(column_of("pgiris_bounds", column))
        bounds.append("expressions", exp.Alias(this=part, alias=exp.to_identifier(column)))
    shown = fold(alias.this) if alias is not None and alias.this is not None else name
    columns = alias.args.get("columns") if alias is not None else None
    own = exp.TableAlias(this=exp.to_identifier("pgiris_rows"), columns=[exp.to_identifier("pgiris_row")])
    name = fold(columns[0]) if columns else shown
    rows = exp.Select(expressions=[exp.alias_(column_of("pgiris_rows", "pgiris_row"), name, copy=False)])
    rows.set("from_", exp.From(this=exp.Subquery(this=bounds, alias=exp.TableAlias(this=exp.to_identifier("pgiris_bounds")))))
    rows.append("joins", exp.Join(this=exp.Table(this=call, alias=own)))
    node.replace(exp.Subquery(this=rows, alias=exp.TableAlias(this=exp.to_identifier(shown, quoted=True))))
    return True


def _is_of_one_column(name: str) -> bool:
    """Whether it is a function of rows with one column."""
    return name in ROW_SETS and all(len(one.columns) == 1 for one in ROW_SETS[name])


def _depth(node: exp.Expr) -> int:
    count = 0
    while node.parent is not None:
        node, count = node.parent, count + 1
    return count


def integer_of(node: exp.Expr) -> int | None:
    """The value of a whole number that is written out, which the plan holds for alone."""
    node = unwrapped(node)
    if isinstance(node, exp.Neg):
        value = integer_of(node.this)
        return None if value is None else -value
    if not isinstance(node, exp.Literal) or node.is_string or not node.name.isdigit() or len(node.name) > 9:
        return None
    node.meta["pin"] = True
    return int(node.name)


def literal_of(value: int) -> exp.Expr:
    literal = exp.Literal.number(abs(value))
    return exp.Neg(this=literal) if value < 0 else literal


def unnest(node: exp.Unnest) -> bool:
    """UNNEST of constant arrays beside tables: a list of VALUES."""
    names, rows = constant_rows(node)
    if node.find(exp.Column) is not None:
        return False
    if names is None or not rows or not isinstance(node.parent, exp.From | exp.Join):
        return False
    return _listed(node, "unnest", names, rows)


def _listed(node: exp.Expr, function: str, names: list[str], rows: list[list[exp.Expr]]) -> bool:
    """Puts rows in the place of a function in FROM. One column is called as its table is."""
    select = node.find_ancestor(exp.Select)
    if select is None or not any(_is_relation(table) for table in entries(select)):
        return False
    given = node.args.get("alias")
    table = copied(given.this) if given is not None and given.this is not None else exp.to_identifier(function)
    columns = [copied(column) for column in given.args.get("columns") or ()] if given is not None else []
    if len(columns) > len(rows[0]):
        return False
    if not columns:
        columns = [copied(table)] if len(rows[0]) == 1 else [exp.to_identifier(name) for name in names]
    alias = exp.TableAlias(this=table, columns=columns)
    node.replace(exp.Values(expressions=[exp.Tuple(expressions=row) for row in rows], alias=alias))
    return True


def column_of(table: str, name: str) -> exp.Column:
    """A column by names that are kept as they are."""
    return exp.column(exp.to_identifier(name, quoted=True), table=exp.to_identifier(table, quoted=True))


def _is_relation(node: exp.Expr) -> bool:
    return (isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier)) or isinstance(node, exp.Subquery)
