"""Queries: what concerns a whole SELECT, VALUES or set operation: ORDER BY, LIMIT, DISTINCT, GROUP BY, names of columns.

iris-reference 4.6 to 4.12. Row limits are always written as TOP, which every version of IRIS knows, takes a parameter, stands in
subqueries and lets vector indexes be used; LIMIT ... OFFSET only at the top of a statement without other limits, with constants.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris.compute import rowcounts
from pgiris.compute.rowcounts import Clause
from pgiris.errors import not_supported
from pgiris.sql import calls, casts, single, textorder
from pgiris.sql.coercion import INTEGERS, Kind
from pgiris.sql.infer import Output, column_name, fold, is_nullable, kind_of, unwrapped, value_of
from pgiris.sql.infer.sources import unique_names
from pgiris.sql.iris import nodes
from pgiris.sql.postgres import CosineDistance, NegativeInnerProduct
from pgiris.sql.statement import Statement
from pgiris.sql.trees import aliased, all_of, change_children, column, copied, is_star, walk
from pgiris.sql.write import Computed, RowCount, Template, Value, template, under_casts
from pgiris.types import oids

LIMIT_SINCE = (2025, 1)  # iris-reference 4.8


def rewrite_queries(node: exp.Expr, statement: Statement) -> exp.Expr:
    """All queries of a tree, innermost first. The node itself, if it is a query, is the statement."""
    change_children(node, rewrite_queries, statement)
    if isinstance(node, exp.Select):
        if node.meta.get("several") and not single.checked(node, statement):
            return _checked_outside(_select(node, statement), statement)
        return _select(node, statement)
    if isinstance(node, exp.SetOperation):
        made = _set_operation(node, statement)
        return _checked_outside(made, statement) if node.meta.get("several") else made
    if isinstance(node, exp.Values) and not isinstance(node.parent, exp.Insert):
        several = node.meta.get("several")
        made = _values(node, statement)
        return _checked_outside(made, statement) if several else made
    if isinstance(node, exp.Subquery):
        return _subquery(node, statement)
    if isinstance(node, exp.Lateral):
        alias = node.args["alias"]
        _name_columns(node.this, [fold(column) for column in alias.args.get("columns") or ()])
        alias.set("columns", None)
        return node
    if isinstance(node, exp.Window):
        return _window(node, statement)
    if isinstance(node, exp.CTE):
        alias = node.args["alias"]
        _name_columns(node.this, [fold(column) for column in alias.args.get("columns") or ()])
        alias.set("columns", None)
    return node


def _is_top(node: exp.Expr) -> bool:
    """Whether a query is the whole statement, or its parentheses."""
    parent = node.parent
    while isinstance(parent, exp.Subquery) and parent.args.get("alias") is None:
        parent = parent.parent
    return parent is None


def _select(node: exp.Select, statement: Statement) -> exp.Expr:
    _group(node, statement)
    on = node.args["distinct"].args.get("on") if node.args.get("distinct") is not None else None
    if on is not None:
        return _distinct_on(node, on, statement)
    distinct = node.args.get("distinct") is not None
    if distinct:
        _exact_items(node, statement)
    if node.meta.get("grouped") and node.args.get("group") is None:
        node.set("order", None)  # of one row
    vector_first = _vector_order(node, statement)
    keys = None if vector_first else _keys(node, statement)
    if keys is None:
        pass
    elif distinct and any(key.null_key is not None or textorder.is_key(key.value) for key in keys):
        node = _wrap_unordered(node)
        _set_order(node, [key.on(node.expressions[key.place]) if key.place is not None else key for key in keys])
    elif any(key.needs_item() for key in keys):
        node = _ordered_outside(node, keys, statement)
    else:
        _set_order(node, keys)
    return _limit(node, statement)


def _checked_outside(node: exp.Expr, statement: Statement) -> exp.Expr:
    """Whether it has several rows is asked by a query around it, which what it depends on does not reach."""
    outputs: list[Output] = node.meta["outputs"]
    if not single.has_least(outputs[0].kind) or any(column.meta.get("outer") for column in node.find_all(exp.Column)):
        return node
    if isinstance(node, exp.Select):
        outer = _wrap(node, ["c1"])
    elif isinstance(node, exp.SetOperation):
        outer = _wrap_set(node, outputs)
    else:
        return node
    single.checked(outer, statement)
    return outer


def _ordered_outside(node: exp.Select, keys: Sequence[Key], statement: Statement) -> exp.Select:
    """ORDER BY takes no aggregates: a query around this one is ordered by columns that hold them. iris-reference 11 (-73)"""
    statement.fired("aggregates_ordered_outside")
    names = [output_name(node, index) for index in range(len(node.expressions))]
    for place, key in enumerate(keys):
        value = key.value.expressions[0] if textorder.is_key(key.value) else key.value
        item = exp.alias_(copied(value), f"s{place + 1}", quoted=False, copy=False)
        item.meta["kind"] = kind_of(key.value)
        node.append("expressions", item)
    wrapped = _wrap_unordered(node, names, extra=len(keys))
    _set_order(wrapped, [key.on(_outer_column(f"s{place + 1}", key.value)) for place, key in enumerate(keys)])
    return wrapped


def _wrap_unordered(node: exp.Select, names: Sequence[str] | None = None, extra: int = 0) -> exp.Select:
    """_wrap() of a query whose order is to be said outside, and with it how many of its rows are wanted."""
    limits = {clause: node.args.get(clause) for clause in ("limit", "offset")}
    for clause in ("order", *limits):
        node.set(clause, None)
    wrapped = _wrap(node, names or [output_name(node, index) for index in range(len(node.expressions))], extra)
    for clause, value in limits.items():
        wrapped.set(clause, value)
    return wrapped


def _outer_column(name: str, value: exp.Expr) -> exp.Expr:
    column = exp.column(name, table="v")
    column.meta["kind"] = kind_of(value)
    return column


# GROUP BY, DISTINCT


def _group(node: exp.Select, statement: Statement) -> None:
    group = node.args.get("group")
    if group is None:
        return
    if group.meta.get("expanded"):
        statement.fired("group_by_ordinal")
    keys = []
    for key in group.expressions:
        if isinstance(unwrapped(key), exp.Literal | exp.Parameter | exp.Null | exp.Boolean) or _is_typed_constant(key):
            raise not_supported("GROUP BY of a constant is not supported")
        made = calls.exact(key)
        if made is not key:
            statement.fired("exact_grouping")
            for place in ("expressions", "having", "order"):
                _replace_in(node, place, key, made)
        keys.append(made)
    group.set("expressions", keys)


def _is_typed_constant(node: exp.Expr) -> bool:
    inner = unwrapped(node)
    if isinstance(inner, Template) and inner.this == "{0}":
        return _is_typed_constant(inner.expressions[0])
    return isinstance(inner, exp.Literal | exp.Parameter | Value)


def _replace_in(node: exp.Expr, place: str, old: exp.Expr, new: exp.Expr) -> None:
    value = node.args.get(place)
    for tree in value if isinstance(value, list) else [value] if value is not None else []:
        for found in list(tree.find_all(type(old))):
            if found == old and not _inside_exact(found):
                found.replace(copied(new))


def _inside_exact(node: exp.Expr) -> bool:
    return isinstance(node.parent, Template) and node.parent.this.startswith("%EXACT")


def _exact_items(node: exp.Select, statement: Statement) -> None:
    items = []
    for index, item in enumerate(node.expressions):
        value = value_of(item)
        made = calls.exact(value)
        if made is not value:
            statement.fired("exact_distinct")
            item = exp.alias_(made, output_name(node, index), quoted=True, copy=False)
            item.meta["kind"] = kind_of(made)
        items.append(item)
    node.set("expressions", items)


def _distinct_on(node: exp.Select, on: exp.Expr, statement: Statement) -> exp.Expr:
    """The first row of each group in the query's order: ROW_NUMBER() OVER (PARTITION BY ... ORDER BY ...) = 1"""
    statement.fired("distinct_on_to_row_number")
    if node.args.get("group") is not None:
        raise not_supported("DISTINCT ON with GROUP BY is not supported")
    count = len(node.expressions)
    keys = [_key_value(node, key) for key in (on.expressions if isinstance(on, exp.Tuple) else [on])]
    node.set("distinct", None)
    sort = _keys(node, statement) or []
    limit, offset = node.args.get("limit"), node.args.get("offset")
    for clause in ("order", "limit", "offset"):
        node.set(clause, None)
    window = exp.Window(
        this=template("ROW_NUMBER()"),
        partition_by=[calls.exact(copied(key)) for key in keys],
        order=exp.Order(expressions=[copied(part) for key in sort for part in key.parts(ordinals=False)])
        if sort
        else exp.Order(expressions=[exp.Ordered(this=copied(keys[0]))]),
        over="OVER",
    )
    names = [output_name(node, index) for index in range(count)]
    for place, key in enumerate(sort):
        node.append("expressions", exp.alias_(copied(key.value), f"s{place + 1}", quoted=False, copy=False))
    node.append("expressions", exp.alias_(window, "rn", quoted=False, copy=False))
    wrapped = _wrap(node, names, extra=len(sort) + 1)
    wrapped.set("where", exp.Where(this=exp.EQ(this=exp.column("rn", table="v"), expression=exp.Literal.number(1))))
    _set_order(wrapped, [key.on(exp.column(f"s{place + 1}", table="v")) for place, key in enumerate(sort)])
    wrapped.set("limit", limit)
    wrapped.set("offset", offset)
    return _limit(wrapped, statement)


