"""Identities: what INSERT may give to identity columns.

IRIS takes numbers for columns that it counts; whether a column is GENERATED ALWAYS is known here.
PostgreSQL: sql-insert (OVERRIDING), src/backend/rewrite/rewriteHandler.c (rewriteTargetListIU)
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import values
from pgiris.sql.infer import fold
from pgiris.sql.scope import Field, Source
from pgiris.sql.trees import copied, is_star
from pgiris.types.relation import Relation, RelationColumn


def _identity(target: Source) -> RelationColumn | None:
    columns = target.relation.columns if target.relation is not None else ()
    return next((column for column in columns if column.identity in ("always", "by default")), None)


def check(node: exp.Expr, target: Source, fields: Sequence[Field] | None, rows: Sequence[Sequence[exp.Expr]] | None) -> None:
    """Raises 428C9 for values of a column GENERATED ALWAYS. rows: of VALUES; None: of a query."""
    column = _identity(target)
    if column is None or column.identity != "always" or fields is None or node.meta.get("overriding") == "system":
        return
    place = next((place for place, entry in enumerate(fields) if entry.name.lower() == column.name.lower()), None)
    if place is None:
        return
    if rows is None:
        is_given = place < _width(node, len(fields))
    else:
        is_given = any(place < len(row) and not values.is_default(row[place]) for row in rows)
    if is_given:
        raise _not_default(column)


def refuse(relation: Relation, names: Sequence[str] | None) -> None:
    """Raises 428C9 where columns GENERATED ALWAYS are among these names. None: all."""
    for column in relation.columns:
        if column.identity == "always" and (names is None or column.name.lower() in map(str.lower, names)):
            raise _not_default(column)


def _not_default(column: RelationColumn) -> PgError:
    return PgError(
        sqlstate.GENERATED_ALWAYS,
        f'cannot insert a non-DEFAULT value into column "{column.name}"',
        detail=f'Column "{column.name}" is an identity column defined as GENERATED ALWAYS.',
        hint="Use OVERRIDING SYSTEM VALUE to override.",
    )


def leave_out(node: exp.Insert, target: Source) -> None:
    """OVERRIDING USER VALUE: what is given for an identity column is ignored."""
    column = _identity(target)
    if node.meta.get("overriding") != "user" or column is None:
        return
    names = [fold(one) for one in node.this.expressions] if isinstance(node.this, exp.Schema) else _names(target)
    place = next((place for place, name in enumerate(names) if name.lower() == column.name.lower()), None)
    width = _width(node, len(names))
    if place is None or node.args.get("default") or place >= width:
        return
    rows = node.expression.expressions if values.rows_of(node) is not None else None
    if rows is None:
        _leave_out_of_query(node, names[:width], place)
        return
    for row in rows:
        if not isinstance(row, exp.Tuple):
            raise not_supported("OVERRIDING USER VALUE of this row is not supported", "Leave the column out.")
        if place < len(row.expressions):
            row.expressions[place].replace(exp.Var(this="DEFAULT"))


def _names(target: Source) -> list[str]:
    return [entry.name for entry in target.fields]


def _width(node: exp.Expr, most: int) -> int:
    """How many columns a query gives, as far as its text tells."""
    query = node.expression
    while isinstance(query, exp.Subquery | exp.SetOperation):
        query = query.this
    is_told = isinstance(query, exp.Select) and not any(map(is_star, query.expressions))
    return len(query.expressions) if is_told else most


def _leave_out_of_query(node: exp.Insert, names: Sequence[str], place: int) -> None:
    given = [exp.to_identifier(f"given_{number}") for number in range(len(names))]
    alias = exp.TableAlias(this=exp.to_identifier("pgiris_given"), columns=given)
    kept = [exp.column(copied(name), table="pgiris_given") for number, name in enumerate(given) if number != place]
    with_ = node.expression.args.get("with_")
    made = exp.Select(expressions=kept)
    made.set("from_", exp.From(this=exp.Subquery(this=node.expression, alias=alias)))
    if with_ is not None:
        made.set("with_", with_.pop())
    node.set("expression", made)
    table = node.this.this if isinstance(node.this, exp.Schema) else node.this
    columns = [exp.to_identifier(name, quoted=True) for number, name in enumerate(names) if number != place]
    node.set("this", exp.Schema(this=table, expressions=columns))
