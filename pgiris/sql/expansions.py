"""Expansions: forms of a statement that are brought to a plainer form before anything is inferred.

In: a tree of postgres.py. Out: the tree, changed where it is INSERT ... SELECT from a VALUES list or from UNNEST of constant
arrays, which clients write to insert many rows.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from pgiris.errors import PgError
from pgiris.sql.infer import fold, unwrapped, value_of
from pgiris.sql.trees import copied
from pgiris.types import array


def expand(tree: exp.Expr) -> exp.Expr:
    if isinstance(tree, exp.Insert) and isinstance(tree.expression, exp.Select):
        rows = _rows(tree.expression)
        if rows is not None:
            tree.set("expression", exp.Values(expressions=[exp.Tuple(expressions=row) for row in rows]))
    return tree


_OTHER_CLAUSES = ("with_", "joins", "where", "group", "having", "distinct", "limit", "offset", "locks", "windows", "laterals")


def _rows(query: exp.Select) -> list[list[exp.Expr]] | None:
    """The rows that a SELECT from constant rows gives, its expressions filled in; None: it is another kind of query."""
    clause = query.args.get("from_")
    if clause is None or any(query.args.get(other) for other in _OTHER_CLAUSES):
        return None
    reader = _ROWS_OF.get(type(clause.this))
    names, rows = reader(clause.this) if reader is not None else (None, [])
    if names is None or not rows or not _in_order(query, names, rows):
        return None
    alias = clause.this.args.get("alias")
    table = fold(alias.this) if alias is not None else ""
    made = []
    for row in rows:
        cells: list[exp.Expr] = []
        for item in query.expressions:
            if isinstance(item, exp.Star):
                cells += [copied(cell) for cell in row]
                continue
            filled = _filled(value_of(item), dict(zip(names, row, strict=True)), table)
            if filled is None:
                return None
            cells.append(filled)
        made.append(cells)
    return made


def _filled(item: exp.Expr, cells: dict[str, exp.Expr], table: str) -> exp.Expr | None:
    holder = exp.Paren(this=copied(item))
    for column in list(holder.find_all(exp.Column)):
        name, qualifier = fold(column.this), fold(column.args.get("table"))
        if name not in cells or qualifier not in ("", table):
            return None
        column.replace(copied(cells[name]))
    if holder.find(exp.Select) is not None:
        return None
    filled: exp.Expr = holder.this
    return filled


def _in_order(query: exp.Select, names: list[str], rows: list[list[exp.Expr]]) -> bool:
    """Whether the rows stand in the order that the query asks for: by a column of rising numbers."""
    order = query.args.get("order")
    if order is None:
        return True
    if len(order.expressions) != 1 or order.expressions[0].args.get("desc"):
        return False
    key = order.expressions[0].this
    if not isinstance(key, exp.Column) or fold(key.this) not in names:
        return False
    cells = [unwrapped(row[names.index(fold(key.this))]) for row in rows]
    if not all(isinstance(cell, exp.Literal) and not cell.is_string and cell.name.isdigit() for cell in cells):
        return False
    numbers = [int(cell.name) for cell in cells]
    for cell in cells:
        cell.meta["pin"] = True
    return numbers == sorted(numbers)


def _values(node: exp.Expr) -> tuple[list[str] | None, list[list[exp.Expr]]]:
    alias = node.args.get("alias")
    columns = alias.args.get("columns") if alias is not None else None
    rows = [list(row.expressions) if isinstance(row, exp.Tuple) else [unwrapped(row)] for row in node.expressions]
    if not columns or any(len(row) != len(columns) for row in rows):
        return None, []
    for cells in zip(*rows, strict=True):
        if all(isinstance(cell, exp.Parameter | exp.Null) or cell.is_string for cell in cells):
            for cell in cells:
                cell.meta["listed"] = True  # a parameter that nothing gives a type is text, whatever is made of it
    return [fold(column) for column in columns], rows


def constant_rows(node: exp.Expr) -> tuple[list[str] | None, list[list[exp.Expr]]]:
    """UNNEST of array constants: its rows are as many as the longest array has elements, the others filled with NULL."""
    columns = [array_elements(argument) for argument in node.expressions]
    known = [column for column in columns if column is not None]
    if len(known) != len(columns) or node.args.get("offset"):
        return None, []
    longest = max(map(len, known), default=0)
    filled = [column + [exp.Null() for _ in range(longest - len(column))] for column in known]
    alias = node.args.get("alias")
    given = [fold(column) for column in (alias.args.get("columns") or ())] if alias is not None else []
    names = given if len(given) == len(known) else [f"unnest{place}" for place in range(len(known))]
    return names, [list(row) for row in zip(*filled, strict=True)]


def array_elements(node: exp.Expr) -> list[exp.Expr] | None:
    """The elements of an array that is written out; None for other expressions."""
    node = unwrapped(node)
    if isinstance(node, exp.Array):
        return list(node.expressions)
    if not isinstance(node, exp.Cast) or node.to.this != exp.DType.ARRAY or len(node.to.expressions) != 1:
        return None
    target = node.to.expressions[0]
    inner = unwrapped(node.this)
    while isinstance(inner, exp.Cast):
        inner = unwrapped(inner.this)
    if isinstance(inner, exp.Array):
        return [exp.Cast(this=item, to=copied(target)) for item in inner.expressions]
    if not isinstance(inner, exp.Literal) or not inner.is_string:
        return None
    return listed_elements(inner, target)


def listed_elements(literal: exp.Literal, target: exp.Expr) -> list[exp.Expr] | None:
    """Those of ``'{a,b}'``; None for text that is no list."""
    try:
        items = array.parse(literal.name).items
    except PgError:
        return None
    return [_element(item, target) for item in items]


def _element(item: str | None, target: exp.Expr) -> exp.Expr:
    value = exp.Null() if item is None else exp.Literal.string(item)
    return exp.Cast(this=value, to=copied(target))


_ROWS_OF: dict[type[exp.Expr], Callable[[exp.Expr], tuple[list[str] | None, list[list[exp.Expr]]]]] = {
    exp.Values: _values,
    exp.Unnest: constant_rows,
}
