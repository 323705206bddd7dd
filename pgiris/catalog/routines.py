"""Rows of the catalog for IRIS's procedures and functions, and for the functions in SQL that pgiris keeps.

PostgreSQL: catalog-pg-proc
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from pgiris.catalog import dynamic
from pgiris.catalog.dynamic import Dynamic
from pgiris.catalog.objectnames import quote_ident
from pgiris.catalog.rows import NAMESPACES, TYPES, Row, Surroundings, depend
from pgiris.catalog.texts import type_reference
from pgiris.errors import PgError
from pgiris.sql import deparse
from pgiris.sql.postgres import Unparsable, parse
from pgiris.types import enums, objects, oids
from pgiris.types.codec import Context, Oid
from pgiris.types.objects import Name
from pgiris.types.routines import FunctionMeta, ParameterMeta, RoutineMeta

ROUTINES = 1255  # OID of pg_proc
SQL_LANGUAGE = 14
IRIS_LANGUAGE = 9721  # ours, as METHODS in system.py: of what is no query, ObjectScript, Python ..., of which IRIS does not tell
_MODES = {"IN": "i", "OUT": "o", "INOUT": "b", "TABLE": "t"}
_IRIS = FunctionMeta(0)  # nothing is known of its own


def routine_rows(routines: Iterable[RoutineMeta], around: Surroundings) -> Iterator[tuple[Dynamic, Row]]:
    listed = tuple(routines)
    if not all(routine.sql for routine in listed):
        yield dynamic.LANGUAGE, (IRIS_LANGUAGE, "iris")
    numbers = objects.assign(objects.ROUTINE, map(_name, listed))
    for routine in listed:
        yield from _rows(routine, numbers[tuple(word.lower() for word in _name(routine))], around)


def _name(routine: RoutineMeta) -> Name:
    """IRIS has one procedure of a name in a schema; a function that pgiris keeps has its number."""
    return (routine.schema, routine.name) if routine.function is None else (str(routine.function.number),)


def _rows(routine: RoutineMeta, oid: Oid, around: Surroundings) -> Iterator[tuple[Dynamic, Row]]:
    about = routine.function or _IRIS
    _, namespace = around.schemas[routine.schema.lower()]
    given = routine.inputs
    modes = [_MODES.get(p.mode, "i") for p in routine.parameters]
    names = [p.name for p in routine.parameters]
    all_in = all(mode == "i" for mode in modes)
    standard, source = _bodies(routine)
    defaults = [(place, text) for place, p in enumerate(routine.parameters, 1) if p.default and (text := _default(p))]
    yield dynamic.ROUTINE, (
        oid, routine.name, namespace, SQL_LANGUAGE if routine.sql else IRIS_LANGUAGE, "p" if routine.procedure else "f",
        len(given), _result(routine, modes), [p.oid for p in given], None if all_in else [p.oid for p in routine.parameters],
        None if all_in else modes, names if any(names) else None, source,
        about.cost, about.rows, about.leakproof, about.strict, about.returns_set, about.volatility, about.parallel,
        len(defaults), ", ".join(text for _, text in defaults) or None, standard,
    )  # fmt: skip
    for place, text in defaults:
        yield dynamic.ARGUMENT_DEFAULT, (oid, place, text)
    shown = [p for p in routine.parameters if p.mode != "TABLE"]
    arguments = _arguments(routine, shown)
    identity = arguments if routine.procedure else _arguments(routine, given, defaults=False)
    yield dynamic.SIGNATURE, (oid, arguments, identity, None if routine.procedure else _shown_result(routine, modes))
    if standard is not None:
        yield dynamic.DEFINITION, (ROUTINES, oid, standard)
    if about.comment:
        yield dynamic.DESCRIPTION, (oid, ROUTINES, 0, about.comment)
    yield depend(ROUTINES, oid, 0, NAMESPACES, namespace, 0, "n")
    for number in {p.oid for p in routine.parameters} | {routine.result}:
        if enums.find(Oid(number)) is not None:
            yield depend(ROUTINES, oid, 0, TYPES, number, 0, "n")


def _result(routine: RoutineMeta, modes: Sequence[str]) -> int:
    """Parameters that go out are a function's result, as PostgreSQL has it."""
    out = [parameter.oid for parameter, mode in zip(routine.parameters, modes, strict=True) if mode != "i"]
    if routine.result and (not out or routine.function is not None):
        return routine.result
    if not out:
        return int(oids.VOID)
    return int(oids.RECORD) if len(out) > 1 or routine.procedure or routine.result else out[0]


def _shown_result(routine: RoutineMeta, modes: Sequence[str]) -> str:
    columns = [p for p in routine.parameters if p.mode == "TABLE"]
    if columns:
        return f"TABLE({', '.join(f'{quote_ident(p.name)} {type_reference(Oid(p.oid))}' for p in columns)})"
    is_set = routine.function is not None and routine.function.returns_set
    return ("SETOF " if is_set else "") + type_reference(Oid(_result(routine, modes)))


def _arguments(routine: RoutineMeta, parameters: Iterable[ParameterMeta], *, defaults: bool = True) -> str:
    """As pg_get_function_arguments() prints them: IN is said of procedures only."""
    shown = []
    for parameter in parameters:
        mode = f"{parameter.mode} " if routine.procedure or parameter.mode != "IN" else ""
        name = f"{quote_ident(parameter.name)} " if parameter.name else ""
        default = f" DEFAULT {_default(parameter)}" if defaults and parameter.default else ""
        shown.append(f"{mode}{name}{type_reference(Oid(parameter.oid))}{default}")
    return ", ".join(shown)


# What they are made of


def _default(parameter: ParameterMeta) -> str:
    oid = Oid(parameter.oid)
    literal = _item(parameter.default)
    while isinstance(literal, exp.Cast):
        literal = literal.this
    if enums.find(oid) is not None and isinstance(literal, exp.Literal):
        return f"{literal.sql()}::{type_reference(oid)}"
    return _printed(parameter.default, (), oid) or parameter.default


def _bodies(routine: RoutineMeta) -> tuple[str | None, str]:
    """(prosqlbody, prosrc). A body is shown as one in a string where nobody can tell how PostgreSQL would print it."""
    form = routine.function.form if routine.function is not None else ""
    if form != "return":
        return None, routine.text
    printed = _printed(routine.text, routine.inputs, Oid(routine.result))
    return (None, f"SELECT {routine.text}") if printed is None else (f"RETURN {printed}", "")


def _printed(text: str, parameters: Iterable[ParameterMeta], wanted: Oid) -> str | None:
    columns = [(p.name, Oid(p.oid), -1) for p in parameters if p.name]
    item = _item(text)
    try:
        return None if item is None else deparse.value(item, columns, Context(), (wanted, -1)).render(False)
    except (deparse.Unsure, PgError):
        return None


def _item(text: str) -> exp.Expr | None:
    try:
        item: exp.Expr = parse(f"SELECT {text}").expressions[0]
    except (Unparsable, PgError):
        return None
    return item
