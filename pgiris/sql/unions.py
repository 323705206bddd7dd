"""Unions: UNIONs of numbers whose decimals IRIS counts in its own way, a step for each leg, put together by the worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlglot import exp

from pgiris.compute.program import Program
from pgiris.sql import kept
from pgiris.sql.coercion import INT8, Kind
from pgiris.sql.infer import Output, kind_of, value_of
from pgiris.sql.infer.scales import SCALED
from pgiris.sql.plan import Role, Shaping, SortKey, Step
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.statement import Statement
from pgiris.types import oids
from pgiris.types.numeric import scale_of


def by_legs(tree: exp.Expr, outputs: Sequence[Output], statement: Statement) -> tuple[list[Step], Shaping] | None:
    """The steps and what becomes of all their rows. None: IRIS can do it, or has to.

    Also of a query that only shows and orders the rows of a UNION, as that of grouping sets does.
    """
    union = tree if isinstance(tree, exp.Union) else _union_within(tree)
    if union is not None and union is not tree and union.args.get("distinct"):
        return None  # its rows are to be told from each other first
    if union is None or tree.args.get("with_") is not None or statement.inline:
        return None
    columns: list[Output] = union.meta["outputs"]
    legs = _legs(union, bool(union.args.get("distinct")), union is tree)
    if legs is None or not (statement.computing or _is_worthwhile(columns, bool(union.args.get("distinct")))):
        return None
    mark = statement.mark()
    try:
        shaping = _together(union, columns, statement) if union is tree else _around(tree, columns, outputs, statement)
    except NotComputable:
        statement.back_to(mark)
        return None
    statement.fired("union_by_legs")
    with_blanks = not union.args.get("distinct")
    return [_leg(leg, columns, with_blanks, statement) for leg in legs], shaping


def _leg(leg: exp.Select, columns: Sequence[Output], with_blanks: bool, statement: Statement) -> Step:
    own: list[Output] = leg.meta["outputs"]
    leg.parent = None
    step = kept.of_query(leg, own, [output.kind for output in columns], statement, Role.RESULT)
    items = step.rows.items if step.rows is not None else tuple(("c", o.kind.oid, at, -1) for at, o in enumerate(own))
    made = tuple(_padded(item, output, with_blanks) for item, output in zip(items, own, strict=True))
    return replace(step, rows=Shaping(made) if step.rows is None else replace(step.rows, items=made))


def _union_within(tree: exp.Expr) -> exp.Union | None:
    """The UNION whose rows a query shows and orders."""
    clause = tree.args.get("from_") if isinstance(tree, exp.Select) else None
    if clause is None or any(tree.args.get(other) for other in _OTHER_CLAUSES) or not isinstance(clause.this, exp.Subquery):
        return None
    union = clause.this.this
    return union if isinstance(union, exp.Union) and not any(item.find(exp.Window) for item in tree.expressions) else None


_OTHER_CLAUSES = ("joins", "where", "group", "having", "distinct", "windows")


def _around(tree: exp.Expr, columns: Sequence[Output], outputs: Sequence[Output], statement: Statement) -> Shaping:
    """What is made of the rows of a UNION in FROM. Raises NotComputable."""
    names = [field.column or field.name for field in tree.args["from_"].this.meta["fields"]]

    def leaf(node: exp.Expr) -> Program | None:
        if not isinstance(node, exp.Column):
            return None
        return ("c", kind_of(node).oid, names.index(node.name), -1)

    builder = Builder(statement, leaf)
    items = [
        builder.cast(builder.program(value_of(item)), Kind(output.kind.oid))
        for item, output in zip(tree.expressions, outputs, strict=True)
    ]

    def program(key: exp.Expr) -> Program:
        place = key.meta.get("item")
        return builder.program(key) if place is None else items[place]

    return _shaping(tree, items, program, False, statement)


def _legs(node: exp.Expr, distinct: bool, outermost: bool = False) -> list[exp.Select] | None:
    """None: they are of several kinds."""
    if isinstance(node, exp.Select):
        return [node]
    if isinstance(node, exp.Subquery):
        return _legs(node.this, distinct) if isinstance(node.this, exp.Select) else None
    if not isinstance(node, exp.Union) or bool(node.args.get("distinct")) is not distinct:
        return None
    if not outermost and any(node.args.get(clause) for clause in ("order", "limit", "offset", "with_")):
        return None
    sides = [_legs(side, distinct) for side in (node.this, node.expression)]
    return None if None in sides else [leg for side in sides if side is not None for leg in side]


def _is_worthwhile(outputs: Sequence[Output], distinct: bool) -> bool:
    """Values of character(n) are told from each other without the blanks that each leg would give them."""
    own = (oids.NUMERIC,) if distinct else SCALED
    return any(o.kind.oid in own and o.kind.typmod < 0 and o.scale is None for o in outputs)


def _padded(item: Program, output: Output, with_blanks: bool) -> Program:
    """A column of a leg with the decimals, or the blanks, that it has for certain."""
    if with_blanks and item[0] == "c" and item[1] == oids.BPCHAR and output.kind.oid == oids.BPCHAR and output.kind.typmod >= 0:
        return ("f", "cast", oids.BPCHAR, output.kind.typmod, item)
    if item[0] != "c" or item[1] != oids.NUMERIC or item[3] >= 0:
        return item
    scale = scale_of(output.kind.typmod) if output.kind.typmod >= 0 else output.scale
    return item if scale is None else (*item[:3], scale)


def _together(union: exp.Union, outputs: Sequence[Output], statement: Statement) -> Shaping:
    items: list[Program] = [("c", output.kind.oid, place, -1) for place, output in enumerate(outputs)]
    return _shaping(union, items, lambda key: items[key.meta["place"] - 1], bool(union.args.get("distinct")), statement)


def _shaping(
    tree: exp.Expr, items: list[Program], program: Callable[[exp.Expr], Program], distinct: bool, statement: Statement
) -> Shaping:
    """program: of a sort key."""
    order = tree.args.get("order")
    keys = [
        SortKey(program(ordered.this), bool(ordered.args.get("desc")), bool(ordered.args.get("nulls_first")))
        for ordered in (order.expressions if order is not None else ())
    ]
    builder = Builder(statement)
    offset, limit = (
        None if tree.args.get(clause) is None else builder.cast(builder.program(tree.args[clause].expression), INT8)
        for clause in ("offset", "limit")
    )
    return Shaping(tuple(items), None, tuple(keys), distinct, offset, limit)
