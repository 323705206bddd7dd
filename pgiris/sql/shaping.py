"""Shaping: what the worker makes of the rows that IRIS gives, where IRIS cannot say all of a query.

IRIS is asked for the columns, aggregates and subqueries that the select list needs; of them the worker computes the items, and
if need be chooses, orders and cuts the rows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlglot import exp

from pgiris import sqlstate
from pgiris.compute.program import Program, oid_of
from pgiris.errors import PgError
from pgiris.sql import gathering, innerrows
from pgiris.sql.coercion import INT4, INT8, TEXT
from pgiris.sql.expanding import Expansions, placed
from pgiris.sql.functions import OF_ROWS
from pgiris.sql.gathering import decimals, is_gathered
from pgiris.sql.infer import Output, conjuncts, fold, is_nullable, kind_of, unwrapped, value_of
from pgiris.sql.infer.scales import shown_scale
from pgiris.sql.plan import Expansion, Grouping, Shaping, SortKey
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.splitting import (
    has_scale,
    has_scale_beside,
    is_inexact,
    item_within,
    rescaled,
    rescaled_key,
    splitter,
    through,
)
from pgiris.sql.statement import Statement
from pgiris.sql.trees import all_of, copied, is_star, walk
from pgiris.types import oids


def shaped(node: exp.Expr, statement: Statement, *, alone: bool = False) -> Shaping | None:
    """Change a query to what IRIS is asked for. None: IRIS can say all of it, or the worker cannot help.

    alone: IRIS is not asked; all but the columns is left to the worker.
    """
    if not isinstance(node, exp.Select) or statement.inline:
        return None
    if node.args.get("from_") is None and not any(item.find(exp.Subquery, exp.Exists) for item in node.expressions):
        return None
    distinct = node.args.get("distinct")
    if _is_first_of_each(node) and not statement.computing:
        return None
    if distinct is not None and not statement.computing and not any(map(is_inexact, map(value_of, node.expressions))):
        return None
    if any(is_star(item) for item in node.expressions):
        return None
    mark, joins = statement.mark(), node.args.get("joins")
    try:
        return _Query(node, statement, alone).shaping()
    except NotComputable:
        node.set("joins", joins)
        statement.back_to(mark)
        return None


class _Query:
    def __init__(self, node: exp.Select, statement: Statement, alone: bool = False) -> None:
        self._node = node
        self._alone = alone
        self._statement = statement
        self._expansions = Expansions(node)
        self._asked = _Asked(node, statement, self._expansions)
        self._values = [value_of(item) for item in node.expressions]
        self._programs: list[Program] = []
        self._computed: set[int] = set()
        self._places: dict[int, int] = {}

    def shaping(self) -> Shaping | None:
        node, statement = self._node, self._statement
        if node.meta.get("grouped") and (statement.computing or self._has_inexact_aggregates() or self._has_inexact_keys()):
            regrouped = self._regrouped()
            if regrouped is not None:
                return regrouped
        is_first = _is_first_of_each(node)
        if is_first and not self._iris_chooses():
            return None
        self._items()
        condition = self._condition() if statement.computing else None
        order = self._order(condition is not None) if statement.computing else ()
        distinct = node.args.get("distinct") is not None and not is_first
        is_plain = not self._computed and condition is None and not order and not self._alone and not self._expansions
        if is_plain and not (distinct and any(_is_kept_as_text(value) for value in self._values)):
            return None
        if distinct:
            node.set("distinct", None)
        limit = offset = None
        if condition is not None or order or distinct or self._alone or self._expansions:
            offset, limit = self._count("offset"), self._count("limit")
        self._reorder()
        expansions = self._expansions.programs(self._asked.leaf, statement)
        if not self._asked.items:
            self._asked.place(one := _one(), one, Output("one", INT4, nullable=False))
        node.set("expressions", self._asked.items)
        node.meta["outputs"] = self._asked.outputs
        for rule, used in (("computed_items", self._computed), ("computed_condition", condition), ("computed_order", order)):
            if used:
                statement.fired(rule)
        made = Shaping(tuple(self._programs), condition, order, distinct, offset, limit)
        return self._expanded(made, expansions, self._asked)

    def _expanded(self, shaping: Shaping, expansions: tuple[Expansion, ...], asked: _Asked) -> Shaping:
        if not expansions:
            return shaping
        self._statement.fired("expanded_rows")
        width = len(asked.items)

        def put(program: Program | None) -> Any:
            return None if program is None else placed(program, width)

        grouping = shaping.grouping
        if grouping is not None:
            grouping = Grouping(tuple(map(put, grouping.keys)), tuple(map(put, grouping.aggregates)), put(grouping.condition))
        is_of_groups = grouping is not None
        return replace(
            shaping,
            items=shaping.items if is_of_groups else tuple(map(put, shaping.items)),
            condition=shaping.condition if is_of_groups else put(shaping.condition),
            order=shaping.order if is_of_groups else tuple(key._replace(program=put(key.program)) for key in shaping.order),
            grouping=grouping,
            expansions=tuple(part._replace(rows=put(part.rows)) for part in expansions),
            width=width,
        )

    def _regrouped(self) -> Shaping | None:
        """Groups made by the worker, where IRIS does not know which rows count or what groups them; None: it does.

        Raises NotComputable.
        """
        node, statement = self._node, self._statement
        where, group, having = (node.args.get(clause) for clause in ("where", "group", "having"))
        parts = conjuncts(where.this) if where is not None else []
        hard = [part for part in parts if not self._iris_can(part)]
        keys = list(group.expressions) if group is not None else []
        is_simple = not hard and all(self._iris_can_group(key) for key in keys) and not self._has_inexact_aggregates()
        is_simple = is_simple and not self._has_hard_aggregates() and not self._has_aggregates_of_texts()
        is_simple = is_simple and (having is None or self._iris_can(having.this))
        if is_simple and not self._expansions:
            return None
        asked = _Asked(node, statement, self._expansions, by_group=False)
        of_row = Builder(statement, asked.leaf)
        programs = [of_row.program(key) for key in keys]
        aggregates: list[Program] = []
        known: list[exp.Expr] = []

        def leaf(inner: exp.Expr) -> Program | None:
            for place, key in enumerate(keys):
                if inner == unwrapped(key):
                    return ("c", oid_of(programs[place]), place, decimals(inner))
            if not (inner.meta.get("aggregate") or isinstance(inner, exp.Filter)):
                return None
            if inner not in known:
                made = gathering.of_rows(inner, of_row.program, Builder(statement).program)
                if made is None:
                    raise NotComputable
                known.append(inner)
                aggregates.append(made)
            place = known.index(inner)
            return ("c", oid_of(aggregates[place]), len(keys) + place, decimals(inner))

        of_group = Builder(statement, leaf)
        self._programs = [of_group.program(value) for value in self._values]
        order = node.args.get("order")
        sorting = []
        for ordered in order.expressions if order is not None else ():
            item = ordered.this.meta.get("item")
            program = self._programs[item] if item is not None else of_group.program(ordered.this)
            sorting.append(SortKey(program, bool(ordered.args.get("desc")), bool(ordered.args.get("nulls_first"))))
        chosen = None if having is None else of_group.as_type(having.this, oids.BOOL)
        condition = of_row.call("and", oids.BOOL, *(of_row.as_type(part, oids.BOOL) for part in hard)) if hard else None
        offset, limit = self._count("offset"), self._count("limit")
        rest = [part for part in parts if not any(part is one for one in hard)]
        node.set("where", exp.Where(this=exp.and_(*rest, copy=False)) if rest else None)
        distinct = node.args.get("distinct") is not None
        for clause in ("group", "having", "order", "distinct"):
            node.set(clause, None)
        expansions = self._expansions.programs(asked.leaf, statement)
        if not asked.items:
            asked.place(one := _one(), one, Output("one", INT4, nullable=False))
        node.set("expressions", asked.items)
        node.meta["outputs"], node.meta["grouped"] = asked.outputs, False
        statement.fired("computed_groups")
        grouping = Grouping(tuple(programs), tuple(aggregates), condition)
        made = Shaping(tuple(self._programs), chosen, tuple(sorting), distinct, offset, limit, grouping)
        return self._expanded(made, expansions, asked)

    def _has_hard_aggregates(self) -> bool:
        """Whether IRIS cannot say what an aggregate is of, or which rows it counts."""
        return any(
            not self._iris_can(part)
            for tree in self._trees()
            for node in walk(tree, (exp.Query,))
            for part in _parts_for_iris(node)
        )

    def _trees(self) -> list[exp.Expr]:
        """Where aggregates may stand."""
        having, order = self._node.args.get("having"), self._node.args.get("order")
        keys = order.expressions if order is not None else ()
        return [*self._values, *([having] if having is not None else ()), *keys]

    def _has_inexact_keys(self) -> bool:
        """Whether rows are grouped by numbers whose decimals IRIS does not know, as quotients."""
        group = self._node.args.get("group")
        return any(map(_is_inexact_key, group.expressions if group is not None else ()))

    def _has_inexact_aggregates(self) -> bool:
        """Whether an aggregate is one of numbers of a derived table whose decimals IRIS does not know."""
        found = (call for tree in self._trees() for call in all_of(tree, exp.Anonymous))
        return any(call.meta.get("aggregate") and not _is_split(call) and any(map(_is_quotient, walk(call))) for call in found)

    def _items(self) -> None:
        statement, asked = self._statement, self._asked
        outputs: list[Output] = self._node.meta["outputs"]
        for index, (item, output) in enumerate(zip(self._node.expressions, outputs, strict=True)):
            value = value_of(item)
            mark = statement.mark()
            if not asked.is_leaf(value) and (statement.computing or is_inexact(value) or asked.is_rescaled_key(value)):
                try:
                    self._programs.append(Builder(statement, asked.leaf).program(value))
                    self._computed.add(index)
                    continue
                except (NotComputable, PgError):
                    statement.back_to(mark)
            self._places[index] = asked.place(value, item, output)
            self._programs.append(("c", output.kind.oid, self._places[index], -1))

    def _condition(self) -> Program | None:
        """The parts of WHERE that IRIS cannot say. Raises NotComputable."""
        where = self._node.args.get("where")
        if where is None:
            return None
        parts = conjuncts(where.this)
        hard = [part for part in parts if not self._iris_can(part)]
        if not hard:
            return None
        if self._node.meta.get("grouped") or any(self._node.find_all(exp.Window)):
            raise NotComputable  # they count the rows that are left
        builder = Builder(self._statement, self._asked.leaf)
        program = builder.call("and", oids.BOOL, *(builder.as_type(part, oids.BOOL) for part in hard))
        rest = [part for part in parts if not any(part is one for one in hard)]
        self._node.set("where", exp.Where(this=exp.and_(*rest, copy=False)) if rest else None)
        return program

    def _iris_can(self, node: exp.Expr) -> bool:
        return not self._expansions.has(node) and not self._alone and _iris_can(node, self._statement)

    def _order(self, filtered: bool) -> tuple[SortKey, ...]:
        """All sort keys, when there is one that IRIS cannot compute; none when IRIS orders."""
        order = self._node.args.get("order")
        if order is None:
            return ()
        if all(self._iris_can_order(ordered) for ordered in order.expressions):
            return ()
        keys = []
        for ordered in order.expressions:
            item = ordered.this.meta.get("item")
            builder = Builder(self._statement, self._asked.leaf)
            program = self._programs[item] if item is not None else builder.program(ordered.this)
            keys.append(SortKey(program, bool(ordered.args.get("desc")), bool(ordered.args.get("nulls_first"))))
        self._node.set("order", None)
        return tuple(keys)

    def _iris_chooses(self) -> bool:
        """Whether IRIS knows which rows DISTINCT ON shows: in words for its keys, the order and the condition."""
        node = self._node
        where, order = node.args.get("where"), node.args.get("order")
        keys = [self._item(key) for key in _distinct_keys(node)]
        return (
            not node.meta.get("grouped")
            and not self._expansions
            and (where is None or self._iris_can(where.this))
            and all(self._iris_can_group(key) for key in keys)
            and all(self._iris_can_order(ordered) for ordered in (order.expressions if order is not None else ()))
        )

    def _iris_can_group(self, key: exp.Expr) -> bool:
        return not _is_kept_as_text(key) and not _is_inexact_key(key) and self._iris_can(key)

    def _has_aggregates_of_texts(self) -> bool:
        """Whether one is of the different values of what IRIS keeps as text."""
        order = self._node.args.get("order")
        trees = [*self._values, self._node.args.get("having"), *(order.expressions if order is not None else ())]
        found = (part for tree in trees if tree is not None for part in tree.find_all(exp.Distinct))
        return any(_is_kept_as_text(value) for part in found for value in part.expressions)

    def _iris_can_order(self, ordered: exp.Expr) -> bool:
        from pgiris.sql.rewrites import is_kept_as_text

        key = self._key(ordered)
        return not is_kept_as_text(kind_of(key).oid, False) and self._iris_can(key)

    def _key(self, ordered: exp.Expr) -> exp.Expr:
        return self._item(ordered.this)

    def _item(self, key: exp.Expr) -> exp.Expr:
        item = key.meta.get("item")
        return self._values[item] if item is not None else key

    def _count(self, clause: str) -> Program | None:
        part = self._node.args.get(clause)
        if part is None:
            return None
        self._node.set(clause, None)
        builder = Builder(self._statement)
        return builder.cast(builder.program(part.expression), INT8)

    def _reorder(self) -> None:
        """Sort keys that name a select item: its new place, or its expression where IRIS does not give the item."""
        order = self._node.args.get("order")
        sorting = [ordered.this for ordered in order.expressions] if order is not None else []
        for key in (*sorting, *_distinct_keys(self._node)):
            item = key.meta.get("item")
            if item is None:
                continue
            if item in self._places:
                key.meta["item"] = self._places[item]
            else:
                key.replace(copied(self._values[item]))


def _is_first_of_each(node: exp.Select) -> bool:
    """Whether it is DISTINCT ON."""
    return bool(_distinct_keys(node))


def _distinct_keys(node: exp.Select) -> list[exp.Expr]:
    distinct = node.args.get("distinct")
    on = distinct.args.get("on") if distinct is not None else None
    if on is None:
        return []
    keys: list[exp.Expr] = on.expressions if isinstance(on, exp.Tuple) else [on]
    return keys


def _iris_can(node: exp.Expr, statement: Statement) -> bool:
    from pgiris.sql.rewrites import rewrite  # which imports what this module builds on

    mark = statement.mark()
    try:
        rewrite(exp.Where(this=copied(node)), statement)
    except PgError as error:
        if error.code != sqlstate.FEATURE_NOT_SUPPORTED:
            raise
        return False
    finally:
        statement.back_to(mark)
    return True


def _parts_for_iris(node: exp.Expr) -> list[exp.Expr]:
    """What IRIS has to compute of an aggregate: its arguments, its condition."""
    if isinstance(node, exp.Filter):
        return [node.expression.this]
    if not isinstance(node, exp.Anonymous) or not node.meta.get("aggregate") or is_gathered(node):
        return []
    if node.meta["call"].function.template == OF_ROWS:
        return [node]
    return [part for part in node.expressions if not isinstance(part, exp.Distinct | exp.Order)]


def _is_kept_as_text(node: exp.Expr) -> bool:
    from pgiris.sql.rewrites import is_kept_as_text

    return is_kept_as_text(kind_of(node).oid, True)


def _is_inexact_key(key: exp.Expr) -> bool:
    return kind_of(key).oid == oids.NUMERIC and is_inexact(unwrapped(key)) and not has_scale(key)


def _is_split(call: exp.Anonymous) -> bool:
    """Whether IRIS tells the scale of an aggregate's values."""
    return len(call.expressions) == 1 and fold(call.this) in ("sum", "min", "max", "avg") and has_scale(call.expressions[0])


