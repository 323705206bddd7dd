"""Parameters: $n and literals of a rewritten tree become Values, which are bound, or stay as constants in the text.

A lifted literal is bound where the text around it means the same for any value of its type; elsewhere it stays and is thereby
part of the plan's cache key. Values of dates and their like are always bound, since the client's settings decide what they mean.
"""

from __future__ import annotations

import re

from sqlglot import exp

from pgiris.errors import not_supported
from pgiris.sql import casts, textorder
from pgiris.sql.coercion import INTEGERS, NUMBERS, STRINGS, Kind
from pgiris.sql.infer import kind_of, unwrapped
from pgiris.sql.infer.analysis import number_kind
from pgiris.sql.iris import nodes
from pgiris.sql.statement import Statement
from pgiris.sql.trees import LEAVES, change_children
from pgiris.sql.write import Computed, Fitted, RowCount, Template, Value, template
from pgiris.types import oids
from pgiris.types.codec import Context
from pgiris.types.rows import held_decoder
from pgiris.types.vector import DENSE

_INLINE_TEXT = frozenset((*STRINGS, oids.UNKNOWN, oids.JSON, oids.JSONB, oids.UUID, oids.XML, 0))
_NORMAL_TEXT = frozenset((oids.JSONB, oids.UUID))  # of these, whose texts may be written in several ways
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Like, exp.In, exp.Between, nodes.InList)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Paren, exp.Alias)


def bind(node: exp.Expr, statement: Statement, liftable: bool = False) -> exp.Expr:
    """The tree with Values. liftable: the surroundings allow to bind lifted literals."""
    if isinstance(node, exp.Parameter):
        return _parameter(node, statement)
    if isinstance(node, exp.Literal):
        return _literal(node, statement, liftable)
    if isinstance(node, Computed):
        return _computed(node, statement)
    if isinstance(node, Fitted):
        return statement.fitted(bind(node.this, statement, liftable), kind_of(node))
    if isinstance(node, RowCount):
        return statement.row_count(bind(node.this, statement), node.args["clause"])
    if isinstance(node, exp.Select):
        liftable = "row" in node.meta
    elif isinstance(node, _OPEN):
        liftable = True
    elif isinstance(node, _FIXED) and not textorder.is_key(node):
        liftable = False
    change_children(node, bind, statement, liftable, leaves=_LEAVES)
    return node


_LEAVES = LEAVES - {exp.Literal}
_OPEN = (exp.Where, exp.Having, exp.Join, exp.Values)
_FIXED = (Template, exp.Case, exp.Anonymous, exp.Ordered, exp.Group, exp.DataType)  # IRIS wants to see what stands in them


def _parameter(node: exp.Parameter, statement: Statement) -> exp.Expr:
    number = int(node.this.name)
    if number > len(statement.analysis.parameters):
        raise not_supported(f"parameter ${number} is not supported at this place")
    value = statement.parameter(number)
    kind = Kind(statement.analysis.parameters[number - 1])  # what this mention was taken for, or another one settled
    if kind.oid in DENSE:
        return template("TO_VECTOR({0}, FLOAT)", value, kind=kind)
    return _typed(value, node, kind)


def _computed(node: Computed, statement: Statement) -> exp.Expr:
    value, kind = statement.computed_value(node.this), kind_of(node)
    if kind.oid in DENSE:
        return template("TO_VECTOR({0}, FLOAT)", value, kind=kind)
    return _typed(value, node, kind)


def _typed(value: Value, node: exp.Expr, kind: Kind) -> exp.Expr:
    """With a CAST where IRIS would not know the type by itself (-378). iris-reference 4.21"""
    value.meta["kind"] = kind
    if not _needs_type(node, kind):
        return value
    return template(f"CAST({{0}} AS {casts.iris_type(kind)})", value, kind=kind)


# Their first argument tells the type.
_OF_FIRST = frozenset(("MIN", "MAX", "NULLIF", "LAG", "LEAD", "FIRST_VALUE", "LAST_VALUE", "NTH_VALUE"))


def _needs_type(node: exp.Expr, kind: Kind) -> bool:
    """The results of a CASE, the columns of a set operation's legs and of subqueries, decimals in arithmetic."""
    child, parent = node, node.parent
    if kind.oid == oids.NUMERIC and isinstance(parent, (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, Template)):
        return True  # they are bound as text
    while isinstance(parent, exp.Paren | exp.Alias) or (isinstance(parent, Template) and parent.this == "{0}"):
        child, parent = parent, parent.parent
    if isinstance(parent, Template):
        takes_it = parent.this.partition("(")[0] in _OF_FIRST and child is parent.expressions[0]
        return takes_it and kind.oid not in _INLINE_TEXT
    if isinstance(parent, exp.If):
        return child.arg_key == "true"
    if isinstance(parent, exp.Case):
        return child.arg_key == "default"
    if isinstance(parent, exp.Select):
        return child.arg_key == "expressions" and parent.parent is not None
    return False


MOST_IN_LIST = 100  # literals of an IN list that are bound: IRIS takes 255 to 380 parameters. iris-reference 14


