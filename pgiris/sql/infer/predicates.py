"""Predicates: operators, comparisons, and what they are combined by."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import BOOL, STRINGS, TEXT, Kind, common
from pgiris.sql.infer.analysis import Output, fold, kind_of, set_kind, unwrapped
from pgiris.sql.infer.core import check_unrounded, unsupported
from pgiris.sql.infer.expressions import Expressions
from pgiris.sql.infer.symbols import NOT_IN_IRIS, SYMBOLS_OF
from pgiris.sql.postgres import Distance, Unparsable, position_of
from pgiris.sql.scope import Scope
from pgiris.types import oids
from pgiris.types.table import TYPES, type_name

_NOT_BOOLEAN = frozenset(("+", "-", "*", "/", "%", "^", "||", "#", "&", "|", "->", "->>", "#>", "#>>", "#-"))


class Predicates(Expressions):
    def _binary(self, node: exp.Binary, scope: Scope) -> Kind:
        symbol = SYMBOLS_OF[type(node)]
        if symbol in NOT_IN_IRIS:
            self.analysis.needs_computing = True
        left, right = node.this, node.expression
        if isinstance(left, exp.Tuple) or isinstance(right, exp.Tuple):
            return self._row_comparison(node, scope)
        one = self.expression(left, scope)
        if isinstance(right, exp.Any | exp.All):
            return self._quantified(node, right, symbol, scope)
        if isinstance(node, exp.JSONExtract) and one.oid == oids.INT8 and isinstance(right, exp.Column):
            raise Unparsable("a reference that IRIS follows")
        other = self.expression(right, scope)
        return self.operator(node, symbol, left, right, one, other)

    def _row_comparison(self, node: exp.Binary, scope: Scope) -> Kind:
        left, right = node.this, node.expression
        if not (isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple)):
            raise not_supported("this comparison of row values is not supported")
        if len(left.expressions) != len(right.expressions):
            raise PgError(sqlstate.SYNTAX_ERROR, "unequal number of entries in row expressions", position=position_of(node))
        for one, other in zip(left.expressions, right.expressions, strict=True):
            kinds = self.expression(one, scope), self.expression(other, scope)
            self.operator(node, SYMBOLS_OF[type(node)], one, other, *kinds)
        return BOOL

    def _quantified(self, node: exp.Binary, right: exp.Any | exp.All, symbol: str, scope: Scope) -> Kind:
        """``a = ANY (array)`` and ``a = ANY (SELECT ...)``."""
        inner = unwrapped(right.this)
        left = node.this
        if symbol in _NOT_BOOLEAN:
            message = "op ANY/ALL (array) requires operator to yield boolean"
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, position=position_of(node))
        if isinstance(inner, exp.Query | exp.Subquery):
            outputs = self.query(inner, scope)
            self._one_column(outputs, inner)
            self.operator(node, symbol, left, exp.Null(), kind_of(left), outputs[0].kind)
            check_unrounded(outputs[0].kind, kind_of(node.this))
            return BOOL
        one = kind_of(left)
        if "listed" in inner.meta and one.oid not in (oids.UNKNOWN, 0):
            inner.meta["wanted"] = Kind(one.oid)
        own = self.expression(inner, scope)
        if own.oid == oids.UNKNOWN:
            element = TEXT.oid if one.oid in (oids.UNKNOWN, oids.VARCHAR, 0) else one.oid
            row = TYPES.get(element)
            if row is None or not row.array:
                raise not_supported(f"arrays of type {type_name(element)} are not supported")
            self.coerce(inner, Kind(row.array))
            own = kind_of(inner)
        row = TYPES.get(own.oid)
        if own.oid and (row is None or not row.element):
            message = "op ANY/ALL (array) requires array on right side"
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, position=position_of(right))
        if row is not None:
            probe = exp.Null()
            self.operator(node, symbol, left, probe, one, Kind(row.element))
        set_kind(right, own)
        return BOOL

    def _one_column(self, outputs: Sequence[Output], node: exp.Expr) -> None:
        if len(outputs) != 1:
            raise PgError(sqlstate.SYNTAX_ERROR, "subquery has too many columns")

    def _logical(self, node: exp.Connector, scope: Scope) -> Kind:
        word = node.key.upper()
        for operand in (node.this, node.expression):
            self.expression(operand, scope)
            self.boolean(operand, f"argument of {word}")
        return BOOL

    def _not(self, node: exp.Not, scope: Scope) -> Kind:
        self.expression(node.this, scope)
        self.boolean(node.this, "argument of NOT")
        return BOOL

    def _is(self, node: exp.Is, scope: Scope) -> Kind:
        computing = self.analysis.needs_computing
        if self.expression(node.this, scope).oid == oids.RECORD and isinstance(node.expression, exp.Null):
            row = unwrapped(node.this)
            if isinstance(row, exp.Anonymous) and row.expressions:
                self.analysis.needs_computing = computing
                return self._row_is_null(node, row)
        if isinstance(node.expression, exp.Boolean):
            word = "TRUE" if node.expression.this else "FALSE"
            self.boolean(node.this, f"argument of IS {word}")
            set_kind(node.expression, BOOL)
        elif isinstance(node.expression, exp.Null):
            if not isinstance(unwrapped(node.this), exp.Parameter):
                self.settle(node.this)
            set_kind(node.expression, TEXT)
        elif isinstance(node.expression, exp.JSON):
            self._is_json(node)
        elif isinstance(node.expression, exp.Column | exp.Var) and node.expression.name.upper() == "UNKNOWN":
            self.boolean(node.this, "argument of IS UNKNOWN")
            node.set("expression", exp.Null())
        else:
            raise unsupported(node)
        return BOOL

    def _row_is_null(self, node: exp.Is, row: exp.Anonymous) -> Kind:
        """A row is NULL when all of its values are, and NOT NULL when none is: also one that an outer join has not found."""
        tests = []
        for value in row.expressions:
            test = exp.Is(this=value, expression=exp.Null(), negate=node.args.get("negate"))
            set_kind(test.expression, TEXT)
            tests.append(test)
        made = exp.Paren(this=exp.and_(*tests, copy=False, wrap=False))
        for each in made.find_all(exp.And, exp.Is, exp.Paren):
            set_kind(each, BOOL)
        node.replace(made)
        node.meta["became"] = made
        return BOOL

    def _is_json(self, node: exp.Is) -> None:
        own = kind_of(node.this)
        if own.oid == oids.UNKNOWN:
            own = self.coerce(node.this, TEXT)
        if own.oid not in (*STRINGS, oids.JSON, oids.JSONB):
            message = f"cannot use type {type_name(own.oid)} in IS JSON predicate"
            raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(node.this))
        set_kind(node.expression, TEXT)
        self.analysis.needs_computing = True

    def _distinct_from(self, node: exp.Binary, scope: Scope) -> Kind:
        kinds = self.expression(node.this, scope), self.expression(node.expression, scope)
        self.operator(node, "=", node.this, node.expression, *kinds)
        return BOOL

    def _between(self, node: exp.Between, scope: Scope) -> Kind:
        one = self.expression(node.this, scope)
        for bound, symbol in ((node.args["low"], ">="), (node.args["high"], "<=")):
            self.operator(
                node,
                symbol,
                node.this,
                bound,
                kind_of(node.this) if one.oid != oids.UNKNOWN else one,
                self.expression(bound, scope),
            )
            one = kind_of(node.this)
        return BOOL

    def _in(self, node: exp.In, scope: Scope) -> Kind:
        query = node.args.get("query")
        array = _unnested(query)
        if array is not None:  # IN (SELECT unnest(array)) is = ANY (array)
            made = exp.EQ(this=node.this, expression=exp.Any(this=exp.Paren(this=array)))
            made.meta.update(node.meta)
            node.replace(made)
            return self.expression(made, scope)
        if isinstance(node.this, exp.Tuple):
            return self._row_in(node, scope)
        one = self.expression(node.this, scope)
        if query is not None:
            inner = query
            outputs = self.query(inner, scope)
            self._one_column(outputs, inner)
            self.operator(node, "=", node.this, exp.Null(), one, outputs[0].kind)
            check_unrounded(outputs[0].kind, kind_of(node.this))
            return BOOL
        if node.args.get("unnest") is not None or node.args.get("field") is not None:
            raise unsupported(node)
        kinds = [self.expression(item, scope) for item in node.expressions]
        constants = [one, *kinds]
        is_array = sum(item.find(exp.Column) is None for item in node.expressions) > 1  # which has one type for all of it
        try:
            target = common(constants, "IN")
        except PgError:
            target = one
        for item, kind in zip(node.expressions, kinds, strict=True):
            if kind.oid == oids.UNKNOWN and target.oid:
                self.coerce(item, Kind(target.oid) if is_array or target.oid != oids.VARCHAR else TEXT)
                kind = kind_of(item)
            self.operator(node, "=", node.this, item, one, kind)
        if one.oid == oids.UNKNOWN and kind_of(node.this).oid == oids.UNKNOWN:
            self.coerce(node.this, target)
        return BOOL

    def _row_in(self, node: exp.In, scope: Scope) -> Kind:
        if node.args.get("query") is not None:
            raise not_supported("row values IN (SELECT ...) are not supported")
        for one in node.this.expressions:
            self.expression(one, scope)
        for item in node.expressions:
            if not isinstance(item, exp.Tuple) or len(item.expressions) != len(node.this.expressions):
                raise PgError(sqlstate.SYNTAX_ERROR, "unequal number of entries in row expressions", position=position_of(node))
            for one, other in zip(node.this.expressions, item.expressions, strict=True):
                self.operator(node, "=", one, other, kind_of(one), self.expression(other, scope))
        return BOOL

    def _like(self, node: exp.Binary, scope: Scope) -> Kind:
        symbol = "~~*" if isinstance(node, exp.ILike) else "~~"
        if isinstance(node.expression, exp.Any | exp.All):
            raise not_supported("LIKE with ANY or ALL is not supported")
        kinds = self.expression(node.this, scope), self.expression(node.expression, scope)
        return self.operator(node, symbol, node.this, node.expression, *kinds)

    def _escape(self, node: exp.Escape, scope: Scope) -> Kind:
        kind = self.expression(node.this, scope)
        self.expression(node.expression, scope)
        if self.to_type(node.expression, TEXT) is None:
            raise unsupported(node)
        return kind

    def _exists(self, node: exp.Exists, scope: Scope) -> Kind:
        self.query(node.this, scope)
        return BOOL

    def _distance(self, node: Distance, scope: Scope) -> Kind:
        kinds = self.expression(node.this, scope), self.expression(node.expression, scope)
        return self.operator(node, node.symbol, node.this, node.expression, *kinds)


def _unnested(query: exp.Expr | None) -> exp.Expr | None:
    """The array of a query that is SELECT unnest(array) and nothing else."""
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select) or len(query.expressions) != 1:
        return None
    if any(value for key, value in query.args.items() if key not in ("expressions", "kind", "hint", "operation_modifiers")):
        return None
    call = query.expressions[0]
    if isinstance(call, exp.Anonymous) and fold(call.this) == "unnest" and len(call.expressions) == 1:
        array: exp.Expr = call.expressions[0]
        return array
    return None
