"""Rows of values, (a, b) and ROW(a, b): IRIS compares single values, so they are said by these, and by EXISTS of rows.

In: comparisons, IN and IS of a tree, before anything is inferred. Out: the same, changed; each rule tells whether it did.
PostgreSQL: functions-comparisons#ROW-WISE-COMPARISON, functions-subquery. iris-reference 4.7 to 4.13
"""

from __future__ import annotations

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.aggregates import has_aggregate
from pgiris.sql.infer import unwrapped
from pgiris.sql.postgres import position_of
from pgiris.sql.rowcalls import integer_of
from pgiris.sql.trees import copied, is_star, walk

OPPOSITES: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.LT: exp.GTE,
    exp.LTE: exp.GT,
    exp.GT: exp.LTE,
    exp.GTE: exp.LT,
}
_BESIDE = (*OPPOSITES, exp.In, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ)
_ROWS = "in_rows"


def constructor(node: exp.Anonymous) -> bool:
    """ROW(a, b) beside another row is (a, b)."""
    if str(node.this).upper() != "ROW" or not isinstance(node.parent, _BESIDE):
        return False
    node.replace(exp.Tuple(expressions=list(node.expressions)))
    return True


def is_null(node: exp.Is) -> bool:
    """A row is NULL when all of its values are, and NOT NULL when none is."""
    if not isinstance(node.this, exp.Tuple) or not isinstance(node.expression, exp.Null):
        return False
    tests = [exp.Is(this=value, expression=exp.Null(), negate=node.args.get("negate")) for value in node.this.expressions]
    node.replace(exp.Paren(this=exp.and_(*tests, copy=False)))
    return True


def distinct_from(node: exp.Binary) -> bool:
    """(a, b) IS [NOT] DISTINCT FROM (c, d)"""
    left, right = node.this, node.expression
    if not (isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple)):
        return False
    if len(left.expressions) != len(right.expressions):
        raise PgError(sqlstate.SYNTAX_ERROR, "unequal number of entries in row expressions", position=position_of(node))
    pairs = zip(left.expressions, right.expressions, strict=True)
    tests = [type(node)(this=one, expression=other) for one, other in pairs]
    connect = exp.and_ if isinstance(node, exp.NullSafeEQ) else exp.or_
    node.replace(exp.Paren(this=connect(*tests, copy=False)))
    return True


def in_query(node: exp.In) -> bool:
    """(a, b) IN (SELECT ...), and NOT IN, which is true where each row of the query differs in a value for certain."""
    query = unwrapped(node.args["query"]) if node.args.get("query") is not None else None
    if not isinstance(node.this, exp.Tuple) or not isinstance(query, exp.Subquery) or node.parent is None:
        return False
    _inner_first(query)
    is_not = isinstance(node.parent, exp.Not)
    if is_not and node.parent is not None and _is_condition(node.parent):
        node.replace(_among(node.this, exp.NEQ, query, certain=False))
    else:
        node.replace(_any(node, node.this, exp.EQ, query))
    return True


def compared(node: exp.Binary) -> bool:
    """(a, b) < (SELECT ...) of one row, and with ANY or ALL of its rows."""
    right = node.expression
    if not isinstance(node.this, exp.Tuple) or node.parent is None:
        return False
    if isinstance(right, exp.Subquery):
        return _one_row(node, right)
    query = unwrapped(right.this) if isinstance(right, exp.Any | exp.All) else None
    if isinstance(query, exp.Select | exp.SetOperation | exp.Values):
        query = exp.Subquery(this=query)
    if not isinstance(query, exp.Subquery):
        return False
    _inner_first(query)
    if isinstance(right, exp.Any):
        node.replace(_any(node, node.this, type(node), query))
    else:
        opposite = _any(node, node.this, OPPOSITES[type(node)], query)
        is_value = isinstance(opposite, exp.Case)
        node.replace(exp.Not(this=exp.Paren(this=opposite) if is_value else _among(node.this, type(node), query, certain=False)))
    return True


def _one_row(node: exp.Binary, subquery: exp.Subquery) -> bool:
    query, kind = subquery.this, type(node)
    if not isinstance(query, exp.Select):
        return False
    _inner_first(subquery)
    if not _has_one_row(query):
        return _each_value(node, query)
    _check_width(node.this, query)
    found: exp.Expr = _among(node.this, kind, subquery)
    if not _is_condition(node):
        known = exp.If(this=_among(node.this, OPPOSITES[kind], subquery), true=exp.false())
        found = _value([exp.If(this=found, true=exp.true()), known])
    node.replace(found)
    return True