def _literal(node: exp.Literal, statement: Statement, liftable: bool) -> exp.Expr:
    made = _bound(node, statement, liftable)
    if made is None:
        statement.fix(node)
        return _inlined(node, kind_of(node), statement)
    return made


def _bound(node: exp.Literal, statement: Statement, liftable: bool) -> exp.Expr | None:
    """None: the literal stands in the text as it is."""
    kind = kind_of(node)
    if isinstance(node.parent, exp.In) and len(node.parent.expressions) > MOST_IN_LIST:
        liftable = False
    if not node.is_string:
        if isinstance(node.parent, exp.Neg) and kind != number_kind(node.name):
            return None  # the smallest integer, whose digits are no integer
        if liftable and kind.oid in INTEGERS and statement.place(node) is not None and _is_operand(node):
            return statement.literal(node, kind)
        is_signed = isinstance(node.parent, exp.Neg)  # the minus of a decimal bound as text would be arithmetic
        if liftable and kind.oid in NUMBERS and not is_signed and statement.place(node) is not None and _is_compared(node):
            return statement.literal(node, kind)
        return None
    if kind.oid == oids.BOOL:
        return None
    if kind.oid in DENSE:
        return casts.literal_vector(node, "FLOAT", kind, statement)
    if kind.oid in _INLINE_TEXT:
        if liftable and statement.place(node) is not None and _is_compared(node):
            return statement.literal(node, Kind(oids.TEXT) if kind.oid in (0, oids.UNKNOWN) else kind)
        return None
    if statement.inline or (kind.oid in NUMBERS and not (liftable and _is_compared(node)) and _DECIMAL.fullmatch(node.name)):
        return None
    return _typed(statement.literal(node, kind), node, kind)


def _inlined(node: exp.Literal, kind: Kind, statement: Statement) -> exp.Expr:
    if not node.is_string:
        return node
    if kind.oid == oids.BOOL:
        return exp.Literal.number(1 if node.name.strip().lower() in _TRUE else 0)
    if kind.oid in _NORMAL_TEXT:
        node.set("this", str(held_decoder(kind.oid, 0, _CONTEXT)(node.name.encode())))
        return node
    if kind.oid in _INLINE_TEXT:
        return node
    if kind.oid in NUMBERS and _DECIMAL.fullmatch(node.name):
        number = node.name.strip().lstrip("+")
        plain = exp.Literal.number(number.lstrip("-"))
        return exp.Paren(this=exp.Neg(this=plain)) if number.startswith("-") else plain
    return _constant(node, kind, statement)


def _constant(node: exp.Literal, kind: Kind, statement: Statement) -> exp.Expr:
    """In the text of a view, as IRIS writes it."""
    context = Context(date_style=statement.analysis.date_style)
    value = str(held_decoder(kind.oid, 0, context)(node.name.encode())).replace("'", "''")
    return template(f"CAST('{value}' AS {casts.iris_type(kind)})", kind=kind)


_CONTEXT = Context()


_DECIMAL = re.compile(r"\s*[+-]?[0-9]+(?:\.[0-9]+)?\s*")
_TRUE = frozenset(("t", "tr", "tru", "true", "y", "ye", "yes", "on", "1"))


def _is_compared(node: exp.Expr) -> bool:
    """Whether a literal is itself compared, assigned or stored."""
    parent = node.parent
    while isinstance(parent, exp.Paren | exp.Neg | Fitted) or (parent is not None and textorder.is_key(parent)):
        parent = parent.parent
    if isinstance(parent, exp.EQ) and isinstance(parent.parent, exp.Update):
        return True
    return _is_row(parent) or (isinstance(parent, _COMPARISONS) and not _other_is_constant(parent, node))


def _is_row(node: exp.Expr | None) -> bool:
    """Whether values that are stored stand in it."""
    return isinstance(node, exp.Tuple) or (isinstance(node, exp.Select) and "row" in node.meta)


def _is_operand(node: exp.Expr) -> bool:
    """Whether a number is part of a sum or product that is compared, assigned or stored."""
    parent = node.parent
    while isinstance(parent, exp.Paren | exp.Neg | exp.Add | exp.Sub | exp.Mul):
        parent = parent.parent
    if isinstance(parent, exp.EQ) and isinstance(parent.parent, exp.Update):
        return True
    return parent is not None and (_is_row(parent) or isinstance(parent, _COMPARISONS)) and not _other_is_constant(parent, node)


def _other_is_constant(parent: exp.Expr, node: exp.Expr) -> bool:
    """Two constants compared with each other give IRIS nothing to take a type from."""
    if isinstance(parent, exp.In | exp.Between) and _is_constant(parent.this):
        others = [*parent.expressions, parent.args.get("low"), parent.args.get("high")]
        return any(other is not None and _is_constant(other) for other in others)
    return isinstance(parent, exp.Binary) and _is_constant(parent.this) and _is_constant(parent.expression)


def _is_constant(node: exp.Expr) -> bool:
    return isinstance(unwrapped(node), exp.Literal | Value | exp.Null)
