"""Expressions of catalog queries: tree in, typed DuckDB SQL out.

PostgreSQL: typeconv, functions
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from sqlglot import exp

from pgiris import sqlstate
from pgiris.catalog import calls, computed, operators, ordered_sets
from pgiris.catalog.casts import bound, cast, constant, numeric_text, record_text, registered_in, to_text
from pgiris.catalog.functions import gathers_rows
from pgiris.catalog.names import Scope
from pgiris.catalog.typed import (
    INTEGERS,
    NUMBERED,
    REGISTERED,
    TEXTUAL,
    Field,
    Typed,
    any_srf,
    array_of,
    element_of,
    is_array,
    null_literal,
    of_one,
    physical,
    quoted,
)
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import BOOL, INT4, INT8, NUMERIC, TEXT, UNKNOWN, Kind, check_literal, common
from pgiris.sql.infer import fold, unwrapped
from pgiris.sql.infer.analysis import number_kind
from pgiris.sql.infer.symbols import SYMBOLS_OF
from pgiris.sql.plan import SessionValue
from pgiris.sql.postgres import PgDialect, operator_position, position_of
from pgiris.sql.session_functions import WITHOUT_PARENTHESES
from pgiris.sql.statement import Statement
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.table import parse_type, type_name

_RECORD = Kind(oids.RECORD)
_FLOATS = frozenset((oids.FLOAT4, oids.FLOAT8))
_FIRST_INDEX = PgDialect.INDEX_OFFSET  # what sqlglot has subtracted from subscripts
_DOMAINS = {
    "information_schema.cardinal_number": Kind(oids.INT4),
    "information_schema.character_data": Kind(oids.VARCHAR),
    "information_schema.sql_identifier": Kind(oids.NAME),
    "information_schema.time_stamp": Kind(oids.TIMESTAMPTZ),
    "information_schema.yes_or_no": Kind(oids.VARCHAR, 7),
}


class Queries(Protocol):
    """What subqueries are compiled by."""

    def query(self, node: exp.Expr, scope: Scope, *, natural: bool = False) -> tuple[str, list[Field]]: ...

    def order(self, order: exp.Expr | None, scope: Scope) -> str: ...

    def natural_order(self, scope: Scope) -> str: ...


class Expressions:
    """path: the schemas that names are looked up in, with commas between. inline: literals are not lifted."""

    def __init__(self, statement: Statement, path: str, queries: Queries, inline: bool) -> None:
        self.statement = statement
        self.path = path
        self.queries = queries
        self.inline = inline
        self.live: set[str] = set()  # relations that the session fills, besides those that the client names
        self.names: dict[str, None] = {}  # constants of reg* types: they must exist, whether or not a row is compared with them

    # Values and their types

    def typed(self, node: exp.Expr, scope: Scope) -> Typed:
        form = _FORMS.get(type(node))
        if form is None:
            raise not_supported(f"{node.key.upper()} is not supported in a catalog query")
        return form(self, node, scope)

    def value(self, node: exp.Expr, scope: Scope) -> Typed:
        """With a type of its own: what is still open becomes text."""
        found = self.typed(node, scope)
        return self.coerce(found, TEXT) if found.open else found

    def condition(self, node: exp.Expr, scope: Scope, clause: str) -> str:
        found = self.typed(node, scope)
        found = self.coerce(found, BOOL) if found.open else found
        if found.oid != oids.BOOL:
            message = f"argument of {clause} must be type boolean, not type {type_name(found.oid)}"
            raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(node))
        return found.sql

    def coerce(self, value: Typed, kind: Kind) -> Typed:
        """Give an open value a type; of another one what an implicit cast makes, if there is need of one."""
        if value.parameter:
            return self._parameter(value.parameter, kind)
        if value.open:
            assert value.literal is not None
            return self._constant(value.literal, kind)
        if value.oid == kind.oid or not needs_cast(value.oid, kind.oid):
            return Typed(value.sql, kind, fields=value.fields, relation=value.relation, attribute=value.attribute, srf=value.srf)
        return self.cast(value, Kind(kind.oid))

    def cast(self, value: Typed, kind: Kind, node: exp.Expr | None = None) -> Typed:
        """Raises 42846 or 0A000."""
        if value.fields is not None and kind.oid in TEXTUAL:
            return self.as_text(value)
        if computed.wants_cast(value.oid, kind):
            found = computed.cast(self, value, kind)
            if found is not None:
                return found
        return cast(value, kind, self.path, node)

    def text_of(self, value: Typed) -> str:
        """SQL of a value as its output function writes it. Raises 0A000."""
        found = computed.cast(self, value, TEXT) if computed.wants_cast(value.oid, TEXT) else None
        return found.sql if found is not None else to_text(value.sql, value.oid, self.path)

    def as_text(self, value: Typed) -> Typed:
        """A composite value as its text; any other value as it is."""
        if value.fields is None:
            return value
        sql = f"(CASE WHEN {value.sql} IS NOT NULL THEN {record_text(value.fields, self.path)} END)"
        return Typed(sql, _RECORD, srf=value.srf)

    def _constant(self, node: exp.Expr, kind: Kind) -> Typed:
        text = None if isinstance(node, exp.Null) else node.name
        if text is not None and kind.oid in (oids.TIMESTAMPTZ, oids.TIMESTAMPTZ_ARRAY):
            return self._zoned(node, kind)
        place = self.statement.place(node) if text is not None and not self.inline else None
        if place is None or not (kind.oid in _LIFTED or kind.oid in REGISTERED):
            self.statement.fix(node)
            return self._named(Typed(constant(text, kind, self.path, position_of(node)), kind))
        carried = Kind(oids.TEXT) if kind.oid in REGISTERED else kind
        sql = f"${self.statement.literal(node, carried).this + 1}::{physical(carried.oid)}"
        return self._named(Typed(registered_in(kind.oid, sql, self.path), kind)) if kind.oid in REGISTERED else Typed(sql, kind)

    def _zoned(self, node: exp.Expr, kind: Kind) -> Typed:
        """A timestamptz, or an array of some, which is in the session's time zone where it names none."""
        self.statement.fix(node)
        text = node.name.strip().lower().removeprefix("+")
        if text in ("infinity", "-infinity"):
            return Typed(f"{quoted(text)}::TIMESTAMPTZ", kind)
        check_literal(node.name, kind, position_of(node))
        found = computed.cast(self, Typed(quoted(node.name), TEXT), kind)
        assert found is not None
        return found

    def _named(self, value: Typed) -> Typed:
        """A constant, which is read before any row is, as PostgreSQL's parse analysis does it."""
        if value.oid in REGISTERED:
            self.names[value.sql] = None
        elif element_of(value.oid) in REGISTERED:
            self.names[f"len({value.sql})"] = None
        return value

    def _parameter(self, number: int, kind: Kind) -> Typed:
        parameters = self.statement.analysis.parameters
        if not parameters[number - 1]:
            parameters[number - 1] = kind.oid
        known = Kind(parameters[number - 1])
        place = f"${self.statement.parameter(number).this + 1}"
        return self._named(Typed(bound(place, known.oid, self.path), known))

    def session(self, call: str, arguments: tuple[str | int | None, ...], oid: Oid) -> Typed:
        """A value that the session computes when the statement is executed."""
        value = self.statement.session_value(SessionValue(call, arguments, oid))
        return Typed(bound(f"${value.this + 1}", oid, self.path), Kind(oid))

    def unify(self, values: Sequence[Typed], context: str) -> tuple[Kind, list[Typed]]:
        """The common type of a CASE, a COALESCE, an array ..."""
        kinds = [UNKNOWN if value.open else value.kind for value in values]
        kind = common_kind(kinds, context)
        return kind, [self.coerce(value, kind) for value in values]

    # Leaves

    def _column(self, node: exp.Column, scope: Scope) -> Typed:
        table, schema = fold(node.args.get("table")), fold(node.args.get("db"))
        if isinstance(node.this, exp.Star):
            source = scope.source(table, schema)
            if source is None:
                message = f'missing FROM-clause entry for table "{table}"'
                raise PgError(sqlstate.UNDEFINED_TABLE, message, position=position_of(node))
            return source.row()
        if not table and fold(node.this) in WITHOUT_PARENTHESES and not node.this.args.get("quoted"):
            return calls.call(self, exp.Anonymous(this=fold(node.this)), scope)
        return scope.column(table, fold(node.this), schema, position_of(node))

    def _literal(self, node: exp.Literal, scope: Scope) -> Typed:
        if node.is_string:
            return Typed(quoted(node.name), UNKNOWN, literal=node)
        text = node.name
        if not text.isdigit():
            return Typed(quoted(numeric_text(text)), NUMERIC)
        number = int(text)
        if number >= 2**63:
            return Typed(quoted(text), NUMERIC)
        return Typed(text, INT4 if number < 2**31 else INT8)

    def _parameter_node(self, node: exp.Parameter, scope: Scope) -> Typed:
        number = int(node.this.name)
        kind = self.statement.analysis.parameter(number, position_of(node))
        return Typed("", UNKNOWN, parameter=number) if kind.oid == oids.UNKNOWN else self._parameter(number, kind)

    def _cast(self, node: exp.Cast, scope: Scope) -> Typed:
        kind = cast_kind(node)
        inner = self.typed(node.this, scope)
        if inner.open and not inner.parameter and kind.oid == oids.INTERVAL and kind.typmod >= 0:
            return self._named_cast(self.coerce(inner, TEXT), kind, node)  # its fields tell the unit of a bare number
        if inner.open:
            made = self.coerce(inner, Kind(kind.oid) if inner.parameter else kind)
            return made if made.oid == kind.oid and kind.typmod < 0 else self._named_cast(made, kind, node)
        made = self._named_cast(inner, kind, node)
        if made.oid == inner.oid and kind.typmod < 0:
            return Typed(made.sql, kind, relation=inner.relation, attribute=inner.attribute, srf=inner.srf)
        return made

    def _named_cast(self, value: Typed, kind: Kind, node: exp.Cast) -> Typed:
        """PostgreSQL's planner computes what is constant; of a CASE the branches that are left."""
        made = self.cast(value, kind, node)
        varies = node.find(exp.Column, exp.Query, exp.Anonymous) or node.find_ancestor(exp.Case)
        textual = value.oid in TEXTUAL or element_of(value.oid) in TEXTUAL
        return self._named(made) if textual and not varies else made

    def _collate(self, node: exp.Collate, scope: Scope) -> Typed:
        """Every collation sorts as C does, by code points."""
        return self.typed(node.this, scope)

    def _paren(self, node: exp.Paren, scope: Scope) -> Typed:
        inner = self.typed(node.this, scope)
        return Typed(
            inner.sql if inner.open else f"({inner.sql})",
            inner.kind,
            inner.literal,
            inner.parameter,
            inner.fields,
            inner.relation,
            inner.attribute,
            inner.srf,
            inner.from_zero,
            inner.mixed,
        )

    # Logic

    def _and_or(self, node: exp.Connector, scope: Scope) -> Typed:
        word = node.key.upper()
        parts = [self.condition(part, scope, word) for part in node.flatten()]
        return Typed(f"({f' {word} '.join(parts)})", BOOL)

    def _not(self, node: exp.Not, scope: Scope) -> Typed:
        inner = node.this
        if isinstance(inner, exp.RegexpLike | exp.RegexpILike) and isinstance(inner.expression, exp.Any | exp.All):
            place = operator_position(self.statement.analysis.text, inner.this)
            if place is not None and self.statement.analysis.text.startswith(
                "!", place - 1
            ):  # x !~ ALL (...) is not NOT (x ~ ALL)
                return self._quantified("!" + _SYMBOLS[type(inner)], inner.this, inner.expression, scope, inner)
        return Typed(f"(NOT {self.condition(node.this, scope, 'NOT')})", BOOL)

    def _is(self, node: exp.Is, scope: Scope) -> Typed:
        left = self.typed(node.this, scope)
        if left.fields is not None and isinstance(unwrapped(node.expression), exp.Null):
            word = "IS NOT NULL" if node.args.get("negate") else "IS NULL"
            return Typed("(" + " AND ".join(f"{field.value.sql} {word}" for field in left.fields) + ")", BOOL)
        test = self._is_test(left, unwrapped(node.expression), node)
        return Typed(f"(NOT {test})" if node.args.get("negate") else test, BOOL)

    def _is_test(self, left: Typed, right: exp.Expr, node: exp.Expr) -> str:
        if isinstance(right, exp.Null):
            return f"({self.settled(left).sql} IS NULL)"
        if isinstance(right, exp.Boolean):
            return f"({self.coerce(left, BOOL).sql} IS NOT DISTINCT FROM {'true' if right.this else 'false'})"
        raise not_supported(f"IS {right.key.upper()} is not supported in a catalog query")

    def settled(self, value: Typed) -> Typed:
        return self.coerce(value, TEXT) if value.open else value

    def _between(self, node: exp.Between, scope: Scope) -> Typed:
        low, high = node.args["low"], node.args["high"]
        pairs = [(low, high), (high, low)] if node.args.get("symmetric") else [(low, high)]
        ranges = [
            (self.compare(">=", node.this, least, scope, node).sql, self.compare("<=", node.this, most, scope, node).sql)
            for least, most in pairs
        ]
        return Typed(f"({' OR '.join(f'({least} AND {most})' for least, most in ranges)})", BOOL)

    def _case(self, node: exp.Case, scope: Scope) -> Typed:
        """The type is that of ELSE where it may be: PostgreSQL looks at it first."""
        conditions = []
        for branch in node.args["ifs"]:
            if node.this is not None:
                conditions.append(self.compare("=", node.this, branch.this, scope, node).sql)
            else:
                conditions.append(self.condition(branch.this, scope, "CASE/WHEN"))
        default = node.args.get("default")
        results = [*(branch.args["true"] for branch in node.args["ifs"]), default if default is not None else exp.Null()]
        *chosen, otherwise = [
            self._only_where(result, self.as_text(self.typed(result, scope)), conditions[:place], conditions[place:][:1], node)
            for place, result in enumerate(results)
        ]
        given = [otherwise, *chosen]
        kind, (otherwise, *chosen) = self.unify(given, "CASE")
        branches = "".join(f" WHEN {c} THEN {v.sql}" for c, v in zip(conditions, chosen, strict=True))
        return of_one(given, f"(CASE{branches} ELSE {otherwise.sql} END)", kind, any_srf([otherwise, *chosen]))

    def _only_where(self, result: exp.Expr, value: Typed, failed: Sequence[str], met: Sequence[str], node: exp.Case) -> Typed:
        """A branch that is a subquery, for the rows that take it: DuckDB runs it for all, of which it may have several rows."""
        query = unwrapped(result)
        if not isinstance(query, exp.Subquery | exp.Select) or not all(map(_is_of_one_row, node.args["ifs"])):
            return value
        guards = " AND ".join([*(f"({condition}) IS NOT TRUE" for condition in failed), *(f"({one})" for one in met)])
        return replace(value, sql=f"(SELECT * FROM {value.sql} WHERE {guards})")

    # Operators

    def _binary(self, node: exp.Expr, scope: Scope) -> Typed:
        return self.operator(_SYMBOLS[type(node)], node.this, node.expression, scope, node)

    def _named_operator(self, node: exp.Expr, scope: Scope) -> Typed:
        name = node.args["operator"]
        symbol = (name if isinstance(name, str) else name.name).rpartition(".")[2]
        return self.operator(symbol, node.this, node.expression, scope, node)

    def operator(self, symbol: str, left: exp.Expr, right: exp.Expr, scope: Scope, node: exp.Expr) -> Typed:
        symbol = "<>" if symbol == "!=" else symbol
        if isinstance(right, exp.Any | exp.All):
            return self._quantified(symbol, left, right, scope, node)
        if isinstance(right, exp.Anonymous) and fold(right.this) in ("all", "any", "some"):
            made = exp.All if fold(right.this) == "all" else exp.Any
            return self._quantified(symbol, left, made(this=right.expressions[0]), scope, node)
        if symbol in operators.COMPARISONS:
            return self.compare(symbol, left, right, scope, node)
        return operators.apply(self, symbol, self.typed(left, scope), self.typed(right, scope), node)

    def compare(self, symbol: str, left: exp.Expr, right: exp.Expr, scope: Scope, node: exp.Expr) -> Typed:
        return operators.compared(self, symbol, self.typed(left, scope), self.typed(right, scope), node)

    def _like(self, node: exp.Expr, scope: Scope, escape: str | None = "\\") -> Typed:
        symbol = ("!" if node.args.get("negate") else "") + ("~~" if isinstance(node, exp.Like) else "~~*")
        if isinstance(node.expression, exp.Any | exp.All):
            return self._quantified(symbol, node.this, node.expression, scope, node)
        return operators.match(self, symbol, self.typed(node.this, scope), self.typed(node.expression, scope), node, escape)

    def _escape(self, node: exp.Escape, scope: Scope) -> Typed:
        like, word = node.this, unwrapped(node.expression)
        negated = isinstance(like, exp.Not)
        inner = like.this if negated else like
        if not isinstance(word, exp.Literal) or not isinstance(inner, exp.Like | exp.ILike):
            raise not_supported("an ESCAPE that is no constant is not supported in a catalog query")
        word.meta["pin"] = True
        made = self._like(inner, scope, word.name)
        return Typed(f"(NOT {made.sql})", BOOL) if negated else made

    def _negative(self, node: exp.Neg, scope: Scope) -> Typed:
        inner = self.typed(node.this, scope)
        constant = unwrapped(node.this)
        if isinstance(constant, exp.Literal) and not constant.is_string:
            kind = number_kind(f"-{constant.name}")  # of the smallest integers the digits alone are no integers
            if kind != inner.kind:
                self.statement.fix(constant)
                return Typed(f"(-{constant.name})::{physical(kind.oid)}", kind)
        if inner.oid == oids.NUMERIC:
            return operators.apply(self, "-", Typed(quoted("0"), NUMERIC), inner, node)
        if inner.oid not in INTEGERS | _FLOATS:
            return self._prefixed("-", inner, node)
        return Typed(f"(-{inner.sql})", inner.kind)

    def _inverted(self, node: exp.BitwiseNot, scope: Scope) -> Typed:
        inner = self.typed(node.this, scope)
        return Typed(f"(~{inner.sql})", inner.kind) if inner.oid in INTEGERS else self._prefixed("~", inner, node)

    def _prefixed(self, symbol: str, value: Typed, node: exp.Expr) -> Typed:
        found = computed.call(self, symbol, [value])
        if found is None:
            message = f"operator does not exist: {symbol} {type_name(value.oid)}"
            raise PgError(sqlstate.UNDEFINED_FUNCTION, message, position=position_of(node))
        return found

    def _at_time_zone(self, node: exp.AtTimeZone, scope: Scope) -> Typed:
        zone, moment = self.typed(node.args["zone"], scope), self.typed(node.this, scope)
        found = computed.call(self, "timezone", [zone, moment])
        if found is None:
            raise not_supported(f"AT TIME ZONE of {type_name(moment.oid)} is not supported in a catalog query")
        return found

    # Arrays and rows

    def _quantified(self, symbol: str, left: exp.Expr, right: exp.Expr, scope: Scope, node: exp.Expr) -> Typed:
        inner = unwrapped(right.this)
        every = isinstance(right, exp.All)
        one = self.typed(left, scope)
        if isinstance(inner, exp.Subquery):
            inner = inner.this
        if isinstance(inner, exp.Query):
            return self._quantified_query(symbol, one, inner, every, scope, node)
        other = self.typed(inner, scope)
        if other.open:
            other = self.coerce(other, Kind(array_of(oids.TEXT if one.open else one.oid)))
        if not is_array(other.oid):
            raise PgError(
                sqlstate.WRONG_OBJECT_TYPE, "op ANY/ALL (array) requires array on right side", position=position_of(node)
            )
        element = Kind(element_of(other.oid))
        if one.open:
            one = self.coerce(one, element)
        if not operators.comparable(one.oid, element.oid):
            raise operators.no_operator(self, symbol, one, Typed("", element), node)
        if (symbol, every) in (("=", False), ("<>", True)) and computed.is_comparable(element.oid):
            return self._membership(one, other, every)
        item = operators.apply(self, symbol, one, Typed("e", element), node)
        return Typed(f"{'pgf_all' if every else 'pgf_any'}(list_transform({other.sql}, lambda e: {item.sql}))", BOOL)

    def _membership(self, one: Typed, other: Typed, negated: bool) -> Typed:
        items = other.sql
        if physical(one.oid) + "[]" != physical(other.oid) and one.oid not in TEXTUAL:
            one = Typed(f"{one.sql}::BIGINT", one.kind)
            items = f"{items}::BIGINT[]"
        sql = f"list_contains({items}, {one.sql})"
        if not other.relation:  # columns of the catalog hold no arrays with NULLs
            sql = f"({sql} OR pgf_null_if_nulls({items}))"
        return Typed(f"(NOT {sql})" if negated else sql, BOOL)

    def _quantified_query(self, symbol: str, one: Typed, query: exp.Expr, every: bool, scope: Scope, node: exp.Expr) -> Typed:
        sql, fields = self.queries.query(query, scope)
        if len(fields) != 1:
            raise PgError(sqlstate.SYNTAX_ERROR, "subquery has too many columns")
        one, _ = operators.matched(self, one, fields[0].value, symbol, node)
        if symbol not in operators.COMPARISONS:
            raise not_supported(f"{symbol} ANY (subquery) is not supported in a catalog query")
        return Typed(f"({one.sql} {symbol} {'ALL' if every else 'ANY'} ({sql}))", BOOL)

    def _array(self, node: exp.Array, scope: Scope) -> Typed:
        if len(node.expressions) == 1 and isinstance(node.expressions[0], exp.Query):
            return self.array_of_query(node.expressions[0], scope)
        values = [self.as_text(self.typed(item, scope)) for item in node.expressions]
        if not values:
            return Typed("[]", Kind(oids.TEXT_ARRAY))
        kind, items = self.unify(values, "ARRAY")
        array = array_of(kind.oid)
        return Typed(f"[{', '.join(item.sql for item in items)}]::{physical(array)}", Kind(array))

    def array_of_query(self, query: exp.Expr, scope: Scope) -> Typed:
        sql, fields = self.queries.query(query, scope, natural=True)
        if len(fields) != 1:
            raise PgError(sqlstate.SYNTAX_ERROR, "subquery must return only one column")
        return Typed(f"coalesce(ARRAY({sql}), [])", Kind(array_of(fields[0].value.oid)))

    def _bracket(self, node: exp.Bracket, scope: Scope) -> Typed:
        inner = self.typed(node.this, scope)
        if inner.oid == oids.NAME:  # an array of "char" from 0, PostgreSQL says
            at = self.coerce(self.typed(node.expressions[0], scope), INT4).sql
            return Typed(f"substring({inner.sql}, {at} + {_FIRST_INDEX + 1}, 1)", Kind(oids.CHAR))
        element = element_of(inner.oid)
        if not element:
            message = f"cannot subscript type {type_name(inner.oid)} because it does not support subscripting"
            raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(node))
        if isinstance(node.this, exp.Bracket):
            raise not_supported("subscripts of several dimensions are not supported in a catalog query")
        (index,) = node.expressions
        first = inner.first
        if isinstance(index, exp.Slice):
            low, high = (self._bound(index.args.get(part), scope, first) for part in ("this", "expression"))
            oid = _AS_ARRAY.get(inner.oid, inner.oid)
            return Typed(f"({inner.sql})[{low}:{high}]", Kind(oid))
        at = self.coerce(self.typed(index, scope), INT4).sql
        shift = _FIRST_INDEX + 1 - first
        sql = f"{at} + {shift}" if shift else at
        if not (isinstance(index, exp.Literal)):
            sql = f"CASE WHEN {sql} > 0 THEN {sql} END"
        return Typed(f"list_extract({inner.sql}, {sql})", Kind(element), srf=inner.srf)

    def _bound(self, node: exp.Expr | None, scope: Scope, first: int) -> str:
        if node is None:
            return ""
        sql = self.coerce(self.typed(node, scope), INT4).sql
        return sql if first else f"{sql} + 1"

    def _tuple(self, node: exp.Expr, scope: Scope) -> Typed:
        return row_of([self.typed(item, scope) for item in node.expressions])

    def members(self, node: exp.Dot, scope: Scope) -> list[Field]:
        """(row).*"""
        whole = self.typed(node.this, scope)
        if whole.fields is None:
            message = f"type {type_name(whole.oid)} is not composite"
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, position=position_of(node))
        return list(whole.fields)

    def _dot(self, node: exp.Dot, scope: Scope) -> Typed:
        member = node.expression
        if isinstance(member, exp.Anonymous):
            schema = fold(node.this)
            if schema not in ("pg_catalog", "information_schema"):
                raise undefined_function(f"{schema}.{fold(member.this)}", [], position_of(node))
            return calls.call(self, member, scope)
        whole = self.typed(node.this, scope)
        for field in whole.fields or ():
            if field.name == fold(member):
                return field.value
        if whole.fields is None:
            message = f"column notation .{fold(member)} applied to type {type_name(whole.oid)}, which is not a composite type"
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, position=position_of(node))
        message = f'could not identify column "{fold(member)}" in record data type'
        raise PgError(sqlstate.UNDEFINED_COLUMN, message, position=position_of(node))

    # Subqueries

    def _in(self, node: exp.In, scope: Scope) -> Typed:
        one = self.typed(node.this, scope)
        query = node.args.get("query")
        if query is not None:
            return self._in_query(one, query.this if isinstance(query, exp.Subquery) else query, scope, node)
        if len(node.expressions) == 1 and isinstance(unwrapped(node.expressions[0]), exp.Values):
            return self._in_query(one, unwrapped(node.expressions[0]), scope, node)
        items = [self.typed(item, scope) for item in node.expressions]
        if one.fields is not None:
            return Typed("(" + " OR ".join(operators.compared(self, "=", one, item, node).sql for item in items) + ")", BOOL)
        if one.open:
            _, (one, *items) = self.unify([one, *items], "IN")
        if not all(computed.is_comparable(item.oid) for item in (one, *items)):
            return Typed("(" + " OR ".join(operators.compared(self, "=", one, item, node).sql for item in items) + ")", BOOL)
        items = [operators.matched(self, one, item, "=", node)[1] for item in items]
        return Typed(f"({one.sql} IN ({', '.join(item.sql for item in items)}))", BOOL)

    def _in_query(self, one: Typed, query: exp.Expr, scope: Scope, node: exp.Expr) -> Typed:
        sql, fields = self.queries.query(query, scope)
        parts = one.fields or (Field("", one),)
        if len(parts) != len(fields):
            what = "few" if len(fields) < len(parts) else "many"
            raise PgError(sqlstate.SYNTAX_ERROR, f"subquery has too {what} columns", position=position_of(node))
        left = [
            operators.matched(self, part.value, field.value, "=", node)[0].sql for part, field in zip(parts, fields, strict=True)
        ]
        if any(field.value.oid in computed.VARIED for field in fields):
            left = [computed.equality_key(self, replace(part.value, sql=key)) for part, key in zip(parts, left, strict=True)]
            sql = f"SELECT {', '.join(self._keys_of(fields))} FROM ({sql}) AS q"
        shown = left[0] if one.fields is None else f"({', '.join(left)})"
        return Typed(f"({shown} IN ({sql}))", BOOL)

    def _keys_of(self, fields: Sequence[Field]) -> list[str]:
        """Of the columns of a query."""
        values = (replace(field.value, sql=f"c{number}") for number, field in enumerate(fields, 1))
        return [computed.equality_key(self, value) for value in values]

    def _exists(self, node: exp.Exists, scope: Scope) -> Typed:
        query = node.this.this if isinstance(node.this, exp.Subquery) else node.this
        return Typed(f"EXISTS ({self.queries.query(query, scope)[0]})", BOOL)

    def _subquery(self, node: exp.Expr, scope: Scope) -> Typed:
        sql, fields = self.queries.query(node, scope)
        node.meta["outputs"] = fields
        if len(fields) != 1:
            raise PgError(sqlstate.SYNTAX_ERROR, "subquery must return only one column", position=position_of(node))
        return Typed(f"({sql})", fields[0].value.kind)

    # Calls

    def _call(self, node: exp.Anonymous, scope: Scope) -> Typed:
        return calls.call(self, node, scope)

    def _filter(self, node: exp.Filter, scope: Scope) -> Typed:
        condition = self.condition(node.expression.this, scope, "FILTER")
        return self._with_tail(node.this, f" FILTER (WHERE {condition})" + node.meta.pop("tail", ""), scope)

    def _with_tail(self, call: exp.Expr, tail: str, scope: Scope) -> Typed:
        """A call with what stands behind it; arguments_of() takes that."""
        call.meta["tail"] = tail + call.meta.pop("tail", "")
        made = self.typed(call, scope)
        if call.meta.pop("tail", ""):
            raise not_supported(
                f"{fold(call.this) if call.this else call.key} with FILTER or OVER is not supported in a catalog query"
            )
        return made

    def _within_group(self, node: exp.WithinGroup, scope: Scope) -> Typed:
        return ordered_sets.call(self, node, scope)

    def _window(self, node: exp.Window, scope: Scope) -> Typed:
        partition, order, spec = _window_parts(node, scope)
        parts = [computed.equality_key(self, self.value(part, scope)) for part in partition]
        words = [f"PARTITION BY {', '.join(parts)}" if parts else "", self.queries.order(order, scope), _frame(spec)]
        return self._with_tail(node.this, f" OVER ({' '.join(word for word in words if word)})", scope)


