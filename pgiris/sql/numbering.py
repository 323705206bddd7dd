"""Numbering: what INSERT stores into columns whose default IRIS does not know of: the next number of a sequence, or what an
expression computes.

In: an INSERT and its table. Out: the INSERT with nextval() or the expression in their places.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris.errors import not_supported
from pgiris.sql.aggregates import has_aggregate
from pgiris.sql.infer import Binder, fold
from pgiris.sql.postgres import parse
from pgiris.sql.schemanames import shown_schema
from pgiris.sql.scope import Scope, Source, find_relation
from pgiris.sql.setting_commands import quote_identifier
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied, is_star, walk
from pgiris.sql.values import is_default
from pgiris.types.relation import Relation, RelationColumn, Snapshot


def refuse_view(view: Relation | None, snapshot: Snapshot) -> None:
    """Raises 0A000 for a view of a table that has such columns: rows that it inserts would not get them."""
    if view is None or view.kind != "view" or not snapshot.noted:
        return
    for relation in snapshot.relations:
        if any(column.has_own_default for column in relation.columns) and view.may_name(relation):
            message = f'inserting into view "{view.name}" is not supported'
            raise not_supported(message, f'Insert into table "{relation.name}", whose defaults IRIS does not know of.')


def draw(node: exp.Insert, target: Source, statement: Statement) -> bool:
    """Whether there were such places."""
    refuse_view(target.relation, statement.analysis.snapshot)
    drawing = [c for c in target.relation.columns if c.has_own_default] if target.relation is not None else []
    if not drawing:
        return False
    query, conflict = node.expression, node.args.get("conflict")
    if conflict is not None:
        _draw_in_set(conflict.expressions, [column for column in drawing if column.computed])
    if node.args.get("default"):
        node.set("default", None)
        node.set("expression", exp.Values(expressions=[exp.Tuple(expressions=list(map(own_default, drawing)))]))
        node.set("this", _listed(node.this, [c.name for c in drawing]))
        return True
    names = _given(node, target, statement)
    left = [column for column in drawing if column.name.lower() not in [name.lower() for name in names]]
    if isinstance(query, exp.Values):
        _draw_in_rows(query, names, drawing, left)
    elif isinstance(query, exp.Select) and left and _is_plain(query):
        query.set("expressions", [*query.expressions, *map(own_default, left)])
    elif left:
        _draw_of_query(node, query, left)
    if left:
        node.set("this", _listed(node.this, [*names, *(column.name for column in left)]))
    return True


def _is_plain(query: exp.Select) -> bool:
    """Whether another item does not change its rows."""
    if any(query.args.get(clause) for clause in ("distinct", "group", "having")) or any(
        is_star(item) for item in query.expressions
    ):
        return False
    return not any(item.find(exp.AggFunc) or has_aggregate(item) for item in query.expressions)


def draw_in_assignments(node: exp.Update, binder: Binder) -> None:
    """SET column = DEFAULT"""
    relation = find_relation(
        binder.analysis.snapshot, binder.analysis.search_path, fold(node.this.args.get("db")), fold(node.this.this)
    )
    drawing = [column for column in relation.columns if column.has_own_default] if relation is not None else []
    _draw_in_set(node.expressions, drawing)


def _draw_in_set(assignments: Sequence[exp.Expr], drawing: Sequence[RelationColumn]) -> None:
    by_name = {column.name.lower(): column for column in drawing}
    for assignment in assignments:
        left = assignment.this if isinstance(assignment, exp.EQ) else None
        column = by_name.get(fold(left.this).lower()) if isinstance(left, exp.Column) else None
        if column is not None and is_default(assignment.expression):
            assignment.set("expression", own_default(column))


def own_default(column: RelationColumn) -> exp.Expr:
    """nextval('schema.sequence'), or an expression."""
    if column.computed:
        made: exp.Expr = parse(f"SELECT {column.computed}").expressions[0]
        for node in walk(made):
            node.meta.clear()  # places in another text
        return made
    return exp.Anonymous(this="nextval", expressions=[exp.Literal.string(place_of(column))])


def place_of(column: RelationColumn) -> str:
    """The sequence of a column's default, as a client would name it."""
    assert column.sequence is not None
    schema, name = column.sequence
    return f"{quote_identifier(shown_schema(schema))}.{quote_identifier(name)}"


def _given(node: exp.Insert, target: Source, statement: Statement) -> list[str]:
    """The columns that values are given for."""
    if isinstance(node.this, exp.Schema):
        return [fold(identifier) for identifier in node.this.expressions]
    query = node.expression
    if isinstance(query, exp.Values):
        row = query.expressions[0]
        width = len(row.expressions) if isinstance(row, exp.Tuple) else 1
    else:
        width = _width(node, statement)
    return [entry.name for entry in target.fields][:width]


def _width(node: exp.Insert, statement: Statement) -> int:
    """How many columns a query has."""
    query = copied(node.expression)
    with_ = node.args.get("with_")
    if with_ is not None and query.args.get("with_") is None:
        query.set("with_", copied(with_))
    return len(Binder(statement.fresh().analysis).query(query, Scope()))


def _draw_in_rows(query: exp.Values, names: list[str], drawing: list[RelationColumn], left: list[RelationColumn]) -> None:
    by_name = {column.name.lower(): column for column in drawing}
    places = {place: by_name[name.lower()] for place, name in enumerate(names) if name.lower() in by_name}
    rows = []
    for row in query.expressions:
        cells = list(row.expressions) if isinstance(row, exp.Tuple) else [row]
        for place, column in places.items():
            if place < len(cells) and is_default(cells[place]):
                cells[place] = own_default(column)
        rows.append(exp.Tuple(expressions=[*cells, *map(own_default, left)]))
    query.set("expressions", rows)


def _draw_of_query(node: exp.Insert, query: exp.Expr, left: list[RelationColumn]) -> None:
    """Any other query becomes a table of FROM."""
    alias = exp.TableAlias(this=exp.to_identifier("given"))
    inner = exp.Subquery(this=copied(query), alias=alias)
    made = exp.Select(expressions=[exp.Star(), *map(own_default, left)]).from_(inner)
    node.set("expression", made)


def _listed(target: exp.Expr, names: list[str]) -> exp.Schema:
    table = target.this if isinstance(target, exp.Schema) else target
    return exp.Schema(this=table, expressions=[exp.to_identifier(name, quoted=True) for name in names])
