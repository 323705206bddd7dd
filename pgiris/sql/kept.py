"""Kept: rows that the worker keeps, for steps that it runs for each of them.

Their columns have the types of the table's columns that they are meant for; what IRIS cannot compute of them the worker does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from pgiris.compute.program import Program, oid_of
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import Kind
from pgiris.sql.infer import Binder, Output, fold
from pgiris.sql.plan import Role, Shaping, Source, Step
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.scope import Scope
from pgiris.sql.shaping import shaped
from pgiris.sql.stages import finished
from pgiris.sql.statement import Statement
from pgiris.sql.write import write
from pgiris.types.table import TYPES, type_name


def of_values(rows: Sequence[Sequence[exp.Expr]], kinds: Sequence[Kind], statement: Statement) -> Step | None:
    """Rows of analysed expressions, which the worker computes; None when only IRIS can."""
    builder = Builder(statement, volatile=True)
    mark = statement.mark()
    sources = []
    constants: dict[Program, int] = {}
    try:
        for row in rows:
            for cell, kind in zip(row, kinds, strict=True):
                program = builder.as_type(cell, kind.oid) if kind.oid else builder.program(cell)
                if program[0] == "k" and program not in constants:
                    constants[program] = statement.computed_index(program)
                known = program[2] if program[0] == "v" else constants.get(program)
                sources.append(Source(statement.computed_index(program) if known is None else known))
    except (NotComputable, PgError):
        statement.back_to(mark)
        return None
    return Step("", tuple(sources), Role.ROWS, slot=statement.slot, kinds=tuple(kind.oid for kind in kinds))


def of_query(
    query: exp.Expr,
    outputs: Sequence[Output],
    kinds: Sequence[Kind],
    statement: Statement,
    role: Role = Role.ROWS,
    among: exp.Expr | None = None,
) -> Step:
    """Rows of an analysed query, its columns converted to kinds, 0: as they are. among: a finished condition beside its own.

    Raises 0A000 for what nobody can compute.
    """
    statement.computing = statement.computing or statement.analysis.needs_computing
    shaping = shaped(query, statement)
    items: Sequence[Program] = (
        shaping.items if shaping is not None else [("c", output.kind.oid, place, -1) for place, output in enumerate(outputs)]
    )
    made = tuple(_converted(item, kind, statement) for item, kind in zip(items, kinds, strict=True))
    if shaping is not None or any(one is not other for one, other in zip(made, items, strict=True)):
        shaping = Shaping(made) if shaping is None else replace(shaping, items=made)
    tree = finished(query, statement)
    if among is not None:
        add_condition(tree, among)
    step = write(tree, statement.sources, role)
    return replace(step, slot=statement.slot, kinds=tuple(kind.oid for kind in kinds), rows=shaping)


@dataclass(frozen=True)
class Arrays:
    """FROM unnest(a, b): the arrays, the names of the columns."""

    arrays: Sequence[exp.Expr]
    names: Sequence[str]


def arrays_of(query: exp.Expr, binder: Binder) -> Arrays | None:
    """The arrays that a query takes its rows from, which then has a row of NULLs in their place; None: it is another query."""
    clause = query.args.get("from_") if isinstance(query, exp.Select) else None
    node = clause.this if clause is not None else None
    if not isinstance(node, exp.Unnest) or node.args.get("offset"):
        return None
    if any(query.args.get(part) for part in ("joins", "laterals", "with_")):
        return None
    kinds = [binder.expression(argument, Scope()) for argument in node.expressions]
    if not all(kind.oid in TYPES and TYPES[kind.oid].element for kind in kinds):
        return None
    alias = node.args.get("alias")
    table = fold(alias.this) if alias is not None and alias.this is not None else "unnest"
    names = [fold(column) for column in alias.args.get("columns") or ()] if alias is not None else []
    if not names and len(kinds) == 1:
        names = [table]
    names += [f"unnest_{place}" for place in range(len(names), len(kinds))]
    cells = [_null(Kind(TYPES[kind.oid].element)) for kind in kinds]
    shown = exp.TableAlias(this=_quoted(table), columns=[_quoted(name) for name in names])
    query.set("from_", exp.From(this=exp.Values(expressions=[exp.Tuple(expressions=cells)], alias=shown)))
    return Arrays(list(node.expressions), names)


def _quoted(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def _null(kind: Kind) -> exp.Expr:
    made = exp.Cast(this=exp.Null(), to=exp.DataType(this=exp.DType.UNKNOWN))
    made.meta["target"] = kind
    return made


def of_arrays(query: exp.Expr, given: Arrays, kinds: Sequence[Kind], statement: Statement) -> Step:
    """Rows that the worker makes of arrays, for an analysed query of arrays_of()."""
    statement.computing = True
    shaping = shaped(query, statement, alone=True)
    builder = Builder(statement)
    if shaping is None or any(query.args.get(part) for part in ("where", "order", "limit", "offset", "group", "having")):
        raise not_supported("this query of unnest() is not supported")
    sources = []
    for item in query.expressions:
        if not isinstance(item, exp.Column) or item.name not in given.names:
            raise not_supported("this query of unnest() is not supported")
        try:
            program = builder.program(given.arrays[given.names.index(item.name)])
        except NotComputable:
            raise not_supported("this array of unnest() is not supported") from None
        sources.append(Source(program[2] if program[0] == "v" else statement.computed_index(program)))
    items = tuple(_converted(item, kind, statement) for item, kind in zip(shaping.items, kinds, strict=True))
    oids = tuple(kind.oid for kind in kinds)
    rows = replace(shaping, items=items)
    return Step("", tuple(sources), Role.ROWS, slot=statement.slot, arrays=True, kinds=oids, rows=rows)


def add_condition(tree: exp.Expr, condition: exp.Expr) -> None:
    """Another condition, in front of those of a finished tree."""
    where = tree.args.get("where")
    if where is not None:
        condition = exp.And(this=condition, expression=exp.Paren(this=where.this))
    tree.set("where", exp.Where(this=condition))


def _converted(item: Program, kind: Kind, statement: Statement) -> Program:
    if not kind.oid or not oid_of(item):
        return item
    try:
        return Builder(statement).cast(item, Kind(kind.oid))
    except NotComputable:
        raise not_supported(f"converting {type_name(oid_of(item))} to {type_name(kind.oid)} is not supported here") from None
