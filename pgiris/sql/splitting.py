"""Splitting: numeric expressions whose decimals IRIS counts in its own way, made of several that it gives exactly.

An average is made of a sum and a count; lag() with a default of another scale of lag() and a row number; a sum of values of
several scales of the sum and the largest scale; a scalar subquery of aggregates of one subquery for each.
PostgreSQL: src/backend/utils/adt/numeric.c (numeric_avg, numeric_stddev_internal)
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from pgiris.compute.program import Program
from pgiris.sql import gathering
from pgiris.sql.coercion import INT4, INT8, NUMERIC, Kind
from pgiris.sql.functions import FUNCTIONS, choose
from pgiris.sql.gathering import is_gathered
from pgiris.sql.infer import Output, fold, kind_of, set_kind, unwrapped, value_of
from pgiris.sql.infer.scales import shown_scale, static_scale
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.scope import Field
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied
from pgiris.sql.write import template
from pgiris.types import oids

Ask = Callable[[exp.Expr], Program]  # have IRIS give an expression; its column
Split = Callable[[exp.Expr, Ask, Statement], Program]

_CHOOSING = frozenset(("lag", "lead", "first_value", "last_value", "nth_value"))  # window functions that give a row's value
_FEW_SCALES = range(1, 5)  # a column for each
_AVERAGES = frozenset(("avg", "stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop"))


def is_inexact(node: exp.Expr) -> bool:
    """Whether IRIS would give a numeric other decimals, a character(n) other blanks than PostgreSQL, as the worker does."""
    if splitter(node) is not None or item_within(node) is not None or has_scale_beside(node):
        return True
    if isinstance(node, exp.Query | exp.Window | exp.Column) or node.meta.get("aggregate"):
        return False
    kind = kind_of(node)
    if kind.oid == oids.NUMERIC and kind.typmod < 0 and shown_scale(node) is None and not isinstance(node, exp.Null):
        return True
    if kind.oid == oids.BPCHAR and kind.typmod < 0 and any(kind_of(column).typmod >= 0 for column in node.find_all(exp.Column)):
        return True
    return any(is_inexact(child) for child in node.iter_expressions())


def item_within(node: exp.Expr) -> exp.Expr | None:
    """What makes a column of a derived table, where IRIS would give it other decimals."""
    if not isinstance(node, exp.Column) or kind_of(node).oid != oids.NUMERIC or kind_of(node).typmod >= 0:
        return None
    found: Field | None = node.meta.get("field")
    item = found.item if found is not None else None
    return item if item is not None and shown_scale(node) is None and is_inexact(value_of(item)) else None


def through(node: exp.Column, item: exp.Expr, ask: Ask, statement: Statement) -> Program:
    """A column of a derived table, made of further columns that the table is given. Raises NotComputable."""
    query, source = item.parent, node.meta.get("source")
    if not isinstance(query, exp.Select) or source is None:
        raise NotComputable

    def ask_outside(part: exp.Expr) -> Program:
        known = [one for one in query.expressions if isinstance(one, exp.Alias) and one.meta.get("beside") and one.this == part]
        added: exp.Expr
        if known:
            added = known[0]
        else:
            added = exp.Alias(this=copied(part), alias=exp.to_identifier(f"pgiris_{len(query.expressions) + 1}"))
            added.meta["beside"] = True
            set_kind(added, kind_of(part))
            query.append("expressions", added)
        column = exp.column(copied(added.args["alias"]), table=exp.to_identifier(source.alias, quoted=True))
        set_kind(column, kind_of(part))
        column.meta["source"] = source
        column.meta["shown_scale"] = static_scale(part)
        return ask(column)

    def leaf(part: exp.Expr) -> Program | None:
        split = splitter(part)
        if split is not None:
            return split(part, ask_outside, statement)
        if has_scale_beside(part):
            return rescaled(part, ask_outside)
        if isinstance(part, exp.Column):
            deeper = item_within(part)
            return ask_outside(part) if deeper is None else through(part, deeper, ask_outside, statement)
        is_leaf = part.meta.get("aggregate") or isinstance(part, exp.Filter | exp.Window | exp.Subquery | exp.Exists)
        return ask_outside(part) if is_leaf else None

    made = Builder(statement, leaf).program(value_of(item))
    if not _is_strict(made):  # an outer join may have no row there
        raise NotComputable
    return made


def _is_strict(made: Program) -> bool:
    """Whether it is NULL when all of its columns are."""
    if made[0] != "f":
        return bool(made[0] == "c")
    if made[1] in ("coalesce", "case", "is null", "is true", "is false", "is distinct", "greatest", "least", "and", "or"):
        return all(_is_strict(part) for part in made[4:])
    return any(_is_strict(part) for part in made[4:])


def splitter(node: exp.Expr) -> Split | None:
    """How a node is split; None: IRIS's value is right as it is, or nothing can be done."""
    if isinstance(node, exp.Subquery):
        return _of_subquery(node)
    kind = kind_of(node)
    if kind.oid != oids.NUMERIC or kind.typmod >= 0:
        return None
    call = _called(node)
    if call is None:
        return None
    name = fold(call.this)
    if call.meta.get("aggregate_call"):
        if name in _AVERAGES and len(call.expressions) == 1:
            return _average if name == "avg" or not isinstance(call.expressions[0], exp.Distinct) else None
        if shown_scale(node) is not None:
            return None
        if name == "sum" and has_scale(_argument(call)):
            return _sum
        return _extreme if name in ("min", "max") and len(_scales_of(_argument(call))) in _FEW_SCALES else None
    if isinstance(node, exp.Window) and name in _CHOOSING and len(call.expressions) < 3 and shown_scale(node) is None:
        return _chosen if has_scale(call.expressions[0]) else None
    is_shift = isinstance(node, exp.Window) and name in ("lag", "lead") and len(call.expressions) == 3
    return _shifted if is_shift and shown_scale(node) is None and _has_place(node) else None


