"""Routines: what is known of procedures and functions: IRIS's own, and those in SQL that pgiris keeps (backend/function.py).

PostgreSQL: catalog-pg-proc
"""

from __future__ import annotations

import msgspec

from pgiris.types.codec import Oid
from pgiris.types.table import type_name


class ParameterMeta(msgspec.Struct, frozen=True, array_like=True):
    """mode: ``IN``, ``OUT``, ``INOUT``, or ``TABLE`` for a column of RETURNS TABLE. default: PostgreSQL's SQL."""

    name: str
    mode: str
    oid: int
    typmod: int = -1
    default: str = ""


class FunctionMeta(msgspec.Struct, frozen=True):
    """Of a function in PostgreSQL's SQL. number: of this function for good. form: how its body was written: ``return``,
    ``atomic``, or "" for a string. volatility, parallel: as pg_proc has them. rows: an estimate, 0 when it returns no set."""

    number: int
    form: str = ""
    volatility: str = "v"
    strict: bool = False
    leakproof: bool = False
    parallel: str = "u"
    cost: float = 100
    rows: float = 0
    returns_set: bool = False
    comment: str = ""


class RoutineMeta(msgspec.Struct, frozen=True, array_like=True):
    """schema: IRIS's name. procedure: one of a query; else a function. result: OID, 0 for none. sql: whether its body is a
    query, the text. function: of those that pgiris keeps."""

    schema: str
    name: str
    procedure: bool
    result: int
    sql: bool
    text: str = ""
    parameters: tuple[ParameterMeta, ...] = ()
    function: FunctionMeta | None = None

    @property
    def inputs(self) -> tuple[ParameterMeta, ...]:
        return tuple(p for p in self.parameters if p.mode in ("IN", "INOUT"))

    @property
    def argument_types(self) -> str:
        """As regprocedure shows them."""
        return ",".join(type_name(Oid(p.oid)) for p in self.inputs)

    @property
    def signature(self) -> tuple[int, ...]:
        """What tells it from others of its name."""
        return tuple(p.oid for p in self.inputs)
