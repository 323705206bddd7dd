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
    """schema: IRIS's name. result: a type, as noted_type() names it. The others as FunctionMeta."""

    schema: str
    name: str
    number: int
    parameters: tuple[Parameter, ...]
    result: str
    body: str
    form: str = ""
    volatility: str = "v"
    strict: bool = False
    leakproof: bool = False
    parallel: str = "u"
    cost: float = 100
    rows: float = 0
    returns_set: bool = False
    comment: str = ""

    @property
    def signature(self) -> tuple[str, ...]:
        return tuple(p.type for p in self.parameters if p.mode == "IN")

    def known(self, namespace: str) -> RoutineMeta:
        parameters = tuple(ParameterMeta(p.name, p.mode, from_noted(p.type, namespace), -1, p.default) for p in self.parameters)
        about = FunctionMeta(
            self.number, self.form, self.volatility, self.strict, self.leakproof, self.parallel, self.cost, self.rows,
            self.returns_set, self.comment,
        )  # fmt: skip
        return RoutineMeta(self.schema, self.name, False, from_noted(self.result, namespace), True, self.body, parameters, about)