def _is_of_one_row(branch: exp.Expr) -> bool:
    """Whether the condition of a branch may stand in WHERE: it knows no groups, windows or sets of rows."""
    if branch.this.find(exp.Window, exp.WithinGroup, exp.Unnest) is not None:
        return False
    return not any(gathers_rows(fold(call.this)) for call in branch.this.find_all(exp.Anonymous))


def _window_parts(node: exp.Window, scope: Scope) -> tuple[list[exp.Expr], exp.Expr | None, exp.Expr | None]:
    """PARTITION BY, ORDER BY and frame, with those of the named window that it refers to."""
    own = list(node.args.get("partition_by") or ()), node.args.get("order"), node.args.get("spec")
    name = fold(node.args.get("alias"))
    if not name:
        return own
    base = scope.windows.get(name)
    if base is None:
        raise PgError(sqlstate.UNDEFINED_OBJECT, f'window "{name}" does not exist')
    partition, order, spec = _window_parts(base, scope)
    return partition or own[0], order or own[1], own[2] or spec


def _frame(spec: exp.Expr | None) -> str:
    if spec is None:
        return ""
    bounds = []
    for part in ("start", "end"):
        bound_at = spec.args.get(part)
        if bound_at is None:
            continue
        word = bound_at.upper() if isinstance(bound_at, str) else bound_at.name
        if not isinstance(bound_at, str) and not word.isdigit():
            raise not_supported("a window frame that is no constant is not supported in a catalog query")
        bounds.append(f"{word} {spec.args.get(f'{part}_side') or ''}".strip())
    shown = f"BETWEEN {bounds[0]} AND {bounds[1]}" if len(bounds) == 2 else bounds[0]
    exclude = spec.args.get("exclude")
    return f"{spec.args['kind']} {shown}" + (f" EXCLUDE {exclude.name.upper()}" if exclude else "")


