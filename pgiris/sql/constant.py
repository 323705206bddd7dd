"""Constant: SELECTs without FROM that need no backend: literals, parameters, casts of them, session functions.

In: an analysed SELECT. Out: where the value of each column comes from, or None when IRIS must compute something.
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.sql.coercion import STRINGS, Kind
from pgiris.sql.infer import Output, kind_of, unwrapped, value_of
from pgiris.sql.plan import SessionValue, Source
from pgiris.sql.rewrites import session_argument
from pgiris.sql.session_functions import OF_SEQUENCES
from pgiris.sql.statement import Statement
from pgiris.sql.trees import all_of
from pgiris.types import oids

_CLAUSES = ("from_", "joins", "where", "group", "having", "distinct", "limit", "offset", "with_", "locks", "order")


def constant_row(node: exp.Expr, statement: Statement) -> tuple[Source, ...] | None:
    if not isinstance(node, exp.Select) or any(node.args.get(clause) for clause in _CLAUSES):
        return None
    outputs: list[Output] = node.meta["outputs"]
    values = [value_of(item) for item in node.expressions]
    if not all(_is_constant(value, output.kind) for value, output in zip(values, outputs, strict=True)):
        return None
    return tuple(Source(_index(value, output.kind, statement)) for value, output in zip(values, outputs, strict=True))


def mark_once(node: exp.Expr) -> None:
    """In a SELECT without FROM, functions of the select list run once: those with an effect may stand there."""
    mark_within(node)
    if isinstance(node, exp.Select) and node.args.get("from_") is None:
        for item in node.expressions:
            value = unwrapped(value_of(item))
            while isinstance(value, exp.Cast):
                value = unwrapped(value.this)
            if "session" in value.meta:
                value.meta["once"] = True


def mark_within(node: exp.Expr) -> None:
    """A query within that names no column and has no FROM runs once: numbers of sequences may stand there."""
    for select in all_of(node, exp.Select):
        if select is not node and select.args.get("from_") is None and select.find(exp.Column) is None:
            mark_numbers(select)


def has_numbers(node: exp.Expr) -> bool:
    """Whether it takes numbers of sequences."""
    return any("session" in call.meta and call.meta["session"].name in OF_SEQUENCES for call in all_of(node, exp.Anonymous))


def mark_numbers(node: exp.Expr) -> None:
    """What is evaluated once may take numbers of sequences."""
    for call in all_of(node, exp.Anonymous):
        if "session" in call.meta and call.meta["session"].name in OF_SEQUENCES:
            call.meta["once"] = True


def _is_constant(node: exp.Expr, kind: Kind) -> bool:
    node = unwrapped(node)
    if isinstance(node, exp.Cast):
        inner = unwrapped(node.this)
        if kind.typmod >= 0:
            return False
        return _is_constant(inner, kind) and (kind_of(inner).oid == kind.oid or _same_text(inner, kind))
    if isinstance(node, exp.Neg):
        return isinstance(node.this, exp.Literal) and not node.this.is_string
    if isinstance(node, exp.Anonymous):
        function = node.meta.get("session")
        return function is not None and all(_is_argument(argument) for argument in node.expressions)
    return isinstance(node, exp.Literal | exp.Parameter | exp.Boolean | exp.Null)


def _is_argument(node: exp.Expr) -> bool:
    node = unwrapped(node)
    while isinstance(node, exp.Cast):
        node = unwrapped(node.this)
    return isinstance(node, exp.Literal | exp.Parameter | exp.Boolean | exp.Null) or (
        isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal)
    )


def _same_text(node: exp.Expr, kind: Kind) -> bool:
    """Number constants as text or as wider numbers: their digits are the value."""
    own = kind_of(node)
    if isinstance(node, exp.Literal | exp.Neg):
        return kind.oid in (*(STRINGS - {oids.CHAR}), oids.INT8, oids.NUMERIC, oids.FLOAT8) and own.oid in (oids.INT4, oids.INT8)
    if isinstance(node, exp.Parameter | exp.Anonymous):
        return own.oid in STRINGS and kind.oid in STRINGS and kind.oid != oids.CHAR
    return False


def _index(node: exp.Expr, kind: Kind, statement: Statement) -> int:
    node = unwrapped(node)
    if isinstance(node, exp.Cast):
        return _index(node.this, kind, statement)
    if isinstance(node, exp.Parameter):
        return int(node.this.name) - 1
    if isinstance(node, exp.Anonymous):
        function = node.meta["session"]
        pairs = zip(node.expressions, function.arguments, strict=True)
        arguments = tuple(session_argument(argument, oid, statement) for argument, oid in pairs)
        return statement.session_index(SessionValue(function.name, arguments, function.result))
    if isinstance(node, exp.Null):
        return statement.literal_index(None, kind, None)
    if isinstance(node, exp.Boolean):
        return statement.literal_index("t" if node.this else "f", kind, None)
    if isinstance(node, exp.Neg):
        statement.fix(node.this)
        return statement.literal_index("-" + node.this.name, kind, None)
    text = node.name
    return statement.literal_index(text, kind, statement.place(node))
