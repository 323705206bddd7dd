"""Aggregates and window functions. iris-reference 4.12"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris.backend.sandbox.iristypes import BIGINT, DOUBLE, LIST, NUMBERS, NUMERIC, STREAMS, STRING, STRINGS, IrisType, Kind
from pgiris.backend.sandbox.typed import Typed, key
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported
from pgiris.sql.iris import nodes
from pgiris.sql.iris.expressions import AGGREGATES as AGGREGATE_WORDS
from pgiris.sql.iris.expressions import OTHER_AGGREGATES

if TYPE_CHECKING:
    from pgiris.backend.sandbox.lower_values import LowerValues

AGGREGATES = frozenset(AGGREGATE_WORDS) | OTHER_AGGREGATES
_SPREADS = {"STDDEV": "stddev_samp", "STDDEV_SAMP": "stddev_samp", "STDDEV_POP": "stddev_pop"} | {
    "VARIANCE": "var_samp",
    "VAR_SAMP": "var_samp",
    "VAR_POP": "var_pop",
}


def lower(lowering: LowerValues, name: str, argument: exp.Expr) -> Typed:
    options = argument if isinstance(argument, nodes.AggregateArgument) else None
    sql, type_ = _call(lowering, name, argument.this if options is not None else argument)
    sql += _over(lowering, options)
    return Typed(sql, type_, label="Aggregate", aggregate=True)


def _over(lowering: LowerValues, options: exp.Expr | None) -> str:
    """What makes an aggregate one of all rows beside each row's fields, of a part of them, or of those that HAVING keeps."""
    scope = lowering.scope
    if not scope.over:
        if options is not None:
            raise not_supported("the sandbox knows %FOREACH and %AFTERHAVING only without GROUP BY, beside fields")
        return ""
    each = options.expressions if options is not None else []
    keys = [lowering.partition_key(lowering.value(item)) for item in each]
    partition = f"PARTITION BY {', '.join(keys)}" if keys else ""
    filtered = ""
    if options is not None and options.args.get("after_having") and scope.having:
        filtered = f" FILTER (WHERE {scope.having})"
    return f"{filtered} OVER ({partition})"


def _call(lowering: LowerValues, name: str, argument: exp.Expr) -> tuple[str, IrisType]:
    if isinstance(argument, exp.Star):
        return "count(*)", BIGINT
    if isinstance(argument, exp.Column) and isinstance(argument.this, exp.Star):
        raise not_supported(f"{name} of all columns of a table is not known to the sandbox")
    if isinstance(argument, exp.Distinct):
        return _distinct(lowering, name, argument)
    typed = lowering.value(argument)
    if typed.kind in STREAMS and name != "COUNT":
        raise pg_error(-37, "Scalar, aggregate and unary functions are not supported for stream fields")
    return _plain(lowering, name, typed)


def _distinct(lowering: LowerValues, name: str, argument: exp.Distinct) -> tuple[str, IrisType]:
    """``DISTINCT x``, ``DISTINCT BY (a, b) x``: the values of rows that are the first with their a, b (not NULL)."""
    typed = lowering.value(argument.expressions[0])
    if typed.kind in STREAMS:
        raise pg_error(-37, "Scalar, aggregate and unary functions are not supported for stream fields")
    on = argument.args.get("on")
    sql, type_ = _plain(lowering, name, typed)
    if name in ("MIN", "MAX", "APPROX_COUNT_DISTINCT") and on is None:
        return sql, type_
    function, _, rest = sql.partition("(")
    if function in ("sum", "avg") and (on is not None or lowering.scope.over):
        raise not_supported(f"{name} of distinct DOUBLE values is not known to the sandbox here")
    if on is None and not lowering.scope.over:
        item = key(rest[:-1], typed.type) if typed.kind in STRINGS or name == "COUNT" else rest[:-1]
        return f"{function}(DISTINCT {item})", type_
    keys = [lowering.partition_key(lowering.value(item)) for item in on.expressions] if on is not None else []
    first = f"iris_key({', '.join(keys)})" if keys else f"iris_key({key(lowering.untyped(typed), typed.type)})"
    return f"iris_by_{function.removeprefix('iris_')}({first}, {rest}", type_


