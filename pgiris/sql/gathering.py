"""Gathering: aggregates that IRIS has not. IRIS gives all rows of a group as one JSON array, the worker aggregates them.

iris-reference 4.12; JSON_ARRAYAGG leaves out NULLs, so each row is an array of its own (JSON_ARRAY ... NULL ON NULL).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlglot import exp

from pgiris.compute.gathered import AGGREGATES, Specification
from pgiris.compute.program import Program
from pgiris.sql.coercion import TEXT, Kind
from pgiris.sql.functions import GATHERED, ORDERED_SETS, Call
from pgiris.sql.infer import fold, kind_of, unwrapped
from pgiris.sql.infer.scales import shown_scale
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.statement import Statement
from pgiris.sql.write import Template, template
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.numeric import scale_of
from pgiris.types.table import TYPES
from pgiris.types.vector import DENSE

LONGEST = 3_641_144  # characters of a string in IRIS. iris-reference 5.2
Build = Callable[[exp.Expr, "Cells | None"], Program]  # an expression, of the cells of a gathered row or (None) of no row


@dataclass
class Cells:
    """The expressions of which IRIS makes a gathered row."""

    nodes: list[exp.Expr] = field(default_factory=list)

    def place(self, node: exp.Expr) -> int:
        for index, known in enumerate(self.nodes):
            if known == node:
                return index
        self.nodes.append(node)
        return len(self.nodes) - 1


@dataclass(frozen=True)
class Aggregate:
    """An aggregate call taken apart."""

    name: str
    values: list[tuple[exp.Expr, Oid]]  # with the type that each is taken as
    order: list[exp.Ordered]
    distinct: bool
    condition: exp.Expr | None
    further: list[tuple[exp.Expr, Oid]]


def is_gathered(node: exp.Expr) -> bool:
    return _taken_apart(node) is not None


def program(node: exp.Expr, build: Build, ask: Callable[[Template], Program]) -> Program:
    """ask: have IRIS give an expression; its column."""
    found = _taken_apart(node)
    assert found is not None
    cells = Cells()
    values = [_as(build(value, cells), oid) for value, oid in found.values]
    keys = [build(ordered.this, cells) for ordered in found.order]
    further = [_as(build(argument, None), oid) for argument, oid in found.further]
    order = [(bool(ordered.args.get("desc")), bool(ordered.args.get("nulls_first"))) for ordered in found.order]
    if not cells.nodes:
        cells.nodes.append(exp.Literal.number(1))
    item: exp.Expr = template("JSON_ARRAY({*} NULL ON NULL)", *cells.nodes)
    if found.condition is not None:
        item = exp.Case(ifs=[exp.If(this=found.condition, true=item)])
    column = ask(template(f"CAST(JSON_ARRAYAGG({{0}}) AS VARCHAR({LONGEST}))", item, kind=TEXT))
    specification = Specification(found.name, len(values), order, found.distinct)
    constant = ("k", oids.TEXT, msgspec.json.encode(specification).decode())
    return ("f", "gathered", kind_of(node).oid, -1, column, constant, *values, *keys, *further)


def of_rows(node: exp.Expr, build: Callable[[exp.Expr], Program], constant: Callable[[exp.Expr], Program]) -> Program | None:
    """Any aggregate, as a program of the rows of a group; None when it is none that the worker knows. build: of one row."""
    found = _taken_apart(node, every=True)
    if found is None or found.name not in AGGREGATES:
        return None
    values = [_as(build(value), oid) for value, oid in found.values]
    keys = [build(ordered.this) for ordered in found.order]
    counts = [] if found.condition is None else [build(found.condition)]
    further = [_as(constant(argument), oid) for argument, oid in found.further]
    order = [(bool(ordered.args.get("desc")), bool(ordered.args.get("nulls_first"))) for ordered in found.order]
    specification = Specification(found.name, len(values), order, found.distinct, bool(counts))
    text = ("k", oids.TEXT, msgspec.json.encode(specification).decode())
    return ("f", "aggregate", kind_of(node).oid, -1, text, *values, *keys, *counts, *further)


def _as(made: Program, oid: Oid) -> Program:
    own = made[2] if made[0] == "f" else made[1]
    return made if own == oid or oid not in TYPES else ("f", "cast", oid, -1, made)


def _taken_apart(node: exp.Expr, *, every: bool = False) -> Aggregate | None:
    """every: also those that IRIS has."""
    condition = None
    if isinstance(node, exp.Filter):
        condition, node = node.expression.this, node.this
    if isinstance(node, exp.WithinGroup):
        return _ordered_set(node, condition)
    call: Call | None = node.meta.get("call")
    if not isinstance(node, exp.Anonymous) or call is None or not node.meta.get("aggregate_call"):
        return None
    name = fold(node.this)
    counts_rows = name == "count" and any(kind_of(argument).oid == oids.RECORD for argument in node.expressions)
    if not every and call.function.template != GATHERED and name != "string_agg" and not counts_rows:
        return None
    order: Sequence[exp.Ordered] = ()
    arguments: list[exp.Expr] = []
    distinct = False
    for argument in node.expressions:
        inner = argument
        if isinstance(inner, exp.Order):
            order, inner = inner.expressions, inner.this
        if isinstance(inner, exp.Distinct):
            distinct = True
            arguments += inner.expressions
        else:
            arguments.append(inner)
    typed = list(zip(arguments, call.arguments, strict=True))
    cut = 1 if name == "string_agg" else len(typed)
    return Aggregate(name, typed[:cut], list(order), distinct, condition, typed[cut:])


def _ordered_set(node: exp.WithinGroup, condition: exp.Expr | None) -> Aggregate | None:
    name = fold(node.this.this)
    if name not in ORDERED_SETS:
        return None
    (ordered,) = node.expression.expressions
    row = TYPES[kind_of(node).oid]
    kind = Kind(row.element if row.is_array else row.oid)
    further = [(unwrapped(argument), kind_of(argument).oid) for argument in node.this.expressions]
    return Aggregate(name, [(ordered.this, kind.oid)], [ordered], False, condition, further)


def of_cells(statement: Statement) -> Build:
    """How arguments are built. What is not computed here is a cell that IRIS gives."""

    def build(node: exp.Expr, cells: Cells | None) -> Program:
        if cells is None:
            return Builder(statement).program(node)

        def leaf(inner: exp.Expr) -> Program | None:
            return _cell(inner, cells) if isinstance(inner, exp.Column) else None

        mark, known = statement.mark(), len(cells.nodes)
        try:
            return Builder(statement, leaf).program(node)
        except NotComputable:
            statement.back_to(mark)
            del cells.nodes[known:]
            return _cell(unwrapped(node), cells)

    return build


def _cell(node: exp.Expr, cells: Cells) -> Program:
    kind = kind_of(node)
    if not kind.oid or kind.oid in (oids.BYTEA, *DENSE):
        raise NotComputable
    return ("g", kind.oid, cells.place(node), decimals(node))


def decimals(node: exp.Expr) -> int:
    kind = kind_of(node)
    if kind.oid == oids.NUMERIC and kind.typmod >= 0:
        return scale_of(kind.typmod)
    scale = shown_scale(node) if kind.oid == oids.NUMERIC else None
    return -1 if scale is None else scale
