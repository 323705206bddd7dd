"""Scales: how many decimals PostgreSQL shows of a numeric expression, and how many characters of a character(n)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris.sql.infer.analysis import CONSTRUCTS, Output, fold, kind_of, unwrapped, value_of
from pgiris.sql.scope import Field
from pgiris.types import oids
from pgiris.types.numeric import scale_of

_KEEP_SCALE = frozenset(("sum", "min", "max", "abs", "lag", "lead", "first_value", "last_value", "nth_value"))


_WHOLE = frozenset(("ceil", "ceiling", "floor"))


SCALED = frozenset((oids.NUMERIC, oids.BPCHAR))


def shown_scale(node: exp.Expr) -> int | None:
    """The decimals or characters that PostgreSQL shows of an expression; None where values decide, and for other types."""
    kind = kind_of(node)
    return _scale(node) if kind.oid in SCALED and kind.typmod < 0 else None


def has_own_scales(query: exp.Expr, item: exp.Expr | None, output: Output) -> bool:
    """Whether rows of a derived table have each its own decimals, which IRIS does not keep."""
    if output.kind.oid != oids.NUMERIC or output.kind.typmod >= 0 or output.scale is not None:
        return False
    return isinstance(query, exp.Values | exp.SetOperation) or (item is not None and shows_own_scales(item))


def shows_own_scales(item: exp.Expr) -> bool:
    """Whether the decimals of a numeric value are those of a column that has a row's own."""
    value = unwrapped(value_of(item))
    if kind_of(value).oid != oids.NUMERIC or kind_of(value).typmod >= 0 or shown_scale(value) is not None:
        return False
    columns = value.find_all(exp.Column)
    return any(field.has_own_scales for column in columns if (field := column.meta.get("field")) is not None)


def items_of(query: exp.Expr, place: int, output: Output) -> tuple[exp.Expr, ...]:
    """What makes a numeric of several scales in the rows of a derived table; none where rows are told from each other."""
    if output.kind.oid != oids.NUMERIC or output.kind.typmod >= 0 or output.scale is not None:
        return ()
    return tuple(_items_at(query, place) or ())


def _items_at(query: exp.Expr, place: int) -> list[exp.Expr] | None:
    if isinstance(query, exp.Subquery):
        query = query.this
    if isinstance(query, exp.Union):
        sides = [_items_at(side, place) for side in (query.this, query.expression)]
        is_plain = not any(query.args.get(clause) for clause in ("distinct", "order", "limit", "offset", "with_"))
        return [*sides[0], *sides[1]] if is_plain and sides[0] and sides[1] else None
    if isinstance(query, exp.Values):
        return [row.expressions[place] for row in query.expressions] if _is_plain(query) else None
    if not isinstance(query, exp.Select) or query.args.get("distinct") is not None or place >= len(query.expressions):
        return None
    return [query.expressions[place]]


def _is_plain(values: exp.Values) -> bool:
    is_alone = not any(values.args.get(clause) for clause in ("order", "limit", "offset"))
    return is_alone and all(isinstance(row, exp.Tuple) for row in values.expressions)


def common_scale(nodes: Sequence[exp.Expr]) -> int | None:
    """The decimals of what is one of these; None where they differ, and where values decide."""
    scales = {_scale(node) for node in nodes if not isinstance(unwrapped(node), exp.Null)}
    return scales.pop() if len(scales) == 1 else None


def static_scale(node: exp.Expr) -> int | None:
    """The decimals of a number, whatever its type tells; None where values decide."""
    return _scale(node)


def _scale(node: exp.Expr) -> int | None:
    node = unwrapped(node)
    kind = kind_of(node)
    if kind.oid in (oids.INT2, oids.INT4, oids.INT8):
        return 0
    if kind.oid not in SCALED:
        return None
    if kind.typmod >= 4:
        return max(scale_of(kind.typmod), 0) if kind.oid == oids.NUMERIC else kind.typmod - 4
    if isinstance(node, exp.Literal):
        if kind.oid == oids.BPCHAR:
            return None
        return len(node.name.partition(".")[2]) if node.name.replace(".", "", 1).isdigit() else None
    if "shown_scale" in node.meta:
        scale: int | None = node.meta["shown_scale"]
        return scale
    if isinstance(node, exp.Column):
        found: Field | None = node.meta.get("field")
        return found.scale if found is not None else None
    if isinstance(node, exp.Subquery | exp.Select):
        outputs: list[Output] = node.meta.get("outputs") or []
        return outputs[0].scale if outputs else None
    if isinstance(node, exp.Case):
        default = node.args.get("default")
        return common_scale([*(branch.args["true"] for branch in node.args["ifs"]), *([default] if default is not None else [])])
    if isinstance(node, exp.Neg | exp.Window | exp.Filter | exp.Alias | exp.Cast):
        return _scale(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Mod):
        one, other = _scale(node.this), _scale(node.expression)
        if one is None or other is None:
            return None
        return one + other if isinstance(node, exp.Mul) else max(one, other)
    return _call_scale(node) if isinstance(node, exp.Anonymous) else None


def _call_scale(node: exp.Anonymous) -> int | None:
    name, arguments = fold(node.this), node.expressions
    if not arguments:
        return None
    first = arguments[0].expressions[0] if isinstance(arguments[0], exp.Distinct) else arguments[0]
    if name in _KEEP_SCALE:
        return _scale(first) if len(arguments) < 3 else common_scale([arguments[0], arguments[2]])
    if name == "mod":
        scales = [_scale(argument) for argument in arguments]
        return None if None in scales else max(scale for scale in scales if scale is not None)
    if name in _WHOLE or (name in ("round", "trunc") and len(arguments) == 1):
        return 0
    if name in ("round", "trunc"):
        digits = unwrapped(arguments[1])
        if not isinstance(digits, exp.Literal) or not digits.name.isdigit():
            return None
        digits.meta["pin"] = True  # with other digits the column is shown with others
        return int(digits.name)
    if name in CONSTRUCTS:
        return common_scale(arguments)
    return _part_scale(arguments) if name == "extract" else None


def _part_scale(arguments: Sequence[exp.Expr]) -> int | None:
    """Of extract(). PostgreSQL: timestamp_part_common in timestamp.c"""
    word = unwrapped(arguments[0])
    if not isinstance(word, exp.Literal):
        return None
    name = word.name.lower()
    if name == "epoch":
        return 0 if kind_of(arguments[1]).oid == oids.DATE else 6
    return None if name == "julian" else _PART_SCALES.get(name, 0)


_PART_SCALES = {"second": 6, "seconds": 6, "sec": 6, "s": 6, "millisecond": 3, "milliseconds": 3, "msec": 3, "ms": 3}
