"""Stages: what happens to an analysed tree until it can be written, in order."""

from __future__ import annotations

from sqlglot import exp

from pgiris.sql.conditions import settle
from pgiris.sql.parameters import bind
from pgiris.sql.queries import rewrite_queries
from pgiris.sql.rewrites import rewrite
from pgiris.sql.statement import Statement


def finished(node: exp.Expr, statement: Statement) -> exp.Expr:
    """Each stage expects what the one before has done."""
    return bind(settle(rewrite_queries(rewrite(node, statement), statement), statement), statement)
