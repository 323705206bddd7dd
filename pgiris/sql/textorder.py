"""Text order: PostgreSQL orders strings by their characters; IRIS's EXACT puts those that are canonical numbers first, by value.

A blank before every string keeps IRIS from taking any for a number, at the price of an index on the column. Strings of columns
with another collation, as tables made outside pgiris have, keep their order; with string_ordering ``iris`` all do.
iris-reference 4.6
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.sql.coercion import STRINGS
from pgiris.sql.infer import kind_of
from pgiris.sql.statement import Statement
from pgiris.sql.write import Template, template

_EXACT, _PADDED = "%EXACT({0})", "%EXACT(' ' || {0})"
_FORMS = frozenset((_EXACT, _PADDED))


def is_exact_text(node: exp.Expr) -> bool:
    """A string that no column of another collation has a part in."""
    if kind_of(node).oid not in STRINGS:
        return False
    fields = [found for column in node.find_all(exp.Column) if (found := column.meta.get("field")) is not None]
    return {found.collation.upper().lstrip("%") for found in fields if found.kind.oid in STRINGS} <= {"EXACT", ""}


def is_needed(statement: Statement, *nodes: exp.Expr) -> bool:
    """Whether strings that are compared, or looked through for the least, need it."""
    return statement.string_ordering == "postgres" and all(map(is_exact_text, nodes))


def key(node: exp.Expr, statement: Statement) -> exp.Expr:
    """What is sorted by: of strings without a function IRIS takes the namespace's collation, whatever the column's."""
    if not is_exact_text(node):
        return node
    form = _PADDED if statement.string_ordering == "postgres" else _EXACT
    if not is_key(node):
        return template(form, node, kind=kind_of(node))
    return node if node.this == form else template(form, node.expressions[0], kind=kind_of(node))


def is_key(node: exp.Expr) -> bool:
    return isinstance(node, Template) and node.this in _FORMS


def key_like(other: exp.Expr, node: exp.Expr) -> Template:
    """The same key of another string."""
    return template(other.this, node, kind=kind_of(node))


def padded(node: exp.Expr) -> Template:
    return template(_PADDED, node, kind=kind_of(node))


def unpadded(node: exp.Expr) -> Template:
    """The string that padded() was made of, or its like that an aggregate chose."""
    return template("SUBSTRING({0}, 2)", node, kind=kind_of(node))
