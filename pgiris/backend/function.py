"""Function: one in PostgreSQL's SQL, whose calls are written out where they stand (sql/functioncalls.py); notes.py keeps it.

PostgreSQL: sql-createfunction, xfunc-sql
"""

from __future__ import annotations

import msgspec

from pgiris.types.iristypes import from_noted
from pgiris.types.routines import FunctionMeta, ParameterMeta, RoutineMeta


class Parameter(msgspec.Struct, frozen=True):
    """mode, default: as ParameterMeta. type: as noted_type() names it."""

    name: str
    type: str
    mode: str = "IN"
    default: str = ""


class Function(msgspec.Struct, frozen=True):
    """schema: IRIS's name. result: a type, as noted_type() names it."""

    schema: str
    name: str
    parameters: tuple[Parameter, ...]
    result: str
    body: str
    about: FunctionMeta

    @property
    def signature(self) -> tuple[str, ...]:
        return tuple(p.type for p in self.parameters if p.mode == "IN")

    def known(self, namespace: str) -> RoutineMeta:
        parameters = tuple(ParameterMeta(p.name, p.mode, from_noted(p.type, namespace), -1, p.default) for p in self.parameters)
        result = from_noted(self.result, namespace)
        return RoutineMeta(self.schema, self.name, False, result, True, self.body, parameters, self.about)