# ORDER BY


class Key:
    """One sort key. null_key: what is sorted by before it, so that NULLs come where PostgreSQL puts them."""

    def __init__(self, value: exp.Expr, desc: bool, nulls_first: bool, place: int | None, needs_null_key: bool) -> None:
        self.value, self.desc, self.nulls_first, self.place = value, desc, nulls_first, place
        self.null_key = needs_null_key or None

    def on(self, value: exp.Expr) -> Key:
        """The same key on a column of a query around the one it was made for."""
        inner = value_of(value)
        if textorder.is_key(self.value):
            inner = textorder.key_like(self.value, inner)
        return Key(inner, self.desc, self.nulls_first, None, bool(self.null_key))

    def needs_item(self) -> bool:
        """Whether it is an aggregate that the number of a select item cannot stand for."""
        return (self.place is None or bool(self.null_key)) and _holds_aggregate(self.value)

    def parts(self, ordinals: bool = True) -> list[exp.Expr]:
        """ordinals: the select list's numbers may stand for its expressions, which a window does not allow."""
        parts: list[exp.Expr] = []
        if self.null_key:
            words = ("0", "1") if self.nulls_first else ("1", "0")
            text = f"CASE WHEN {{0}} IS NULL THEN {words[0]} ELSE {words[1]} END"
            parts.append(_ordered(template(text, copied(_null_when(self.value))), False))
        simple = ordinals and self.place is not None and not self.null_key
        parts.append(_ordered(exp.Literal.number(self.place + 1) if simple and self.place is not None else self.value, self.desc))
        return parts