_SYMBOLS: dict[type[exp.Expr], str] = {**SYMBOLS_OF, exp.NullSafeEQ: "is", exp.NullSafeNEQ: "is not"}
_FORMS: dict[type[exp.Expr], Callable[[Expressions, Any, Scope], Typed]] = {
    **dict.fromkeys(_SYMBOLS, Expressions._binary),
    exp.Column: Expressions._column,
    exp.Literal: Expressions._literal,
    exp.Null: lambda self, node, scope: null_literal(node),
    exp.Boolean: lambda self, node, scope: Typed("true" if node.this else "false", BOOL),
    exp.Parameter: Expressions._parameter_node,
    exp.Cast: Expressions._cast,
    exp.Collate: Expressions._collate,
    exp.Paren: Expressions._paren,
    exp.And: Expressions._and_or,
    exp.Or: Expressions._and_or,
    exp.Not: Expressions._not,
    exp.Is: Expressions._is,
    exp.Between: Expressions._between,
    exp.Case: Expressions._case,
    exp.Operator: Expressions._named_operator,
    exp.Like: Expressions._like,
    exp.ILike: Expressions._like,
    exp.Escape: Expressions._escape,
    exp.Neg: Expressions._negative,
    exp.BitwiseNot: Expressions._inverted,
    exp.Array: Expressions._array,
    exp.AtTimeZone: Expressions._at_time_zone,
    exp.Bracket: Expressions._bracket,
    exp.Tuple: Expressions._tuple,
    exp.Dot: Expressions._dot,
    exp.In: Expressions._in,
    exp.Exists: Expressions._exists,
    exp.Subquery: Expressions._subquery,
    exp.Select: Expressions._subquery,
    exp.Union: Expressions._subquery,
    exp.Anonymous: Expressions._call,
    exp.Filter: Expressions._filter,
    exp.WithinGroup: Expressions._within_group,
    exp.Window: Expressions._window,
}
_LIFTED = frozenset((oids.TEXT, oids.VARCHAR, oids.NAME, oids.OID, oids.INT2, oids.INT4, oids.INT8, oids.CHAR))


