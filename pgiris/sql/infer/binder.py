"""Binder: whole queries, and which handler is for which node."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import ANY, BOOL, TEXT, UNKNOWN, Kind, common
from pgiris.sql.infer.analysis import Output, fold, is_nullable, kind_of, parts_of, set_column, set_kind, unwrapped, value_of
from pgiris.sql.infer.comparability import check_distinguishable
from pgiris.sql.infer.core import check_unrounded
from pgiris.sql.infer.names import column_name
from pgiris.sql.infer.scales import SCALED, common_scale, shown_scale
from pgiris.sql.infer.sources import Sources
from pgiris.sql.infer.symbols import SYMBOLS_OF
from pgiris.sql.postgres import Distance, Unparsable, position_of
from pgiris.sql.scope import Field, Scope, Source
from pgiris.sql.trees import copied, is_star
from pgiris.sql.write import Found
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.numeric import scale_of


class Binder(Sources):
    def query(self, node: exp.Expr, scope: Scope) -> list[Output]:
        """A SELECT, VALUES, set operation, or one of them in parentheses. scope: what the query may see of its surroundings."""
        inner = scope.child()
        self._with(node, inner)
        if isinstance(node, exp.Select):
            outputs = self._select(node, inner)
        elif isinstance(node, exp.SetOperation):
            outputs = self._set_operation(node, inner)
        elif isinstance(node, exp.Values):
            outputs = self._values(node, inner)
        elif isinstance(node, exp.Subquery):
            outputs = self.query(node.this, inner)
            self._order_of_names(node, outputs)
            self._limit(node, inner)
        elif isinstance(node, exp.Table):
            raise not_supported("this form of query is not supported")
        else:
            raise not_supported(f"{node.key.upper()} is not supported here")
        node.meta["outputs"] = outputs
        return outputs

    def _with(self, node: exp.Expr, scope: Scope) -> None:
        clause = node.args.get("with_")
        if clause is None:
            return
        if clause.args.get("recursive"):
            raise not_supported("WITH RECURSIVE is not supported")
        for cte in clause.expressions:
            if not isinstance(cte.this, exp.Query | exp.Values):
                raise not_supported("data-modifying statements in WITH are not supported")
            outputs = self.query(cte.this, scope)
            name = fold(cte.args["alias"].this)
            if name in scope.ctes:
                message = f'WITH query name "{name}" specified more than once'
                raise PgError(sqlstate.DUPLICATE_ALIAS, message, position=position_of(cte.args["alias"].this))
            scope.ctes[name] = self._renamed(outputs, cte.args["alias"].args.get("columns"), name, cte.this)

    def _select(self, node: exp.Select, scope: Scope) -> list[Output]:
        self._from(node, scope)
        for clause in ("laterals", "connect", "qualify", "sample", "pivots", "match", "into", "hint", "kind"):
            if node.args.get(clause):
                raise not_supported(f"{clause.rstrip('s').upper()} is not supported")
        if node.args.get("windows"):
            raise not_supported("the WINDOW clause is not supported")
        items = self.expanded(node.expressions, scope)
        node.set("expressions", items)
        self._aggregates.append([])
        for item in items:
            if is_star(item):
                set_kind(item, ANY)  # of a table whose columns are not known
            elif "source" in item.meta:
                continue  # of a star
            else:
                self.expression(item, scope)
        items = node.expressions  # some were replaced
        for clause in ("where", "having"):
            if node.args.get(clause):
                self.condition(node.args[clause].this, scope, clause.upper())
        distinct = node.args.get("distinct")
        if distinct is not None and distinct.args.get("on") is not None:
            for part in parts_of(distinct.args["on"]):
                self.sort_key(part, items, scope, "DISTINCT ON")
                check_distinguishable(kind_of(part), part)
        self._group(node, items, scope)
        self._order(node, items, scope)
        self.check_distinct_on(node, items)
        self._limit(node, scope)
        aggregates = self._aggregates.pop()
        outputs = [self._output(item, node is self.open_query) for item in items]
        if distinct is not None and distinct.args.get("on") is None:
            for item, output in zip(items, outputs, strict=True):
                check_distinguishable(output.kind, item)
        self._check_grouping(node, items, scope, aggregates)
        if node.args.get("group") is None and node.meta.get("grouped"):
            self._as_one_group(node, bool(aggregates))
        return outputs

    def expanded(self, items: Sequence[exp.Expr], scope: Scope) -> list[exp.Expr]:
        """The select list with its stars expanded."""
        expanded: list[exp.Expr] = []
        for item in items:
            if is_star(item):
                expanded += self._star(item, scope)
            else:
                expanded.append(item)
        return expanded

    def _star(self, item: exp.Expr, scope: Scope) -> list[exp.Expr]:
        table = fold(item.args.get("table"))
        if any(item.args.get(word) for word in ("except_", "except", "replace", "rename")):
            raise not_supported("* with EXCEPT, REPLACE or RENAME is not supported")
        if table:
            source = scope.source(table)
            if source is None:
                raise self._missing_source(table, item, scope)
            sources = [source]
        else:
            sources = scope.sources
            if not sources:
                message = "SELECT * with no tables specified is not valid"
                raise PgError(sqlstate.SYNTAX_ERROR, message, position=position_of(item))
        if any(source.open for source in sources):
            return [item]
        return [
            _shown(source, entry, len(scope.sources) > 1)
            for source in sources
            for entry in source.fields
            if table or entry.name.lower() not in source.hidden
        ]

    def _output(self, item: exp.Expr, is_open: bool = False) -> Output:
        value = value_of(item)
        kind = kind_of(value)
        if kind.oid == oids.UNKNOWN and not is_open and not isinstance(_leg_of(item), exp.SetOperation):
            kind = self.coerce(value, TEXT)
        if kind.oid in (oids.RECORD, oids.RECORD_ARRAY):
            raise not_supported("rows as values of a result are not supported")
        if isinstance(item, exp.Alias):
            set_kind(item, kind)
        name = column_name(item)
        if "inlined" in unwrapped(value).meta:  # the result of a function, which has no modifier
            scale = shown_scale(value) if kind.typmod < 0 else _scale_of(kind)
            return Output(name, Kind(kind.oid), nullable=is_nullable(value), scale=scale)
        found: Field | None = unwrapped(value).meta.get("field")
        if found is not None and isinstance(unwrapped(value), exp.Column):
            return Output(name, kind, found.relation, found.attribute, found.nullable, found.collation, found.scale)
        return Output(name, kind, nullable=is_nullable(value), scale=shown_scale(value))

    def _values(self, node: exp.Values, scope: Scope) -> list[Output]:
        rows = [row.expressions if isinstance(row, exp.Tuple) else [unwrapped(row)] for row in node.expressions]
        width = len(rows[0])
        if not all(rows):
            raise Unparsable("a row without columns")
        for row in rows:
            if len(row) != width:
                message = "VALUES lists must all be the same length"
                raise PgError(sqlstate.SYNTAX_ERROR, message, position=position_of(row[0]))
            for item in row:
                self.expression(item, scope)
        outputs = []
        for place in range(width):
            items = [row[place] for row in rows]
            kind = self.unify(items, "VALUES")
            scale = common_scale(items) if kind.oid in SCALED and kind.typmod < 0 else None
            outputs.append(Output(f"column{place + 1}", kind, nullable=any(map(is_nullable, items)), scale=scale))
        self._order_of_names(node, outputs)
        self._limit(node, scope)
        return outputs

    def _set_operation(self, node: exp.SetOperation, scope: Scope) -> list[Output]:
        left = self._leg(node.this, scope)
        right = self._leg(node.expression, scope)
        word = node.key.upper()
        if len(left) != len(right):
            message = f"each {word} query must have the same number of columns"
            raise PgError(sqlstate.SYNTAX_ERROR, message, position=position_of(node.expression))
        outputs = []
        for place, (one, other) in enumerate(zip(left, right, strict=True)):
            items = [item for leg in (node.this, node.expression) for item in _leg_items(leg, place)]
            kinds = [UNKNOWN if _is_open_item(item) else kind_of(item) for item in items]
            kind = common(kinds, word, position_of(items[-1]))
            if node.args.get("distinct"):
                check_distinguishable(kind, items[0])
                for own in kinds:
                    check_unrounded(own, kind)
            for item in items:
                if _is_open_item(item):
                    item.meta["kind"] = UNKNOWN
                    self.coerce(item, kind)
                    item.meta["kind"] = kind
            collation = _common(one.collation, other.collation)
            scale = common_scale(items) if kind.oid in SCALED and kind.typmod < 0 else None
            origin = (one if one.relation else other) if node.meta.get("grouping_sets") else None  # one query for the client
            relation, attribute = (origin.relation, origin.attribute) if origin is not None else (Oid(0), 0)
            if origin is not None and relation:
                kind = origin.kind
            nullable = one.nullable or other.nullable
            outputs.append(Output(one.name, kind, relation, attribute, nullable, collation, scale))
        self._order_of_names(node, outputs)
        self._limit(node, scope)
        return outputs

    def _leg(self, node: exp.Expr, scope: Scope) -> list[Output]:
        return self.query(node, scope)


def _shown(source: Source, entry: Field, several: bool) -> exp.Expr:
    """A column of a star. several: there are other entries of FROM."""
    if entry.value is not None:
        return exp.alias_(copied(entry.value), entry.name, quoted=True, copy=False)
    column = set_column(exp.column(entry.column or entry.name, table=source.alias if several else None), entry)
    column.meta["shown"] = entry.name
    column.meta["source"] = source
    return column


def _scale_of(kind: Kind) -> int | None:
    """What a type's modifier says about decimals or characters."""
    if kind.oid == oids.NUMERIC:
        return scale_of(kind.typmod)
    return kind.typmod - 4 if kind.oid == oids.BPCHAR else None


