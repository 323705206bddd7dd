"""Folding: calls of catalog functions whose answer is known from their constants alone, as psql's \\gdesc asks them.

In: a tree of postgres.py. Out: the tree, with format_type() over constants, or over columns of a VALUES list of constants,
replaced by what it gives.
PostgreSQL: functions-info#FUNCTIONS-INFO-CATALOG
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.types.codec import Oid
from pgiris.types.table import type_name


def fold(tree: exp.Expr) -> exp.Expr:
    for call in list(tree.find_all(exp.Anonymous)):
        if call.name.lower() == "format_type" and len(call.expressions) == 2:
            _fold_call(call)
    return tree


def _fold_call(call: exp.Anonymous) -> None:
    place: exp.Expr = call.parent if isinstance(call.parent, exp.Dot) else call
    constants = [_constant(argument) for argument in call.expressions]
    if None not in constants:
        place.replace(_formatted(constants))
        return
    select = call.find_ancestor(exp.Select)
    source = select.args.get("from_") if select is not None else None
    values = source.this if source is not None else None
    if not isinstance(values, exp.Values):
        return
    alias = values.args.get("alias")
    if alias is None or not alias.columns:
        return
    names = [column.name.lower() for column in alias.columns]
    made = [_row_constants(call, names, row) for row in values.expressions]
    if any(None in row for row in made):
        return
    fresh = f"format_type_{len(names)}"
    for row, arguments in zip(values.expressions, made, strict=True):
        row.append("expressions", _formatted(arguments))
    alias.append("columns", exp.to_identifier(fresh))
    place.replace(exp.column(fresh, table=alias.name))


def _row_constants(call: exp.Anonymous, names: list[str], row: exp.Expr) -> list[str | None]:
    """The arguments of a call for one row of VALUES."""
    found = []
    for argument in call.expressions:
        if isinstance(argument, exp.Column) and argument.name.lower() in names and isinstance(row, exp.Tuple):
            argument = row.expressions[names.index(argument.name.lower())]
        found.append(_constant(argument))
    return found


def _constant(node: exp.Expr) -> str | None:
    """The text of a constant, ``null`` for NULL; None for anything else."""
    while isinstance(node, exp.Cast | exp.Paren):
        node = node.this
    if isinstance(node, exp.Null):
        return "null"
    sign = ""
    if isinstance(node, exp.Neg):
        sign, node = "-", node.this
    text = sign + node.name if isinstance(node, exp.Literal) else ""
    return text if text.removeprefix("-").isdigit() else None


def _formatted(arguments: list[str | None]) -> exp.Expr:
    oid, typmod = arguments
    if oid is None or oid == "null":
        return exp.Null()
    known = typmod is not None and typmod != "null"
    return exp.Literal.string(type_name(Oid(int(oid)), int(typmod) if known and typmod else -1))
