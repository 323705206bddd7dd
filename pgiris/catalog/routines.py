"""Rows of the catalog for IRIS's procedures and functions. PostgreSQL: catalog-pg-proc"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgiris.backend.metadata import ParameterMeta, RoutineMeta
from pgiris.catalog import dynamic
from pgiris.catalog.dynamic import Dynamic
from pgiris.catalog.objectnames import quote_ident
from pgiris.catalog.rows import NAMESPACES, Row, Surroundings, depend
from pgiris.types import objects, oids
from pgiris.types.codec import Oid
from pgiris.types.table import type_name

ROUTINES = 1255  # OID of pg_proc
SQL_LANGUAGE = 14
IRIS_LANGUAGE = 9721  # ours, as METHODS in system.py: of what is no query, ObjectScript, Python ..., of which IRIS does not tell
_MODES = {"IN": "i", "OUT": "o", "INOUT": "b"}


def routine_rows(routines: Iterable[RoutineMeta], around: Surroundings) -> Iterator[tuple[Dynamic, Row]]:
    """IRIS has one procedure of a name in a schema."""
    listed = tuple(routines)
    if not all(routine.sql for routine in listed):
        yield dynamic.LANGUAGE, (IRIS_LANGUAGE, "iris")
    numbers = objects.assign(objects.ROUTINE, ((routine.schema, routine.name) for routine in listed))
    for routine in listed:
        oid = numbers[routine.schema.lower(), routine.name.lower()]
        _, namespace = around.schemas[routine.schema.lower()]
        given = [p for p in routine.parameters if p.mode != "OUT"]
        modes = [_MODES.get(p.mode, "i") for p in routine.parameters]
        names = [p.name for p in routine.parameters]
        all_in = all(mode == "i" for mode in modes)
        yield dynamic.ROUTINE, (
            oid, routine.name, namespace, SQL_LANGUAGE if routine.sql else IRIS_LANGUAGE, "p" if routine.procedure else "f",
            len(given), _result(routine, modes), [p.oid for p in given], None if all_in else [p.oid for p in routine.parameters],
            None if all_in else modes, names if any(names) else None, routine.text,
        )  # fmt: skip
        arguments = _arguments(routine, routine.parameters)
        identity = arguments if routine.procedure else _arguments(routine, given)
        yield dynamic.SIGNATURE, (oid, arguments, identity, None if routine.procedure else _shown_result(routine, modes))
        yield depend(ROUTINES, oid, 0, NAMESPACES, namespace, 0, "n")


def _result(routine: RoutineMeta, modes: list[str]) -> int:
    """Parameters that go out are a function's result, as PostgreSQL has it."""
    out = [parameter.oid for parameter, mode in zip(routine.parameters, modes, strict=True) if mode != "i"]
    if routine.result and not out:
        return routine.result
    if not out:
        return int(oids.VOID)
    return int(oids.RECORD) if len(out) > 1 or routine.procedure or routine.result else out[0]


def _shown_result(routine: RoutineMeta, modes: list[str]) -> str:
    return type_name(Oid(_result(routine, modes)))


def _arguments(routine: RoutineMeta, parameters: Iterable[ParameterMeta]) -> str:
    """As pg_get_function_arguments() prints them: IN is said of procedures only."""
    shown = []
    for parameter in parameters:
        mode = f"{parameter.mode} " if routine.procedure or parameter.mode != "IN" else ""
        name = f"{quote_ident(parameter.name)} " if parameter.name else ""
        shown.append(f"{mode}{name}{type_name(Oid(parameter.oid))}")
    return ", ".join(shown)
