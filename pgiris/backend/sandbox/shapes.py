"""Shapes of functions: what their arguments are and what comes out, each a factory of Function.

A name that starts with ``iris_`` in the SQL is a Python function of scalars.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris.backend.sandbox.iristypes import (
    BIGINT,
    DOUBLE,
    NUMERIC,
    STRING,
    IrisType,
    Kind,
)
from pgiris.backend.sandbox.typed import Typed
from pgiris.errors import not_supported

if TYPE_CHECKING:
    from pgiris.backend.sandbox.lower_values import LowerValues

Arguments = list[exp.Expr]
Lower = Callable[["LowerValues", Arguments], Typed]


@dataclass(frozen=True)
class Function:
    least: int
    most: int
    lower: Lower


def strings(template: str, type_: IrisType = STRING, count: int = 1, most: int | None = None) -> Function:
    """All arguments are strings."""

    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        return Typed(f"{template}({', '.join(lower.text(argument) for argument in arguments)})", type_)

    return Function(count, most or count, build)


def mixed(template: str, shape: str, type_: IrisType = STRING, least: int | None = None) -> Function:
    """shape: one letter for each argument: s string, i whole number, n exact number, d double."""

    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        parts = [argument(lower, letter, node) for letter, node in zip(shape, arguments, strict=False)]
        return Typed(f"{template}({', '.join(parts)})", type_)

    return Function(len(shape) if least is None else least, len(shape), build)


_NUMBERS = {"n": NUMERIC, "d": DOUBLE}


def argument(lower: LowerValues, letter: str, node: exp.Expr) -> str:
    if letter == "s":
        return lower.text(node)
    return lower.whole(node) if letter == "i" else lower.as_type(lower.value(node), _NUMBERS[letter])


def doubles(name: str, count: int = 1) -> Function:
    return mixed(f"iris_{name}", "d" * count, DOUBLE)


def by_number(whole: str, exact: str, double: str, result: IrisType | None = None) -> Function:
    """One numeric argument; the result has its type unless another is given."""

    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        typed = lower.value(arguments[0])
        if typed.kind in (Kind.INTEGER, Kind.BIT):
            return Typed(whole.format(lower.as_type(typed, BIGINT)), result or BIGINT)
        if typed.kind == Kind.DOUBLE:
            return Typed(double.format(typed.sql), result or DOUBLE)
        return Typed(exact.format(lower.as_type(typed, NUMERIC)), result or NUMERIC)

    return Function(1, 1, build)


def rounding(exact: str, double: str) -> Function:
    """ROUND(x, digits[, flag]), TRUNCATE(x, digits)"""

    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        typed = lower.value(arguments[0])
        digits = lower.whole(arguments[1]) if len(arguments) > 1 else "0"
        name = (exact, double)
        if len(arguments) == 3:
            flag = lower.value(arguments[2])
            if not flag.is_literal:
                raise not_supported("the sandbox takes only a literal as third argument of ROUND")
            name = (exact, double) if flag.literal == 0 else ("iris_truncate", "iris_double_truncate")
        if typed.kind == Kind.DOUBLE:
            return Typed(f"{name[1]}({typed.sql}, {digits})", DOUBLE)
        result = f"{name[0]}({lower.as_type(typed, NUMERIC)}, {digits})"
        return Typed(result, NUMERIC)

    return Function(1, 3, build)


def alternatives(template: str, least: int, most: int = 1000) -> Function:
    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        parts, type_ = lower.alternatives([lower.value(argument) for argument in arguments], template)
        return Typed(f"{template}({', '.join(parts)})", type_)

    return Function(least, most, build)


def plain(sql: str, type_: IrisType) -> Function:
    return Function(0, 0, lambda lower, arguments: Typed(sql, type_))
