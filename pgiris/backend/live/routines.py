"""Routines: IRIS's procedures and functions, as INFORMATION_SCHEMA tells of them.

A method that is projected to SQL is a function, a query that is projected a procedure. iris-reference 9.1, and the class
reference of INFORMATION.SCHEMA.ROUTINES and PARAMETERS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pgiris.types.iristypes import from_iris
from pgiris.types.routines import ParameterMeta, RoutineMeta

ROUTINES = (
    "SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE,"
    " ROUTINE_BODY, ROUTINE_DEFINITION FROM INFORMATION_SCHEMA.ROUTINES"
    " WHERE NOT ROUTINE_SCHEMA %STARTSWITH '%' AND ROUTINE_SCHEMA <> 'INFORMATION_SCHEMA' ORDER BY ROUTINE_SCHEMA, ROUTINE_NAME"
)
PARAMETERS = (
    "SELECT SPECIFIC_SCHEMA, SPECIFIC_NAME, PARAMETER_NAME, PARAMETER_MODE, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH,"
    " NUMERIC_PRECISION, NUMERIC_SCALE FROM INFORMATION_SCHEMA.PARAMETERS"
    " WHERE NOT SPECIFIC_SCHEMA %STARTSWITH '%' AND SPECIFIC_SCHEMA <> 'INFORMATION_SCHEMA' AND ORDINAL_POSITION > 0"
    " ORDER BY SPECIFIC_SCHEMA, SPECIFIC_NAME, ORDINAL_POSITION"
)
IrisType = Callable[[str, Any, Any, Any, Any], str]


def routine(row: Sequence[Any], parameters: Sequence[Sequence[Any]], iris_type: IrisType) -> RoutineMeta:
    """iris_type: makes a DDL type of what INFORMATION_SCHEMA tells of one."""
    schema, name, kind, data_type, length, precision, scale, body, definition = row
    result = from_iris(iris_type(str(data_type), length, precision, scale, None))[0] if data_type else 0
    return RoutineMeta(
        str(schema),
        str(name),
        kind == "PROCEDURE",
        int(result),
        body == "SQL",
        str(definition or ""),
        tuple(_parameter(row, iris_type) for row in parameters),
    )


def _parameter(row: Sequence[Any], iris_type: IrisType) -> ParameterMeta:
    _, _, name, mode, data_type, length, precision, scale = row
    oid, typmod = from_iris(iris_type(str(data_type or "VARCHAR"), length, precision, scale, None))
    return ParameterMeta(str(name or ""), str(mode or "IN").upper(), int(oid), typmod)
