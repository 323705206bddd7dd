"""Row sets: functions that return rows.

("f", "row_set", text, -1, specification, argument...) gives all rows as a JSON array of objects, whose members c1, c2 ... are the
columns as texts, which IRIS reads by JSON_TABLE; the specification is a constant (Specification as JSON). Several functions
stand side by side as in ROWS FROM: the shorter ones are filled with NULLs.
PostgreSQL: functions-srf, queries-table-expressions#QUERIES-TABLEFUNCTIONS. iris-reference 4.22 (JSON_TABLE), 5.2
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import msgspec

from pgiris import sqlstate
from pgiris.compute import documents, jsonpath, patterns, strings
from pgiris.compute.arrays import made
from pgiris.compute.casts import read
from pgiris.compute.native import flattened, outward
from pgiris.compute.registry import ANYARRAY, Compute, find, type_of
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Context, Oid, Value
from pgiris.types.interval import Interval
from pgiris.types.rows import UNBOUNDED, require_held
from pgiris.types.table import TYPES, type_name

LONGEST = 3_641_144  # characters of a string in IRIS. iris-reference 5.2
Run = Callable[[Sequence[Value], Sequence[Value]], Any]


@dataclass(frozen=True)
class RowFunction:
    """columns: (name, type) of each; the only one of a function without named results has no name.

    run: natives -> rows, a tuple for each, or a native where there is one column.
    """

    name: str
    arguments: tuple[Oid, ...]
    columns: tuple[tuple[str, Oid], ...]
    run: Compute
    context: bool = False
    nulls: bool = False


ROW_SETS: dict[str, list[RowFunction]] = {}


def row_function(*signatures: str, context: bool = False, nulls: bool = False) -> Callable[[Compute], Compute]:
    """``name(type, ...) type`` or ``name(type, ...) column type, ...``"""

    def register(run: Compute) -> Compute:
        for text in signatures:
            head, _, results = text.partition(") ")
            name, _, arguments = head.partition("(")
            types = tuple(type_of(word.strip()) for word in arguments.split(",") if word.strip())
            columns = []
            for result in results.split(","):
                label, _, word = result.strip().rpartition(" ")
                columns.append((label, type_of(word)))
            ROW_SETS.setdefault(name, []).append(RowFunction(name, types, tuple(columns), run, context, nulls))
        return run

    return register


class Specification(msgspec.Struct):
    """functions: name and number of arguments of each. types: of all columns. record: name and typmod of a record's columns."""

    functions: list[tuple[str, int]]
    types: list[int]
    ordinality: bool = False
    record: list[tuple[str, int]] = []


def build(runs: list[Run], types: tuple[Oid, ...], oid: Oid, typmod: int, context: Context) -> Run:
    """As program.py's constructs."""
    constant, *arguments = runs
    plan = msgspec.json.decode(constant((), ()), type=Specification)
    rows = _rows_of(plan, types[1:], context)

    def run(values: Sequence[Value], row: Sequence[Value]) -> str:
        return as_json(rows([argument(values, row) for argument in arguments]), plan.types)

    return run


def build_rows(runs: list[Run], types: tuple[Oid, ...], oid: Oid, typmod: int, context: Context) -> Run:
    """("f", "rows", ...) gives the rows themselves, as lists of values."""
    constant, *arguments = runs
    plan = msgspec.json.decode(constant((), ()), type=Specification)
    rows, converts = _rows_of(plan, types[1:], context), [outward(Oid(column)) for column in plan.types]

    def run(values: Sequence[Value], row: Sequence[Value]) -> list[list[Value]]:
        return [
            [None if cell is None else convert(cell) for convert, cell in zip(converts, found, strict=True)]
            for found in rows([argument(values, row) for argument in arguments])
        ]

    return run


def _rows_of(plan: Specification, types: Sequence[Oid], context: Context) -> Callable[[list[Any]], Iterator[Sequence[Any]]]:
    """A function of the arguments' natives, which gives rows of natives."""
    parts: list[tuple[RowFunction, int, int]] = []
    at = 0
    for name, count in plan.functions:
        parts.append((chosen(name, tuple(types[at : at + count])), at, at + count))
        at += count

    def rows(natives: list[Any]) -> Iterator[Sequence[Any]]:
        sets = [_called(function, natives[start:end], plan, context) for function, start, end in parts]
        widths = [len(function.columns) for function, _, _ in parts]
        for place, found in enumerate(zip_longest(*sets), 1):
            row: list[Any] = []
            for cells, width in zip(found, widths, strict=True):
                row += [None] * width if cells is None else cells
            yield [*row, place] if plan.ordinality else row

    return rows


