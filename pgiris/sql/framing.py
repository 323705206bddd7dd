"""Framing: window aggregates that IRIS has not, as subqueries of the rows of their frames: frames by distance (RANGE BETWEEN n
PRECEDING ...), array_agg() and its kin. The query's FROM is read again for each of its rows.

PostgreSQL: sql-expressions#SYNTAX-WINDOW-FUNCTIONS
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.sql.aggregates import is_aggregate
from pgiris.sql.infer import fold, unwrapped
from pgiris.sql.trees import copied

INNER = "pgiris_frame"
_IN_ORDER = frozenset(("array_agg", "string_agg", "json_agg", "jsonb_agg"))


def as_subquery(node: exp.Window) -> bool:
    """Whether the window has become one."""
    select = node.find_ancestor(exp.Select)
    call = node.this.this if isinstance(node.this, exp.Filter) else node.this
    if select is None or node.args.get("alias") is not None or not is_aggregate(call) or not _is_simple(select):
        return False
    order = node.args.get("order")
    keys = order.expressions if order is not None else []
    if len(keys) > 1 or any(key.meta.get("explicit_nulls") for key in keys) or _holds_query(node):
        return False
    name = fold(call.this)
    spec = node.args.get("spec")
    if spec is not None:
        if name in _IN_ORDER or not keys:
            return False
        condition = _between(keys[0], spec, select)
    elif name in _IN_ORDER and isinstance(call, exp.Anonymous) and not _is_ordered(call):
        condition = _up_to(keys[0], select) if keys else exp.true()
    else:
        return False
    if condition is None:
        return False
    made = exp.Subquery(this=_query(node, name, keys, condition, select))
    shown = exp.Alias(this=made, alias=exp.to_identifier(name, quoted=True)) if node.parent is select else made
    node.replace(shown)
    return True


def _is_simple(select: exp.Select) -> bool:
    clause = select.args.get("from_")
    if clause is None or any(select.args.get(part) for part in ("joins", "laterals", "group", "having", "distinct")):
        return False
    source = clause.this
    alias = source.args.get("alias")
    is_plain = isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier)
    if not is_plain and not (isinstance(source, exp.Subquery) and alias is not None):
        return False
    where = select.args.get("where")
    named = alias is None or not alias.args.get("columns")
    return named and not source.args.get("joins") and (where is None or not _holds_query(where))


def _holds_query(node: exp.Expr) -> bool:
    return node.find(exp.Query) is not None


def _is_ordered(call: exp.Anonymous) -> bool:
    return any(isinstance(argument, exp.Order | exp.Distinct) for argument in call.expressions)


def _query(node: exp.Window, name: str, keys: list[exp.Expr], condition: exp.Expr, select: exp.Select) -> exp.Select:
    value = _inner(node.this, select)
    call = value.this if isinstance(value, exp.Filter) else value
    if name in _IN_ORDER and keys:
        *first, last = call.expressions
        call.set("expressions", [*first, exp.Order(this=last, expressions=[_inner(key, select) for key in keys])])
    made = exp.Select(expressions=[value])
    source = copied(select.args["from_"].this)
    source.set("alias", exp.TableAlias(this=exp.to_identifier(INNER)))
    made.set("from_", exp.From(this=source))
    tests = [
        exp.NullSafeEQ(this=_inner(key, select), expression=_outer(key, select)) for key in node.args.get("partition_by") or ()
    ]
    where = select.args.get("where")
    parts = [*([exp.Paren(this=_inner(where.this, select))] if where is not None else []), *tests, exp.Paren(this=condition)]
    made.set("where", exp.Where(this=exp.and_(*parts, copy=False)))
    return made


def _between(key: exp.Expr, spec: exp.Expr, select: exp.Select) -> exp.Expr | None:
    """The rows whose key is within distances of that of the row at hand; NULLs are within those of each other."""
    if str(spec.args.get("kind") or "").upper() != "RANGE" or spec.args.get("exclude"):
        return None
    desc = bool(key.args.get("desc"))
    parts: list[exp.Expr] = []
    for side in ("start", "end"):
        bound = _bound(key, spec.args.get(side), str(spec.args.get(f"{side}_side") or "").upper(), select)
        if bound is None:
            return None
        comparison = exp.GTE if (side == "start") is not desc else exp.LTE
        parts.append(comparison(this=_inner(key.this, select), expression=bound))
    distances = [spec.args.get(side) for side in ("start", "end")]
    if not any(isinstance(distance, exp.Expr) for distance in distances):
        return None  # without distances it can be said otherwise
    both_null = exp.and_(_is_null(_inner(key.this, select)), _is_null(_outer(key.this, select)), copy=False)
    return exp.or_(exp.and_(*parts, copy=False), both_null, copy=False)


def _bound(key: exp.Expr, distance: object, side: str, select: exp.Select) -> exp.Expr | None:
    own = _outer(key.this, select)
    if str(distance).upper() == "CURRENT ROW":
        return own
    if not isinstance(distance, exp.Expr) or isinstance(unwrapped(distance), exp.Neg) or side not in ("PRECEDING", "FOLLOWING"):
        return None
    down = (side == "PRECEDING") is not bool(key.args.get("desc"))
    return exp.Paren(this=(exp.Sub if down else exp.Add)(this=own, expression=copied(distance)))


def _up_to(key: exp.Expr, select: exp.Select) -> exp.Expr:
    """The rows up to the row at hand and those with the same key. NULLs are the largest."""
    inner, outer = _inner(key.this, select), _outer(key.this, select)
    if not key.args.get("desc"):
        return exp.or_(_is_null(outer), exp.LTE(this=inner, expression=copied(outer)), copy=False)
    return exp.or_(_is_null(inner), exp.GTE(this=copied(inner), expression=outer), copy=False)


def _is_null(node: exp.Expr) -> exp.Expr:
    return exp.Is(this=exp.Paren(this=copied(node)), expression=exp.Null())


def _inner(node: exp.Expr, select: exp.Select) -> exp.Expr:
    """Of the rows of the frame: columns of FROM are those of the subquery's."""
    return _qualified(node, select, INNER)


def _outer(node: exp.Expr, select: exp.Select) -> exp.Expr:
    return _qualified(node, select, _name_of(select))


def _name_of(select: exp.Select) -> str:
    source = select.args["from_"].this
    alias = source.args.get("alias")
    return fold(alias.this if alias is not None else source.this)


def _qualified(node: exp.Expr, select: exp.Select, table: str) -> exp.Expr:
    holder = exp.Paren(this=copied(node))
    own = _name_of(select)
    for column in holder.find_all(exp.Column):
        if not column.args.get("table") or fold(column.args["table"]) == own:
            column.set("table", exp.to_identifier(table, quoted=True))
            column.set("db", None)
    made: exp.Expr = holder.this
    made.parent = None
    return made