def _is_quotient(node: exp.Expr) -> bool:
    """A numeric of which IRIS gives more digits, or less, than PostgreSQL."""
    if item_within(node) is not None or has_scale_beside(node):
        return True
    return (isinstance(node, exp.Div | exp.Pow) or _is_of_doubles(node)) and kind_of(node).oid == oids.NUMERIC


def _is_of_doubles(node: exp.Expr) -> bool:
    """Whether IRIS computes it with double precision."""
    return isinstance(node, exp.Sqrt) or (isinstance(node, exp.Anonymous) and fold(node.this) in _OF_DOUBLES)


_OF_DOUBLES = frozenset(("power", "pow", "sqrt", "exp", "ln", "log", "log10"))


def _one() -> exp.Expr:
    """A column for rows that are only counted."""
    one = exp.Literal.number(1)
    one.meta["kind"] = INT4
    return one


class _Asked:
    """What IRIS is asked for: columns, aggregates, subqueries, group keys."""

    def __init__(self, node: exp.Select, statement: Statement, expansions: Expansions, *, by_group: bool = True) -> None:
        self._statement = statement
        self._expansions = expansions
        group = node.args.get("group") if by_group else None
        self._keys = [unwrapped(key) for key in group.expressions] if group is not None else []
        self.items: list[exp.Expr] = []
        self.outputs: list[Output] = []
        self._known: dict[exp.Expr, int] = {}
        self._inner: dict[int, bool] = {}  # of a subquery's node: whether the worker makes its rows

    def _is_made(self, node: exp.Expr) -> bool:
        """Whether an expression is a subquery that IRIS cannot say."""
        if not self._statement.computing or not innerrows.is_inner(node):
            return False
        if id(node) not in self._inner:
            self._inner[id(node)] = self._expansions.has(node) or not _iris_can(node, self._statement)
        return self._inner[id(node)]

    def is_leaf(self, node: exp.Expr) -> bool:
        node = unwrapped(node)
        if self._is_made(node):
            return False
        if self._expansions.has(node) and not isinstance(node, exp.Subquery | exp.Exists):
            return False
        if is_gathered(node) or splitter(node) is not None or item_within(node) is not None:
            return False
        if has_scale_beside(node) or self.is_rescaled_key(node):
            return False
        if isinstance(node, exp.Column | exp.Window | exp.Filter | exp.Subquery | exp.Exists | exp.WithinGroup):
            return True
        return bool(node.meta.get("aggregate")) or any(node == key for key in self._keys)

    def is_rescaled_key(self, node: exp.Expr) -> bool:
        """Whether rows are grouped by numbers of several scales, which IRIS can tell."""
        kind = kind_of(node)
        if kind.oid != oids.NUMERIC or kind.typmod >= 0 or shown_scale(node) is not None:
            return False
        return any(unwrapped(node) == key for key in self._keys) and has_scale(node)

    def leaf(self, node: exp.Expr) -> Program | None:
        cell = self._expansions.cell(node)
        if cell is not None:
            return cell
        if self._is_made(node):
            return innerrows.program(node, self._statement, self.leaf, lambda part: _iris_can(part, self._statement))
        if is_gathered(node):
            return gathering.program(node, gathering.of_cells(self._statement), self._column_of)
        split = splitter(node)
        if split is not None:
            return split(node, self._number_of, self._statement)
        if self.is_rescaled_key(node):
            return rescaled_key(node, self._number_of)
        if has_scale_beside(node):
            return rescaled(node, self._number_of)
        within = item_within(node)
        if within is not None and isinstance(node, exp.Column):
            try:
                return through(node, within, self._number_of, self._statement)
            except NotComputable:
                return self._number_of(node)
        if not self.is_leaf(node):
            return None
        kind = kind_of(node)
        if not kind.oid:
            raise NotComputable
        found = node.meta.get("field")
        output = Output("", kind, nullable=is_nullable(node), collation=found.collation if found is not None else "")
        return ("c", kind.oid, self.place(node, node, output), decimals(node))

    def _number_of(self, node: exp.Expr) -> Program:
        return ("c", kind_of(node).oid, self.place(node, node, Output("", kind_of(node))), decimals(node))

    def _column_of(self, node: exp.Expr) -> Program:
        return ("c", oids.TEXT, self.place(node, node, Output("", TEXT)), -1)

    def place(self, value: exp.Expr, item: exp.Expr, output: Output) -> int:
        place = self._known.setdefault(value, len(self.items))
        if place == len(self.items):
            self.items.append(item)
            self.outputs.append(output)
        return place