def _called(node: exp.Expr) -> exp.Anonymous | None:
    """The call of an aggregate or window function, perhaps with FILTER and OVER."""
    if isinstance(node, exp.Window):
        node = node.this
    if isinstance(node, exp.Filter):
        node = node.this
    return node if isinstance(node, exp.Anonymous) and ("aggregate_call" in node.meta or "call" in node.meta) else None


def _argument(call: exp.Anonymous) -> exp.Expr:
    first: exp.Expr = call.expressions[0]
    return first.expressions[0] if isinstance(first, exp.Distinct) else first


def _average(node: exp.Expr, ask: Ask, statement: Statement) -> Program:
    call = _called(node)
    assert call is not None
    name = fold(call.this)
    total, count = _numeric(ask(_other_call(node, "sum"))), ask(_other_call(node, "count"))
    if name == "avg":
        return ("f", "average", oids.NUMERIC, -1, total, count)
    squares = _numeric(ask(_other_call(node, "sum", _square)))
    return ("f", name, oids.NUMERIC, -1, total, squares, count)


def _sum(node: exp.Expr, ask: Ask, statement: Statement) -> Program:
    """The sum has the decimals of the value that has the most."""

    def scale(argument: exp.Expr) -> exp.Expr:
        return template("CASE WHEN {0} IS NOT NULL THEN {1} END", argument, _scale_of_value(argument), kind=INT4)

    return ("f", "rescaled", oids.NUMERIC, -1, ask(node), ask(_other_call(node, "max", scale)))


def _chosen(node: exp.Expr, ask: Ask, statement: Statement) -> Program:
    """A value of another row, and the scale that it has there."""
    scale = copied(node)
    call = _called(scale)
    assert call is not None
    call.expressions[0].replace(_scale_of_value(call.expressions[0]))
    chosen = choose(FUNCTIONS[fold(call.this)], list(map(kind_of, call.expressions)))
    assert chosen is not None
    call.meta["call"] = chosen
    for part in (call, scale):
        set_kind(part, INT4)
    return ("f", "rescaled", oids.NUMERIC, -1, ask(node), ask(scale))


