"""Clauses: GROUP BY, ORDER BY, LIMIT, and what may be selected beside a grouping."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import BOOL, INT8, TEXT
from pgiris.sql.infer.analysis import Output, fold, is_bare_name, kind_of, parts_of, set_kind, unwrapped, value_of
from pgiris.sql.infer.comparability import check_distinguishable, check_sortable
from pgiris.sql.infer.names import column_name
from pgiris.sql.infer.predicates import Predicates
from pgiris.sql.postgres import position_of
from pgiris.sql.scope import Field, Scope, Source
from pgiris.sql.trees import copied, walk
from pgiris.types.relation import Relation
from pgiris.types.table import type_name


def _are_same(one: exp.Expr, other: exp.Expr) -> bool:
    """Whether two expressions are written alike, or name the same column."""
    if isinstance(one, exp.Column) and isinstance(other, exp.Column):
        source = one.meta.get("source")
        return source is not None and source is other.meta.get("source") and fold(one.this).lower() == fold(other.this).lower()
    if type(one) is not type(other) or one.args.keys() != other.args.keys() or not one.find(exp.Column):
        return bool(one == other)
    return all(_are_same_parts(value, other.args[key]) for key, value in one.args.items())


def _are_same_parts(one: object, other: object) -> bool:
    if isinstance(one, exp.Expr) and isinstance(other, exp.Expr):
        return _are_same(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_are_same_parts, one, other))
    return one == other


class Clauses(Predicates):
    def _group(self, node: exp.Select, items: Sequence[exp.Expr], scope: Scope) -> None:
        group = node.args.get("group")
        if group is None:
            return
        if any(group.args.get(part) for part in ("grouping_sets", "cube", "rollup", "totals", "all")):
            raise not_supported("this form of GROUP BY is not supported")
        keys: list[exp.Expr] = []
        for key in group.expressions:
            place = self._ordinal(key, items, "GROUP BY")
            if place is None and is_bare_name(key) and not _resolves(key, scope):
                place = _by_alias(key, items)
            if place is not None:
                group.meta["expanded"] = True
                key = copied(value_of(items[place]))
            else:
                self.expression(key, scope)
                key = key.meta.get("became", key)
            self.settle(key)
            check_distinguishable(kind_of(key), key)
            keys.append(key)
        group.set("expressions", keys)

    def _order(self, node: exp.Expr, items: Sequence[exp.Expr], scope: Scope) -> None:
        order = node.args.get("order")
        for ordered in order.expressions if order is not None else ():
            if ordered.args.get("with_fill") or isinstance(ordered.this, exp.Ordered):
                raise not_supported("this ORDER BY is not supported")
            distinct = node.args.get("distinct")
            plain = distinct is None or distinct.args.get("on") is not None
            self.sort_key(ordered.this, items, scope, "ORDER BY" if plain else "DISTINCT")
            check_sortable(ordered.this)

    def check_distinct_on(self, node: exp.Select, items: Sequence[exp.Expr]) -> None:
        """42P10: ORDER BY begins with the expressions of DISTINCT ON."""
        distinct, order = node.args.get("distinct"), node.args.get("order")
        on = distinct.args.get("on") if distinct is not None else None
        if on is None or order is None:
            return
        keys = [_named(part, items) for part in parts_of(on)]
        sorts = [_named(ordered.this, items) for ordered in order.expressions]
        matches = [any(_are_same(key, sort) for key in keys) for sort in sorts]
        skipped = matches.index(False) if False in matches else len(matches)
        unsorted = any(not any(_are_same(key, sort) for sort in sorts) for key in keys)
        if any(matches[skipped:]) or (unsorted and skipped < len(matches)):
            message = "SELECT DISTINCT ON expressions must match initial ORDER BY expressions"
            raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message, position=position_of(on))

    def sort_key(self, key: exp.Expr, items: Sequence[exp.Expr], scope: Scope, clause: str) -> None:
        """Notes in ``meta["item"]`` which select item a sort key names."""
        place = self._ordinal(key, items, "ORDER BY" if clause == "DISTINCT" else clause)
        if place is None and is_bare_name(key):
            place = _by_alias(key, items)
        if place is not None:
            key.meta["item"] = place
            set_kind(key, kind_of(value_of(items[place])))
            return
        self.expression(key, scope)
        key = key.meta.get("became", key)
        self.settle(key)
        same = [index for index, item in enumerate(items) if _are_same(value_of(item), key)]
        if same:
            key.meta["item"] = same[0]
        elif clause == "DISTINCT":
            message = "for SELECT DISTINCT, ORDER BY expressions must appear in select list"
            raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message, position=position_of(key))

    def _ordinal(self, key: exp.Expr, items: Sequence[exp.Expr], clause: str) -> int | None:
        """The index of the select item that a number means."""
        place = ordinal(unwrapped(key), len(items), clause)
        return None if place is None else place - 1

    def _order_of_names(self, node: exp.Expr, outputs: Sequence[Output]) -> None:
        """ORDER BY of a set operation or VALUES: only names and places of its columns."""
        order = node.args.get("order")
        for ordered in order.expressions if order is not None else ():
            key = ordered.this.unnest()
            ordered.set("this", key)
            number = ordinal(key, len(outputs), "ORDER BY")
            if number is not None:
                place = number
            elif is_bare_name(key):
                found = [index for index, output in enumerate(outputs, 1) if output.name == fold(key.this)]
                if not found:
                    raise self.missing_column(fold(key.this), "", key)
                place = found[0]
            else:
                message = f"invalid {node.key.upper()} ORDER BY clause"
                raise PgError(
                    sqlstate.FEATURE_NOT_SUPPORTED,
                    message,
                    detail="Only result column names can be used, not expressions or functions.",
                    hint=f"Add the expression/function to every SELECT, or move the {node.key.upper()} into a FROM clause.",
                    position=position_of(key),
                )
            key.meta["place"] = place
            set_kind(key, outputs[place - 1].kind)
            check_sortable(key)

    def _limit(self, node: exp.Expr, scope: Scope) -> None:
        limit, offset = node.args.get("limit"), node.args.get("offset")
        if isinstance(limit, exp.Fetch):
            options = limit.args.get("limit_options")
            if options is not None and (options.args.get("with_ties") or options.args.get("percent")):
                raise not_supported("FETCH FIRST ... WITH TIES is not supported")
            limit = exp.Limit(expression=limit.args.get("count") or exp.Literal.number(1))
            node.set("limit", limit)
        if isinstance(limit, exp.Limit) and (
            isinstance(limit.expression, exp.Null)
            or (isinstance(limit.expression, exp.Column | exp.Var) and limit.expression.name.upper() == "ALL")
        ):
            node.set("limit", None)
            limit = None
        for clause, part in (("LIMIT", limit), ("OFFSET", offset)):
            if part is None:
                continue
            self.expression(part.expression, scope)
            if self.to_type(part.expression, INT8, assignment=True) is None:
                message = f"argument of {clause} must be type bigint, not type {type_name(kind_of(part.expression).oid)}"
                raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(part.expression))
            for column in part.expression.find_all(exp.Column):
                if column.meta.get("outer"):
                    raise not_supported(f"{clause} by columns of the query around is not supported")
                message = f"argument of {clause} must not contain variables"
                raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message, position=position_of(column))

    def _check_grouping(self, node: exp.Select, items: Sequence[exp.Expr], scope: Scope, aggregates: Sequence[exp.Expr]) -> None:
        """42803: IRIS would show a column that is not grouped with the value of any row."""
        group, having = node.args.get("group"), node.args.get("having")
        if group is None and having is None and not aggregates:
            return
        node.meta["grouped"] = True
        keys = [unwrapped(key) for key in group.expressions] if group is not None else []
        whole = {id(source) for source in scope.sources if _has_whole_key(source, keys)}
        trees = [value_of(item) for item in items]
        trees += [having.this] if having is not None else []
        order = node.args.get("order")
        trees += [o.this for o in order.expressions if "item" not in o.this.meta] if order is not None else []
        for tree in trees:
            self._check_grouped(tree, keys, scope, whole)

    def _as_one_group(self, node: exp.Select, aggregates: bool) -> None:
        """All rows are one group, which IRIS knows of aggregates alone: beside columns and with HAVING it shows every row.

        Without aggregates no row is read at all. Columns of the query around it are asked for by queries of their own.
        """
        having, order = node.args.get("having"), node.args.get("order")
        if not aggregates:
            for clause in ("from_", "joins", "where"):
                node.set(clause, None)
            is_true = having is None or (isinstance(having.this, exp.Boolean) and having.this.this)
            node.set("where", None if is_true or having is None else exp.Where(this=having.this))
            node.set("having", None)
            node.meta["grouped"] = False
            return
        if not any(part.meta.get("aggregate") for item in node.expressions for part in walk(item, (exp.Query,))):
            self._with_aggregate(node)
        for tree in [*node.expressions, having, order]:
            for column in _outer_columns(tree) if tree is not None else ():
                query = exp.Select(expressions=[copied(column)])
                made = exp.Subquery(this=query)
                query.meta["outputs"] = [Output(fold(column.this), kind_of(column))]
                for key in ("kind", "shown"):
                    if key in column.meta:
                        made.meta[key] = query.meta[key] = column.meta[key]
                column.replace(made)

    def _with_aggregate(self, node: exp.Select) -> None:
        """The aggregates of HAVING and ORDER BY do not make one group of IRIS's rows: one of the select list does."""
        count = exp.Anonymous(this="count", expressions=[exp.Star()])
        self._aggregates.append([])
        self.expression(count, Scope())
        self._aggregates.pop()
        test = exp.Is(this=count, expression=exp.Null(), negate=True)
        value = value_of(node.expressions[0])
        made = exp.Case(ifs=[exp.If(this=test, true=copied(value))])
        for part, kind in ((test.expression, TEXT), (test, BOOL), (made, kind_of(value))):
            set_kind(part, kind)
        value.replace(made)

    def _check_grouped(self, node: exp.Expr, keys: Sequence[exp.Expr], scope: Scope, whole: set[int]) -> None:
        if any(node == key for key in keys) or node.meta.get("aggregate"):
            return
        same = next((key for key in keys if not isinstance(key, exp.Column) and _are_same(node, key)), None)
        if same is not None:
            node.replace(copied(same))
            return
        if isinstance(node, exp.Filter) and node.this.meta.get("aggregate"):
            return
        if isinstance(node, exp.Column):
            source = node.meta.get("source")
            found: Field | None = node.meta.get("field")
            if source is None or found is None or source not in scope.sources or id(source) in whole or source.open:
                return
            if any(isinstance(key, exp.Column) and key.meta.get("field") is found for key in keys):
                return
            shown = f"{source.alias}.{found.name}"
            message = f'column "{shown}" must appear in the GROUP BY clause or be used in an aggregate function'
            raise PgError(sqlstate.GROUPING_ERROR, message, position=position_of(node))
        for child in node.iter_expressions():
            self._check_grouped(child, keys, scope, whole)