def _inner_first(subquery: exp.Subquery) -> None:
    """What is copied is done before."""
    for node in reversed(walk(subquery.this)):
        if isinstance(node, exp.In):
            in_query(node)
        elif isinstance(node, exp.Binary) and type(node) in OPPOSITES:
            compared(node)


def _has_one_row(query: exp.Select) -> bool:
    limit = query.args.get("limit")
    if query.args.get("from_") is None or (isinstance(limit, exp.Limit) and integer_of(limit.expression) == 1):
        return True
    grouped = any(query.args.get(clause) for clause in ("group", "having", "windows"))
    return not grouped and any(map(has_aggregate, query.expressions))


def _each_value(node: exp.Binary, query: exp.Select) -> bool:
    """A query for each value; those of several rows fail as any does that is a value."""
    if any(map(is_star, query.expressions)) or any(query.args.get(part) for part in ("limit", "offset", "distinct", "with_")):
        return False
    _check_width(node.this, query)
    queries = []
    for item in query.expressions:
        one = copied(query)
        one.set("expressions", [copied(item)])
        queries.append(exp.Subquery(this=one))
    node.set("expression", exp.Tuple(expressions=queries))
    return True


def _check_width(values: exp.Tuple, query: exp.Expr) -> None:
    if not isinstance(query, exp.Select) or any(map(is_star, query.expressions)):
        return
    given, wanted = len(query.expressions), len(values.expressions)
    if given != wanted:
        message = f"subquery has too {'few' if given < wanted else 'many'} columns"
        raise PgError(sqlstate.SYNTAX_ERROR, message, position=position_of(values))


def _any(node: exp.Expr, values: exp.Tuple, kind: type[exp.Expr], subquery: exp.Subquery) -> exp.Expr:
    """Whether a comparison is true of any row: EXISTS, where NULL is as good as false, in WHERE, ON, HAVING, below AND and OR."""
    if any(map(has_aggregate, values.expressions)):
        raise not_supported("row values with aggregates are not supported here")
    _check_width(values, subquery.this)
    found = _among(values, kind, subquery)
    if _is_condition(node):
        return found
    unknown = exp.If(this=_among(values, OPPOSITES[kind], subquery, certain=False), true=exp.Null())
    return _value([exp.If(this=found, true=exp.true()), unknown], exp.false())


def _value(cases: list[exp.If], default: exp.Expr | None = None) -> exp.Case:
    made = exp.Case(ifs=cases, default=default)
    made.meta["shown"] = "?column?"
    return made


def _among(values: exp.Tuple, kind: type[exp.Expr], subquery: exp.Subquery, certain: bool = True) -> exp.Exists:
    """Whether there is a row of which the comparison is true; not certain: of which it is false or NULL."""
    columns = [f"in{number}" for number in range(1, len(values.expressions) + 1)]
    alias = exp.TableAlias(this=exp.to_identifier(_ROWS), columns=[exp.to_identifier(column) for column in columns])
    condition = _comparison(values, kind, columns)
    if not certain:
        is_true = exp.Case(ifs=[exp.If(this=condition, true=exp.Literal.number(1))])
        condition = exp.Is(this=is_true, expression=exp.Null())
    probe = exp.Select(expressions=[exp.Literal.number(1)])
    probe.set("from_", exp.From(this=exp.Subquery(this=copied(subquery.this), alias=alias)))
    probe.set("where", exp.Where(this=condition))
    return exp.Exists(this=probe)


def _comparison(values: exp.Tuple, kind: type[exp.Expr], columns: list[str]) -> exp.Expr:
    others = [exp.column(column, table=_ROWS) for column in columns]
    if kind not in (exp.EQ, exp.NEQ):
        return kind(this=copied(values), expression=exp.Tuple(expressions=others))
    pairs = zip(values.expressions, others, strict=True)
    tests = [kind(this=other, expression=copied(value)) for value, other in pairs]
    return exp.and_(*tests, copy=False) if kind is exp.EQ else exp.or_(*tests, copy=False)


def _is_condition(node: exp.Expr) -> bool:
    parent = node.parent
    while isinstance(parent, exp.And | exp.Or | exp.Paren):
        parent = parent.parent
    return isinstance(parent, exp.Where | exp.Join | exp.Having)