def _extreme(node: exp.Expr, ask: Ask, statement: Statement) -> Program:
    """min() or max(): the least or greatest of those of each scale. Of equal ones, that with the most decimals."""
    call = _called(node)
    assert call is not None
    name = fold(call.this)

    def of_scale(digits: int) -> Callable[[exp.Expr], exp.Expr]:
        def change(argument: exp.Expr) -> exp.Expr:
            text = f"CASE WHEN {{1}} = {digits} THEN {{0}} END"
            return template(text, argument, _scale_of_value(argument), kind=kind_of(argument))

        return change

    parts: list[Program] = []
    for digits in sorted(_scales_of(_argument(call)), reverse=True):
        asked = ask(_other_call(node, name, of_scale(digits)))
        parts.append(("f", "rescaled", oids.NUMERIC, -1, asked, ("k", oids.INT4, str(digits))))
    return ("f", "greatest" if name == "max" else "least", oids.NUMERIC, -1, *parts)


def _has_place(node: exp.Expr) -> bool:
    value, offset, default = node.this.expressions
    known = unwrapped(offset)
    if not isinstance(known, exp.Literal) or not known.name.isdigit() or not node.args.get("order"):
        return False
    return static_scale(value) is not None and static_scale(default) is not None


def _shifted(node: exp.Expr, ask: Ask, statement: Statement) -> Program:
    """lag(value, n, default): in the first n rows (lead: the last) the scale is the default's."""
    value, offset, default = node.this.expressions
    place = _window(node, "row_number")
    row = ask(place)
    bound: Program = ("v", oids.INT8, 0)
    if fold(node.this.this) == "lead":
        rows = _window(node, "count")
        for clause in ("order", "spec"):
            rows.set(clause, None)
        row = ("f", "-", oids.INT8, -1, ask(rows), row)
        inside: Program = ("f", ">=", oids.BOOL, -1, row, bound)
    else:
        inside = ("f", ">", oids.BOOL, -1, row, bound)
    inside = (*inside[:-1], ("k", oids.INT8, unwrapped(offset).name))
    unwrapped(offset).meta["pin"] = True
    scales = [("k", oids.INT4, str(static_scale(part))) for part in (value, default)]
    chosen = ("f", "case", oids.INT4, -1, inside, *scales)
    return ("f", "rescaled", oids.NUMERIC, -1, ask(node), chosen)


def _window(node: exp.Expr, name: str) -> exp.Window:
    """Another window function over the same window."""
    made = copied(node)
    assert isinstance(made, exp.Window)
    call = exp.Anonymous(this=name, expressions=[])
    chosen = choose(FUNCTIONS[name], [])
    assert chosen is not None
    call.meta["call"] = chosen
    if name == "count":
        call.meta["aggregate_call"] = True
    made.set("this", call)
    for part in (call, made):
        set_kind(part, INT8)
    return made


def _of_subquery(node: exp.Subquery) -> Split | None:
    """A query that is one row of aggregates."""
    query = node.this
    if not isinstance(query, exp.Select) or not query.meta.get("grouped") or len(query.expressions) != 1:
        return None
    if any(query.args.get(clause) for clause in _NOT_ONE_ROW):
        return None
    item = value_of(query.expressions[0])
    return _one_row if is_inexact(item) or any(map(is_gathered, item.walk())) else None


_NOT_ONE_ROW = ("group", "having", "limit", "offset", "distinct", "order", "with_")


