"""Aggregates: calls of aggregate functions, told by their names before anything is inferred."""

from __future__ import annotations

from sqlglot import exp

from pgiris.sql.functions import AGGREGATES
from pgiris.sql.infer import fold
from pgiris.sql.trees import walk


def is_aggregate(node: exp.Expr) -> bool:
    return isinstance(node, exp.Anonymous) and fold(node.this) in AGGREGATES


def has_aggregate(node: exp.Expr, above: tuple[type[exp.Expr], ...] = ()) -> bool:
    """above: calls below nodes of these kinds do not count."""
    return any(map(is_aggregate, walk(node, above)))