def _plain(lowering: LowerValues, name: str, typed: Typed) -> tuple[str, IrisType]:
    if name == "COUNT":
        return f"count({lowering.untyped(typed)})", BIGINT
    if name == "APPROX_COUNT_DISTINCT":
        return f"count(DISTINCT {key(lowering.untyped(typed), typed.type)})", BIGINT
    if name in ("MIN", "MAX"):
        return _extreme(lowering, name.lower(), lowering.selected(typed))
    if name in ("LIST", "XMLAGG"):
        return f"iris_{name.lower()}({lowering.as_type(typed, STRING)})", STRING
    if name == "%DLIST":
        return f"iris_dlist({lowering.as_type(typed, STRING)})", LIST
    if name == "JSON_ARRAYAGG":
        item = lowering.untyped(typed) if typed.kind in NUMBERS else lowering.as_type(typed, STRING)
        if typed.kind == Kind.NUMERIC:
            item = f"iris_json_number({item})"
        return f"iris_json_arrayagg({item})", STRING
    if typed.kind not in NUMBERS | STRINGS | {Kind.UNTYPED}:
        raise pg_error(-378, f"Datatype mismatch, explicit CAST is required: {name} of {typed.type.ddl}")
    if name in _SPREADS:
        return f"iris_{_SPREADS[name]}({lowering.as_type(typed, DOUBLE)})", DOUBLE
    return _sum(lowering, name, typed)


def _extreme(lowering: LowerValues, name: str, typed: Typed) -> tuple[str, IrisType]:
    if typed.kind == Kind.NUMERIC:
        return f"iris_{name}_of({typed.sql})", typed.type
    if typed.kind in STRINGS:
        return f"{name}({key(typed.sql, typed.type)})", typed.type
    return f"{name}({lowering.untyped(typed)})", typed.type


def _sum(lowering: LowerValues, name: str, typed: Typed) -> tuple[str, IrisType]:
    """SUM of whole numbers stays whole; AVG of them is exact, not cut."""
    if typed.kind == Kind.DOUBLE:
        return f"{name.lower()}({typed.sql})", DOUBLE
    if name == "SUM" and typed.kind in (Kind.INTEGER, Kind.BIT):
        return f"iris_whole_sum({typed.sql})", BIGINT
    return f"iris_{name.lower()}({lowering.as_type(typed, NUMERIC)})", NUMERIC


# Window functions

_RANKS: dict[str, IrisType] = {
    "ROW_NUMBER": BIGINT,
    "RANK": BIGINT,
    "DENSE_RANK": BIGINT,
    "PERCENT_RANK": DOUBLE,
    "CUME_DIST": DOUBLE,
    "NTILE": BIGINT,
}
_PICKS = frozenset(("FIRST_VALUE", "LAST_VALUE", "NTH_VALUE", "LAG", "LEAD"))


def window_function(lowering: LowerValues, node: exp.Expr) -> tuple[str, IrisType]:
    if not isinstance(node, exp.Anonymous):
        if isinstance(node.this, (nodes.AggregateArgument, exp.Distinct)):
            raise pg_error(-1, "DISTINCT, %FOREACH and %AFTERHAVING are not for window functions")
        return _call(lowering, type(node).__name__.upper(), node.this)
    name = node.this.upper()
    arguments = node.expressions
    if name in _RANKS:
        return f"{name.lower()}({', '.join(lowering.whole(argument) for argument in arguments)})", _RANKS[name]
    if name not in _PICKS:
        raise pg_error(-1, f"{name} is not a window function")
    typed = lowering.value(arguments[0])
    rest = [lowering.whole(argument) for argument in arguments[1:2]]
    if len(arguments) > 2:
        rest.append(lowering.as_type(lowering.value(arguments[2]), typed.type))
    return f"{name.lower()}({', '.join([lowering.untyped(typed), *rest])})", typed.type