def _ordered(value: exp.Expr, desc: bool) -> exp.Ordered:
    # With this nulls_first the generator, whose NULLs are small, has nothing to add.
    return exp.Ordered(this=value, desc=desc, nulls_first=not desc)


def _holds_aggregate(value: exp.Expr) -> bool:
    parts = walk(value, (exp.Window, exp.Query))
    return any(
        (part.meta.get("aggregate") or part.meta.get("aggregated"))
        for part in parts
        if not isinstance(part, exp.Window | exp.Query)
    )


def _key_value(node: exp.Select, key: exp.Expr) -> exp.Expr:
    place = key.meta.get("item")
    if place is None:
        return key
    item: exp.Expr = node.expressions[place]
    return value_of(item)


def _keys(node: exp.Select, statement: Statement) -> list[Key] | None:
    order = node.args.get("order")
    if order is None:
        return None
    keys = []
    for ordered in order.expressions:
        value = _key_value(node, ordered.this)
        place = ordered.this.meta.get("item")
        if isinstance(unwrapped(value), exp.Literal | exp.Null | exp.Boolean | exp.Parameter | Value):
            statement.fired("constant_sort_key")
            continue
        desc, nulls_first = bool(ordered.args.get("desc")), bool(ordered.args.get("nulls_first"))
        key = Key(copied(value), desc, nulls_first, place, _needs_null_key(ordered, value, statement))
        if key.null_key:
            statement.fired("null_ordering")
        made = textorder.key(key.value, statement)
        if made is not key.value:
            key.value, key.place = made, None if node.args.get("distinct") is None else key.place
            statement.fired("text_ordering")
        keys.append(key)
    return keys