def chosen(name: str, types: tuple[Oid, ...]) -> RowFunction:
    for candidate in ROW_SETS[name]:
        pairs = zip(candidate.arguments, types, strict=False)
        if len(candidate.arguments) == len(types) and all(wanted in (ANYARRAY, given) for wanted, given in pairs):
            return candidate
    raise AssertionError(f"no row function {name} of these types")


def _called(function: RowFunction, natives: list[Any], plan: Specification, context: Context) -> Iterable[Sequence[Any]]:
    """NULL in, no rows out, but for functions that take NULLs."""
    if not function.nulls and any(native is None for native in natives):
        return ()
    if plan.record:
        return _records(natives[0], plan, context)
    found = function.run(context, *natives) if function.context else function.run(*natives)
    return ([cell] for cell in found) if len(function.columns) == 1 else found


def as_json(rows: Iterable[Sequence[Any]], types: Sequence[int]) -> str:
    """Raises 54000 when there are more rows than a text of IRIS holds."""
    columns = [(f"c{place}", cell_of(Oid(oid))) for place, oid in enumerate(types, 1)]
    parts: list[bytes] = []
    length = 2
    for row in rows:
        pairs = zip(columns, row, strict=True)
        cells = {name: None if cell is None else convert(cell) for (name, convert), cell in pairs}
        parts.append(msgspec.json.encode(cells))
        length += len(parts[-1]) + 1
        if length > LONGEST:
            raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, "a set of rows is larger than IRIS can take")
    return "[" + b",".join(parts).decode() + "]"


def cell_of(oid: Oid) -> Callable[[Any], str]:
    """native -> the text of which IRIS casts the value. It raises PgError 0A000 for NaN and infinities of numbers."""
    if oid == oids.BOOL:
        return lambda native: "1" if native else "0"
    convert = outward(oid)
    if oid in UNBOUNDED:
        return lambda native: str(require_held(convert(native), oid))
    return lambda native: str(convert(native))


# generate_series


def _check_step(is_zero: bool) -> None:
    if is_zero:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "step size cannot equal zero")


@row_function(
    "generate_series(int4, int4) int4",
    "generate_series(int4, int4, int4) int4",
    "generate_series(int8, int8) int8",
    "generate_series(int8, int8, int8) int8",
)
def _integers(start: int, stop: int, step: int = 1) -> Iterable[int]:
    _check_step(not step)
    return range(start, stop + (1 if step > 0 else -1), step)


@row_function("generate_series(numeric, numeric) numeric", "generate_series(numeric, numeric, numeric) numeric")
def _numbers(start: Decimal, stop: Decimal, step: Decimal = Decimal(1)) -> Iterator[Decimal]:
    _check_step(not step)
    while start <= stop if step > 0 else start >= stop:
        yield start
        start += step


def _moments_by(oid: Oid) -> Compute:
    def run(context: Context, start: int, stop: int, step: Interval) -> Iterator[int]:
        size = (step.months * 30 + step.days) * 86_400_000_000 + step.us
        _check_step(not size)
        add = find("+", (oid, oids.INTERVAL))
        assert add is not None
        while start <= stop if size > 0 else start >= stop:
            yield start
            start = add.run(context, start, step) if add.context else add.run(start, step)

    return run


for _name, _oid in (("timestamp", oids.TIMESTAMP), ("timestamptz", oids.TIMESTAMPTZ)):
    row_function(f"generate_series({_name}, {_name}, interval) {_name}", context=True)(_moments_by(_oid))


# Arrays and texts


@row_function("unnest(anyarray) anyelement")
def _unnest(items: list[Any]) -> Iterable[Any]:
    return flattened(items)


@row_function("generate_subscripts(anyarray, int4) int4")
def _subscripts(items: list[Any], dimension: int) -> Iterable[int]:
    for _ in range(dimension - 1):
        items = items[0] if items and isinstance(items[0], list) else []
    return range(1, len(items) + 1 if dimension > 0 else 1)


@row_function("regexp_split_to_table(text, text) text", "regexp_split_to_table(text, text, text) text")
def _split(text: str, pattern: str, flags: str = "") -> Iterable[str]:
    return patterns.split(text, pattern, flags, "regexp_split_to_table")


@row_function("regexp_matches(text, text) text[]", "regexp_matches(text, text, text) text[]")
def _matches(text: str, pattern: str, flags: str = "") -> Iterator[list[str | None]]:
    for found in patterns.exact(pattern, flags).finditer(text):
        yield list(found.groups()) if found.re.groups else [found[0]]
        if "g" not in flags:
            return


@row_function("string_to_table(text, text) text", "string_to_table(text, text, text) text", nulls=True)
def _string_to_table(text: str | None, delimiter: str | None, null: str | None = None) -> Iterable[str | None]:
    return strings.split(text, delimiter, null) or ()


