"""XML functions: XMLELEMENT, XMLFOREST, XMLCONCAT put tags around values. SQL reference, topics of these names

What is XML by itself, a call of one of these or a subquery of one, is put in as it is; every other value has its marks encoded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris.backend.sandbox.iristypes import MOMENTS, STREAMS, STRING
from pgiris.backend.sandbox.shapes import Arguments, Function
from pgiris.backend.sandbox.typed import Typed, quoted
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError

if TYPE_CHECKING:
    from pgiris.backend.sandbox.lower_values import LowerValues

_ELEMENTS = frozenset(("XMLELEMENT", "XMLFOREST", "XMLCONCAT"))
_ATTRIBUTES = "XMLATTRIBUTES"


def _refused(message: str) -> PgError:
    return pg_error(-1, f"Invalid SQL statement: {message}", text=message)


def _call_of(node: exp.Expr) -> str:
    return node.name.upper() if isinstance(node, exp.Anonymous) else ""


def _is_xml(node: exp.Expr) -> bool:
    if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Select) and len(node.this.expressions) == 1:
        return _is_xml(node.this.expressions[0].unalias())
    name = _call_of(node)
    return name in _ELEMENTS or (name == "XMLAGG" and any(_is_xml(argument) for argument in node.expressions))


def _content(lower: LowerValues, node: exp.Expr) -> str:
    """SQL of a value between tags, NULL as NULL. A date is the number that it is to IRIS."""
    if _is_xml(node):
        return lower.text(node)
    typed = lower.value(node)
    if typed.kind in STREAMS:
        return f"('<![CDATA[' || {typed.sql} || ']]>')"
    if typed.kind in MOMENTS and not typed.is_literal:
        return f"CAST(iris_logical({typed.sql}) AS TEXT)"
    return f"iris_xml({lower.as_type(typed, STRING)})"


def _tagged(tag: str, content: str, attribute: str = "") -> str:
    return f"({quoted(f'<{tag}')} || {attribute or quoted('')} || '>' || {content} || {quoted(f'</{tag}>')})"


def _element(lower: LowerValues, arguments: Arguments) -> Typed:
    tag, contents = arguments[0].name, arguments[1:]
    attributes = [node for node in contents if _call_of(node) == _ATTRIBUTES]
    if len(attributes) > 1:
        raise _refused("only one XMLATTRIBUTES is allowed in XMLELEMENT")
    values = [f"coalesce({_content(lower, node)}, '')" for node in contents if node not in attributes]
    attribute = _attribute(lower, attributes[0]) if attributes else ""
    return Typed(_tagged(tag, " || ".join(values) or "''", attribute), STRING)


def _attribute(lower: LowerValues, node: exp.Expr) -> str:
    if len(node.expressions) != 1:
        raise _refused("XMLATTRIBUTES takes one expression")
    name = _name(lower, node.expressions[0], "XMLATTRIBUTES")
    value = _content(lower, node.expressions[0].unalias())
    return f"({quoted(f' {name}=')} || '''' || coalesce({value}, '') || ''' ')"


def _name(lower: LowerValues, node: exp.Expr, function: str) -> str:
    """What AS says, or the name of a column."""
    if node.alias:
        return str(node.alias)
    if isinstance(node, exp.Column):
        typed = lower.value(node)
        return typed.label if node.name.startswith("%") else typed.column.name if typed.column is not None else node.name
    raise _refused(f"AS expected in {function} behind what is no column")


def _forest(lower: LowerValues, arguments: Arguments) -> Typed:
    """A tag for each value that is not NULL. A column's name is its tag in capitals."""
    parts = []
    for node in arguments:
        tag = _name(lower, node, "XMLFOREST")
        parts.append(f"coalesce({_tagged(tag if node.alias else tag.upper(), _content(lower, node.unalias()))}, '')")
    return Typed(f"({' || '.join(parts)})", STRING)


def _concat(lower: LowerValues, arguments: Arguments) -> Typed:
    if not all(_is_xml(node) for node in arguments):
        raise _refused("XMLELEMENT expected in XMLCONCAT")
    return Typed(f"({' || '.join(lower.text(node) for node in arguments)})", STRING)


def _misplaced(lower: LowerValues, arguments: Arguments) -> Typed:
    raise _refused("XMLATTRIBUTES is allowed only in XMLELEMENT")


FUNCTIONS = {
    "XMLELEMENT": Function(2, 1000, _element),
    "XMLFOREST": Function(1, 1000, _forest),
    "XMLCONCAT": Function(2, 1000, _concat),
    _ATTRIBUTES: Function(0, 1000, _misplaced),
}
