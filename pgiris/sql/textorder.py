"""Order of what IRIS keeps as text.

PostgreSQL orders strings by their characters; IRIS's EXACT puts those that are canonical numbers first, by value. A blank before
every string keeps IRIS from taking any for a number, at the price of an index on the column. Strings of columns with another
collation, as tables made outside pgiris have, keep their order; with string_ordering ``iris`` all do.
Labels of enums are ordered as they were declared: a CASE makes their places of them. iris-reference 4.6
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.errors import not_supported
from pgiris.sql.coercion import STRINGS, Kind
from pgiris.sql.infer import kind_of
from pgiris.sql.statement import Statement
from pgiris.sql.write import Template, template
from pgiris.types import enums
from pgiris.types.codec import Oid

_EXACT, _PADDED = "%EXACT({0})", "%EXACT(' ' || {0})"
_FORMS = frozenset((_EXACT, _PADDED))


def is_exact_text(node: exp.Expr) -> bool:
    """A string that no column of another collation has a part in."""
    if kind_of(node).oid not in STRINGS:
        return False
    fields = [found for column in node.find_all(exp.Column) if (found := column.meta.get("field")) is not None]
    return {found.collation.upper().lstrip("%") for found in fields if found.kind.oid in STRINGS} <= {"EXACT", ""}


def is_needed(statement: Statement, *nodes: exp.Expr) -> bool:
    """Whether what is compared, or looked through for the least, is to be padded()."""
    if all(enums.is_enum(kind_of(node).oid) for node in nodes):
        _refuse_view(statement)
        return True
    return statement.string_ordering == "postgres" and all(map(is_exact_text, nodes))


def is_needed_for(kind: Kind, collation: str) -> bool:
    """Whether rows are sorted by key() of a column of this kind. collation: IRIS's."""
    return enums.is_enum(kind.oid) or (kind.oid in STRINGS and collation.upper().lstrip("%") == "EXACT")


def _refuse_view(statement: Statement) -> None:
    """A view would keep the order that the labels have now."""
    if statement.of_view:
        raise not_supported("the order of an enum is not supported in a view", "Order the rows of the view.")


def key(node: exp.Expr, statement: Statement) -> exp.Expr:
    """What is sorted by: of strings without a function IRIS takes the namespace's collation, whatever the column's."""
    if enums.is_enum(kind_of(node).oid):
        _refuse_view(statement)
        return node if node.meta.get("places") else padded(node)
    if not is_exact_text(node):
        return node
    form = _PADDED if statement.string_ordering == "postgres" else _EXACT
    if not is_key(node):
        return template(form, node, kind=kind_of(node))
    return node if node.this == form else template(form, node.expressions[0], kind=kind_of(node))


def is_key(node: exp.Expr) -> bool:
    return isinstance(node, Template) and (node.this in _FORMS or bool(node.meta.get("places")))


def key_like(other: exp.Expr, node: exp.Expr) -> Template:
    """The same key of another value."""
    return padded(node) if other.meta.get("places") else template(other.this, node, kind=kind_of(node))


def form(kind: Kind) -> str:
    """The template of padded()."""
    return _places(kind.oid) if enums.is_enum(kind.oid) else _PADDED


def padded(node: exp.Expr) -> Template:
    kind = kind_of(node)
    made = template(form(kind), node, kind=kind)
    if made.this != _PADDED:
        made.meta["places"] = True
    return made


def unpadded(node: exp.Expr) -> Template:
    """What padded() was made of, or its like that an aggregate chose."""
    kind = kind_of(node)
    return template(_labels(kind.oid) if enums.is_enum(kind.oid) else "SUBSTRING({0}, 2)", node, kind=kind)


def _places(oid: Oid) -> str:
    """Behind a blank a parameter is a string to IRIS, and no label a number. Without labels there are no values but NULL."""
    branches = "".join(f" WHEN {_quoted(' ' + label)} THEN {place}" for place, label in enumerate(enums.labels_of(oid), 1))
    return f"CASE {_PADDED}{branches} END" if branches else "CASE WHEN {0} IS NULL THEN NULL END"


def _labels(oid: Oid) -> str:
    branches = "".join(f" WHEN {place} THEN {_quoted(label)}" for place, label in enumerate(enums.labels_of(oid), 1))
    return f"CASE {{0}}{branches} END" if branches else "{0}"


def _quoted(label: str) -> str:
    """A literal in a template."""
    return "'" + label.replace("'", "''").replace("{", "{{").replace("}", "}}") + "'"