# JSON


def _checked_array(text: str) -> Iterator[str]:
    what = documents.sort(text)
    if what != "array":
        noun = "an object" if what == "object" else "a scalar"
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"cannot extract elements from {noun}")
    return documents.elements(text)


def _checked_object(text: str, doing: str) -> Iterator[tuple[str, str]]:
    what = documents.sort(text)
    if what != "object":
        noun = "an array" if what == "array" else "a scalar" if doing == "keys" else "a non-object"
        message = f"cannot call json{doing} on {noun}"
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
    return documents.members(text)


def _members(text: str) -> Iterator[tuple[str, str]]:
    return _checked_object(text, "_each")


for _type in ("json", "jsonb"):
    row_function(f"{_type}_array_elements({_type}) value {_type}")(_checked_array)
    row_function(f"{_type}_array_elements_text({_type}) value text")(
        lambda text: (documents.as_text(piece) for piece in _checked_array(text))
    )
    row_function(f"{_type}_each({_type}) key text, value {_type}")(_members)
    row_function(f"{_type}_each_text({_type}) key text, value text")(
        lambda text: ((key, documents.as_text(piece)) for key, piece in _members(text))
    )
    row_function(f"{_type}_object_keys({_type}) text")(lambda text: (key for key, _ in _checked_object(text, "_object_keys")))
    row_function(f"{_type}_to_recordset({_type}) record text", f"{_type}_to_record({_type}) record text")(lambda text: ())


row_function(*(f"jsonb_path_query({types}) jsonb" for types in jsonpath.ARGUMENTS))(jsonpath.path_query)
row_function(*(f"jsonb_path_query_tz({types}) jsonb" for types in jsonpath.ARGUMENTS), context=True)(
    jsonpath.in_session_zone(jsonpath.path_query)
)


def _records(text: str, plan: Specification, context: Context) -> Iterator[Sequence[Any]]:
    """The rows of an array of objects, or of one object, by the names of the columns."""
    name = plan.functions[0][0]
    pairs = zip(plan.types, plan.record, strict=False)  # WITH ORDINALITY has a type more
    cells = [(label, _cell_reader(Oid(oid), typmod, context)) for oid, (label, typmod) in pairs]
    for piece in _objects(text, name):
        yield [cell(label, documents.member(piece, label)) for label, cell in cells]


def _objects(text: str, name: str) -> list[str]:
    what = documents.sort(text)
    noun = {"array": "an array", "object": "an object"}.get(what, "a scalar")
    if name.endswith("_to_record"):
        if what != "object":
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"cannot call populate_composite on {noun}")
        return [text]
    if what != "array":
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"cannot call {name} on {'a non-array' if name[4] == 'b' else noun}")
    pieces = list(documents.elements(text))
    if any(documents.sort(piece) != "object" for piece in pieces):
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"argument of {name} must be an array of objects")
    return pieces


def _cell_reader(oid: Oid, typmod: int, context: Context) -> Callable[[str, str | None], Any]:
    """The native of a member by its name. PostgreSQL: populate_record_field"""
    row = TYPES[oid]
    if row.is_array:
        element = _cell_reader(row.element, typmod, context)
        return lambda label, piece: _array_of(label, piece, element, read(oid, context))
    convert = read(oid, context)
    longest = typmod - 4 if typmod >= 0 and oid in (oids.VARCHAR, oids.BPCHAR) else None

    def cell(label: str, piece: str | None) -> Any:
        if piece is None or documents.sort(piece) == "null":
            return None
        if oid in (oids.JSON, oids.JSONB):
            return convert(piece)
        text = documents.as_text(piece)
        if longest is not None and text is not None and len(text.rstrip(" ")) > longest:
            message = f"value too long for type {type_name(oid, typmod)}"
            raise PgError(sqlstate.STRING_DATA_RIGHT_TRUNCATION, message)
        return None if text is None else convert(text)

    return cell


def _array_of(label: str, piece: str | None, element: Callable[[str, str | None], Any], of_text: Callable[[str], Any]) -> Any:
    """JSON arrays within arrays are further dimensions; a string is an array's text."""
    if piece is None or documents.sort(piece) == "null":
        return None
    what = documents.sort(piece)
    if what == "string":
        return of_text(documents.as_text(piece) or "")
    if what != "array":
        hint = f'See the value of key "{label}".'
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, "expected JSON array", hint=hint)
    pieces = list(documents.elements(piece))
    is_deep = bool(pieces) and all(documents.sort(one) == "array" for one in pieces)
    return made([_array_of(label, one, element, of_text) if is_deep else element(label, one) for one in pieces])