def _null_when(value: exp.Expr) -> exp.Expr:
    """Something simpler that is NULL in the same rows."""
    if textorder.is_key(value):
        return _null_when(value.expressions[0])
    distance = unwrapped(value).meta.get("distance")
    if distance is None or distance[0] is CosineDistance:  # which vectors without a direction have not either
        return value
    if isinstance(unwrapped(distance[1]), exp.Column) and distance[2].find(exp.Column) is None:
        column: exp.Expr = distance[1]
        return column
    return value


def _window(node: exp.Window, statement: Statement) -> exp.Expr:
    order = node.args.get("order")
    parts: list[exp.Expr] = []
    for ordered in order.expressions if order is not None else ():
        needs = _needs_null_key(ordered, ordered.this, statement)
        if needs:
            statement.fired("null_ordering")
        value = textorder.key(ordered.this, statement)
        parts += Key(value, bool(ordered.args.get("desc")), bool(ordered.args.get("nulls_first")), None, needs).parts()
    if parts:
        node.set("order", exp.Order(expressions=parts))
    keys = node.args.get("partition_by")
    if keys:
        node.set("partition_by", [calls.exact(key) for key in keys])
    return node


def _needs_null_key(ordered: exp.Ordered, value: exp.Expr, statement: Statement) -> bool:
    """NULLs are small in IRIS and large in PostgreSQL. iris-reference 4.12"""
    if not is_nullable(value):
        return False
    explicit = bool(ordered.meta.get("explicit_nulls"))
    if not explicit and statement.null_ordering == "iris":
        return False
    return bool(ordered.args.get("nulls_first")) == bool(ordered.args.get("desc"))


def _set_order(node: exp.Select, keys: Sequence[Key]) -> None:
    parts = [part for key in keys for part in key.parts()]
    node.set("order", exp.Order(expressions=parts) if parts else None)


def _vector_order(node: exp.Select, statement: Statement) -> bool:
    """``ORDER BY column <=> constant LIMIT k`` in the form that an HNSW index serves. iris-reference 10.3, 10.4

    Rows without a vector come last in PostgreSQL and so they do here: NULLs are small, and the order is descending.
    """
    order = node.args.get("order")
    if order is None or len(order.expressions) != 1 or node.args.get("limit") is None or node.args.get("distinct") is not None:
        return False
    ordered = order.expressions[0]
    distance = unwrapped(_key_value(node, ordered.this)).meta.get("distance")
    if distance is None or ordered.args.get("desc") or ordered.args.get("nulls_first"):
        return False
    function = {CosineDistance: "VECTOR_COSINE", NegativeInnerProduct: "VECTOR_DOT_PRODUCT"}.get(distance[0])
    if function is None:
        return False
    statement.fired("vector_index_order")
    similarity = template(f"{function}({{0}}, {{1}})", *(copied(part) for part in distance[1:]))
    node.set("order", exp.Order(expressions=[_ordered(similarity, True)]))
    return True


# LIMIT


def _limit(node: exp.Select, statement: Statement) -> exp.Expr:
    limit, offset = node.args.get("limit"), node.args.get("offset")
    top = _is_top(node)
    if limit is None and offset is None:
        if node.args.get("order") is not None and not top:
            node.set("limit", nodes.top(None))  # without TOP a subquery may not be ordered
        return node
    count = _row_count(limit.expression, Clause.LIMIT, statement, top) if limit is not None and not nodes.is_top(limit) else None
    skip = _row_count(offset.expression, Clause.OFFSET, statement, top) if offset is not None else None
    node.set("offset", None)
    if skip is None or (isinstance(skip, int) and skip == 0):
        if count is None:
            node.set("limit", None)
            return node
        statement.fired("limit_to_top")
        if node.meta.get("grouped") and node.args.get("group") is None:
            # TOP on a select list of aggregates is not reliable. iris-reference 4.8
            node.set("limit", None)
            node = _wrap(node, [output_name(node, i) for i in range(len(node.expressions))])
        node.set("limit", nodes.top(_count_node(count)))
        return node
    if top and statement.iris_version >= LIMIT_SINCE and not _has_top(node):
        statement.fired("limit_offset")
        node.set("limit", exp.Limit(expression=_count_node(count if count is not None else rowcounts.MOST_ROWS)))
        node.set("offset", exp.Offset(expression=_count_node(skip)))
        return node
    return _skip_rows(node, count, skip, statement)


