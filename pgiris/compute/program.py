"""Program: an expression as nested tuples, which travel in frames, and the Python function made of them.

    ("v", oid, index)             a value of the statement's list: parameter, literal, session value
    ("c", oid, index, scale)      a column of the row at hand; scale: decimals of a numeric, -1 where values tell
    ("g", oid, index, scale)      a cell of the gathered row at hand (gathered.py)
    ("k", oid, text)              a constant in text format, None for NULL
    ("f", name, oid, typmod, args...)   a function, an operator or a construct of the table below

Arguments have the types that the function takes: casts are written out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from pgiris.compute import (
    arrays,
    casts,
    comparisons,
    degrees,
    digests,
    documents,
    drawing,
    enums,
    formats,
    gathered,
    inner,
    jsonpath,
    moment_texts,
    moments,
    networks,
    number_formats,
    numbers,
    patterns,
    places,
    powers,
    records,
    rowsets,
    sparsevecs,
    strings,
    uuids,
    vectors,
    zoned_times,
)
from pgiris.compute.native import flattened, inward, outward
from pgiris.compute.registry import find
from pgiris.errors import not_supported
from pgiris.types.array import CANONICAL
from pgiris.types.codec import Context, Oid, Value
from pgiris.types.rows import Column, decoder
from pgiris.types.table import type_name

Program = Sequence[Any]
Row = Sequence[Value]
Run = Callable[[Row, Row], Any]  # (values, row) -> native

# Modules whose functions register themselves.
LIBRARY = (
    arrays,
    casts,
    comparisons,
    degrees,
    digests,
    documents,
    drawing,
    enums,
    formats,
    gathered,
    jsonpath,
    moment_texts,
    moments,
    networks,
    number_formats,
    numbers,
    patterns,
    places,
    powers,
    records,
    strings,
    uuids,
    sparsevecs,
    vectors,
    zoned_times,
)


def oid_of(program: Program) -> Oid:
    return Oid(program[2] if program[0] == "f" else program[1])


def moved(program: Program, by: int) -> Program:
    """The same of other values, so many places behind."""
    if program[:1] == ("v",):
        return ("v", program[1], program[2] + by)
    return tuple(moved(part, by) if type(part) is tuple else part for part in program)


def columns_of(programs: Sequence[Program]) -> tuple[Column, ...]:
    """The columns of the rows that programs take."""
    found: dict[int, Oid] = {}

    def visit(program: Program) -> None:
        if program[0] == "c":
            found[program[2]] = Oid(program[1])
        elif program[0] == "f":
            for argument in program[4:]:
                visit(argument)

    for program in programs:
        visit(program)
    return tuple(Column("", found.get(index, Oid(0))) for index in range(max(found, default=-1) + 1))


def is_known(name: str, arguments: tuple[Oid, ...]) -> bool:
    """Whether there is such a function or construct."""
    return name in _CONSTRUCTS or find(name, arguments) is not None


def compiled(program: Program, context: Context) -> Callable[[Row, Row], Value]:
    """A function of the statement's values and a row, which gives a value. Raises what PostgreSQL raises."""
    if program[0] == "c" and program[3] < 0:
        return _taken(program[2])
    run, convert = _compile(program, context), outward(oid_of(program))

    def value(values: Row, row: Row) -> Value:
        native = run(values, row)
        return None if native is None else convert(native)

    return value


def _taken(index: int) -> Callable[[Row, Row], Value]:
    """A column as the backend gives it."""
    return lambda values, row: row[index]


def _compile(program: Program, context: Context) -> Run:
    return _NODES[program[0]](program, context)


def _value(program: Program, context: Context) -> Run:
    index, convert = program[2], inward(Oid(program[1]))

    def run(values: Row, row: Row) -> Any:
        value = values[index]
        return None if value is None else convert(value)

    return run


def _column(program: Program, context: Context) -> Run:
    index, scale, convert = program[2], program[3], inward(Oid(program[1]))

    def run(values: Row, row: Row) -> Any:
        value = row[index]
        return None if value is None else convert(value)

    if scale < 0:
        return run
    unit = Decimal(1).scaleb(-scale)

    def padded(values: Row, row: Row) -> Any:
        native = run(values, row)
        return None if native is None else numbers.quantized(native, unit)

    return padded


def _constant(program: Program, context: Context) -> Run:
    oid, text = Oid(program[1]), program[2]
    native = None if text is None else inward(oid)(decoder(oid, 0, CANONICAL)(text.encode()))
    return lambda values, row: native


def _call(program: Program, context: Context) -> Run:
    _, name, oid, typmod, *arguments = program
    runs = [_compile(argument, context) for argument in arguments]
    types = tuple(oid_of(argument) for argument in arguments)
    construct = _CONSTRUCTS.get(name)
    if construct is not None:
        return construct(runs, types, Oid(oid), typmod, context)
    found = find(name, types)
    if found is None:
        raise not_supported(f"function {name} is not supported here")
    function = found.run
    if found.typed:
        typed = function
        function = lambda *natives: typed(types, *natives)  # noqa: E731
    if found.context:
        inner = function
        if found.typed:
            typed_too = found.run
            inner = lambda first, *natives: typed_too(first, types, *natives)  # noqa: E731
        function = lambda *natives: inner(context, *natives)  # noqa: E731
    return _applied(function, runs, found.nulls)


