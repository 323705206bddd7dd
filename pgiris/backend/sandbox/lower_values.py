"""Lowering of values: IRIS expressions -> SQLite SQL with an IRIS type. What cannot be typed is refused, never guessed."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from pgiris.backend.sandbox import aggregates, casts, dateinput, decimals, functions, moments, values
from pgiris.backend.sandbox.dictionary import DEFAULT_SCHEMA, ColumnDef, Dictionary, TableDef
from pgiris.backend.sandbox.iristypes import (
    BIGINT,
    DATE,
    DOUBLE,
    INTEGER,
    NUMBERS,
    NUMERIC,
    STREAMS,
    STRING,
    STRINGS,
    TIME,
    TIMESTAMP,
    UNTYPED,
    IrisType,
    Kind,
    type_of,
)
from pgiris.backend.sandbox.privileges import SELECT, Needs
from pgiris.backend.sandbox.scope import Scope, Source
from pgiris.backend.sandbox.typed import (
    Binds,
    Typed,
    balanced,
    chain,
    common,
    converted,
    literal_as,
    number_literal,
    order_key,
    quoted,
    without_order,
)
from pgiris.backend.sqlcode import pg_error
from pgiris.sql.iris import nodes

_FRACTIONS = frozenset((Kind.NUMERIC, Kind.DOUBLE))


class LowerValues:
    def __init__(self, dictionary: Dictionary, default_schema: str = DEFAULT_SCHEMA) -> None:
        self.dictionary = dictionary
        self.default_schema = default_schema
        self.binds = Binds()
        self.scope = Scope()
        self.uses: dict[tuple[int, int], tuple[TableDef, ColumnDef]] = {}  # columns that the statement reads, each once
        self.needs = Needs()
        self._alias_count = 0

    def next_alias(self) -> str:
        self._alias_count += 1
        return f"s{self._alias_count}"

    def condition(self, node: exp.Expr) -> str:
        raise NotImplementedError

    def partition_key(self, typed: Typed) -> str:
        raise NotImplementedError

    def subquery(self, node: exp.Expr) -> tuple[str, list[Typed]]:
        """SQL without parentheses, and its columns."""
        raise NotImplementedError

    # Entry points

    def value(self, node: exp.Expr) -> Typed:
        lower = _VALUES.get(type(node))
        if lower is None:
            raise pg_error(-12, f"A term expected, {node.sql('iris')[:100]} found")
        return lower(self, node)

    def untyped(self, typed: Typed) -> str:
        """SQL of a value whose type nobody asks for; a bare parameter stays as it was bound."""
        return self.binds.add(typed.parameter, None) if typed.parameter is not None else typed.sql

    def as_type(self, typed: Typed, target: IrisType) -> str:
        """SQL of a value as another type, for comparing and computing with it."""
        if typed.parameter is not None:
            return self.binds.add(typed.parameter, values.comparable(target))
        if typed.is_literal and (typed.kind != target.kind or typed.kind == Kind.STRING):
            made = literal_as(typed.literal, target)
            return quoted(decimals.shown(made) if target.kind in STRINGS and typed.kind in _FRACTIONS else made)
        return converted(typed.sql, typed.type, target)

    def text(self, node: exp.Expr) -> str:
        """SQL of a value as a string."""
        typed = self.value(node)
        if typed.kind in STREAMS:
            raise pg_error(-37, "Scalar, aggregate and unary functions are not supported for stream fields")
        return self.as_type(self.selected(typed) if typed.led else typed, STRING)

    def whole(self, node: exp.Expr) -> str:
        """SQL of a value as a whole number, its decimals cut off."""
        typed = self.value(node)
        if typed.parameter is not None:
            return self.binds.add(typed.parameter, values.whole_of)
        if typed.is_literal:
            return quoted(values.whole_of(typed.literal))
        return self.as_type(typed, BIGINT)

    def selected(self, typed: Typed) -> Typed:
        """A value as an item of a result: parameters become text, vectors their numbers, collations show their blank."""
        if typed.led:
            return Typed(f"(' ' || coalesce({typed.sql}, ''))", STRING.collated(typed.type.collation))
        if typed.parameter is not None:
            return Typed(self.binds.add(typed.parameter, values.text_of), STRING, label="HostVar")
        return typed

    # Leaves

    def _literal(self, node: exp.Expr) -> Typed:
        if node.is_string:
            return Typed(quoted(node.name), STRING, node.name, label="HostVar")
        return number_literal(node.name)

    def _placeholder(self, node: exp.Expr) -> Typed:
        return Typed("", UNTYPED, parameter=node.meta["index"], label="HostVar")

    def _null(self, node: exp.Expr) -> Typed:
        return Typed("NULL", UNTYPED, None, label="HostVar")

    def _column(self, node: exp.Expr) -> Typed:
        assert isinstance(node, exp.Column)
        return self.used(self.scope.column(node.name, node.table, node.db))

    def used(self, typed: Typed) -> Typed:
        """Note a column of a table or view."""
        if typed.table is not None and typed.column is not None:
            self.uses.setdefault((typed.table.id, typed.column.number), (typed.table, typed.column))
            self.needs.note(typed.table, SELECT, typed.column.number)
        return typed

    def _paren(self, node: exp.Expr) -> Typed:
        inner = self.value(node.this)
        if inner.parameter is None:
            inner.sql = f"({inner.sql})"
        return inner

    def _odbc_literal(self, node: exp.Expr) -> Typed:
        kind = node.args["kind"]
        type_ = {"d": DATE, "t": TIME, "ts": TIMESTAMP}[kind]
        text = dateinput.escaped(node.this.name, kind) if not node.this.is_string or kind == "ts" else None
        text = literal_as(node.this.name if text is None else text, type_)
        return Typed(quoted(text), type_, text, label="HostVar")

    def _special(self, node: exp.Expr) -> Typed:
        return functions.special_variable(node.name)

    # Operators

    def _arithmetic(self, node: exp.Expr) -> Typed:
        return self.computed(type(node), self.value(node.this), self.value(node.expression))

    def computed(self, node: type[exp.Expr], left: Typed, right: Typed) -> Typed:
        operator = _OPERATORS[node]
        if left.kind == Kind.DATE or right.kind == Kind.DATE:
            return self._date_arithmetic(node, left, right)
        for side in (left, right):
            if side.kind not in NUMBERS | STRINGS | {Kind.UNTYPED}:
                raise pg_error(-378, f"Datatype mismatch, explicit CAST is required: {side.type.ddl} in arithmetic")
        type_ = _arithmetic_type(left, right)
        left, right = _read_as_number(left), _read_as_number(right)
        if type_.kind == Kind.DOUBLE:
            return Typed(operator.double.format(self.as_type(left, DOUBLE), self.as_type(right, DOUBLE)), DOUBLE)
        if type_.kind == Kind.INTEGER and operator.whole:
            loose = any(side.loose or side.parameter is not None for side in (left, right))
            return Typed(operator.whole.format(self.as_type(left, BIGINT), self.as_type(right, BIGINT)), BIGINT, loose=loose)
        return Typed(operator.exact.format(self.as_type(left, NUMERIC), self.as_type(right, NUMERIC)), NUMERIC)

    def _date_arithmetic(self, node: type[exp.Expr], left: Typed, right: Typed) -> Typed:
        if node is exp.Sub and left.kind == right.kind == Kind.DATE:
            sql = f"CAST(julianday({left.sql}) - julianday({right.sql}) AS INTEGER)"
            return Typed(sql, INTEGER)
        raise pg_error(-378, "Datatype mismatch, explicit CAST is required: use DATEADD or DATEDIFF with dates")

    def _negative(self, node: exp.Expr) -> Typed:
        inner = self.value(node.this)
        if inner.is_literal and isinstance(inner.literal, (int, float)):
            return Typed(quoted(-inner.literal), inner.type, -inner.literal, label="HostVar")
        if inner.kind == Kind.DOUBLE:
            return Typed(f"(-{inner.sql})", DOUBLE)
        if inner.kind in (Kind.INTEGER, Kind.BIT, Kind.UNTYPED):
            return Typed(f"iris_negative({self.as_type(inner, BIGINT)})", BIGINT)
        return Typed(f"iris_negate({self.as_type(_read_as_number(inner), NUMERIC)})", NUMERIC)

    def _positive(self, node: exp.Expr) -> Typed:
        inner = self.value(node.this)
        if inner.kind in (Kind.INTEGER, Kind.BIT, Kind.DOUBLE) and inner.parameter is None:
            return inner
        return Typed(self.as_type(_read_as_number(inner), NUMERIC), NUMERIC)

    def _concatenation(self, node: exp.Expr) -> Typed:
        return Typed(balanced([self.text(part) for part in chain(node, exp.DPipe)], "||"), STRING)

    # CASE, CAST, functions

    def alternatives(self, branches: list[Typed], what: str) -> tuple[list[str], IrisType]:
        """SQL of several values as the one type that holds them all."""
        type_ = common([branch.type for branch in branches], what)
        return [self.as_type(branch, type_) for branch in branches], type_

    def _case(self, node: exp.Expr) -> Typed:
        branches = [self.value(branch.args["true"]) for branch in node.args["ifs"]]
        default = node.args.get("default")
        if default is not None:
            branches.append(self.value(default))
        tests = [self._case_test(node.this, branch.this) for branch in node.args["ifs"]]
        results, type_ = self.alternatives(branches, "CASE")
        sql = " ".join(f"WHEN {test} THEN {result}" for test, result in zip(tests, results, strict=False))
        ending = f" ELSE {results[-1]}" if default is not None else ""
        return Typed(without_order(f"CASE {sql}{ending} END", type_), type_)

    def _case_test(self, subject: exp.Expr | None, when: exp.Expr) -> str:
        if subject is None:
            return self.condition(when)
        return self.condition(exp.EQ(this=subject.copy(), expression=when.copy()))

    def _cast(self, node: exp.Expr) -> Typed:
        return casts.cast(self, self.value(node.this), type_of(node.args["to"]), bool(node.args["to"].expressions))

    def _scalar_query(self, node: exp.Expr) -> Typed:
        sql, columns = self.subquery(node.this)
        if len(columns) != 1:
            raise pg_error(-10, "A subquery must have exactly one item")
        return Typed(f"({sql})", columns[0].type, label="Subquery")

    def _function(self, node: exp.Expr) -> Typed:
        name = node.this.upper() if isinstance(node.this, str) else node.name.upper()
        if name in aggregates.AGGREGATES:
            return aggregates.lower(self, name, node.expressions[0])
        return functions.call(self, name, node.expressions)

    def _odbc_function(self, node: exp.Expr) -> Typed:
        inner = node.this
        if isinstance(inner, exp.Anonymous):
            return functions.odbc_call(self, inner.this.upper(), inner.expressions)
        return self.value(inner)

    def _aggregate(self, node: exp.Expr) -> Typed:
        return aggregates.lower(self, type(node).__name__.upper(), node.this)

    def _trim(self, node: exp.Expr) -> Typed:
        return functions.trim(self, node)

    def _now(self, node: exp.Expr) -> Typed:
        digits = int(node.this.name) if node.this else 0
        return moments.current(type(node), digits)

    def _json(self, node: exp.Expr) -> Typed:
        return functions.json_constructor(self, node)

    def _arrow(self, node: exp.Expr) -> Typed:
        """``reference->field``: NULL where nothing is referred to, as a left outer join has it.

        Foreign keys are no references: "other types of relationships and foreign keys do not support arrow syntax" (Using
        InterSystems SQL, Implicit Joins). Which SQLCODE they get the manual does not tell.
        """
        reference = self.value(node.this)
        column = reference.column
        if column is None or not column.reference:
            raise pg_error(-1, f"'{node.this.sql('iris')}' is no reference to a class: -> does not follow it")
        table = self.dictionary.of_class(column.reference)
        if table is None:
            raise pg_error(-30, f"Table '{column.reference.upper()}' not found", table=column.reference)
        columns = [(own.name, self._referenced(table, number, own)) for number, own in enumerate(table.columns, 1)]
        found = Source("", "referenced", columns, table).find(node.expression.name)
        if found is None:
            message = f"Field '{node.expression.name.upper()}' not found in the applicable tables"
            raise pg_error(-29, message, column=node.expression.name)
        sql = f"(SELECT {found.sql} FROM {table.storage} AS referenced WHERE referenced.rid = {reference.sql})"
        self.needs.note(table, SELECT, found.column.number if found.column is not None else 0)
        return Typed(sql, found.type, column=found.column, label=found.label)

    def _referenced(self, table: TableDef, number: int, column: ColumnDef) -> Typed:
        return Typed(f"referenced.{column.storage}", column.type, column=column, table=table, attribute=number)

    # Windows

    def _window(self, node: exp.Expr) -> Typed:
        inner, type_ = aggregates.window_function(self, node.this)
        parts = []
        if node.args.get("partition_by"):
            keys = [self._sorted_by(self.value(item)) for item in node.args["partition_by"]]
            parts.append(f"PARTITION BY {', '.join(keys)}")
        if node.args.get("order"):
            keys = [
                self._sorted_by(self.value(item.this)) + (" DESC" if item.args.get("desc") else "")
                for item in node.args["order"].expressions
            ]
            parts.append(f"ORDER BY {', '.join(keys)}")
        spec = node.args.get("spec")
        if spec is not None:
            parts.append(_frame(spec))
        return Typed(f"{inner} OVER ({' '.join(parts)})", type_, label="Window")

    def _sorted_by(self, typed: Typed) -> str:
        return order_key(self.untyped(typed), typed.type)


def _read_as_number(typed: Typed) -> Typed:
    """A string counts as the number that it begins with, an empty one as 0."""
    return Typed(f"iris_number({typed.sql})", NUMERIC) if typed.kind in STRINGS else typed


def _arithmetic_type(left: Typed, right: Typed) -> IrisType:
    kinds = {side.kind for side in (left, right)}
    if Kind.DOUBLE in kinds:
        return DOUBLE
    if kinds <= {Kind.INTEGER, Kind.BIT, Kind.UNTYPED}:
        return BIGINT
    return NUMERIC


def _frame(spec: exp.Expr) -> str:
    def bound(value: object, side: object) -> str:
        if value == "CURRENT ROW":
            return "CURRENT ROW"
        offset = value if isinstance(value, str) else value.name  # type: ignore[attr-defined]
        return f"{offset} {side}"

    start = bound(spec.args["start"], spec.args.get("start_side"))
    if spec.args.get("end") is None:
        return f"ROWS {start}"
    return f"ROWS BETWEEN {start} AND {bound(spec.args['end'], spec.args.get('end_side'))}"


class _Operator:
    """SQL templates for whole, exact and binary floating numbers. whole is empty where the result is not whole."""

    def __init__(self, whole: str, exact: str, double: str) -> None:
        self.whole, self.exact, self.double = whole, exact, double


_OPERATORS: dict[type[exp.Expr], _Operator] = {
    exp.Add: _Operator("iris_plus({}, {})", "iris_add({}, {})", "({} + {})"),
    exp.Sub: _Operator("iris_minus({}, {})", "iris_subtract({}, {})", "({} - {})"),
    exp.Mul: _Operator("iris_times({}, {})", "iris_multiply({}, {})", "({} * {})"),
    exp.Div: _Operator("", "iris_divide({}, {})", "iris_double_divide({}, {})"),
    exp.IntDiv: _Operator("iris_whole_quotient({}, {})", "iris_quotient({}, {})", "iris_double_quotient({}, {})"),
    nodes.Modulo: _Operator("iris_whole_modulo({}, {})", "iris_modulo({}, {})", "iris_double_modulo({}, {})"),
}
_VALUES: dict[type[exp.Expr], Callable[[LowerValues, exp.Expr], Typed]] = {
    exp.Literal: LowerValues._literal,
    exp.Placeholder: LowerValues._placeholder,
    exp.Null: LowerValues._null,
    exp.Column: LowerValues._column,
    exp.Paren: LowerValues._paren,
    exp.Neg: LowerValues._negative,
    nodes.Plus: LowerValues._positive,
    exp.DPipe: LowerValues._concatenation,
    exp.Case: LowerValues._case,
    exp.Cast: LowerValues._cast,
    exp.Subquery: LowerValues._scalar_query,
    exp.Anonymous: LowerValues._function,
    exp.Trim: LowerValues._trim,
    exp.Window: LowerValues._window,
    exp.CurrentDate: LowerValues._now,
    exp.CurrentTime: LowerValues._now,
    exp.CurrentTimestamp: LowerValues._now,
    exp.JSONObject: LowerValues._json,
    exp.JSONArray: LowerValues._json,
    nodes.OdbcLiteral: LowerValues._odbc_literal,
    nodes.OdbcFunction: LowerValues._odbc_function,
    nodes.SpecialVariable: LowerValues._special,
    nodes.Arrow: LowerValues._arrow,
    **dict.fromkeys(_OPERATORS, LowerValues._arithmetic),
    **dict.fromkeys((exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max), LowerValues._aggregate),
}