def _has_top(node: exp.Expr) -> bool:
    """TOP and LIMIT must not meet in one statement (-386)."""
    return any(nodes.is_top(select.args.get("limit")) for select in node.find_all(exp.Select))


def _row_count(node: exp.Expr, clause: Clause, statement: Statement, top: bool) -> int | RowCount | None:
    """A constant as an int, what the statement is run with as it is bound; None for NULL.

    top: of the whole statement, about which no rewrite has concluded anything from the number.
    """
    inner = under_casts(node)
    if isinstance(inner, exp.Null):
        return None
    if isinstance(inner, exp.Parameter | Value | Computed):
        return RowCount(this=inner, clause=clause)
    if top and isinstance(inner, exp.Literal) and kind_of(inner).oid in INTEGERS and statement.place(inner) is not None:
        return RowCount(this=statement.literal(inner, Kind(oids.INT8)), clause=clause)
    for literal in all_of(inner, exp.Literal):
        statement.fix(literal)
    value = calls.constant_integer(inner)
    if value is None:
        raise not_supported(f"{clause.name} of an expression is not supported")
    return rowcounts.require_count(value, clause)


def _count_node(count: int | RowCount) -> exp.Expr:
    return exp.Literal.number(count) if isinstance(count, int) else count


def _skip_rows(node: exp.Select, count: int | RowCount | None, skip: int | RowCount, statement: Statement) -> exp.Expr:
    """OFFSET by numbering the rows: the query, around it ROW_NUMBER() in its order, around that the choice. iris-reference 4.8"""
    statement.fired("offset_to_row_number")
    order = node.args.get("order")
    width = len(node.expressions)
    names = [output_name(node, index) for index in range(width)]
    node.set("order", None)
    node.set("limit", None)
    keys: list[exp.Expr] = []
    for place, ordered in enumerate(order.expressions if order is not None else ()):
        value = ordered.this
        if isinstance(value, exp.Literal):
            column = f"c{value.name}"
        else:
            column = f"s{place + 1}"
            node.append("expressions", exp.alias_(value, column, copy=False))
        keys.append(_ordered(exp.column(column, table="v"), bool(ordered.args.get("desc"))))
    window = exp.Window(this=template("ROW_NUMBER()"), order=exp.Order(expressions=keys) if keys else None, over="OVER")
    middle = _wrap(node, [f"c{index + 1}" for index in range(width)], extra=len(node.expressions) - width)
    middle.append("expressions", exp.alias_(window, "rn", copy=False))
    outer = _wrap(middle, names, extra=1, alias="w")
    number = exp.column("rn", table="w")
    outer.set("where", exp.Where(this=exp.GT(this=number, expression=_count_node(skip))))
    outer.set("order", exp.Order(expressions=[_ordered(copied(number), False)]))
    if count is not None:
        outer.set("limit", nodes.top(_count_node(count)))
    elif not _is_top(outer):
        outer.set("limit", nodes.top(None))  # without TOP a subquery may not be ordered
    return outer


def output_name(node: exp.Select, index: int) -> str:
    item = node.expressions[index]
    if isinstance(item, exp.Alias):
        return fold(item.args["alias"])
    outputs: list[Output] = node.meta.get("outputs", [])
    return outputs[index].name if index < len(outputs) else column_name(item)


def _wrap(node: exp.Select, names: Sequence[str], extra: int = 0, alias: str = "v") -> exp.Select:
    """SELECT v.c1 AS a, v.c2 AS b FROM (node with its columns named c1, c2) AS v. extra: how many last ones are left out."""
    items, shown = [], []
    count = len(node.expressions) - extra
    for index, item in enumerate(node.expressions):
        if index >= count:
            items.append(item)
            continue
        value = value_of(item)
        made = aliased(value, f"c{index + 1}")
        made.meta["kind"] = kind = kind_of(value)
        items.append(made)
        cell: exp.Expr = column(f"c{index + 1}", alias)
        cell.meta["kind"], cell.meta["nullable"] = kind, is_nullable(value)
        name = names[index]
        if name and name != "?column?":
            cell = aliased(cell, name)
            cell.meta["kind"] = kind
        shown.append(cell)
    with_ = node.args.get("with_")
    node.set("expressions", items)
    outer = exp.Select(expressions=shown)
    outer.meta["outputs"] = node.meta.get("outputs", [])
    if with_ is not None:
        node.set("with_", None)
        outer.set("with_", with_)
    parent = node.parent
    outer.set("from_", exp.From(this=exp.Subquery(this=node, alias=exp.TableAlias(this=exp.to_identifier(alias)))))
    outer.parent = parent
    return outer


