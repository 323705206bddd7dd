"""Conditions: IRIS tells conditions from values, PostgreSQL's booleans are both.

A boolean value where a condition must stand becomes ``value = 1``, a condition where a value must stands becomes a CASE.
iris-reference 4.5
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.sql.coercion import BOOL
from pgiris.sql.infer import is_nullable, unwrapped
from pgiris.sql.iris import nodes
from pgiris.sql.statement import Statement
from pgiris.sql.trees import LEAVES, change_items, copied
from pgiris.sql.write import Test

_CONDITIONS = (
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Like, exp.Escape, exp.In, exp.Between, exp.Is, exp.Exists,
    exp.And, exp.Or, exp.Not, nodes.InList, Test,
)  # fmt: skip


def is_condition(node: exp.Expr) -> bool:
    return isinstance(unwrapped(node), _CONDITIONS)


def settle(node: exp.Expr, statement: Statement, wanted: bool = False) -> exp.Expr:
    """The tree with every boolean in the form that its place wants. wanted: a condition is."""
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Boolean):
        return _is_truth(node, statement, wanted)
    if isinstance(node, exp.Not) and not is_condition(node.this) and not isinstance(unwrapped(node.this), exp.Boolean):
        statement.fired("boolean_condition")
        made: exp.Expr = exp.EQ(this=settle(node.this, statement), expression=exp.Literal.number(0))
        return made if wanted else _as_value(made, statement)
    keys = _condition_keys(node, wanted)
    for key, value in list(node.args.items()):
        if key == "expression" and type(node) is exp.Is:
            continue
        leaves = _NONE if key in keys else LEAVES
        if type(value) is list:
            change_items(node, key, value, settle, statement, key in keys, leaves=leaves)
        elif isinstance(value, exp.Expr) and type(value) not in leaves:
            changed = settle(value, statement, key in keys)
            if changed is not value:
                node.set(key, changed)
    if isinstance(node, exp.Not) and not isinstance(node.this, exp.Paren | exp.Exists):
        node.set("this", exp.Paren(this=node.this))
    if wanted:
        return node if _settled_condition(node) else _as_condition(node, statement)
    if isinstance(node, _CONDITIONS) and not _belongs(node):
        return _as_value(node, statement)
    return node


def _condition_keys(node: exp.Expr, wanted: bool) -> tuple[str, ...]:
    """Which arguments of a node are to be conditions."""
    kind = type(node)
    if kind is exp.Paren:
        return _BOTH if wanted else ()
    if kind is exp.If:
        case = node.parent
        return _BOTH[:1] if isinstance(case, exp.Case) and case.this is None else ()
    return _CONDITION_KEYS.get(kind, ())


_NONE: frozenset[type[exp.Expr]] = frozenset()
_BOTH = ("this", "expression")
_CONDITION_KEYS: dict[type[exp.Expr], tuple[str, ...]] = {
    exp.Escape: ("this",),
    exp.Join: ("on",),
    exp.Where: _BOTH,
    exp.Having: _BOTH,
    exp.And: _BOTH,
    exp.Or: _BOTH,
    exp.Xor: _BOTH,
    exp.Not: _BOTH,
}


def _belongs(node: exp.Expr) -> bool:
    """Assignments of UPDATE look like comparisons."""
    parent = node.parent
    return isinstance(node, exp.EQ) and isinstance(parent, exp.Update | exp.OnConflict)


def _settled_condition(node: exp.Expr) -> bool:
    return isinstance(node, _CONDITIONS) or (isinstance(node, exp.Paren) and _settled_condition(node.this))


def _as_condition(node: exp.Expr, statement: Statement) -> exp.Expr:
    if isinstance(node, exp.Paren):
        return node
    statement.fired("boolean_condition")
    if isinstance(node, exp.Boolean):
        return exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(1 if node.this else 0))
    if isinstance(node, exp.Null):
        return exp.EQ(this=exp.Null(), expression=exp.Literal.number(1))
    return exp.EQ(this=node, expression=exp.Literal.number(1))


def _as_value(node: exp.Expr, statement: Statement) -> exp.Expr:
    statement.fired("boolean_value")
    branches = [exp.If(this=node, true=exp.Literal.number(1))]
    default: exp.Expr = exp.Literal.number(0)
    if _may_be_null(node):
        branches.append(exp.If(this=exp.Not(this=exp.Paren(this=copied(node))), true=exp.Literal.number(0)))
        default = exp.Null()
    made = exp.Case(ifs=branches, default=default)
    made.meta["kind"] = BOOL
    return made


def _may_be_null(node: exp.Expr) -> bool:
    node = unwrapped(node)
    if isinstance(node, exp.Exists | exp.Is):
        return False
    if isinstance(node, exp.Not):
        return _may_be_null(node.this)
    if isinstance(node, exp.Connector):
        return _may_be_null(node.this) or _may_be_null(node.expression)
    if isinstance(node, exp.EQ | exp.NEQ | exp.LT | exp.LTE | exp.GT | exp.GTE):
        return is_nullable(node.this) or is_nullable(node.expression)
    return True


def _is_truth(node: exp.Is, statement: Statement, wanted: bool) -> exp.Expr:
    """``x IS TRUE`` is never NULL: false when x is."""
    statement.fired("is_true")
    digit = 1 if node.expression.this else 0
    inner = settle(node.this, statement, False)
    made: exp.Expr = exp.EQ(this=inner, expression=exp.Literal.number(digit))
    if not (wanted and _counts_null_as_false(node)):
        case = exp.Case(ifs=[exp.If(this=made, true=exp.Literal.number(1))], default=exp.Literal.number(0))
        case.meta["kind"] = BOOL
        made = exp.EQ(this=case, expression=exp.Literal.number(1)) if wanted else case
    return made


def _counts_null_as_false(node: exp.Expr) -> bool:
    """Whether the condition stands where NULL has the effect of false: in WHERE, through AND and OR only."""
    parent = node.parent
    while isinstance(parent, exp.And | exp.Or | exp.Paren):
        parent = parent.parent
    return isinstance(parent, exp.Where | exp.Having | exp.Join | exp.If)
