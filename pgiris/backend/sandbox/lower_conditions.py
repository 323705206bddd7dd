"""Lowering of conditions. iris-reference 4.6, 4.13"""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlglot import exp

from pgiris.backend.sandbox import casts
from pgiris.backend.sandbox.functions import list_sql
from pgiris.backend.sandbox.iristypes import (
    BIGINT,
    DATE,
    EXACT,
    INTEGER,
    MOMENTS,
    NUMBERS,
    STREAMS,
    STRING,
    STRINGS,
    IrisType,
    Kind,
)
from pgiris.backend.sandbox.lower_values import LowerValues
from pgiris.backend.sandbox.scope import Scope, Source
from pgiris.backend.sandbox.typed import Typed, balanced, chain, common, key, key_of, order_key, quoted
from pgiris.backend.sandbox.values import Convert, comparable, text_of
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported
from pgiris.sql.iris import nodes

_SIGNS: dict[type[exp.Expr], str] = {exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
_EQUALITY = (exp.EQ, exp.NEQ)


def keyed(type_: IrisType) -> Convert | None:
    """What a bound value goes through to be compared with a column of this type: representation, then collation."""
    convert = comparable(type_)
    if type_.kind in STRINGS and type_.collation != EXACT:
        return _Keyed(type_)
    return convert


class _Keyed:
    """A collated text. Equal for equal collations, so that one parameter is bound once."""

    def __init__(self, type_: IrisType) -> None:
        self._type = type_

    def __call__(self, value: object) -> object:
        return key_of(text_of(value), self._type)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and other._type.collation == self._type.collation

    def __hash__(self) -> int:
        return hash(self._type.collation)


_DAYS = {Kind.DATE, Kind.TIMESTAMP}


class LowerConditions(LowerValues):
    def condition(self, node: exp.Expr) -> str:
        lower = _CONDITIONS.get(type(node))
        if lower is None:
            raise pg_error(-14, f"A comparison operator is required here, {node.sql('iris')[:100]} found")
        return lower(self, node)

    # Comparisons

    def _comparison(self, node: exp.Expr) -> str:
        if isinstance(node.expression, (exp.All, exp.Any)):
            return self._quantified(node)
        return self.compare(type(node), self._operand(node.this), self._operand(node.expression))

    def _operand(self, node: exp.Expr) -> Typed:
        """One side of a comparison: there, a date with days added to it or taken from it is a date."""
        if not isinstance(node, (exp.Add, exp.Sub)):
            return self.value(node)
        left, right = self.value(node.this), self.value(node.expression)
        if left.kind != Kind.DATE or right.kind != Kind.INTEGER or right.parameter is not None:
            return self.computed(type(node), left, right)
        sign = "-" if isinstance(node, exp.Sub) else ""
        return Typed(f"date({left.sql}, ({sign}({self.as_type(right, BIGINT)})) || ' days')", DATE, shifted=True)

    def compare(self, operator: type[exp.Expr], left: Typed, right: Typed) -> str:
        type_ = self.comparison_type(left, right)
        sides = [self.compared(side, type_) for side in (left, right)]
        if operator not in _EQUALITY:
            sides = [self._ordered(side, type_) for side in sides]
        return f"{sides[0]} {_SIGNS[operator]} {sides[1]}"

    def _ordered(self, sql: str, type_: IrisType) -> str:
        return sql if type_.kind in STRINGS and type_.collation != EXACT else order_key(sql, type_)

    def compared(self, side: Typed, type_: IrisType) -> str:
        """One side of an equality: in the type's representation and collation."""
        if side.kind in STREAMS:
            raise pg_error(-313, "Predicate not supported on stream fields")
        if side.parameter is not None:
            return self.binds.add(side.parameter, keyed(type_))
        sql = self.as_type(side, type_)
        if side.is_literal:
            return quoted(key_of(text_of(side.literal), type_)) if type_.kind in STRINGS else sql
        return key(sql, type_)

    def comparison_type(self, left: Typed, right: Typed) -> IrisType:
        """The type in which two values are compared: a column's before a literal's or a parameter's."""
        kinds = {left.kind, right.kind}
        if (left.shifted or right.shifted) and kinds != {Kind.DATE}:
            raise pg_error(-378, "Datatype mismatch, explicit CAST is required: use DATEADD or DATEDIFF with dates")
        if kinds == {Kind.DATE, Kind.TIMESTAMP}:
            raise pg_error(-483, "DATE compared with TIMESTAMP: CAST both to one type")
        for side, other in ((left, right), (right, left)):
            if (other.is_literal or other.parameter is not None) and not side.is_literal and side.parameter is None:
                return self._against_constant(side, other)
        if kinds & STRINGS:
            return self._string_comparison(left, right)
        return common([left.type, right.type], "a comparison")

    def _against_constant(self, side: Typed, constant: Typed) -> IrisType:
        if constant.kind in MOMENTS and side.kind not in MOMENTS | STRINGS:
            return common([side.type, constant.type], "a comparison")
        return BIGINT if side.kind == Kind.BIT and constant.kind in NUMBERS else side.type

    def _string_comparison(self, left: Typed, right: Typed) -> IrisType:
        kinds = {left.kind, right.kind}
        if kinds & NUMBERS or kinds & MOMENTS:
            other = left if right.kind in STRINGS else right
            return other.type if not (left.is_literal and right.is_literal) else STRING
        columns = [side for side in (left, right) if side.kind in STRINGS and not side.is_literal]
        explicit = [side for side in columns if side.label == "%EXACT"]
        chosen = (explicit or [s for s in columns if s.column is not None] or columns or [left])[0]
        return STRING.collated(chosen.type.collation or EXACT)

    def _quantified(self, node: exp.Expr) -> str:
        """``a > ALL (query)``, ``a = ANY (query)`` as EXISTS; a NULL among the values is as SQL wants it."""
        left = self.value(node.this)
        sql, columns = self.subquery(node.expression.this)
        if len(columns) != 1:
            raise pg_error(-10, "A subquery must have exactly one item")
        name = self.next_alias()
        item = Typed(f"{name}.k1", columns[0].type)
        test = self.compare(type(node), left, item)
        every = isinstance(node.expression, exp.All)
        decided, other = ("0", "1") if every else ("1", "0")
        matching = f"NOT ({test})" if every else f"({test})"
        rows = f"FROM ({sql}) AS {name}"
        return (
            f"(CASE WHEN EXISTS (SELECT 1 {rows} WHERE {matching}) THEN {decided}"
            f" WHEN EXISTS (SELECT 1 {rows} WHERE ({test}) IS NULL) THEN NULL ELSE {other} END)"
        )

    # Other predicates

    def _is_null(self, node: exp.Expr) -> str:
        return f"{self.untyped(self.value(node.this))} IS NULL"

    def _between(self, node: exp.Expr) -> str:
        this, low, high = self.value(node.this), self.value(node.args["low"]), self.value(node.args["high"])
        return f"({self.compare(exp.GTE, this, low)} AND {self.compare(exp.LTE, this, high)})"

    def _in(self, node: exp.Expr) -> str:
        this = self.value(node.this)
        query = node.args.get("query")
        if query is None:
            return self._in_list(this, [self.value(item) for item in node.expressions])
        sql, columns = self.subquery(query.this)
        if len(columns) != 1:
            raise pg_error(-10, "A subquery must have exactly one item")
        type_ = self.comparison_type(this, columns[0])
        name = self.next_alias()
        item = self.compared(Typed(f"{name}.k1", columns[0].type), type_)
        left = self.compared(this, type_)
        return f"{left} IN (SELECT {item} FROM ({sql}) AS {name})"

    def _in_list(self, this: Typed, items: list[Typed]) -> str:
        if this.column is not None:
            # Dates and timestamps become what the column is, here and not in other comparisons.
            items = [casts.cast(self, i, this.type, False) if {this.kind, i.kind} == _DAYS else i for i in items]
        types = [self.comparison_type(this, item) for item in items]
        if all(type_ == types[0] for type_ in types):
            listed = ", ".join(self.compared(item, types[0]) for item in items)
            return f"{self.compared(this, types[0])} IN ({listed})"
        return "(" + " OR ".join(self.compare(exp.EQ, this, item) for item in items) + ")"

    def _in_listed(self, node: exp.Expr) -> str:
        """``a %INLIST list``: a bound list arrives as JSON. Always exact (iris-reference 4.6)."""
        this = self.value(node.this)
        right = self.value(node.expression)
        if this.parameter is not None or this.kind == Kind.UNTYPED:
            this = Typed(self.as_type(this, STRING), STRING)
        type_ = this.type.collated(EXACT) if this.kind in STRINGS else this.type
        left = self.as_type(this, type_)
        item = "unhex(value)" if this.kind == Kind.BINARY else "value"
        if right.parameter is not None:
            return f"{left} IN (SELECT {item} FROM json_each({self.binds.add(right.parameter, _List(type_))}))"
        found = f"iris_list_json({right.sql}, '{type_.kind.name}')"
        return f"CASE WHEN {left} IS NOT NULL THEN {left} IN (SELECT {item} FROM json_each({found})) END"

    def _like(self, node: exp.Expr, escape: exp.Expr | None = None) -> str:
        this, pattern = self._stored_text(node.this), self.value(node.expression)
        type_ = self._text_type(this)
        arguments = [self.compared(pattern, type_), self.compared(this, type_)]
        if type_.collation != EXACT:
            arguments[0] = self._pattern(pattern, type_)
        if escape is not None:
            arguments.append(self.as_type(self.value(escape), STRING))
        return f"iris_like({', '.join(arguments)})"

    def _pattern(self, pattern: Typed, type_: IrisType) -> str:
        """A pattern keeps its trailing blanks."""
        sql = self.as_type(pattern, STRING)
        return (
            f"upper({sql})" if type_.collation == "SQLUPPER" and sql.isascii() and pattern.is_literal else self._cased(sql, type_)
        )

    def _cased(self, sql: str, type_: IrisType) -> str:
        return f"iris_ucase({sql})" if type_.collation == "SQLUPPER" else sql

    def _escaped(self, node: exp.Expr) -> str:
        return self._like(node.this, node.expression)

    def _text_type(self, this: Typed) -> IrisType:
        if this.kind in STREAMS:
            raise pg_error(-313, "Predicate not supported on stream fields")
        return STRING.collated(this.type.collation if this.kind in STRINGS and this.type.collation else EXACT)

    def _stored_text(self, node: exp.Expr) -> Typed:
        """What LIKE and its kin look at: of a date or a time the number that it is to IRIS."""
        typed = self.value(node)
        if typed.kind not in MOMENTS or typed.is_literal or typed.type.ddl.startswith("DATETIME"):
            return typed
        return Typed(f"CAST(iris_logical({typed.sql}) AS TEXT)", STRING)

    def _starts_with(self, node: exp.Expr) -> str:
        this = self._stored_text(node.this)
        type_ = self._text_type(this)
        prefix = self._cased(self.as_type(self.value(node.expression), STRING), type_)
        name = "iris_starts_with" if this.label == "%EXACT" else "iris_starts_with_any"
        return f"{name}({self.compared(this, type_)}, {prefix})"

    def _exact_test(self, node: exp.Expr) -> str:
        this = self._stored_text(node.this)
        if this.kind in STREAMS:
            raise pg_error(-37, "Scalar, aggregate and unary functions are not supported for stream fields")
        return f"{_TESTS[type(node)]}({self.as_type(this, STRING)}, {self.text(node.expression)})"

    def _is_json(self, node: exp.Expr) -> str:
        typed = self.value(node.this)
        text = typed.sql if typed.kind in STREAMS else self.as_type(typed, STRING)
        return f"iris_is_json({text}, {quoted(node.args.get('kind') or 'VALUE')})"

    def _for_some(self, node: exp.Expr) -> str:
        """``FOR SOME (tables) (condition)``: whether there is such a row."""
        query = exp.Select(expressions=[exp.Literal.number(1)], from_=node.args["from_"], where=exp.Where(this=node.this))
        if node.args.get("joins"):
            query.set("joins", node.args["joins"])
        return f"EXISTS ({self.subquery(query)[0]})"

    def _for_some_element(self, node: exp.Expr) -> str:
        """``FOR SOME %ELEMENT(list) (condition)``: of %VALUE, an element, and %KEY, its place from 1 on."""
        if node.find_ancestor(exp.Having, exp.Join) is not None:
            raise not_supported("FOR SOME %ELEMENT is not allowed in HAVING and ON")
        if not any(column.name.upper() in ("%VALUE", "%KEY") for column in node.this.find_all(exp.Column)):
            raise pg_error(-1, "%VALUE or %KEY expected in FOR SOME %ELEMENT")
        name = self.next_alias()
        elements = f"json_each(iris_list_json({list_sql(self, node.args['field'])})) AS {name}"
        alias = node.args.get("alias")
        hidden = {"%VALUE": Typed(f"{name}.value", STRING), "%KEY": Typed(f"({name}.key + 1)", INTEGER)}
        outer = self.scope
        self.scope = Scope(parent=outer, sources=[Source(alias.name if alias else "", name, [], hidden=hidden)])
        condition = self.condition(node.this)
        self.scope = outer
        return f"EXISTS (SELECT 1 FROM {elements} WHERE {condition})"

    def _unknown(self, node: exp.Expr) -> str:
        raise not_supported(f"{_UNKNOWN[type(node)]} is not known to the sandbox")

    def _exists(self, node: exp.Expr) -> str:
        return f"EXISTS ({self.subquery(node.this)[0]})"

    def _not(self, node: exp.Expr) -> str:
        return f"NOT ({self.condition(node.this)})"

    def _and(self, node: exp.Expr) -> str:
        return balanced([self.condition(part) for part in chain(node, exp.And)], "AND")

    def _or(self, node: exp.Expr) -> str:
        return balanced([self.condition(part) for part in chain(node, exp.Or)], "OR")

    def _parenthesised(self, node: exp.Expr) -> str:
        return f"({self.condition(node.this)})"


class _List:
    """A bound list as JSON text of values in a type's representation."""

    def __init__(self, type_: IrisType) -> None:
        self._convert = comparable(type_)
        self._type = type_

    def __call__(self, value: object) -> str | None:
        return listed(value, self._convert)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _List) and other._type == self._type

    def __hash__(self) -> int:
        return hash(self._type)