def _one_row(node: exp.Expr, ask: Ask, statement: Statement) -> Program:
    def ask_inside(part: exp.Expr) -> Program:
        made = copied(node)
        made.this.set("expressions", [copied(part)])
        output: Output = node.this.meta["outputs"][0]
        made.this.meta["outputs"] = [output._replace(kind=kind_of(part), scale=static_scale(part))]
        made.meta["outputs"] = made.this.meta["outputs"]
        set_kind(made, kind_of(part))
        return ask(made)

    def leaf(part: exp.Expr) -> Program | None:
        if is_gathered(part):
            return gathering.program(part, gathering.of_cells(statement), ask_inside)
        split = splitter(part)
        if split is not None:
            return split(part, ask_inside, statement)
        if has_scale_beside(part):
            return rescaled(part, ask_inside)
        is_leaf = part.meta.get("aggregate") or isinstance(part, exp.Filter | exp.Column | exp.Subquery | exp.Exists)
        return ask_inside(part) if is_leaf else None

    return Builder(statement, leaf).program(value_of(node.this.expressions[0]))


def _numeric(column: Program) -> Program:
    return column if column[1] == oids.NUMERIC else ("f", "cast", oids.NUMERIC, -1, column)


def _other_call(node: exp.Expr, name: str, change: Callable[[exp.Expr], exp.Expr] | None = None) -> exp.Expr:
    """The same aggregate call of another function, perhaps of a changed argument."""
    made = copied(node)
    call = _called(made)
    assert call is not None
    call.set("this", name)
    holder = call if not isinstance(call.expressions[0], exp.Distinct) else call.expressions[0]
    argument = holder.expressions[0]
    if change is not None:
        argument = change(argument)
        holder.set("expressions", [argument])
    chosen = choose(FUNCTIONS[name], [kind_of(argument)])
    assert chosen is not None
    call.meta["call"] = chosen
    result = kind_of(argument) if name in ("min", "max") else Kind(chosen.function.result)
    at: exp.Expr | None = call
    while at is not None:
        set_kind(at, result)
        at = at.parent
    return made


def _square(argument: exp.Expr) -> exp.Expr:
    parts = [exp.Paren(this=copied(argument)), exp.Paren(this=copied(argument))]
    for part in parts:
        set_kind(part, kind_of(argument))
    made = exp.Mul(this=parts[0], expression=parts[1])
    set_kind(made, NUMERIC)
    return made


# Scales that values decide, as IRIS computes them


def has_scale(node: exp.Expr) -> bool:
    """Whether IRIS can tell the scale of a value."""
    return bool(_scales_of(node))


def has_scale_beside(node: exp.Expr) -> bool:
    """Whether it is a column of a derived table whose rows have several scales, which a further column can tell."""
    if not isinstance(node, exp.Column) or kind_of(node).oid != oids.NUMERIC or kind_of(node).typmod >= 0:
        return False
    return shown_scale(node) is None and "source" in node.meta and has_scale(node)


def rescaled(node: exp.Expr, ask: Ask) -> Program:
    """A value with the decimals that IRIS tells of it."""
    return ("f", "rescaled", oids.NUMERIC, -1, ask(node), ask(_scale_of_value(node)))


def rescaled_key(node: exp.Expr, ask: Ask) -> Program:
    """What rows are grouped by. Of equal numbers, that with the most decimals."""
    return ("f", "rescaled", oids.NUMERIC, -1, ask(node), ask(_largest(_scale_of_value(node))))


def _largest(scale: exp.Expr) -> exp.Expr:
    made = exp.Anonymous(this="max", expressions=[scale])
    chosen = choose(FUNCTIONS["max"], [INT4])
    assert chosen is not None
    made.meta.update(call=chosen, aggregate_call=True, aggregate=True)
    set_kind(made, INT4)
    return made