def _leg_of(item: exp.Expr) -> exp.Expr | None:
    """What the query of a select item is a leg of."""
    query = item.parent
    outer = query.parent if query is not None else None
    while isinstance(outer, exp.Subquery):
        outer = outer.parent
    return outer


def _leg_items(node: exp.Expr, place: int) -> list[exp.Expr]:
    """The expressions that make one column of a set operation's leg."""
    if isinstance(node, exp.Subquery):
        return _leg_items(node.this, place)
    if isinstance(node, exp.SetOperation):
        return [item for leg in (node.this, node.expression) for item in _leg_items(leg, place)]
    if isinstance(node, exp.Values):
        return [parts_of(unwrapped(row) if not isinstance(row, exp.Tuple) else row)[place] for row in node.expressions]
    return [value_of(node.expressions[place])] if place < len(node.expressions) else []


def _is_open_item(node: exp.Expr) -> bool:
    """Literals of a set operation's legs are typed by the legs together."""
    node = unwrapped(node)
    if isinstance(node, exp.Parameter):
        return kind_of(node).oid == oids.UNKNOWN
    return isinstance(node, exp.Null) or (isinstance(node, exp.Literal) and node.is_string)


Binder.handlers = {
    **dict.fromkeys(SYMBOLS_OF, Binder._binary),
    exp.Abs: Binder._absolute,
    exp.BitwiseNot: Binder._bit_complement,
    exp.Bracket: Binder._bracket,
    exp.Overlaps: Binder._overlaps,
    exp.Sqrt: Binder._root,
    exp.Cbrt: Binder._root,
    **dict.fromkeys(Distance.__subclasses__(), Binder._distance),
    exp.Alias: Binder._alias,
    exp.And: Binder._logical,
    exp.Anonymous: Binder._call,
    exp.Array: Binder._array,
    exp.AtTimeZone: Binder._at_time_zone,
    exp.Between: Binder._between,
    exp.Boolean: Binder._boolean_constant,
    exp.Case: Binder._case,
    exp.Cast: Binder._cast,
    exp.Collate: Binder._collate,
    exp.Column: Binder._column,
    exp.Dot: Binder._dot,
    exp.Escape: Binder._escape,
    exp.Exists: Binder._exists,
    exp.Filter: Binder._filter,
    Found: lambda binder, node, scope: BOOL,
    exp.ILike: Binder._like,
    exp.In: Binder._in,
    exp.Is: Binder._is,
    exp.Like: Binder._like,
    exp.Literal: Binder._literal,
    exp.Neg: Binder._sign,
    exp.Not: Binder._not,
    exp.Null: Binder._null,
    exp.NullSafeEQ: Binder._distinct_from,
    exp.NullSafeNEQ: Binder._distinct_from,
    exp.Or: Binder._logical,
    exp.Parameter: Binder._parameter,
    exp.Paren: Binder._paren,
    exp.Select: Binder._scalar_query,
    exp.Subquery: Binder._scalar_query,
    exp.Tuple: Binder._tuple,
    exp.Union: Binder._scalar_query,
    exp.Window: Binder._window,
    exp.WithinGroup: Binder._within_group,
}


def _common(one: str, other: str) -> str:
    """The collation of a column of a set operation; a leg of constants has none of its own."""
    return one or other if one == other or not (one and other) else ""