def cast_kind(node: exp.Cast) -> Kind:
    """The type that a cast names. Raises 42704."""
    text = node.to.sql(dialect="postgres")
    domain = _DOMAINS.get(text.lower().replace('"', ""))
    if domain is not None:
        return domain
    try:
        return Kind(*parse_type(text))
    except PgError as error:
        error.position = error.position or position_of(node)
        raise


def row_of(values: Sequence[Typed]) -> Typed:
    fields = tuple(Field(f"f{number}", value) for number, value in enumerate(values, 1))
    return Typed(f"ROW({', '.join(value.sql for value in values)})", _RECORD, fields=fields)


def undefined_function(name: str, arguments: Sequence[Typed], position: int | None) -> PgError:
    shown = ", ".join(type_name(argument.oid) for argument in arguments)
    return PgError(
        sqlstate.UNDEFINED_FUNCTION,
        f"function {name}({shown}) does not exist",
        hint="No function matches the given name and argument types. You might need to add explicit type casts.",
        position=position,
    )


def needs_cast(source: Oid, target: Oid) -> bool:
    """Whether DuckDB has to convert a value to have it in another PostgreSQL type."""
    try:
        return physical(source) != physical(target) or (source in TEXTUAL and target in REGISTERED)
    except PgError:
        return True