# Set operations and VALUES


def _set_operation(node: exp.SetOperation, statement: Statement) -> exp.Expr:
    for clause in ("by_name", "side", "kind", "on"):
        if node.args.get(clause):
            raise not_supported(f"{node.key.upper()} BY NAME is not supported")
    outputs: list[Output] = node.meta.get("outputs", [])
    if not isinstance(node, exp.Union) and not node.args.get("distinct"):
        raise not_supported(f"{node.key.upper()} ALL is not supported")
    if node.args.get("distinct"):
        for leg in (node.this, node.expression):
            _exact_leg(leg, statement)
    for leg in (node.this, node.expression):
        _typed_leg(leg, outputs, statement)
    order, limit, offset = (node.args.get(clause) for clause in ("order", "limit", "offset"))
    if order is None and limit is None and offset is None:
        return node
    keys = []
    must_wrap = False
    for ordered in order.expressions if order is not None else ():
        place = ordered.this.meta["place"] - 1
        probe: exp.Expr = exp.column(f"c{place + 1}", table="v")
        probe.meta["kind"], probe.meta["nullable"] = outputs[place].kind, outputs[place].nullable
        needs = outputs[place].nullable and _needs_null_key(ordered, exp.Column(this=probe.this), statement)
        if textorder.is_needed_for(outputs[place].kind, outputs[place].collation):
            probe, must_wrap = textorder.key(probe, statement), True
        keys.append(
            Key(probe, bool(ordered.args.get("desc")), bool(ordered.args.get("nulls_first")), None if must_wrap else place, needs)
        )
    if limit is None and offset is None and _is_top(node) and not must_wrap and not any(key.null_key for key in keys):
        node.set("order", exp.Order(expressions=[part for key in keys for part in key.parts()]))
        return node
    for clause in ("order", "limit", "offset"):
        node.set(clause, None)
    statement.fired("set_operation_in_from")
    outer = _wrap_set(node, outputs)
    _set_order(outer, keys)
    outer.set("limit", limit)
    outer.set("offset", offset)
    return _limit(outer, statement)


def _wrap_set(node: exp.SetOperation, outputs: Sequence[Output]) -> exp.Select:
    _name_columns(node, [f"c{index + 1}" for index in range(len(outputs))])
    items: list[exp.Expr] = []
    for index, output in enumerate(outputs):
        column = exp.column(f"c{index + 1}", table="v")
        column.meta["kind"], column.meta["nullable"] = output.kind, output.nullable
        items.append(exp.alias_(column, output.name, copy=False) if output.name != "?column?" else column)
        items[-1].meta["kind"] = output.kind
    with_, parent = node.args.get("with_"), node.parent
    node.set("with_", None)
    outer = exp.Select(expressions=items)
    outer.set("with_", with_)
    outer.meta["outputs"] = list(outputs)
    outer.set("from_", exp.From(this=exp.Subquery(this=node, alias=exp.TableAlias(this=exp.to_identifier("v")))))
    outer.parent = parent
    return outer


def _exact_leg(node: exp.Expr, statement: Statement) -> None:
    if isinstance(node, exp.Select):
        _exact_items(node, statement)
    elif isinstance(node, exp.Subquery):
        _exact_leg(node.this, statement)


def _typed_leg(node: exp.Expr, outputs: Sequence[Output], statement: Statement) -> None:
    """A leg's column of another type than the whole is cast to it; a NULL too, which IRIS may take for text."""
    if isinstance(node, exp.Subquery):
        _typed_leg(node.this, outputs, statement)
    if not isinstance(node, exp.Select):
        return
    if len(node.expressions) != len(outputs):
        raise not_supported("this set operation is not supported")
    items = []
    for item, output in zip(node.expressions, outputs, strict=True):
        value = value_of(item)
        own = kind_of(value)
        changed = value
        if own.oid not in (0, oids.UNKNOWN, output.kind.oid) and output.kind.oid:
            changed = casts.convert(unwrapped(value), own, Kind(output.kind.oid), statement)
        elif isinstance(unwrapped(value), exp.Null) and output.kind.oid in casts.IRIS_TYPES:
            changed = template(f"CAST(NULL AS {casts.iris_type(output.kind)})")
        if changed is not value:
            changed.meta["kind"] = output.kind
            item = exp.alias_(changed, fold(item.args["alias"]), copy=False) if isinstance(item, exp.Alias) else changed
            item.meta["kind"] = output.kind
        items.append(item)
    node.set("expressions", items)


