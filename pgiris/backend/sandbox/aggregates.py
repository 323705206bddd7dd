"""Aggregates and window functions. iris-reference 4.12"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import apsw
from sqlglot import exp

from pgiris.backend.sandbox import decimals, values
from pgiris.backend.sandbox.iristypes import BIGINT, DOUBLE, NUMBERS, NUMERIC, STREAMS, STRING, STRINGS, IrisType, Kind
from pgiris.backend.sandbox.typed import Typed, key
from pgiris.backend.sqlcode import pg_error
from pgiris.sql.iris.expressions import AGGREGATES as AGGREGATE_WORDS
from pgiris.sql.iris.expressions import OTHER_AGGREGATES

if TYPE_CHECKING:
    from pgiris.backend.sandbox.lower_values import LowerValues

AGGREGATES = frozenset(AGGREGATE_WORDS) | OTHER_AGGREGATES - {"XMLAGG", "%DLIST"}
_SPREADS = {"STDDEV": "stddev_samp", "STDDEV_SAMP": "stddev_samp", "STDDEV_POP": "stddev_pop"} | {
    "VARIANCE": "var_samp",
    "VAR_SAMP": "var_samp",
    "VAR_POP": "var_pop",
}


def lower(lowering: LowerValues, name: str, argument: exp.Expr) -> Typed:
    sql, type_ = _call(lowering, name, argument)
    return Typed(sql, type_, label="Aggregate", aggregate=True)


def _call(lowering: LowerValues, name: str, argument: exp.Expr) -> tuple[str, IrisType]:
    if isinstance(argument, exp.Star):
        return "count(*)", BIGINT
    distinct = isinstance(argument, exp.Distinct)
    typed = lowering.value(argument.expressions[0] if isinstance(argument, exp.Distinct) else argument)
    if typed.kind in STREAMS and name != "COUNT":
        raise pg_error(-37, "Scalar, aggregate and unary functions are not supported for stream fields")
    word = "DISTINCT " if distinct else ""
    if name == "COUNT":
        return f"count({word}{key(lowering.untyped(typed), typed.type)})", BIGINT
    if name == "APPROX_COUNT_DISTINCT":
        return f"count(DISTINCT {key(lowering.untyped(typed), typed.type)})", BIGINT
    if name in ("MIN", "MAX"):
        return _extreme(lowering, name.lower(), lowering.selected(typed))
    if name == "LIST":
        item = lowering.as_type(typed, STRING)
        return f"iris_list({word}{key(item, typed.type) if distinct else item})", STRING
    if name == "JSON_ARRAYAGG":
        item = lowering.untyped(typed) if typed.kind in NUMBERS else lowering.as_type(typed, STRING)
        if typed.kind == Kind.NUMERIC:
            item = f"iris_json_number({item})"
        return f"iris_json_arrayagg({word}{item})", STRING
    if typed.kind not in NUMBERS | STRINGS | {Kind.UNTYPED}:
        raise pg_error(-378, f"Datatype mismatch, explicit CAST is required: {name} of {typed.type.ddl}")
    if name in _SPREADS:
        return f"iris_{_SPREADS[name]}({word}{lowering.as_type(typed, DOUBLE)})", DOUBLE
    return _sum(lowering, name, typed, word)


def _extreme(lowering: LowerValues, name: str, typed: Typed) -> tuple[str, IrisType]:
    if typed.kind == Kind.NUMERIC:
        return f"iris_{name}_of({typed.sql})", typed.type
    if typed.kind in STRINGS:
        return f"{name}({key(typed.sql, typed.type)})", typed.type
    return f"{name}({lowering.untyped(typed)})", typed.type


def _sum(lowering: LowerValues, name: str, typed: Typed, word: str) -> tuple[str, IrisType]:
    """SUM of whole numbers stays whole; AVG of them is exact, not cut."""
    if typed.kind == Kind.DOUBLE:
        return f"{name.lower()}({word}{typed.sql})", DOUBLE
    if name == "SUM" and typed.kind in (Kind.INTEGER, Kind.BIT):
        return f"iris_whole_sum({word}{typed.sql})", BIGINT
    return f"iris_{name.lower()}({word}{lowering.as_type(typed, NUMERIC)})", NUMERIC


# Window functions

_RANKS: dict[str, IrisType] = {
    "ROW_NUMBER": BIGINT,
    "RANK": BIGINT,
    "DENSE_RANK": BIGINT,
    "PERCENT_RANK": DOUBLE,
    "CUME_DIST": DOUBLE,
    "NTILE": BIGINT,
}
_PICKS = frozenset(("FIRST_VALUE", "LAST_VALUE", "NTH_VALUE", "LAG", "LEAD"))


def window_function(lowering: LowerValues, node: exp.Expr) -> tuple[str, IrisType]:
    if not isinstance(node, exp.Anonymous):
        return _call(lowering, type(node).__name__.upper(), node.this)
    name = node.this.upper()
    arguments = node.expressions
    if name in _RANKS:
        return f"{name.lower()}({', '.join(lowering.whole(argument) for argument in arguments)})", _RANKS[name]
    if name not in _PICKS:
        raise pg_error(-1, f"{name} is not a window function")
    typed = lowering.value(arguments[0])
    rest = [lowering.whole(argument) for argument in arguments[1:2]]
    if len(arguments) > 2:
        rest.append(lowering.as_type(lowering.value(arguments[2]), typed.type))
    return f"{name.lower()}({', '.join([lowering.untyped(typed), *rest])})", typed.type


# The aggregates that SQLite does not have, usable as window functions too.


class _Window:
    """add and remove one value; give the result at any moment."""

    def __init__(self) -> None:
        self.count = 0

    def step(self, value: Any) -> None:
        if value is not None:
            self.count += 1
            self.add(value)

    def inverse(self, value: Any) -> None:
        if value is not None:
            self.count -= 1
            self.remove(value)

    def add(self, value: Any) -> None:
        raise NotImplementedError

    def remove(self, value: Any) -> None:
        raise NotImplementedError

    def value(self) -> Any:
        return self.result() if self.count else None

    final = value

    def result(self) -> Any:
        raise NotImplementedError


class WholeSum(_Window):
    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def add(self, value: int) -> None:
        self.total += value

    def remove(self, value: int) -> None:
        self.total -= value

    def result(self) -> int:
        if not -(2**63) <= self.total < 2**63:
            raise pg_error(-400, "Fatal error occurred: <MAXNUMBER>", text="bigint out of range", state="22003")
        return self.total


class Sum(_Window):
    def __init__(self) -> None:
        super().__init__()
        self.total = Decimal(0)

    def add(self, value: Any) -> None:
        self.total = decimals.CONTEXT.add(self.total, decimals.as_decimal(value))

    def remove(self, value: Any) -> None:
        self.total = decimals.CONTEXT.subtract(self.total, decimals.as_decimal(value))

    def result(self) -> str:
        return decimals.canonical(decimals.fitting(self.total))


class Average(Sum):
    def result(self) -> str:
        return decimals.canonical(decimals.fitting(decimals.DIVISION.divide(self.total, Decimal(self.count))))


class Extreme(_Window):
    largest = True

    def __init__(self) -> None:
        super().__init__()
        self.values: list[str] = []

    def step(self, value: Any) -> None:
        super().step(value)

    def add(self, value: str) -> None:
        self.values.append(value)
        if len(self.values) > 1024 and not self.removed:
            self.values = [self.result()]

    removed = False

    def remove(self, value: str) -> None:
        self.removed = True
        self.values.remove(value)

    def result(self) -> str:
        return (max if self.largest else min)(self.values, key=decimals.as_decimal)


class Smallest(Extreme):
    largest = False


class Spread(_Window):
    """Welford's method, which runs backwards as well."""

    sample = True
    root = False

    def __init__(self) -> None:
        super().__init__()
        self.mean = self.squares = 0.0

    def add(self, value: float) -> None:
        change = value - self.mean
        self.mean += change / self.count
        self.squares += change * (value - self.mean)

    def remove(self, value: float) -> None:
        if not self.count:
            self.mean = self.squares = 0.0
            return
        before = self.mean
        self.mean += (self.mean - value) / self.count
        self.squares -= (value - before) * (value - self.mean)

    def result(self) -> float | None:
        divisor = self.count - self.sample
        if divisor < 1:
            return 0.0 if self.sample else None
        variance = max(self.squares, 0.0) / divisor
        return float(variance**0.5 if self.root else variance)


def _spread(sample: bool, root: bool) -> type[Spread]:
    return type("Spread", (Spread,), {"sample": sample, "root": root})


class Listed(_Window):
    """LIST: values joined by commas."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[str] = []

    def add(self, value: str) -> None:
        self.items.append(value)

    def remove(self, value: str) -> None:
        self.items.remove(value)

    def result(self) -> str:
        return ",".join(self.items)


class JsonArray(Listed):
    def result(self) -> str:
        return f"[{','.join(values.json_text(item) for item in self.items)}]"


def register(db: apsw.Connection) -> None:
    for name, aggregate in (
        ("whole_sum", WholeSum),
        ("sum", Sum),
        ("avg", Average),
        ("max_of", Extreme),
        ("min_of", Smallest),
        ("stddev_samp", _spread(True, True)),
        ("stddev_pop", _spread(False, True)),
        ("var_samp", _spread(True, False)),
        ("var_pop", _spread(False, False)),
        ("list", Listed),
        ("json_arrayagg", JsonArray),
    ):
        db.create_window_function(f"iris_{name}", aggregate, 1)