def _scales_of(node: exp.Expr) -> frozenset[int]:
    """The scales that a value may have; none: IRIS cannot tell them."""
    node = unwrapped(node)
    known = static_scale(node)
    if known is not None:
        return frozenset((known,))
    if isinstance(node, exp.Neg):
        return _scales_of(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        one, other = _scales_of(node.this), _scales_of(node.expression)
        return frozenset(a + b if isinstance(node, exp.Mul) else max(a, b) for a in one for b in other)
    if isinstance(node, exp.Case):
        return _together(_choices(node))
    if isinstance(node, exp.Anonymous) and fold(node.this) == "coalesce":
        return _together(node.expressions)
    field: Field | None = node.meta.get("field") if isinstance(node, exp.Column) else None
    return _together([value_of(item) for item in field.items]) if field is not None else frozenset()


def _together(nodes: list[exp.Expr]) -> frozenset[int]:
    found = [_scales_of(node) for node in nodes if not isinstance(unwrapped(node), exp.Null)]
    return frozenset().union(*found) if all(found) else frozenset()


def _choices(node: exp.Case) -> list[exp.Expr]:
    default = node.args.get("default")
    return [*(branch.args["true"] for branch in node.args["ifs"]), *([default] if default is not None else ())]


def _scale_of_value(node: exp.Expr) -> exp.Expr:
    """An expression for the scale of a value that is not NULL, of which has_scale() is true."""
    node = unwrapped(node)
    known = static_scale(node)
    if known is not None:
        made = exp.Literal.number(known)
        set_kind(made, INT4)
        return made
    if isinstance(node, exp.Null):
        return copied(node)
    if isinstance(node, exp.Neg):
        return _scale_of_value(node.this)
    if isinstance(node, exp.Column):
        return _scale_beside(node)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        text = "({0} + {1})" if isinstance(node, exp.Mul) else "CASE WHEN {0} > {1} THEN {0} ELSE {1} END"
        return template(text, _scale_of_value(node.this), _scale_of_value(node.expression), kind=INT4)
    if isinstance(node, exp.Case):
        return _scale_of_case(node)
    holes = "".join(f" WHEN {{{2 * place}}} IS NOT NULL THEN {{{2 * place + 1}}}" for place in range(len(node.expressions)))
    pairs = [part for item in node.expressions for part in (copied(item), _scale_of_value(item))]
    return template(f"CASE{holes} END", *pairs, kind=INT4)


def _scale_of_case(node: exp.Case) -> exp.Expr:
    made = copied(node)
    for old, new in zip(_choices(node), _choices(made), strict=True):
        new.replace(_scale_of_value(old))
    set_kind(made, INT4)
    return made


def _scale_beside(node: exp.Column) -> exp.Expr:
    """The column that tells the scale of another one of a derived table, which is given it."""
    field: Field = node.meta["field"]
    name = f"pgiris_scale_{node.name}"
    column = exp.column(exp.to_identifier(name, quoted=True), table=exp.to_identifier(node.meta["source"].alias, quoted=True))
    set_kind(column, INT4)
    column.meta["source"] = node.meta["source"]
    known: set[int] = set()
    for item in field.items:
        _tell_scale(item, name, known)
    return column


def _tell_scale(item: exp.Expr, name: str, known: set[int]) -> None:
    """Give what a column of a derived table is made in a further column. known: which queries have been told of it."""
    query: exp.Expr | None = item.parent
    if isinstance(query, exp.Select):
        if any(isinstance(one, exp.Alias) and one.alias == name for one in query.expressions):
            return
        scale = _scale_of_value(value_of(item))
        if query.meta.get("grouped") and not any(part.meta.get("aggregate") for part in item.walk()):
            scale = _largest(scale)
        added = exp.alias_(scale, name, quoted=True, copy=False)
        set_kind(added, INT4)
        query.append("expressions", added)
    elif isinstance(query, exp.Tuple) and isinstance(query.parent, exp.Values):
        row, query = query, query.parent
        if any(output.name == name for output in query.meta["outputs"]) and id(query) not in known:
            return
        row.append("expressions", _scale_of_value(item))
    while query is not None and "outputs" in query.meta and id(query) not in known:
        known.add(id(query))
        query.meta["outputs"] = [*query.meta["outputs"], Output(name, INT4)]
        query = query.parent