def _applied(function: Callable[..., Any], runs: list[Run], nulls: bool) -> Run:
    if nulls:
        return lambda values, row: function(*[run(values, row) for run in runs])
    if len(runs) == 1:
        only = runs[0]

        def one(values: Row, row: Row) -> Any:
            native = only(values, row)
            return None if native is None else function(native)

        return one

    def strict(values: Row, row: Row) -> Any:
        natives = [run(values, row) for run in runs]
        for native in natives:
            if native is None:
                return None
        return function(*natives)

    return strict


Types = tuple[Oid, ...]


def _and(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
    def run(values: Row, row: Row) -> Any:
        found: bool | None = True
        for part in runs:
            truth = part(values, row)
            if truth is False:
                return False
            if truth is None:
                found = None
        return found

    return run


def _or(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
    def run(values: Row, row: Row) -> Any:
        found: bool | None = False
        for part in runs:
            truth = part(values, row)
            if truth is True:
                return True
            if truth is None:
                found = None
        return found

    return run


def _case(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
    """Conditions and results by turns, the default last."""
    pairs, default = list(zip(runs[:-1:2], runs[1::2], strict=False)), runs[-1]

    def run(values: Row, row: Row) -> Any:
        for condition, result in pairs:
            if condition(values, row) is True:
                return result(values, row)
        return default(values, row)

    return run


def _coalesce(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
    def run(values: Row, row: Row) -> Any:
        for part in runs:
            native = part(values, row)
            if native is not None:
                return native
        return None

    return run


def _is_null(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
    (inner,) = runs
    return lambda values, row: inner(values, row) is None


def _is_true(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
    (inner,) = runs
    return lambda values, row: inner(values, row) is True


def _is_false(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
    (inner,) = runs
    return lambda values, row: inner(values, row) is False


def _not(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
    (inner,) = runs

    def run(values: Row, row: Row) -> Any:
        truth = inner(values, row)
        return None if truth is None else not truth

    return run


def _extreme(sign: int) -> Callable[..., Run]:
    def build(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
        compare = comparisons.comparer(oid)

        def run(values: Row, row: Row) -> Any:
            best = None
            for part in runs:
                native = part(values, row)
                if native is not None and (best is None or sign * compare(native, best) > 0):
                    best = native
            return best

        return run

    return build


def _nullif(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
    """The first argument, and whether both are equal."""
    first, equal = runs
    return lambda values, row: None if equal(values, row) is True else first(values, row)


def _array(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
    return lambda values, row: arrays.made([run(values, row) for run in runs])


def _cast(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
    return _applied(casts.converter(types[0], oid, typmod, context), runs, False)


def _quantified(is_all: bool) -> Callable[..., Run]:
    """(left, array): a comparison, named by typmod's place in comparisons.SYMBOLS, with the elements."""

    def build(runs: list[Run], types: Types, oid: Oid, typmod: int, context: Context) -> Run:
        left, right = runs
        compare = comparisons.comparer(types[0])
        test = comparisons.TESTS[comparisons.SYMBOLS[typmod]]

        def run(values: Row, row: Row) -> Any:
            items = right(values, row)
            if items is None:
                return None
            native = left(values, row)
            found: bool | None = is_all
            for item in flattened(items):
                if native is None or item is None:
                    found = None
                elif test(compare(native, item)) is not is_all:
                    return not is_all
            return found

        return run

    return build


_CONSTRUCTS: dict[str, Callable[..., Run]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "case": _case,
    "coalesce": _coalesce,
    "nullif": _nullif,
    "greatest": _extreme(1),
    "least": _extreme(-1),
    "is null": _is_null,
    "is true": _is_true,
    "is false": _is_false,
    "array": _array,
    "cast": _cast,
    "gathered": gathered.build,
    "aggregate": gathered.build_aggregate,
    "inner": inner.build,
    "row_set": rowsets.build,
    "rows": rowsets.build_rows,
    "any": _quantified(False),
    "all": _quantified(True),
}
_NODES: dict[str, Callable[[Program, Context], Run]] = {"v": _value, "c": _column, "g": _column, "k": _constant, "f": _call}


def described(program: Program) -> str:
    """For people: ``upper($1)``, ``cast(column 2 as integer)``. $n counts all values of the statement."""
    match program[0]:
        case "v":
            return f"${program[2] + 1}"
        case "c":
            return f"column {program[2] + 1}"
        case "g":
            return f"cell {program[2] + 1}"
        case "k":
            return "NULL" if program[2] is None else repr(program[2])
    _, name, oid, typmod, *arguments = program
    texts = [described(argument) for argument in arguments]
    if name == "cast":
        return f"cast({texts[0]} as {type_name(Oid(oid), typmod)})"
    if len(texts) == 2 and not name[0].isalpha():
        return f"({texts[0]} {name} {texts[1]})"
    return f"{name}({', '.join(texts)})"
