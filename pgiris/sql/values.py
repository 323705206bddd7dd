"""Values: what is stored into columns: the cells of VALUES and the right sides of SET."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import casts, computing
from pgiris.sql.coercion import TEXT, Kind, assignable, check_literal
from pgiris.sql.conditions import settle
from pgiris.sql.defaults import FINEST, SUPPLIED
from pgiris.sql.infer import Binder, Output, fold, kind_of, unwrapped, value_of
from pgiris.sql.infer.core import as_vector
from pgiris.sql.parameters import bind
from pgiris.sql.plan import Role, Step
from pgiris.sql.postgres import position_of
from pgiris.sql.queries import rewrite_queries
from pgiris.sql.rewrites import element_type, rewrite
from pgiris.sql.scope import Field, Scope, Source
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied, is_star
from pgiris.sql.write import Computed, Fitted, Value, template, write
from pgiris.types import oids
from pgiris.types.relation import RelationColumn
from pgiris.types.table import type_name
from pgiris.types.vector import DENSE


def rows_of(node: exp.Insert) -> list[list[exp.Expr]] | None:
    """The rows of VALUES; one without cells for DEFAULT VALUES."""
    if node.args.get("default"):
        return [[]]
    source = node.expression
    if not isinstance(source, exp.Values) or any(source.args.get(clause) for clause in ("order", "limit", "offset")):
        return None
    return [list(row.expressions) if isinstance(row, exp.Tuple) else [unwrapped(row)] for row in source.expressions]


def is_default(node: exp.Expr) -> bool:
    return isinstance(node, exp.Var | exp.Column) and node.name.upper() == "DEFAULT" and not node.args.get("table")


def no_such_column(name: str, target: Source, node: exp.Expr) -> PgError:
    shown = target.relation.name if target.relation is not None else target.alias
    message = f'column "{name}" of relation "{shown}" does not exist'
    return PgError(sqlstate.UNDEFINED_COLUMN, message, position=position_of(node))


def column_of(source: Source, entry: Field) -> RelationColumn | None:
    return source.relation.by_name[entry.name.lower()][1] if source.relation is not None else None


# Inference


def assign(cell: exp.Expr, entry: Field | None, binder: Binder, scope: Scope) -> None:
    """Infer a value that is stored into a column, whose type an unknown takes."""
    binder.expression(cell, scope)
    check_assignable(cell, entry, binder)


def check_assignable(cell: exp.Expr, entry: Field | None, binder: Binder) -> None:
    if entry is None or not entry.kind.oid:
        if kind_of(cell).oid == oids.UNKNOWN:
            binder.coerce(cell, TEXT)
        return
    kind = Kind(entry.kind.oid)
    if binder.to_type(cell, kind, assignment=True) is None:
        raise mismatch(entry, kind_of(cell), position_of(cell))
    inner = unwrapped(cell)
    if isinstance(inner, exp.Literal) and inner.is_string and entry.kind.oid in DENSE:
        check_literal(inner.name, entry.kind, position_of(inner), binder.analysis.date_style)


def check_assigned(item: exp.Expr, output: Output, entry: Field, binder: Binder) -> None:
    """The same for a select item of a query whose rows are stored."""
    if output.kind.oid == oids.UNKNOWN:
        check_assignable(value_of(item), entry, binder)
    elif output.kind.oid and entry.kind.oid and not assignable(output.kind.oid, entry.kind.oid):
        raise mismatch(entry, output.kind)


def mismatch(entry: Field, given: Kind, position: int | None = None) -> PgError:
    return PgError(
        sqlstate.DATATYPE_MISMATCH,
        f'column "{entry.name}" is of type {type_name(entry.kind.oid)} but expression is of type {type_name(given.oid)}',
        hint="You will need to rewrite or cast the expression.",
        position=position,
    )


def assigned_field(assignment: exp.Expr, source: Source, seen: set[str]) -> Field:
    """The column on the left of an assignment of SET."""
    column = assignment.this if isinstance(assignment, exp.EQ) else None
    if not isinstance(column, exp.Column):
        raise not_supported("this form of SET is not supported")
    if is_star(assignment.expression):
        message = f'column "{fold(column.this)}" is of another type than record'
        raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(assignment.expression))
    if column.args.get("table") is not None:
        raise no_such_column(fold(column.args["table"]), source, column)
    name = fold(column.this)
    entry = source.find(name)
    if entry is None:
        raise no_such_column(name, source, column)
    if entry.name.lower() in seen:
        raise PgError(sqlstate.SYNTAX_ERROR, f'multiple assignments to same column "{name}"')
    seen.add(entry.name.lower())
    return entry


_PLAIN_DEFAULT = re.compile(r"-?\d+(?:\.\d+)?|'(?:[^']|'')*'")


def default_assignment(entry: Field, source: Source) -> exp.Expr:
    """column = DEFAULT, which IRIS has not: the default itself, NULL where there is none.

    Raises 0A000 for a default that INFORMATION_SCHEMA does not show as SQL.
    """
    column = column_of(source, entry)
    if column is not None and column.has_own_default:
        hint = "Call nextval()." if column.sequence is not None else "Give the value itself."
        raise not_supported(f'DEFAULT of column "{entry.name}" is not supported here', hint)
    text = (column.default or "NULL").strip() if column is not None and not column.identity else ""
    if not _PLAIN_DEFAULT.fullmatch(text) and text.upper() not in SUPPLIED and text.upper() != "NULL":
        raise not_supported(f'DEFAULT of column "{entry.name}" is not supported here', "Give the value itself.")
    value = exp.Null() if text.upper() == "NULL" else template(text.replace("{", "{{").replace("}", "}}"), kind=entry.kind)
    return exp.EQ(this=exp.column(entry.name), expression=value)


# Rewriting


def stored(cell: exp.Expr, entry: Field | None, statement: Statement) -> exp.Expr:
    """A value as its column stores it."""
    made = computing.number(cell, entry.kind, statement) if entry is not None and entry.kind.oid else None
    if made is not None:
        return made
    cell = rewrite(cell if entry is None else as_vector(cell, entry.kind.oid), statement)
    if entry is None:
        return cell
    if entry.kind.oid in DENSE:
        return casts.to_vector(cell, _element_of(entry), statement)
    return fitted(casts.storable(cell, entry.kind, statement), kind_of(cell), entry.kind)


def fitted(cell: exp.Expr, own: Kind, kind: Kind) -> exp.Expr:
    """Raises 0A000 for moments that IRIS would have to round."""
    if kind.oid not in (*_ROUNDED, oids.VARCHAR, oids.SPARSEVEC):
        return cell
    if kind.typmod < 0 or (kind.oid in _ROUNDED and kind.typmod >= FINEST) or isinstance(unwrapped(cell), exp.Null):
        return cell
    if isinstance(unwrapped(cell), exp.Parameter | exp.Literal | Value | Computed):
        made = Fitted(this=cell)
        made.meta["kind"] = kind
        return made
    if kind.oid in _ROUNDED and own.oid != oids.DATE and not (own.oid in _ROUNDED and 0 <= own.typmod <= kind.typmod):
        raise not_supported(f"rounding to {type_name(kind.oid, kind.typmod)} is not supported here")
    if kind.oid == oids.SPARSEVEC and own != kind:
        raise not_supported(f"counting dimensions for {type_name(kind.oid, kind.typmod)} is not supported here")
    return cell


_ROUNDED = frozenset((oids.TIMESTAMP, oids.TIMESTAMPTZ, oids.TIME))


def _element_of(entry: Field) -> str:
    probe = exp.column(entry.name)
    probe.meta["field"] = entry
    return element_type(probe) or "FLOAT"


def settled_assignments(node: exp.Update, statement: Statement) -> exp.Update:
    """Each right side as a value; the equals sign of SET is no comparison."""
    for assignment in node.expressions:
        assignment.set("expression", settle(rewrite_queries(assignment.expression, statement), statement))
    return node


def insert_one(
    table: exp.Expr,
    row: Sequence[exp.Expr],
    fields: Sequence[Field | None],
    statement: Statement,
    condition: exp.Expr | None = None,
) -> Step:
    """INSERT of one row. condition: a finished WHERE under which it is inserted."""
    cells, names = [], []
    for cell, entry in zip(row, fields, strict=True):
        if is_default(cell):
            statement.fired("default_omitted")
            continue
        cells.append(stored(copied(cell), entry, statement))
        names.append(entry)
    if not cells:
        if condition is not None:
            raise not_supported("ON CONFLICT of a row of defaults is not supported")
        return write(insert_node(table, None, None), statement.sources, Role.COUNT)
    source: exp.Expr = exp.Values(expressions=[exp.Tuple(expressions=cells)])
    if condition is not None or any(cell.find(exp.Select) is not None for cell in cells):
        statement.fired("values_to_select")  # VALUES takes no subqueries (-144)
        source = rewrite_queries(exp.Select(expressions=[typed_cell(c, e) for c, e in zip(cells, names, strict=True)]), statement)
        source.meta["row"] = True  # its items are the row that is stored
    made = bind(settle(insert_node(table, names, source), statement), statement)
    if condition is not None:
        made.expression.set("where", condition)
    return write(made, statement.sources, Role.COUNT)


def insert_node(table: exp.Expr, fields: Sequence[Field | None] | None, source: exp.Expr | None) -> exp.Expr:
    if source is None:
        return template("INSERT INTO {0} DEFAULT VALUES", copied(table))
    place: exp.Expr = copied(table)
    if fields is not None and all(entry is not None for entry in fields):
        place = exp.Schema(this=place, expressions=[exp.to_identifier(entry.name) for entry in fields if entry is not None])
    return exp.Insert(this=place, expression=source)


def typed_cell(cell: exp.Expr, entry: Field | None) -> exp.Expr:
    """A NULL of its column's type."""
    if isinstance(unwrapped(cell), exp.Null) and entry is not None and entry.kind.oid:
        return template(f"CAST(NULL AS {casts.iris_type(entry.kind)})", kind=entry.kind)
    return cell
