"""Laterals: LATERAL subqueries of one row, said as a subquery for each of their columns, where IRIS cannot say what is in them.

``t LEFT JOIN LATERAL (SELECT json_agg(u.id) AS us FROM u WHERE u.t = t.id) x ON true``: x.us is ``(SELECT json_agg(u.id) ...)``.
Of aggregates there is always one row; of a query without FROM too, whose items stand where its columns are named. Of LIMIT 1
there may be none, as a value has none; where more than one of its columns is asked for, these might be of different rows. Of
others the worker looks whether there are several rows, which are refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pgiris.sql import shadows
from pgiris.sql.aggregates import has_aggregate
from pgiris.sql.infer import column_name, fold, unwrapped, value_of
from pgiris.sql.infer.sources import is_comma
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied, is_star, is_within, walk

BY_WORKER = "by_worker"  # in a subquery's meta


def to_subqueries(select: exp.Select, statement: Statement) -> bool:
    """Whether there was one."""
    changed = False
    for place in ("joins", "laterals"):
        for entry in list(select.args.get(place) or ()):
            lateral = entry.this if isinstance(entry, exp.Join) else entry
            if not isinstance(lateral, exp.Lateral) or not isinstance(lateral.this, exp.Subquery) or not _keeps_rows(entry):
                continue
            if _replaced(select, entry, lateral, statement):
                select.set(place, [other for other in select.args[place] if other is not entry])
                changed = True
    return changed


def sees_all_before(select: exp.Select) -> bool:
    """``FROM a, b LEFT JOIN LATERAL (... a ...)``: a comma is a CROSS JOIN, for JOIN binds closer, and IRIS's LATERAL may not see
    what stands before the comma."""
    joins = select.args.get("joins") or ()
    last = max(
        (place for place, join in enumerate(joins) if not is_comma(join) and isinstance(join.this, exp.Lateral)), default=0
    )
    commas = [join for join in joins[:last] if is_comma(join)]
    if any((join.args.get("side") or "").upper() in ("RIGHT", "FULL") for join in joins[: last + 1]):
        return False
    for join in commas:
        join.set("kind", "CROSS")
    return bool(commas)


def _keeps_rows(entry: exp.Expr) -> bool:
    """Whether each row before it is joined with the lateral's."""
    if not isinstance(entry, exp.Join):
        return True
    on = entry.args.get("on")
    is_true = on is None or (isinstance(unwrapped(on), exp.Boolean) and bool(unwrapped(on).this))
    return is_true and (entry.args.get("side") or "").upper() in ("", "LEFT") and not entry.args.get("using")


def _replaced(select: exp.Select, entry: exp.Expr, lateral: exp.Lateral, statement: Statement) -> bool:
    query, alias = lateral.this.this, lateral.args.get("alias")
    if not isinstance(query, exp.Select) or alias is None or alias.this is None or query.args.get("with_"):
        return False
    items = dict(zip(_names(query, alias), query.expressions, strict=False))
    if len(items) != len(query.expressions) or any(map(is_star, query.expressions)):
        return False
    if any(is_star(item) and fold(item.args.get("table")) in ("", fold(alias.this)) for item in select.expressions):
        return False
    named = [
        (column, shadows.is_shadowed(column, select, statement)) for column in _columns(select, entry, fold(alias.this), items)
    ]
    used = [(column, items[fold(column.this)]) for column, shadowed in named if not shadowed]
    if any(shadowed is None or shadows.captures(column, select, query) for column, shadowed in named if not shadowed):
        return False
    names = {fold(column.this) for column, _ in used}
    is_bare = _is_bare(query) and len(names) == len(used)  # what changes from call to call would be called twice
    is_one = is_bare or _is_one(query)
    if not is_one and not (_is_left(entry) and len(names) <= 1):
        return False
    for column, item in used:
        made: exp.Expr = exp.Paren(this=copied(value_of(item))) if is_bare else exp.Subquery(this=_of(query, item))
        if not is_one and not _is_at_most_one(query):
            made.meta[BY_WORKER] = True
        shown = fold(column.this)
        if column.parent is select and column.arg_key == "expressions":
            column.replace(exp.Alias(this=made, alias=exp.to_identifier(shown, quoted=True)))
        else:
            column.replace(made)
    return True


def _names(query: exp.Select, alias: exp.Expr) -> list[str]:
    given = [fold(column) for column in alias.args.get("columns") or ()]
    shown = [fold(item.args["alias"]) if isinstance(item, exp.Alias) else column_name(item) for item in query.expressions]
    return [*given, *shown[len(given) :]]


def _columns(select: exp.Select, entry: exp.Expr, alias: str, items: dict[str, exp.Expr]) -> Iterator[exp.Column]:
    """What may be columns of the lateral, by the names, in the query and in what is in it."""
    labels = {fold(item.args["alias"]) for item in select.expressions if isinstance(item, exp.Alias)}
    for node in walk(select):
        if not isinstance(node, exp.Column) or node.args.get("db") is not None or is_within(node, entry):
            continue
        if isinstance(node.this, exp.Star) or fold(node.this) not in items:
            continue
        table = fold(node.args.get("table"))
        if table == alias or (not table and not (_sorts(node, select) and fold(node.this) in labels)):
            yield node


def _sorts(node: exp.Expr, select: exp.Select) -> bool:
    """Whether it stands in ORDER BY or GROUP BY by itself, where names of items come first."""
    outer = node.parent
    while isinstance(outer, exp.Paren | exp.Ordered):
        outer = outer.parent
    return isinstance(outer, exp.Order | exp.Group) and outer.parent is select


def _is_one(query: exp.Select) -> bool:
    """Whether it always has one row: of aggregates without GROUP BY."""
    clauses = ("group", "having", "distinct", "limit", "offset")
    return any(map(has_aggregate, query.expressions)) and not any(query.args.get(clause) for clause in clauses)


def _is_bare(query: exp.Select) -> bool:
    clauses = ("from_", "where", "group", "having", "limit", "offset")
    return not any(query.args.get(clause) for clause in clauses) and not any(map(has_aggregate, query.expressions))


def _is_at_most_one(query: exp.Select) -> bool:
    limit = query.args.get("limit")
    count = None if limit is None else limit.args.get("expression") or limit.args.get("count")
    return isinstance(count, exp.Literal) and count.name == "1" and not query.args.get("distinct")


def _is_left(entry: exp.Expr) -> bool:
    return isinstance(entry, exp.Join) and (entry.args.get("side") or "").upper() == "LEFT"


def _of(query: exp.Select, item: exp.Expr) -> exp.Select:
    made = copied(query)
    made.set("expressions", [copied(value_of(item))])
    return made