def _values(node: exp.Values, statement: Statement) -> exp.Expr:
    """VALUES is no query in IRIS: one SELECT per row. iris-reference 4.7"""
    statement.fired("values_to_union")
    outputs: list[Output] = node.meta["outputs"]
    alias = node.args.get("alias")
    names = [fold(column) for column in (alias.args.get("columns") or ()) if alias is not None] if alias is not None else []
    names += [output.name for output in outputs[len(names) :]]
    legs = []
    for row in node.expressions:
        cells = row.expressions if isinstance(row, exp.Tuple) else [unwrapped(row)]
        items = [
            exp.alias_(_cell(cell, output.kind, statement), name, copy=False)
            for cell, name, output in zip(cells, names, outputs, strict=True)
        ]
        legs.append(exp.Select(expressions=items))
    made: exp.Expr = legs[0]
    for leg in legs[1:]:
        made = exp.Union(this=made, expression=leg, distinct=False)
    made.meta["outputs"] = outputs
    made.parent = node.parent
    for clause in ("order", "limit", "offset"):
        if node.args.get(clause) is not None:
            if isinstance(made, exp.Select):
                made.set(clause, None if clause == "order" else node.args[clause])
            else:
                made.set(clause, node.args[clause])
    if alias is not None:
        return exp.Subquery(this=made, alias=exp.TableAlias(this=alias.this))
    if isinstance(made, exp.Union) and any(made.args.get(clause) for clause in ("order", "limit", "offset")):
        return _set_operation(made, statement)
    return _limit(made, statement) if isinstance(made, exp.Select) else made


def _cell(cell: exp.Expr, kind: Kind, statement: Statement) -> exp.Expr:
    own = kind_of(cell)
    if isinstance(unwrapped(cell), exp.Null):
        return template(f"CAST(NULL AS {casts.iris_type(kind)})", kind=kind)
    if own.oid not in (0, kind.oid):
        changed = casts.convert(unwrapped(cell), own, Kind(kind.oid), statement)
        changed.meta["kind"] = kind
        return changed
    return cell


def _subquery(node: exp.Subquery, statement: Statement) -> exp.Expr:
    alias = node.args.get("alias")
    if alias is not None and alias.this is not None:
        _name_columns(node.this, [fold(column) for column in alias.args.get("columns") or ()])
        alias.set("columns", None)
    if node.args.get("limit") is not None or node.args.get("offset") is not None or node.args.get("order") is not None:
        raise not_supported("ORDER BY and LIMIT behind a query in parentheses are not supported here")
    if alias is None and node.parent is None:
        return _unwrapped_query(node)
    return node


def _unwrapped_query(node: exp.Subquery) -> exp.Expr:
    inner: exp.Expr = node.this
    if node.args.get("with_") is not None:
        inner.set("with_", node.args["with_"])
    inner.parent = None
    return inner


def _name_columns(node: exp.Expr, names: Sequence[str]) -> None:
    """Give the columns of a derived table the names by which the query around it calls them."""
    if isinstance(node, exp.Subquery):
        return _name_columns(node.this, names)
    if isinstance(node, exp.SetOperation):
        return _name_columns(node.this, names)
    if not isinstance(node, exp.Select):
        return None
    items: list[exp.Expr] = []
    known = [names[index] if index < len(names) else output_name(node, index) for index in range(len(node.expressions))]
    for item, name in zip(node.expressions, unique_names(known), strict=True):
        if is_star(item):
            items.append(item)
            continue
        value = value_of(item)
        same = isinstance(value, exp.Column) and value.name.lower() == name.lower()
        made = item if same and not isinstance(item, exp.Alias) else exp.alias_(value, name, copy=False, quoted=None)
        if made is not item:
            made.meta["kind"] = kind_of(value)
        items.append(made)
    node.set("expressions", items)
    return None
