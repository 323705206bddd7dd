"""Madeness: whether a row of RETURNING was inserted or changed, which clients of PostgreSQL read from the system column xmax.

xmax is 0 of a row that a statement has inserted, and the transaction's number of one that ON CONFLICT DO UPDATE has changed.
IRIS has no such column; what can be told is whether it is 0: ``xmax = 0``, ``xmax <> 0``, ``xmax::text = '0'``,
``xmax::text::bigint > 0`` and their kin. PostgreSQL: ddl-system-columns
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.sql.coercion import INTEGERS, STRINGS
from pgiris.sql.infer import cast_target, fold, unwrapped
from pgiris.sql.scope import Source
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied
from pgiris.sql.write import Found
from pgiris.types import oids

_XID, _STRING, _NUMBER = _SHAPES = (), ("s",), ("n", "s")  # casts, the outermost first
_NUMBERS = frozenset((*INTEGERS, oids.NUMERIC))


def is_asked(clause: exp.Expr | None, target: Source) -> bool:
    """Whether a RETURNING asks which rows were made."""
    return clause is not None and any(_asked(node, target) is not None for node in clause.find_all(exp.EQ, exp.NEQ, exp.GT))


def told(clause: exp.Expr, target: Source, made: exp.Expr, changed: exp.Expr) -> exp.Expr:
    """A copy of a RETURNING with conditions in the place of such questions. made, changed: what is true of such a row."""
    answered = copied(clause)
    for node in list(answered.find_all(exp.EQ, exp.NEQ, exp.GT)):
        asked = _asked(node, target)
        if asked is not None:
            node.replace(copied(made if asked else changed))
    return answered


def all_made(clause: exp.Expr, target: Source) -> exp.Expr:
    """The same where nothing but inserted rows is returned."""
    return told(clause, target, Found(this="1 = 1"), Found(this="1 = 0"))


def by_target(clause: exp.Expr, target: Source, identity: exp.Expr, statement: Statement) -> exp.Expr:
    """The same of the row that the last TARGET step has found, which was changed, or else of one that was inserted."""
    if not is_asked(clause, target):
        return copied(clause)
    same = "CASE WHEN {{0}} = {{1}} THEN {} ELSE {} END = 1"
    parts = [identity, statement.target()]
    made, changed = (Found(this=same.format(*ends), expressions=parts) for ends in ((0, 1), (1, 0)))
    return told(clause, target, made, changed)


def by_list(clause: exp.Expr, target: Source, identity: exp.Expr, found: exp.Expr) -> exp.Expr:
    """The same where found lists the %IDs of the rows that were changed."""
    changed = Found.among(identity, found)
    return told(clause, target, exp.Paren(this=exp.Not(this=exp.Paren(this=copied(changed)))), changed)


def _asked(node: exp.Expr, target: Source) -> bool | None:
    """True: whether a row was made. False: whether it was changed. None: something else."""
    left, right = unwrapped(node.this), unwrapped(node.expression)
    reversed_ = not isinstance(node, exp.GT) and isinstance(left, exp.Literal)
    if reversed_:
        left, right = right, left
    if not isinstance(right, exp.Literal) or right.name != "0" or _is_within(node):
        return None
    chain = []
    while isinstance(left, exp.Cast):
        chain.append(cast_target(left).oid)
        left = unwrapped(left.this)
    if not _is_xmax(left, target):
        return None
    types = tuple("s" if oid in STRINGS else "n" if oid in _NUMBERS else "" for oid in chain)
    if types not in _SHAPES or (isinstance(node, exp.GT) and types != _NUMBER):
        return None
    if not right.is_string and (types == _STRING or (types == _XID and reversed_)):  # which PostgreSQL has no operators for
        return None
    return isinstance(node, exp.EQ)


def _is_xmax(node: exp.Expr, target: Source) -> bool:
    if not isinstance(node, exp.Column) or fold(node.this) != "xmax" or node.args.get("db") is not None:
        return False
    return target.find("xmax") is None and fold(node.args.get("table")) in ("", target.alias)


def _is_within(node: exp.Expr) -> bool:
    """Whether it stands in a subquery, where the name may mean another row."""
    return isinstance(node.find_ancestor(exp.Query, exp.Returning), exp.Query)