def common_kind(kinds: Sequence[Kind], context: str) -> Kind:
    """coercion.common, for types of the catalog too."""
    known = [kind for kind in kinds if kind.oid != oids.UNKNOWN]
    if known and all(kind == known[0] for kind in known):
        return known[0] if len(known) == len(kinds) else Kind(known[0].oid)
    known = [Kind(_AS_ARRAY.get(kind.oid, kind.oid), kind.typmod) for kind in known]
    if known and all(is_array(kind.oid) for kind in known):
        elements = [oids.TEXT if kind.oid == oids.CHAR_ARRAY else element_of(kind.oid) for kind in known]
        return Kind(array_of(common_kind([Kind(element) for element in elements], context).oid))
    if any(kind.oid in NUMBERED for kind in known) and all(kind.oid in NUMBERED | INTEGERS for kind in known):
        return Kind(next(kind.oid for kind in known if kind.oid in NUMBERED))
    if known and all(kind.oid == known[0].oid for kind in known):
        return Kind(known[0].oid)
    if known and all(kind.oid in _IMPLICIT for kind in known):
        chosen = known[0].oid
        for kind in known[1:]:
            if chosen != oids.TEXT and kind.oid in _IMPLICIT[chosen] and chosen not in _IMPLICIT[kind.oid]:
                chosen = kind.oid
        return Kind(chosen)
    return common(known + [kind for kind in kinds if kind.oid == oids.UNKNOWN], context)


_AS_ARRAY = {oids.INT2VECTOR: oids.INT2_ARRAY, oids.OIDVECTOR: oids.OID_ARRAY}  # beside something else
# Texts -> what they become by themselves, of each other. text is the preferred one. PostgreSQL: pg_cast, typeconv-union-case
_IMPLICIT = {
    oids.TEXT: (oids.VARCHAR, oids.BPCHAR, oids.NAME),
    oids.VARCHAR: (oids.TEXT, oids.BPCHAR, oids.NAME),
    oids.BPCHAR: (oids.TEXT, oids.VARCHAR, oids.NAME),
    oids.NAME: (oids.TEXT,),
}