def _outer_columns(tree: exp.Expr) -> list[exp.Expr]:
    """Columns of the query around, outside of aggregates and queries."""
    waiting, found = [tree], list[exp.Expr]()
    while waiting:
        at = waiting.pop()
        if isinstance(at, exp.Column) and at.meta.get("outer"):
            found.append(at)
        elif not at.meta.get("aggregate") and not isinstance(at, exp.Query):
            waiting += at.iter_expressions()
    return found


def _named(key: exp.Expr, items: Sequence[exp.Expr]) -> exp.Expr:
    """A sort key, or the select item that it names."""
    place = key.meta.get("item")
    return unwrapped(value_of(items[place]) if place is not None else key.meta.get("became", key))


def _resolves(key: exp.Expr, scope: Scope) -> bool:
    """Whether a name is a column of FROM, which GROUP BY prefers to the select list's names."""
    name = fold(key.this)
    return any(source.find(name) is not None and not source.open for source in scope.sources)


def _by_alias(key: exp.Expr, items: Sequence[exp.Expr]) -> int | None:
    """The index of the select item with this output name. Raises 42702 when several different ones have it."""
    name = fold(key.this)
    found = [index for index, item in enumerate(items) if column_name(item) == name]
    if not found:
        return None
    if any(value_of(items[other]) != value_of(items[found[0]]) for other in found[1:]):
        raise PgError(sqlstate.AMBIGUOUS_COLUMN, f'ORDER BY "{name}" is ambiguous', position=position_of(key))
    return found[0]


def _has_whole_key(source: Source, keys: Sequence[exp.Expr]) -> bool:
    """Whether the grouping holds the source's primary key, which its other columns depend on."""
    relation: Relation | None = source.relation
    if relation is None or not relation.primary_key:
        return False
    grouped = {fold(key.this).lower() for key in keys if isinstance(key, exp.Column) and key.meta.get("source") is source}
    return {name.lower() for name in relation.primary_key} <= grouped


def ordinal(key: exp.Expr, count: int, clause: str) -> int | None:
    """The column of count that a constant in ORDER BY, GROUP BY or DISTINCT ON means, from 1 on; None of what is no constant."""
    constant = key.this if isinstance(key, exp.Neg) else key
    if not isinstance(constant, exp.Literal | exp.Null | exp.Boolean):
        return None
    if not isinstance(constant, exp.Literal) or constant.is_string or not constant.name.isdigit():
        raise PgError(sqlstate.SYNTAX_ERROR, f"non-integer constant in {clause}", position=position_of(constant))
    place = -int(constant.name) if constant is not key else int(constant.name)
    if not 1 <= place <= count:
        message = f"{clause} position {place} is not in select list"
        raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message, position=position_of(constant))
    return place
