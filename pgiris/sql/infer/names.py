"""Names: what a result column without AS is called. PostgreSQL: FigureColname in parse_target.c"""

from __future__ import annotations

from sqlglot import exp

from pgiris.sql.infer.analysis import Output, cast_target, fold, unwrapped
from pgiris.types.table import TYPES


def column_name(node: exp.Expr) -> str:
    """The name of a result column. PostgreSQL: FigureColname in parse_target.c"""
    return _figured(node)[0]


def _figured(node: exp.Expr) -> tuple[str, int]:
    """(name, strength): a cast and a CASE give way to a name of strength 2."""
    node = unwrapped(node)
    if isinstance(node, exp.Alias):
        return fold(node.args["alias"]), 2
    if "shown" in node.meta:
        return str(node.meta["shown"]), 2
    if isinstance(node, exp.Column):
        return fold(node.this), 2
    if isinstance(node, exp.Window | exp.Filter | exp.WithinGroup):
        return _figured(node.this)
    if isinstance(node, exp.Anonymous):
        if node.meta.get("operator"):
            return "?column?", 0
        name = fold(node.this)
        return name, 2
    if isinstance(node, exp.Bracket):
        return _figured(node.this)
    if isinstance(node, exp.Dot):
        return _figured(node.expression)
    if isinstance(node, exp.Cast):
        inner, strength = _figured(node.this)
        return (inner, 2) if strength == 2 else (_type_column_name(node), 1)
    if isinstance(node, exp.Case):
        default = node.args.get("default")
        inner, strength = _figured(default) if default is not None else ("", 0)
        return (inner, 2) if strength == 2 else ("case", 1)
    if isinstance(node, exp.Exists):
        return "exists", 2
    if isinstance(node, exp.Array):
        return "array", 2
    if isinstance(node, exp.Boolean):
        return "?column?", 0
    if isinstance(node, exp.Subquery | exp.Select):
        return _query_column_name(node)
    if isinstance(node, exp.AtTimeZone):
        return "timezone", 2
    return "?column?", 0


def _query_column_name(node: exp.Expr) -> tuple[str, int]:
    outputs: list[Output] = node.meta.get("outputs", [])
    return (outputs[0].name, 2) if outputs and outputs[0].name != "?column?" else ("?column?", 0)


def _type_column_name(node: exp.Cast) -> str:
    kind = cast_target(node)
    row = TYPES.get(kind.oid)
    if row is None:
        return "?column?"
    return TYPES[row.element].name if row.category == "A" and row.element in TYPES else row.name