def listed(value: object, convert: Convert | None) -> str | None:
    if value is None:
        return None
    items = getattr(value, "items", None)
    if not isinstance(items, tuple):
        raise pg_error(-400, "Fatal error occurred: <LIST>")
    kept = [item if item is None or convert is None else convert(item) for item in items]
    return json.dumps([item.hex() if isinstance(item, bytes) else item for item in kept])


_TESTS: dict[type[exp.Expr], str] = {
    nodes.Matches: "iris_matches",
    nodes.Pattern: "iris_pattern",
    nodes.ContainsString: "iris_contains",
    nodes.Follows: "iris_follows",
}
_UNKNOWN: dict[type[exp.Expr], str] = {
    nodes.Contains: "%CONTAINS",
    nodes.Find: "%FIND",
    nodes.InSet: "%INSET",
}
_CONDITIONS: dict[type[exp.Expr], Callable[[LowerConditions, exp.Expr], str]] = {
    **dict.fromkeys(_SIGNS, LowerConditions._comparison),
    exp.Is: LowerConditions._is_null,
    exp.Between: LowerConditions._between,
    exp.In: LowerConditions._in,
    nodes.InList: LowerConditions._in_listed,
    exp.Like: LowerConditions._like,
    exp.Escape: LowerConditions._escaped,
    exp.StartsWith: LowerConditions._starts_with,
    **dict.fromkeys(_TESTS, LowerConditions._exact_test),
    nodes.IsJson: LowerConditions._is_json,
    nodes.ForSome: LowerConditions._for_some,
    nodes.ForSomeElement: LowerConditions._for_some_element,
    **dict.fromkeys(_UNKNOWN, LowerConditions._unknown),
    exp.Exists: LowerConditions._exists,
    exp.Not: LowerConditions._not,
    exp.And: LowerConditions._and,
    exp.Or: LowerConditions._or,
    exp.Paren: LowerConditions._parenthesised,
}
